"""Outcomes: typed tables, the four formats, whole or not at all, never over what is not ours, and the summary."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shsnor.errors import UsageError
from shsnor.outcomes import (
    FORMATS,
    OUTCOME_TABLES,
    Format,
    IssueRow,
    ItemRow,
    Outcome,
    OutcomeTable,
    load_outcome,
    staged,
)
from tests.outcome_cases import EVALUATION, SCHOOLS, made, small_region, write_folder


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("engine") / "staging", small_region())


@pytest.fixture
def outcome(staging: Path) -> Iterator[Outcome]:
    with Outcome.from_folder(staging) as outcome:
        yield outcome


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A place to write to, in a folder that holds nothing else."""
    return tmp_path / "place" / "out"


def tables(outcome: Outcome) -> Iterator[OutcomeTable[Any]]:
    for name in OUTCOME_TABLES:
        yield getattr(outcome, name)


def all_rows(outcome: Outcome) -> dict[str, list[Any]]:
    return {table.name: list(table.rows()) for table in tables(outcome)}


def file_bytes(folder: Path) -> dict[str, bytes]:
    """The files that must be the same wherever the same evaluation is made."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "run.json"}


def rows_at(path: Path) -> dict[str, list[Any]]:
    with load_outcome(path) as loaded:
        return all_rows(loaded)


def codes(error: pytest.ExceptionInfo[UsageError]) -> list[str]:
    return [finding.code for finding in error.value.findings]


# tables


def test_every_table_has_its_rows_typed_and_in_order(outcome: Outcome) -> None:
    assert all_rows(outcome) == small_region()
    assert [row.entity for row in outcome.flags.rows()] == list(SCHOOLS)
    assert len(outcome.criterion_results) == len(small_region()["criterion_results"])


def test_rows_can_be_asked_for_by_value(outcome: Outcome) -> None:
    assert [row.verdict for row in outcome.flags.rows(entity="010003", level="school")] == ["unknown"]
    assert [row.entity for row in outcome.clusters.rows(label=None)] == ["010003"]
    with pytest.raises(TypeError, match="no column 'school'"):
        list(outcome.flags.rows(school="010003"))


def test_row_classes_and_declared_columns_are_the_same() -> None:
    for name, schema in OUTCOME_TABLES.items():
        assert schema.name == name
        assert schema.names == schema.row.__slots__
        assert set(schema.key) <= set(schema.names)
        assert all(column.doc for column in schema.columns)


def test_keys_are_keys(outcome: Outcome) -> None:
    for table in tables(outcome):
        keys = [tuple(getattr(row, column) for column in OUTCOME_TABLES[table.name].key) for row in table.rows()]
        assert len(set(keys)) == len(keys), table.name


def test_a_table_without_rows_is_a_table(tmp_path: Path) -> None:
    with Outcome.from_folder(write_folder(tmp_path, {})) as outcome:
        assert len(outcome.peers) == 0
        assert list(outcome.peers.rows()) == []
        assert outcome.peers
        assert outcome.summary().text()


def test_duckdb_takes_a_table_with_its_types_as_often_as_it_likes(outcome: Outcome) -> None:
    with duckdb.connect() as con:
        for table in tables(outcome):
            con.register("taken", table)
            relation = con.sql("FROM taken")
            declared = [(column.name, column.type) for column in OUTCOME_TABLES[table.name].columns]
            assert list(zip(relation.columns, map(str, relation.types), strict=True)) == declared
            rows = [table._row(*row) for row in relation.fetchall()]
            assert rows == list(table.rows())
            con.unregister("taken")


def test_dataframe_libraries_take_a_table(outcome: Outcome) -> None:
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    pandas = pytest.importorskip("pandas")
    values = [row.value for row in outcome.indicator_values.rows()]
    assert polars.DataFrame(outcome.indicator_values)["value"].to_list() == values
    assert pyarrow.table(outcome.indicator_values)["value"].to_pylist() == values
    frame = pandas.DataFrame.from_arrow(outcome.indicator_values)
    assert list(frame.columns) == list(outcome.indicator_values.columns)


def test_tables_are_read_by_several_threads_while_streams_are_open(outcome: Outcome) -> None:
    expected = all_rows(outcome)
    streams = [table.__arrow_c_stream__() for table in tables(outcome)]
    found: list[bool] = []
    readers = [threading.Thread(target=lambda: found.append(all_rows(outcome) == expected)) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert found == [True] * 4
    del streams


def test_two_iterators_of_one_table_do_not_disturb_each_other(outcome: Outcome) -> None:
    pairs = zip(outcome.flags.rows(), outcome.flags.rows(), strict=True)
    assert all(one == other for one, other in pairs)


# owned folders


def test_an_owned_folder_goes_at_close_and_a_foreign_one_stays(tmp_path: Path) -> None:
    for owns in (True, False):
        folder = write_folder(tmp_path / str(owns), small_region())
        outcome = Outcome.from_folder(folder, owns=owns)
        assert len(outcome.flags) == 4
        outcome.close()
        outcome.close()
        assert folder.exists() is not owns
        with pytest.raises(ValueError, match="closed"):
            len(outcome.flags)


def test_an_owned_folder_stays_as_long_as_a_table_is_kept(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "staging", small_region())
    flags = Outcome.from_folder(folder, owns=True).flags
    gc.collect()
    assert len(flags) == 4
    del flags
    gc.collect()
    assert not folder.exists()


def test_an_owned_folder_goes_at_the_end_of_the_program(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "staging", small_region())
    program = (
        "import sys; from shsnor.outcomes import Outcome;"
        "outcome = Outcome.from_folder(sys.argv[1], owns=True); print(len(outcome.flags))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("4", "")
    assert not folder.exists()


# writing and loading


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_written_is_what_is_loaded(outcome: Outcome, target: Path, format: Format) -> None:
    assert outcome.write(target, format=format) == target
    with load_outcome(target) as loaded:
        assert all_rows(loaded) == small_region()
        assert loaded.manifest == outcome.manifest
        assert loaded.manifest.evaluation == EVALUATION
        assert loaded.manifest.run == {"seconds": 1.5}
        assert loaded.summary().text() == outcome.summary().text()
    assert [path.name for path in target.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["out.duckdb", "out.csv", "out.json", "out.parquet", "out"])
def test_the_suffix_says_the_format(outcome: Outcome, target: Path, name: str) -> None:
    path = outcome.write(target.with_name(name))
    assert path.is_file() == (name == "out.duckdb")
    if path.is_dir():
        assert (path / f"flags.{name.partition('.')[2] or 'parquet'}").is_file()
    assert rows_at(path) == small_region()


def test_texts_that_are_hard_to_write_come_back(tmp_path: Path, target: Path) -> None:
    hard = [
        "",
        " x ",
        "NULL",
        "null",
        'a "b", c',
        "d;\te",
        "строка\nстрока",
        "\r\n",
        "\\",
        "'",
        "{}",
        "-",
        "0012",
        "é∞🏫",
    ]
    region = small_region() | {
        "issues": [made(IssueRow, code=str(n), message=text) for n, text in enumerate(hard)],
        "items": [made(ItemRow, section="tasks", item=f"t{n}", label=text * 3000) for n, text in enumerate(hard)],
    }
    with Outcome.from_folder(write_folder(tmp_path / "staging", region)) as outcome:
        for format in FORMATS:
            outcome.write(target / format, format=format)
            assert rows_at(target / format) == region, format


@pytest.mark.parametrize("format", ["parquet", "csv", "json"])
def test_the_same_outcome_has_the_same_bytes(tmp_path: Path, target: Path, format: Format) -> None:
    """Whatever the threads, and through whatever format it went before."""
    found = []
    for threads in (1, 4):
        folder = write_folder(tmp_path / f"staging{threads}", small_region(), threads=threads)
        with Outcome.from_folder(folder) as outcome:
            found.append(file_bytes(outcome.write(target / f"direct{threads}", format=format)))
            for middle in FORMATS:
                with load_outcome(outcome.write(target / f"{middle}{threads}", format=middle)) as loaded:
                    found.append(file_bytes(loaded.write(target / f"over_{middle}{threads}", format=format)))
    assert all(files == found[0] for files in found)


def test_parquet_of_many_rows_does_not_depend_on_threads_or_statistics(tmp_path: Path) -> None:
    """DuckDB would write a column without NULL as REQUIRED where it knows of it: the same rows, other bytes."""
    found = set()
    for threads in (1, 4):
        for source in (
            "FROM made",
            "FROM made UNION ALL SELECT * REPLACE (NULL AS label) FROM made WHERE entity = 'no'",
        ):
            with duckdb.connect(config={"threads": threads}) as con:
                con.execute(
                    "CREATE TABLE made AS SELECT 'school' AS level, (n % 1000)::VARCHAR AS entity,"
                    " 'c' || n // 1000 AS cluster, 'low' AS label, 'Низкие' AS title,"
                    " '' AS reason, '' AS computed, '' AS decided_by FROM range(300_000) AS numbers(n)"
                )
                con.execute(staged("clusters", source, tmp_path, order_by="cluster, entity"))
            found.add((tmp_path / "clusters.parquet").read_bytes())
    assert len(found) == 1


def test_text_formats_are_plain(outcome: Outcome, target: Path) -> None:
    written = (outcome.write(target / "c", format="csv") / "indicator_values.csv").read_bytes().decode("utf-8")
    head, first, *_ = written.split("\n")
    assert head == ",".join(OUTCOME_TABLES["indicator_values"].names)
    assert first.endswith(',30,,6,20,20,,,""')  # 30, not 30.000000000; NULL is empty, an empty text is ""
    values = json.loads((outcome.write(target / "j", format="json") / "indicator_values.json").read_text("utf-8"))
    assert (values[0]["value"], values[0]["text"], values[0]["reason"]) == (30, None, "")


def test_a_duckdb_file_tells_what_its_columns_are(outcome: Outcome, target: Path) -> None:
    with duckdb.connect(str(outcome.write(target, format="duckdb")), read_only=True) as con:
        comments = dict(
            con.sql("SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'flags'").fetchall()
        )
        assert comments["verdict"].startswith("met — присвоен")
        assert con.sql("SELECT file FROM manifest ORDER BY file").fetchall() == [("manifest.json",), ("run.json",)]


@pytest.mark.parametrize("format", FORMATS)
def test_a_rerun_replaces_an_outcome_of_ours_whole(
    tmp_path: Path, outcome: Outcome, target: Path, format: Format
) -> None:
    outcome.write(target, format=format)
    other = small_region() | {"flags": [], "peers": []}
    with Outcome.from_folder(write_folder(tmp_path / "other", other)) as second:
        second.write(target, format=format)
    assert rows_at(target) == other
    assert [path.name for path in target.parent.iterdir()] == ["out"]


def test_a_rerun_may_change_the_format_of_a_folder(outcome: Outcome, target: Path) -> None:
    outcome.write(target, format="csv")
    outcome.write(target, format="json")
    assert not list(target.glob("*.csv"))
    assert rows_at(target) == small_region()


def test_a_loaded_outcome_can_be_written_over_itself(outcome: Outcome, target: Path) -> None:
    for format in FORMATS:
        path = target.with_name(f"out_{format}")
        outcome.write(path, format=format)
        with load_outcome(path) as loaded:
            loaded.write(path, format=format)
        assert rows_at(path) == small_region()


def test_an_empty_folder_is_taken(outcome: Outcome, target: Path) -> None:
    target.mkdir(parents=True)
    outcome.write(target)
    assert rows_at(target) == small_region()


def foreign_folder(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "отчёт.docx").write_text("чужое")


def foreign_manifest(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "manifest.json").write_bytes(b'{"name": "\xff"}')


def foreign_file(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("чужое")


def foreign_database(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE manifest (file VARCHAR, content VARCHAR)")


def ours_with_a_note(path: Path) -> None:
    write_folder(path, small_region())
    (path / "пометки.txt").write_text("мои пометки")


@pytest.mark.parametrize(
    "make",
    [foreign_folder, foreign_manifest, foreign_file, foreign_database, ours_with_a_note],
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("format", ["parquet", "duckdb"])
def test_what_is_not_ours_is_refused_and_never_deleted(
    outcome: Outcome, target: Path, make: Any, format: Format
) -> None:
    make(target)
    before = content(target)
    with pytest.raises(UsageError) as error:
        outcome.write(target, format=format)
    assert codes(error) == ["SH601"]
    assert content(target) == before
    assert [path.name for path in target.parent.iterdir()] == ["out"]

    outcome.write(target, format=format, force=True)
    assert rows_at(target) == small_region()
    assert content(target.with_name("out.bak")) == before


def content(path: Path) -> dict[str, bytes] | bytes:
    return {p.name: p.read_bytes() for p in path.iterdir()} if path.is_dir() else path.read_bytes()


def test_what_was_set_aside_is_not_overwritten(outcome: Outcome, target: Path) -> None:
    for text in ("первое", "второе"):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_text(text)
        outcome.write(target, format="duckdb", force=True)
    kept = [target.with_name(name).read_text() for name in ("out.bak", "out.bak2")]
    assert kept == ["первое", "второе"]


def test_files_of_the_system_do_not_make_a_folder_foreign(outcome: Outcome, target: Path) -> None:
    outcome.write(target)
    (target / "Thumbs.db").write_bytes(b"")
    outcome.write(target)
    assert rows_at(target) == small_region()


def test_the_working_folder_is_not_replaced(outcome: Outcome, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (target / "inner").mkdir(parents=True)
    for here in (target, target / "inner"):
        monkeypatch.chdir(here)
        with pytest.raises(UsageError) as error:
            outcome.write(target, force=True)
        assert codes(error) == ["SH601"]


def test_a_link_is_followed(outcome: Outcome, target: Path) -> None:
    target.mkdir(parents=True)
    link = target.with_name("link")
    try:
        link.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    outcome.write(link)
    assert link.is_symlink()
    assert rows_at(target) == small_region()


def test_an_unknown_format_is_refused(outcome: Outcome, target: Path) -> None:
    with pytest.raises(UsageError) as error:
        outcome.write(target, format="xlsx")
    assert codes(error) == ["SH607"]
    assert not target.parent.exists()


@pytest.mark.parametrize("format", ["csv", "json", "duckdb"])
def test_a_failure_leaves_the_earlier_outcome_whole(
    tmp_path: Path, outcome: Outcome, target: Path, format: Format
) -> None:
    outcome.write(target, format=format)
    broken = write_folder(tmp_path / "broken", small_region())
    data = (broken / "criterion_results.parquet").read_bytes()
    (broken / "criterion_results.parquet").write_bytes(data[:40] + bytes(len(data) - 80) + data[-40:])
    with Outcome.from_folder(broken) as bad, pytest.raises((UsageError, duckdb.Error)):
        bad.write(target, format=format)
    assert rows_at(target) == small_region()
    assert [path.name for path in target.parent.iterdir()] == ["out"]


@pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE, which stands in for a full disk, is POSIX's")
@pytest.mark.parametrize("format", FORMATS)
def test_a_full_disk_is_told_and_leaves_the_earlier_outcome_whole(
    outcome: Outcome, staging: Path, target: Path, format: Format
) -> None:
    """The size of files stands in for the disk's: writing more than 3000 bytes to a file fails."""
    outcome.write(target, format=format)
    program = (
        "import resource, signal, sys; from shsnor.errors import UsageError; from shsnor.outcomes import Outcome\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "outcome = Outcome.from_folder(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "try: outcome.write(sys.argv[2], format=sys.argv[3])\n"
        "except UsageError as error: print([f.code for f in error.findings])"
    )
    arguments = [str(staging), str(target), format]
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['SH602']"
    assert rows_at(target) == small_region()
    assert [path.name for path in target.parent.iterdir()] == ["out"]


def test_a_place_that_cannot_be_made_is_told(outcome: Outcome, target: Path) -> None:
    target.parent.write_text("a file where the folder would be", encoding="utf-8")  # this binds root too
    with pytest.raises(UsageError) as error:
        outcome.write(target)
    assert codes(error) == ["SH602"] and target.parent.is_file()


# loading what is wrong


def test_nothing_and_something_else_are_no_outcome(target: Path) -> None:
    foreign_folder(target)
    foreign_file(target.parent / "more" / "file.duckdb")
    foreign_database(target.parent / "bases" / "base.duckdb")
    for path in (
        target / "none",
        target,
        target.parent / "more" / "file.duckdb",
        target.parent / "bases" / "base.duckdb",
    ):
        with pytest.raises(UsageError) as error:
            load_outcome(path)
        assert codes(error) == ["SH603"]


def test_an_outcome_that_is_not_whole_is_told(outcome: Outcome, target: Path) -> None:
    (outcome.write(target / "a") / "flags.parquet").unlink()
    (outcome.write(target / "b") / "flags.parquet").write_bytes(b"PAR1")
    newer = json.dumps({"shsnor_outcome": 1, "schema": 99, "evaluation": {}})
    (outcome.write(target / "c") / "manifest.json").write_text(newer, "utf-8")
    with duckdb.connect(str(outcome.write(target / "d.duckdb"))) as con:
        con.execute("DROP TABLE flags")
    for name in ("a", "b", "c", "d.duckdb"):
        with pytest.raises(UsageError) as error:
            load_outcome(target / name)
        assert codes(error) == ["SH604"], name


def test_a_database_from_elsewhere_cannot_read_other_files(outcome: Outcome, target: Path) -> None:
    secret = target.parent / "secret.csv"
    path = outcome.write(target, format="duckdb")
    secret.write_text("x\nтайна\n")
    with duckdb.connect(str(path)) as con:
        con.execute("DROP TABLE issues")
        columns = ", ".join(
            f"x::{c.type} AS {c.name}" if c.type == "VARCHAR" else f"0 AS {c.name}" for c in _issue_columns()
        )
        con.execute(f"CREATE VIEW issues AS SELECT {columns} FROM read_csv('{secret}')")
    with pytest.raises((UsageError, duckdb.Error)), load_outcome(path) as loaded:
        list(loaded.issues.rows())


def _issue_columns() -> Any:
    return OUTCOME_TABLES["issues"].columns


# summary


def test_the_first_line_tells_how_many_raised_flags_rest_on_assumptions(outcome: Outcome) -> None:
    summary = outcome.summary()
    assert summary.text().splitlines()[0] == "Присвоено признаков: 1; из них на допущениях автора (assumed): 1."
    assert summary.text("en").splitlines()[0] == "Flags raised: 1; resting on the author's assumptions (assumed): 1."


def test_the_summary_tells_its_denominators(outcome: Outcome) -> None:
    summary = outcome.summary()
    assert summary.entities == {"school": 4, "municipality": 1, "region": 1}
    assert (summary.criteria, summary.verdicts, summary.reasons) == (
        2,
        {"met": 8, "not_met": 10, "unknown": 2},
        {"no_row": 2},
    )
    (flag,) = summary.flags
    assert (flag.raised, flag.not_raised, flag.unknown, flag.vacant) == (1, 2, 1, 0)
    assert (flag.assumed, flag.vpr_only, flag.decided) == (1, 1, 1)
    assert [step.met for step in flag.steps] == [2, 4]
    assert summary.clusters[0].labels == {"Остальные": 2, "Низкие результаты": 1}
    assert summary.clusters[0].unknown == 1
    assert [(m.measure, m.recommended, m.undecided) for m in summary.measures] == [
        ("measure.1", 1, 1),
        ("measure.2", 1, 0),
    ]
    assert summary.for_everyone == 1


def test_the_summary_is_plain_text_in_80_columns(outcome: Outcome) -> None:
    for lang in ("ru", "en"):
        text = outcome.summary(lang).text()
        assert max(map(len, text.splitlines())) < 80
        assert text == outcome.summary().text(lang)
    text = outcome.summary().text()
    assert "4\u00a0школы, 1\u00a0муниципалитет, 1\u00a0регион" in text
    assert "нет строки данных: 2" in text
    assert "Низкие результаты дважды за два года: 2 из 4, неизвестно: 1" in text
    assert "Методический аудит: рекомендована 1, не решено 1" in text


def test_flags_that_rest_on_vpr_come_with_the_limit_on_their_use(tmp_path: Path, outcome: Outcome) -> None:
    text = " ".join(outcome.summary().text().split())
    assert "Присвоено только по ВПР: 1 из 1." in text
    assert "от 18.04.2025 № 02-86" in text
    assert "список для помощи, а не рейтинг" in text
    region = small_region()
    region["items"] = [made(ItemRow, section=i.section, item=i.item, label=i.label) for i in region["items"]]
    region["flags"] = region["flags"][1:]  # the one that rests on ВПР alone is gone, and no item speaks of them
    with Outcome.from_folder(write_folder(tmp_path / "other", region)) as other:
        assert "ВПР" not in other.summary().text()


def test_procedures_that_were_left_out_are_named(staging: Path) -> None:
    with Outcome.from_folder(staging) as outcome:
        manifest = replace(outcome.manifest, evaluation={**EVALUATION, "without": ["ВПР"]})
        assert "Без процедур: ВПР" in Outcome(outcome._files, manifest).summary().text()
        assert "Без процедур" not in outcome.summary().text()


def test_what_does_not_apply_is_told_apart_from_what_is_unknown(tmp_path: Path) -> None:
    region = small_region()
    flag = type(region["flags"][0])
    given = {name: getattr(region["flags"][2], name) for name in flag.__slots__}
    region["flags"].append(flag(**given | {"entity": "010005", "reason": "not_applicable, not_held"}))
    with Outcome.from_folder(write_folder(tmp_path, region)) as outcome:
        (count,) = outcome.summary().flags
        assert (count.unknown, count.vacant) == (1, 1)
        assert "неизвестно 1, неприменимо 1" in outcome.summary().text()
