"""What a pack means: every fault has its code, its place and a helpful word; what is whole has no finding."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from shsnor import host
from shsnor.checking import check_pack, find_faults
from shsnor.errors import Findings, UsageError
from shsnor.host import find_plugins
from shsnor.loading import load_pack, read_pack
from shsnor.pack import Pack
from shsnor.plugins.nearest import shsnor_functions
from shsnor.wording import message

#: `{.` opens an item: its label and source are written here; `{+` opens an indicator that counts in `results`.
ITEM = '{label: Имя, source: {clause: "1", basis: stated}, '
COUNT = ITEM + "unit: count, from: results, value: sum(mark_2), "
HEAD = "format: 1\npack: {id: north, version: '1', title: Проверочный пакет}\nsources: {order: {title: Приказ}}\n"
#: A whole pack of small items that the faulty ones rest on.
BASE = {
    "tables": """
  index: {entity: {school: school_id}, key: [school_id], columns: {school_id: {type: text}, isbsh: {type: number}}}
  towns:
    {entity: {municipality: town}, key: [town, fund],
     columns: {town: {type: text}, fund: {type: text}, budget: {type: number, unit: tugrik}}}
""",
    "parameters": """
  low_limit: {. unit: percent, values: {2020-01-01: 30}}
  low_share_limit: {. unit: share, values: {2020-01-01: 0.3}}
  reading: {. values: {2020-01-01: first, 2022-01-01: second}}
""",
    "indicators": """
  kind: {. unit: text, from: schools, value: kind}
  low: {. unit: percent, from: results, value: 100.0 * sum(below_minimum) / sum(participants)}
  low_part: {. unit: share, from: results, value: sum(below_minimum) / sum(participants)}
  low_by: {. unit: percent, from: results, value: 100.0 * sum(below_minimum) / sum(participants), by: [subject, year]}
  isbsh: {. unit: point, from: index, value: isbsh}
  budget: {. unit: ruble, from: towns, value: sum(budget)}
""",
    "criteria": """
  low_in: {. indicator: low_by, at_least: $low_limit}
  is_low: {. indicator: low, at_least: $low_limit}
  rich: {. indicator: budget, more_than: 100}
""",
    "flags": "",
    "clusters": """
  shape: {. first_match: [{id: hard, label: Трудно, when: is_low}, {id: other, label: Иначе, otherwise: true}]}
""",
    "peers": """
  similar: {. function: nearest, with: {indicators: [isbsh], k: 4}}
""",
    "tasks": "",
    "measures": "",
}


def written(section: str = "", *items: str) -> str:
    """The base pack with more items in a section, as the author writes it."""
    extra = "".join(f"\n  {item}" for item in items)
    body = "".join(
        f"{name}:{base.rstrip()}{extra if name == section else ''}\n" if base or name == section else ""
        for name, base in BASE.items()
    )
    return HEAD + body.replace("{. ", ITEM).replace("{+ ", COUNT)


def checked(tmp_path: Path, text: str) -> Findings:
    (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    return faults(load_pack(tmp_path))


def faults(pack: Pack) -> Findings:
    return find_faults(pack, find_plugins(pack))[0]


def test_the_base_pack_is_whole(tmp_path: Path) -> None:
    assert list(checked(tmp_path, written())) == []


def marked(text: str) -> tuple[str, tuple[int, int]]:
    """The text without its mark `¦`, and the line and column where that stood."""
    before, _, after = text.partition("¦")
    return before + after, (before.count("\n") + 1, len(before) - before.rfind("\n"))


#: section, item (`¦` where the place must point), code, words of the message
FAULTS = [
    # SH301: names
    ("criteria", "it: {. ¦indicator: lov, at_least: 1}", "SH301", "«lov» «low»"),
    ("criteria", "it: {. indicator: low, ¦at_least: low_prt}", "SH301", "«low_part»"),
    ("criteria", "it: {. indicator: low, ¦at_least: 30 %}", "SH301", "«30 %» число"),
    ("criteria", "it: {. all: [is_low, ¦is_lov]}", "SH301", "«is_low»"),
    ("criteria", "it: {. of: {is_low: 1, ¦is_lov: 2}, met_in: {at_least: 2}}", "SH301", "«is_low»"),
    ("criteria", "it: {. ¦cluster: shap, is: hard}", "SH301", "«shape»"),
    ("criteria", "it: {. cluster: shape, ¦is: hrd}", "SH301", '«hard» "other"'),
    ("criteria", "it: {. cluster: shape, is_in: [hard, ¦othr]}", "SH301", "«other»"),
    ("flags", "it: {. ¦when: is_lov}", "SH301", "«is_low»"),
    ("measures", "it: {. ¦when: is_lov}", "SH301", "«is_low»"),
    ("measures", "it: {. task: [¦is_low]}", "SH301", "«is_low» задача"),
    ("tasks", "it: {. ¦part_of: itt}", "SH301", "«it»"),
    ("tasks", "it: {. serves: [is_low, ¦is_lov]}", "SH301", "«is_low»"),
    ("indicators", "it: {. unit: percent, ¦value: low - lov}", "SH301", "«lov» «low»"),
    ("indicators", "it: {. unit: point, value: isbsh, among: {¦peers: similr}, combine: mean}", "SH301", "«similar»"),
    ("indicators", "it: {. unit: point, value: isbsh, among: {same: [¦shap]}, combine: mean}", "SH301", "«shape»"),
    ("peers", "it: {. function: nearest, ¦with: {indicators: [isbs], k: 4}}", "SH301", "«isbsh»"),
    # SH302: circles
    ("indicators", "¦it: {. unit: percent, value: low + it}", "SH302", "it → it"),
    ("flags", "¦it: {. when: {not: it}}", "SH302", "it → it"),
    # SH303: dimensions left over
    ("flags", "it: {. ¦when: low_in}", "SH303", "subject, year over"),
    ("measures", "it: {. ¦when: low_in}", "SH303", "subject, year"),
    ("criteria", "it: {. indicator: low, at_least: 1, ¦applies_to: low_in}", "SH303", "subject"),
    ("criteria", "it: {. indicator: low_by, at_least: 1, ¦expert_may_decide: true}", "SH303", "year"),
    (
        "clusters",
        "it: {. first_match: [{id: a, label: А, ¦when: low_in}, {id: b, label: Б, otherwise: true}]}",
        "SH303",
        "subject",
    ),
    ("indicators", "it: {. unit: percent, value: low, among: {¦meeting: low_in}, combine: mean}", "SH303", "subject"),
    ("peers", "it: {. function: nearest, ¦with: {indicators: [low_by], k: 4}}", "SH303", "subject"),
    # SH304: units
    ("criteria", "it: {. indicator: low, ¦at_least: $low_share_limit}", "SH304", "% доля"),
    ("criteria", "it: {. indicator: low, ¦is: $low_share_limit}", "SH304", "доля"),
    ("criteria", "it: {. indicator: low, ¦less_than: low_part}", "SH304", "100"),
    (
        "criteria",
        "it: {. indicator: low_part, ¦less_than: {value: low, among: region, combine: mean}}",
        "SH304",
        "доля",
    ),
    ("indicators", "it: {. ¦unit: share, value: low, among: region, combine: mean}", "SH304", "доля"),
    # SH327: units that nobody has; those of the pack's own columns are known
    ("indicators", "it: {. ¦unit: percnt, from: results, value: sum(mark_2)}", "SH327", "«percnt» «percent»"),
    ("indicators", "it: {. ¦unit: km, value: low + 0}", "SH327", "«km» percentage_point tables"),
    ("indicators", "it: {. ¦unit: tugrk, from: towns, value: sum(budget)}", "SH327", "«tugrik»"),
    ("parameters", "it: {. ¦unit: percnt, values: {2020-01-01: 30}}", "SH327", "«percnt» «percent»"),
    (
        "criteria",
        "it: {. indicator: low, at_least: {¦unit: persent, value: low, among: region, combine: mean}}",
        "SH327",
        "«percent»",
    ),
    # SH305: one row
    ("indicators", "it: {. unit: count, from: results, ¦value: participants}", "SH305", "participants subject"),
    (
        "indicators",
        "it: {. unit: count, from: results, ¦value: participants / sum(mark_2), by: [procedure, grade]}",
        "SH305",
        "subject by",
    ),
    (
        "indicators",
        "it: {. unit: count, from: results, ¦value: participants, by: [procedure, grade, subject], years: {last: 2}}",
        "SH305",
        "year",
    ),
    ("indicators", "it: {. unit: point, from: index, ¦value: isbsh, level: region}", "SH305", "school_id"),
    # SH306, SH322: formulas
    ("indicators", "it: {. unit: percent, ¦value: low + (}", "SH306", "( знак"),
    ("indicators", "it: {. unit: percent, ¦value: доля + round(low)}", "SH322", "round знак 8"),
    ("indicators", "it: {. unit: percent, ¦value: sum(low)}", "SH322", "sum from"),
    ("indicators", "it: {. unit: count, from: results, ¦value: sum(sum(mark_2))}", "SH322", "сумма внутри суммы"),
    ("indicators", "it: {+ ¦where: 1 < sum(mark_2)}", "SH322", "sum знак 5"),
    # SH307: what is no dimension
    ("indicators", "it: {+ by: [¦mark_3]}", "SH307", "mark_3 procedure"),
    ("indicators", "it: {+ ¦where: mark_3 > 1}", "SH307", "mark_3 procedure"),
    ("indicators", "it: {+ cells: [{¦kind: [a]}]}", "SH307", "«kind»"),
    (
        "criteria",
        "it: {. indicator: low_by, at_least: 1, over: [¦grade], met_in: any}",
        "SH307",
        "«low_by» grade subject",
    ),
    ("criteria", "it: {. indicator: low, at_least: 1, over: [¦grade], met_in: any}", "SH307", "Измерений нет"),
    # SH308: levels
    (
        "indicators",
        "it: {. unit: ruble, from: towns, value: sum(budget), ¦level: school}",
        "SH308",
        "«школа» «муниципалитет»",
    ),
    (
        "indicators",
        "it: {. unit: ruble, value: budget, ¦among: school, combine: mean}",
        "SH308",
        "«школа» «муниципалитет»",
    ),
    (
        "indicators",
        "it: {. unit: ruble, from: towns, value: sum(budget), ¦applies_to: is_low}",
        "SH308",
        "«школа» «муниципалитет»",
    ),
    (
        "indicators",
        "it: {. unit: ruble, value: budget, among: {¦peers: similar}, combine: mean}",
        "SH308",
        "«школа» «муниципалитет»",
    ),
    ("measures", "it: {. level: region, ¦when: is_low}", "SH308", "«школа» «регион»"),
    (
        "indicators",
        "it: {. unit: ruble, from: towns, value: sum(budget), cells: [{fund: [own], ¦applies_to: is_low}]}",
        "SH308",
        "«школа» «муниципалитет»",
    ),
    # SH309–SH311: tables, columns, levels
    ("indicators", "it: {. unit: count, ¦from: result, value: sum(mark_2)}", "SH309", "«result» «results»"),
    ("indicators", "it: {. unit: count, ¦from: zzz, value: sum(mark_2)}", "SH309", "Есть таблицы results"),
    ("indicators", "it: {. unit: count, from: results, ¦value: sum(partcipants)}", "SH310", "«participants»"),
    ("indicators", "it: {. unit: text, from: results, ¦value: current_user}", "SH310", "current_user"),
    ("indicators", "it: {+ ¦where: subjct = 'рус'}", "SH310", "«subject»"),
    ("indicators", "it: {+ minimum: {¦partcipants: 5}}", "SH310", "«participants»"),
    ("indicators", "it: {. unit: percent, value: low, ¦among: regon, combine: mean}", "SH311", "«region»"),
    (
        "indicators",
        "it: {. unit: percent, value: low, among: {¦within: town, meeting: is_low}, combine: mean}",
        "SH311",
        "school",
    ),
    ("indicators", "it: {+ ¦level: city}", "SH311", "municipality"),
    ("measures", "it: {. ¦level: shool}", "SH311", "«school»"),
    # SH312, SH313: years
    ("criteria", "it: {. criterion: low_in, ¦over: [year], met_in: every}", "SH312", "years"),
    ("indicators", "it: {. unit: percent, value: low_by, ¦over: [subject, year], combine: mean}", "SH312", "years"),
    (
        "criteria",
        "it: {. indicator: low_by, at_least: 1, over: [subject], ¦years: {last: 2}, met_in: any}",
        "SH313",
        "years over",
    ),
    ("indicators", "it: {. unit: point, from: index, value: isbsh, ¦years: {last: 2}}", "SH313", "years"),
    # SH314: items of another kind
    ("criteria", "it: {. any: [is_low, ¦low]}", "SH314", "«low» показатель критери"),
    ("criteria", "it: {. ¦indicator: shape, at_least: 1}", "SH314", "«shape» кластер"),
    ("criteria", "it: {. ¦cluster: low, is: hard}", "SH314", "«low» кластер"),
    ("criteria", "it: {. indicator: low, ¦at_least: shape}", "SH314", "«shape»"),
    ("indicators", "it: {. unit: percent, ¦value: low, among: region, combine: share}", "SH314", "«low» критери"),
    ("indicators", "it: {. unit: percent, value: low, among: {same: [¦isbsh]}, combine: mean}", "SH314", "isbsh число"),
    # SH315–SH318: parameters and readings
    (
        "indicators",
        "it: {. unit: percent, choose: $reading, options: {first: low, ¦second: low_part}}",
        "SH315",
        "«%» доля",
    ),
    (
        "indicators",
        "it: {. unit: percent, choose: $reading, options: {first: low, ¦second: low_by}}",
        "SH315",
        "«–» «subject, year»",
    ),
    (
        "criteria",
        "it: {. choose: $reading, options: {first: is_low, ¦second: rich}}",
        "SH315",
        "«школа» «муниципалитет»",
    ),
    ("criteria", "it: {. indicator: low, ¦at_least: $low_limt}", "SH316", "«$low_limit»"),
    ("criteria", "it: {. ¦choose: $readng, options: {first: is_low, second: is_low}}", "SH316", "«$reading»"),
    ("indicators", "it: {. unit: percent, ¦value: low - $low_limt}", "SH316", "«$low_limit»"),
    ("criteria", "it: {. indicator: low, ¦at_least: $reading}", "SH317", "«reading» нужно число"),
    ("criteria", "it: {. indicator: kind, ¦is: $low_limit}", "SH317", "«low_limit» нужен текст"),
    ("criteria", "it: {. choose: $reading, ¦options: {first: is_low, secnd: is_low}}", "SH318", "«second» «secnd»"),
    # SH319, SH323
    (
        "indicators",
        "it: {. unit: percent, ¦value: isbsh + low, among: region, combine: pooled}",
        "SH319",
        "эта формула",
    ),
    ("indicators", "it: {. unit: point, ¦value: isbsh, among: region, combine: pooled}", "SH319", "«isbsh»"),
    ("indicators", "¦it: {. unit: number, value: low, among: region, combine: rank}", "SH323", "better"),
    # SH320, SH321: functions
    ("peers", "it: {. ¦function: nearst, with: {indicators: [isbsh], k: 4}}", "SH320", "«nearest»"),
    ("indicators", "it: {. unit: point, ¦function: nearest, with: {indicators: [isbsh], k: 4}}", "SH320", "nearest"),
    ("peers", "it: {. function: nearest, ¦with: {indicators: [isbsh]}}", "SH321", "nearest"),
    ("peers", "it: {. function: nearest, with: {indicators: [isbsh], ¦k: many}}", "SH321", "many"),
    # SH324: kinds
    ("criteria", "it: {. indicator: kind, ¦at_least: 5}", "SH324", "«kind» — текст, а нужно число"),
    ("criteria", "it: {. indicator: low, ¦less_than: kind}", "SH324", "«kind» — текст, а нужно число"),
    ("criteria", "it: {. indicator: low, is_in: [1, ¦СОШ]}", "SH324", "«СОШ» — текст, а нужно число"),
    ("indicators", "it: {. unit: number, ¦value: kind + 1}", "SH324", "нужно число, а стоит текст знак 1"),
    ("indicators", "it: {. unit: number, from: results, ¦value: sum(subject)}", "SH324", "нужно число, а стоит текст"),
    ("indicators", "it: {. unit: percent, ¦value: low + $reading}", "SH324", "нужно число, а стоит текст знак 7"),
    (
        "indicators",
        "it: {. unit: text, value: kind, among: region, ¦combine: mean}",
        "SH324",
        "«kind» — текст, а нужно число",
    ),
    ("indicators", "it: {+ ¦where: year + 1}", "SH324", "where да или нет"),
    ("indicators", "it: {+ minimum: {¦subject: 5}}", "SH324", "«subject» — текст, а нужно число"),
    # SH326, SH231: cells
    ("indicators", "it: {+ cells: [{grade: [5, 6]}, ¦{grade: [6, 7]}]}", "SH326", "grade: 6"),
    ("indicators", "it: {+ cells: [{¦year: 2021}]}", "SH231", "year"),
    # what other checks of form leave to the meaning
    ("indicators", "it: {. unit: percent, value: low_by, over: [subject], ¦combine: slope}", "SH203", "slope"),
    ("indicators", "it: {. unit: percent, value: low, among: region, ¦combine: change}", "SH203", "change"),
    ("indicators", "it: {+ minimum: {¦participants: пять}}", "SH203", "пять"),
    ("indicators", "it: {+ cells: [{grade: 5}, ¦{subject: рус}]}", "SH203", "grade"),
]


@pytest.mark.parametrize(("section", "item", "code", "words"), FAULTS)
def test_fault_with_its_place_and_words(tmp_path: Path, section: str, item: str, code: str, words: str) -> None:
    text, (line, column) = marked(written(section, item))
    found = list(checked(tmp_path, text))
    assert [finding.code for finding in found] == [code]
    assert (found[0].place.line, found[0].place.column) == (line, column)
    said = message(found[0], "ru")
    assert [word for word in words.split() if word not in said] == []


def test_function_of_two_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    second = ModuleType("second")
    vars(second)["shsnor_functions"] = shsnor_functions
    monkeypatch.setitem(sys.modules, "second", second)
    monkeypatch.setattr(host, "BUILT_IN", (*host.BUILT_IN, "second"))
    with pytest.raises(UsageError) as caught:
        host.find_functions()
    (finding,) = caught.value.findings
    assert finding.code == "SH325"
    assert "«nearest»" in message(finding, "ru")


def test_all_faults_of_a_pack_at_once(tmp_path: Path) -> None:
    text = written(
        "criteria",
        "one: {. indicator: lov, at_least: 1}",
        "two: {. indicator: low, at_least: $low_share_limit}",
        "three: {. criterion: low_in, over: [year], met_in: every}",
    )
    text = text.replace("flags:", "").replace(
        "clusters:", f"flags:\n  raised: {ITEM} when: low_in}}\n  other: {ITEM} when: ghost}}\nclusters:"
    )
    found = checked(tmp_path, text)
    assert [(f.code, f.place.key) for f in found] == [
        ("SH301", "criteria.one.indicator"),
        ("SH304", "criteria.two.at_least"),
        ("SH312", "criteria.three.over"),
        ("SH303", "flags.raised.when"),
        ("SH301", "flags.other.when"),
    ]


@pytest.mark.parametrize(
    ("section", "item", "codes"),
    [
        ("criteria", "it: {. ¦indicator: lov, atleast: 30}", ["SH201", "SH223", "SH301"]),
        ("criteria", "it: {. indicator: low, ¦at_least: $lmit, over_all: true}", ["SH201", "SH316"]),
        ("flags", "it: {. whn: low, ¦when: is_lov}", ["SH201", "SH301"]),
        ("criteria", "it: {. all: [is_low, ¦is_lov], labl: x}", ["SH201", "SH301"]),
        ("criteria", "it: {. all: [is_low, low_in], labl: ¦x}", ["SH201"]),
        ("criteria", "it: {. any: [is_low, {¦not: is_lov}], labl: x}", ["SH201", "SH301"]),
        ("criteria", "it: {. indicator: low, ¦at_least: $lmit, less_than: 3}", ["SH223", "SH316"]),
        ("criteria", "it: {. all: [is_low, ¦is_lov], any: [is_low]}", ["SH222", "SH301"]),
    ],
)
def test_a_name_that_nobody_has_is_told_beside_what_is_wrong_in_the_form(
    tmp_path: Path, section: str, item: str, codes: list[str]
) -> None:
    text, (line, column) = marked(written(section, item))
    (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    pack, form = read_pack(tmp_path)
    assert pack is not None
    errors = [*form.errors, *check_pack(pack).errors]
    assert sorted(finding.code for finding in errors) == codes
    if len(codes) > 1:
        places = [(f.place.line, f.place.column) for f in errors if f.code in ("SH301", "SH316")]
        assert places == [(line, column)]


def test_what_rests_on_a_faulty_item_is_not_reported_again(tmp_path: Path) -> None:
    text = written("criteria", "bad: {. indicator: lov, at_least: 1}", "it: {. not: bad}", "more: {. any: [it, bad]}")
    assert [f.place.key for f in checked(tmp_path, text)] == ["criteria.bad.indicator"]


@pytest.mark.parametrize(
    ("section", "items", "names"),
    [
        ("criteria", ("a: {. not: b}", "b: {. any: [is_low, c]}", "c: {. all: [a]}"), "a → b → c → a"),
        ("indicators", ("a: {. unit: percent, value: low, among: {meeting: b}, combine: mean}",), "a → b → a"),
        ("indicators", ("a: {. unit: point, value: isbsh, among: {peers: p}, combine: mean}",), "a → peers p → b → a"),
    ],
)
def test_circle_names_all_in_it(tmp_path: Path, section: str, items: tuple[str, ...], names: str) -> None:
    text = written(section, *items)
    if "b → a" in names:
        text = text.replace("\n  is_low:", f"\n  b: {ITEM} indicator: a, at_least: 1}}\n  is_low:")
        peers = f"\n  p: {ITEM} function: nearest, with: {{indicators: [isbsh], k: 1}}, meeting: b}}\n  similar:"
        text = text.replace("\n  similar:", peers)
    (finding,) = checked(tmp_path, text)
    assert finding.code == "SH302"
    assert names in message(finding, "ru")


def test_level_of_the_pack_that_is_not_there(tmp_path: Path) -> None:
    text = written("measures", "it: {. group: Меры}").replace("version:", "entity: shool, version:")
    (finding,) = checked(tmp_path, text)
    assert (finding.code, finding.place.line) == ("SH311", 2)
    assert "«school»" in message(finding, "ru")


@pytest.mark.parametrize(
    ("section", "item"),
    [
        ("criteria", "it: {. indicator: low, less_than: {among: region, combine: {lowest: 25}}}"),
        ("criteria", "it: {. indicator: budget, more_than: {among: region, combine: median}, applies_to: rich}"),
        ("criteria", "it: {. indicator: low, at_least: is_low}"),
        ("criteria", "it: {. all: [is_low, rich, {cluster: shape, is_in: [hard, other]}]}"),
        ("criteria", "it: {. indicator: low_by, known: true, over: [subject, year], years: {last: 2}, met_in: any}"),
        (
            "indicators",
            "it: {. unit: percentage_point, value: low_by, over: [year], years: {last: 3}, combine: change}",
        ),
        ("indicators", "it: {. unit: percent, value: 100 * low_part + $low_limit}"),
        ("indicators", "it: {. unit: number, value: low, among: region, combine: rank, better: lower}"),
        ("indicators", "it: {. unit: count, value: kind, among: region, combine: count}"),
        ("indicators", "it: {. unit: percent, value: is_low, among: {same: [shape]}, combine: share}"),
        (
            "indicators",
            "it: {. unit: percent, choose: $reading, options: {first: low, second: {value: 100 * low_part}}}",
        ),
        ("indicators", "it: {. unit: point, value: isbsh, among: {peers: similar}, combine: mean}"),
        ("measures", "it: {. when: rich}"),
    ],
)
def test_no_false_finding(tmp_path: Path, section: str, item: str) -> None:
    assert [message(f, "ru") for f in checked(tmp_path, written(section, item))] == []


@pytest.mark.parametrize("example", sorted((Path(__file__).parent / "resolving").glob("*.yaml")), ids=lambda p: p.stem)
def test_worked_examples_are_whole(example: Path) -> None:
    """The examples of the format's description, with labels, units and sources."""
    assert [message(f, "ru") for f in faults(load_pack(example))] == []
