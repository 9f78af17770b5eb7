"""60 indicators and 60 criteria, said twice: as a pack for the engine and as hand-written SQL."""

from __future__ import annotations

from pathlib import Path

from bench.data import SLOTS

YEAR = 2025
KINDS = ("share_low", "share_high", "mean_mark", "mean_primary", "n")
FORMULAS = {
    "share_low": "sum(case when below_min then 1 else 0 end) / count(1)",
    "share_high": "sum(case when coalesce(mark, 0) >= 4 then 1 else 0 end) / sum(case when coalesce(mark, 0) > 0 then 1 else 0 end)",
    "mean_mark": "sum(coalesce(mark, 0)) / sum(case when coalesce(mark, 0) > 0 then 1 else 0 end)",
    "mean_primary": "sum(primary_score) / count(primary_score)",
    "n": "count(1)",
}
RATIOS = {
    "share_low": ("n_low", "n"), "share_high": ("n_high", "n_mark"), "mean_mark": ("s_mark", "n_mark"),
    "mean_primary": ("s_primary", "n_primary"), "n": ("n", "1"),
}  # fmt: skip
MEASURES = """count(*)::INT AS n, count(mark)::INT AS n_mark, count(CASE WHEN mark >= 4 THEN 1 END)::INT AS n_high,
 count(CASE WHEN below_min THEN 1 END)::INT AS n_low, sum(mark::INT)::INT AS s_mark, sum(primary_score::INT)::INT AS s_primary,
 count(primary_score)::INT AS n_primary"""
CODE = "((year - 2000)::INTEGER * 16 + CASE procedure WHEN 'ВПР' THEN 0 WHEN 'ОГЭ' THEN 1 ELSE 2 END) * 32 + grade * 2 + (subject = 'рус')::INT"


def indicators(n: int) -> list[tuple[str, str, int, int, dict[str, str]]]:
    """(id, kind, years back, length of the window, fixed dimensions): two thirds pick one cell, one third pool."""
    found = []
    for k in range(n):
        back = (k // 14) % 5
        if k % 3 != 2:
            procedure, grade, subject = SLOTS[k % 14]
            found.append(
                (f"i{k:02d}", KINDS[k % 5], back, 1, {"procedure": procedure, "grade": str(grade), "subject": subject})
            )
        else:
            fixed = {"procedure": ("ВПР", "ОГЭ", "ЕГЭ")[(k // 3) % 3]}
            if k % 2:
                fixed["subject"] = ("мат", "рус")[(k // 6) % 2]
            found.append((f"i{k:02d}", KINDS[k % 5], back, 3, fixed))
    return found


def criteria(n: int, of: int, moved: float = 0) -> list[tuple[str, str, list[tuple[str, str, float]]]]:
    """(id, how, leaves): a third simple, a third `all` of two, a third `any` of two; thresholds moved by `moved`."""
    found = []
    for k in range(n):
        a, b = f"i{k % of:02d}", f"i{(k * 7 + 3) % of:02d}"
        first = ("at_least", a, round(0.3 + (k % 10) / 25 + moved, 3))
        second = ("less_than", b, round(0.2 + (k % 7) / 20 + moved, 3))
        how, leaves = (("leaf", [first]), ("all", [first, second]), ("any", [first, second]))[k % 3]
        found.append((f"c{k:02d}", how, leaves))
    return found


SOURCE = "source: {clause: bench, basis: derived}"
HEAD = ["format: 1", "pack: {id: bench, version: '1', title: Замер скорости}", "sources: {bench: {title: Замер}}"]


def write_pack(folder: Path, n: int = 60, moved: float = 0) -> Path:
    """The pack in `folder`; `moved` is added to every threshold."""
    lines = [
        *HEAD,
        "levels: {school: {table: schools, key: school_id}, region: {column: region}, country: {}}", "tables:",
        "  schools: {columns: {region: {type: text}}}",
        "  students: {entity: {school: school_id}, key: [], persons: true, dimensions: [year, procedure, grade, subject], columns: {"
        "school_id: {type: text}, year: {type: year}, procedure: {type: text}, grade: {type: count}, subject: {type: text}, "
        "mark: {type: count, range: [2, 5]}, primary_score: {type: count}, below_min: {type: yes_no}}}",
        "indicators:",
    ]  # fmt: skip
    for name, kind, back, length, fixed in indicators(n):
        where = " and ".join(f"{d} = {v}" if d == "grade" else f"{d} = '{v}'" for d, v in fixed.items())
        lines.append(
            f'  {name}: {{label: {name}, unit: number, from: students, value: "{FORMULAS[kind]}", where: "{where}", '
            f"years: {{last: {length}, back: {back}}}, at_least_known: 1, {SOURCE}}}"
        )
    return write(folder, [*lines, *criteria_lines(n, moved)])


def criteria_lines(n: int, moved: float = 0) -> list[str]:
    """The section `criteria` of a pack."""
    lines = ["criteria:"]
    for name, how, leaves in criteria(60, n, moved):
        nodes = [f"indicator: {i}, {op}: {t}" for op, i, t in leaves]
        body = nodes[0] if how == "leaf" else f"{how}: [{', '.join('{' + x + '}' for x in nodes)}]"
        lines.append(f"  {name}: {{label: {name}, {body}, {SOURCE}}}")
    return lines


def write(folder: Path, lines: list[str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def conditions(back: int, length: int, fixed: dict[str, str], year: int = YEAR) -> list[str]:
    """SQL of what rows an indicator is of."""
    tests = [f"{d} = {v}" if d == "grade" else f"{d} = '{v}'" for d, v in fixed.items()]
    return [*tests, f"year BETWEEN {year - back - length + 1} AND {year - back}"]


def verdicts(n: int = 60) -> str:
    """The criteria stage by hand: one wide SELECT of booleans over `ind`; NULL is unknown."""
    flags = []
    for name, how, leaves in criteria(60, n):
        tests = [f"{i} {'>=' if op == 'at_least' else '<'} {t}" for op, i, t in leaves]
        flags.append(f"({(' AND ' if how == 'all' else ' OR ').join(tests)}) AS {name}")
    return f"CREATE OR REPLACE TABLE flags AS SELECT school_id, {', '.join(flags)} FROM ind"


def hand_written(source: str, n: int = 60) -> list[str]:
    """The best SQL we know for the same, the base of all ratios: a cube of integer cells, a map of cells to indicators,
    a pivot, one wide SELECT."""
    parts, legs, columns = [], [], []
    wanted = indicators(n)
    for i, (_, kind, back, length, fixed) in enumerate(wanted):
        tests = " AND ".join(conditions(back, length, fixed))
        parts.append(f"SELECT cell, {i}::UTINYINT AS ind, '{kind}' AS kind FROM cells WHERE {tests}")
    for kind, (top, bottom) in RATIOS.items():
        den = "1.0" if kind == "n" else f"sum({bottom})::DOUBLE"
        legs.append(
            f"SELECT school_id, ind, sum({top})::DOUBLE AS num, {den} AS den FROM cube JOIN (SELECT * FROM map WHERE kind = '{kind}') USING (cell) GROUP BY school_id, ind"
        )
    for i, (name, *_) in enumerate(wanted):
        columns.append(f"max(CASE WHEN ind = {i} THEN num / nullif(den, 0) END) AS {name}")
    return [
        f"CREATE OR REPLACE TABLE cube AS SELECT school_id, {CODE} AS cell, {MEASURES} FROM {source} GROUP BY school_id, cell",
        "CREATE OR REPLACE TABLE cells AS SELECT *, (2000 + cell // 512)::INT AS year, ['ВПР', 'ОГЭ', 'ЕГЭ'][(cell // 32) % 16 + 1] AS procedure, (cell % 32) // 2 AS grade, ['мат', 'рус'][cell % 2 + 1] AS subject FROM (SELECT DISTINCT cell FROM cube)",
        f"CREATE OR REPLACE TABLE map AS {' UNION ALL '.join(parts)}",
        f"CREATE OR REPLACE TABLE ind_long AS {' UNION ALL '.join(legs)}",
        f"CREATE OR REPLACE TABLE ind AS SELECT school_id, {', '.join(columns)} FROM ind_long GROUP BY school_id",
        verdicts(n),
    ]


def hand_written_explanation(target: Path, n: int = 60) -> str:
    """What the engine's explanation costs at least: a row a school and leaf, straight to Parquet."""
    parts = []
    for name, _, leaves in criteria(60, n):
        for k, (op, i, t) in enumerate(leaves):
            verdict = f"{i} {'>=' if op == 'at_least' else '<'} {t}"
            parts.append(
                f"SELECT school_id, '{name}' AS item, {k} AS leaf, {i} AS value, {t}::DOUBLE AS threshold, "
                f"CASE WHEN {verdict} THEN 'met' WHEN NOT ({verdict}) THEN 'not_met' ELSE 'unknown' END AS verdict FROM ind"
            )
    return f"COPY ({' UNION ALL '.join(parts)}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
