"""A year at an office with real schools: a template filled in, mended, evaluated, listed, published, signed, compared.

The data are the results of Moscow's schools of 2016; where their folder is absent these tests are skipped.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from shsnor import Outcome, load_outcome
from shsnor.cli import main
from tests.validation.agreement import default_data

PACK = Path(__file__).resolve().parent / "validation" / "packs" / "moscow"
EGE = default_data() / "moscow_ege_2016" / "ege.csv"
SHEET = "Результаты ЕГЭ по школам"

#: Heads of the template -> columns of the portal.
HEADS = {
    "Код строки портала": "global_id",
    "ОГРН, 13 цифр": "OGRN",
    "Полное название": "EDU_NAME",
    "Административный округ": "AdmArea",
    "Сдавали ЕГЭ": "PASSED_NUMBER_FULL",
    "Набрали не меньше 160 баллов": "PASSER_UNDER_160",
}

pytestmark = pytest.mark.skipif(not EGE.is_file(), reason=f"no data at {EGE}: SHSNOR_DATA is the folder that holds it")


@dataclass
class Year:
    """An office's folder after its year, and what the commands said: name of the step -> exit code, text."""

    folder: Path
    rows: list[dict[str, str]]
    said: dict[str, tuple[int, str]] = field(default_factory=dict)


def pasted(text: str) -> str | int:
    """What a cell holds after pasting: Excel makes a number of a code."""
    return int(text) if text.isdigit() else text


def fill(path: Path, rows: Sequence[dict[str, str]]) -> None:
    book = load_workbook(path)
    heads = [cell.value for cell in book[SHEET][1]]
    for number, row in enumerate(rows, 2):
        for at, head in enumerate(heads, 1):
            book[SHEET].cell(number, at, pasted(row[HEADS[str(head)]]))
    book.save(path)


def put(path: Path, cells: dict[str, str | int | None]) -> None:
    book = load_workbook(path)
    for place, value in cells.items():
        book[SHEET][place] = value
    book.save(path)


def sheet_rows(path: Path, sheet: str) -> list[dict[str, object]]:
    """The rows of a sheet's table, by its heads."""
    rows = list(load_workbook(path)[sheet].iter_rows(values_only=True))
    top = next(n for n, row in enumerate(rows) if row[0] == "Код")
    return [dict(zip(map(str, rows[top]), row, strict=True)) for row in rows[top + 1 :]]


def raised(outcome: Outcome) -> set[tuple[str, str]]:
    return {(row.flag, row.entity) for row in outcome.flags.rows(verdict="met")}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("office")
    with EGE.open(encoding="utf-8", newline="") as file:
        made = Year(folder, list(csv.DictReader(file)))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("SHSNOR_LANG", raising=False)
        _live(made)
    return made


def _live(year: Year) -> None:
    book = Path("данные/таблицы.xlsx")
    _run(year, "template", "template", PACK, "--out", book, "--as-of", "2016")
    fill(book, year.rows)
    after = len(year.rows) + 2
    slips: dict[str, str | int | None] = {"F7": "тридцать", "F9": 5000, f"A{after}": "Итого", f"E{after}": 66461}
    right = {place: load_workbook(book)[SHEET][place].value for place in ("F7", "F9")}
    put(book, slips)
    _run(year, "check", "data", "check", "данные", "--pack", PACK, "--details")
    _run(year, "early", "evaluate", PACK, "--data", "данные", "--as-of", "2016", "--out", "итог")
    put(book, right)
    _run(year, "checked", "data", "check", "данные", "--pack", PACK)
    _run(year, "evaluate", "evaluate", PACK, "--data", "данные", "--as-of", "2016", "--out", "итог")
    _run(year, "list", "list", "итог", "--out", "список.xlsx")
    _run(year, "report", "report", "итог", "--into", "отчёт")
    _run(year, "public list", "list", "итог", "--public", "--out", "сайт.xlsx")
    _run(year, "public report", "report", "итог", "--public", "--into", "сайт")
    _run(year, "sign", "sign", "итог", "--date", "2016-10-01", "--order", "№ 123")
    changed = [dict(row) for row in year.rows[:600]]
    changed[0]["PASSER_UNDER_160"] = "2"
    changed[1]["PASSER_UNDER_160"] = changed[1]["PASSED_NUMBER_FULL"]
    _run(year, "template again", "template", PACK, "--out", "новые/таблицы.xlsx", "--as-of", "2017")
    fill(Path("новые/таблицы.xlsx"), changed)
    _run(year, "over it", "evaluate", PACK, "--data", "новые", "--as-of", "2017", "--out", "итог")
    _run(year, "next", "evaluate", PACK, "--data", "новые", "--as-of", "2017", "--out", "итог-2017")
    _run(year, "compare", "compare", "итог", "итог-2017", "--out", "сравнение.xlsx", "--out", "сравнение.html")


def _run(year: Year, name: str, *arguments: object) -> None:
    import contextlib
    import io

    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main([*map(str, arguments)])
    year.said[name] = code, said.getvalue()


def test_the_office_is_told_what_to_mend_and_nothing_is_written_before(year: Year) -> None:
    code, said = year.said["check"]
    assert code == 2
    for told in (
        "SH404",
        f"'{SHEET}'!F7",
        "«тридцать» — не число",
        f"'{SHEET}'!F9",
        "«Сдавали ЕГЭ»: 5000 >",
        "«Итого»",
    ):
        assert told in said
    assert year.said["early"][0] == 2
    code, said = year.said["checked"]
    assert code == 0 and "Считать можно" in said and "SH404" not in said


def test_the_figures_are_those_of_the_data_set(year: Year) -> None:
    assert year.said["evaluate"][0] == 0
    with load_outcome(year.folder / "итог") as outcome:
        assert len(list(outcome.entities.rows(level="school"))) == 626
        assert sum(1 for flag, _ in raised(outcome) if flag == "low_results") == 48
        met = list(outcome.criterion_results.rows(path="", verdict="met"))
        assert sum(1 for row in met if row.item == "tiny_cohort") == 6
        assert sum(1 for row in met if row.item == "small_cohort") == 20
        sat = sum(row.value or 0 for row in outcome.indicator_values.rows(indicator="participants", level="school"))
        assert sat == 66461
        assert {row.code for row in outcome.issues.rows()} == {"SH435"}


def test_the_list_has_each_school_with_its_numbers_and_the_documents_of_the_pack(year: Year) -> None:
    rows = sheet_rows(year.folder / "список.xlsx", "Список")
    low = {row["Код"]: str(row["Почему"]) for row in rows if row["Признак"] == "Низкие результаты"}
    assert len(low) == 48
    for row in year.rows:
        sat, passed = int(row["PASSED_NUMBER_FULL"]), int(row["PASSER_UNDER_160"])
        assert (row["global_id"] in low) == (4 * passed < sat)
        if row["global_id"] in low:
            assert f"({passed} из {sat})" in low[row["global_id"]]
    decisions = load_workbook(year.folder / "список.xlsx")["Решения"]
    assert "не предусматривает" in str(decisions["A2"].value), "the pack lets nobody decide"
    (finding,) = sheet_rows_of_findings(year.folder / "список.xlsx")
    assert finding[0] == "SH435" and str(finding[2]).startswith("Пропущены строки итогов")


def sheet_rows_of_findings(path: Path) -> list[tuple[object, ...]]:
    return list(load_workbook(path)["Замечания к данным"].iter_rows(min_row=2, values_only=True))


def test_every_school_has_a_page_within_its_size(year: Year) -> None:
    pages = list((year.folder / "отчёт" / "school").glob("*.html"))
    assert len(pages) == 626 and len(list((year.folder / "отчёт" / "okrug").glob("*.html"))) == 10
    assert max(page.stat().st_size for page in pages) < 100_000
    (page,) = (page for page in pages if "4697911" in page.name)
    text = page.read_text(encoding="utf-8")
    assert "19 из 87" in text and "Для служебного пользования" in text and ">2014<" not in text


def test_what_is_published_has_neither_reasons_nor_numbers_of_small_groups(year: Year) -> None:
    book = load_workbook(year.folder / "сайт.xlsx")
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    texts = [page.read_text(encoding="utf-8") for page in (year.folder / "сайт").rglob("*.html")]
    tiny = [row for row in year.rows if int(row["PASSED_NUMBER_FULL"]) < 10]
    assert len(tiny) == 6
    for row in tiny:
        own = year.folder / "сайт" / "school" / f"school-{row['global_id']}.html"
        assert "%" not in own.read_text(encoding="utf-8").partition("<main")[2]
        of = f"{row['PASSER_UNDER_160']} из {row['PASSED_NUMBER_FULL']}"
        assert not any(of in text for text in [*cells, *texts])
    assert not any("порог" in cell and "%" in cell for cell in cells)
    assert not any("Для служебного пользования" in text or "Что изменило бы" in text for text in texts)


def test_a_signed_list_is_kept_and_next_year_is_told_from_it(year: Year) -> None:
    assert year.said["sign"][0] == 0
    code, said = year.said["over it"]
    assert code == 2 and "SH615" in said
    with load_outcome(year.folder / "итог") as outcome, load_outcome(year.folder / "итог-2017") as later:
        assert outcome.signature is not None and outcome.signature.order == "№ 123"
        left, entered = raised(outcome) - raised(later), raised(later) - raised(outcome)
    first, second = (row["global_id"] for row in year.rows[:2])
    assert ("low_results", first) in entered and ("low_results", second) in left
    code, said = year.said["compare"]
    assert code == 0 and "подписан: приказ № 123" in said and "другие строки в таблицах: ege" in said
    page = (year.folder / "сравнение.html").read_text(encoding="utf-8")
    assert first in page and second in page and (year.folder / "сравнение.xlsx").is_file()


def test_the_portals_own_export_is_read_by_its_drafted_layout(
    year: Year, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "data-9722"
    for row in ([], ["Выгрузка портала"], list(year.rows[0]), *(map(pasted, row.values()) for row in year.rows)):
        sheet.append(list(row))
    Path("выгрузка").mkdir()
    book.save("выгрузка/9722.xlsx")
    evaluate = ["evaluate", str(PACK), "--data", "выгрузка", "--as-of", "2016", "--out", "итог"]
    assert main(evaluate) == 2 and "shsnor layout new" in capsys.readouterr().err
    assert main(["layout", "new", "выгрузка/9722.xlsx", "--pack", str(PACK)]) == 0
    assert "PASSER_UNDER_160    → at_least_160" in capsys.readouterr().out
    assert main(evaluate) == 0
    with load_outcome(Path("итог")) as outcome, load_outcome(year.folder / "итог") as typed:
        assert raised(outcome) == raised(typed)
    assert json.loads(Path("итог/run.json").read_text(encoding="utf-8"))["run"]["files"][0]["name"] == "9722.xlsx"
