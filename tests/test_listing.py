"""The list workbook: what an office gets from a written outcome, and what it hands back."""

from __future__ import annotations

import csv
import datetime
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

import shsnor
from shsnor.errors import UsageError
from shsnor.explaining import because, explain_each
from shsnor.listing import due_measures, write_due, write_list, writing
from shsnor.listing.due import is_due
from shsnor.outcomes import Outcome
from tests.command import shsnor as command

SHEETS = [
    "Список", "Показатели", "Причины", "Меры", "Замечания к данным", "Параметры", "Решения", "Дорожная карта", "Пояснения",
]  # fmt: skip

#: 0101 is at the limit in Russian, 0102 far over it; names and a municipality are such as nobody wishes for.
SCHOOLS = '''school_id;name;municipality;kind
0101;"=HYPERLINK(""http://x.example"",""сюда"")";Юг/Север;СОШ
0102;"<script>alert(1)</script> ""Радуга""";CON;ООШ
0103;СОШ № 10;Юг/Север;ООШ
0104;СОШ № 2;Юг/Север;ООШ
'''
RESULTS = """school_id;year;procedure;grade;subject;participants;below_minimum
0101;2026;ОГЭ;9;рус;30;10
0101;2026;ОГЭ;9;мат;30;3
0102;2026;ОГЭ;9;рус;20;18
0102;2026;ОГЭ;9;мат;20;1
0103;2026;ОГЭ;9;рус;10;9
0103;2026;ОГЭ;9;мат;10;9
0104;2026;ОГЭ;9;рус;10;9
0104;2026;ОГЭ;9;мат;10;9
"""

#: What the README's pack lacks: decisions, marks on measures, terms.
MORE = """
  marked:
    label: Отмеченных мер
    unit: count
    from: measures_taken
    value: sum(case when status = 'done' then 1 else 0 end)
    source: {clause: пункт 9, basis: stated}
criteria:
"""
MEASURES = """
  report:
    label: Отчёт школы
    when: low_results
    months: [9]
    responsible: [директор школы]
    report: справка
    source: {clause: пункт 10, basis: stated}
  plan:
    label: План на год
    when: low_results
    months: [9]
    due: 2026-09-30
    source: {clause: пункт 11, basis: stated}
"""
CLUSTERS = """
clusters:
  groups:
    label: Кому помочь раньше
    expert_may_decide: true
    first_match:
      - {id: first, label: "Сразу, в этом году", when: low_results}
      - {id: later, label: Потом, otherwise: true}
    source: {clause: пункт 8, basis: stated}
"""


@pytest.fixture
def office(north: Path) -> Path:
    """The README's pack with decisions, terms and groups, and four schools in `data`."""
    pack = north / "north" / "pack.yaml"
    text = pack.read_text(encoding="utf-8").replace("\ncriteria:\n", MORE)
    text = text.replace("    when: {criterion", "    expert_may_decide: true\n    when: {criterion")
    pack.write_text(text.rstrip() + MEASURES + CLUSTERS, encoding="utf-8")
    (north / "data" / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    (north / "data" / "results.csv").write_text(RESULTS, encoding="utf-8")
    return north


def evaluated(office: Path, out: str = "out") -> Path:
    """The office's tables evaluated and written."""
    with shsnor.evaluate(shsnor.load_pack(office / "north"), office / "data", as_of=2026) as outcome:
        return outcome.write(office / out)


def wrote(out: Path, path: Path) -> writing.WrittenList:
    with shsnor.load_outcome(out) as outcome:
        return write_list(outcome, path)


@pytest.fixture
def outcome(office: Path) -> Iterator[Outcome]:
    with shsnor.load_outcome(evaluated(office)) as found:
        yield found


@pytest.fixture(scope="session")
def demo_list(demo_outcome: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The list of the demo region, written by the command."""
    path = tmp_path_factory.mktemp("list") / "список.xlsx"
    run = command("list", demo_outcome, "--out", path)
    assert run.code == 0, run.err
    assert path.name in run.out
    return path


def rows(page: Worksheet) -> list[dict[str, Any]]:
    """The rows of a sheet's table by their headers."""
    (table,) = page.tables.values()
    first, *others = ([cell.value for cell in row] for row in page[table.ref])
    return [dict(zip(first, row, strict=True)) for row in others]


def typed(path: Path, sheet: str, wanted: Mapping[str, object], cells: Mapping[str, object]) -> None:
    """Type into the one row of a sheet that has the cells wanted."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    (table,) = page.tables.values()
    head, *body = page[table.ref]
    at = {cell.value: number for number, cell in enumerate(head)}
    (row,) = (row for row in body if all(row[at[name]].value == value for name, value in wanted.items()))
    for name, value in cells.items():
        row[at[name]].value = value
    book.save(path)


def test_the_sheets_hold_what_the_outcome_says(demo_list: Path, demo_outcome: Path) -> None:
    book = openpyxl.load_workbook(demo_list)
    assert book.sheetnames == SHEETS
    with shsnor.load_outcome(demo_outcome) as outcome:
        flagged = {(row.entity, row.label) for row in outcome.flags.rows(verdict="met")}
        listed = rows(book["Список"])
        assert {(row["Код"], row["Признак"]) for row in listed} == flagged
        assert len(listed) == len(flagged)
        assert len(rows(book["Показатели"])) == len(outcome.indicator_values)
        recommended = [row for row in outcome.recommendations.rows() if row.status != "for_everyone"]
        assert len(rows(book["Меры"])) == len(recommended)
        parameters = {row["Код параметра"] for row in rows(book["Параметры"])}
        assert parameters == set(outcome.manifest.evaluation["parameters"])
    assert all(book[sheet].freeze_panes is not None for sheet in SHEETS[:-1])


def test_a_list_is_by_flag_municipality_and_name_and_says_why(demo_list: Path, demo_outcome: Path) -> None:
    listed = rows(openpyxl.load_workbook(demo_list)["Список"])
    flags = [row["Признак"] for row in listed]
    assert flags == sorted(flags, key=flags.index), "each flag's rows stand together"
    first = [row for row in listed if row["Признак"] == flags[0]]
    places = [row["Муниципалитет"] for row in first]
    assert places == sorted(places, key=str.casefold)
    with shsnor.load_outcome(demo_outcome) as outcome:
        (told,) = explain_each(outcome, ["010003"], whole=True)
        why = {flag.row.label: because(flag, told.items) for flag in told.flags if flag.row.verdict == "met"}
    assert {row["Признак"]: row["Почему"] for row in listed if row["Код"] == "010003"} == why
    sentence = why["Школа с низкими образовательными результатами (ШНОР)"]
    for part in (
        "ВПР, 5\u00a0класс, мат, 2022 — 50\u00a0% (20 из 40)",
        "порог не меньше 30\u00a0%",
        "основание: «не менее 30 %",
    ):
        assert part in sentence
    assert "2020" not in sentence.replace("01.01.2020", ""), "a year that the rule does not look at is no reason"


def test_the_reasons_are_the_rows_that_the_verdict_rests_on(demo_list: Path) -> None:
    found = [
        row for row in rows(openpyxl.load_workbook(demo_list)["Причины"])
        if row["Код"] == "010003" and "ШНОР" in row["Признак"] and row["Предмет"] == "мат" and row["Класс"] == "5"
    ]  # fmt: skip
    assert [(row["Год"], row["Значение"], row["Порог"], row["Вывод"]) for row in found] == [
        ("2021", pytest.approx(22.44898), 30, "не выполнено"),
        ("2022", 50, 30, "выполнено"),
    ]
    assert {row["Из скольких"] for row in found} == {"11 из 49", "20 из 40"}
    assert all("с 01.01.2020" in row["Откуда порог"] and row["Документ"] and row["Пункт"] for row in found)


def test_the_explanations_say_how_not_to_use_it(demo_list: Path, demo_outcome: Path) -> None:
    text = "\n".join(str(row[0].value or "") for row in openpyxl.load_workbook(demo_list)["Пояснения"].iter_rows())
    assert "Для служебного пользования" in text
    assert "№ 02-86" in text
    assert "31.12.2022" in text
    with shsnor.load_outcome(demo_outcome) as outcome:
        assert outcome.manifest.evaluation["pack"]["digest"] in text


def test_without_vpr_there_is_no_word_of_them(office: Path, outcome: Outcome) -> None:
    write_list(outcome, office / "a.xlsx")
    text = str([cell.value for cell in openpyxl.load_workbook(office / "a.xlsx")["Пояснения"]["A"]])
    assert "Для служебного пользования" in text
    assert "ВПР" not in text


def test_the_same_outcome_gives_the_same_bytes(office: Path, outcome: Outcome) -> None:
    one, two = (write_list(outcome, office / f"{n}.xlsx").paths[0].read_bytes() for n in (1, 2))
    assert len(one) == len(two)


def test_names_of_schools_are_never_formulas(office: Path, outcome: Outcome) -> None:
    write_list(outcome, office / "a.xlsx")
    book = openpyxl.load_workbook(office / "a.xlsx")
    names = {row["Название"]: row["Код"] for row in rows(book["Список"])}
    assert names['=HYPERLINK("http://x.example","сюда")'] == "0101"
    assert names['<script>alert(1)</script> "Радуга"'] == "0102"
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    for path in write_list(outcome, office / "csv", format="csv").paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert not [
                cell for row in csv.reader(file, delimiter=";") for cell in row if cell.startswith(("=", "+", "@"))
            ]


def test_schools_stand_as_people_count(office: Path, outcome: Outcome) -> None:
    write_list(outcome, office / "a.xlsx")
    listed = [row["Название"] for row in rows(openpyxl.load_workbook(office / "a.xlsx")["Список"])]
    assert listed.index("СОШ № 2") + 1 == listed.index("СОШ № 10")


def test_csv_is_a_file_for_each_sheet(office: Path, outcome: Outcome) -> None:
    written = write_list(outcome, office / "csv", format="csv")
    assert [path.name for path in written.paths] == [f"{name}.csv" for name in SHEETS]
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in written.paths)
    with (office / "csv" / "Список.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file, delimiter=";"))
    assert {row["Код"] for row in found} == {"0101", "0102", "0103", "0104"}


def test_each_municipality_has_its_own(office: Path, outcome: Outcome) -> None:
    written = write_list(outcome, office / "by", by_municipality=True)
    assert sorted(path.name for path in written.paths) == ["_CON.xlsx", "Юг Север.xlsx"]
    for name, codes in {"_CON": {"0102"}, "Юг Север": {"0101", "0103", "0104"}}.items():
        book = openpyxl.load_workbook(office / "by" / f"{name}.xlsx")
        for sheet in ("Список", "Причины", "Решения", "Дорожная карта"):
            assert {row["Код"] for row in rows(book[sheet])} == codes
        assert {row["Код"] for row in rows(book["Показатели"])} <= codes | {"CON", "Юг/Север"}


def test_without_municipalities_there_is_nothing_to_part_by(office: Path) -> None:
    pack = office / "north" / "pack.yaml"
    levels = "levels: {school: {table: schools, key: school_id}, region: {}}\nindicators:\n"
    pack.write_text(pack.read_text(encoding="utf-8").replace("indicators:\n", levels, 1), encoding="utf-8")
    run = command("list", evaluated(office), "--out", office / "by", "--by-municipality")
    assert (run.code, "SH612" in run.err, (office / "by").exists()) == (2, True, False)


def test_persons_are_in_no_list(tmp_path: Path) -> None:
    from shsnor.demo import DEMO_YEAR, demo_region

    pack = shsnor.load_pack("saratov_teacher")
    with shsnor.evaluate(pack, demo_region(), as_of=DEMO_YEAR) as outcome:
        teachers = {row.entity for row in outcome.entities.rows() if row.persons}
        assert teachers
        paths = (
            write_list(outcome, tmp_path / "a.xlsx").paths + write_list(outcome, tmp_path / "csv", format="csv").paths
        )
    book = openpyxl.load_workbook(paths[0], read_only=True)
    assert not teachers & {str(cell.value) for page in book.worksheets for row in page.iter_rows() for cell in row}
    book.close()
    for path in paths[1:]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert not teachers & {cell for row in csv.reader(file, delimiter=";") for cell in row}


def test_decisions_typed_in_are_read_by_the_next_evaluation(office: Path) -> None:
    path = office / "data" / "список.xlsx"
    wrote(evaluated(office), path)
    offered = openpyxl.load_workbook(path)["Решения"].data_validations.dataValidation[0].formula1
    assert offered == "'Списки'!$A$1:$A$4", "a name with a comma would fall apart"
    decision = {"Решение": "не присвоен", "Кто решил (роль)": "комиссия", "Обоснование": "Перепроверка работ"}
    typed(path, "Решения", {"Код": "0102", "Код критерия": "low_results"}, decision)
    group = {"Решение": "Сразу, в этом году", "Кто решил (роль)": "комиссия"}
    typed(path, "Решения", {"Код": "0103", "Код критерия": "groups"}, group)
    out = evaluated(office, "again")
    with shsnor.load_outcome(out) as outcome:
        (flag,) = outcome.flags.rows(entity="0102")
        assert (flag.verdict, flag.computed, flag.decided_by) == ("not_met", "met", "комиссия")
        assert flag.decision_reason == "Перепроверка работ"
        (cluster,) = outcome.clusters.rows(entity="0103")
        assert (cluster.label, cluster.decided_by) == ("first", "комиссия")
        assert {row.source_table for row in outcome.issues.rows()} <= {"measures_taken"}, "nothing to say of decisions"
    run = command("list", out, "--out", path)
    assert "решений 2" in run.out
    kept = {(row["Код"], row["Код критерия"]): row for row in rows(openpyxl.load_workbook(path)["Решения"])}
    assert decision.items() <= kept["0102", "low_results"].items()
    assert kept["0102", "low_results"]["По расчёту"] == "присвоен"
    assert group.items() <= kept["0103", "groups"].items()


def test_marks_typed_in_are_read_by_the_next_evaluation(office: Path) -> None:
    path = office / "data" / "список.xlsx"
    wrote(evaluated(office), path)
    begun, planned = datetime.datetime(2026, 2, 1), datetime.datetime(2026, 5, 31)
    mark = {"Состояние": "выполнено", "Начато": begun, "Окончание по плану": planned}
    typed(path, "Дорожная карта", {"Код": "0101", "Код меры": "curator"}, mark)
    out = evaluated(office, "again")
    with shsnor.load_outcome(out) as outcome:
        done = {
            row.entity: row.value for row in outcome.indicator_values.rows(indicator="marked") if row.value is not None
        }
        assert done == {"0101": 1}
        may = due_measures(outcome, "2026-05", marked=path)
        assert [(row.entity, row.item, row.deadline, row.state) for row in may.rows] == [
            ("0101", "curator", "31.05.2026", "выполнено")
        ]
    assert wrote(out, path).marks == 1
    kept = {(row["Код"], row["Код меры"]): row for row in rows(openpyxl.load_workbook(path)["Дорожная карта"])}
    assert mark.items() <= kept["0101", "curator"].items()


def test_a_list_that_was_left_as_it_is_decides_nothing(office: Path) -> None:
    path, others = office / "data" / "список.xlsx", office / "data" / "decisions.csv"
    others.write_text(
        "entity;item;year;verdict;role;reason\n0102;low_results;2026;not_met;комиссия;\n", encoding="utf-8"
    )
    wrote(evaluated(office), path)
    (row,) = (row for row in rows(openpyxl.load_workbook(path)["Решения"]) if row["Решение"])
    assert (row["Код"], row["Решение"], row["Кто решил (роль)"]) == ("0102", "не присвоен", "комиссия")
    run = command("evaluate", office / "north", "--data", office / "data", "--as-of", 2026, "--out", office / "again")
    assert (run.code, "SH426" in run.err) == (2, True), "two places that decide: one is to go"
    typed(path, "Решения", {"Код": "0102", "Код критерия": "low_results"}, {"Решение": None, "Кто решил (роль)": None})
    with shsnor.load_outcome(evaluated(office, "again")) as outcome:
        assert [row.decided_by for row in outcome.flags.rows(entity="0102")] == ["комиссия"], "of the file alone"


def test_what_somebody_typed_is_never_written_over(office: Path, outcome: Outcome) -> None:
    path = office / "список.xlsx"
    write_list(outcome, path)
    typed(path, "Решения", {"Код": "0102", "Код критерия": "low_results"}, {"Год": "2025", "Решение": "не присвоен"})
    written = write_list(outcome, path)
    assert [file.name for file in written.paths] == ["список (2).xlsx"]
    assert (written.kept, written.beside) == (["список.xlsx"], [])
    assert any(row["Год"] == "2025" for row in rows(openpyxl.load_workbook(path)["Решения"]))
    (office / "другое.xlsx").write_text("не книга")
    run = command("list", office / "out", "--out", office / "другое.xlsx")
    assert (run.code, "другое (2).xlsx" in run.out, "остался как был" in run.out) == (0, True, True)
    assert (office / "другое.xlsx").read_text() == "не книга"


def test_a_list_that_is_open_is_written_beside(office: Path, outcome: Outcome) -> None:
    path = office / "список.xlsx"
    write_list(outcome, path)
    (office / "~$список.xlsx").write_text("")
    run = command("list", office / "out", "--out", path)
    assert "список (2).xlsx" in run.out
    assert "открыт в другой программе" in run.out


def test_what_does_not_fit_is_told_of(office: Path, outcome: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    write_list(outcome, office / "a.xlsx")
    book = openpyxl.load_workbook(office / "a.xlsx")
    assert len(rows(book["Показатели"])) == 3
    text = str([cell.value for cell in book["Пояснения"]["A"]])
    assert "«Показатели»: показаны первые 3 строк" in text
    assert "--by-municipality" in text


def test_a_place_that_cannot_be_written_is_told(office: Path, outcome: Outcome) -> None:
    (office / "файл").write_text("а")
    with pytest.raises(UsageError) as error:
        write_list(outcome, office / "файл" / "список.xlsx")
    assert [finding.code for finding in error.value.findings] == ["SH610"]
    run = command("list", office / "out", "--out", office / "список.csv")
    assert (run.code, "SH621" in run.err, (office / "список.csv").exists()) == (2, True, False)


@pytest.mark.parametrize(
    ("months", "due", "year", "month", "expected"),
    [
        ("[9]", "", 2026, 9, True), ("[9]", "", 2031, 9, True), ("[9]", "", 2026, 10, False), ("[]", "", 2026, 9, False),
        ("[9]", "2026-09-30", 2026, 9, True), ("[9]", "2026-09-30", 2027, 9, False),
        ("[5, 9]", "2026-09-30", 2026, 5, True), ("[]", "2026-09-30", 2026, 9, True), ("[]", "2026-09-30", 2026, 8, False),
    ],
)  # fmt: skip
def test_a_measure_is_due_in_its_months(months: str, due: str, year: int, month: int, expected: bool) -> None:
    assert is_due(months, due, year, month) is expected


def test_the_calendar_of_a_month(office: Path, outcome: Outcome) -> None:
    september = due_measures(outcome, "2026-09")
    first = [row for row in september.rows if row.entity == "0104"]
    terms = [(row.item, row.responsible, row.report) for row in first]
    assert terms == [("report", "директор школы", "справка"), ("plan", "", "")]
    assert september.undated == 4, "the curator of each school has no month"
    assert {row.item for row in due_measures(outcome, "2027-09").rows} == {"report"}
    page = openpyxl.load_workbook(write_due(september, office / "сроки.xlsx")).active
    assert isinstance(page, Worksheet)
    assert len(rows(page)) == len(september.rows) == 8
    run = command("measures", office / "out", "--due", "2026-09", "--out", office / "сроки.xlsx")
    assert "СОШ № 2 (0104), Юг/Север\n  Отчёт школы; отвечает: директор школы; отчёт: справка" in run.out
    for wrong in ("2026-13", "сентябрь"):
        run = command("measures", office / "out", "--due", wrong)
        assert (run.code, "не месяц" in run.err) == (2, True)
    run = command("measures", office / "out", "--due", "2026-09", "--list", office / "data" / "schools.csv")
    assert (run.code, "SH613" in run.err) == (2, True)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice (soffice), which is not installed")
def test_it_opens_in_libreoffice(office: Path, outcome: Outcome, tmp_path: Path) -> None:
    path = write_list(outcome, office / "список.xlsx").paths[0]
    made = tmp_path / "made"
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx",
         "--outdir", made, path],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    said = (done.stdout + done.stderr).lower().splitlines()
    assert not [line for line in said if ("warn" in line or "error" in line) and "java" not in line]
    ours, theirs = openpyxl.load_workbook(path), openpyxl.load_workbook(made / "список.xlsx")
    assert [page.title for page in theirs if page.sheet_state == "visible"] == SHEETS
    for sheet in SHEETS:
        cells = [[[cell.value for cell in row] for row in book[sheet].iter_rows()] for book in (ours, theirs)]
        assert cells[0] == cells[1]
