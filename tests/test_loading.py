"""A pack's folder becomes a `Pack`: files united, the base merged in, everything wrong told at once with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from shsnor.errors import Finding, PackError
from shsnor.loading import load_pack, pack_folders, read_pack, rows_file
from shsnor.standard import STANDARD_LEVELS, STANDARD_TABLES, levels_of, tables_of

HEAD = """\
format: 1
pack: {id: %s, version: "2026.1", title: Проверочный пакет%s}
sources: {order: {title: Приказ}}
"""
SOURCE = 'source: {clause: "1", basis: stated}'
LOW = f"criteria:\n  low: {{label: Низкая доля, {SOURCE}, indicator: share, at_least: 30}}\n"


def write(folder: Path, body: str = "", *, name: str = "pack.yaml", extends: str = "", head: str = HEAD) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    head = head % (folder.name, f", extends: {extends}" if extends else "") if head else ""
    (folder / name).write_text(head + body, encoding="utf-8")
    return folder


def brief(findings: object) -> list[tuple[str, int | None, str]]:
    assert hasattr(findings, "__iter__")
    return [(f.code, f.place.line, f.place.key) for f in findings if isinstance(f, Finding)]


# ---- one pack -------------------------------------------------------------------------------------------------------


def test_a_pack_is_a_folder_its_file_or_a_single_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "north", LOW)
    for given in (folder, str(folder), folder / "pack.yaml"):
        pack = load_pack(given)
        assert (pack.id, pack.head.version, pack.folder) == ("north", "2026.1", folder)
    single = tmp_path / "alone.yaml"
    single.write_text((folder / "pack.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_pack(single).document == load_pack(folder).document


def test_packs_of_the_package_are_found_by_name_and_a_wrong_name_offers_the_nearest() -> None:
    assert load_pack("federal").id == "federal"
    assert pack_folders()["federal"].name == "federal"
    with pytest.raises(PackError) as caught:
        load_pack("fedral")
    (finding,) = caught.value.findings
    assert (finding.code, finding.details["nearest"]) == ("SH205", "federal")


def test_files_of_a_folder_are_united_but_not_those_of_its_subfolders(tmp_path: Path) -> None:
    folder = write(tmp_path / "north", LOW + f"not_held: [{{cells: {{year: 2020}}, because: Отменено, {SOURCE}}}]\n")
    more = f"flags:\n  weak: {{label: Признак, when: low, {SOURCE}}}\n"
    more += f"not_held: [{{cells: {{year: 2021}}, because: Тоже, {SOURCE}}}]\n"
    write(folder, more, name="more.yaml", head="")
    write(folder / "tests", "- name: пример\n", name="low.yaml", head="")
    pack = load_pack(folder)
    assert set(pack.document.flags) == {"weak"} and set(pack.document.criteria) == {"low"}
    assert [entry.cells["year"] for entry in pack.document.not_held] == ["2020", "2021"]
    place = pack.place("not_held/1/because")
    assert place.file is not None and place.file.endswith("more.yaml") and place.line == 3


def test_the_same_id_in_two_files_is_a_finding(tmp_path: Path) -> None:
    folder = write(tmp_path / "north", LOW)
    write(folder, LOW, name="again.yaml", head="")
    _, findings = read_pack(folder)
    assert brief(findings) == [("SH209", 2, "criteria.low")]


def test_scalars_get_their_type_from_the_key_they_meet(tmp_path: Path) -> None:
    body = f"""\
parameters:
  limit: {{label: Порог, unit: percent, {SOURCE}, values: {{2020-01-01: 30.50}}}}
criteria:
  coded: {{label: Код, {SOURCE}, indicator: code, is_in: [0012, on, 2026.1], expert_may_decide: on}}
"""
    document = load_pack(write(tmp_path / "north", body)).document
    assert document.criteria["coded"].is_in == ["0012", "on", "2026.1"]
    assert document.criteria["coded"].expert_may_decide is True
    assert [(d.isoformat(), v) for d, v in document.parameters["limit"].values.items()] == [("2020-01-01", "30.50")]


def test_all_that_is_wrong_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    body = f"""\
indicators:
  share: {{label: Доля, unit: percent, {SOURCE}, from: results, value: x, round: много, yeras: {{last: 1}}}}
criteria:
  low: {{label: Низкая доля, {SOURCE}, indicator: share, at_lest: 30}}
  Bad-Id: {{label: Код, {SOURCE}, indicator: share, at_least: 30}}
flags:
  weak: {{label: Признак, when: low}}
  lоw: {{label: Признак, when: {{all: []}}, {SOURCE}}}
tasks:
  plan: {{label: Задача, {SOURCE}, kind: goals, months: [13]}}
"""
    pack, findings = read_pack(write(tmp_path / "north", body))
    assert brief(findings) == [
        ("SH203", 5, "indicators.share.round"),
        ("SH201", 5, "indicators.share.yeras"),
        ("SH201", 7, "criteria.low.at_lest"),
        ("SH204", 8, "criteria.Bad-Id"),
        ("SH202", 10, "flags.weak.source"),
        ("SH108", 11, "flags.lоw"),
        ("SH203", 11, "flags.lоw.when.all"),
        ("SH203", 13, "tasks.plan.kind"),
        ("SH203", 13, "tasks.plan.months.0"),
    ]
    details = {f.place.key: f.details for f in findings}
    assert details["indicators.share.yeras"]["nearest"] == "years"
    assert details["tasks.plan.kind"]["nearest"] == "goal" and "incentive" in details["tasks.plan.kind"]["allowed"]
    assert (details["tasks.plan.months.0"]["at_least"], details["tasks.plan.months.0"]["at_most"]) == (1, 12)
    assert pack is not None and set(pack.document.flags) == {"weak"}, "the rest can be checked further"


def test_what_could_not_be_read_keeps_its_place(tmp_path: Path) -> None:
    pack, _ = read_pack(write(tmp_path / "north", f"criteria:\n  low: {{label: [], {SOURCE}}}\n"))
    assert pack is not None and "low" not in pack.document.criteria and "criteria/low" in pack.places


def test_the_python_names_of_keys_are_no_keys(tmp_path: Path) -> None:
    body = f"criteria:\n  low: {{label: Низкая, {SOURCE}, indicator: share, is_: 3}}\n"
    _, findings = read_pack(write(tmp_path / "north", body))
    assert [(f.code, f.details["nearest"]) for f in findings] == [("SH201", "is")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unit: []", "text"),
        ("by: subject", "list"),
        ("years: 3", "mapping"),
        ("by: [{a: b}]", "text"),
        ("minimum: 5", "mapping"),
    ],
)
def test_a_wrong_kind_of_value_says_what_is_expected(tmp_path: Path, text: str, expected: str) -> None:
    unit = "" if text.startswith("unit") else "unit: percent, "
    body = f"indicators:\n  share: {{label: Доля, {unit}{SOURCE}, from: results, value: x, {text}}}\n"
    _, findings = read_pack(write(tmp_path / "north", body))
    assert [(f.code, f.details["expected"]) for f in findings] == [("SH203", expected)]


def test_a_window_written_as_a_number_is_told_its_keys(tmp_path: Path) -> None:
    body = f"indicators:\n  share: {{label: Доля, unit: percent, {SOURCE}, from: results, value: x, years: 3}}\n"
    (finding,) = read_pack(write(tmp_path / "north", body))[1]
    assert finding.details["keys"] == ["last", "back", "last_held", "from", "to"]


@pytest.mark.parametrize(
    "body", ["criteria: low\n", "criteria: []\n", "criteria: {low: 5}\n", "not_held: {}\n", "pack: text\n"]
)
def test_no_form_of_a_section_gives_a_traceback(tmp_path: Path, body: str) -> None:
    head = "" if body.startswith("pack") else HEAD
    _, findings = read_pack(write(tmp_path / "north", body, head=head))
    assert "SH203" in [f.code for f in findings]


def test_a_pack_without_its_head_says_so(tmp_path: Path) -> None:
    _, findings = read_pack(write(tmp_path / "north", "sources: {order: {title: Приказ}}\n" + LOW, head=""))
    assert [(f.code, f.details["key"]) for f in findings] == [("SH202", "format"), ("SH202", "pack")]


def test_a_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    folder = write(tmp_path / "north", "flags: {weak: {label: Признак}}\n")
    write(folder, "criteria: [\n", name="criteria.yaml", head="")
    pack, findings = read_pack(folder)
    assert [f.code for f in findings] == ["SH101", "SH202", "SH202"]
    assert pack is None, "half a pack would make every name of the other half unknown"


# ---- sources and files ----------------------------------------------------------------------------------------------


def test_the_single_document_is_filled_in_and_an_unknown_one_found(tmp_path: Path) -> None:
    assert load_pack(write(tmp_path / "north", LOW)).document.criteria["low"].source.document == "order"
    body = LOW.replace("clause", "document: ordre, clause")
    (finding,) = read_pack(write(tmp_path / "south", body))[1]
    assert (finding.code, finding.details["nearest"]) == ("SH211", "order")


def test_a_reference_table_must_lie_in_the_pack(tmp_path: Path) -> None:
    body = "tables:\n  minima: {key: [year], rows: minima.csv, columns: {year: {type: year}, least: {type: count}}}\n"
    folder = write(tmp_path / "north", body)
    assert brief(read_pack(folder)[1]) == [("SH207", 5, "tables.minima.rows")]
    (folder / "minima.csv").write_text("year,least\n2021,36\n", encoding="utf-8")
    pack = load_pack(folder)
    assert rows_file(pack, "minima") == folder / "minima.csv" and rows_file(pack, "results") is None
    write(folder, body.replace("minima.csv", "../minima.csv"))
    (tmp_path / "minima.csv").write_text("", encoding="utf-8")
    assert brief(read_pack(folder)[1]) == [("SH208", 5, "tables.minima.rows")]


def test_the_digest_follows_the_content_not_the_line_ends_nor_the_folder(tmp_path: Path) -> None:
    first = write(tmp_path / "north", LOW)
    before = load_pack(first).digest
    other = tmp_path / "elsewhere" / "north"
    other.mkdir(parents=True)
    (other / "pack.yaml").write_bytes((first / "pack.yaml").read_bytes().replace(b"\n", b"\r\n"))
    assert load_pack(other).digest == before
    (first / "plugin.py").write_text("# nothing\n", encoding="utf-8")
    with_plugin = load_pack(first).digest
    write(first, LOW.replace("30", "40"))
    assert len({before, with_plugin, load_pack(first).digest}) == 3


# ---- a base ---------------------------------------------------------------------------------------------------------


def base_and_own(tmp_path: Path, own: str, base: str = LOW) -> Path:
    write(tmp_path / "base", base)
    return write(tmp_path / "own", own, extends="base")


def test_a_pack_adds_to_its_base_and_each_item_keeps_its_origin_and_place(tmp_path: Path) -> None:
    own = f"flags:\n  weak: {{label: Признак, when: low, {SOURCE}}}\n"
    pack = load_pack(base_and_own(tmp_path, own))
    assert (pack.id, set(pack.document.criteria), set(pack.document.flags)) == ("own", {"low"}, {"weak"})
    assert (pack.origin["criteria/low"], pack.origin["flags/weak"]) == ("base", "own")
    assert pack.base is not None and pack.base.id == "base" and pack.base_folders == (tmp_path / "base",)
    assert str(pack.place("criteria/low").file).endswith("base/pack.yaml")
    assert str(pack.place("flags/weak").file).endswith("own/pack.yaml")


def test_the_base_counts_in_the_digest(tmp_path: Path) -> None:
    folder = base_and_own(tmp_path, "")
    before = load_pack(folder).digest
    write(tmp_path / "base", LOW.replace("30", "31"))
    assert load_pack(folder).digest != before


def test_an_override_replaces_the_whole_item_in_its_place(tmp_path: Path) -> None:
    second = f"  other: {{label: Другой, {SOURCE}, indicator: share, at_most: 1}}\n"
    own = f"criteria:\n  low: {{label: Своя, {SOURCE}, override: Порог выше, indicator: share, more_than: 40}}\n"
    pack = load_pack(base_and_own(tmp_path, own, LOW + second))
    low = pack.document.criteria["low"]
    assert list(pack.document.criteria) == ["low", "other"]
    assert (low.label, low.at_least, low.more_than, pack.origin["criteria/low"]) == ("Своя", None, "40", "own")
    assert "criteria/low/at_least" not in pack.places


def test_an_item_of_one_name_space_may_stand_in_another_section(tmp_path: Path) -> None:
    own = f"flags:\n  low: {{label: Признак, when: other, override: Теперь это признак, {SOURCE}}}\n"
    pack = load_pack(base_and_own(tmp_path, own))
    assert set(pack.document.flags) == {"low"} and not pack.document.criteria


@pytest.mark.parametrize(
    ("own", "code", "key"),
    [
        (LOW, "SH212", "criteria.low"),
        (
            LOW.replace("low:", "lowe:").replace("indicator", "override: Так, indicator"),
            "SH213",
            "criteria.lowe.override",
        ),
        ("drop: {lou: Не нужен}\n", "SH214", "drop.lou"),
    ],
)
def test_what_is_said_of_the_base_must_be_true(tmp_path: Path, own: str, code: str, key: str) -> None:
    (finding,) = read_pack(base_and_own(tmp_path, own))[1]
    assert (finding.code, finding.place.key) == (code, key)


def test_a_dropped_item_is_gone(tmp_path: Path) -> None:
    pack = load_pack(base_and_own(tmp_path, "drop: {low: Здесь не действует}\n"))
    assert not pack.document.criteria and "criteria/low" not in pack.origin
    assert pack.document.drop == {"low": "Здесь не действует"}


def test_a_dropped_id_may_be_used_again(tmp_path: Path) -> None:
    pack = load_pack(base_and_own(tmp_path, "drop: {low: Заменён}\n" + LOW.replace("30", "40")))
    assert pack.document.criteria["low"].at_least == "40"


def test_documents_and_the_calendar_are_added_to(tmp_path: Path) -> None:
    held = f"not_held: [{{cells: {{year: %s}}, because: Отменено, {SOURCE}}}]\n"
    write(tmp_path / "base", held % 2020)
    head = HEAD.replace("order: {title: Приказ}", "letter: {title: Письмо}")
    folder = write(tmp_path / "own", held % 2021, extends="base", head=head)
    pack = load_pack(folder)
    assert set(pack.document.sources) == {"order", "letter"}
    assert [entry.source.document for entry in pack.document.not_held] == ["order", "letter"]
    assert str(pack.place("not_held/0/cells").file).endswith("base/pack.yaml")
    assert str(pack.place("not_held/1/cells").file).endswith("own/pack.yaml")


def test_an_own_item_may_cite_the_base_document(tmp_path: Path) -> None:
    head = HEAD.replace("order: {title: Приказ}", "letter: {title: Письмо}")
    write(tmp_path / "base", "")
    own = write(tmp_path / "own", LOW.replace("clause", "document: order, clause"), extends="base", head=head)
    assert load_pack(own).document.criteria["low"].source.document == "order"


def test_tables_of_the_base_get_the_columns_added(tmp_path: Path) -> None:
    table = "tables:\n  visits: {entity: {school: school_id}, key: [school_id], columns: {school_id: {type: text}}}\n"
    own = "tables:\n  visits: {unknown_entities: leave_out, columns: {count: {type: count}}}\n"
    visits = tables_of(load_pack(base_and_own(tmp_path, own, table)))["visits"]
    assert (list(visits.columns), visits.key, visits.unknown_entities) == (
        ["school_id", "count"],
        ["school_id"],
        "leave_out",
    )


def test_the_rows_of_a_base_table_are_read_from_the_base_folder(tmp_path: Path) -> None:
    table = "tables:\n  minima: {key: [year], rows: minima.csv, columns: {year: {type: year}, least: {type: count}}}\n"
    write(tmp_path / "base", table)
    (tmp_path / "base" / "minima.csv").write_text("year,least\n", encoding="utf-8")
    own = "tables:\n  minima: {columns: {note: {type: text}}}\n"
    pack = load_pack(write(tmp_path / "own", own, extends="base"))
    assert rows_file(pack, "minima") == tmp_path / "base" / "minima.csv"


def test_an_unknown_base_offers_the_nearest_and_a_circle_is_found(tmp_path: Path) -> None:
    write(tmp_path / "base")
    (finding,) = read_pack(write(tmp_path / "own", extends="bse"))[1]
    assert (finding.code, finding.details["nearest"], finding.place.key) == ("SH205", "base", "pack.extends")
    assert read_pack(tmp_path / "own")[0] is None
    write(tmp_path / "base", extends="own")
    write(tmp_path / "own", extends="base")
    (finding,) = read_pack(tmp_path / "own")[1]
    assert (finding.code, finding.details["names"]) == ("SH216", ["own", "base", "own"])


def test_a_pack_may_stand_on_a_shipped_one(tmp_path: Path) -> None:
    head = HEAD.replace("order: {title: Приказ}", "own_order: {title: Приказ}")
    pack = load_pack(write(tmp_path / "own", extends="federal", head=head))
    assert pack.base is not None and pack.base.id == "federal" and pack.document.flags


# ---- tables and levels ----------------------------------------------------------------------------------------------


def test_the_standard_tables_are_whole() -> None:
    assert len(STANDARD_TABLES) == 15
    for table in STANDARD_TABLES.values():
        named = [*(table.key or ()), *table.dims, *(table.entity or {}).values()]
        named += [column.at_most for column in table.columns.values() if column.at_most]
        assert set(named) <= set(table.columns)
        headers = [alias for column in table.columns.values() for alias in column.aliases or ()]
        assert len(headers) == len(set(headers))
    assert [name for name, table in STANDARD_TABLES.items() if table.persons] == ["student_results", "teachers"]
    assert STANDARD_TABLES["results"].dims == ["year", "procedure", "grade", "subject"]
    assert STANDARD_TABLES["results"].columns["mark_2"].at_most == "participants"


def test_a_pack_adds_columns_to_a_standard_table_and_replaces_those_it_names(tmp_path: Path) -> None:
    body = (
        "tables:\n  schools:\n    unknown_entities: leave_out\n"
        "    columns: {kind: {type: text, values: [СОШ]}, internet: {type: number}}\n"
    )
    pack = load_pack(write(tmp_path / "north", body))
    schools = tables_of(pack)["schools"]
    assert set(STANDARD_TABLES["schools"].columns) < set(schools.columns)
    assert schools.columns["kind"].values == ["СОШ"] and schools.key == ["school_id"]
    assert "internet" not in STANDARD_TABLES["schools"].columns
    assert levels_of(pack) == dict(STANDARD_LEVELS)


def test_teachers_belong_to_the_teacher_level_where_there_is_one(tmp_path: Path) -> None:
    assert tables_of(load_pack(write(tmp_path / "north")))["teachers"].entity == {"school": "school_id"}
    levels = (
        "levels:\n  teacher: {table: teachers, key: teacher_id}\n"
        "  school: {table: schools, key: school_id, column: school_id}\n  region: {}\n"
    )
    pack = load_pack(write(tmp_path / "south", levels))
    assert tables_of(pack)["teachers"].entity == {"teacher": "teacher_id"}
    assert list(levels_of(pack)) == ["teacher", "school", "region"]
