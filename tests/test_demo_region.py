"""The demo region: its files are those of the generator, and what they say of themselves holds."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "shsnor" / "demo_region"
KEYS = {
    "schools": ("school_id",),
    "results": ("school_id", "year", "procedure", "grade", "subject"),
    "context": ("school_id", "year"),
    "decisions": ("entity", "item", "year"),
    "staff": ("school_id", "year", "post", "subject"),
    "diagnostics": ("school_id", "year", "subject"),
    "causes": ("school_id", "year", "cause"),
    "measures_taken": ("entity", "measure", "year"),
    "partners": ("school_id", "partner", "from"),
    "benchmarks": ("scope", "year", "procedure", "grade", "subject"),
    "programme_data": ("school_id", "year"),
    "monitoring_participation": ("school_id", "year", "scope"),
    "municipal_project": ("municipality",),
    "municipal_monitoring": ("municipality", "stage"),
    "after_grade_9": ("school_id", "year"),
    "in_support_programme": ("school_id", "year"),
    "social_passport": ("school_id", "year"),
    "teachers": ("teacher_id",),
    "pupils_by_teacher": ("teacher_id", "year", "procedure", "grade", "subject"),
    "taking_part": ("school_id",),
    "targets": ("entity", "indicator", "unit", "year"),
    "actuals": ("entity", "indicator", "unit", "year"),
}
COLUMNS = {
    "schools": "school_id name municipality kind locality pupils latitude longitude",
    "results": "school_id year procedure grade subject participants mark_2 mark_3 mark_4 mark_5 below_minimum "
    "score_sum score_max below_journal as_journal above_journal",
    "context": "school_id year parents_higher_education single_parent on_registers russian_not_native low_income "
    "special_needs teachers teachers_no_category teachers_under_35 vacancies subjects_without_teacher psychologists "
    "speech_therapists distance_to_centre_km internet_mbps pupils_per_computer textbooks_provided transport "
    "family_survey appeals",
    "decisions": "entity item year verdict role reason",
    "staff": "school_id year post subject posts filled specialists",
    "diagnostics": "school_id year subject teachers_tested below_level",
    "causes": "school_id year cause found_by degree note",
    "measures_taken": "entity measure year planned_from planned_to started finished role status result cost funded_by",
    "partners": "school_id partner from kind to document",
    "benchmarks": "scope year procedure grade subject participants mean_score mean_mark below_minimum_percent "
    "quality_percent",
    "programme_data": "school_id year pupils pupils_research pupils_sport pupils_municipal pupils_regional teachers "
    "teachers_higher_education teachers_categories teachers_pension_age teachers_ict teachers_innovation "
    "teachers_publications teachers_contests teachers_winners teachers_courses school_programme",
    "monitoring_participation": "school_id year scope participations",
    "municipal_project": "municipality begins ends",
    "municipal_monitoring": "municipality stage held_in document",
    "after_grade_9": "school_id year leavers continued continued_elsewhere",
    "in_support_programme": "school_id year teachers in_associations in_quality_work with_low_results",
    "social_passport": "school_id year deviant_behaviour no_motivation weak_russian low_status_families",
    "teachers": "teacher_id school_id subject category education",
    "pupils_by_teacher": "teacher_id year procedure grade subject participants mark_2 mark_3 mark_4 mark_5 below_minimum "
    "score_sum score_max",
    "taking_part": "school_id plan",
    "targets": "entity indicator unit year value",
    "actuals": "entity indicator unit year value",
}
MISSING = {"", "н/д", "-"}
HIGHEST_GRADE = {"НОШ": 4, "ООШ": 9, "СОШ": 11, "гимназия": 11, "лицей": 11}
MARKS = ("mark_2", "mark_3", "mark_4", "mark_5")
JOURNAL = ("below_journal", "as_journal", "above_journal")
NOT_HELD = {
    (2020, "ОГЭ", "рус"), (2020, "ОГЭ", "мат"), (2020, "ОГЭ", "общ"), (2020, "ОГЭ", "био"),
    (2021, "ОГЭ", "общ"), (2021, "ОГЭ", "био"), (2020, "ЕГЭ", "мат_база"), (2021, "ЕГЭ", "мат_база"),
    (2020, "РКР", "рус"), (2020, "РКР", "мат"),
}  # fmt: skip
CELLS = {
    *(("ВПР", grade, subject) for grade in range(4, 9) for subject in ("рус", "мат")),
    ("ВПР", 4, "окр"),
    *(("ОГЭ", 9, subject) for subject in ("рус", "мат", "общ", "био")),
    *(("ЕГЭ", 11, subject) for subject in ("рус", "мат_проф", "мат_база", "общ")),
    *(("РКР", grade, subject) for grade in (6, 8) for subject in ("рус", "мат")),
    *(("ФГКК", 9, subject) for subject in ("рус", "мат")),
}
PERCENTS = [
    "parents_higher_education", "single_parent", "on_registers", "russian_not_native", "low_income", "special_needs",
    "teachers_no_category", "teachers_under_35", "textbooks_provided", "family_survey",
]  # fmt: skip
COUNTS = [
    "teachers", "vacancies", "subjects_without_teacher", "psychologists", "speech_therapists", "distance_to_centre_km",
    "internet_mbps", "appeals",
]  # fmt: skip


@cache
def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> int | None:
    return None if text in MISSING else int(text)


def places() -> set[str]:
    return {s["municipality"] for s in table("schools")}


def kinds() -> dict[str, str]:
    return {s["school_id"]: s["kind"] for s in table("schools")}


def test_generator_gives_the_committed_bytes(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tools" / "make_demo_region.py"), str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    made = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert set(made) == {*(f"{name}.csv" for name in KEYS), "README.md"} == {p.name for p in FOLDER.iterdir()}
    for name, content in made.items():
        assert (FOLDER / name).read_bytes() == content, f"{name} is not what the generator writes: run it again"
    assert sum(map(len, made.values())) < 2_000_000


@pytest.mark.parametrize("name", sorted(KEYS))
def test_columns_keys_and_order(name: str) -> None:
    rows = table(name)
    assert list(rows[0]) == COLUMNS[name].split()
    keys = [tuple(int(r[k]) if k in ("year", "grade") else r[k] for k in KEYS[name]) for r in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    school = next((c for c in ("entity", "school_id") if c in rows[0]), None)
    assert school is None or {r[school] for r in rows} <= set(kinds())
    assert "municipality" not in rows[0] or {r["municipality"] for r in rows} <= places()


def test_schools() -> None:
    schools = table("schools")
    assert len(schools) == 300
    assert len({s["municipality"] for s in schools}) == 12
    assert len({s["name"] for s in schools}) == 300
    assert all(re.fullmatch(r"\d{6}", s["school_id"]) for s in schools)
    assert {s["kind"] for s in schools} == set(HIGHEST_GRADE)
    assert {s["locality"] for s in schools} == {"urban", "rural"}
    assert 1 <= sum(s["latitude"] == "" for s in schools) <= 10
    assert all((s["latitude"] == "") == (s["longitude"] == "") for s in schools)
    pupils = sorted(int(s["pupils"]) for s in schools)
    assert pupils[0] < 50
    assert 100 < pupils[150] < 300
    assert pupils[-1] > 1300


def test_only_cells_that_were_held_and_that_the_school_has() -> None:
    kind = kinds()
    for r in table("results"):
        year, grade = int(r["year"]), int(r["grade"])
        assert year in (2020, 2021, 2022)
        assert (r["procedure"], grade, r["subject"]) in CELLS
        assert (year, r["procedure"], r["subject"]) not in NOT_HELD
        assert grade <= HIGHEST_GRADE[kind[r["school_id"]]]
    held = {(int(r["year"]), r["procedure"], int(r["grade"]), r["subject"]) for r in table("results")}
    assert held == {(y, *c) for y in (2020, 2021, 2022) for c in CELLS if (y, c[0], c[2]) not in NOT_HELD}


def test_arithmetic_of_results() -> None:
    for r in table("results"):
        n, below, score, highest = (number(r[c]) for c in ("participants", "below_minimum", "score_sum", "score_max"))
        assert n is not None
        assert n > 0
        assert (highest is None) == (r["procedure"] == "ФГКК")  # only marks come back from there
        assert highest is None or highest % n == 0
        assert below is None or 0 <= below <= n
        assert score is None or (highest is not None and 0 <= score <= highest)
        marks = [number(r[c]) for c in MARKS]
        has_marks = r["procedure"] != "ЕГЭ" or r["subject"] == "мат_база"
        if not has_marks:
            assert all(r[c] == "" for c in MARKS)
            assert highest == 100 * n
        elif None in marks:
            assert marks == [None] * 4
            assert below is None
        else:
            assert sum(m for m in marks if m is not None) == n
            assert marks[0] == below
        journal = [number(r[c]) for c in JOURNAL]
        if r["procedure"] != "ВПР" or None in journal:
            assert all(r[c] == "" for c in JOURNAL)
        else:
            assert sum(j for j in journal if j is not None) == n


def test_base_and_profile_mathematics_are_for_different_pupils() -> None:
    n = {tuple(r[k] for k in KEYS["results"]): int(r["participants"]) for r in table("results")}
    for (school, year, procedure, grade, subject), count in n.items():
        if procedure == "ЕГЭ" and subject == "рус":
            both = sum(n.get((school, year, procedure, grade, s), 0) for s in ("мат_проф", "мат_база"))
            assert both <= count


def test_context() -> None:
    rows = table("context")
    assert 890 <= len(rows) < 900
    for column in COLUMNS["context"].split()[2:]:
        gaps = sum(r[column] in MISSING for r in rows)
        assert 0.02 * len(rows) <= gaps <= 0.03 * len(rows), column
    for r in rows:
        for column in PERCENTS:
            assert r[column] in MISSING or 0 <= float(r[column]) <= 100
        for column in COUNTS:
            assert r[column] in MISSING or int(r[column]) >= 0
        assert r["transport"] in MISSING | {"да", "нет"}
        assert r["pupils_per_computer"] in MISSING or float(r["pupils_per_computer"]) >= 1
        vacancies, without = number(r["vacancies"]), number(r["subjects_without_teacher"])
        assert vacancies is None or without is None or without <= vacancies


def test_every_way_of_missing_occurs() -> None:
    assert {r["mark_2"] for r in table("results") if r["mark_2"] in MISSING and r["procedure"] == "ВПР"} == MISSING
    assert {v for r in table("context") for v in r.values() if v in MISSING} == MISSING


def verdicts(minimum: int = 0) -> dict[str, str]:
    """The federal rule, worked out here anew."""
    found = {tuple(r[k] for k in KEYS["results"]): r for r in table("results")}
    out = {}
    for school, kind in kinds().items():
        cells = [("ВПР", g, s) for g in ("5", "6") for s in ("рус", "мат")] if kind != "НОШ" else []
        cells += [("ОГЭ", "9", s) for s in ("рус", "мат")] if kind != "НОШ" else []
        cells += [("ЕГЭ", "11", s) for s in ("рус", "мат_проф", "мат_база")] if HIGHEST_GRADE[kind] == 11 else []
        tally: Counter[str] = Counter()
        for year in ("2021", "2022"):
            for procedure, grade, subject in cells:
                if (int(year), procedure, subject) in NOT_HELD:
                    continue
                row = found.get((school, year, procedure, grade, subject))
                n = below = None
                if row is not None:
                    n, below = number(row["participants"]), number(row["below_minimum"])
                if n is None or below is None or n < minimum:
                    tally["unknown"] += 1
                else:
                    tally["met" if 100 * below >= 30 * n else "not_met"] += 1
        if not cells:
            out[school] = "not_applicable"
        elif tally["met"] >= 2:
            out[school] = "met"
        else:
            out[school] = "unknown" if tally["met"] + tally["unknown"] >= 2 else "not_met"
    return out


@pytest.mark.parametrize("minimum", [0, 5])
def test_share_of_schools_with_low_results(minimum: int) -> None:
    tally = Counter(verdicts(minimum).values())
    assert 0.10 <= tally["met"] / 300 <= 0.20
    assert tally["unknown"] > 0
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    line = rf"\| {minimum} \| {tally['met']} \([\d,]+ %\) \| {tally['not_met']} \| {tally['unknown']} \| "
    assert re.search(line, readme)


def test_results_go_with_the_social_context() -> None:
    totals: dict[str, list[int]] = {}
    for r in table("results"):
        score = number(r["score_sum"])
        if r["procedure"] == "ВПР" and score is not None:
            total = totals.setdefault(r["school_id"], [0, 0])
            total[0] += score
            total[1] += int(r["score_max"])
    index = {k: a / b for k, (a, b) in totals.items()}
    known = [r for r in table("context") if r["year"] == "2022" and r["school_id"] in index]

    def thirds(column: str) -> tuple[float, float]:
        rows = sorted((r for r in known if r[column] not in MISSING), key=lambda r: float(r[column]))
        third = len(rows) // 3
        low, high = rows[:third], rows[-third:]
        return sum(index[r["school_id"]] for r in low) / third, sum(index[r["school_id"]] for r in high) / third

    low, high = thirds("parents_higher_education")
    assert high - low > 0.03
    for column in ("single_parent", "on_registers", "low_income"):
        low, high = thirds(column)
        assert low - high > 0.03, column


def test_decisions() -> None:
    computed = verdicts()
    decisions = table("decisions")
    assert len(decisions) == 3
    for d in decisions:
        assert (d["item"], d["year"], d["role"]) == ("low_results", "2022", "муниципальный координатор")
        assert d["verdict"] in ("met", "not_met")
        assert d["verdict"] != computed[d["entity"]]
        assert d["reason"]
    assert {computed[d["entity"]] for d in decisions} == {"met", "not_met", "unknown"}


def low_schools() -> set[str]:
    return {school for school, verdict in verdicts(5).items() if verdict == "met"}


def test_most_schools_with_low_results_were_analysed_and_some_were_not() -> None:
    analysed = {r["school_id"] for r in table("causes") if r["year"] == "2022"}
    low = low_schools()
    assert 0.6 * len(low) <= len(low & analysed) <= 0.85 * len(low)
    assert analysed - low
    nothing = {r["school_id"] for r in table("causes") if r["cause"] == "none"}
    assert nothing and all(len([r for r in table("causes") if r["school_id"] == s]) == 1 for s in nothing)
    found = {r["cause"] for r in table("causes")}
    assert len([c for c in found if c.startswith("audit.")]) == 5
    assert len([c for c in found if c.startswith("risk.")]) == 10


def test_posts_agree_with_the_vacancies_of_the_context() -> None:
    free: Counter[str] = Counter()
    for r in table("staff"):
        posts, filled = (None if r[c] in MISSING else float(r[c]) for c in ("posts", "filled"))
        assert posts is None or filled is None or 0 <= filled <= posts
        if r["year"] == "2022" and r["post"] == "учитель" and posts is not None and filled is not None:
            free[r["school_id"]] += posts - filled > 0
    known = {r["school_id"]: number(r["vacancies"]) for r in table("context") if r["year"] == "2022"}
    with_rows = {r["school_id"] for r in table("staff") if r["year"] == "2022"}
    assert 290 <= len(with_rows) < 300
    assert {r["subject"] for r in table("staff") if r["post"] != "учитель"} == {"нет"}
    assert all(not free[school] for school in with_rows if known.get(school) == 0)
    assert sum(free[school] > 0 for school in with_rows if known.get(school)) > 50


def test_partners_are_strong_schools_and_help_those_with_low_results() -> None:
    computed, low = verdicts(5), low_schools()
    assert {r["school_id"] for r in table("partners")} < low
    assert all(computed[r["partner"]] != "met" for r in table("partners"))
    assert "договор" in {r["kind"] for r in table("partners")}


def test_figures_of_schools_are_parts_of_their_pupils_and_teachers() -> None:
    for r in table("programme_data"):
        for column in COLUMNS["programme_data"].split()[3:17]:
            whole = number(r["pupils" if column.startswith("pupils") else "teachers"])
            part = number(r[column])
            assert part is None or whole is None or 0 <= part <= whole
        contests, winners = number(r["teachers_contests"]), number(r["teachers_winners"])
        assert contests is None or winners is None or winners <= contests


def test_leavers_and_teachers_in_counts_are_parts_of_all() -> None:
    for name, whole, parts in (
        ("after_grade_9", "leavers", ("continued", "continued_elsewhere")),
        ("in_support_programme", "teachers", ("in_associations",)),
        ("in_support_programme", "teachers", ("in_quality_work",)),
        ("in_support_programme", "teachers", ("with_low_results",)),
    ):
        for r in table(name):
            assert sum(number(r[part]) or 0 for part in parts) <= int(r[whole])


def test_the_social_passport_is_in_percents() -> None:
    for r in table("social_passport"):
        assert all(0 <= float(r[c]) <= 100 for c in COLUMNS["social_passport"].split()[2:])


def test_results_by_teacher_are_rows_of_their_school() -> None:
    school = {r["teacher_id"]: r["school_id"] for r in table("teachers")}
    cell = ("year", "procedure", "grade", "subject")
    rows = {(r["school_id"], *(r[c] for c in cell)): r for r in table("results")}
    for r in table("pupils_by_teacher"):
        of_school = rows[school[r["teacher_id"]], *(r[c] for c in cell)]
        assert all(r[c] == of_school[c] for c in COLUMNS["pupils_by_teacher"].split()[1:])


def test_benchmarks_are_the_means_of_the_results() -> None:
    (row,) = [r for r in table("benchmarks") if (r["year"], r["procedure"], r["subject"]) == ("2022", "ЕГЭ", "рус")]
    rows = [r for r in table("results") if (r["year"], r["procedure"], r["subject"]) == ("2022", "ЕГЭ", "рус")]
    known = [(int(r["score_sum"]), int(r["participants"])) for r in rows if r["score_sum"] not in MISSING]
    mean = sum(s for s, _ in known) / sum(n for _, n in known)
    assert abs(float(row["mean_score"]) - mean) <= 0.005001
    assert row["mean_mark"] == row["quality_percent"] == ""


def test_plain_files() -> None:
    for path in FOLDER.iterdir():
        content = path.read_bytes()
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")
        assert content.endswith(b"\n")
        content.decode("utf-8")
