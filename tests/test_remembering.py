"""What was made of stored sums and stored beside them: taken only where the sums, the entities and the question are the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shsnor.caching import Cache, StoredSums
from shsnor.caching.kept import read_table, write_table
from shsnor.evaluating import Workspace, evaluate
from shsnor.loading import load_pack
from shsnor.pack import Pack
from shsnor.reading import tables as reading_tables
from shsnor.store import Session
from shsnor.wording.stages import STAGES
from tests.cache_cases import contents, facts, in_place, ran, small_pack, stored, tables
from tests.test_cache import parquet_in, sums_in

pytestmark = pytest.mark.usefixtures("rows_stay")


@pytest.fixture
def rows_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    in_place(monkeypatch)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return small_pack(tmp_path / "pack", ["share", "all", "most"])


def without_sums(cache: Path) -> None:
    """Have the sums of files gone, and what was made of them left."""
    for path in sums_in(cache):
        path.unlink()
    assert parquet_in(cache), "something was made of them"


def test_the_same_question_reads_neither_rows_nor_sums(tmp_path: Path, cache: Path, pack: Pack) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2021), facts(tmp_path / "b.parquet", 2022))
    alone, _ = ran(pack, given, tmp_path / "alone")
    ran(pack, given, tmp_path / "1", cache=cache)
    without_sums(cache)
    found, run = ran(pack, given, tmp_path / "2", cache=cache)
    assert found == alone and stored(run) == (2, 2)
    assert not sums_in(cache), "nobody needed them"


def test_another_question_of_the_same_rows_finds_the_sums(tmp_path: Path, cache: Path, pack: Pack) -> None:
    given, other = tables(facts(tmp_path / "a.parquet", 2022)), small_pack(tmp_path / "other", ["share"])
    ran(pack, given, tmp_path / "1", cache=cache)
    found, run = ran(other, given, tmp_path / "2", cache=cache)
    assert found == ran(other, given, tmp_path / "alone")[0] and stored(run) == (1, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"schools": [{"school_id": f"{i:02d}", "municipality": "Юг"} for i in range(5)]},  # other numbers
        {"schools": [{"school_id": f"{i:02d}", "municipality": "Юг"} for i in range(1, 7)]},  # one school more
        {"schools": [{"school_id": f"{i:02d}", "municipality": "Север" if i > 2 else "Юг"} for i in range(1, 5)]},
    ],
)
def test_other_schools_are_not_taken_for_those_before(
    tmp_path: Path, cache: Path, pack: Pack, changed: dict[str, Any]
) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2022))
    ran(pack, given, tmp_path / "1", cache=cache)
    found, _ = ran(pack, given | changed, tmp_path / "2", cache=cache)
    assert found == ran(pack, given | changed, tmp_path / "alone")[0]


def test_other_rows_under_the_same_name_are_not_taken_for_those_before(tmp_path: Path, cache: Path, pack: Pack) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2022))
    ran(pack, given, tmp_path / "1", cache=cache)
    facts(tmp_path / "a.parquet", 2022, rows="('01', 2021, 'рус', 11, 40.5, 'p')")
    found, run = ran(pack, given, tmp_path / "2", cache=cache)
    assert found == ran(pack, given, tmp_path / "alone")[0] and stored(run) == (0, 1)


def test_another_calendar_finds_other_cells(tmp_path: Path, cache: Path, pack: Pack) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2022), facts(tmp_path / "b.parquet", 2021))
    ran(pack, given, tmp_path / "1", cache=cache)
    file = tmp_path / "pack" / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8") + NOT_HELD, encoding="utf-8")
    other = load_pack(tmp_path / "pack")
    for to in ("2", "3"):
        with evaluate(other, given, as_of=2022, cache=cache) as outcome:
            assert contents(outcome, tmp_path / to) == ran(other, given, tmp_path / f"alone{to}")[0]
            assert "SH508" in {issue.code for issue in outcome.issues.rows()}, "told each time"


NOT_HELD = """not_held:
- {cells: {year: '2021', subject: рус}, because: Отменено, source: {clause: '2', basis: derived}}
"""


@pytest.mark.parametrize("names", [["all"], ["share", "all", "most"]])  # of other sums, and of the same
def test_a_workspace_makes_the_sums_that_a_later_question_needs(
    tmp_path: Path, cache: Path, pack: Pack, names: list[str]
) -> None:
    given, by_subject = (
        tables(facts(tmp_path / "a.parquet", 2022)),
        small_pack(tmp_path / "by", names, by="[subject]"),
    )
    alone = [ran(each, given, tmp_path / f"alone{n}")[0] for n, each in enumerate((pack, by_subject))]
    ran(pack, given, tmp_path / "1", cache=cache)
    with Workspace(given, cache=cache) as workspace:
        for n in range(4):
            with workspace.evaluate((pack, by_subject)[n % 2], as_of=2022) as outcome:
                assert contents(outcome, tmp_path / f"out{n}") == alone[n % 2]


def test_a_damaged_table_is_made_again(tmp_path: Path, cache: Path, pack: Pack) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2022))
    sound, _ = ran(pack, given, tmp_path / "1", cache=cache)
    made = parquet_in(cache)
    for path in made:
        path.write_bytes(path.read_bytes()[:-9])
    found, _ = ran(pack, given, tmp_path / "2", cache=cache)
    assert found == sound and len(parquet_in(cache)) == len(made), "each in the place of the damaged one"
    assert stored(ran(pack, given, tmp_path / "3", cache=cache)[1]) == (1, 1)


def test_rows_are_told_once_whether_or_not_their_sums_are_read(tmp_path: Path, cache: Path, pack: Pack) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2022))
    other = small_pack(tmp_path / "other", ["share", "all", "most"], by="[subject]")
    told: set[int] = set()

    def progress(stage: str, done: int, total: int) -> None:
        if stage == STAGES["scan"] and total:  # not known as it begins
            assert total == 8
            told.add(done)

    def rows_told(*packs: Pack) -> Iterator[int]:
        with Workspace(given, cache=cache, progress=progress) as workspace:
            for each in packs:
                told.clear()
                workspace.evaluate(each, as_of=2022).close()
                yield max(told)

    assert [*rows_told(pack)] == [8], "of rows that are summed"
    assert [*rows_told(pack)] == [8], "of what was made of their sums"
    assert [*rows_told(other)] == [8], "of their sums"
    assert [*rows_told(pack, pack, other, pack)] == [8, 8, 8, 8]


def test_a_workspace_goes_on_where_only_some_of_it_was_damaged(tmp_path: Path, cache: Path, pack: Pack) -> None:
    given, by_subject = (
        tables(facts(tmp_path / "a.parquet", 2022)),
        small_pack(tmp_path / "by", ["share", "all", "most"], by="[subject]"),
    )
    alone = [ran(each, given, tmp_path / f"alone{n}")[0] for n, each in enumerate((pack, by_subject))]
    ran(pack, given, tmp_path / "1", cache=cache)
    made = sorted(set(parquet_in(cache)) - set(sums_in(cache)))
    assert len(made) == 3, "the cells, the sums of the indicators, and their values"
    for n, one in enumerate(made):
        one.write_bytes(one.read_bytes()[:-9])
        with Workspace(given, cache=cache) as workspace:
            for k, asked in enumerate((pack, by_subject, pack)):
                with workspace.evaluate(asked, as_of=2022) as outcome:
                    assert contents(outcome, tmp_path / f"out{n}{k}") == alone[k % 2]


CRITERIA = """parameters:
  limit: {label: Порог, unit: number, values: {2020-01-01: 2.5}, source: {clause: '2', basis: stated}}
criteria:
  enough: {label: Достаточно, indicator: all, at_least: $limit, source: {clause: '2', basis: stated}}
  high: {label: Высоко, indicator: most, more_than: 40, source: {clause: '2', basis: stated}}
"""


@pytest.fixture(params=["in the memory", "in files"])
def judging(request: pytest.FixtureRequest, tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> Pack:
    """A pack with thresholds, whose outcome is large enough to be put together out of blocks; and where its values stand."""
    monkeypatch.setattr("shsnor.copying.LARGE", 1)
    monkeypatch.setattr("shsnor.computing.FILED", 1 if request.param == "in files" else 10_000)
    file = tmp_path / "pack" / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8") + CRITERIA, encoding="utf-8")
    return load_pack(tmp_path / "pack")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was taken from where it was stored."""
    names: list[str] = []
    take = StoredSums.take_file

    def noted(self: StoredSums, table: str, name: str, *how: object, into: Path) -> bool:
        found = take(self, table, name, *how, into=into)
        names.extend([name] if found else [])
        return found

    monkeypatch.setattr(StoredSums, "take_file", noted)
    return names


def judged(pack: Pack, given: dict[str, Any], to: Path, limit: str, cache: Path | None = None) -> dict[str, Any]:
    with evaluate(pack, given, as_of=2022, parameters={"limit": limit}, cache=cache) as outcome:
        return contents(outcome, to)


def test_another_threshold_takes_the_values(tmp_path: Path, cache: Path, judging: Pack, served: list[str]) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2022))
    judged(judging, given, tmp_path / "1", "1", cache)
    assert not served
    with_sums = parquet_in(cache)
    for n, limit in enumerate(("3", "0.5"), 2):
        served.clear()
        found = judged(judging, given, tmp_path / f"{n}", limit, cache)
        assert found == judged(judging, given, tmp_path / f"alone{n}", limit)
        assert {"w_facts", "t_facts"} <= {*served}
    assert parquet_in(cache) == with_sums, "nothing of a threshold is stored"


def test_another_way_to_count_is_not_taken_for_the_one_before(tmp_path: Path, cache: Path, judging: Pack) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2022))
    judged(judging, given, tmp_path / "1", "1", cache)
    file = tmp_path / "pack" / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("'sum(taken)'", "'2 * sum(taken)'"), encoding="utf-8")
    other = load_pack(tmp_path / "pack")
    assert judged(other, given, tmp_path / "2", "1", cache) == judged(other, given, tmp_path / "alone", "1")


def test_values_are_stored_alike_wherever_they_stand(
    tmp_path: Path, cache: Path, judging: Pack, served: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2022))
    sound = judged(judging, given, tmp_path / "1", "1", cache)
    for n, filed in enumerate((1, 10_000), 2):
        monkeypatch.setattr("shsnor.computing.FILED", filed)
        served.clear()
        assert judged(judging, given, tmp_path / f"{n}", "1", cache) == sound and "t_facts" in served
    with Workspace(given, cache=cache) as workspace, workspace.evaluate(judging, as_of=2022) as outcome:
        assert contents(outcome, tmp_path / "workspace") == ran(judging, given, tmp_path / "alone")[0]


def test_every_damaged_file_is_made_again(tmp_path: Path, cache: Path, judging: Pack, served: list[str]) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2022))
    sound = judged(judging, given, tmp_path / "1", "1", cache)
    for n, one in enumerate(parquet_in(cache)):
        one.write_bytes(one.read_bytes()[:-9])
        assert judged(judging, given, tmp_path / f"damaged{n}", "1", cache) == sound
    served.clear()
    assert judged(judging, given, tmp_path / "again", "1", cache) == sound and "t_facts" in served


def test_a_workspace_takes_values_and_leaves_no_file_of_those_before(
    tmp_path: Path, cache: Path, judging: Pack
) -> None:
    given, other = tables(facts(tmp_path / "a.parquet", 2022)), small_pack(tmp_path / "other", ["share", "all"])
    alone = [ran(each, given, tmp_path / f"alone{n}")[0] for n, each in enumerate((judging, other))]
    for each in (judging, other):
        ran(each, given, tmp_path / each.id, cache=cache)
    with Workspace(given, cache=cache) as workspace:
        left: list[int] = []
        for n in range(6):
            with workspace.evaluate((judging, other)[n % 2], as_of=2022) as outcome:
                assert contents(outcome, tmp_path / f"out{n}") == alone[n % 2]
            assert workspace._read is not None
            left.append(len([*workspace._read.session.folder.rglob("*.parquet")]))
        assert left[2:] == [*left[2:4], *left[2:4]], "as many files as before"


def test_sums_that_serve_unread_do_not_go_first(tmp_path: Path, cache: Path, pack: Pack) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2022))
    ran(pack, given, tmp_path / "1", cache=cache)
    (sums,) = sums_in(cache)
    os.utime(sums, (1, 1))
    ran(pack, given, tmp_path / "2", cache=cache)
    assert sums.stat().st_mtime > 1


def test_a_table_comes_back_in_its_types_and_order(tmp_path: Path) -> None:
    made = (
        "CREATE TABLE w AS SELECT i::INTEGER AS e, 'ш''' || (7 - i) AS key, (i * i)::HUGEINT AS z, NULL::DATE AS d,"
        " (i / 3)::DECIMAL(38, 9) AS s, i % 2 = 0 AS b FROM range(7) r(i)"
    )
    with Session() as session:
        session.con.execute(made)
        write_table(session, "w", {"note": [2**70, "это '"]}, session.folder / "w.parquet")
        before = session.rows("FROM w"), session.described("w")
        session.con.execute("DROP TABLE w")
        assert read_table(session, "w", session.folder / "w.parquet") == {"note": [2**70, "это '"]}
        assert (session.rows("FROM w"), session.described("w")) == before


def test_a_limit_of_nothing_stores_nothing(tmp_path: Path, cache: Path, pack: Pack) -> None:
    given = tables(facts(tmp_path / "a.parquet", 2022))
    found, run = ran(pack, given, tmp_path / "1", cache=Cache(cache, limit="0.1KB"))
    assert found == ran(pack, given, tmp_path / "alone")[0] and not parquet_in(cache)
    assert [told["code"] for told in run["sums_not_stored"]] == ["SH552"]


def test_texts_that_were_clean_are_not_looked_at_again_and_others_are(
    tmp_path: Path, cache: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shsnor.caching.contents._LATELY", -3600)  # as if the files had been written long ago
    given = tables(facts(tmp_path / "a.parquet", 2022))
    sought: list[str] = []
    look = reading_tables._look_for_texts

    def noted(session: Session, relation: str, column: str) -> None:
        sought.append(column)
        look(session, relation, column)

    monkeypatch.setattr(reading_tables, "_look_for_texts", noted)
    sound, _ = ran(pack, given, tmp_path / "1", cache=cache)
    assert '"subject"' in sought
    sought.clear()
    assert ran(pack, given, tmp_path / "2", cache=cache)[0] == sound and not sought
    facts(tmp_path / "a.parquet", 2022, subject="subject || ' '")
    found, run = ran(pack, given, tmp_path / "3", cache=cache)
    assert found == ran(pack, given, tmp_path / "alone")[0] and run["sums"] == {}, "cleaned, so read into the session"
