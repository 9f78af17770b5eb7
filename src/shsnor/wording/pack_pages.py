"""The frame of a pack that is told: headings, the table of its basis, the clauses of its documents."""

from __future__ import annotations

from shsnor.wording.phrases import Lang
from shsnor.wording.terms import UNITS, term

#: key -> Russian, English.
_TEXTS: dict[str, tuple[str, str]] = {
    # sections
    "flags": ("Признаки (категории школ)", "Flags (categories of schools)"),
    "clusters": ("Кластеры", "Clusters"),
    "criteria": ("Критерии", "Criteria"),
    "indicators": ("Показатели", "Indicators"),
    "parameters": ("Пороги и прочтения", "Thresholds and readings"),
    "measures": ("Меры поддержки", "Support measures"),
    "peers": ("Подбор похожих и партнёрских школ", "Like schools and partners"),
    "tasks": ("Строки документа, которые не вычисляются", "Rows of the document that are not computed"),
    "retired": ("Снятые элементы", "Items taken out"),
    # head
    "version": ("Пакет {id}, версия {version}", "Pack {id}, version {version}"),
    "on_date": ("Пороги и прочтения — на {date}", "Thresholds and readings as of {date}"),
    "region": ("Регион: {region}", "Region: {region}"),
    "draft": ("Состояние: проект", "Status: draft"),
    "active": ("Состояние: действует", "Status: active"),
    "retired_pack": (
        "Состояние: снят, по нему считают только прошлое",
        "Status: retired, only the past is evaluated by it",
    ),
    "valid_from": ("действует с {date}", "in force from {date}"),
    "valid_to": ("действует по {date}", "in force to {date}"),
    "engine": ("Работает с shsnor {engine}", "Works with shsnor {engine}"),
    "extends": ("Дополняет пакет {pack}", "Extends the pack {pack}"),
    "basis_short": (
        "Собственных элементов: {all}. Сказано в документах: {stated} ({stated_share}\u00a0%), следует из них: {derived} "
        "({derived_share}\u00a0%), выбор автора пакета: {assumed} ({assumed_share}\u00a0%)",
        "Items of its own: {all}. Stated by the documents: {stated} ({stated_share}%), derived: {derived} "
        "({derived_share}%), assumed by the author: {assumed} ({assumed_share}%)",
    ),
    # an item
    "not_in_force": ("На {date} не действует", "Not in force on {date}"),
    "formula": ("Формула: {text}", "Formula: {text}"),
    "unit": ("Единица: {unit}", "Unit: {unit}"),
    "higher": ("больше — лучше", "higher is better"),
    "lower": ("меньше — лучше", "lower is better"),
    "source": ("Основание: {where} — {basis}", "Source: {where}: {basis}"),
    "clause": ("пункт {clause}", "clause {clause}"),
    "because": ("Почему: {because}", "Why: {because}"),
    "note": ("Пояснение: {note}", "Note: {note}"),
    "override": ("Вместо элемента базового пакета: {reason}", "In place of the base pack's item: {reason}"),
    "origin": ("Из базового пакета {pack}", "From the base pack {pack}"),
    "code": ("номер строки {code}", "row {code}"),
    # basis
    "basis_title": ("На чём стоит пакет", "What the pack stands on"),
    "basis_section": ("Раздел", "Section"),
    "basis_stated": ("сказано", "stated"),
    "basis_derived": ("следует", "derived"),
    "basis_assumed": ("выбор автора", "assumed"),
    "basis_all": ("всего", "all"),
    "basis_total": ("Весь пакет (своё)", "The pack itself"),
    "basis_inherited": ("Из базового пакета {pack}", "From the base pack {pack}"),
    "basis_key": (
        "сказано — стоит в документе; следует — выводится из него; выбор автора — документ об этом молчит",
        "stated: the document says it; derived: it follows; assumed: the document is silent, the author chose",
    ),
    "assumed_title": ("Что выбрал автор пакета и почему", "What the pack's author chose, and why"),
    "assumed_none": ("Автор пакета ничего не выбирал сам.", "The pack's author chose nothing."),
    # clauses
    "order_title": ("Пункты документов", "Clauses of the documents"),
    "order_covered": (
        "Пунктов в перечне: {all}; пакет держит: {covered}, не держит: {left}",
        "Clauses listed: {all}; the pack covers {covered}, leaves out {left}",
    ),
    "order_unlisted_document": (
        "Перечня пунктов этого документа в пакете нет, поэтому чего пакет не держит, сказать нельзя. Пункты, на которых стоят "
        "элементы:",
        "The pack does not list the clauses of this document, so what it leaves out cannot be told. Clauses that items "
        "stand on:",
    ),
    "order_others": (
        "Ещё документы, названные в базовом пакете: {titles}",
        "Other documents, named by the base pack: {titles}",
    ),
    "order_missing": ("Пакет не держит:", "The pack leaves out:"),
    "order_all": ("Пакет держит все пункты перечня.", "The pack covers every clause of the list."),
    "order_strange": (
        "Ссылки на пункты, которых в перечне нет:",
        "Clauses that items name and the list does not have:",
    ),
    "order_below": ("через подпункты", "by what lies below it"),
    "order_none": ("ни один элемент", "no item"),
    "clause_uncovered": (
        "Пункт есть в перечне, но ни один элемент пакета на нём не стоит.",
        "The clause is listed, and no item of the pack stands on it.",
    ),
    # retired
    "was": ("{id} — был «{was}»", "{id}: it was '{was}'"),
    "gone": ("Снят: {because}", "Taken out: {because}"),
    "gone_since": ("Снят с {date}: {because}", "Taken out since {date}: {because}"),
    "instead": ("Вместо него: {item}", "In its place: {item}"),
    # pages of a site
    "packs_title": ("Пакеты показателей", "Indicator packs"),
    "packs_intro": (
        "Пакет — порядок региона, записанный данными: показатели, критерии, признаки, кластеры, меры. Эти страницы сделаны из "
        "самих пакетов (`shsnor pack pages`): у каждого элемента — предложение, формула, порог с датами, пункт документа и "
        "пример с данными. Список школ по пакету — повод помочь, а не место в рейтинге.",
        "A pack is a region's order as data: indicators, criteria, flags, clusters, measures. These pages are made out of the "
        "packs themselves (`shsnor pack pages`): each item with its sentence, formula, dated threshold, clause and example. "
        "A list of schools by a pack is a reason to help, not a league table.",
    ),
    "packs_columns": (
        "Пакет | Что он держит | Своих элементов",
        "Pack | What it holds | Items of its own",
    ),
    "page_title": ("{section} пакета {pack}", "{section} of the pack {pack}"),
    "page_of": ("Пакет [{title}](index.md)", "Pack [{title}](index.md)"),
    "contents": ("Что здесь есть", "What is here"),
    "contents_columns": ("Раздел | Своих | Из базового пакета", "Section | Its own | From the base pack"),
    "from_base": ("Из пакета {pack}", "From the pack {pack}"),
    "from_base_intro": (
        "Эти элементы пакет берёт как есть; где он заменил порог или показатель, на который они опираются, действует его "
        "значение.",
        "The pack takes these items as they are; where it replaced a threshold or an indicator under them, its own holds.",
    ),
    "used_in": ("Где используется: {items}", "Used by: {items}"),
    "basis_page": ("На чём стоит пакет", "What the pack stands on"),
    "order_page": ("Пункты документов", "Clauses of the documents"),
    "changes_page": ("Изменения", "Changes"),
    "examples_columns": ("Пример | Данные | Что выходит", "Example | Data | What comes out"),
    "example_more": ("и ещё строк: {n}", "and more rows: {n}"),
    "example_others": ("и строк других, с кем сравнивают: {n}", "and rows of others to compare with: {n}"),
    "example_no_rows": ("строк данных нет", "no rows of data"),
    "example_row": ("строка есть", "there is a row"),
    "example_parameter": ("при {parameter} = {value}", "with {parameter} = {value}"),
    "example_decision": ("решение эксперта — {item}: {verdict}", "the expert's decision, {item}: {verdict}"),
    "example_without": ("без процедур: {procedures}", "without: {procedures}"),
    "example_as_of": ("расчёт на {date}", "evaluated as of {date}"),
    "example_year": ("расчёт за {date} год", "evaluated for {date}"),
    "example_flag_met": ("признак присвоен", "raised"),
    "example_flag_not_met": ("признак не присвоен", "not raised"),
    "example_flag_unknown": ("неизвестно", "unknown"),
    "example_measure_met": ("мера рекомендуется", "recommended"),
    "example_measure_not_met": ("мера не рекомендуется", "not recommended"),
    "example_measure_unknown": ("не решено: условие неизвестно", "undecided: the condition is unknown"),
    "example_no_peers": ("никто не подошёл", "nobody fits"),
    "changes": ("Изменения", "Changes"),
    "changes_none": (
        "Списка изменений (CHANGELOG.md) у пакета нет.",
        "The pack has no list of changes (CHANGELOG.md).",
    ),
}

#: A clause that is a number or letters and numbers is called «пункт»; words and quotations stand as they are.
_NUMBER = "0123456789IVXivx"


def say(key: str, lang: Lang, **gaps: object) -> str:
    """The text of that key with its gaps filled in."""
    return _TEXTS[key][0 if lang == "ru" else 1].format(**gaps)


def clause(text: str, lang: Lang) -> str:
    """«пункт 1.1» for a numbered clause, the words of another as they are."""
    return say("clause", lang, clause=text) if text[:1] in _NUMBER and text[:1] else text


def unit(name: str, better: str, lang: Lang) -> str:
    """«Единица: %, меньше — лучше»."""
    said = say("unit", lang, unit=term(name, lang, UNITS))
    return f"{said}, {say(better, lang)}" if better else said
