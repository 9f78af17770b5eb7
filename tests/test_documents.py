"""YAML is read as the author wrote it, with places; everything wrong in its form is a finding, never a traceback."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shsnor import documents
from shsnor.documents import MAX_BYTES, cyrillic_keys, read_yaml, read_yaml_file
from shsnor.errors import VALUE


def codes(source: bytes | str) -> list[str]:
    return [finding.code for finding in read_yaml(source, "pack.yaml")[1]]


def test_scalars_stay_what_the_author_wrote() -> None:
    written, findings = read_yaml("a: 0012\nb: [on, 2026.1, 'no', ~, 1e3]\nc: {d: 2020-01-01}\ne:\n", "pack.yaml")
    assert list(findings) == []
    assert written is not None
    assert written.data == {"a": "0012", "b": ["on", "2026.1", "no", "~", "1e3"], "c": {"d": "2020-01-01"}, "e": ""}


def test_every_key_item_and_value_has_its_place() -> None:
    text = "criteria:\n  low:\n    all:\n      - {indicator: x, at_least: 30}\n      - other\n"
    written, _ = read_yaml(text, "p.yaml")
    assert written is not None
    where = {key: (place.line, place.column) for key, place in written.places.items()}
    assert where["criteria/low"] == (2, 3)
    assert where["criteria/low/all/0"] == (4, 9)
    assert where["criteria/low/all/0/at_least"] == (4, 24)
    assert where["criteria/low/all/0/at_least" + VALUE] == (4, 34)
    assert where["criteria/low/all/1"] == (5, 9)
    assert written.places["criteria/low/all/0/at_least"].key == "criteria.low.all.0.at_least"


def test_a_byte_order_mark_is_fine() -> None:
    written, findings = read_yaml(b"\xef\xbb\xbfa: \xd1\x8f", "p.yaml")
    assert written is not None and written.data == {"a": "я"} and not len(findings)


def test_a_second_key_is_named_with_the_first_and_does_not_replace_it() -> None:
    written, findings = read_yaml("a: 1\nb: 2\na: {c: 3}\n", "p.yaml")
    (finding,) = findings
    assert (finding.code, finding.place.line, finding.details) == ("SH102", 3, {"name": "a", "first": 1})
    assert written is not None and written.data["a"] == "1" and "a/c" not in written.places


def test_all_findings_at_once_up_to_what_cannot_be_read() -> None:
    assert codes("a: &x 1\nb: *x\na: 2\nc: {<<: d}\ne: !!int 5\nf: [") == [
        "SH103",
        "SH103",
        "SH102",
        "SH103",
        "SH103",
        "SH101",
    ]


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("a: b: c", "SH101", 1),
        ("a: 1\nb\nc: 2", "SH101", 3),
        ('a: "x\nb: 1', "SH101", 2),
        ("a: [1, 2\nb: 3", "SH101", 2),
        ("a: @x", "SH101", 1),
        ('a: "\\d"', "SH101", 1),
        ("a:\n  b: 1\n c: 2", "SH101", 3),
        ("a:\n\tb: 1", "SH110", 2),
        ("a: 1\n---\nb: 2", "SH109", 2),
        ("a: {{x}}", "SH111", 1),
        ("? [a, b]\n: 1", "SH111", 1),
        ("a: 1\nb: \x07", "SH112", 2),
        ("a: \ud800", "SH112", 1),
        ("", "SH107", None),
        ("# only a comment\n", "SH107", None),
        ("- a", "SH107", 1),
        ("text", "SH107", 1),
        ("a: 1\nb: школа".encode("cp1251"), "SH104", 2),
        ("a: школа".encode("cp866"), "SH104", 1),
        ("a: b".encode("utf-16"), "SH104", 1),
        (b"PK\x03\x04\0\0", "SH104", None),
        ("[" * 500, "SH106", 1),
    ],
)
def test_what_is_not_yaml_is_a_finding(source: bytes | str, code: str, line: int | None) -> None:
    found = list(read_yaml(source, "p.yaml")[1])
    assert [(f.code, f.place.line) for f in found][-1] == (code, line)
    assert found[0].place.file == "p.yaml"


@pytest.mark.parametrize("encoding", ["cp1251", "cp866"])
def test_russian_code_pages_are_told_by_name(encoding: str) -> None:
    (finding,) = read_yaml("label: Школа с низкими результатами".encode(encoding), "p.yaml")[1]
    assert finding.details["guess"] == encoding


def test_a_cyrillic_letter_in_a_key_is_shown_where_it_stands_with_the_latin_spelling() -> None:
    written, _ = read_yaml("criteria:\n  lоw_in: {indicator: x}\n  choice: {options: {да: x}}\n", "p.yaml")
    assert written is not None
    (finding,) = cyrillic_keys(written)
    assert (finding.code, finding.place.line, finding.place.column) == ("SH108", 2, 4)
    assert finding.details == {"name": "lоw_in", "letter": "о", "latin": "low_in"}


def test_no_latin_spelling_is_offered_where_letters_have_no_look_alike() -> None:
    written, _ = read_yaml("школа: 1", "p.yaml")
    assert written is not None
    assert [f.details["latin"] for f in cyrillic_keys(written)] == [None]


@pytest.mark.parametrize(
    "source",
    [
        "[" * 1_000_000,
        "{a: " * 100_000,
        "- " * 1_000_000,
        "? " * 100_000,
        "".join(" " * n + "a:\n" for n in range(2000)),
        "- a\n" * 1_000_000,
        "a: [" + "b, " * 1_000_000 + "]",
        'a: "' + "x" * (MAX_BYTES - 10) + '"',
        "x" * (MAX_BYTES + 1),
        b"\xff" * MAX_BYTES,
    ],
    ids=["brackets", "braces", "dashes", "questions", "indents", "items", "flow", "long text", "too long", "bytes"],
)
def test_hostile_files_are_read_or_refused_soon(source: bytes | str) -> None:
    start = time.perf_counter()
    read_yaml(source, "p.yaml")
    assert time.perf_counter() - start < 5, "under a second on an idle machine"


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200), st.text("{}[]:,-?&*!|>'\"%@`#\n\t ab", max_size=60)))
def test_no_text_gives_a_traceback(source: bytes | str) -> None:
    written, findings = read_yaml(source, "p.yaml")
    assert written is not None or findings.errors


def test_the_parser_in_python_finds_the_same_places_and_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [
        "a: {b: [1, 2]}\nc: |\n  text\n",
        "a: 1\na: 2",
        "a: &x 1",
        "a: [1",
        "a:\n\tb: 1",
        "a: b: c",
        'a: "x',
        "- a",
        "",
    ]
    with_c = [read_yaml(source, "p.yaml") for source in sources]
    monkeypatch.setattr(documents, "_LOADER", yaml.SafeLoader)
    for source, (written, findings) in zip(sources, with_c, strict=True):
        again, found = read_yaml(source, "p.yaml")
        assert again == written
        assert [(f.code, f.details.get("kind")) for f in found] == [(f.code, f.details.get("kind")) for f in findings]


def test_a_file_that_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    written, findings = read_yaml_file(tmp_path / "absent.yaml")
    assert written is None
    assert [f.code for f in findings] == ["SH113"]
