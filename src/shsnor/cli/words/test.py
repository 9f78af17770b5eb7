from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "test.passed": ("да ", "ok  "),
    "test.failed": ("НЕТ", "FAIL"),
    "test.difference": (
        "{entity} · {item}{cell}: ожидалось {expected}, получено {got}",
        "{entity} · {item}{cell}: expected {expected}, got {got}",
    ),
    "test.no_cell": ("такой ячейки нет", "there is no such cell"),
    "test.no_entity": ("такого объекта нет", "there is no such entity"),
    "test.nothing": ("ничего", "nothing"),
    "test.none": (
        "У пакета {id} нет примеров: папка {folder} пуста или её нет.",
        "Pack {id} has no cases: {folder} is empty or missing.",
    ),
    "test.summary": (
        "Примеров: {all}, выполнено: {passed}, не выполнено: {failed}.",
        "Cases: {all}, passed: {passed}, failed: {failed}.",
    ),
    "test.coverage": (
        "Что показано примерами (своё у пакета, без базового):",
        "What the cases show of the pack's own items:",
    ),
    "test.covered.criteria": (
        "критерии: выполнен, не выполнен, неизвестен",
        "criteria: met, not met, unknown",
    ),
    "test.covered.thresholds": ("пороги с обеих сторон", "both sides of thresholds"),
    "test.covered.flags": ("признаки: присвоен, нет, неизвестен", "flags: raised, not, unknown"),
    "test.covered.labels": ("метки кластеров", "labels of clusters"),
    "test.covered.measures": ("меры: рекомендована и нет", "measures: recommended and not"),
    "test.of": ("{n} из {all}", "{n} of {all}"),
    "test.not_shown": ("Не показано:", "Not shown:"),
    "test.verdict.met": ("выполнен", "met"),
    "test.verdict.not_met": ("не выполнен", "not met"),
    "test.verdict.unknown": ("неизвестен", "unknown"),
    "test.missing.criteria": ("ни в одном примере критерий не {what}", "in no case is the criterion {what}"),
    "test.missing.thresholds": (
        "нет примера по эту сторону порога: {what}",
        "no case on this side of the threshold: {what}",
    ),
    "test.missing.flags": ("ни в одном примере признак не {what}", "in no case is the flag {what}"),
    "test.missing.labels": ("ни в одном примере нет метки {what}", "in no case is the label {what}"),
    "test.missing.measures": (
        "ни в одном примере условие меры не {what}",
        "in no case is the measure's condition {what}",
    ),
    "test.no_score": (
        "Изменения пакета не проверены: сначала должны выполняться все примеры.",
        "Changes of the pack were not tried: first all cases must pass.",
    ),
    "test.score": (
        "Изменения пакета, замеченные примерами: {percent} % ({noticed} из {all}).",
        "Changes of the pack that cases notice: {percent} % ({noticed} of {all}).",
    ),
    "test.accepted": (
        "Не считаются: {n} — по словам автора, они ничего не меняют (tests/accepted.yaml).",
        "Not counted: {n}, which make no difference, as the author says (tests/accepted.yaml).",
    ),
    "test.invalid": (
        "Не считаются: {n} — с ними пакет не работает.",
        "Not counted: {n}, with which the pack does not work.",
    ),
    "test.missed": (
        "Не замечены ни одним примером (добавьте пример, который без этого не выполняется):",
        "Noticed by no case (add one that does not hold without this):",
    ),
    "test.change.threshold": ("число {before} заменено на {after}", "number {before} made {after}"),
    "test.change.comparison": ("«{before}» заменено на «{after}»", "“{before}” made “{after}”"),
    "test.change.negated": ("условие «{before}» обращено", "condition “{before}” turned round"),
    "test.change.dropped": ("убрано «{before}»", "“{before}” dropped"),
    "test.change.met_in": ("«в скольких случаях» {before} заменено на {after}", "met in {before} made {after}"),
    "test.change.missing": ("убрано «missing: {before}»", "“missing: {before}” dropped"),
    "test.change.swapped": ("строки {before} и {after} поменялись местами", "rows {before} and {after} swapped"),
}
