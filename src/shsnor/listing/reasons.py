"""The sheets «Список» and «Причины»: who is flagged, and why, out of the explanations of the flagged entities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shsnor.explaining import Explanation, ExplanationNode, FlagExplanation, because, explain_each
from shsnor.explaining.sentences import Sayer
from shsnor.listing.shown import FROZEN, PLACE, Dimensions, Key, Shown, amount, basis_word
from shsnor.progress import Progress
from shsnor.sheets import Cell, Column, Sheet
from shsnor.wording import explanations as words
from shsnor.wording import listing as said
from shsnor.wording.phrases import number
from shsnor.wording.stages import LISTING
from shsnor.wording.terms import VERDICTS, term

#: Of more entities than these, the unknown flags are counted, not explained.
MOST_EXPLAINED = 10_000

LIST, REASONS = "Список", "Причины"

_LIST_COLUMNS = (
    *PLACE,
    Column("Признак", "text", width=24),
    Column("Почему", "long", width=80),
    Column("Группы", "text", width=24, note="Кластеры, к которым отнесена школа."),
    Column("Пункт документа", "text", width=18),
    Column(
        "Есть допущение", "yes_no", width=13, note="Признак опирается и на выбор автора пакета, не только на документ."
    ),
    Column(
        "Только ВПР", "yes_no", width=10, note="Вывод держится только на ВПР: оценивать по ним работу школы нельзя."
    ),
    Column("Решил эксперт", "text", width=16, note="Роль того, чьё решение заменило вычисленный вывод."),
)


@dataclass
class Told:
    """The rows of the two sheets, and what could not be told."""

    listed: list[tuple[tuple[object, ...], tuple[Cell, ...]]] = field(default_factory=list)
    reasons: list[tuple[Cell, ...]] = field(default_factory=list)
    unknown_left_out: bool = False


def list_and_reasons(shown: Shown, most: int | None, progress: Progress) -> tuple[Sheet, Sheet, bool]:
    """The two sheets, and whether unknown flags were left out of the second because there are too many.

    most   rows, beyond which reasons are no longer kept; None: all are
    """
    dimensions = Dimensions(shown.outcome.criterion_results)
    told = Told()
    for key, explanation in _explanations(shown, told, progress):
        place, say = shown.place(key), Sayer(explanation.items, "ru")
        groups = "; ".join(c.row.title or c.row.label for c in explanation.clusters if c.row.label)
        for flag in explanation.flags:
            if flag.row.verdict == "met":
                order = (shown.items.position(flag.row.flag, "flags"), *shown.order(key))
                told.listed.append((order, (*place, *_listed(flag, explanation, groups))))
            for node in _of_consequence(flag) if most is None or len(told.reasons) <= most else ():
                told.reasons.append((*place, *_reason(flag, node, explanation, say, dimensions)))
    told.listed.sort(key=lambda row: row[0])
    lines = (said.LIST_HEAD, said.INTERNAL, said.LIST_ORDER) + (() if told.listed else (said.NO_FLAGS,))
    rows = [row for _, row in told.listed]
    return (
        Sheet(LIST, _LIST_COLUMNS, rows, lines, FROZEN),
        Sheet(REASONS, _reason_columns(dimensions), told.reasons, frozen=FROZEN),
        told.unknown_left_out,
    )


def flagged(shown: Shown, *verdicts: str) -> set[Key]:
    """The entities shown that have a flag with one of these verdicts; what does not apply is not unknown."""
    rows = (row for verdict in verdicts for row in shown.outcome.flags.rows(verdict=verdict))
    keys = {(row.level, row.entity) for row in rows if not words.is_vacant(row.reason)}
    return keys & shown.entities.keys()


def _explanations(shown: Shown, told: Told, progress: Progress) -> Iterator[tuple[Key, Explanation]]:
    """The explanations of the flagged, and of the unknown where they are not too many."""
    keys = flagged(shown, "met", "unknown")
    if len(keys) > MOST_EXPLAINED:
        told.unknown_left_out = True
        keys = flagged(shown, "met")
    done = 0
    for level, codes in shown.by_level(keys):
        for explanation in explain_each(shown.outcome, codes, whole=True):
            progress(LISTING, done, len(keys))
            done += 1
            if explanation.entity.level == level:  # else a code is one of two levels, and the other was found
                yield (level, explanation.entity.entity), explanation


def _listed(flag: FlagExplanation, explanation: Explanation, groups: str) -> tuple[Cell, ...]:
    row = flag.row
    told = because(flag, explanation.items)
    return row.label, told, groups, row.clause, row.assumed, row.vpr_only, row.decided_by


def _of_consequence(flag: FlagExplanation) -> Iterator[ExplanationNode]:
    """What a raised flag was concluded from; of an unknown one what is missing."""
    if flag.row.verdict == "unknown" and not words.is_vacant(flag.row.reason):
        yield from flag.gaps()
    elif flag.row.verdict == "met":
        for root in flag.rule:
            for node in root.walk():
                wrapping = node.node in ("item", "flag", "choose") and node.children
                if not (node.vacant or wrapping or node.node == "value"):
                    yield node


def _reason_columns(dimensions: Dimensions) -> tuple[Column, ...]:
    return (
        *PLACE,
        Column("Признак", "text", width=30),
        Column("Признак присвоен", "text", width=14),
        Column("Условие", "text", width=34),
        *dimensions.columns,
        Column("Что сравнивается", "text", width=40),
        Column("Значение", "number"),
        Column("Из скольких", "text", width=18, note="Числитель и знаменатель, участники или состав группы."),
        Column("Сравнение", "text", width=14),
        Column("Порог", "number"),
        Column("Откуда порог", "text", width=34),
        Column("Вывод", "text", width=16),
        Column("Пояснение к выводу", "text", width=34),
        Column("Документ", "text", width=34),
        Column("Пункт", "text", width=18),
        Column("Основание", "text", width=18),
    )


def _reason(
    flag: FlagExplanation, node: ExplanationNode, explanation: Explanation, say: Sayer, dimensions: Dimensions
) -> tuple[Cell, ...]:
    leaf, items = node.node == "leaf", explanation.items
    verdict, full = term(node.verdict, "ru", VERDICTS), say.verdict(node)
    origin = words.origin(node.threshold_from, "ru", items.label, node.members, node.left_out) if leaf else ""
    return (
        flag.row.label,
        words.flag_verdict(flag.row.verdict, "ru"),
        items.label(node.item),
        *dimensions.cells(node.dimensions),
        node.label if leaf else say.statement(node),
        amount(node.value, node.unit, node.text) if leaf else None,
        _size(node) if leaf else "",
        words.comparison(node.comparison, "ru") if leaf else "",
        amount(node.threshold, node.unit, node.threshold_text) if leaf else None,
        origin or ("число в правиле" if node.threshold_from == "number" else ""),
        verdict,
        "" if full == verdict else full,
        node.document,
        node.clause,
        basis_word(node.basis),
    )


def _size(node: ExplanationNode) -> str:
    if node.numerator is not None and node.denominator is not None:
        return f"{number(node.numerator, 'ru')} из {number(node.denominator, 'ru')}"
    return words.many(node.participants, "participant", "ru") if node.participants is not None else ""
