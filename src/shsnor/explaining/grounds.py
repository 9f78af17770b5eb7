"""Why a flag is raised, in one paragraph: the conditions that are met, with value, threshold and clause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shsnor.explaining.sentences import Sayer
from shsnor.outcomes.items import Items
from shsnor.wording import explanations as words
from shsnor.wording.phrases import Lang

if TYPE_CHECKING:
    from shsnor.explaining.explanation import FlagExplanation
    from shsnor.explaining.tree import ExplanationNode


def because(flag: FlagExplanation, items: Items, lang: Lang = "ru") -> str:
    """Why the flag is raised; "" where it is not. Its rule must be there whole (`explain_each(whole=True)`)."""
    row, say = flag.row, Sayer(items, lang)
    if row.verdict != "met":
        return ""
    if row.decided_by:
        said = [words.flag_verdict(verdict, lang) for verdict in (row.verdict, row.computed)]
        parts = [words.say("decided", lang, role=row.decided_by, verdict=said[0], computed=said[1])]
        if row.decision_reason:
            parts.append(words.say("decision_reason", lang, reason=row.decision_reason))
    else:
        parts = list(_grounds(list(_met(flag.rule)), say, lang))
        if (counted := _counted(flag.rule)) is not None:
            parts.append(say.statement(counted))
    source = words.say("source", lang, source=row.clause)
    if row.clause and not any(part.casefold().endswith(source.casefold()) for part in parts):
        parts.append(source)
    return " ".join(f"{part[:1].upper()}{part[1:].removesuffix('.')}." for part in parts if part)


def _met(nodes: tuple[ExplanationNode, ...]) -> Iterator[ExplanationNode]:
    """What the verdict rests on: of what is met, the parts that compare something or that an expert decided."""
    for node in nodes:
        if node.verdict != "met":
            continue
        decided = node.decided_by and not node.decided_by.startswith("missing")
        below = () if decided or node.node in ("leaf", "not") else node.children
        if below:
            yield from _met(below)
        else:
            yield node


def _grounds(nodes: list[ExplanationNode], say: Sayer, lang: Lang) -> Iterator[str]:
    """«показатель: ячейка — значение; ячейка — значение; порог; пункт», one for what shares name, threshold and clause."""
    fresh = [node for node in nodes if not node.repeated] or nodes
    groups: dict[tuple[str, str, str], list[str]] = {}
    for node in fresh:
        leaf = node.node == "leaf"
        name = node.label if leaf else say.statement(node) or node.label
        held = say.value(node) if leaf else say.verdict(node) if node.decided_by else ""
        cell = words.cell(node.dimensions, lang)
        key = (name, say.threshold(node) if leaf else "", node.clause)
        groups.setdefault(key, []).append(" — ".join(part for part in (cell, held) if part))
    for (name, threshold, clause), cells in groups.items():
        found = "; ".join(dict.fromkeys(cell for cell in cells if cell))
        source = words.say("source", lang, source=clause) if clause else ""
        said = (f"{name}: {found}" if found else name, threshold, source[:1].lower() + source[1:])
        yield "; ".join(part for part in said if part)


def _counted(nodes: tuple[ExplanationNode, ...]) -> ExplanationNode | None:
    """The one condition that asks for so many of several, if nothing stands beside it."""
    while len(nodes) == 1 and not nodes[0].decided_by:
        if nodes[0].node in ("quantifier", "of"):
            return nodes[0]
        nodes = nodes[0].children
    return None
