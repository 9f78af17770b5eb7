"""What the engine says of each validation pack against the official list, as figures.

Each function evaluates one pack over the shared data, read in place, and compares. A figure is text beside the text
expected: `2645 of 2645`, or a number computed here from the same file in another way.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from shsnor import evaluate, load_pack

from . import cql

PACKS = Path(__file__).parent / "packs"
Row = Mapping[str, str]


@dataclass(frozen=True)
class Figure:
    """One comparison.

    found      what came out
    expected   what should
    differing  the entities that do not agree, where it is a comparison entity by entity
    """

    name: str
    found: str
    expected: str
    differing: tuple[str, ...] = ()

    @property
    def as_expected(self) -> bool:
        return self.found == self.expected

    def __str__(self) -> str:
        if self.as_expected:
            return f"{self.name} {self.found}"
        some = f"; differing: {', '.join(self.differing[:5])}" if self.differing else ""
        return f"{self.name} {self.found}, expected {self.expected}{some}"


def default_data() -> Path:
    """The folder of shared data: `SHSNOR_DATA`, or `shared/data` beside the repository."""
    return Path(os.environ.get("SHSNOR_DATA") or Path(__file__).parents[3] / "shared" / "data")


def north_carolina(data: Path) -> list[Figure]:
    """Schools and districts with low results, schools for support under the ESSA plan, 2017/18."""
    folder = data / "nc_accountability_2018"
    tables = {
        "roster": folder / "schools_2018.csv",
        "spg": folder / "spg_2014_2018.csv",
        "subgroups": folder / "spg_subgroups_2018.csv",
        "grad_rate": folder / "grad_rate_2018.csv",
    }
    outcome = evaluate(load_pack(PACKS / "north_carolina"), tables, as_of="2018")
    flags = _flags(outcome)
    results = read_rows(tables["spg"])
    lists = read_rows(folder / "flags_lowperf_2018.csv"), read_rows(folder / "flags_essa_2018.csv")
    official = {name: {row["agency_code"]: row[name] == "Y" for row in rows} for rows in lists for name in rows[0]}
    return [
        *_schools(flags, official, results),
        *_districts(outcome, flags, read_rows(folder / "flags_district_2018.csv")),
        *_grades(outcome, tables, results),
    ]


def _schools(
    flags: Mapping[str, Mapping[str, Any]], official: Mapping[str, Mapping[str, bool]], results: list[Row]
) -> list[Figure]:
    """The lists of schools; support by score where there is a score, as alternative schools are judged by another."""
    everywhere = ("lp_school", "rlp_school", "clpc_school", "csi_lg")
    this_year = [row for row in results if row["year"] == "2018"]
    scored = {row["agency_code"] for row in this_year if row["spg_score"]}
    on_no_list = {code for name in everywhere for code in _raised(flags[name]) if code not in official[name]}
    low = [row for row in this_year if row["spg_grade"] in ("D", "F")]
    without_growth = {row["agency_code"]: True for row in low if not row["eg_status"]}
    unknown = _unknown(flags["lp_school"], "empty_value")
    return [
        *(_compare(name, official[name], _raised(flags[name]), 2645) for name in everywhere),
        Figure("flagged but on no list", str(len(on_no_list)), "0", tuple(sorted(on_no_list))),
        *(
            _compare(name, {code: official[name][code] for code in scored}, _raised(flags[flag]), 2537)
            for name, flag in (("csi_lp", "csi_lp_school"), ("tsi_at", "tsi_at"))
        ),
        _compare("lp_school unknown for want of growth", without_growth, unknown, 15),
    ]


def _districts(outcome: Any, flags: Mapping[str, Mapping[str, Any]], official: list[Row]) -> list[Figure]:
    shares = {row.entity: row for row in _values(outcome, "lp_percent")}
    listed = {row["agency_code"]: row["lp_district"] == "Y" for row in official}

    def counted(column: str, attribute: str) -> Figure:
        expected = {row["agency_code"]: Decimal(row[column]) for row in official}
        found = {code: getattr(shares.get(code), attribute, None) for code in expected}
        return _compare_values(column, expected, found, 115)

    return [
        counted("lp_num", "numerator"),
        counted("lp_den", "denominator"),
        _compare("lp_district", listed, _raised(flags["lp_district"]), 115),
    ]


def _grades(outcome: Any, tables: Mapping[str, Path], results: list[Row]) -> list[Figure]:
    """Grades of five years, of the schools that are in the roster of 2018 (of 12 344 grades in all)."""
    roster = {row["agency_code"] for name in ("roster", "grad_rate") for row in read_rows(tables[name])}
    expected = {
        (row["agency_code"], row["year"]): row["spg_grade"].removesuffix("+NG")
        for row in results
        if row["spg_score"] and row["agency_code"] in roster
    }
    found = {(row.entity, _dimensions(row)["year"]): row.text for row in _values(outcome, "grade_by_score")}
    return [_compare_values("grade_by_score", expected, found, 12261)]


def california(data: Path) -> list[Figure]:
    """Growth targets and awards of the Academic Performance Index, 1999 to 2000."""
    path = data / "california_api_2000" / "schools.csv"
    outcome = evaluate(load_pack(PACKS / "california"), {"api": path}, as_of="2000")
    flags, official = _flags(outcome), read_rows(path)
    targets = {row.entity: row for row in _values(outcome, "target")}
    figures = [
        _compare_values(
            "target",
            {row["cds"]: Decimal(row["target"]) if row["target"] else "not_applicable" for row in official},
            {code: row.reason if row.value is None else row.value for code, row in targets.items()},
            6194,
        )
    ]
    words = {"Yes": "met", "No": "not_met"}
    return figures + [
        _compare_values(
            name,
            {row["cds"]: words[row[name]] for row in official},
            {code: row.verdict for code, row in flags[name].items()},
            6194,
        )
        for name in ("sch_wide", "both", "awards")
    ]


def england(data: Path) -> list[Figure]:
    """Band 5 of Progress 8 by the score alone; values hidden, absent or written with a per cent sign, 2018/19."""
    path = data / "england_ks4_2019" / "schools.csv"
    outcome = evaluate(load_pack(PACKS / "england"), {"ks4": path}, as_of="2019")
    official = read_rows(path)
    agrees = {row.entity: row.verdict for row in _roots(outcome, "agrees")}
    differing = tuple(sorted(code for code, verdict in agrees.items() if verdict == "not_met"))
    met = sum(verdict == "met" for verdict in agrees.values())
    raised = _raised(_flags(outcome)["well_below"])
    in_5 = {row["URN"] for row in official if row["P8_BANDING"] == "5"}
    scores = {row.entity: row for row in _values(outcome, "progress_8")}
    figures = [
        Figure("band 5", f"{met} of {met + len(differing)}", "3418 of 3420", differing),
        Figure("band 5, differing", " ".join(differing), "119051 123329"),
        _compare("band 5, schools in it", dict.fromkeys(in_5, True), raised, 720),
    ]
    for reason, codes in (("hidden", ("NP", "SUPP")), ("empty_value", ("NE", "LOWCOV", ""))):
        expected = sum(row["P8MEA"] in codes for row in official)
        found = sum(row.value is None and row.reason == reason for row in scores.values())
        figures.append(Figure(f"progress_8 {reason}", str(found), str(expected)))
    columns = {"basics": "PTL2BASICS_95", "ebacc_entered": "PTEBACC_E_PTQ_EE", "attainment_8": "ATT8SCR"}
    written = {
        name: {row["URN"]: Decimal(row[column].rstrip("%")) for row in official if row[column][:1].isdigit()}
        for name, column in columns.items()
    }
    figures += [_compare_values(name, values, _by_entity(outcome, name), 4527) for name, values in written.items()]
    return [*figures, _one("basics_mean", _values(outcome, "basics_mean"), _mean(written["basics"].values()))]


def moscow(data: Path) -> list[Figure]:
    """Shares of pupils with at least 160 points, their mean and borders, and small cohorts, 2015/16."""
    path = data / "moscow_ege_2016" / "ege.csv"
    outcome = evaluate(load_pack(PACKS / "moscow"), {"ege": path}, as_of="2016")
    rows = {row["global_id"]: row for row in read_rows(path)}
    sat = {code: int(row["PASSED_NUMBER_FULL"]) for code, row in rows.items()}
    exact = {code: Fraction(100 * int(row["PASSER_UNDER_160"]), sat[code]) for code, row in rows.items()}
    shares = {code: _decimal(value) for code, value in exact.items()}
    below = {code: _decimal(100 - value) for code, value in exact.items()}
    few = _unknown(_flags(outcome)["low_results_reliable"], "too_few")
    return [
        *(
            Figure(name, str(sum(row.verdict == "met" for row in _roots(outcome, name))), expected)
            for name, expected in (("low", "48"), ("tiny_cohort", "6"), ("small_cohort", "20"))
        ),
        _compare("low_results_reliable unknown", {code: n < 10 for code, n in sat.items()}, few, 626),
        _compare_values("ogrn", {code: row["OGRN"] for code, row in rows.items()}, _by_entity(outcome, "ogrn"), 626),
        _compare_values("share_160", shares, _by_entity(outcome, "share_160"), 626),
        _compare_values("share_below_160", below, _by_entity(outcome, "share_below_160"), 626),
        _one("city_pooled", _values(outcome, "city_pooled"), _decimal(Fraction(100 * 34225, 66461))),
        *_groups(outcome, shares, {code: row["AdmArea"] for code, row in rows.items()}),
    ]


def _groups(outcome: Any, shares: Mapping[str, Decimal], okrugs: Mapping[str, str]) -> list[Figure]:
    """Statistics of the schools of Moscow and of its okrugs; `shares` are per cent, of 9 digits."""
    ordered = sorted(shares.values())
    quarter = -(-len(ordered) // 4)
    lower, upper = ordered[quarter - 1], ordered[-quarter]
    at_bottom = {row.entity for row in _roots(outcome, "in_lower_quarter") if row.verdict == "met"}
    at_top = {row.entity for row in _roots(outcome, "in_upper_quarter") if row.verdict == "met"}
    members: dict[str, list[Decimal]] = {}
    for code, share in shares.items():
        members.setdefault(okrugs[code], []).append(share)
    places = {code: Decimal(1 + sum(other > share for other in ordered)) for code, share in shares.items()}
    return [
        _one("mean of shares", _values(outcome, "city_mean"), Decimal("52.3"), digits=1),
        _one("city_mean", _values(outcome, "city_mean"), _mean(ordered)),
        _one("city_median", _values(outcome, "city_median"), _decimal(Fraction(median(ordered)))),
        _one("lower_quarter", _values(outcome, "lower_quarter"), lower),
        _one("upper_quarter", _values(outcome, "upper_quarter"), upper),
        _compare("in_lower_quarter", {c: share <= lower for c, share in shares.items()}, at_bottom, 626),
        _compare("in_upper_quarter", {c: share >= upper for c, share in shares.items()}, at_top, 626),
        _compare_values("okrug_mean", {o: _mean(s) for o, s in members.items()}, _by_entity(outcome, "okrug_mean"), 10),
        _compare_values("place", places, _by_entity(outcome, "place"), 626),
    ]


def cql_logic(data: Path) -> list[Figure]:
    """The CQL suite by the engine and by the reference evaluator."""
    pack = cql.generate(data / "cql_logic")
    with TemporaryDirectory() as workplace:
        verdicts = {"engine": cql.engine_verdicts(pack, Path(workplace)), "reference": cql.reference_verdicts(pack)}
    return [
        _compare_values(
            f"cql {group}, {who}",
            {case.id: case.verdict for case in pack.cases if case.group == group},
            found,
            count,
        )
        for who, found in verdicts.items()
        for group, count in (("logic", 39), ("nulls", 13), ("comparisons", 127))
    ]


#: Folder of the data -> the function of it.
VALIDATIONS: dict[str, Callable[[Path], list[Figure]]] = {
    "nc_accountability_2018": north_carolina,
    "california_api_2000": california,
    "england_ks4_2019": england,
    "moscow_ege_2016": moscow,
    "cql_logic": cql_logic,
}


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file as they are written."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _flags(outcome: Any) -> dict[str, dict[str, Any]]:
    """Flag -> entity -> its row."""
    found: dict[str, dict[str, Any]] = {}
    for row in outcome.flags.rows():
        found.setdefault(row.flag, {})[row.entity] = row
    return found


def _raised(rows: Mapping[str, Any]) -> set[str]:
    return {entity for entity, row in rows.items() if row.verdict == "met"}


def _unknown(rows: Mapping[str, Any], reason: str) -> set[str]:
    return {entity for entity, row in rows.items() if row.verdict == "unknown" and reason in row.reason}


def _values(outcome: Any, indicator: str) -> list[Any]:
    return [row for row in outcome.indicator_values.rows() if row.indicator == indicator]


def _by_entity(outcome: Any, indicator: str) -> dict[str, Any]:
    """Entity -> number or text of an indicator without dimensions; None where it is unknown."""
    return {row.entity: row.text if row.value is None else row.value for row in _values(outcome, indicator)}


def _roots(outcome: Any, criterion: str) -> list[Any]:
    return [row for row in outcome.criterion_results.rows() if row.item == criterion and row.path == ""]


def _dimensions(row: Any) -> dict[str, str]:
    return {name: str(value) for name, value in json.loads(row.dimensions).items()}


def _compare(name: str, official: Mapping[str, bool], raised: set[str], count: int) -> Figure:
    """Whether just those are raised that the list says; unknown is not raised."""
    return _compare_values(name, official, {entity: entity in raised for entity in official}, count)


def _compare_values(name: str, expected: Mapping[Any, object], found: Mapping[Any, object], count: int) -> Figure:
    """How many of the expected values came out; `count` is how many there should be."""
    differing = tuple(sorted(str(key) for key, value in expected.items() if found.get(key) != value))
    return Figure(name, f"{len(expected) - len(differing)} of {len(expected)}", f"{count} of {count}", differing)


def _one(name: str, rows: list[Any], expected: Decimal, *, digits: int = 9) -> Figure:
    """The only value of a group that is all, to so many digits."""
    shown = ("unknown" if row.value is None else str(_decimal(row.value, digits)) for row in rows)
    return Figure(name, " ".join(shown), str(expected))


def _mean(values: Iterable[Decimal]) -> Decimal:
    exact = [Fraction(value) for value in values]
    return _decimal(sum(exact, Fraction()) / len(exact))


def _decimal(value: Fraction | Decimal, digits: int = 9) -> Decimal:
    """A value that is not negative, to so many digits, half up (rule 19)."""
    return Decimal(int(Fraction(value) * 10**digits + Fraction(1, 2))).scaleb(-digits)
