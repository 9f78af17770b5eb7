"""`pack show`: a pack in plain sentences, its basis, the clauses of its documents."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import shsnor
from shsnor.describing import PackDescription, Sentence, describe_pack
from shsnor.describing.clauses import cited
from shsnor.host import find_functions
from shsnor.loading import load_pack, pack_folders
from shsnor.pack import Pack
from shsnor.standard import tables_of
from shsnor.wording.phrases import Lang
from tests.command import shsnor as command

PACKS = sorted(pack_folders())
SHOWN = Path(__file__).with_name("pack_shows")
RENEW = "SHSNOR_RENEW_SUMMARIES"

SMALL = """
format: 1
pack: {id: small, version: "1", title: Порядок района, status: active, valid: {from: 2020-01-01}}
sources:
  order:
    title: Приказ № 12
    clauses: {"1": Кто, "2": Признаки, "2.1": Низкие результаты, "3": Меры, "Приложение, 1": Пороги}
  letter: {title: Письмо}
tables:
  causes: {columns: {cause: {type: text, empty: error, label: Причина}}}
parameters:
  limit:
    label: Порог
    unit: percent
    values: {2020-01-01: 30, 2024-01-01: 25.5}
    source: {document: order, clause: "Приложение, 1", basis: stated}
  reading:
    {label: Прочтение, values: {2020-01-01: strict}, source: {document: order, clause: "2", basis: assumed, because: Неясно}}
indicators:
  kind: {label: Вид, unit: text, from: schools, value: kind, SOURCE}
  low:
    label: Доля низких
    unit: percent
    better: lower
    from: results
    where: "procedure = 'ОГЭ' and grade not in ('10', '11')"
    value: 100.0 * sum(coalesce(below_minimum, mark_2)) / sum(participants)
    by: [subject, year]
    cells: [{procedure: ОГЭ, grade: [8, 9], subject: [рус, мат], applies_to: teaches}]
    minimum: {participants: 5}
    SOURCE
  gap: {label: Отставание, unit: percent, value: low - region_low, SOURCE}
  region_low: {label: В регионе, unit: percent, value: low, among: region, combine: pooled, SOURCE}
  trend: {label: Наклон, unit: percent, value: low, over: [year], years: {last: 3}, combine: slope, SOURCE}
  flagged: {label: Доля школ, unit: percent, value: is_low, among: municipality, combine: share, SOURCE}
criteria:
  teaches: {label: Есть 9 класс, not: {indicator: kind, is: НОШ}, SOURCE}
  low_cell: {label: Низкий результат, indicator: low, at_least: $limit, SOURCE}
  is_low: {label: Низкие результаты, criterion: low_cell, over: [subject, year], years: {last: 2}, met_in: {at_least: 2}, SOURCE}
  worse:
    label: Ниже региона
    indicator: low
    more_than: {among: region, combine: mean}
    missing: leave_out
    over: [subject, year]
    years: {last: 1}
    met_in: every
    SOURCE
  points: {label: Баллы, of: {is_low: 2, teaches: 1}, met_in: {at_least: 2}, SOURCE}
  some: {label: Из трёх, of: [is_low, teaches, {not: points}], met_in: {at_least: 2}, SOURCE}
  in_group: {label: В группе, cluster: groups, is: weak, SOURCE}
flags:
  weak_results:
    label: Школа с низкими результатами
    when: {choose: $reading, options: {strict: {all: [is_low, worse]}, mild: {any: [is_low, worse]}}}
    applies_to: teaches
    source: {document: order, clause: "2.1", basis: derived}
clusters:
  groups:
    label: Группы
    first_match: [{id: weak, label: Слабые, when: weak_results}, {id: other, label: Остальные, otherwise: true}]
    SOURCE
measures:
  help:
    label: Помочь школе
    when: {all: [weak_results, some]}
    months: [9]
    responsible: [директор]
    source: {document: letter, clause: п. 3, basis: stated}
"""
SOURCE = 'source: {document: order, clause: "2", basis: stated}'


@cache
def pack(name: str) -> Pack:
    return load_pack(name)


@cache
def described(name: str, lang: Lang = "ru") -> PackDescription:
    return describe_pack(pack(name), as_of=2025, lang=lang)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "pack.yaml").write_text(SMALL.replace("SOURCE", SOURCE), encoding="utf-8")
    return tmp_path / "small"


def lines(told: PackDescription, item: str) -> list[str]:
    """The sentences of an item, each level set in by two spaces."""
    (found,) = told.find(item)
    return ["  " * depth + text for sentence in found.sentences for depth, text in sentence.lines(told.lang)]


@pytest.mark.parametrize("name", ["federal", "tver"])
def test_the_flags_of_a_pack_read_as_they_were_reviewed(name: str) -> None:
    from shsnor.describing import shown

    reviewed = SHOWN / f"{name}_flags.txt"
    told = shown(described(name), section="flags") + "\n"
    if os.environ.get(RENEW):
        SHOWN.mkdir(exist_ok=True)
        reviewed.write_text(told, encoding="utf-8", newline="\n")
    assert told == reviewed.read_text(encoding="utf-8"), (
        f"read each difference, then write it anew: `{RENEW}=1 pytest tests/test_show.py -k reviewed`"
    )


def texts(sentence: Sentence, lang: Lang) -> str:
    return "\n".join(text for _, text in sentence.lines(lang))


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("name", PACKS)
def test_every_item_of_a_shipped_pack_is_told_in_words(name: str, lang: Lang) -> None:
    told, items = described(name, lang), list(pack(name).items())
    readings = {value for item in pack(name).document.parameters.values() for value in item.values.values()}
    readings |= {option for _, _, item in items for option in (getattr(item, "options", None) or ())}
    readings |= set(find_functions())
    ids = {id for _, id, _ in items} | {column for table in tables_of(pack(name)).values() for column in table.columns}
    assert len(told.items) == len(items)
    for item in told.items:
        assert item.sentences or item.section == "tasks", item.id
        for sentence in item.sentences:
            text = texts(sentence, lang)
            assert "None" not in text and "{" not in text and not re.search(r"[:,] *$", text), text
            assert not re.search(r"не разобрано|not understood", text)
            raw = {word for word in re.findall(r"[a-z][a-z0-9_.]+", text) if "_" in word} & (ids - readings)
            assert not raw or lang == "en", f"{item.id}: {text}"
            for ref in sentence.refs():
                assert ref.label != ref.item, f"{item.id}: {ref}"


@pytest.mark.parametrize("name", PACKS)
def test_in_markdown_items_and_clauses_link_both_ways(name: str) -> None:
    page = described(name).markdown()
    anchors = re.findall(r'<a id="([^"]+)">', page)
    links = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert links <= set(anchors)
    assert len(anchors) == len(set(anchors))
    for item in described(name).items:
        assert item.anchor in anchors
    clauses = {anchor for anchor in anchors if anchor.startswith("clause-")}
    covered = {d.anchor(c) for d in described(name).documents for c in (*d.clauses, *d.unlisted) if c.items}
    assert covered <= links and covered <= clauses


def test_conditions_read_as_sentences(small: Path) -> None:
    told = describe_pack(load_pack(small), as_of=2022)
    assert lines(told, "teaches") == ["Верно, если «Вид» — не НОШ"]
    assert lines(told, "low_cell") == ["Верно, если «Доля низких» не меньше 30\u00a0% (порог «Порог»)"]
    assert lines(told, "is_low") == [
        "Верно, если «Низкий результат» — не меньше чем в 2 случаях за 2 последних года (случай — предмет и год)"
    ]
    assert lines(told, "worse") == [
        "Верно, если «Доля низких» больше, чем среднее по региону (если значение неизвестно, оно не учитывается) — "
        "по всем предметам за год расчёта"
    ]
    assert lines(told, "points") == [
        "Верно, если сумма баллов выполненных условий не меньше 2:", "  2\u00a0балла: «Низкие результаты»",
        "  1\u00a0балл: «Есть 9 класс»",
    ]  # fmt: skip
    assert lines(told, "some") == [
        "Верно, если выполнено не меньше 2 из 3 условий:", "  «Низкие результаты»", "  «Есть 9 класс»",
        "  не выполнено «Баллы»",
    ]  # fmt: skip
    assert lines(told, "in_group") == ["Верно, если в кластере «Группы» — «Слабые»"]
    assert lines(told, "help") == [
        "Рекомендуется, если выполнены все условия:", "  школа в категории «Школа с низкими результатами»",
        "  «Из трёх»", "Месяцы: сентябрь", "Отвечают: директор",
    ]  # fmt: skip


def test_a_flag_is_told_down_to_its_values_each_criterion_once(small: Path) -> None:
    told = describe_pack(load_pack(small), as_of=2024)
    worse = "«Доля низких» больше, чем среднее по региону (если значение неизвестно, оно не учитывается)"
    assert lines(told, "weak_results") == [
        "Школа относится к категории «Школа с низкими результатами», если по прочтению, которое выбирает «Прочтение»:",
        "  прочтение strict (действует): выполнены все условия:",
        "    «Низкие результаты»: «Низкий результат» — не меньше чем в 2 случаях за 2 последних года (случай — предмет и год):",
        "      «Доля низких» не меньше 25,5\u00a0% (порог «Порог»)",
        f"    «Ниже региона»: {worse} — по всем предметам за год расчёта",
        "  прочтение mild: выполнено хотя бы одно из условий:",
        "    «Низкие результаты» (сказано выше)",
        "    «Ниже региона» (сказано выше)",
        "Только для школ, где выполнено «Есть 9 класс»",
    ]


def test_indicators_read_as_sentences(small: Path) -> None:
    told = describe_pack(load_pack(small), as_of=2022)
    assert lines(told, "low") == [
        "Из таблицы «Результаты оценочных процедур»: сумма «Ниже минимума» (если пусто — «Отметок „2“») в процентах от "
        "суммы «Участников»",
        "Строки, где «Процедура» — ОГЭ и «Класс» — не 10, не 11",
        "Что должно быть в данных:", "  ОГЭ; 8 и 9\u00a0классы; рус и мат (только там, где «Есть 9 класс»)",
        "Отдельно для каждого: предмет, год", "Если «Участников» меньше 5, значение неизвестно: слишком мало",
    ]  # fmt: skip
    assert lines(told, "gap") == ["Считается так: «Доля низких» − «В регионе»"]
    assert lines(told, "region_low") == ["Среднее по всем участникам вместе «Доля низких» по региону"]
    assert lines(told, "trend") == ["Изменение в год (наклон прямой) «Доля низких» за 3 последних года"]
    assert lines(told, "flagged") == ["Доля школ, где выполнено «Низкие результаты» по муниципалитету, %"]
    (low,) = told.find("low")
    assert (low.formula, low.unit, low.better) == (
        "100.0 * sum(coalesce(below_minimum, mark_2)) / sum(participants)", "percent", "lower"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("mark_2 - (mark_3 - mark_4)", "«Отметок „2“» − («Отметок „3“» − «Отметок „4“»)"),
        ("(mark_2 + mark_3) * 2", "(«Отметок „2“» + «Отметок „3“») × 2"),
        ("100 * (mark_2 - mark_3) / mark_4", "(«Отметок „2“» − «Отметок „3“») в процентах от «Отметок „4“»"),
        ("50 + 100 * mark_2 / mark_4", "50 + («Отметок „2“» в процентах от «Отметок „4“»)"),
        ("sum(case when mark_2 > 1 then 1 else 0 end)", "число строк, где «Отметок „2“» > 1"),
        ("sum(case when mark_2 > 1 then mark_3 else 0 end)", "сумма «Отметок „3“» по строкам, где «Отметок „2“» > 1"),
        ("case when grade is null then 0 else 1 end", "0, если «Класс» не указано; иначе 1"),
        ("1.0 * sum(mark_2) / sum(mark_3)", "сумма «Отметок „2“» ÷ сумма «Отметок „3“»"),
    ],
)
def test_formulas_keep_their_meaning_in_words(formula: str, said: str) -> None:
    from shsnor.describing.formulas import Formula
    from shsnor.describing.names import Names

    names = Names(pack("federal"), date(2025, 1, 1), "ru", {})
    words = Formula("ru", lambda n: (names.quoted(names.column("results", n)),), names.parameter).words(formula)
    assert Sentence(words).text() == said


def test_thresholds_are_those_of_the_date(small: Path) -> None:
    loaded = load_pack(small)
    assert [describe_pack(loaded, as_of=year).find("limit")[0].value for year in (2019, 2022, 2025)] == [
        "", "30\u00a0%", "25,5\u00a0%",
    ]  # fmt: skip
    assert "порог «Порог», который ещё не действует" in lines(describe_pack(loaded, as_of=2019), "low_cell")[0]
    assert lines(describe_pack(loaded, as_of=2025), "limit")[:2] == [
        "С 01.01.2020 — 30\u00a0%", "С 01.01.2024 — 25,5\u00a0% (действует)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("1.1", ["1 1"]),
        ("План, 3.4 и 4.5", ["план 3 4", "план 4 5"]),
        ("1.1–1.3", ["1 1", "1 2", "1 3"]),
        ("Преамбула, 1–3; 1.1", ["преамбула 1", "преамбула 2", "преамбула 3", "1 1"]),
        ("1.2.1 (ежегодный анализ)", ["1 2 1"]),
        ("«по двум и более процедурам в 2024–2025 годах»", ["по двум и более процедурам в 2024 2025 годах"]),
    ],
)
def test_a_source_may_name_several_clauses(text: str, keys: list[str]) -> None:
    assert [" ".join(key) for key in cited(text)] == keys


def test_clauses_covered_and_left_out(small: Path) -> None:
    told = describe_pack(load_pack(small), as_of=2022)
    order, letter = told.documents
    assert [(c.clause, c.covered) for c in order.clauses] == [
        ("1", False), ("2", True), ("2.1", True), ("3", False), ("Приложение, 1", True),
    ]  # fmt: skip
    assert [item.id for item in order.clauses[2].items] == ["weak_results"]
    assert (letter.listed, [c.clause for c in letter.clauses]) == (False, ["п. 3"])
    text = command("pack", "show", small, "--order").out
    assert "Пунктов в перечне: 5; пакет держит: 3, не держит: 2" in text
    assert "Пакет не держит:\n    1 — Кто\n    3 — Меры" in text
    assert "Перечня пунктов этого документа в пакете нет" in text
    assert [item.id for item in told.on_clause("2.1")] == ["weak_results"]
    assert "weak_results" in {item.id for item in told.on_clause("2")}


def test_the_basis_is_counted(small: Path) -> None:
    told = describe_pack(load_pack(small), as_of=2022)
    total = told.basis.total
    assert (total.stated, total.derived, total.assumed, total.all) == (16, 1, 1, 18)
    assert [total.share(basis) for basis in ("stated", "derived", "assumed")] == [89, 6, 6]
    assert [(item.id, item.because) for item in told.basis.assumed] == [("reading", "Неясно")]
    text = command("pack", "show", small, "--basis").out
    assert re.search(r"Весь пакет \(своё\) +16 \(89 %\)", text.replace("\u00a0", " "))
    assert "параметр reading: Прочтение\n  Неясно" in text


@pytest.mark.parametrize("name", PACKS)
def test_the_basis_of_a_shipped_pack_counts_its_own_items(name: str) -> None:
    told = described(name)
    own = [item for s, n, item in pack(name).items() if pack(name).origin[f"{s}/{n}"] == name]
    assert told.basis.total.all == len(own)
    assert told.basis.total.assumed == sum(item.source.basis == "assumed" for item in own)
    assert all(item.because for item in told.basis.assumed)


def test_the_command_shows_the_part_asked_for(small: Path) -> None:
    whole = command("pack", "show", small, "--as-of", "2022")
    assert whole.code == 0
    assert "Порядок района\nПакет small, версия 1\nСостояние: действует, действует с 01.01.2020" in whole.out
    assert "Признаки (категории школ)" in whole.out and "Меры поддержки" in whole.out
    assert max(map(len, whole.out.splitlines())) <= 100
    one = command("pack", "show", small, "low_cell", "--as-of", "2022").out
    assert one.startswith("Низкий результат (low_cell)\n  Верно, если")
    assert "Основание: пункт 2, «Приказ № 12» — сказано в документе" in one
    section = command("pack", "show", small, "--section", "clusters").out
    assert "«Слабые» — если школа в категории «Школа с низкими результатами»" in section and "Меры" not in section
    (data,) = json.loads(command("pack", "show", small, "weak_results", "--format", "json").out)
    assert data["clause"] == "2.1" and data["sentences"][0]["names"][0] == {"section": "flags", "id": "weak_results"}
    everything = json.loads(command("pack", "show", small, "--format", "json").out)
    assert {"pack", "items", "documents", "basis", "retired"} == set(everything)


def test_what_is_not_in_the_pack_is_told(small: Path) -> None:
    for arguments, told in (
        (["low_sell"], "Элемента «low_sell» в пакете «small» нет.\n  Может быть, «low_cell»?"),
        (["--section", "flag"], "Раздела «flag» в пакете нет"),
        (["--clause", "9"], "На пункт «9» в пакете «small» не опирается ни один элемент"),
    ):
        run = command("pack", "show", small, *arguments)
        assert (run.code, run.out) == (2, "") and told in run.err
    assert "ни один элемент пакета на нём не стоит" in command("pack", "show", small, "--clause", "3").out


def test_the_frame_is_in_english_where_asked(small: Path) -> None:
    text = command("pack", "show", small, "--as-of", "2022", env={"SHSNOR_LANG": "en"}).out
    assert "Flags (categories of schools)" in text
    assert "School is in the category 'Школа с низкими результатами' if by the reading that 'Прочтение'" in " ".join(
        text.split()
    )
    assert "in at least 2 cases in the last 2 years (a case: subject and year)" in " ".join(text.split())
    assert not re.search(r"выполнен|Основание|порог ", text)


def test_describing_is_public(small: Path) -> None:
    told = shsnor.describe_pack(shsnor.load_pack(small), as_of="2024-06-01")
    assert isinstance(told, shsnor.PackDescription)
    assert told.find("limit")[0].value == "25,5\u00a0%"
    with pytest.raises(ValueError, match="Invalid isoformat"):
        shsnor.describe_pack(shsnor.load_pack(small), as_of="завтра")
