"""Items and findings -> sentences in Russian and English: the only place with prose, keyed by code."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from shsnor.errors import Finding, Place
from shsnor.wording.codes import CODES
from shsnor.wording.phrases import Lang, count, fill, number, plural
from shsnor.wording.terms import (
    BASIS,
    COMPARISONS,
    LEVELS,
    REASONS,
    SECTIONS,
    STATUSES,
    UNIT_FORMS,
    UNITS,
    VERDICTS,
    term,
)

__all__ = [
    "CODES", "message", "render_findings", "title",
    "Lang", "count", "number", "plural", "quantity", "term",
    "BASIS", "COMPARISONS", "LEVELS", "REASONS", "SECTIONS", "STATUSES", "UNITS", "UNIT_FORMS", "VERDICTS",
]  # fmt: skip


def message(finding: Finding, lang: Lang = "ru") -> str:
    """What is wrong, where, what was expected and what to do: a head line, then lines set in by two spaces.

    A code that is not listed is shown with its details; nothing is raised.
    """
    head = [f"{finding.code} {CODES.get(finding.code, '')}".rstrip()]
    if finding.severity == "warning":
        head.append("(предупреждение)" if lang == "ru" else "(warning)")
    head += _where(finding.place, lang)
    return "\n".join(["   ".join(head), *(f"  {line}" for line in _lines(finding, lang))])


def render_findings(findings: Iterable[Finding], lang: Lang = "ru") -> str:
    """All messages, a blank line between them, and how many there are; "" where there are none."""
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
    return "\n\n".join([*(message(finding, lang) for finding in listed), total + "."])


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


@cache
def _texts(lang: Lang) -> dict[str, tuple[str, ...]]:
    """code -> its title, then its lines. Read only when something is wrong."""
    if lang == "ru":
        from shsnor.wording import data_ru, pack_ru, plugins_ru

        return {**pack_ru.TEXTS, **data_ru.TEXTS, **plugins_ru.TEXTS}
    from shsnor.wording import data_en, pack_en, plugins_en

    return {**pack_en.TEXTS, **data_en.TEXTS, **plugins_en.TEXTS}


def _lines(finding: Finding, lang: Lang) -> list[str]:
    texts = _texts(lang).get(finding.code)
    if texts is None:
        return [f"{name}: {value}" for name, value in finding.details.items()]
    place = {
        "value": finding.place.value,
        "field": finding.place.field,
        "table": finding.place.table,
        "path": finding.place.file,
    }
    known = {**{name: value for name, value in place.items() if value is not None}, **finding.details}
    return fill(texts[1:], known, lang) or [texts[0] + "."]


def _where(place: Place, lang: Lang) -> list[str]:
    file = ":".join(str(part) for part in (place.file, place.line, place.column) if part is not None)
    words = ("таблица", "строка", "столбец") if lang == "ru" else ("table", "row", "column")
    parts = zip(words, (place.table, place.row, place.field), strict=True)
    cell = ", ".join(f"{word} {part}" for word, part in parts if part is not None)
    return [part for part in (file, cell, place.key) if part]
