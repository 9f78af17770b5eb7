"""`shsnor report`: pages that a principal can read and contest, and that break nothing and show nobody."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import shsnor
from shsnor.demo import DEMO_YEAR, demo_region
from shsnor.errors import UsageError
from shsnor.explaining import ExplanationNode, explain, explain_each
from shsnor.outcomes import ItemRow, Outcome, load_outcome
from shsnor.outcomes.items import Items
from shsnor.reporting import school_pages, write_report
from shsnor.reporting.distances import distance, kind_of
from shsnor.reporting.model import SchoolPage
from shsnor.reporting.region import Region
from tests import command

SCHOOL = "010003"
MOST_BYTES = 100_000
VOID = {"meta", "link", "br", "path", "rect", "circle", "line"}

NAMED = """school_id;municipality;kind;name;latitude;longitude
0101;Юг;СОШ;Школа <script>alert(1)</script> «им. "А" & Б»;55,1;60,2
0102;Юг;ООШ;=HYPERLINK("http://a");55,2;60,1
0103;Север;ООШ;;;
"""


class Page(HTMLParser):
    """A page taken apart: its elements with their attributes, its text; every element that is opened is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag, f"</{tag}>"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def outcome(demo_outcome: Path) -> Iterator[Outcome]:
    with load_outcome(demo_outcome) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def report(outcome: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(outcome, tmp_path_factory.mktemp("report") / "отчёт")


@pytest.fixture(scope="module")
def page(outcome: Outcome) -> SchoolPage:
    return dict(school_pages(Region(outcome), [SCHOOL]))[SCHOOL]


@pytest.fixture
def small(north: Path) -> Iterator[Outcome]:
    """Three schools, named as nobody would."""
    (north / "data" / "schools.csv").write_text(NAMED, encoding="utf-8")
    with shsnor.evaluate(shsnor.load_pack(north / "north"), north / "data", as_of=2022) as evaluated:
        yield evaluated


def read(file: Path) -> Page:
    return Page(file.read_text("utf-8"))


# --- the folder -----------------------------------------------------------


def test_every_school_has_a_page_and_every_municipality_and_the_region_an_overview(
    report: Path, outcome: Outcome
) -> None:
    files = {file.relative_to(report).as_posix() for file in report.rglob("*.html")}
    schools = {f"school/school-{row.entity}.html" for row in outcome.entities.rows(level="school")}
    municipalities = sum(1 for _ in outcome.entities.rows(level="municipality"))
    assert schools <= files and "index.html" in files
    assert len(files) == len(schools) + municipalities + 1


def test_links_lead_to_pages_that_are_there(report: Path) -> None:
    for file in (report / "index.html", next((report / "municipality").iterdir()), _page_of(report, SCHOOL)):
        links = [link["href"] or "" for link in read(file).all("a")]
        assert links
        for link in links:
            assert link.startswith("#") or (file.parent / link).is_file(), f"{file.name}: {link}"


def test_a_page_is_small_and_takes_nothing_from_outside(report: Path) -> None:
    for file in report.rglob("*.html"):
        text = file.read_text("utf-8")
        assert "school" not in file.parent.name or len(text.encode()) < MOST_BYTES, file.name
        assert not re.search(r"https?:|@import|url\(|<link|<script src|<img|<iframe", text), file.name
        assert "<script" not in text or file.parent.name != "school", "a profile needs no script"


def test_a_reader_who_hears_the_page_finds_its_way(report: Path) -> None:
    for file in (report / "index.html", next((report / "municipality").iterdir()), _page_of(report, SCHOOL)):
        found = read(file)
        assert found.all("html") == [{"lang": "ru"}]
        assert all(head.get("scope") in ("col", "row", "rowgroup") for head in found.all("th"))
        assert len(found.all("caption")) == len(found.all("table"))
        assert all(plot.get("aria-hidden") or plot.get("role") == "img" for plot in found.all("svg"))
        assert {"class": "skip", "href": "#content"} in found.all("a")
        ids = [attrs["id"] for _, attrs in found.elements if attrs.get("id")]
        assert len(ids) == len(set(ids))


def test_internal_pages_say_so_and_tell_the_limit_of_vpr(report: Path) -> None:
    for file in (report / "index.html", _page_of(report, SCHOOL)):
        text = read(file).text
        assert "Для служебного пользования" in text
        assert "№ 02-86" in text and "18.04.2025" in text
        assert "не оценка" in text


def test_the_overview_counts_as_the_outcome_does(report: Path, outcome: Outcome) -> None:
    text = read(report / "index.html").text
    rows = list(outcome.flags.rows(flag="low_results", level="school"))
    met = sum(row.verdict == "met" for row in rows)
    not_met = sum(row.verdict == "not_met" for row in rows)
    vacant = sum(row.reason == "not_applicable" for row in rows)
    unknown = len(rows) - met - not_met - vacant
    vpr_only = sum(row.vpr_only for row in rows)
    assert unknown > 0, "the demo region has schools of which nothing is known"
    assert f"{rows[0].label} {met} {not_met} {unknown} {vacant} {vpr_only}" in text
    step = next(outcome.steps.rows(flag="low_results", position=2))
    assert f"{step.text} {step.met} {step.not_met} {step.unknown} {step.vacant}" in text
    assert "Мониторинги: входной, промежуточный, итоговый нет данных" in text


def test_the_municipalities_together_have_the_schools_of_the_region(report: Path) -> None:
    def rows(file: Path) -> list[str]:
        return re.findall(
            r'<tr>(?:<td>[^<]*</td>)?<th scope="row"><a href="[^"]*school-(\w+)\.html">', file.read_text("utf-8")
        )

    below = [code for file in (report / "municipality").iterdir() for code in rows(file)]
    assert len(below) == 300
    assert sorted(below) == sorted(rows(report / "index.html"))


# --- the profile ----------------------------------------------------------


def test_a_profile_concludes_in_three_sentences_at_most(outcome: Outcome) -> None:
    for _, page in school_pages(Region(outcome), [f"0100{n:02}" for n in range(1, 15)]):
        assert 1 <= len(page.summary) <= 3


def test_a_profile_says_what_was_found_and_why(page: SchoolPage, report: Path) -> None:
    text = read(_page_of(report, SCHOOL)).text
    assert page.name in text and SCHOOL in text and "31.12.2022" in text
    low = page.flags[0]
    assert (low.status, low.word) == ("met", "присвоен")
    assert "ВПР, 5 класс, мат, 2022: 50 % (20 из 40) — выполнено" in text.replace("\xa0", " ")
    assert "«список школ с низкими образовательными результатами обучающихся»" in low.source
    assert [line.subject for line in page.subjects] == ["математика", "математика (базовая)", "русский язык"]
    assert page.measures and page.measures[0].because


def test_an_indicator_stands_with_its_years_threshold_and_region(page: SchoolPage, outcome: Outcome) -> None:
    line = next(line for line in page.indicators if line.cell == "ВПР, 5\xa0класс, математика")
    assert page.year_names == tuple(year for year, _ in line.years) == ("2020", "2021", "2022")
    assert [value.replace("\xa0", " ") for _, value in line.years] == ["36,84 %", "22,45 %", "50 %"]
    assert line.size == "20 из 40"
    assert line.threshold.replace("\xa0", " ") == "не меньше 30 %"
    values = sorted(
        row.value
        for row in outcome.indicator_values.rows(indicator="low_share", level="school")
        if row.value is not None
        and json.loads(row.dimensions) == {"procedure": "ВПР", "grade": "5", "subject": "мат", "year": "2022"}
    )
    half = len(values) // 2
    median = values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
    assert line.region.startswith(f"{median:.2f}".replace(".", ",").rstrip("0").rstrip(","))
    assert (line.status, line.word) == ("met", "есть трудность")


def test_a_school_of_which_nothing_is_known_is_told_what_is_missing(outcome: Outcome) -> None:
    rows = outcome.flags.rows(flag="low_results", verdict="unknown")
    unknown = next(row.entity for row in rows if "no_row" in row.reason)
    found = dict(school_pages(Region(outcome), [unknown]))[unknown]
    assert found.flags[0].word == "неизвестно"
    assert any("нет строки данных" in gap for gap in found.gaps)
    assert any("вывода пока нет" in sentence.lower() for sentence in found.summary)


def test_bulk_explanations_are_those_of_each_school(outcome: Outcome) -> None:
    ids = [SCHOOL, "010001", "020005"]
    assert list(explain_each(outcome, ids)) == [explain(outcome, entity) for entity in ids]


# --- what would change it -------------------------------------------------


def test_so_many_pupils_more_carry_each_value_over_its_threshold_and_one_fewer_does_not(
    outcome: Outcome, tmp_path: Path
) -> None:
    """The claim of the page, tried by evaluating the school with so many pupils more above the minimum."""
    items = Items(outcome.items.rows())
    leaves = [node for node in _leaves(outcome) if node.dimensions.get("year") == str(DEMO_YEAR)]
    claims = {_key(node): found for node in leaves if (found := distance(node, items)) is not None and found.pupils}
    assert len(claims) == 3, "two ВПР and an ЕГЭ"
    for fewer, verdict in ((0, "not_met"), (1, "met")):
        data = _learnt(tmp_path / f"data{fewer}", {key: (found.pupils or 0) - fewer for key, found in claims.items()})
        with shsnor.evaluate(shsnor.load_pack("federal"), data, as_of=DEMO_YEAR) as after:
            again = {_key(node): node for node in _leaves(after)}
        assert [again[key].verdict for key in claims] == [verdict] * 3
        if not fewer:
            assert [again[key].value for key in claims] == [found.after for found in claims.values()]


def test_pupils_are_never_told_to_stay_away(page: SchoolPage) -> None:
    for line in page.distances:
        assert "не участв" not in line.text and "меньше участник" not in line.text
        if "учени" in line.text:
            assert line.text.startswith("Если ещё "), line.text


def _indicator(**detail: object) -> Items:
    written = {"from": "results", "value": "100.0 * sum(mark_4 + mark_5) / sum(participants)", "better": "higher"}
    row = ItemRow("indicators", "q", "Качество", "percent", "", "", "", "", False, json.dumps({**written, **detail}))
    return Items([row])


def _leaf(**given: Any) -> ExplanationNode:
    made: dict[str, Any] = {
        "node": "leaf", "item": "c", "indicator": "q", "unit": "percent", "comparison": "less_than", "verdict": "met",
        "dimensions": {"procedure": "ОГЭ", "grade": "9", "subject": "мат", "year": "2022"}, "participants": 7,
        "value": Decimal("28.571428571"), "numerator": Decimal(2), "denominator": Decimal(7),
        "threshold": Decimal(40), "threshold_from": "parameter limit 2020-01-01", **given,
    }  # fmt: skip
    return ExplanationNode(**made)


def test_good_marks_are_counted_where_a_share_is_to_grow() -> None:
    found = distance(_leaf(), _indicator())
    assert found is not None
    assert (found.kind, found.pupils, found.learning, found.numerator) == ("trouble", 1, "good_marks", Decimal(3))
    assert found.after == Decimal("42.857142857")


@pytest.mark.parametrize(
    ("comparison", "threshold", "pupils"),
    [
        ("less_than", "42.857142857", 1),
        ("at_most", "42.857142857", 2),
        ("less_than", "100", 5),
        ("at_most", "100", None),
    ],
)
def test_the_edge_of_a_threshold_is_exact(comparison: str, threshold: str, pupils: int | None) -> None:
    found = distance(_leaf(comparison=comparison, threshold=Decimal(threshold)), _indicator())
    assert found is not None and found.pupils == pupils


@pytest.mark.parametrize(
    "given",
    [
        {"dimensions": {"year": "2022"}},  # several works together: a participant is no pupil
        {"threshold_from": "mean among region"},  # it moves with the school
        {"denominator": Decimal(9)},  # not the participants
        {"computed": "not_met", "decided_by": "эксперт"},
        {"verdict": "not_met", "value": Decimal(50)},  # on the good side already
    ],
)
def test_no_pupils_are_named_where_that_would_not_be_true(given: dict[str, object]) -> None:
    found = distance(_leaf(**given), _indicator())
    assert found is not None and found.pupils is None


def test_a_share_of_something_else_names_no_pupils() -> None:
    found = distance(_leaf(), _indicator(value="100.0 * sum(vacancies) / sum(participants)"))
    assert found is not None and found.pupils is None
    assert distance(_leaf(), _indicator(better=None)) is None


def test_a_condition_looks_for_trouble_or_for_a_goal() -> None:
    higher, lower = _indicator(), _indicator(better="lower")
    assert kind_of(_leaf(comparison="at_least"), higher) == "goal"
    assert kind_of(_leaf(comparison="at_least"), lower) == "trouble"
    assert kind_of(_leaf(comparison="less_than"), higher) == "trouble"
    assert kind_of(_leaf(comparison="is"), higher) == ""


# --- names, persons, places -----------------------------------------------


def test_a_name_is_shown_as_text_whatever_it_holds(small: Outcome, tmp_path: Path) -> None:
    folder = write_report(small, tmp_path / "report")
    for file in (folder / "index.html", _page_of(folder, "0101")):
        text = file.read_text("utf-8")
        assert "<script>alert" not in text
        assert 'Школа <script>alert(1)</script> «им. "А" & Б»' in read(file).text
    assert "Код 0103" in read(_page_of(folder, "0103")).text, "a school without a name has its code"


def test_a_map_is_drawn_where_coordinates_are_known(small: Outcome, tmp_path: Path) -> None:
    places = {row.entity: (row.latitude, row.longitude) for row in small.entities.rows(level="school")}
    assert places["0101"] == (Decimal("55.1"), Decimal("60.2")) and places["0103"] == (None, None)
    folder = write_report(small, tmp_path / "report")
    assert "Карта школ" in read(folder / "index.html").text
    south = next(file for file in (folder / "municipality").iterdir() if "Юг:" in file.read_text("utf-8"))
    north = next(file for file in (folder / "municipality").iterdir() if "Север:" in file.read_text("utf-8"))
    assert "Карта школ" in read(south).text and "Карта школ" not in read(north).text


def test_codes_that_are_no_file_names_get_pages_of_their_own(north: Path, tmp_path: Path) -> None:
    codes = ["Ш/1", "..", "aB", "Ab", "CON"]
    lines = ["school_id;municipality", *(f"{code};Юг" for code in codes)]
    (north / "data" / "schools.csv").write_text("\n".join(lines), encoding="utf-8")
    (north / "data" / "results.csv").write_text(
        "school_id;year;procedure;grade;subject;participants;below_minimum\n..;2022;ОГЭ;9;рус;10;1\n", encoding="utf-8"
    )
    with shsnor.evaluate(shsnor.load_pack(north / "north"), north / "data", as_of=2022) as evaluated:
        folder = write_report(evaluated, tmp_path / "report")
    files = [file.name for file in (folder / "school").iterdir()]
    assert len({name.lower() for name in files}) == len(codes)
    assert all(re.fullmatch(r"school-[\w-]+\.html", name, re.ASCII) for name in files)


def test_persons_have_no_pages(demo_teachers: Outcome, tmp_path: Path) -> None:
    teachers = {row.entity for row in demo_teachers.entities.rows(persons=True)}
    assert teachers, "the pack judges teachers"
    folder = write_report(demo_teachers, tmp_path / "report")
    written = "\n".join(file.read_text("utf-8") for file in folder.rglob("*.html"))
    assert not [teacher for teacher in teachers if teacher in written]
    with pytest.raises(UsageError) as refused:
        write_report(demo_teachers, tmp_path / "one", schools=[min(teachers)])
    assert [finding.code for finding in refused.value.findings] == ["SH608"]


@pytest.fixture
def demo_teachers(tmp_path: Path) -> Iterator[Outcome]:
    """Teachers and their schools, judged by a pack of a few lines."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "pack.yaml").write_text(
        """
format: 1
pack: {id: few, version: "1", title: Порядок}
sources: {order: {title: Приказ}}
levels:
  teacher: {table: teachers, key: teacher_id}
  school: {table: schools, key: school_id, column: school_id}
  region: {}
indicators:
  category: {label: Категория, unit: text, from: teachers, value: category, source: {clause: "1", basis: stated}}
  size: {label: Учеников, unit: count, from: schools, value: pupils, source: {clause: "1", basis: stated}}
criteria:
  first: {label: Первая, indicator: category, is: первая, source: {clause: "1", basis: stated}}
  small: {label: Малая, indicator: size, less_than: 50, source: {clause: "1", basis: stated}}
flags:
  experienced: {label: Опытный учитель, when: first, source: {clause: "1", basis: stated}}
  small_school: {label: Малая школа, when: small, source: {clause: "1", basis: stated}}
""",
        encoding="utf-8",
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "schools.csv").write_text("school_id;name;pupils\nS1;Школа;40\n", encoding="utf-8")
    (tmp_path / "data" / "teachers.csv").write_text(
        "teacher_id;school_id;category\nпедагог-77;S1;первая\nпедагог-78;S1;\n", encoding="utf-8"
    )
    with shsnor.evaluate(shsnor.load_pack(tmp_path / "pack"), tmp_path / "data", as_of=2022) as evaluated:
        yield evaluated


# --- the place ------------------------------------------------------------


def test_an_earlier_report_is_replaced_whole(small: Outcome, tmp_path: Path) -> None:
    folder = write_report(small, tmp_path / "report")
    (folder / "school" / "school-old.html").write_text("an earlier evaluation's", "utf-8")
    write_report(small, folder)
    assert not (folder / "school" / "school-old.html").exists()
    assert [entry.name for entry in tmp_path.iterdir() if "report" in entry.name] == ["report"]


def test_one_schools_page_is_made_anew_among_the_others(small: Outcome, tmp_path: Path) -> None:
    folder = write_report(small, tmp_path / "report")
    before = {file: file.read_bytes() for file in folder.rglob("*.html")}
    page = folder / "school" / "school-0101.html"
    page.write_text("", "utf-8")
    write_report(small, folder, schools=["0101"])
    assert {file: file.read_bytes() for file in folder.rglob("*.html")} == before
    alone = write_report(small, tmp_path / "one", schools=["0101"])
    assert [file.name for file in alone.rglob("*.html")] == ["school-0101.html"]
    assert "href" not in re.sub('href="#', "", (alone / "school" / page.name).read_text("utf-8"))


def test_one_schools_page_does_not_go_into_another_report(small: Outcome, tmp_path: Path) -> None:
    folder = write_report(small, tmp_path / "report", public=True)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    with pytest.raises(UsageError) as refused:
        write_report(small, folder, schools=["0101"])
    assert [finding.code for finding in refused.value.findings] == ["SH609"]
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("what", ["other folder", "other files", "a file"])
def test_what_is_not_ours_is_left_alone(small: Outcome, tmp_path: Path, what: str) -> None:
    place = tmp_path / "place"
    if what == "other files":
        write_report(small, place)
    elif what == "other folder":
        place.mkdir()
    theirs = place if what == "a file" else place / "заметки.docx"
    theirs.write_text("моё", "utf-8")
    with pytest.raises(UsageError) as refused:
        write_report(small, place)
    assert [finding.code for finding in refused.value.findings] == ["SH609"]
    assert theirs.read_text("utf-8") == "моё"


def test_a_report_that_fails_leaves_the_earlier_one(
    small: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_report(small, tmp_path / "report")
    before = {file: file.read_bytes() for file in folder.rglob("*.html")}

    def fails(*_: object, **__: object) -> str:
        raise OSError("disk full")

    monkeypatch.setattr("shsnor.reporting.render", fails)
    with pytest.raises(UsageError) as refused:
        write_report(small, folder)
    assert [finding.code for finding in refused.value.findings] == ["SH602"]
    assert {file: file.read_bytes() for file in folder.rglob("*.html")} == before
    assert not [entry for entry in tmp_path.iterdir() if entry.name.startswith(".report")]


def test_the_work_is_told_of(small: Outcome, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_report(small, tmp_path / "report", progress=lambda *step: told.append(step))
    assert ("Страницы школ", 0, 3) in told and ("Обзоры", 2, 3) in told


def test_the_command_writes_one_school_and_says_where(demo_outcome: Path, tmp_path: Path) -> None:
    run = command.shsnor("report", demo_outcome, "--into", tmp_path / "отчёт", "--school", SCHOOL)
    assert run.code == 0, run.err
    assert f"school-{SCHOOL}.html" in run.out and "служебного пользования" in run.out
    (written,) = (tmp_path / "отчёт").rglob("*.html")
    assert not [link for link in read(written).all("a") if link["href"] != "#content"], "no other page is there"


def test_the_command_refuses_a_school_that_is_not_there(demo_outcome: Path, tmp_path: Path) -> None:
    run = command.shsnor("report", demo_outcome, "--into", tmp_path / "r", "--school", "010999")
    assert run.code == 2 and "SH605" in run.err
    assert not (tmp_path / "r").exists()


# --- what the tests use ---------------------------------------------------


def _page_of(folder: Path, code: str) -> Path:
    return folder / "school" / f"school-{code}.html"


def _leaves(outcome: Outcome) -> list[ExplanationNode]:
    """The comparisons of the school's rule of low results."""
    flag = explain(outcome, SCHOOL, "low_results").flags[0]
    return [node for root in flag.rule for node in root.walk() if node.node == "leaf"]


def _key(node: ExplanationNode) -> tuple[str, ...]:
    return tuple(node.dimensions[name] for name in ("procedure", "grade", "subject", "year"))


def _learnt(folder: Path, pupils: dict[tuple[str, ...], int]) -> Path:
    """The school alone, with so many pupils more over the minimum in each work."""
    folder.mkdir()
    for table in ("schools", "results"):
        with (demo_region() / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["school_id"] == SCHOOL]
        for row in rows if table == "results" else []:
            more = pupils.get((row["procedure"], row["grade"], row["subject"], row["year"]), 0)
            row["below_minimum"] = str(int(row["below_minimum"]) - more) if more else row["below_minimum"]
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder
