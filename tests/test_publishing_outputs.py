"""Public pages and lists hold nothing but what may be published; nothing that is written holds a person."""

from __future__ import annotations

import csv
import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import shsnor
from shsnor.listing import write_list
from shsnor.outcomes import Outcome
from shsnor.publishing import PublicView, public_view
from shsnor.reporting import write_report
from tests.command import Run
from tests.command import shsnor as command

DEMO = Path(shsnor.__file__).parent / "demo_region"


def written(folder: Path) -> Iterator[tuple[str, str]]:
    """(file, all that can be read in it) of every file: Parquet through DuckDB, workbooks unpacked, the rest as bytes."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = str(path.relative_to(folder))
        if path.suffix == ".parquet":
            yield name, repr(duckdb.connect().execute("FROM read_parquet(?)", [str(path)]).fetchall())
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as parts:
                yield name, "".join(parts.read(part).decode("utf-8", "replace") for part in parts.namelist())
        else:
            content = path.read_bytes()
            yield name, content.decode("utf-8", "replace") + content.decode("cp1251", "replace")


# ---- public outputs ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo() -> Iterator[Outcome]:
    with shsnor.evaluate(shsnor.load_pack("federal"), DEMO, as_of=2022) as outcome:
        yield outcome


@pytest.fixture(scope="module")
def view(demo: Outcome) -> PublicView:
    return public_view(demo)


@pytest.fixture(scope="module")
def public(demo: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public")
    write_report(demo, folder / "report", public=True)
    write_list(demo, folder / "list.xlsx", public=True)
    write_list(demo, folder / "csv", format="csv", public=True)
    return folder


def test_no_reason_decision_measure_or_role_is_published(demo: Outcome, public: Path) -> None:
    secret = {row.decision_reason for row in demo.flags.rows() if row.decision_reason}
    secret |= {row.decided_by for row in demo.flags.rows() if row.decided_by}
    secret |= {row.label for row in demo.recommendations.rows()}
    secret |= {"служебного", "Что изменило бы", "не меньше 30", "нет строки данных"}
    assert len(secret) > 10
    for name, text in written(public):
        assert not [word for word in secret if word in html.unescape(text)], name


def test_no_vpr_of_a_school_is_published_and_that_of_a_municipality_is(public: Path) -> None:
    of_a_class = re.compile(r"ВПР, \d")
    assert not [page for page in public.glob("report/school/*.html") if of_a_class.search(page.read_text("utf-8"))]
    assert any(of_a_class.search(page.read_text("utf-8")) for page in public.glob("report/municipality/*.html"))
    schools = {row["Код"]: row for row in _rows(public) if row["Группа учеников"].startswith("ВПР")}
    assert schools and not [code for code in schools if re.fullmatch(r"\d{6}", code)]


def test_the_published_list_has_the_numbers_that_may_be_told_and_no_other(public: Path, view: PublicView) -> None:
    told = [row for row in _rows(public) if row["Значение"] or row["Учеников"]]
    assert len(told) == sum(not figure.hidden for figure in view.figures)
    assert min(int(row["Учеников"]) for row in told) >= 10
    hidden = [row for row in _rows(public) if row["Примечание"] == "скрыто"]
    assert len(hidden) == sum(figure.hidden for figure in view.figures)
    assert not [row for row in hidden if row["Значение"] or row["Учеников"]]


def test_the_published_page_of_a_school_shows_its_figures_beside_the_municipality(
    public: Path, view: PublicView
) -> None:
    figure = next(f for f in view.figures if f.indicator == "low_share" and not f.hidden and '"2022"' in f.dimensions)
    code = figure.entity
    page = (public / f"report/school/school-{code}.html").read_text("utf-8")
    assert f"({figure.participants})" in page and "скрыто" in page


def test_a_public_list_takes_nobodys_place(demo: Outcome, tmp_path: Path) -> None:
    place = tmp_path / "список.xlsx"
    place.write_bytes(b"somebody's work")
    found = write_list(demo, place, public=True)
    assert place.read_bytes() == b"somebody's work"
    assert found.paths != [place] and found.paths[0].exists() and found.kept == ["список.xlsx"]


def test_outputs_are_internal_unless_asked_otherwise_and_say_so(tmp_path: Path) -> None:
    data, out = region_of_persons(tmp_path / "data", wrong=False), tmp_path / "out"
    with shsnor.evaluate(shsnor.load_pack("federal"), data, as_of=2022) as outcome:
        write_report(outcome, out / "report")
        write_list(outcome, out / "list.xlsx")
    texts = dict(written(out))
    assert "Для служебного пользования" in texts["report/school/school-010001.html"]
    assert "Для служебного пользования" in texts["list.xlsx"]


def _rows(public: Path) -> list[dict[str, str]]:
    text = (public / "csv" / "Открыто. Показатели.csv").read_text("utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


# ---- persons -----------------------------------------------------------------------------------

PUPIL, TEACHER, VALUE = "УЧЕНИК-7731", "УЧИТЕЛЬ-8842", "613.917"


def region_of_persons(folder: Path, *, wrong: bool) -> Path:
    """Three schools whose results are rows of pupils; some of them `wrong`."""
    folder.mkdir()
    (folder / "schools.csv").write_text(
        "school_id,name,municipality,kind\n" + "".join(f"01000{i},СОШ № {i},Район,СОШ\n" for i in (1, 2, 3)), "utf-8"
    )
    rows = [
        f"01000{school},2022,ОГЭ,9,{subject},{PUPIL}-{school}{number:02},{2 + number % 4},"
        f"{400 + number if number else VALUE},1000,{number % 4 == 0}"
        for school in (1, 2, 3) for subject in ("рус", "мат") for number in range(14)
    ]  # fmt: skip
    if wrong:
        rows += [
            rows[0],
            f"010001,2022,ОГЭ,9,рус,{PUPIL}-90,9,{VALUE},1000,True",
            f"010001,2022,ОГЭ,9,рус,{PUPIL}-91,3,{PUPIL},1000,True",
            f"010001,2022,ОГЭ,9,рус,{PUPIL}-92,3,{VALUE},1000,{PUPIL}",
            f"019999,2022,ОГЭ,9,рус,{PUPIL}-93,3,{VALUE},1000,True",
            f"{PUPIL},2022,ОГЭ,9,рус,{PUPIL}-94,3,{VALUE},1000,True",
        ]
    head = "school_id,year,procedure,grade,subject,student_id,mark,score,score_max,below_minimum"
    (folder / "student_results.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
    teachers = [f"{TEACHER}-{i},01000{i},рус,{TEACHER},высшее" for i in (1, 2, 3)]
    if wrong:
        teachers += [teachers[0], f"{TEACHER}-9,{TEACHER},рус,первая,высшее"]
    (folder / "teachers.csv").write_text(
        "\n".join(["teacher_id,school_id,subject,category,education", *teachers]) + "\n", "utf-8"
    )
    return folder


@pytest.mark.parametrize(("wrong", "lang"), [(False, "ru"), (True, "ru"), (True, "en")])
def test_no_pupil_and_no_teacher_is_in_anything_that_is_written(tmp_path: Path, wrong: bool, lang: str) -> None:
    data = region_of_persons(tmp_path / "data", wrong=wrong)
    temp, out = tmp_path / "made" / "temp", tmp_path / "made"
    temp.mkdir(parents=True)
    env = {"TMPDIR": str(temp), "TEMP": str(temp), "TMP": str(temp), "SHSNOR_LANG": lang, "SHSNOR_DEBUG": "1"}

    def run(*arguments: object) -> Run:
        return command(*arguments, env=env, cwd=out)

    evaluated = run("evaluate", "federal", "--data", data, "--as-of", "2022", "--out", out / "outcome")
    runs = [
        evaluated,
        run("data", "check", data, "--details", "--out", out / "check.xlsx"),
        run("data", "check", data, "--json"),
    ]
    if not wrong:
        assert evaluated.code == 0, evaluated.err
        runs += [
            run("report", out / "outcome", "--into", out / "report"),
            run("report", out / "outcome", "--into", out / "public", "--public"),
            run("list", out / "outcome", "--out", out / "list.xlsx"),
            run("list", out / "outcome", "--out", out / "public.xlsx", "--public"),
            run("list", out / "outcome", "--out", out / "csv", "--format", "csv"),
        ]
        assert [done.code for done in runs[3:]] == [0] * 5, [done.err for done in runs]
    else:
        assert evaluated.code == 2 and not (out / "outcome").exists()
    said = "".join(done.out + done.err for done in runs)
    files = list(written(out))
    assert len(files) >= (15 if not wrong else 1)
    for name, text in [("what was said", said), *files]:
        assert not [word for word in (PUPIL, TEACHER, VALUE, VALUE.replace(".", ",")) if word in text], name
    assert not list(temp.rglob("*.csv")) and not list(temp.rglob("*.parquet"))


def test_teachers_who_are_evaluated_are_on_no_page_and_no_list(tmp_path: Path) -> None:
    data, made = tmp_path / "data", tmp_path / "made"
    data.mkdir()
    codes = set()
    for name in ("schools", "results", "teachers", "pupils_by_teacher"):
        head, *lines = (DEMO / f"{name}.csv").read_text("utf-8").splitlines()
        kept = [line for line in lines if line.startswith(("020002", "020003", "020004"))]
        kept = kept or [line for line in lines if ",02000" in line][:60]
        codes |= {line.split(",")[0] for line in kept if name == "teachers"}
        (data / f"{name}.csv").write_text("\n".join([head, *kept]) + "\n", "utf-8")
    assert len(codes) > 5
    with shsnor.evaluate(shsnor.load_pack("saratov_teacher"), data, as_of=2022) as outcome:
        assert codes <= {row.entity for row in outcome.entities.rows()}
        for public in (False, True):
            write_list(outcome, made / f"{public}.xlsx", public=public)
            write_report(outcome, made / f"report-{public}", public=public)
    for name, text in written(made):
        assert not [code for code in codes if code in text], name
