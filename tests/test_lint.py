"""What is written rightly and yet hardly meant so: each flaw is told at its place, its nearest innocent twin is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from shsnor.checking import check_pack
from shsnor.errors import Finding, UsageError
from shsnor.evaluating import evaluate
from shsnor.loading import load_pack, read_pack
from shsnor.wording import message
from tests.command import shsnor

CASES: list[dict[str, str]] = yaml.safe_load(Path(__file__).with_name("lint_cases.yaml").read_text(encoding="utf-8"))
#: `{.` opens an item: its source is added.
SOURCE = 'source: {document: order, clause: "1", basis: stated}'
#: A whole pack: nothing in it is to be told of. A test adds items to its sections, or writes a section anew.
BASE = {
    "pack": 'pack: {id: north, version: "1", title: Проверочный пакет, status: active}',
    "sources": "sources:\n  order: {title: Приказ}",
    "parameters": """parameters:
  low_limit: {. label: Граница, unit: percent, values: {2020-01-01: 30}}
  reading: {. label: Прочтение, values: {2020-01-01: one}}""",
    "indicators": """indicators:
  kind: {. label: Вид школы, unit: text, from: schools, value: kind}
  low:
    {. label: Доля ниже минимума, unit: percent, better: lower, from: results,
      value: 100.0 * sum(below_minimum) / sum(participants)}
  exam:
    {. label: Доля на экзамене, unit: percent, better: lower, from: results, applies_to: has_11,
      value: 100.0 * sum(mark_2) / sum(participants)}""",
    "criteria": """criteria:
  has_11: {. label: Есть 11 класс, indicator: kind, is: СОШ}
  is_low: {. label: Низко, indicator: low, at_least: $low_limit}
  exam_low: {. label: Низко на экзамене, indicator: exam, more_than: 40}
  one: {. label: Одно или другое, any: [is_low, exam_low]}
  chosen: {. label: Выбранное прочтение, choose: $reading, options: {one: one}}""",
    "flags": """flags:
  flag: {. label: Признак, when: chosen}""",
}


def written(fragment: str = "") -> str:
    """The base pack with a fragment: a section's lines are added, one with something after its colon stands anew."""
    sections = dict(BASE)
    for part in re.split(r"(?m)^(?=[a-z])", fragment):
        name, _, rest = part.partition(":")
        if rest.startswith("\n"):
            sections[name] = f"{sections.get(name, name + ':')}{rest.rstrip()}"
        elif name:
            sections[name] = part.rstrip()
    return "\n".join(["format: 1", *sections.values(), ""]).replace("{. ", f"{{{SOURCE}, ")


def told(folder: Path, text: str, as_of: int | None = None) -> tuple[list[Finding], tuple[int, int]]:
    """The warnings of this family, and the line and column of the mark `¦`, which is taken out."""
    before, _, after = text.partition("¦")
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(before + after, encoding="utf-8")
    found = check_pack(load_pack(folder), as_of=as_of)
    assert not found.errors
    return [f for f in found if f.code < "SH830"], (before.count("\n") + 1, len(before) - before.rfind("\n"))


def test_the_base_pack_has_nothing_to_be_told_of(tmp_path: Path) -> None:
    assert told(tmp_path, written())[0] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["code"])
def test_a_flaw_is_told_at_its_place_and_its_twin_is_not(case: dict[str, str], tmp_path: Path) -> None:
    found, place = told(tmp_path / "flaw", written(case["flaw"]))
    assert [(f.code, f.severity, (f.place.line, f.place.column)) for f in found] == [(case["code"], "warning", place)]
    text = message(found[0])
    for word in case.get("words", "").split():
        assert word in text
    assert message(found[0], "en") != text
    assert [f.code for f in told(tmp_path / "twin", written(case["twin"]))[0]] == []


def test_a_condition_told_of_is_met_by_the_engine_without_its_part(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(
        written("flags:\n  both: {. label: Второй, when: {all: [is_low, exam_low]}}"), encoding="utf-8"
    )
    (tmp_path / "schools.csv").write_text("school_id,municipality,kind\nА,м,ООШ\n", encoding="utf-8")
    results = "school_id,year,procedure,grade,subject,participants,mark_2,below_minimum\nА,2025,ОГЭ,9,рус,10,9,9\n"
    (tmp_path / "results.csv").write_text(results, encoding="utf-8")
    tables = {name: tmp_path / f"{name}.csv" for name in ("schools", "results")}
    with evaluate(load_pack(tmp_path), tables, as_of=2025) as outcome:
        (flag,) = outcome.flags.rows(flag="both")
    assert flag.verdict == "met"


def test_an_accepted_warning_is_not_told_and_one_accepted_in_vain_is(tmp_path: Path) -> None:
    unused = "criteria:\n  it: {. label: Ещё, indicator: low, more_than: 90, accept: {¦SH801: для отчёта}}"
    assert told(tmp_path / "good", written(unused))[0] == []
    vain, place = told(tmp_path / "vain", written(f"{unused}\nflags:\n  f: {{. label: Второй, when: it}}"))
    assert [(f.code, (f.place.line, f.place.column)) for f in vain] == [("SH829", place)]
    assert "Предупреждения SH801 у этого элемента нет." in message(vain[0])
    unknown, _ = told(tmp_path / "unknown", written(unused.replace("SH801", "SH8011")))
    assert [f.code for f in unknown] == ["SH801", "SH829"]
    assert "Может быть, SH8" in message(unknown[1])


def test_what_one_item_accepts_another_does_not(tmp_path: Path) -> None:
    ids = "criteria:\n  c.1: {. label: Ещё, indicator: low, more_than: 90, accept: {SH801: для отчёта}}"
    found, _ = told(tmp_path, written(f"{ids}\n  c.1.1: {{. label: И ещё, indicator: low, more_than: 95}}"))
    assert [(f.code, f.place.key) for f in found] == [("SH801", "criteria.c.1.1")]


TABLE = """tables:
  scale:
    key: [year]
    ¦rows: scale.csv
    columns: {year: {type: year}, n: {type: count, unit: count}}
indicators:
  n: {. label: Число, unit: count, from: scale, value: n}
"""
VALID = 'pack: {id: north, version: "1", title: Пакет, valid: {from: 2020-01-01, to: 2023-12-31}}\n'


@pytest.mark.parametrize(
    ("years", "as_of", "lacking"),
    [
        ([2020, 2021, 2022, 2023], None, None),
        ([2019, 2021, 2023], None, [2020, 2022]),
        ([2020, 2021, 2022], None, [2023]),
        ([2020, 2021, 2022], 2021, [2023]),
        ([], None, None),  # a table without rows has a finding of its own, or is meant so
    ],
)
def test_years_that_a_reference_table_lacks(
    years: list[int], as_of: int | None, lacking: list[int] | None, tmp_path: Path
) -> None:
    (tmp_path / "scale.csv").write_text("year,n\n" + "".join(f"{y},1\n" for y in years), encoding="utf-8")
    found, place = told(tmp_path, written(VALID + TABLE), as_of=as_of)
    assert [(f.code, f.details["years"], (f.place.line, f.place.column)) for f in found] == (
        [("SH806", lacking, place)] if lacking else []
    )


def test_a_year_asked_about_and_one_in_which_nothing_was_held(tmp_path: Path) -> None:
    (tmp_path / "scale.csv").write_text("year,n\n2020,1\n2022,1\n", encoding="utf-8")
    held = written(VALID.replace(", to: 2023-12-31", "") + TABLE)
    assert [f.details["years"] for f in told(tmp_path, held)[0]] == [[2021]]
    assert [f.details["years"] for f in told(tmp_path, held, as_of=2024)[0]] == [[2021, 2024]]
    not_held = f"{held}not_held:\n  - {{cells: {{year: 2021, procedure: ОГЭ}}, because: отменён, {SOURCE}}}\n"
    assert told(tmp_path, not_held)[0] == []


def test_a_date_asked_about_tells_what_keeps_the_pack_from_it(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(written(VALID.replace("2020", "2010")), encoding="utf-8")
    pack = load_pack(tmp_path)
    codes = {day: {f.code for f in check_pack(pack, as_of=day).errors} for day in (2009, 2015, 2022, "2024-01-01")}
    assert codes == {2009: {"SH510"}, 2015: {"SH501"}, 2022: set(), "2024-01-01": {"SH510"}}
    with pytest.raises(UsageError):
        check_pack(pack, as_of="вчера")
    assert shsnor("pack", "check", tmp_path, "--as-of", "2022").code == 0
    late = shsnor("pack", "check", tmp_path, "--as-of", "2024")
    assert late.code == 2 and "SH510" in late.out


def test_a_date_asked_about_tells_what_is_not_in_force_and_yet_needed(tmp_path: Path) -> None:
    old = "criteria:\n  old: {. label: Прежнее, indicator: low, at_least: 50, valid: {to: 2021-12-31}}\n"
    text = written(f"{old}flags:\n  f: {{. label: Второй, when: old}}")
    (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    pack = load_pack(tmp_path)
    assert [f.code for f in check_pack(pack, as_of=2021)] == []
    assert [f.code for f in check_pack(pack, as_of=2022)] == ["SH864"]


def test_of_a_base_pack_only_the_base_is_told(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    base = written("criteria:\n  it: {. label: Ещё, indicator: low, more_than: 90}").replace("id: north", "id: base")
    (tmp_path / "base" / "pack.yaml").write_text(base, encoding="utf-8")
    head = 'format: 1\npack: {id: own, version: "1", title: Свой, extends: base}\nsources: {order: {title: Приказ}}\n'
    (tmp_path / "own").mkdir()
    assert told(tmp_path / "own", head)[0] == []
    same = "parameters:\n  low_limit:\n    {label: Граница, unit: percent, values: {2020-01-01: 30}, ¦override: Наша, SOURCE}\n"
    same = same.replace("SOURCE", SOURCE)
    found, place = told(tmp_path / "own", head + same)
    assert [(f.code, (f.place.line, f.place.column)) for f in found] == [("SH811", place)]
    assert told(tmp_path / "own", head + same.replace("30", "25"))[0] == []
    wrong = same.replace("2020-01-01: 30", "2020-01-01: 300")  # the base's criterion, this pack's number
    assert [(f.code, f.place.key) for f in told(tmp_path / "own", head + wrong)[0]] == [
        ("SH802", "parameters.low_limit.values.2020-01-01")
    ]


def test_of_a_pack_with_errors_no_doubts_are_told(tmp_path: Path) -> None:
    """The criterion may be named by what could not be read."""
    item = "criteria:\n  it: {. label: Ещё, indicator: low, more_than: 90}\nflags:\n  f: {. label: Второй, wen: it}"
    (tmp_path / "pack.yaml").write_text(written(item), encoding="utf-8")
    pack, found = read_pack(tmp_path)
    assert found.errors and pack is not None
    assert list(check_pack(pack)) == []
