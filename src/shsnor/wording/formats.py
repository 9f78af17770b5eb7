"""Findings for other programs: JSON, the commands of a GitHub workflow, SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from shsnor.errors import Finding, Place
from shsnor.wording import CODES, Lang, say, title
from shsnor.wording.pages import page, page_path
from shsnor.wording.plain_text import plain


def as_json(findings: Iterable[Finding], lang: Lang = "ru") -> str:
    """A list of objects, one a finding; what is not known of its place is null, and `[]` where nothing is wrong.

    page   where the code's page stands in the project's documentation; `shsnor rule CODE` prints it
    """
    return json.dumps([_as_object(finding, lang) for finding in findings], ensure_ascii=False, indent=2)


def as_github(findings: Iterable[Finding], lang: Lang = "ru") -> str:
    """A workflow command a line, which GitHub shows at the line of the file; "" where nothing is wrong."""
    return "\n".join(_as_command(finding, lang) for finding in findings)


def as_sarif(findings: Iterable[Finding], lang: Lang = "ru") -> str:
    """A SARIF 2.1.0 log of one run: the codes found as its rules, with their pages, and a result a finding."""
    from shsnor import __version__

    listed = list(findings)
    codes = sorted({finding.code for finding in listed})
    rules = [_rule(code, lang) for code in codes]
    driver = {"name": "shsnor", "semanticVersion": __version__, "language": lang, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code), lang) for finding in listed],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


#: Name of a format -> findings and language in, text out.
FORMATS: dict[str, Callable[[Iterable[Finding], Lang], str]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}


def _as_object(finding: Finding, lang: Lang) -> dict[str, Any]:
    said, place = say(finding, lang), finding.place
    return {
        "code": finding.code,
        "name": CODES.get(finding.code),
        "severity": finding.severity,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "key": place.key or None,
        "table": place.table,
        "row": place.row,
        "cell": place.cell,
        "field": place.field,
        "message": " ".join(said.what),
        "what_to_do": said.to_do or None,
        "page": page_path(finding.code),
    }


def _as_command(finding: Finding, lang: Lang) -> str:
    place = finding.place
    properties = {"file": place.file, "line": place.line, "col": place.column, "title": finding.code}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    return f"::{finding.severity} {written}::{_data(_text(finding, lang))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _text(finding: Finding, lang: Lang) -> str:
    """All that is said, and of a table also where: the formats know places of files alone."""
    said, place = say(finding, lang), finding.place
    words = ("таблица", "строка", "столбец") if lang == "ru" else ("table", "row", "column")
    places = (place.table, None if place.cell else place.row, place.field)
    cell = ", ".join(f"{word} {part}" for word, part in zip(words, places, strict=True) if part)
    cell = " ".join(part for part in (place.cell, cell) if part)
    return " ".join(part for part in (cell and f"{cell}:", *said.what, said.to_do) if part)


def _rule(code: str, lang: Lang) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": code}
    if code in CODES:
        rule |= {"name": CODES[code], "shortDescription": {"text": title(code, lang)}}
    if (written := page(code)) is not None:
        rule["help"] = {"text": plain(written), "markdown": written}
    return rule


def _result(finding: Finding, index: int, lang: Lang) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if finding.place.file is not None:
        location["physicalLocation"] = _physical(finding.place)
    if finding.place.key:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.place.key}]
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": _text(finding, lang)},
        "locations": [location] if location else [],
    }


def _physical(place: Place) -> dict[str, Any]:
    file = Path(place.file or "")
    artifact = (
        {"uri": file.as_uri()}
        if file.is_absolute()
        else {"uri": quote(PurePosixPath(file).as_posix()), "uriBaseId": "%SRCROOT%"}
    )
    known = {"startLine": place.line, "startColumn": place.column if place.line else None}
    region = {name: value for name, value in known.items() if value is not None}
    return {"artifactLocation": artifact, **({"region": region} if region else {})}
