"""Items and findings -> sentences in Russian and English: the only place with prose, keyed by code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from shsnor.errors import Finding, Place
from shsnor.wording.codes import CODES
from shsnor.wording.excerpts import Excerpts
from shsnor.wording.phrases import TO_DO, Lang, count, fill, number, plural
from shsnor.wording.terms import (
    BASIS,
    COMPARISONS,
    LEVELS,
    REASONS,
    SECTIONS,
    SEVERITIES,
    STATUSES,
    UNIT_FORMS,
    UNITS,
    VERDICTS,
    term,
)

__all__ = [
    "CODES", "Said", "headline", "message", "render_findings", "say", "title",
    "Lang", "count", "number", "plural", "quantity", "term",
    "BASIS", "COMPARISONS", "LEVELS", "REASONS", "SECTIONS", "SEVERITIES", "STATUSES", "UNITS", "UNIT_FORMS", "VERDICTS",
]  # fmt: skip


#: How many findings a reader is shown at once; other formats have them all.
SHOWN = 200


def message(finding: Finding, lang: Lang = "ru") -> str:
    """What is wrong, where, what was expected and, on the last line, what to do: a head line, then lines set in.

    A code that is not listed is shown with its details; nothing is raised.
    """
    return "\n".join([headline(finding, lang), *_indented(finding, lang)])


def headline(finding: Finding, lang: Lang = "ru") -> str:
    """Code, name, severity and place of a finding, on one line."""
    severity = SEVERITIES[finding.severity][0 if lang == "ru" else 1]
    code = f"{finding.code} {CODES.get(finding.code, '')}".rstrip()
    return "   ".join([code, f"({severity})", *_where(finding.place, lang)])


@dataclass(frozen=True, slots=True)
class Said:
    """What a finding says: sentences about what is wrong, and one text of what to do ("" for a code not listed)."""

    what: tuple[str, ...]
    to_do: str


def say(finding: Finding, lang: Lang = "ru") -> Said:
    """The sentences of a finding in one language, without its code and place."""
    texts = _texts(lang).get(finding.code)
    if texts is None:
        return Said(tuple(f"{name}: {value}" for name, value in finding.details.items()), "")
    lines = fill(texts[1:], _known(finding), lang)
    what = tuple(line for line in lines if not line.startswith(TO_DO))
    to_do = " ".join(line.removeprefix(TO_DO) for line in lines if line.startswith(TO_DO))
    return Said(what or (texts[0] + ".",), to_do)


def render_findings(findings: Iterable[Finding], lang: Lang = "ru") -> str:
    """Messages, each with the line of the pack's file that it is about, and how many there are in all; "" for none."""
    listed = list(findings)
    if not listed:
        return ""
    errors = sum(1 for finding in listed if finding.severity == "error")
    nouns = {
        "ru": (("ошибка", "ошибки", "ошибок"), ("предупреждение", "предупреждения", "предупреждений")),
        "en": (("error", "errors"), ("warning", "warnings")),
    }[lang]
    numbers = zip((errors, len(listed) - errors), nouns, strict=True)
    total = ", ".join(count(n, forms, lang) for n, forms in numbers if n)
    excerpts = Excerpts()
    shown = [
        "\n".join([headline(finding, lang), *excerpts.of(finding), *_indented(finding, lang)])
        for finding in listed[:SHOWN]
    ]
    if len(listed) > SHOWN:
        shown.append(f"Показаны первые {SHOWN}." if lang == "ru" else f"The first {SHOWN} are shown.")
    return "\n\n".join([*shown, total + "."])


def title(code: str, lang: Lang = "ru") -> str:
    """What a code says, in a few words: a heading of the page of errors."""
    return _texts(lang)[code][0]


def quantity(value: str, unit: str | None, lang: Lang = "ru") -> str:
    """A number with its unit, as readers write it: «30 %», «1 балл», «0,5»."""
    forms = UNIT_FORMS.get(unit or "")
    shown = number(value, lang)
    if forms is None:
        return shown
    nouns = forms[0 if lang == "ru" else 1]
    whole = shown.lstrip("\u2212").replace("\u00a0", "").replace(",", "" if lang == "en" else ",")
    few = 1 if lang == "ru" else -1  # a fraction takes the second form: 0,5 балла
    return f"{shown}\u00a0{plural(int(whole), nouns, lang) if whole.isdecimal() else nouns[few]}"


#: The first part of the names of the modules that hold the texts of codes: `form_ru`, `form_en` …
_FAMILIES = (
    "form", "meaning", "data", "workbooks", "plugins", "lint", "logic", "versions", "scaffold", "fixes", "whatif", "cases",
    "sheets", "reports", "years", "machine", "stored", "spark",
)  # fmt: skip


@cache
def _texts(lang: Lang) -> dict[str, tuple[str, ...]]:
    """code -> its title, then its lines. Read only when something is wrong."""
    texts: dict[str, tuple[str, ...]] = {}
    for family in _FAMILIES:
        texts.update(import_module(f"shsnor.wording.{family}_{lang}").TEXTS)
    return texts


def _indented(finding: Finding, lang: Lang) -> list[str]:
    said = say(finding, lang)
    do = said.to_do[:1].lower() + said.to_do[1:] if said.to_do[1:2].islower() else said.to_do
    lead = "Что сделать: " if lang == "ru" else "What to do: "
    return [f"  {line}" for line in (*said.what, *([lead + do] if do else []))]


def _known(finding: Finding) -> dict[str, Any]:
    """What fills the gaps of a text: the details, and what the place itself says."""
    place = {
        "value": finding.place.value,
        "field": finding.place.field,
        "table": finding.place.table,
        "path": finding.place.file,
    }
    return {**{name: value for name, value in place.items() if value is not None}, **finding.details}


def _where(place: Place, lang: Lang) -> list[str]:
    file = ":".join(str(part) for part in (place.file, place.line, place.column) if part is not None)
    words = ("таблица", "строка", "столбец") if lang == "ru" else ("table", "row", "column")
    # of a workbook the address of the cell tells the row
    parts = zip(words, (place.table, None if place.cell else place.row, place.field), strict=True)
    cell = ", ".join(f"{word} {part}" for word, part in parts if part is not None)
    return [part for part in (file, place.cell, cell, place.key) if part]
