"""What is said of cases: what differs, what they show, which changes of a pack they notice; in Russian and English."""

from __future__ import annotations

from shsnor.wording.phrases import Lang

TEXTS: dict[str, tuple[str, str]] = {
    "passed": ("да ", "ok  "),
    "failed": ("НЕТ", "FAIL"),
    "difference": (
        "{entity} · {item}{cell}: ожидалось {expected}, получено {got}",
        "{entity} · {item}{cell}: expected {expected}, got {got}",
    ),
    "no_cell": ("такой ячейки нет", "there is no such cell"),
    "no_entity": ("такого объекта нет", "there is no such entity"),
    "none": (
        "У пакета {id} нет примеров: папка {folder} пуста или её нет.",
        "Pack {id} has no cases: {folder} is empty or missing.",
    ),
    "summary": (
        "Примеров: {all}, выполнено: {passed}, не выполнено: {failed}.",
        "Cases: {all}, passed: {passed}, failed: {failed}.",
    ),
    "coverage": (
        "Что показано примерами (своё у пакета, без базового):",
        "What the cases show of the pack's own items:",
    ),
    "covered.criteria": ("критерии: выполнен, не выполнен, неизвестен", "criteria: met, not met, unknown"),
    "covered.thresholds": ("пороги с обеих сторон", "both sides of thresholds"),
    "covered.flags": ("признаки: присвоен, нет, неизвестен", "flags: raised, not, unknown"),
    "covered.labels": ("метки кластеров", "labels of clusters"),
    "covered.measures": ("меры: рекомендована и нет", "measures: recommended and not"),
    "of": ("{n} из {all}", "{n} of {all}"),
    "not_shown": ("Не показано:", "Not shown:"),
    "accepted_sides": ("не показано по словам автора: {n}", "not shown, as the author says: {n}"),
    "criteria.met": ("выполнен", "met"),
    "criteria.not_met": ("не выполнен", "not met"),
    "criteria.unknown": ("неизвестен", "unknown"),
    "flags.met": ("присвоен", "raised"),
    "flags.not_met": ("не присвоен", "not raised"),
    "flags.unknown": ("неизвестен", "unknown"),
    "thresholds.met": ("выполнено", "met"),
    "thresholds.not_met": ("не выполнено", "not met"),
    "measures.met": ("выполнено", "met"),
    "measures.not_met": ("не выполнено", "not met"),
    "missing.criteria": ("нет примера, где критерий {what}", "no case where the criterion is {what}"),
    "missing.thresholds": (
        "нет примера по одну сторону порога: где условие {what}",
        "no case on one side of the threshold: where the condition is {what}",
    ),
    "missing.flags": ("нет примера, где признак {what}", "no case where the flag is {what}"),
    "missing.labels": ("нет примера с меткой {what}", "no case with the label {what}"),
    "missing.measures": (
        "нет примера, где условие меры {what}",
        "no case where the condition of the measure is {what}",
    ),
    "score": (
        "Изменения пакета, замеченные примерами: {percent} % ({noticed} из {all}).",
        "Changes of the pack that cases notice: {percent} % ({noticed} of {all}).",
    ),
    "no_score": (
        "Изменения пакета не проверены: сначала должны выполняться все примеры.",
        "Changes of the pack were not tried: first all cases must pass.",
    ),
    "accepted": (
        "Не считаются: {n} — по словам автора, они ничего не меняют (tests/accepted.yaml).",
        "Not counted: {n}, which make no difference, as the author says (tests/accepted.yaml).",
    ),
    "invalid": (
        "Не считаются: {n} — с ними пакет не работает.",
        "Not counted: {n}, with which the pack does not work.",
    ),
    "missed": (
        "Не замечены ни одним примером (добавьте пример, который без этого не выполняется):",
        "Noticed by no case (add one that does not hold without this):",
    ),
    "change.threshold": ("число {before} заменено на {after}", "number {before} made {after}"),
    "change.comparison": ("«{before}» заменено на «{after}»", "“{before}” made “{after}”"),
    "change.negated": ("условие «{before}» обращено", "condition “{before}” turned round"),
    "change.dropped": ("убрано «{before}»", "“{before}” dropped"),
    "change.met_in": ("«в скольких случаях» {before} заменено на {after}", "met in {before} made {after}"),
    "change.missing": ("убрано «missing: {before}»", "“missing: {before}” dropped"),
    "change.swapped": ("строки {before} и {after} поменялись местами", "rows {before} and {after} swapped"),
}


def case_text(key: str, lang: Lang, **fields: object) -> str:
    """A text about cases with its fields filled in."""
    ru, en = TEXTS[key]
    return (ru if lang == "ru" else en).format(**fields)
