"""Grounds that say nothing: a reason or a clause for form's sake, a draft quoted as what is in force."""

from __future__ import annotations

import re

from shsnor.checking.subject import Subject

#: What is written where something has to be written.
_EMPTY_REASONS = frozenset({
    "так", "так надо", "так нужно", "так решили", "так решено", "решили так", "решено нами", "выбор автора", "выбор авторов",
    "предположение", "допущение", "потому что", "потому", "надо", "нужно", "уточнить", "позже", "по умолчанию", "см выше",
    "см ниже", "не знаю", "неизвестно", "нет", "причина", "без причины", "assumed", "todo", "tbd", "fixme", "because",
})  # fmt: skip
_EMPTY_CLAUSES = frozenset(
    {"нет", "без пункта", "не указан", "не указано", "неизвестно", "пункт", "уточнить", "todo", "tbd"}
)


def ask(subject: Subject) -> None:
    """Warnings SH810 and SH814."""
    drafts = {name for name, source in subject.pack.document.sources.items() if source.status == "draft"}
    active = subject.pack.head.status == "active"
    for section, name, item in subject.items():
        source, path = item.source, f"{section}/{name}/source"
        words = _words(source.because or "")
        if source.basis == "assumed" and (len(words) < 4 or words in _EMPTY_REASONS | {_words(item.label)}):
            subject.warn("SH810", f"{path}/because", what="because", text=source.because)
        clause = _words(source.clause)
        if source.basis == "stated" and (not clause or clause in _EMPTY_CLAUSES):
            subject.warn("SH810", f"{path}/clause", what="clause", text=source.clause)
        if active and source.basis == "stated" and source.document in drafts:
            subject.warn("SH814", f"{path}/basis", document=source.document)


def _words(text: str) -> str:
    """Letters and digits only, in small letters, one space between words."""
    return " ".join(re.findall(r"\w+", text.lower()))
