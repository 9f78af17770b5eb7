"""All entities searched at once for where a flag changes as a parameter rises, each with a value of its own.

What the parameter does to an entity it does at the entity's own values: halving these, a few evaluations are enough.
Only what the flag rests on, and itself rests on the parameter, is computed in them, and the search too is DuckDB's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from shsnor.computing import Run
from shsnor.planning import Plan, Step
from shsnor.rendering import Layout, render_steps
from shsnor.rendering.causes import parameters_read
from shsnor.rendering.comparing import VARYING, scalar_sql
from shsnor.rendering.formulas import VALUE
from shsnor.rendering.layout import Columns, roster
from shsnor.rendering.outcome import verdict_text
from shsnor.sql import quote
from shsnor.terms import Leaf

#: The least that two values can differ by: they have nine places.
LEAST = Decimal("0.000000001")


@dataclass(frozen=True, slots=True)
class Turn:
    """What an entity's flag does between the lowest value and the highest.

    left, came   where it leaves `first`, and where it comes to `last`: from a value on, or (True) from just above it
    between      the verdict from the one on to the other
    """

    entity: str
    first: str
    between: str
    last: str
    left: tuple[Decimal, bool]
    came: tuple[Decimal, bool]


class Bisection:
    """The search for one flag, whose every comparison with the parameter is of the entity itself.

    run    what was computed with the parameter's value in force; the search reads its tables
    told   called after each evaluation
    """

    def __init__(self, run: Run, parameter: str, flag: str, told: Callable[[], None]) -> None:
        self.session, self.told = run.session, told
        self.step = run.plan.reported[flag]
        self.roster = roster(run.plan, self.step.term.level)
        plan, moved = replace(run.plan, varying=parameter), _moved_by(run.plan, self.step, parameter)
        self.layout = _beside(run.layout, plan, moved)
        self.statements = [(name, str(sql)) for name, sql in render_steps(replace(plan, steps=moved), self.layout, {})]
        self.leaves = [
            step for step in moved if isinstance(step.term, Leaf) and parameter in parameters_read(step.term)
        ]

    def turns(self, low: Decimal, high: Decimal) -> tuple[dict[str, str], list[Turn]]:
        """Key of an entity -> its verdict at the lowest value; and those that have another at the highest."""
        with self.session.during("compute", VARYING):
            for name, value in (("varied_lowest", low), ("varied_highest", high)):
                self._evaluate(f"SELECT id AS e, {scalar_sql(value)} AS p FROM {self.roster}")
                self._table(name, self._verdicts())
            self._table("varied_probes", self._probes(low, high))
            self._table(
                "varied_brackets",
                "SELECT e, f.w AS first, l.w AS last, l.w AS between_, 0 AS a, most AS b, most FROM varied_lowest f "
                "JOIN varied_highest l USING (e) JOIN (SELECT e, max(place) AS most FROM varied_probes GROUP BY e) USING (e) "
                "WHERE f.w <> l.w",
            )
            self._narrow("w <> first", then="w")
            # who came to the last verdict in one step is found already
            self._table(
                "varied_brackets",
                "SELECT * REPLACE (CASE WHEN between_ = last THEN a ELSE b END AS a, "
                "CASE WHEN between_ = last THEN b ELSE most END AS b), b AS left_ FROM varied_brackets",
            )
            self._narrow("w = last", then="between_")
            lowest = self.session.rows(
                f"SELECT key, w::VARCHAR FROM varied_lowest JOIN {self.roster} ON id = e ORDER BY e"
            )
            return dict(lowest), list(self._found())

    def _found(self) -> Iterator[Turn]:
        rows = self.session.rows(
            "SELECT key, first::VARCHAR, between_::VARCHAR, last::VARCHAR, l.p, l.above, c.p, c.above FROM varied_brackets k "
            "JOIN varied_probes l ON l.e = k.e AND l.place = k.left_ JOIN varied_probes c ON c.e = k.e AND c.place = k.b "
            f"JOIN {self.roster} ent ON ent.id = k.e ORDER BY k.e"
        )
        for entity, first, between, last, left, left_above, came, came_above in rows:
            yield Turn(entity, first, between, last, _place(left, left_above), _place(came, came_above))

    def _narrow(self, gone: str, then: str) -> None:
        """Halve the brackets till each holds one change, from its lower probe to the next: there it is `gone`, and what
        it is `then` stands between."""
        while self.session.row("SELECT coalesce(max(b - a), 0) FROM varied_brackets")[0] > 1:
            self._evaluate(
                "SELECT e, p FROM varied_brackets JOIN varied_probes USING (e) WHERE b - a > 1 AND place = (a + b) // 2"
            )
            self._table(
                "varied_brackets",
                "SELECT * EXCLUDE (w, m, gone) REPLACE (CASE WHEN b - a > 1 AND NOT gone THEN m ELSE a END AS a, "
                "CASE WHEN gone THEN m ELSE b END AS b, "
                f"CASE WHEN gone THEN {then} ELSE between_ END AS between_) FROM ("
                f"SELECT *, (a + b) // 2 AS m, b - a > 1 AND {gone} AS gone "
                f"FROM varied_brackets JOIN ({self._verdicts()}) USING (e))",
            )

    def _evaluate(self, values: str) -> None:
        """Compute the flag where every entity has the value p of `values` (e, p)."""
        self._table(VARYING, values)
        for name, sql in self.statements:
            self.session.con.execute(f"DROP TABLE IF EXISTS {quote(name)}")
            self.session.con.execute(sql)
        self.told()

    def _verdicts(self) -> str:
        at = self.layout.at[self.step].of("f")
        return f"SELECT f.e, {verdict_text(at.v)} AS w FROM {quote(at.table)} f"

    def _probes(self, low: Decimal, high: Decimal) -> str:
        """(e, p, place, above): where an entity's flag may change: the ends, each value compared, just above each."""
        least, ends = scalar_sql(LEAST), [scalar_sql(low), scalar_sql(high)]
        values = []
        for step in self.leaves:
            assert isinstance(step.term, Leaf)
            at = self.layout.at[step.part(step.term.value)].of("")
            values.append(f"SELECT e, {at.v} AS p FROM {quote(at.table)} WHERE {at.v} BETWEEN {' AND '.join(ends)}")
        above = f"SELECT e, CAST(p + {least} AS {VALUE}) FROM own WHERE p + {least} <= {ends[1]}"
        both = " UNION ".join(f"SELECT id, {end} FROM {self.roster}" for end in ends)
        window = "OVER (PARTITION BY e ORDER BY p)"
        return (
            f"WITH own AS ({' UNION '.join(values)}), all_ AS (FROM own UNION {above} UNION {both}) SELECT e, p, "
            f"row_number() {window} - 1 AS place, coalesce(p - {least} = lag(p) {window}, false) AS above FROM all_"
        )

    def _table(self, name: str, sql: str) -> None:
        self.session.con.execute(f"CREATE OR REPLACE TABLE {name} AS {sql}")


def _moved_by(plan: Plan, step: Step, parameter: str) -> list[Step]:
    """The steps that a flag rests on and that rest on the parameter, in the order of the plan."""
    known: dict[Step, bool] = {}

    def look(here: Step) -> bool:
        if here not in known:
            below = [look(part) for part in here.parts.values()]
            known[here] = any(below) or parameter in parameters_read(here.term)
        return known[here]

    look(step)
    return [one for one in plan.steps if known.get(one)]


def _beside(computed: Layout, plan: Plan, steps: list[Step]) -> Layout:
    """The layout of a plan with these steps in tables of their own; all others stand where they were computed."""
    layout = Layout(plan)
    layout.at, layout.inline = dict(computed.at), computed.inline - {*steps}
    layout.batches, layout.views = {}, {}
    for step in steps:
        at = Columns.wide(layout.batch(step), step) if step in computed.inline else computed.at[step]
        layout.at[step] = replace(at, table=f"varied_{at.table}")
        if at.number:
            layout.batches.setdefault(layout.at[step].table, []).append(step)
    return layout


def _place(probe: Decimal, above: bool) -> tuple[Decimal, bool]:
    return (probe - LEAST if above else probe), above
