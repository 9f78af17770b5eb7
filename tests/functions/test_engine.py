"""Functions in an evaluation: what they read, what stands in the outcome, what may not rest on them, what is refused."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy
from scipy.spatial.distance import cdist

import shsnor
from shsnor import PackError, UsageError
from shsnor.checking import check_pack
from shsnor.functions import Computed, Detail, Function, Inputs
from shsnor.host import Host, find_plugins
from shsnor.packtests import run_cases
from shsnor.planning import make_plan
from shsnor.rendering import plan_sql

Rows = list[dict[str, str | None]]
Make = Callable[..., shsnor.Pack]

HEAD = """
format: 1
pack: {id: small, version: "1", title: Малый пакет}
sources: {order: {title: Приказ}}
tables: {context: {columns: {poor: {type: number, unit: percent}, far: {type: number}, high: {type: number}}}}
parameters:
  groups: {label: Сколько групп, unit: count, values: {VALUES}, ASSUMED}
indicators:
  poor: {label: Малообеспеченные, unit: percent, from: context, value: poor, SOURCE}
  far: {label: Путь до центра, unit: number, from: context, value: far, SOURCE}
  high: {label: Результат, unit: number, from: context, value: high, SOURCE}
  lat: {label: Широта, unit: number, from: schools, value: latitude, SOURCE}
  lon: {label: Долгота, unit: number, from: schools, value: longitude, SOURCE}
"""
INDEX = (
    "  index: {label: Индекс, unit: point, function: social_index, with: {plus: [high], minus: [poor, far]}, SOURCE}\n"
)
COMPONENT = INDEX.replace("index:", "component:").replace("far]", "far], weights: principal_component")
MARKS = """
  marks:
    {label: Отметки, unit: count, function: objectivity_marks,
     with: {above_journal: poor, below_journal: far, journal: 30}, SOURCE}
"""
REST = """
criteria:
  low: {label: Низкий, indicator: high, less_than: 30, SOURCE}
  top: {label: Высокий, indicator: high, at_least: 70, SOURCE}
clusters:
  context: {label: Условия, function: k_groups, with: {indicators: [poor, far], k: $groups}, expert_may_decide: true, SOURCE}
peers:
  like: {label: Похожие, function: nearest, with: {indicators: [poor, far], k: 3}, SOURCE}
  near:
    {label: Рядом, function: nearest,
     with: {indicators: [poor, far], k: 3, near: true, latitude: lat, longitude: lon}, SOURCE}
  partner:
    {label: Партнёр, function: assign_partners,
     with: {indicators: [poor, far], limit: 2, latitude: lat, longitude: lon}, for: low, meeting: top, SOURCE}
"""
WHOLE = INDEX + COMPONENT + MARKS + REST


@pytest.fixture
def pack(tmp_path: Path) -> Make:
    """A pack of the sections given; `cases` are its tests."""

    def make(text: str, cases: str = "[]", values: str = "2020-01-01: 3") -> shsnor.Pack:
        folder = tmp_path / "small"
        (folder / "tests").mkdir(parents=True, exist_ok=True)
        whole = (HEAD.replace("VALUES", values) + text).replace("SOURCE", "source: {clause: п. 1, basis: stated}")
        whole = whole.replace("ASSUMED", "source: {clause: п. 1, basis: assumed, because: не сказано}")
        (folder / "pack.yaml").write_text(whole, encoding="utf-8")
        (folder / "tests" / "cases.yaml").write_text(cases, encoding="utf-8")
        return shsnor.load_pack(folder)

    return make


def region(count: int = 40, seed: int = 1) -> dict[str, Rows]:
    """Schools at random; of every seventh the context is not known, of every fifth the place."""
    chance = random.Random(seed)
    schools: Rows = []
    context: Rows = []
    for i in range(count):
        key, placed = f"{i:03}", i % 5 > 0
        place: dict[str, str | None] = {
            "latitude": f"{55 + chance.random():.4f}" if placed else None,
            "longitude": f"{37 + chance.random():.4f}" if placed else None,
        }
        schools.append({"school_id": key, "municipality": "м", **place})
        poor = None if i % 7 == 6 else f"{100 * chance.random():.1f}"
        values = {"poor": poor, "far": f"{chance.randrange(90)}", "high": f"{chance.randrange(100)}"}
        context.append({"school_id": key, "year": "2022", **values})
    return {"schools": schools, "context": context}


def known(tables: dict[str, Rows]) -> tuple[list[str], list[list[float]]]:
    rows = [r for r in tables["context"] if r["poor"] is not None]
    return [str(r["school_id"]) for r in rows], [[float(r["poor"] or 0), float(r["far"] or 0)] for r in rows]


# What they compute


def test_nearest_is_the_order_of_scipys_distances(pack: Make) -> None:
    tables = region()
    keys, points = known(tables)
    columns = [[float(v) for r in tables["context"] if (v := r[name]) is not None] for name in ("poor", "far")]
    scale = [float(numpy.var(column)) for column in columns]  # over all schools where the one indicator is known
    distances = cdist(points, points, "seuclidean", V=scale)
    with shsnor.evaluate(pack(WHOLE), tables, as_of=2022) as outcome:
        found = {(r.entity, r.rank): (r.peer, r.distance) for r in outcome.peers.rows(peers="like")}
        parts: dict[tuple[str, str], float] = {}
        for d in outcome.function_details.rows(item="like", name="contribution"):
            parts[d.entity, d.peer] = parts.get((d.entity, d.peer), 0) + float(d.value or 0)
    assert len(found) == 3 * len(keys)
    for i, key in enumerate(keys):
        order = sorted((round(distances[i][j], 6), keys[j]) for j in range(len(keys)) if j != i)[:3]
        got = [found[key, rank] for rank in (1, 2, 3)]
        assert [peer for peer, _ in got] == [peer for _, peer in order]
        assert [float(d or 0) for _, d in got] == pytest.approx([d for d, _ in order], abs=1e-6)
    assert set(parts) == {(entity, peer) for (entity, _), (peer, _) in found.items()}
    assert list(parts.values()) == pytest.approx([100] * len(parts), abs=1e-5)


def test_near_counts_the_way_and_says_where_a_place_is_unknown(pack: Make) -> None:
    tables: dict[str, Rows] = {
        "schools": [
            {"school_id": s, "municipality": "м", "latitude": a, "longitude": o}
            for s, a, o in (("1", "55", "37"), ("2", "56", "40"), ("3", "55,1", "37,1"), ("4", None, None))
        ],
        "context": [{"school_id": s, "year": "2022", "poor": "5", "far": "5", "high": "5"} for s in "1234"],
    }
    with shsnor.evaluate(pack(WHOLE), tables, as_of=2022) as outcome:
        found = {(r.entity, r.rank): (r.peer, r.distance) for r in outcome.peers.rows(peers="near")}
        ways = {d.peer: d for d in outcome.function_details.rows(item="near", name="kilometres", entity="1")}
        plain = [r.peer for r in outcome.peers.rows(peers="like", entity="1")]
    assert plain == ["2", "3", "4"]
    assert [found["1", rank][0] for rank in (1, 2, 3)] == ["3", "4", "2"]
    assert float(found["1", 2][1] or 0) == pytest.approx(2**0.5, abs=1e-6)  # the average, as the place is unknown
    assert float(ways["3"].value or 0) == pytest.approx(12.8, abs=0.1)
    assert (ways["4"].value, ways["4"].text) == (None, "координаты неизвестны: взято среднее расстояние")


def test_the_outcome_holds_values_titles_details_and_the_libraries_versions(pack: Make) -> None:
    with shsnor.evaluate(pack(WHOLE), region(), as_of=2022) as outcome:
        index = {r.entity: r for r in outcome.indicator_values.rows(indicator="index")}
        assert (index["006"].value, index["006"].reason) == (None, "declined")
        assert 0 <= (index["000"].value or -1) <= 100
        weights = {d.subject: d.value for d in outcome.function_details.rows(item="index", name="weight")}
        assert weights == dict.fromkeys(["high", "poor", "far"], Decimal("0.333333"))
        groups = {r.entity: (r.label, r.title or "", r.reason) for r in outcome.clusters.rows()}
        assert groups["006"] == (None, "", "declined")
        assert {label for label, _, _ in groups.values()} == {None, "group_1", "group_2", "group_3"}
        assert groups["000"][1].startswith(f"Группа {str(groups['000'][0])[-1]}: ")
        loads = {d.entity: d.value for d in outcome.function_details.rows(item="partner", name="load")}
        chosen = [r.peer for r in outcome.peers.rows(peers="partner")]
        assert loads == {peer: chosen.count(peer) for peer in chosen}
        assert 2 in loads.values()
        assert all(load in (1, 2) for load in loads.values())
        versions = outcome.manifest.evaluation["versions"]
        assert (versions["numpy"], versions["scipy"]) == (numpy.__version__, scipy.__version__)


def test_an_expert_may_put_a_school_in_another_group(pack: Make) -> None:
    tables = region()
    tables["decisions"] = [
        {"entity": "006", "item": "context", "year": "2022", "verdict": "group_2", "role": "эксперт", "reason": "знаем"}
    ]
    with shsnor.evaluate(pack(WHOLE), tables, as_of=2022) as outcome:
        titles = {r.label: r.title for r in outcome.clusters.rows()}
        (row,) = outcome.clusters.rows(entity="006")
    assert (row.label, row.computed, row.decided_by) == ("group_2", "unknown", "эксперт")
    assert row.title == titles["group_2"] != "group_2"
    tables["decisions"][0]["verdict"] = "group_4"
    with pytest.raises(shsnor.DataError) as caught:
        shsnor.evaluate(pack(WHOLE), tables, as_of=2022)
    assert [(f.code, f.details["expected"]) for f in caught.value.findings.errors] == [
        ("SH507", "group_1, group_2, group_3")
    ]


def test_a_condition_that_names_a_group_there_is_not(pack: Make) -> None:
    text = WHOLE.replace("k: $groups", "k: 3").replace(
        "criteria:", "criteria:\n  hard: {label: Трудно, cluster: context, is: group_4, SOURCE}"
    )
    assert [f.code for f in check_pack(pack(text))] == ["SH301"]
    assert not check_pack(pack(text.replace("group_4", "group_3"))).errors


@pytest.mark.parametrize("format", ["parquet", "json"])
def test_the_same_bytes_whatever_the_threads_and_the_order_of_rows(pack: Make, format: Any, tmp_path: Path) -> None:
    seen = []
    for threads, order in ((1, None), (4, 1), (2, 2)):
        tables = region()
        if order is not None:
            for rows in tables.values():
                random.Random(order).shuffle(rows)
        with shsnor.evaluate(pack(WHOLE), tables, as_of=2022, settings={"threads": threads}) as outcome:
            folder = outcome.write(tmp_path / f"{threads}", format=format)
        seen.append({p.name: p.read_bytes() for p in folder.iterdir() if p.name != "run.json"})
    assert seen[0] == seen[1] == seen[2]


def test_a_plan_says_what_runs_in_python(pack: Make) -> None:
    text = plan_sql(make_plan(pack(WHOLE), as_of=2022))
    assert "/* k_groups (" in text


# Parameters


def test_a_setting_may_be_a_parameter(pack: Make) -> None:
    the_pack = pack(WHOLE)
    for changed, count in (({}, 3), ({"groups": 2}, 2)):
        with shsnor.evaluate(the_pack, region(), as_of=2022, parameters=changed) as outcome:
            assert len({r.label for r in outcome.clusters.rows()} - {None}) == count
            (item,) = outcome.items.rows(section="clusters", item="context")
            assert item.assumed  # as the parameter is
    with pytest.raises(UsageError) as caught:
        shsnor.evaluate(the_pack, region(), as_of=2022, parameters={"groups": "2.5"})
    assert [f.code for f in caught.value.findings] == ["SH321"]


@pytest.mark.parametrize(
    ("name", "values", "code"),
    [("grups", "2020-01-01: 3", "SH316"), ("groups", "2020-01-01: 3, 2023-01-01: 2.5", "SH321")],
)
def test_a_wrong_parameter_is_found_when_the_pack_is_checked(pack: Make, name: str, values: str, code: str) -> None:
    the_pack = pack(WHOLE.replace("k: $groups", f"k: ${name}"), values=values)
    assert [f.code for f in check_pack(the_pack)] == [code]


# Internal marks

FLAG = "\nflags: {f: {label: Признак, when: CONDITION, SOURCE}}\n"
ASKED = "criteria:\n  asked: {label: Просят, indicator: share, at_least: 1, SOURCE}"
SHARE = "  share: {label: Доля, unit: count, value: marks * 2, SOURCE}\n"


def test_internal_marks_stand_in_their_own_table_only(pack: Make) -> None:
    text = (INDEX + MARKS + SHARE + REST).replace("criteria:", ASKED)
    cases = """
- name: отметка для внутренней проверки
  as_of: 2022
  tables:
    schools: [{school_id: "1", municipality: м}, {school_id: "2", municipality: м}]
    context: [{school_id: "1", year: 2022, poor: 50, far: 1, high: 1}, {school_id: "2", year: 2022, far: 1, high: 1}]
  expect:
    "1": {marks: 1, share: 2, asked: met}
    "2": {marks: {is: unknown, reason: declined}, asked: {is: unknown, reason: declined}}
"""
    the_pack = pack(text, cases)
    with shsnor.evaluate(the_pack, region(), as_of=2022) as outcome:
        marks = {(r.item, r.name) for r in outcome.internal_marks.rows()}
        assert {("marks", ""), ("share", ""), ("asked", ""), ("marks", "journal")} == marks
        asking = [r for r in outcome.internal_marks.rows(name="journal") if r.value == 1]
        assert asking and all(r.text.startswith("результат просят перепроверить") for r in asking)
        assert not {r.indicator for r in outcome.indicator_values.rows()} & {"marks", "share"}
        assert not list(outcome.criterion_results.rows(item="asked"))
        assert not list(outcome.function_details.rows(item="marks"))
    assert [r.passed for r in run_cases(the_pack).results] == [True]


@pytest.mark.parametrize(
    ("section", "item"),
    [
        ("flags", "flags: {f: {label: Признак, when: {any: [low, asked]}, SOURCE}}"),
        ("flags", "flags: {f: {label: Признак, when: low, applies_to: {not: asked}, SOURCE}}"),
        ("measures", "measures: {m: {label: Мера, when: asked, SOURCE}}"),
        ("measures", "measures: {m: {label: Мера, when: {indicator: marks, at_least: 1}, SOURCE}}"),
        ("clusters", "clusters: {c: {label: Группы, function: k_groups, with: {indicators: [share], k: 2}, SOURCE}}"),
        (
            "peers",
            "peers: {p: {label: Похожие, function: nearest, with: {indicators: [far], k: 2}, for: asked, SOURCE}}",
        ),
    ],
)
def test_nothing_public_may_rest_on_an_internal_mark(pack: Make, section: str, item: str) -> None:
    criteria = ASKED + "\n  low: {label: Низкий, indicator: high, less_than: 30, SOURCE}\n"
    found = check_pack(pack(MARKS + SHARE + criteria + item + "\n"))
    assert [(f.code, f.place.key.split(".")[0], f.details["internal"]) for f in found] == [("SH331", section, "marks")]


# What is not there, and what goes wrong


def test_a_pack_that_needs_a_library_is_told_what_to_install(pack: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    found = check_pack(pack(WHOLE))
    places = {f.place.key: f.details["install"] for f in found.errors if f.code == "SH332"}
    assert places == dict.fromkeys(
        ["indicators.component.function", "clusters.context.function", "peers.partner.function"], "shsnor[analysis]"
    )
    assert len(found) == 3  # equal weights and `nearest` need nothing
    with pytest.raises(PackError):
        shsnor.evaluate(pack(WHOLE), region(), as_of=2022)


def test_without_the_libraries_all_else_works(pack: Make, tmp_path: Path) -> None:
    folder = pack(INDEX + MARKS + "peers:\n" + REST.split("peers:\n")[1].split("  partner:")[0]).folder
    script = f"""
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("numpy", "scipy"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nothing())
import shsnor
rows = {region()!r}
with shsnor.evaluate(shsnor.load_pack({str(folder)!r}), rows, as_of=2022) as outcome:
    print(sum(r.value is not None for r in outcome.indicator_values.rows(indicator="index")))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("35", ""), done.stderr


def test_the_libraries_are_not_imported_with_ours() -> None:
    script = "import shsnor, shsnor.host, sys; shsnor.host.find_plugins(); print({'numpy', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def own(compute: Callable[[Inputs], Any]) -> Host:
    function = Function(id="own", shape="table", compute=compute, inputs=lambda s: ["far"], plugin="чужой")
    host = find_plugins()
    return replace(host, functions={**host.functions, "own": function})


@pytest.mark.parametrize(
    ("compute", "reason"),
    [
        (lambda inputs: 1 / 0, "ZeroDivisionError"),
        (lambda inputs: [(0, 1.0)], "Computed"),
        (lambda inputs: Computed([(0, 1.0), (0, 2.0)]), "twice"),
        (lambda inputs: Computed([(99, 1.0)]), "no such entity"),
        (lambda inputs: Computed([(0, 1.0, 2.0)]), "e, value"),
        (lambda inputs: Computed([(0, float("nan"))]), "not a number"),
        (lambda inputs: Computed([], [Detail("a", e=0), Detail("a", e=0)]), "twice"),
        (lambda inputs: Computed([], [Detail("a", e=99)]), "no such entity"),
    ],
)
def test_a_function_that_fails_is_named_with_its_plugin(pack: Make, compute: Any, reason: str) -> None:
    the_pack = pack("  mine: {label: Своё, unit: number, function: own, SOURCE}\n")
    with pytest.raises(UsageError) as caught:
        shsnor.evaluate(the_pack, region(), as_of=2022, host=own(compute))
    (finding,) = caught.value.findings
    assert (finding.code, finding.details["function"], finding.details["plugin"]) == ("SH521", "own", "чужой")
    assert reason in finding.details["reason"]


def test_a_function_sees_rows_in_the_order_of_keys_and_numbers_are_kept_to_six_places(pack: Make) -> None:
    tables, seen = region(5), []
    tables["schools"].reverse()
    tables["context"].reverse()

    def compute(inputs: Inputs) -> Computed:
        seen.append([(row.e, row.values["far"]) for row in inputs.rows])
        assert inputs.labels == {"far": "Путь до центра"}
        return Computed([(0, 1 / 3)], [Detail("why", "far", 2 / 3, "так", 0)])

    the_pack = pack("  mine: {label: Своё, unit: number, function: own, SOURCE}\n")
    with shsnor.evaluate(the_pack, tables, as_of=2022, host=own(compute)) as outcome:
        values = [r.value for r in outcome.indicator_values.rows(indicator="mine")]
        (detail,) = outcome.function_details.rows()
    assert seen == [[(i, float(r["far"] or 0)) for i, r in enumerate(reversed(tables["context"]))]]
    assert values == [Decimal("0.333333"), None, None, None, None]
    assert (detail.entity, detail.name, detail.subject, detail.value, detail.text) == (
        "000", "why", "far", Decimal("0.666667"), "так",
    )  # fmt: skip


def test_a_function_is_sql_or_python() -> None:
    with pytest.raises(ValueError, match="neither query nor compute"):
        Function(id="own", shape="table", inputs=lambda s: [])
