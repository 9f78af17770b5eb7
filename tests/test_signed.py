"""A signed outcome is not written over, and a change in it is seen; an outcome of an older version still loads."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import duckdb
import pytest

from shsnor.errors import UsageError
from shsnor.outcomes import FORMATS, Format, Outcome, load_outcome, sign_outcome
from shsnor.outcomes.formats import SIGNED_FILE
from tests.command import shsnor
from tests.outcome_cases import small_region, write_folder

DAY = datetime.date(2026, 10, 1)


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("engine") / "staging", small_region())


def written(staging: Path, place: Path, format: Format) -> Path:
    with Outcome.from_folder(staging) as outcome:
        return outcome.write(place / f"out.{format}", format=format)


def refusal(error: pytest.ExceptionInfo[UsageError]) -> tuple[str, dict[str, object]]:
    (finding,) = error.value.findings
    return finding.code, finding.details


def change_a_row(path: Path, format: Format) -> None:
    """Turn one flag of the outcome, as someone would who opens its files."""
    if format == "duckdb":
        with duckdb.connect(str(path)) as con:
            con.execute("UPDATE flags SET verdict = 'not_met' WHERE entity = '010001'")
    elif format == "parquet":
        file = path / "flags.parquet"
        with duckdb.connect() as con:
            con.execute(f"CREATE TABLE t AS FROM '{file}'")
            con.execute("UPDATE t SET verdict = 'not_met' WHERE entity = '010001'")
            con.execute(f"COPY t TO '{file}' (FORMAT parquet)")
    else:
        file = path / f"flags.{format}"
        text = file.read_text(encoding="utf-8")
        assert "met" in text
        file.write_text(text.replace("met", "not_met", 1), encoding="utf-8")


@pytest.mark.parametrize("format", FORMATS)
def test_a_signed_outcome_says_by_which_order_and_reads_as_before(
    staging: Path, tmp_path: Path, format: Format
) -> None:
    path = written(staging, tmp_path, format)
    sign_outcome(path, date=DAY, order="№ 123")
    with load_outcome(path) as outcome:
        assert outcome.signature is not None
        assert (outcome.signature.date, outcome.signature.order) == (DAY, "№ 123")
        assert list(outcome.flags.rows()) == small_region()["flags"]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("format", FORMATS)
def test_it_is_never_written_over(staging: Path, tmp_path: Path, format: Format, force: bool) -> None:
    path = written(staging, tmp_path, format)
    sign_outcome(path, date=DAY, order="№ 123")
    with Outcome.from_folder(staging) as outcome, pytest.raises(UsageError) as error:
        outcome.write(path, format=format, force=force)
    assert refusal(error) == ("SH615", {"date": "01.10.2026", "order": "№ 123"})
    load_outcome(path).close()


@pytest.mark.parametrize("format", FORMATS)
def test_a_changed_row_is_seen(staging: Path, tmp_path: Path, format: Format) -> None:
    path = written(staging, tmp_path, format)
    sign_outcome(path, date=DAY, order="№ 123")
    change_a_row(path, format)
    with pytest.raises(UsageError) as error:
        load_outcome(path)
    assert refusal(error) == ("SH616", {"altered": "flags", "date": "01.10.2026", "order": "№ 123"})


def test_a_changed_manifest_or_signature_is_seen(staging: Path, tmp_path: Path) -> None:
    path = written(staging, tmp_path, "parquet")
    sign_outcome(path, date=DAY, order="№ 123")
    manifest = path / "manifest.json"
    whole = manifest.read_text(encoding="utf-8")
    manifest.write_text(whole.replace("2022-12-31", "2023-12-31"), encoding="utf-8")
    with pytest.raises(UsageError) as error:
        load_outcome(path)
    assert refusal(error)[1]["altered"] == "manifest.json"
    manifest.write_text(whole, encoding="utf-8")
    (path / SIGNED_FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        load_outcome(path)
    assert refusal(error) == ("SH616", {"altered": SIGNED_FILE})


def test_the_same_content_has_the_same_sums_in_every_format(staging: Path, tmp_path: Path) -> None:
    signatures = [sign_outcome(written(staging, tmp_path, f), date=DAY, order="№ 123") for f in FORMATS]
    assert all(signature == signatures[0] for signature in signatures)


def test_it_is_signed_once(staging: Path, tmp_path: Path) -> None:
    path = written(staging, tmp_path, "parquet")
    sign_outcome(path, date=DAY, order="№ 123")
    with pytest.raises(UsageError) as error:
        sign_outcome(path, date=datetime.date(2027, 1, 1), order="№ 124")
    assert refusal(error)[0] == "SH617"


def test_a_copy_of_a_signed_outcome_is_not_signed(staging: Path, tmp_path: Path) -> None:
    path = written(staging, tmp_path, "parquet")
    sign_outcome(path, date=DAY, order="№ 123")
    with load_outcome(path) as outcome:
        copy = outcome.write(tmp_path / "copy")
    with load_outcome(copy) as outcome:
        assert outcome.signature is None


def test_the_commands(staging: Path, tmp_path: Path) -> None:
    path = written(staging, tmp_path, "parquet")
    assert shsnor("sign", path, "--date", "1 октября", "--order", "№ 123").code == 2
    run = shsnor("sign", path, "--date", "2026-10-01", "--order", "№ 123")
    assert run.code == 0 and "приказ № 123 от 01.10.2026" in run.out
    refused = shsnor("evaluate", "federal", "--data", tmp_path, "--out", path, "--force")
    assert refused.code == 2 and "SH615" in refused.err and "shsnor compare" in refused.err
    compared = shsnor("compare", path, path)
    assert compared.code == 0 and "подписан: приказ № 123 от 01.10.2026" in " ".join(compared.out.split())


# outcomes of older versions


def without_columns(path: Path, format: Format) -> None:
    """Take from the entities' table the columns that later versions added."""
    file = path / f"entities.{format}"
    kept = "level, entity, name, parent_level, parent"
    if format == "duckdb":
        with duckdb.connect(str(path)) as con:
            con.execute(f"CREATE OR REPLACE TABLE entities AS SELECT {kept} FROM entities")
    elif format == "json":
        rows = json.loads(file.read_text(encoding="utf-8"))
        short = [{name: row[name] for name in kept.split(", ")} for row in rows]
        file.write_text(json.dumps(short, ensure_ascii=False), encoding="utf-8")
    elif format == "csv":
        lines = file.read_text(encoding="utf-8").splitlines()
        file.write_text("".join(",".join(line.split(",")[:5]) + "\n" for line in lines), encoding="utf-8")
    else:
        with duckdb.connect() as con:
            con.execute(f"CREATE TABLE t AS SELECT {kept} FROM '{file}'")
            con.execute(f"COPY t TO '{file}' (FORMAT parquet)")


@pytest.mark.parametrize("format", FORMATS)
def test_a_column_of_a_later_version_is_empty_where_it_is_not_stored(
    staging: Path, tmp_path: Path, format: Format
) -> None:
    path = written(staging, tmp_path, format)
    without_columns(path, format)
    with load_outcome(path) as outcome:
        rows = list(outcome.entities.rows())
        assert [row.entity for row in rows] == [row.entity for row in small_region()["entities"]]
        assert {(row.latitude, row.longitude, row.persons) for row in rows} == {(None, None, False)}
        assert rows[0].name == "Школа № 1"


def test_a_table_without_its_key_is_no_outcome(staging: Path, tmp_path: Path) -> None:
    path = written(staging, tmp_path, "parquet")
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT name FROM '{path / 'entities.parquet'}') TO '{path / 'entities.parquet.new'}' (FORMAT parquet)"
        )
    (path / "entities.parquet.new").replace(path / "entities.parquet")
    with pytest.raises(UsageError) as error:
        load_outcome(path)
    assert refusal(error)[0] == "SH604"
