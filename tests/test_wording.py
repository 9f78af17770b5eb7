"""Every finding has its words in both languages: what is wrong, where, what was expected, what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shsnor.errors import Finding, Findings, Place
from shsnor.loading import read_pack
from shsnor.structure import check_structure
from shsnor.wording import (
    CODES,
    REASONS,
    Lang,
    _texts,
    count,
    message,
    number,
    plural,
    quantity,
    render_findings,
    title,
)

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parent / "src" / "shsnor"
INVALID = sorted(HERE.glob("invalid/*"))
RU, EN = _texts("ru"), _texts("en")

#: Codes of structure that no file in `invalid` shows, and the test that does.
SHOWN_ELSEWHERE = {
    "SH105": "test_documents: hostile files",
    "SH113": "test_documents: a file that cannot be opened",
}


def findings_of(case: Path) -> Findings:
    pack_path = case / "wrong" if (case / "wrong").is_dir() else case
    pack, findings = read_pack(pack_path)
    if pack is not None:
        findings.extend(check_structure(pack))
    return findings


def words_of(case: Path) -> list[str]:
    file = next(f for f in (case / "wrong/pack.yaml", case / "pack.yaml", case / "criteria.yaml", case) if f.is_file())
    first = file.read_bytes().split(b"\n")[0]
    text = first.decode("cp1251" if case.name.startswith("SH104") else "utf-8")
    return [part.strip() for part in text.removeprefix("# message:").split("|")]


@pytest.mark.parametrize("case", INVALID, ids=lambda p: p.stem)
def test_an_invalid_pack_is_told_what_is_wrong_with_it(case: Path) -> None:
    code = case.stem[:5]
    found = list(findings_of(case))
    assert {f.code for f in found} == {code}
    text = message(found[0])
    for words in words_of(case):
        assert words in text
    assert text.startswith(f"{code} {CODES[code]}")
    assert message(found[0], "en").startswith(f"{code} {CODES[code]}")


def test_every_code_of_a_wrong_form_has_its_invalid_file() -> None:
    shown = {case.stem[:5] for case in INVALID} | set(SHOWN_ELSEWHERE)
    assert {code for code in CODES if code[:3] in ("SH1", "SH2")} <= shown
    assert all(case.stem.split("-", 1)[1] == CODES[case.stem[:5]] for case in INVALID)


def test_both_languages_have_every_code_and_no_other() -> None:
    assert set(RU) == set(EN) == set(CODES)
    assert len(set(CODES.values())) == len(CODES)


def test_every_code_that_the_program_uses_has_words() -> None:
    used = set()
    for path in SOURCES.rglob("*.py"):
        if "wording" not in path.parts:
            used |= set(re.findall(r'"(SH\d{3})"', path.read_text(encoding="utf-8")))
    assert used - set(CODES) == set()


@pytest.mark.parametrize("code", sorted(CODES))
def test_both_languages_say_the_same_of_a_code(code: str) -> None:
    def shape(text: tuple[str, ...]) -> list[tuple[list[str], list[str]]]:
        return [(re.findall(r"^\[[^\]]*\]", line), sorted(re.findall(r"{(\w+)", line))) for line in text]

    assert shape(RU[code]) == shape(EN[code])
    assert title(code) == RU[code][0] and title(code, "en") == EN[code][0]


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_code_without_details_still_says_what_it_is(code: str, lang: Lang) -> None:
    text = message(Finding(code), lang)
    assert len(text.splitlines()) >= 2 and "{" not in text.replace("{}", "").split("\n")[1][:2]


def test_a_message_has_code_place_and_lines() -> None:
    place = Place(file="pack.yaml", line=14, column=9, key="criteria.low_in")
    text = message(Finding("SH301", place, {"name": "low_n", "nearest": "low_in", "expected": "indicators, criteria"}))
    assert text.splitlines() == [
        "SH301 unknown-name   (ошибка)   pack.yaml:14:9   criteria.low_in",
        "  «low_n» в пакете нет.",
        "  Может быть, «low_in»?",
        "  Ожидается: показатель, критерий.",
        "  Что сделать: исправьте имя или добавьте такой элемент.",
    ]


def test_a_message_of_a_table_names_table_row_column_and_value() -> None:
    place = Place(file="results.csv", table="results", row=14, field="mark_2", value="много")
    text = message(Finding("SH404", place, {"expected": "count"}))
    head = "SH404 not-of-its-type   (ошибка)   results.csv   таблица results, строка 14, столбец mark_2"
    assert text.splitlines()[0] == head
    assert "«много» — не число." in text


def test_a_line_without_its_detail_is_left_out() -> None:
    assert "Может быть" not in message(Finding("SH301", Place(), {"name": "low_n", "nearest": None}))


def test_an_unlisted_code_is_shown_with_its_details() -> None:
    assert message(Finding("SH999", Place(), {"why": "так"})) == "SH999   (ошибка)\n  why: так"


def test_findings_are_counted_at_the_end() -> None:
    findings = Findings([Finding("SH227", Place(file="a", line=n)) for n in (1, 2)])
    findings.add("SH413", Place(table="schools"), severity="warning", headers=["Телефон"])
    text = render_findings(findings)
    assert text.endswith("2\u00a0ошибки, 1\u00a0предупреждение.")
    assert "(предупреждение)" in text
    assert render_findings(findings, "en").endswith("2\u00a0errors, 1\u00a0warning.")
    assert render_findings([]) == ""


@pytest.mark.parametrize(
    ("n", "word"),
    [
        (0, "школ"),
        (1, "школа"),
        (2, "школы"),
        (5, "школ"),
        (11, "школ"),
        (14, "школ"),
        (21, "школа"),
        (112, "школ"),
        (1001, "школа"),
    ],
)
def test_russian_nouns_follow_their_number(n: int, word: str) -> None:
    assert plural(n, ("школа", "школы", "школ")) == word
    assert count(n, ("школа", "школы", "школ")).endswith(f"\u00a0{word}")


@pytest.mark.parametrize(
    ("value", "russian", "english"),
    [
        ("30", "30", "30"),
        ("30.000000000", "30", "30"),
        ("66.7", "66,7", "66.7"),
        ("-0.5", "\u22120,5", "\u22120.5"),
        ("1234", "1234", "1,234"),
        ("12345.60", "12\u00a0345,6", "12,345.6"),
        ("-0.000", "0", "0"),
    ],
)
def test_numbers_are_written_as_readers_write_them(value: str, russian: str, english: str) -> None:
    assert (number(value), number(value, "en")) == (russian, english)


def test_numbers_are_rounded_half_up_where_asked() -> None:
    assert [number("0.125", digits=2), number("-2.5", digits=0), number("3", digits=1)] == ["0,13", "\u22123", "3,0"]


def test_quantities_have_their_unit() -> None:
    assert quantity("30", "percent") == "30\u00a0%"
    assert quantity("21", "point") == "21\u00a0балл"
    assert quantity("0.5", "point") == "0,5\u00a0балла"
    assert quantity("7", "number") == "7"


def test_every_reason_has_plain_words() -> None:
    assert REASONS["no_row"] == ("нет строки данных", "no row of data")
    assert REASONS["hidden"][0] == "значение скрыто источником"


@pytest.mark.parametrize(("lang", "said"), [("ru", "нет прав"), ("en", "no permission")])
def test_what_the_system_said_is_told_in_the_readers_words_without_temporary_names(lang: Lang, said: str) -> None:
    problem = str(PermissionError(13, "Permission denied", "out/.list.9x2"))
    told = message(Finding("SH602", Place(file="out"), {"problem": problem}), lang)
    assert said in told and "Permission denied" not in told and ".9x2" not in told
