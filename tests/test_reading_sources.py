"""Where tables come from: CSV of every kind, folders, Parquet, DuckDB files, and objects of Python."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shsnor.errors import UsageError
from shsnor.pack import Column, Level, Table
from shsnor.reading import content_digest, find_duplicates
from shsnor.sql import literal
from shsnor.store import Session
from tests.reading_cases import CATALOG, RESULT, SCHOOLS, read, write

CSV = "school_id,number,text\n001,1.5,слово\n002,2,два слова\n"
EXPECTED = [("001", Decimal("1.5"), "слово"), ("002", Decimal(2), "два слова")]
COLUMNS = ("school_id", "number", "text")


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as session:
        yield session


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_of_every_kind_is_read_alike(
    session: Session, tmp_path: Path, encoding: str, delimiter: str, end: str
) -> None:
    text = CSV.replace(",", delimiter).replace("1.5", "1.5" if delimiter == "," else "1,5").replace("\n", end)
    found = read(session, {"kinds": write(tmp_path / "kinds.csv", text, encoding)})
    assert found.codes() == []
    assert found.rows("kinds", *COLUMNS) == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        CSV + "\n\n\n",  # empty lines below
        CSV + ",,\n , ,\n",  # rows of delimiters only
        CSV.rstrip("\n"),  # no line end after the last row
        "\n\n" + CSV,  # empty lines above
        "sep=,\n" + CSV,  # the line that tells a spreadsheet of the delimiter
        CSV.replace("\n", ",\n"),  # a delimiter at the end of every line
        CSV.replace("слово\n", "слово,\n"),  # and at the end of one
        '"school_id","number","text"\n"001","1,5","слово"\n"002"," 2 ",два слова\n',
        CSV.replace("\n", "\r\n", 1),  # line ends of two kinds
    ],
)
def test_small_oddities_of_csv_do_no_harm(session: Session, tmp_path: Path, text: str) -> None:
    found = read(session, {"kinds": write(tmp_path / "kinds.csv", text)})
    assert [f for f in found.findings if f.code != "SH402"] == []
    assert found.rows("kinds", *COLUMNS) == EXPECTED


def test_quotes_hold_delimiters_line_ends_and_quotes(session: Session, tmp_path: Path) -> None:
    header = '"school_id";"те\nкст";"число; штук"\r\n'
    table = CATALOG["kinds"].model_copy(
        update={
            "columns": {
                "text": Column(type="text", aliases=["те кст"]),
                "n": Column(type="count", aliases=["число; штук"]),
            }
        }
    )
    text = header + '001;"a;b\nc ""d""";1\r\n002;"";2\r\n'
    found = read(session, {"kinds": write(tmp_path / "kinds.csv", text)}, catalog={**CATALOG, "kinds": table})
    assert found.codes() == []
    assert found.rows("kinds", "school_id", "text", "n") == [("001", 'a;b\nc "d"', 1), ("002", None, 2)]


def test_line_ends_in_quotes_are_kept_in_a_file_that_is_read_in_parts(session: Session, tmp_path: Path) -> None:
    table = Table(key=["n"], columns={name: Column(type="text") for name in ("n", "text")})
    path = tmp_path / "own.csv"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("n,text\n")
        file.writelines(f'{i},"' + f"{i},x\n" * 1000 + '"\n' for i in range(1500))
    found = read(session, {"own": path}, catalog={**CATALOG, "own": table})
    assert found.codes() == []
    held = "count(*), count(CASE WHEN length(text) < 3000 THEN 1 END)"
    assert session.rows(f"SELECT {held} FROM {found.loaded['own'].relation}") == [(1500, 0)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.text("a1,;\t\n\" '\\ж", max_size=5), min_size=2, max_size=2), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_python_writes_is_what_is_read(
    tmp_path: Path, rows: list[list[str]], delimiter: str, quoting: Any, end: str
) -> None:
    table = Table(key=[], columns={name: Column(type="text") for name in ("n", "a", "b")})
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerow(["n", "a", "b"])
    writer.writerows([str(i), *row] for i, row in enumerate(rows))
    with Session() as session:
        found = read(session, {"own": write(tmp_path / "own.csv", out.getvalue())}, catalog={**CATALOG, "own": table})
        assert found.codes() == []
        expected = [(str(i), *(_cell(text) for text in row)) for i, row in enumerate(rows)]
        assert sorted(found.rows("own", "n", "a", "b")) == sorted(expected)


def _cell(text: str) -> str | None:
    return text.strip(" \t\n") or None


def test_rows_with_too_few_or_too_many_cells_are_told_with_their_number(session: Session, tmp_path: Path) -> None:
    text = 'school_id,number,text\n001,1,"a\nb"\n002,2\n\n003,3,c,d\n003,3,c\n'
    found = read(session, {"kinds": write(tmp_path / "kinds.csv", text)})
    assert found.codes() == ["SH417", "SH417"]
    assert [(f.place.file, f.place.row, f.details) for f in found.findings if f.code == "SH417"] == [
        ("kinds.csv", 2, {"expected": 3, "found": 2}), ("kinds.csv", 3, {"expected": 3, "found": 4}),
    ]  # fmt: skip


def test_headers_are_matched_by_name_alias_and_likeness(session: Session, tmp_path: Path) -> None:
    headers = "Код ОО;ГОД; процедура ;Учебный  предмет;Параллель;Кол-во участников;Не преодолели минимум;Учёба"
    text = headers + "\n001;2021/22;ВПР;рус;5;20;6;x\n"
    found = read(session, {"results": write(tmp_path / "results.csv", text)})
    assert found.codes() == []
    assert found.rows(
        "results", "school_id", "year", "procedure", "grade", "subject", "participants", "below_minimum"
    ) == [("001", 2022, "ВПР", "5", "рус", 20, 6)]
    assert found.details("SH413") == [{"headers": ["Учёба"]}]


def test_a_missing_column_and_two_headers_of_one_column(session: Session, tmp_path: Path) -> None:
    text = "school_id,Код ОО,procedure,grade,subject,partcipants\n001,001,ВПР,5,рус,20\n"
    path = write(tmp_path / "results.csv", text)
    found = read(session, {"results": path}, {"results": {"participants", "below_minimum"}})
    assert found.codes() == ["SH403", "SH403", "SH415", "SH403"]
    assert {(d["column"], d.get("nearest")) for d in found.details("SH403")} == {
        ("below_minimum", None), ("participants", "partcipants"), ("year", None),
    }  # fmt: skip
    assert found.details("SH415") == [{"headers": ["school_id", "Код ОО"], "column": "school_id"}]


def test_columns_that_nobody_reads_may_be_missing(session: Session) -> None:
    found = read(session, {"results": [RESULT]}, {"results": {"participants"}})
    assert found.codes() == []
    assert found.rows("results", "participants", "mark_2", "score_sum") == [(20, None, None)]


def test_a_column_that_may_be_missing_is_a_warning_and_empty(session: Session) -> None:
    table = Table(
        entity={"school": "school_id"}, key=["school_id", "year"], no_column="unknown",
        columns={"year": Column(type="year"), "poor": Column(type="number"), "far": Column(type="number")},
    )  # fmt: skip
    given = {"schools": SCHOOLS, "social": [{"school_id": "001", "year": 2022, "distance": 3, "fare": 5}]}
    found = read(session, given, {"schools": set(), "social": {"poor", "far"}}, catalog={**CATALOG, "social": table})
    assert found.codes() == []
    assert [(d["column"], d["nearest"]) for d in found.details("SH429")] == [("far", "fare"), ("poor", None)]
    assert found.rows("social", "school_id", "poor", "far") == [("001", None, None)]
    with Session() as other:  # but what names its rows must be there
        given = {"schools": SCHOOLS, "social": [{"school_id": "001", "far": 3}]}
        found = read(other, given, {"schools": set(), "social": {"far"}}, catalog={**CATALOG, "social": table})
        assert [(f.code, f.place.field) for f in found.findings] == [("SH403", "year")]


def test_tables_of_other_packs_are_told_of_only_where_one_is_lacking(session: Session) -> None:
    given = {"schools": SCHOOLS, "results": [RESULT], "gymnastics": [{"a": 1}]}
    assert not read(session, given, {"schools": set(), "results": set()}).details("SH412")
    with Session() as other:
        found = read(other, given, {"schools": set(), "results": set(), "context": set()})
        assert [d["name"] for d in found.details("SH412")] == ["gymnastics"]


def test_a_folder_holds_files_and_folders_named_as_tables(session: Session, tmp_path: Path) -> None:
    write(tmp_path / "schools.CSV", "school_id,municipality\n001,Восток\n")
    write(tmp_path / "results" / "2021.csv", _results(2021))
    write(tmp_path / "results" / "2022.csv", _results(2022, order=-1))
    write(tmp_path / "context.tsv", "school_id\tyear\n001\t2022\n")
    write(tmp_path / "resuts.csv", "a\n1\n")
    write(tmp_path / "README.md", "не таблица")
    write(tmp_path / ".hidden.csv", "a\n1\n")
    found = read(session, tmp_path, {"results": {"participants"}, "context": set()})
    assert found.codes() == []
    assert [(f.code, f.place.file, f.details) for f in found.findings] == [
        ("SH412", "resuts.csv", {"name": "resuts", "nearest": "results"})
    ]
    assert found.rows("results", "year", "participants") == [(2021, 20), (2022, 20)]
    assert [(f.name, f.size) for f in found.loaded["results"].files] == [
        (name, (tmp_path / "results" / name).stat().st_size) for name in ("2021.csv", "2022.csv")
    ]
    schools = found.loaded["schools"].files[0]
    assert schools.sha256 == hashlib.sha256((tmp_path / "schools.CSV").read_bytes()).hexdigest()


def _results(year: int, order: int = 1, **more: Any) -> str:
    row = {**RESULT, "year": year, **more}
    names = list(row)[::order]
    return ",".join(names) + "\n" + ",".join(str(row[name]) for name in names) + "\n"


def test_rows_of_several_files_are_named_by_file(session: Session, tmp_path: Path) -> None:
    a = write(tmp_path / "a.csv", _results(2021) + "001,2021,ВПР,6,рус,x\n")
    b = write(tmp_path / "b.csv", _results(2022, participants="y"))
    found = read(session, {"results": [a, b]})
    assert [(f.place.file, f.place.row, f.place.value) for f in found.findings if f.code == "SH404"] == [
        ("a.csv", 2, "x"), ("b.csv", 1, "y"),
    ]  # fmt: skip


def test_a_folder_without_tables_and_a_place_that_is_not_there(tmp_path: Path) -> None:
    for path, reason in ((tmp_path, "no_tables"), (tmp_path / "none", "missing"), (tmp_path / "a.docx", "kinds")):
        if path.suffix:
            path.write_bytes(b"PK\x03\x04")
        with Session() as session:
            found = read(session, path)
            assert found.codes() == ["SH411"], "that each table is lacking goes without saying"
            assert found.details("SH411")[0]["reason"] == reason


@pytest.mark.parametrize("given", [42, None, ["a"], 3.5])
def test_what_holds_no_tables_is_a_wrong_call(session: Session, given: Any) -> None:
    with pytest.raises(UsageError) as caught:
        read(session, given)
    assert [f.code for f in caught.value.findings] == ["SH401"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("kinds.csv", b"", "empty"),
        ("kinds.csv", b"\xef\xbb\xbf\r\n\r\n", "empty"),
        ("kinds.csv", b"PK\x03\x04\x00\x00\x08\x00", "binary"),
        ("kinds.parquet", b"PAR1 no", "damaged"),
        ("kinds.parquet", b"", "damaged"),
        ("kinds.csv", b'school_id,text\n001,"a\n002,b\n', "csv"),
        ("kinds.csv", b'school_id,text\n001,5"\n002,"b\n', "csv"),
        ("kinds.csv", b'school_id,text\n001,"a"b"\n', "csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_finding(
    session: Session, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    found = read(session, {"kinds": tmp_path / name})
    assert found.codes() == ["SH411"]
    assert found.details("SH411")[0]["reason"] == reason
    assert [f.place.file for f in found.findings if f.code == "SH411"] == [name]


def test_a_damaged_duckdb_file_is_a_finding(session: Session, tmp_path: Path) -> None:
    (tmp_path / "data.duckdb").write_bytes(b"no database" * 1000)
    found = read(session, tmp_path)
    assert found.codes()[0] == "SH411" and found.details("SH411")[0]["reason"] == "damaged"


def test_one_table_in_two_places_is_an_error(session: Session, tmp_path: Path) -> None:
    write(tmp_path / "schools.csv", "school_id,municipality\n001,В\n")
    write(tmp_path / "schools.tsv", "school_id\tmunicipality\n001\tВ\n")
    assert read(session, tmp_path).codes() == ["SH426"]


def test_values_that_are_no_table(session: Session) -> None:
    found = read(session, {"results": 5, "context": object(), "resuls": []}, {"schools": set()})
    assert [(f.code, f.place.table, f.details.get("text")) for f in found.findings if f.code == "SH411"] == [
        ("SH411", "context", "object"), ("SH411", "results", "int"),
    ]  # fmt: skip
    assert found.details("SH412") == [{"name": "resuls", "nearest": "results"}]


ROWS = (
    "SELECT lpad(CAST(i % 3 + 1 AS VARCHAR), 3, '0') AS school_id, 2022 AS year, 'ВПР' AS procedure, i AS grade,"
    " 'рус' AS subject, CAST(20 AS SMALLINT) AS participants, CAST(i / 2.0 AS DOUBLE) AS score_sum,"
    " CASE WHEN i = 2 THEN 'nan' ELSE '30' END::DOUBLE AS score_max FROM range(6) AS t(i)"
)
EXPECTED_ROWS = [
    (f"{i % 3 + 1:03}", 2022, str(i), "рус", 20, Decimal(i) / 2, None if i == 2 else Decimal(30)) for i in range(6)
]
TYPED = ("school_id", "year", "grade", "subject", "participants", "score_sum", "score_max")


@pytest.fixture
def typed_files(tmp_path: Path) -> Path:
    with duckdb.connect() as con:
        con.execute(f"COPY ({ROWS}) TO {literal(str(tmp_path / 'results.parquet'))} (FORMAT parquet)")
        con.execute(f"ATTACH {literal(str(tmp_path / 'data.duckdb'))} AS d")
        con.execute(f"CREATE TABLE d.results AS {ROWS}")
        con.execute("CREATE TABLE d.schools (school_id VARCHAR, municipality VARCHAR, name VARCHAR)")
        con.execute(
            "INSERT INTO d.schools VALUES ('001', 'Восток', 'Первая'), ('002', NULL, NULL), ('003', NULL, NULL)"
        )
    return tmp_path


@pytest.mark.parametrize("in_place_from", [0, 10**9])
def test_parquet_is_read_in_place_or_copied_alike(session: Session, typed_files: Path, in_place_from: int) -> None:
    given = {"results": typed_files / "results.parquet"}
    found = read(session, given, {"results": {"participants"}}, in_place_from=in_place_from)
    assert found.codes() == []
    loaded = found.loaded["results"]
    assert loaded.in_place is (in_place_from == 0)
    session.lock()
    assert sorted(found.rows("results", *TYPED)) == sorted(EXPECTED_ROWS)
    assert loaded.rows == 6
    typed = ", ".join(loaded.typed[column] for column in TYPED)
    assert sorted(session.rows(f"SELECT {typed} FROM {loaded.raw}")) == sorted(EXPECTED_ROWS)
    assert (loaded.digest or content_digest(session, loaded)) == "6:" + _digest(typed_files).partition(":")[2]
    assert find_duplicates(session, loaded).errors == [] and loaded.explain_violations(session).errors == []


def _digest(folder: Path) -> str:
    with Session() as session:
        found = read(session, folder / "data.duckdb", {"results": {"participants"}})
        assert found.codes() == []
        return found.loaded["results"].digest or ""


def test_a_duckdb_file_gives_its_tables_and_is_not_written(session: Session, typed_files: Path) -> None:
    (typed_files / "results.parquet").unlink()
    before = (typed_files / "data.duckdb").read_bytes()
    found = read(session, typed_files, {"results": set()}, in_place_from=0)
    assert found.codes() == []
    assert found.loaded["results"].in_place
    session.lock()
    assert sorted(found.rows("results", *TYPED)) == sorted(EXPECTED_ROWS)
    assert session.rows("SELECT key, name FROM roster.school ORDER BY id") == [
        ("001", "Первая"),
        ("002", None),
        ("003", None),
    ]
    session.close()
    assert (typed_files / "data.duckdb").read_bytes() == before


def test_text_where_a_number_is_read_makes_parquet_go_the_way_of_text(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "results.parquet"
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT * REPLACE ('20,0' AS participants) FROM ({ROWS})) TO {literal(str(path))} (FORMAT parquet)"
        )
    found = read(session, {"results": path}, in_place_from=0)
    assert found.codes() == [] and not found.loaded["results"].in_place
    assert found.rows("results", "participants") == [(20,)] * 6


def test_text_that_is_not_clean_makes_parquet_a_table(session: Session, tmp_path: Path) -> None:
    for number, text in enumerate(["' рус '", "'н/д'", "'рус'"]):
        path = tmp_path / f"{number}.parquet"
        with duckdb.connect() as con:
            con.execute(
                f"COPY (SELECT * REPLACE ({text} AS subject) FROM ({ROWS})) TO {literal(str(path))} (FORMAT parquet)"
            )
        with Session() as other:
            found = read(other, {"results": path}, {"results": {"participants"}}, in_place_from=0)
            assert found.loaded["results"].in_place is (number == 2)
            assert found.codes() == (["SH408"] * 6 if number == 1 else [])
            if number != 1:
                assert {row[0] for row in found.rows("results", "subject")} == {"рус"}


def test_what_is_wrong_in_place_is_left_to_the_scan_and_then_explained(session: Session, tmp_path: Path) -> None:
    for number, values in enumerate(["5", "NULL", "-1"]):
        path = literal(str(tmp_path / f"{number}.parquet"))
        wrong = f"SELECT * REPLACE ({values}::SMALLINT AS participants) FROM ({ROWS}) WHERE grade = {number}"
        with duckdb.connect() as con:
            con.execute(f"COPY (({ROWS}) UNION ALL ({wrong})) TO {path} (FORMAT parquet)")
    paths = sorted(tmp_path.glob("*.parquet"))
    found = read(session, {"results": paths}, {"results": {"participants"}}, in_place_from=0)
    assert found.codes() == []
    loaded = found.loaded["results"]
    assert loaded.check_sql is not None and loaded.unchecked_keys
    assert session.row(f"SELECT count(*) FROM {loaded.raw} WHERE {loaded.check_sql}") == (1,)
    explained = [(f.code, f.place.file, f.place.row, f.place.value) for f in loaded.explain_violations(session)]
    assert explained == [("SH405", "2.parquet", 7, "-1")]
    repeated = find_duplicates(session, loaded)
    assert len([f for f in repeated if f.place.row]) == 15
    assert {f.code for f in repeated} == {"SH407"}


def test_unknown_entities_in_place_are_explained(session: Session, typed_files: Path) -> None:
    given = {"schools": SCHOOLS[:2], "results": typed_files / "results.parquet"}
    found = read(session, given, {"results": {"participants"}}, in_place_from=0)
    assert found.codes() == []
    findings = list(found.loaded["results"].explain_violations(session))
    assert [(f.code, f.place.row, f.place.value, f.details["count"]) for f in findings] == [("SH410", 3, "003", 2)]


def test_codes_replace_those_of_a_parquet_file(session: Session, typed_files: Path) -> None:
    codes = [{"system": "ВПР", "code": "003", "from": "2000-01-01", "school_id": "002"}]
    given = {"schools": SCHOOLS[:2], "school_codes": codes, "results": typed_files / "results.parquet"}
    found = read(session, given, {"results": {"participants"}}, in_place_from=0)
    assert found.codes() == []
    assert [row[0] for row in found.rows("results", "school_id")] == ["001", "001", "002", "002", "002", "002"]


@pytest.mark.parametrize("in_place_from", [0, 10**9])
def test_students_of_a_parquet_file_are_summed(session: Session, tmp_path: Path, in_place_from: int) -> None:
    students = (
        "SELECT CASE WHEN i = 9 THEN '404' ELSE '001' END AS school_id, 2022 AS year, 'ОГЭ' AS procedure, 9 AS grade,"
        " 'мат' AS subject, i AS student_id, CAST(2 + i % 4 AS TINYINT) AS mark FROM range(10) AS t(i)"
    )
    path = tmp_path / "student_results.parquet"
    with duckdb.connect() as con:
        con.execute(f"COPY ({students}) TO {literal(str(path))} (FORMAT parquet)")
    schools = [*SCHOOLS, SCHOOLS[0] | {"school_id": "404"}]
    needed = {"results": {"participants", "mark_2", "below_minimum"}}
    given = {"schools": schools, "student_results": path}
    found = read(session, given, needed, in_place_from=in_place_from)
    assert found.codes() == []
    columns = ("school_id", "participants", "mark_2", "below_minimum")
    assert found.rows("results", *columns) == [("001", 9, 3, 3), ("404", 1, 0, 0)]
    assert found.loaded["student_results"].digest == content_digest(session, found.loaded["results"])
    with Session() as other:
        found = read(other, {"student_results": path}, needed, in_place_from=in_place_from)
        assert found.found("SH410") == [("student_results", 10, "school_id", None)]
        assert found.rows("results", *columns)[:1] == [("001", 9, 3, 3)]


@pytest.mark.parametrize("in_place_from", [0, 10**9])
def test_a_student_twice_in_one_exam_is_an_error_without_a_value(
    session: Session, tmp_path: Path, in_place_from: int
) -> None:
    student = "'001' AS school_id, 2022 AS year, 'ОГЭ' AS procedure, 9 AS grade, 'мат' AS subject, 5 AS mark"
    path = tmp_path / "student_results.parquet"
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT {student}, i % 3 AS student_id FROM range(4) AS t(i)) TO {literal(str(path))}"
            " (FORMAT parquet)"
        )
    found = read(session, {"student_results": path}, {"results": {"participants"}}, in_place_from=in_place_from)
    key = "school_id, year, procedure, grade, subject, student_id"
    assert found.found("SH407") == [("student_results", 4, key, None)]


def test_a_relation_of_the_caller_is_taken_over_and_its_connection_left_alone(session: Session) -> None:
    with duckdb.connect() as theirs:
        theirs.execute(f"CREATE TABLE r AS {ROWS}")
        relation = theirs.table("r")
        found = read(session, {"results": relation}, {"results": {"participants"}}, in_place_from=0)
        assert found.codes() == []
        assert theirs.execute("SELECT current_setting('lock_configuration'), count(*) FROM r").fetchall() == [
            (False, 6)
        ]
        session.lock()
        assert theirs.execute("SELECT current_setting('lock_configuration'), count(*) FROM r").fetchall() == [
            (False, 6)
        ]
        theirs.execute("DROP TABLE r")
    assert sorted(found.rows("results", *TYPED)) == sorted(EXPECTED_ROWS)


class Stream:
    """An object of which nothing is known but its Arrow stream."""

    def __init__(self, sql: str) -> None:
        self.con = duckdb.connect()
        self.sql = sql

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.con.sql(self.sql).__arrow_c_stream__(requested_schema)


def test_anything_with_an_arrow_stream_is_a_table(session: Session) -> None:
    sql = (
        "SELECT 1.0::DOUBLE AS school_id, DATE '2021-09-01' AS date, TRUE AS yes_no, 2.5::DECIMAL(9,3) AS number,"
        " NULL AS text"
    )
    schools = [SCHOOLS[0] | {"school_id": "1"}]
    found = read(session, {"schools": schools, "kinds": Stream(sql)})
    assert found.codes() == []
    assert found.rows("kinds", "school_id", "date", "yes_no", "number", "text") == [
        ("1", datetime.date(2021, 9, 1), True, Decimal("2.5"), None)
    ]


def test_a_stream_that_breaks_and_a_column_of_lists_are_findings(session: Session) -> None:
    found = read(session, {"kinds": Stream("SELECT '001' AS school_id, error('broken off') AS text")})
    assert found.codes() == ["SH411"]
    with Session() as other:
        found = read(other, {"kinds": Stream("SELECT '001' AS school_id, [1, 2] AS number")})
        assert found.found("SH404") == [("kinds", None, "number", None)]
        assert found.details("SH404") == [{"expected": "number", "found": "INTEGER[]"}]


def test_frames_of_other_libraries(session: Session) -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    frame = {"school_id": ["001", "002"], "number": [1.5, None], "count": [3, None], "text": ["a", None]}
    expected = [("001", Decimal("1.5"), 3, "a"), ("002", None, None, None)]
    for made in (pandas.DataFrame(frame), polars.DataFrame(frame), polars.DataFrame(frame).to_arrow()):
        with Session() as other:
            found = read(other, {"kinds": made})
            assert found.codes() == []
            assert found.rows("kinds", "school_id", "number", "count", "text") == expected


def test_a_reference_table_comes_from_the_pack(session: Session, tmp_path: Path) -> None:
    table = Table(key=["subject"], columns={"subject": Column(type="text"), "minimum": Column(type="count")})
    path = write(tmp_path / "minimums.csv", "subject,minimum\nрус,24\n")
    catalog = {**CATALOG, "minimums": table}
    found = read(session, {}, {"minimums": {"minimum"}}, catalog=catalog, reference={"minimums": path})
    assert found.codes() == []
    assert found.rows("minimums", "subject", "minimum") == [("рус", 24)]
    assert found.loaded["minimums"].level == "region"


def test_a_name_that_looks_like_a_pattern_is_only_a_name(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "[2022]"
    folder.mkdir()
    write(tmp_path / "[2022]" / "kinds.csv", CSV)
    with duckdb.connect() as con:
        con.execute(f"COPY ({ROWS}) TO {literal(str(tmp_path / 'results.parquet'))} (FORMAT parquet)")
    (tmp_path / "results.parquet").rename(folder / "results.parquet")
    found = read(session, {"kinds": folder / "kinds.csv", "results": folder / "results.parquet"}, in_place_from=0)
    assert found.codes() == []
    assert found.rows("kinds", *COLUMNS) == EXPECTED
    assert len(found.rows("results")) == 6


def test_a_level_of_rows_that_belong_to_nobody(session: Session, tmp_path: Path) -> None:
    levels = {"school": Level(table="schools", key="school_id"), "country": Level()}
    path = write(
        tmp_path / "benchmarks.csv", 'scope,year,procedure,grade,subject,mean_mark\nРФ,2022,ВПР,5,рус,"3,61"\n'
    )
    found = read(session, {"benchmarks": path}, {"benchmarks": {"mean_mark"}}, levels=levels)
    assert found.codes() == []
    assert found.loaded["benchmarks"].level == "country"
    assert found.rows("benchmarks", "mean_mark") == [(Decimal("3.61"),)]
