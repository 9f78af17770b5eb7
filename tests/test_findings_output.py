"""Findings as their reader meets them: on the terminal with the line of the file, and for other programs."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from shsnor.errors import Finding, Findings, Place
from shsnor.wording import CODES, Lang, _texts, message, render_findings, say
from shsnor.wording.formats import as_github, as_json, as_sarif
from tests.command import shsnor

#: What a line of these texts may be filled with; numbers, so that a plural has its noun.
FILLED = "7"
#: Forms whose gap is filled from a structure, not from a text: `examples` has their tests.
STRUCTURED = {"school", "schools", "condition"}


def shown(file: Path, line: int | None, column: int | None, **details: Any) -> list[str]:
    """What stands between the head line and the sentences."""
    finding = Finding("SH301", Place(file=str(file), line=line, column=column), {"name": "x", **details})
    lines = render_findings([finding]).splitlines()
    return lines[1 : lines.index("  «x» в пакете нет.")]


def written(folder: Path, text: str, name: str = "pack.yaml") -> Path:
    file = folder / name
    file.write_bytes(text.encode("utf-8"))
    return file


def test_a_finding_shows_its_line_with_a_caret_under_the_place(tmp_path: Path) -> None:
    file = written(tmp_path, "criteria:\n  low_in:\n    indicator: low_shar\n")
    assert shown(file, 3, 16) == [
        "    3 |     indicator: low_shar",
        "      |                ^",
    ]


@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_line_is_the_same_whatever_the_file_begins_with_and_its_lines_end_with(
    tmp_path: Path, start: str, end: str
) -> None:
    file = written(tmp_path, start + "format: 1" + end + "критерии: {низкие: 30}" + end)
    assert shown(file, 2, 12) == ["    2 | критерии: {низкие: 30}", "      |            ^"]
    assert shown(file, 1, 1) == ["    1 | format: 1", "      | ^"]


def test_a_tab_and_wide_and_combining_letters_leave_the_caret_under_its_place(tmp_path: Path) -> None:
    file = written(tmp_path, "\tlabel: x\nlabel: 学校 x\nlabel: и\u0306 x\n")
    assert shown(file, 1, 2) == ["    1 |     label: x", "      |     ^"]
    assert shown(file, 2, 11) == ["    2 | label: 学校 x", "      |             ^"]  # two letters, four places
    assert shown(file, 3, 11) == ["    3 | label: и\u0306 x", "      |          ^"]  # two letters, one place


def test_a_long_line_is_cut_around_the_caret(tmp_path: Path) -> None:
    file = written(tmp_path, "a" * 300 + "HERE" + "b" * 300)
    line, caret = shown(file, 1, 301)
    assert len(line) <= 100 + len("    1 | ") and line[caret.index("^") :].startswith("HERE")
    assert line[8] == "…" and line[-1] == "…"
    first, caret = shown(file, 1, 1)
    assert first.startswith("    1 | aaa") and first.endswith("…") and caret.endswith("| ^")
    last, caret = shown(file, 1, 605)  # behind the last letter
    assert last.endswith("b") and caret.index("^") == len(last)


def test_what_would_command_a_terminal_is_not_printed(tmp_path: Path) -> None:
    file = written(tmp_path, "label: \x1b[31mred\u202e\n")
    assert shown(file, 1, 8)[0] == "    1 | label: ?[31mred?"


def test_without_a_column_the_line_stands_alone(tmp_path: Path) -> None:
    assert shown(written(tmp_path, "format: 1\n"), 1, None) == ["    1 | format: 1"]


def test_a_file_in_another_encoding_is_shown_as_what_it_seems_to_be(tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    file.write_bytes("label: Низкие".encode("cp1251"))
    assert shown(file, 1, 8, guess="cp1251")[0] == "    1 | label: Низкие"


@pytest.mark.parametrize("line", [0, 2, 900])
def test_a_file_that_has_changed_since_has_no_line_and_no_failure(tmp_path: Path, line: int) -> None:
    file = written(tmp_path, "format: 1")
    assert shown(file, line, 1) == []
    file.unlink()
    assert shown(file, 1, 1) == []


def test_a_line_of_a_table_is_never_shown(tmp_path: Path) -> None:
    file = written(tmp_path, "school_id,surname\n0101,secret\n", "staff.csv")
    assert shown(file, 2, 1) == []
    odd = written(tmp_path, "secret", "staff.yaml")  # a table, whatever its file is called
    place = Place(file=str(odd), line=1, column=1, table="staff", row=1)
    assert "secret" not in render_findings([Finding("SH404", place)])


def variants(code: str, lang: Lang) -> list[dict[str, Any]]:
    """Details that a finding of a code may have: all filled, with each word its lines ask for, without the optional."""
    lines = _texts(lang)[code][1:]
    gaps = [gap for line in lines for gap in re.findall(r"(?<!\{)\{(\w+):?(\w*)", line)]
    filled = {gap: [] if form in STRUCTURED else FILLED for gap, form in gaps}
    asked = [(name, value) for line in lines for _, name, value in re.findall(r"\[(!?)(\w+)=([^\]]*)\]", line)]
    words: dict[str, set[str]] = {}
    for name, values in asked:
        words.setdefault(name, set()).update(values.split("|"))
    optional = {name for line in lines for name in re.findall(r"\[!?(\w+)\]", line)} - set(words)
    chosen = [dict(zip(words, choice, strict=True)) for choice in itertools.product(*map(sorted, words.values()))]
    without = [{}, *({name: ""} for name in sorted(optional))]
    return [{**filled, **choice, **less} for choice in chosen for less in without]


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("code", sorted(CODES))
def test_every_finding_says_what_to_do_on_its_last_line(code: str, lang: Lang) -> None:
    lead = "Что сделать: " if lang == "ru" else "What to do: "
    for details in variants(code, lang):
        *what, last = message(Finding(code, Place(), details), lang).splitlines()
        assert last.startswith(f"  {lead}") and last.rstrip()[-1] in ".…)}]!", (details, last)
        assert len(what) >= 2 and not any("> " in line[:4] or lead in line for line in what), (details, what)


def some_findings() -> Findings:
    findings = Findings()
    findings.add(
        "SH301", Place(file="мой пакет/pack.yaml", line=14, column=9, key="criteria.low"), name="low", nearest="lows"
    )
    findings.add("SH413", Place(table="schools"), severity="warning", headers=["Телефон"])
    findings.add("SH205", name="nort", known=["north"])
    return findings


def test_json_is_a_list_with_everything_a_program_needs() -> None:
    objects = json.loads(as_json(some_findings()))
    assert objects[2] == {
        "code": "SH301",
        "name": "unknown-name",
        "severity": "error",
        "file": "мой пакет/pack.yaml",
        "line": 14,
        "column": 9,
        "key": "criteria.low",
        "table": None,
        "row": None,
        "cell": None,
        "field": None,
        "message": "«low» в пакете нет. Может быть, «lows»?",
        "what_to_do": "Исправьте имя или добавьте такой элемент.",
        "page": "docs/findings/SH301.md",
    }
    assert (objects[1]["severity"], objects[1]["table"], objects[1]["file"]) == ("warning", "schools", None)
    assert json.loads(as_json([])) == []


def test_a_workflow_command_is_one_line_and_its_signs_are_escaped() -> None:
    place = Place(file="a,b:c%/pack.yaml", line=3, column=5)
    written = as_github([Finding("SH306", place, {"text": "100%\r\nof", "reason": "x"})])
    assert written.startswith("::error file=a%2Cb%3Ac%25/pack.yaml,line=3,col=5,title=SH306::Формула: 100%25%0D%0Aof ")
    assert "\n" not in written
    # In the message `:` and `,` stand as they are: only properties are parted by them.
    assert ": " in written.split("::", 2)[2]


def test_a_workflow_command_of_a_table_says_where_in_words() -> None:
    command = as_github([Finding("SH408", Place(table="results", row=3, field="grade"), severity="warning")])
    assert command.startswith("::warning title=SH408::таблица results, строка 3, столбец grade: ")
    assert as_github([]) == ""


_TEXT = {"type": "object", "required": ["text"], "additionalProperties": False,
         "properties": {"text": {"type": "string", "minLength": 1}, "markdown": {"type": "string"}}}  # fmt: skip


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


#: The parts of SARIF 2.1.0 that are written here, by the standard (its own schema is not carried along): what each
#: object must have and may have, and the words and numbers that may stand there.
SARIF = closed(
    ["version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"enum": ["2.1.0"]},
    runs={"type": "array", "items": closed(
        ["tool"],
        tool=closed(["driver"], driver=closed(
            ["name"],
            name={"type": "string"},
            semanticVersion={"type": "string"},
            language={"type": "string", "pattern": "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"},
            rules={"type": "array", "uniqueItems": True, "items": closed(
                ["id"], id={"type": "string"}, name={"type": "string"}, shortDescription=_TEXT, help=_TEXT)},
        )),
        columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        results={"type": "array", "items": closed(
            ["message"],
            ruleId={"type": "string"},
            ruleIndex={"type": "integer", "minimum": -1},
            level={"enum": ["none", "note", "warning", "error"]},
            message=_TEXT,
            locations={"type": "array", "items": closed(
                [],
                physicalLocation=closed(
                    ["artifactLocation"],
                    artifactLocation=closed([], uri={"type": "string", "pattern": "^[!-~]+$"}, uriBaseId={"type": "string"}),
                    region=closed([], startLine={"type": "integer", "minimum": 1}, startColumn={"type": "integer", "minimum": 1}),
                ),
                logicalLocations={"type": "array", "items": closed([], fullyQualifiedName={"type": "string"})},
            )},
        )},
    )},
)  # fmt: skip


def test_sarif_is_as_its_standard_wants_it() -> None:
    log = json.loads(as_sarif(some_findings()))
    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    (with_file,) = [result for result in run["results"] if result["ruleId"] == "SH301"]
    (location,) = with_file["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {
            "uri": "%D0%BC%D0%BE%D0%B9%20%D0%BF%D0%B0%D0%BA%D0%B5%D1%82/pack.yaml",
            "uriBaseId": "%SRCROOT%",
        },
        "region": {"startLine": 14, "startColumn": 9},
    }
    empty = json.loads(as_sarif([]))
    jsonschema.validate(empty, SARIF)
    assert empty["runs"][0]["results"] == []


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif"])
def test_the_format_changes_neither_what_is_found_nor_the_exit_code(north: Path, format: str) -> None:
    right = shsnor("pack", "check", "north", "--format", format, cwd=north)
    assert right.code == 0 and "SH" not in right.out
    pack = north / "north" / "pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("indicator: low_share", "indicator: low_shar"), "utf-8")
    wrong = shsnor("pack", "check", "north", "--format", format, cwd=north)
    assert wrong.code == 2 and "SH301" in wrong.out and "«low_share»" in wrong.out
    nowhere = shsnor("pack", "check", "nort", "--format", format, cwd=north)
    assert nowhere.code == 2 and "SH205" in nowhere.out


def test_the_command_shows_line_caret_next_step_and_where_more_is_said(north: Path) -> None:
    pack = north / "north" / "pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("    at_least:", "    at_leest:"), encoding="utf-8")
    run = shsnor("pack", "check", "north", cwd=north)
    assert "SH201 unknown-key   (ошибка)   north/pack.yaml:26:5" in run.out
    assert "   26 |     at_leest: $low_limit\n      |     ^\n" in run.out
    assert "«at_least»?" in run.out and "  Что сделать: исправьте ключ" in run.out
    assert run.out.splitlines()[-1].startswith("Подробнее о сообщении: shsnor rule SH")


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    run = shsnor("pack", "check", "federal", "--format", "xml")
    assert run.code == 2 and "text, json, github, sarif" in run.err


def test_a_code_that_is_not_listed_can_be_written_in_every_format() -> None:
    findings = [Finding("SH999", Place(), {"why": "так"})]
    assert say(findings[0]).to_do == ""
    assert json.loads(as_json(findings))[0]["page"] is None
    jsonschema.validate(json.loads(as_sarif(findings)), SARIF)
    assert as_github(findings) == "::error title=SH999::why: так"
