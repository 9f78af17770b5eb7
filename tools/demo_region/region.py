"""All files of the region, out of its parts."""

from __future__ import annotations

from demo_region import control_works, leavers_and_teachers, municipal, programme, staff, support
from demo_region.chance import Row, csv_text
from demo_region.context import CONTEXT_COLUMNS, facts_of, make_context
from demo_region.gaps import Gaps, lose_context, lose_results, schools_table
from demo_region.readme import readme
from demo_region.results import RESULT_COLUMNS, by_the_rule, make_results
from demo_region.schools import SCHOOL_COLUMNS, make_schools


def region_files() -> dict[str, bytes]:
    """The files of the folder: name and content."""
    gaps = Gaps()
    schools = make_schools()
    roster = schools_table(schools, gaps)
    results = lose_results(schools, make_results(schools), gaps)
    verdicts = by_the_rule(schools, results)
    whole = make_context(schools)
    facts = facts_of(whole)
    found = support.found_by_rule(schools, by_the_rule(schools, results, 5))
    every = sorted([*results, *control_works.make_control_works(schools)], key=_by_cell)
    posts, diagnosed = staff.lose_staff(
        schools, staff.make_staff(schools, facts), staff.make_diagnostics(schools, facts)
    )
    teachers, by_teacher = leavers_and_teachers.make_teachers(schools, every)
    tables: dict[str, tuple[tuple[str, ...], list[Row]]] = {
        "schools": (SCHOOL_COLUMNS, roster),
        "results": (RESULT_COLUMNS, every),
        "context": (CONTEXT_COLUMNS, lose_context(whole, gaps)),
        "staff": (staff.STAFF_COLUMNS, posts),
        "diagnostics": (staff.DIAGNOSTIC_COLUMNS, diagnosed),
        "causes": (support.CAUSE_COLUMNS, support.make_causes(found, facts)),
        "measures_taken": (
            support.MEASURE_COLUMNS,
            _by_mark([*support.make_measures(found), *programme.make_marks(found)]),
        ),
        "partners": (support.PARTNER_COLUMNS, support.make_partners(found)),
        "decisions": (support.DECISION_COLUMNS, support.make_decisions(schools, verdicts, gaps)),
        "benchmarks": (control_works.BENCHMARK_COLUMNS, control_works.make_benchmarks(every)),
        "programme_data": (municipal.PROGRAMME_COLUMNS, municipal.make_programme_data(schools, facts, found)),
        "monitoring_participation": (municipal.PARTICIPATION_COLUMNS, municipal.make_participation(schools)),
        "municipal_project": (municipal.PROJECT_COLUMNS, municipal.make_projects()),
        "municipal_monitoring": (municipal.MONITORING_COLUMNS, municipal.make_monitorings()),
        "after_grade_9": (leavers_and_teachers.LEAVER_COLUMNS, leavers_and_teachers.make_leavers(schools)),
        "in_support_programme": (
            leavers_and_teachers.IN_PROGRAMME_COLUMNS,
            leavers_and_teachers.make_in_programme(schools, facts, found),
        ),
        "social_passport": (
            leavers_and_teachers.PASSPORT_COLUMNS,
            leavers_and_teachers.make_passports(schools, facts),
        ),
        "teachers": (leavers_and_teachers.TEACHER_COLUMNS, teachers),
        "pupils_by_teacher": (leavers_and_teachers.BY_TEACHER_COLUMNS, by_teacher),
        "taking_part": (programme.TAKING_PART_COLUMNS, programme.make_taking_part(found)),
        "targets": (programme.PLAN_COLUMNS, programme.make_targets(found)),
        "actuals": (programme.PLAN_COLUMNS, programme.make_actuals(found)),
    }
    texts = {f"{name}.csv": csv_text(columns, rows) for name, (columns, rows) in tables.items()}
    texts["README.md"] = readme(schools, results, {name: rows for name, (_, rows) in tables.items()}, gaps)
    return {name: text.encode("utf-8") for name, text in texts.items()}


def _by_cell(row: Row) -> tuple[str, int, str, int, str]:
    return row[0], int(row[1]), row[2], int(row[3]), row[4]


def _by_mark(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row[0], row[1], int(row[2])))
