"""One step, one DuckDB query: the only place that builds the SQL of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from shsnor.planning import Plan, Step
from shsnor.rendering.cubes import Cube
from shsnor.rendering.functions import function_statements
from shsnor.rendering.layout import Layout, is_wide
from shsnor.rendering.plan_cubes import cubes_of
from shsnor.rendering.python import PythonStep
from shsnor.rendering.rowwise import batch_sql, cells_sql
from shsnor.rendering.statistics import fold_sql, group_stat_sql, quantifier_sql
from shsnor.rendering.tables import table_sql
from shsnor.rendering.wide import wide_tables
from shsnor.terms import Fold, FunctionTerm, GroupStat, Quantifier, TableValue

__all__ = ["Layout", "cubes_of", "plan_sql", "render_cubes", "render_steps", "wide_tables"]


def render_cubes(cubes: dict[str, Cube]) -> Iterator[tuple[str, str]]:
    """(name, query) of the scans of the fact tables."""
    for name, cube in cubes.items():
        yield from ((f"scan {name}", cube.scan()), (f"cells {name}", cube.cells()), (f"cube {name}", cube.cube()))


def render_steps(plan: Plan, layout: Layout, cubes: dict[str, Cube]) -> Iterator[tuple[str, str | PythonStep]]:
    """(name, query) of every step, stage by stage."""
    by_stage: dict[int, list[tuple[str, str | PythonStep]]] = {}
    done: set[str] = set()
    for step in plan.steps:
        table, term = layout.at[step].table, step.term
        if table in done or step in layout.inline or is_wide(plan, step):  # see `wide_tables`
            continue
        done.add(table)
        if table in layout.batches:
            sql = batch_sql(layout, table, layout.batches[table])
        elif isinstance(term, TableValue):
            sql = table_sql(layout, step, cubes[term.table])
        elif isinstance(term, Quantifier):
            sql = quantifier_sql(layout, step)
        elif isinstance(term, Fold):
            sql = fold_sql(layout, step)
        elif isinstance(term, GroupStat):
            sql = group_stat_sql(layout, step)
        elif isinstance(term, FunctionTerm):
            by_stage.setdefault(step.stage, []).extend(function_statements(layout, step))
            continue
        else:
            sql = cells_sql(layout, step)
        by_stage.setdefault(step.stage, []).append((table, sql))
    for view, parts in layout.views.items():
        # those of table indicators stand already
        stage = max((layout.batches[part][0].stage for part in parts if part in layout.batches), default=-1)
        by_stage.setdefault(stage, []).append((view, layout.view_sql(view)))
    for stage in sorted(by_stage):
        yield from by_stage[stage]


def _described(step: Step, requirement: int | None) -> str:
    """What stands in a printed plan for the numbers of cells, which only the data tell."""
    return f"/* cells of {step.term.item or step.term.path}{'' if requirement is None else f', {requirement}'} */"


def plan_sql(plan: Plan) -> str:
    """All queries of a plan, in order, as text."""
    layout, cubes = Layout(plan), cubes_of(plan)
    wide = [statement for w in wide_tables(layout, cubes) for statement in w.statements(_described)]
    queries = [*render_cubes(cubes), *wide, *render_steps(plan, layout, cubes)]
    return "".join(f"-- {name}\n{sql};\n\n" for name, sql in queries)
