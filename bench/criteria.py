"""The criteria stage alone: 60 criteria on 40,000 records, the engine's statements beside one SELECT by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from statistics import median

from bench import measuring, peers, records, rules
from bench.data import SCHOOLS
from bench.figures import Figure
from bench.measuring import Sample, Setting


def stage(folder: str, repeat: int = 5, schools: int = SCHOOLS) -> Sample:
    """The engine's criteria made again and again, in turn with the SELECT on the same values in the same session."""
    import shsnor
    from shsnor.evaluating import Workspace
    from shsnor.rendering import cubes_of, render_steps
    from shsnor.store import side_by_side

    tables = {"schools": str(records.make(Path(folder), schools))}
    pack = shsnor.load_pack(records.write_pack(Path(folder) / "pack_records"))
    with Workspace(tables, settings={"threads": 2, "temp_directory": folder}) as workspace:
        run = workspace.run(pack, as_of=rules.YEAR)
        con, made = run.session.con, run.made
        con.execute(f"CREATE TABLE ind AS FROM read_parquet('{tables['schools']}')")
        decided = {run.layout.at[step].table for nodes in run.plan.nodes.values() for _, step in nodes}
        listed = render_steps(run.plan, run.layout, cubes_of(run.plan))
        statements = [(name, statement) for name, statement in listed if name in decided]

        tables_of: dict[str, list[str]] = {}
        # comparisons and short lists are no columns: they are computed where they are read
        for name, _, _ in peers.CRITERIA:
            at = run.layout.at[run.plan.reported[name]].of("")
            tables_of.setdefault(at.table, []).append(at.v)
        counts = {table: " + ".join(f"count_if({v})" for v in columns) for table, columns in tables_of.items()}
        met = " + ".join(f"count_if({name})" for name, _, _ in peers.CRITERIA)

        def engine() -> int:
            for name, _ in statements:
                made.forget(name)
            made.make_all(statements, lambda done, total: None)
            met: list[int] = []
            side_by_side([partial(count, met, table, sql) for table, sql in counts.items()])  # as the engine does
            return sum(met)

        def count(met: list[int], table: str, sql: str) -> None:
            met.append(run.session.cursor().execute(f'SELECT {sql} FROM "{table}"').fetchall()[0][0])

        def by_hand() -> int:
            con.execute(rules.verdicts())
            return int(con.execute(f"SELECT {met} FROM flags").fetchall()[0][0])

        times = medians({"engine": engine, "by_hand": by_hand}, repeat)
        by_sql, ours = by_hand(), engine()
    if by_sql != ours:
        raise SystemExit(f"the engine says met {ours} times, SQL {by_sql} times")
    return Sample(
        times["engine"], 0, 0, more={"by_hand": times["by_hand"], "tables": sorted(name for name, _ in statements)}
    )


def medians(works: Mapping[str, Callable[[], object]], repeat: int) -> dict[str, float]:
    """Seconds of each, all in turn, after one run that is not counted."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for k in range(repeat + 1):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if k:
                times[name].append(time.perf_counter() - began)
    return {name: median(found) for name, found in times.items()}


def figures(setting: Setting) -> Iterator[Figure]:
    found = measuring.run("criteria:stage", folder=setting.folder, repeat=setting.repeat)
    yield Figure("criteria", None, found.seconds / found.more["by_hand"])
    for peer in peers.NEEDS:
        if not peers.installed(peer):
            package = peers.PACKAGES.get(peer, peer)
            yield Figure(peer, None, None, f"{package} is not installed: pip install '.[bench]'")
            continue
        other = measuring.run("peers:measure", peer=peer, records=records.make(setting.folder))
        sampled = f"{other.more['records']:,} records, scaled" if other.more["records"] < SCHOOLS else ""
        yield Figure(peer, None, other.seconds / found.seconds, sampled)
