"""Tables in: cells, types, checks, entities, codes and students; all that is wrong is told at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shsnor.pack import Column, Level, Table
from shsnor.store import Session
from tests.reading_cases import CATALOG, RESULT, SCHOOLS, read


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as session:
        yield session


def cell(session: Session, column: str, text: Any) -> Any:
    """What a cell becomes in the table of all types; the code of the finding where it is wrong."""
    found = read(session, {"kinds": [{"school_id": "001", column: text}]})
    errors = found.codes()
    value = errors[0] if errors else found.rows("kinds", column)[0][0]
    for schema in ("staging", "input", "roster"):
        session.con.execute(f"DROP SCHEMA {schema} CASCADE")
    return value


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("text", "  слово \u00a0", "слово"),
        ("text", "0012", "0012"),
        ("text", 12.0, "12"),
        ("text", 12.5, "12.5"),
        ("text", 12, "12"),
        ("text", "1 000", "1 000"),
        ("count", "12", 12),
        ("count", " 12 ", 12),
        ("count", "12,0", 12),
        ("count", "12.00", 12),
        ("count", "1 234", 1234),
        ("count", "1\u00a0234\u202f567", 1234567),
        ("count", 12.0, 12),
        ("count", "12,5", "SH422"),
        ("count", "12.5", "SH422"),
        ("count", "-1", "SH405"),
        ("count", "много", "SH404"),
        ("count", "1_000", "SH404"),
        ("count", "12 34", "SH404"),
        ("count", "31,6%", "SH404"),
        ("number", "12,5", Decimal("12.5")),
        ("number", "12.5", Decimal("12.5")),
        ("number", "-0,5", Decimal("-0.5")),
        ("number", "\u22120,5", Decimal("-0.5")),
        ("number", "43%", Decimal(43)),
        ("number", "43,5 %", Decimal("43.5")),
        ("number", "1 234,5", Decimal("1234.5")),
        ("number", ",5", Decimal("0.5")),
        ("number", "1e-3", Decimal("0.001")),
        ("number", "1.2345675", Decimal("1.234568")),
        ("number", "-1.2345675", Decimal("-1.234568")),
        ("short", "0,25", Decimal("0.3")),
        ("short", "0,249999999", Decimal("0.2")),
        ("number", "1,234,5", "SH404"),
        ("number", "двенадцать", "SH404"),
        ("number", "1234567890123", "SH404"),
        ("number", "inf", "SH404"),
        ("year", "2021", 2021),
        ("year", "2020/21", 2021),
        ("year", "2020/2021", 2021),
        ("year", "2020-2021", 2021),
        ("year", "2020–2021", 2021),
        ("year", "1999/00", 2000),
        ("year", "2020/2021 учебный год", 2021),
        ("year", 2021.0, 2021),
        ("year", "2020/22", "SH404"),
        ("year", "21", "SH404"),
        ("year", "0021", "SH405"),
        ("date", "2021-09-01", datetime.date(2021, 9, 1)),
        ("date", "2021-09-01T10:20:30", datetime.date(2021, 9, 1)),
        ("date", "01.09.2021", datetime.date(2021, 9, 1)),
        ("date", "1.9.2021 9:20", datetime.date(2021, 9, 1)),
        ("date", "31.10.2016 09:29:23", datetime.date(2016, 10, 31)),
        ("date", datetime.date(2021, 9, 1), datetime.date(2021, 9, 1)),
        ("date", "31.02.2021", "SH404"),
        ("date", "2021-02-30", "SH404"),
        ("date", "сентябрь", "SH404"),
        *(("yes_no", text, True) for text in ("да", "Да", "YES", "true", "1", "Y", "д", True)),
        *(("yes_no", text, False) for text in ("нет", "Нет", "no", "FALSE", "0", "n", "н", False)),
        ("yes_no", "может быть", "SH404"),
        *(("number", text, None) for text in ("", "  ", "н/д", " н/д ", "-", "–", "—", None, float("nan"))),
        *(("text", text, None) for text in ("", "н/д", "-", "–", "—")),
    ],
)
def test_a_cell_has_the_type_of_its_column(session: Session, column: str, text: Any, expected: Any) -> None:
    assert cell(session, column, text) == expected


def test_columns_have_the_types_that_the_engine_counts_on(session: Session) -> None:
    found = read(session, {"kinds": [{"school_id": "001"}]})
    types = {name: kind for name, kind, *_ in session.rows(f"DESCRIBE {found.loaded['kinds'].relation}")}
    del types["#row"]
    assert types == {
        "school_id": "VARCHAR", "text": "VARCHAR", "count": "BIGINT", "number": "DECIMAL(18,6)",
        "short": "DECIMAL(18,1)", "year": "INTEGER", "date": "DATE", "yes_no": "BOOLEAN",
    }  # fmt: skip


def test_missing_and_hidden_cells_are_told_apart_and_counted(session: Session) -> None:
    table = CATALOG["kinds"].model_copy(update={"missing": ["NE"], "hidden": ["SUPP", "NP"]})
    texts = ["SUPP", "NP", "NE", "-", "", "5"]
    schools = [{"school_id": str(i), "municipality": "М"} for i in range(len(texts))]
    rows = [{"school_id": str(i), "number": text} for i, text in enumerate(texts)]
    found = read(session, {"schools": schools, "kinds": rows}, catalog={**CATALOG, "kinds": table})
    assert found.codes() == []
    assert found.rows("kinds", "school_id", "number", "number__hidden") == [
        ("0", None, True), ("1", None, True), ("2", None, False), ("3", None, False), ("4", None, False),
        ("5", Decimal(5), False),
    ]  # fmt: skip
    loaded = found.loaded["kinds"]
    assert loaded.missing_counts is not None
    assert (loaded.missing_counts["number"], loaded.hidden_counts["number"]) == (3, 2)
    assert "school_id__hidden" not in {name for name, *_ in session.rows(f"DESCRIBE {loaded.relation}")}


def test_a_number_may_mean_that_there_is_no_value(session: Session) -> None:
    table = CATALOG["kinds"].model_copy(update={"missing": ["999"], "hidden": ["-1"]})
    rows = [{"school_id": f"00{i + 1}", "number": n, "count": n} for i, n in enumerate(["999", " -1", "9990"])]
    found = read(session, {"kinds": rows}, catalog={**CATALOG, "kinds": table})
    assert found.codes() == []
    assert found.rows("kinds", "number", "number__hidden", "count", "count__hidden") == [
        (9990, False, 9990, False), (None, False, None, False), (None, True, None, True),
    ]  # fmt: skip


def test_everything_wrong_is_told_at_once_with_its_place(session: Session) -> None:
    rows = [
        RESULT | {"below_minimum": 21},
        RESULT | {"grade": "6", "participants": "двадцать"},
        RESULT | {"grade": "7", "school_id": "00l"},
        RESULT | {"grade": "8", "mark_2": "2,5"},
        RESULT | {"grade": "9", "participants": -3},
        RESULT | {"grade": "9", "year": 1800},
        RESULT,
        RESULT | {"subject": None},
    ]
    found = read(session, {"results": rows})
    places = [(f.code, f.place.row, f.place.field, f.place.value) for f in found.findings if f.severity == "error"]
    key = "school_id, year, procedure, grade, subject"
    assert sorted(places) == [
        ("SH404", 2, "participants", "двадцать"),
        ("SH405", 5, "participants", "-3"),
        ("SH405", 6, "year", "1800"),
        ("SH407", 7, key, "001, 2022, ВПР, 5, рус"),
        ("SH408", 8, "subject", None),
        ("SH409", 1, "below_minimum", "21 > 20"),
        ("SH410", 3, "school_id", "00l"),
        ("SH422", 4, "mark_2", "2,5"),
    ]
    assert {f.place.table for f in found.findings} == {"results"}
    assert found.details("SH407") == [{"first_row": 1}]
    assert found.details("SH409") == [{"other": "participants", "label": "Участников"}]
    assert found.details("SH410")[0] | {"nearest": "001", "level": "school"} == found.details("SH410")[0]


def test_twenty_rows_of_a_kind_are_listed_and_the_rest_counted(session: Session) -> None:
    rows = [RESULT | {"grade": str(i), "participants": "x"} for i in range(50)]
    found = read(session, {"results": rows})
    assert found.codes() == ["SH404"] * 21
    assert [row for _, row, _, _ in found.found("SH404")] == [None, *range(1, 21)]
    assert [d for d in found.details("SH404") if "count" in d] == [{"expected": "count", "count": 50, "listed": 20}]


def test_a_value_that_is_not_listed_and_one_out_of_range(session: Session) -> None:
    table = Table(
        key=["k"],
        columns={
            "k": Column(type="text"),
            "mark": Column(type="number", range=("2", "5")),
            "level": Column(type="text", values=["low", "high"], empty="error"),
        },
    )
    rows = [{"k": "a", "mark": 2, "level": "low"}, {"k": "b", "mark": "5,1", "level": "Low"}, {"k": "c", "mark": 6}]
    found = read(session, {"own": rows}, catalog={**CATALOG, "own": table})
    assert found.found("SH405") == [("own", 2, "mark", "5.100000"), ("own", 3, "mark", "6.000000")]
    assert found.found("SH406") == [("own", 2, "level", "Low")]
    assert found.found("SH408") == [("own", 3, "level", None)]
    assert found.details("SH405")[0] == {"low": "2", "high": "5"}


def test_values_of_persons_are_in_no_finding(session: Session) -> None:
    student = {k: v for k, v in RESULT.items() if k != "participants"} | {"student_id": "Иванова-17", "mark": 5}
    rows = [student, student, student | {"student_id": "Петров-18", "mark": 7}, student | {"school_id": "Секрет"}]
    found = read(session, {"student_results": rows}, {"student_results": set()})
    assert sorted(found.codes()) == ["SH405", "SH407", "SH410"]
    assert all(f.place.value is None for f in found.findings)
    shown = repr(found.findings)
    assert not any(text in shown for text in ("Иванова", "Петров", "Секрет"))


@pytest.mark.parametrize(
    ("percent", "base", "expected"),
    [
        ("31,6%", 19, 6),  # 6 of 19 is 31.58 %
        ("31.58 %", 19, 6),
        ("0%", 19, 0),
        ("100 %", 19, 19),
        ("50%", 4, 2),
        ("33%", 3, 1),
        ("32%", 3, None),  # no count of three gives it
        ("31,6%", 2000, None),  # 631 to 632 of 2000: two counts give it
        ("50%", None, None),
        ("12,5%", 8, 1),
        ("12,5%", 40, 5),
        ("13%", 8, 1),  # 12.5 rounds half up
        ("12%", 8, None),
    ],
)
def test_a_count_is_restored_from_a_per_cent(
    session: Session, percent: str, base: int | None, expected: int | None
) -> None:
    found = read(session, {"results": [RESULT | {"participants": base, "mark_2": percent}]})
    assert found.codes() == []
    assert found.rows("results", "mark_2") == [(expected,)]
    assert found.found("SH414") == ([] if expected is not None else [("results", 1, "mark_2", percent)])
    if expected is None:
        assert found.details("SH414") == [{"base": "participants"}]


def test_a_header_that_ends_with_a_per_cent_sign_means_per_cents(session: Session) -> None:
    rows = [{**RESULT, "participants": 40, "Получили 2, %": "5", "Получили 3 (%)": "45,0", "mark_4": "20"}]
    found = read(session, {"results": rows})
    assert found.codes() == [] and found.found("SH414") == []
    assert found.rows("results", "mark_2", "mark_3", "mark_4") == [(2, 18, 20)]


def test_the_roster_numbers_entities_by_their_keys_and_says_what_contains_them(session: Session) -> None:
    found = read(session, {})
    assert found.codes() == []
    assert session.rows("SELECT id, key, name, up_municipality, up_region FROM roster.school ORDER BY id") == [
        (0, "001", "Школа № 1", 0, 0), (1, "002", "Школа № 2", 1, 0), (2, "003", "Лицей", None, 0),
    ]  # fmt: skip
    assert session.rows("SELECT id, key, up_region FROM roster.municipality ORDER BY id") == [
        (0, "Восток", 0),
        (1, "Запад", 0),
    ]
    assert session.rows("SELECT id, key FROM roster.region") == [(0, "Край")]


def test_a_level_may_have_a_table_of_its_own_and_tables_that_add_to_it(session: Session) -> None:
    levels = {
        "teacher": Level(table="teachers", key="teacher_id"),
        "school": Level(table="schools", key="school_id", column="school_id", also=["results"]),
        "municipality": Level(column="municipality"),
        "country": Level(),
    }
    teachers = [{"teacher_id": "t1", "school_id": "001"}, {"teacher_id": "t2", "school_id": "009"}]
    catalog = {**CATALOG, "teachers": CATALOG["teachers"].model_copy(update={"entity": {"teacher": "teacher_id"}})}
    results = [RESULT | {"school_id": "007"}]
    found = read(session, {"teachers": teachers, "results": results}, catalog=catalog, levels=levels)
    assert found.codes() == []
    keys = session.rows("SELECT key FROM roster.school ORDER BY id")
    assert keys == [("001",), ("002",), ("003",), ("007",), ("009",)]
    assert session.rows("SELECT key, up_school, up_municipality, up_country FROM roster.teacher ORDER BY id") == [
        ("t1", 0, 0, 0), ("t2", 4, None, 0),
    ]  # fmt: skip


def test_an_empty_roster_and_an_entity_in_two_places_are_errors(session: Session) -> None:
    assert read(session, {"schools": []}).codes() == ["SH427"]
    with Session() as other:
        table = CATALOG["schools"].model_copy(update={"key": []})
        rows = [SCHOOLS[0], SCHOOLS[0] | {"municipality": "Запад"}]
        found = read(other, {"schools": rows}, catalog={**CATALOG, "schools": table})
        assert found.found("SH428") == [("schools", None, "municipality", "001")]


def test_rows_of_unknown_entities_may_be_left_out_with_a_warning(session: Session) -> None:
    table = CATALOG["results"].model_copy(update={"unknown_entities": "leave_out"})
    rows = [
        RESULT,
        RESULT | {"school_id": "900"},
        RESULT | {"school_id": "901"},
        RESULT | {"school_id": "901", "year": 2021},
    ]
    found = read(session, {"results": rows}, catalog={**CATALOG, "results": table})
    assert found.codes() == [] and found.codes("warning") == ["SH423"]
    assert found.details("SH423") == [{"count": 3, "entities": 2}]
    assert found.rows("results", "school_id") == [("001",)] and found.loaded["results"].rows == 1


def test_codes_of_other_systems_and_years_become_schools(session: Session) -> None:
    codes = [
        {"system": "ВПР", "code": "edu1", "from": "2019-09-01", "school_id": "001", "to": "2021-08-31"},
        {"system": "ВПР", "code": "edu1", "from": "2021-09-01", "school_id": "002"},
        {"system": "РИС", "code": "77", "from": "2000-01-01", "school_id": "003"},
    ]
    rows = [RESULT | {"school_id": "edu1", "year": year} for year in (2021, 2022)]
    rows += [RESULT | {"school_id": "77"}, RESULT | {"school_id": "edu2"}, RESULT | {"school_id": "edu1", "year": 2015}]
    found = read(session, {"results": rows, "school_codes": codes}, {"results": set()})
    assert found.rows("results", "year", "school_id")[1:4] == [(2021, "001"), (2022, "002"), (2022, "003")]
    assert found.codes() == ["SH416", "SH416"]
    assert found.found("SH416") == [("results", 4, "school_id", "edu2"), ("results", 5, "school_id", "edu1")]


def test_an_unknown_code_comes_with_the_likeliest_school(session: Session) -> None:
    codes = [{"system": "ВПР", "code": "edu1", "from": "2019-09-01", "school_id": "001"}]
    rows = [RESULT | {"school_id": "школа №2"}, RESULT | {"school_id": "0003"}]
    found = read(session, {"results": rows, "school_codes": codes}, {"results": set()})
    near = [(d["nearest"], d["nearest_name"]) for d in found.details("SH416")]
    assert near == [("002", "Школа № 2"), ("003", "Лицей")]


def test_rows_of_merged_schools_fall_on_their_successor_and_are_no_repeated_key(session: Session) -> None:
    codes = [
        {"system": "школы", "code": "old1", "from": "2000-01-01", "school_id": "001", "predecessor": "901"},
        {"system": "школы", "code": "old2", "from": "2000-01-01", "school_id": "001", "predecessor": "902"},
        {"system": "школы", "code": "old3", "from": "2000-01-01", "school_id": "902", "predecessor": "903"},
    ]
    rows = [RESULT | {"school_id": code} for code in ("001", "901", "902", "903")]
    found = read(session, {"results": rows, "school_codes": codes}, {"results": set()})
    assert found.codes() == []
    assert found.rows("results", "school_id") == [("001",)] * 4
    with Session() as other:
        twice = [*rows, RESULT | {"school_id": "old1"}]  # the predecessor 901 under another of its codes
        found = read(other, {"results": twice, "school_codes": codes}, {"results": set()})
        assert [(row, value) for _, row, _, value in found.found("SH407")] == [(5, "001, 2022, ВПР, 5, рус")]


STUDENT = {"school_id": "001", "year": 2022, "procedure": "ОГЭ", "grade": "9", "subject": "мат"}


def student(number: int, **more: Any) -> dict[str, Any]:
    return {**STUDENT, "student_id": str(number), **more}


def test_rows_of_students_are_summed_to_results(session: Session) -> None:
    students = [
        student(1, mark=2, score=5, score_max=31),
        student(2, mark=3, score=10, score_max=31),
        student(3, mark=5, score=30, score_max=31),
        student(4),  # did not take part
        student(5, subject="рус", mark=4),
        student(6, subject="рус", mark=2, below_minimum="нет"),
        student(7, subject="рус", below_minimum="да"),
        student(8, subject="физ", score="40,5"),
    ]
    results = [
        dict.fromkeys(("mark_2", "mark_3", "mark_4", "mark_5", "below_minimum", "score_sum", "score_max")) | RESULT
    ]
    wanted = {"participants", "mark_2", "mark_3", "mark_4", "mark_5", "below_minimum", "score_sum", "score_max"}
    found = read(session, {"student_results": students, "results": results}, {"results": wanted})
    assert found.codes() == [] and found.codes("warning") == []
    columns = (
        "subject",
        "participants",
        "mark_2",
        "mark_3",
        "mark_4",
        "mark_5",
        "below_minimum",
        "score_sum",
        "score_max",
    )
    assert found.rows("results", "procedure", *columns) == [
        ("ВПР", "рус", 20, None, None, None, None, None, None, None),
        ("ОГЭ", "мат", 3, 1, 1, 0, 1, 1, 45, 93),
        ("ОГЭ", "рус", 3, None, None, None, None, 1, None, None),
        ("ОГЭ", "физ", 1, None, None, None, None, None, Decimal("40.5"), None),
    ]
    assert found.loaded["results"].rows == 4


def test_students_alone_are_enough_for_results(session: Session) -> None:
    found = read(session, {"student_results": [student(1, mark=2)]}, {"results": {"participants", "below_minimum"}})
    assert found.codes() == [] and found.codes("warning") == []
    assert found.rows("results", "school_id", "participants", "below_minimum") == [("001", 1, 1)]


def test_one_cell_from_students_and_from_results_is_an_error(session: Session) -> None:
    totals = {**STUDENT, "participants": 1}
    found = read(session, {"student_results": [student(1, mark=2)], "results": [totals]}, {"results": set()})
    assert found.found("SH407") == [
        ("results", None, "school_id, year, procedure, grade, subject", "001, 2022, ОГЭ, 9, мат")
    ]
    assert found.details("SH407") == [{"other": "student_results"}]


def test_the_digest_is_of_the_rows_and_not_of_their_order_or_files(session: Session, tmp_path: Path) -> None:
    rows = [RESULT | {"grade": str(i)} for i in range(1, 8)]
    wanted = {"results": {"participants"}}

    def digest(given: Any) -> str | None:
        with Session() as other:
            return read(other, {"results": given}, wanted).loaded["results"].digest

    header = "school_id,year,procedure,grade,subject,participants\n"
    lines = [",".join(str(row[c]) for c in header.strip().split(",")) + "\n" for row in rows]
    (tmp_path / "a.csv").write_text(header + "".join(lines[:3]), encoding="utf-8")
    (tmp_path / "b.csv").write_text(header + "".join(lines[3:]), encoding="utf-8")
    one = digest(rows)
    assert one is not None
    assert digest(rows[::-1]) == one
    assert digest([tmp_path / "b.csv", tmp_path / "a.csv"]) == one
    assert digest([row | {"mark_2": 1} for row in rows]) == one  # a column that the pack does not read
    assert digest([row | {"participants": 21} for row in rows]) != one
    assert digest(rows[1:]) != one
    assert digest([*rows, rows[0]]) != one


def test_a_table_that_is_nowhere_is_empty_and_told(session: Session) -> None:
    found = read(session, {}, {"schools": set(), "context": {"year"}, "results": set()})
    assert found.codes() == []
    assert [(f.code, f.place.table) for f in found.findings] == [("SH402", "context"), ("SH402", "results")]
    assert found.rows("context") == [] and found.rows("results", "participants") == []
    with Session() as other:
        found = read(
            other,
            {"results": [RESULT]},
            {"results": set()},
            catalog={**CATALOG, "lists": LISTS},
            levels=LEVELS_OF_LISTS,
        )
        assert next((f.code, f.place.table) for f in found.findings if f.severity == "error") == ("SH402", "lists")


LISTS = Table(entity={"school": "code"}, key=["code"], columns={"code": Column(type="text")})
LEVELS_OF_LISTS = {"school": Level(table="lists", key="code"), "region": Level()}
