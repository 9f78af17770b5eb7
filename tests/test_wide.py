"""Indicators without dimensions, very many at once: sums share words of a few bits, and come out as anybody would add them up."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import duckdb
import pytest

from shsnor.errors import DataError
from shsnor.evaluating import evaluate
from shsnor.footers import given
from shsnor.loading import load_pack
from shsnor.rendering import wide
from shsnor.store import Session
from tests.cache_cases import in_place

YEARS, SUBJECTS, SCHOOLS = (2020, 2021, 2022), [f"s{i}" for i in range(30)], [str(i) for i in range(40)]
#: year, subject, little, large, huge, with gaps
Row: TypeAlias = tuple[int, str, int, int, int, int | None]
Rows: TypeAlias = dict[str, list[Row]]

HEAD = """format: 1
pack: {id: many, version: '1', title: Много показателей}
sources: {order: {title: Приказ}}
tables:
  facts:
    entity: {school: school_id}
    key: [school_id, year, subject]
    dimensions: [year, subject]
    persons: false
    columns:
      school_id: {type: text}
      year: {type: year}
      subject: {type: text}
      little: {type: count}
      large: {type: count}
      huge: {type: count}
      gaps: {type: count}
indicators:
"""
ITEM = (
    "  {name}: {{label: {name}, unit: number, from: facts, value: '{value}', where: \"subject in ({subjects})\", "
    "years: {{last: {years}}}, at_least_known: 1, source: {{clause: '1', basis: derived}}}}\n"
)


def total(place: int) -> Callable[[list[Row]], int]:
    return lambda rows: sum(int(row[place] or 0) for row in rows)


#: Formula -> the same in Python; None where a gap makes it unknown.
VALUES: dict[str, Callable[[list[Row]], float | None]] = {
    "sum(little)": total(2),
    "sum(large)": total(3),
    "sum(huge)": total(4),
    "sum(little) / sum(large)": lambda rows: total(2)(rows) / total(3)(rows),
    "sum(coalesce(little, 0) + coalesce(gaps, 0))": lambda rows: total(2)(rows) + total(5)(rows),
    "sum(case when little > 0 then little else 0 end * large)": lambda rows: sum(r[2] * r[3] for r in rows),
    "sum(little + little)": lambda rows: 2 * total(2)(rows),
    "sum(little * little) / sum(little)": lambda rows: sum(r[2] ** 2 for r in rows) / total(2)(rows),
    "100 * sum(case when little >= 200 then 1 else 0 end) / count(1)": lambda rows: (
        100 * sum(r[2] >= 200 for r in rows) / len(rows)
    ),
    "count(little)": len,
    "count(gaps) / count(huge)": lambda rows: None if any(r[5] is None for r in rows) else 1,
    "sum(gaps)": lambda rows: None if any(r[5] is None for r in rows) else total(5)(rows),
    "sum(coalesce(gaps, 7)) / sum(little)": lambda rows: (
        sum(7 if r[5] is None else r[5] for r in rows) / total(2)(rows)
    ),
    "sum(case when coalesce(gaps, 0) > 100 and little > 0 then 1 else 0 end)": lambda rows: sum(
        (r[5] or 0) > 100 for r in rows
    ),
    "sum(case when coalesce(gaps, 300) > 100 then 1 else 0 end)": lambda rows: sum(
        r[5] is None or r[5] > 100 for r in rows
    ),
    "sum(coalesce(gaps, 0)) / count(1)": lambda rows: sum(r[5] or 0 for r in rows) / len(rows),
    "max(little) + max(little)": lambda rows: 2 * max(r[2] for r in rows),
}


def _rows(chance: random.Random) -> Rows:
    """Of most schools some cells, of the last one none."""
    return {
        school: [
            (year, subject, chance.randint(1, 255), chance.randint(1, 60_000), chance.randint(1, 2**48),
             None if school == "7" and chance.random() < 0.1 else chance.randint(0, 255))
            for year, subject in itertools.product(YEARS, SUBJECTS) if chance.random() < 0.7
        ]
        for school in SCHOOLS[:-1]
    }  # fmt: skip


def _write(path: Path, rows: Iterable[tuple[object, ...]], key: str) -> Path:
    """The rows in types as narrow as their values are; keys of schools as texts or numbers."""
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE t (school_id {key}, year USMALLINT, subject VARCHAR, little UTINYINT, large USMALLINT,"
            " huge BIGINT, gaps UTINYINT)"
        )
        con.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", list(rows))
        con.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path


def _indicators(chance: random.Random, formulas: list[str], many: int) -> Iterator[tuple[str, str, list[str], int]]:
    """Name, formula, subjects, years."""
    for i in range(many):
        yield (
            f"i{i}",
            chance.choice(formulas),
            chance.sample(SUBJECTS, chance.choice([1, 1, 2, 9])),
            chance.choice([1, 3]),
        )


@pytest.mark.parametrize("stay, key", [(True, "VARCHAR"), (True, "INTEGER"), (False, "VARCHAR")])
def test_each_of_many_sums_is_what_anybody_would_add_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stay: bool, key: str
) -> None:
    if stay:
        in_place(monkeypatch)
    chance = random.Random(1)
    rows, indicators = _rows(chance), list(_indicators(chance, list(VALUES), 150))
    assert len({(tuple(s), y) for _, _, s, y in indicators}) > wide.MASK  # more sets than a mask has bits
    _compare(tmp_path, rows, indicators, key)


@pytest.mark.parametrize("formula", VALUES)
def test_a_formula_alone_has_room_in_the_narrow_columns_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, formula: str
) -> None:
    """Alone, for a column that any formula computes with is widened for all of them."""
    in_place(monkeypatch)
    chance = random.Random(2)
    _compare(tmp_path, _rows(chance), list(_indicators(chance, [formula], 4)), "INTEGER")


def _compare(tmp_path: Path, rows: Rows, indicators: list[tuple[str, str, list[str], int]], key: str) -> None:
    """What the engine says of each school and indicator, beside a plain count of the rows."""
    text = HEAD + "".join(
        ITEM.format(name=name, value=value, subjects=", ".join(f"'{s}'" for s in subjects), years=years)
        for name, value, subjects, years in indicators
    )
    (tmp_path / "many").mkdir()
    (tmp_path / "many" / "pack.yaml").write_text(text, encoding="utf-8")
    given = ((school, *row) for school, listed in rows.items() for row in listed)
    facts = _write(tmp_path / "facts.parquet", given, key)
    tables = {"schools": [{"school_id": school, "municipality": "Юг"} for school in SCHOOLS], "facts": facts}
    with evaluate(load_pack(tmp_path / "many"), tables, as_of=2022) as outcome:
        folder = outcome.write(tmp_path / "out")
    query = f"SELECT entity, indicator, value::DOUBLE FROM '{folder / 'indicator_values.parquet'}'"
    found = {(school, name): value for school, name, value in duckdb.execute(query).fetchall()}
    assert len(found) == len(SCHOOLS) * len(indicators)
    for school, (name, value, subjects, years) in itertools.product(SCHOOLS, indicators):
        inside = [row for row in rows.get(school, []) if row[1] in subjects and row[0] > 2022 - years]
        expected = VALUES[value](inside) if inside else None
        assert found[school, name] == (expected if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-8)), (
            school, name, value, subjects, years,
        )  # fmt: skip


def test_a_column_is_without_gaps_only_if_every_file_has_it_and_says_so(tmp_path: Path) -> None:
    one, two = tmp_path / "one.parquet", tmp_path / "two.parquet"
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT 1::UTINYINT AS a, 2 AS b, NULL::INTEGER AS c, 3 AS d) TO '{one}' (FORMAT parquet)")
        con.execute(f"COPY (SELECT 1::UTINYINT AS a, 2 AS b, 5 AS c) TO '{two}' (FORMAT parquet)")
    both = f"read_parquet(['{one}', '{two}'], union_by_name = true)"
    with Session() as session:
        assert given(session, both).full == {'"a"', '"b"'}
        assert given(session, f"read_parquet(['{one}'])").full == {'"a"', '"b"', '"d"'}
        assert '"a"' in given(session, both).narrow
        assert not given(session, "(SELECT 1 AS a)").full


def test_a_number_too_large_for_its_column_is_told_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column may stay as narrow as it is in the file; what it declares is still held to."""
    in_place(monkeypatch)
    text = HEAD.replace("little: {type: count}", "little: {type: count, range: [0, 100]}") + ITEM.format(
        name="i", value="sum(little)", subjects="'s0'", years=1
    )
    (tmp_path / "many").mkdir()
    (tmp_path / "many" / "pack.yaml").write_text(text, encoding="utf-8")
    facts = _write(tmp_path / "facts.parquet", [("0", 2022, "s0", 101, 1, 1, 1)], "VARCHAR")
    with (
        pytest.raises(DataError) as caught,
        evaluate(
            load_pack(tmp_path / "many"),
            {"schools": [{"school_id": "0", "municipality": "Юг"}], "facts": facts},
            as_of=2022,
        ),
    ):
        pass
    assert [(f.code, f.place.field) for f in caught.value.findings.errors] == [("SH405", "little")]
