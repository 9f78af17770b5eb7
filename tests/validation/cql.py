"""The public CQL suite of three-valued logic, put as criteria of one generated pack over a table of one row.

Every literal of the suite (`true`, `1.50`, `'Jack'`, `1'cm'`, `null`) is a column of that row and an indicator over it;
every case is one criterion. `true` and `false` are the numbers 1 and 0, `null` is an empty cell; *met*, *not met* and
*unknown* are the outputs `true`, `false` and `null`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from shsnor import evaluate, load_pack
from tests.reference.evaluator import evaluate as reference_evaluate

AS_OF = "2020"
FILES = {
    "logic": "CqlLogicalOperatorsTest.xml",
    "nulls": "CqlNullologicalOperatorsTest.xml",
    "comparisons": "CqlComparisonOperatorsTest.xml",
}
VERDICTS = {"true": "met", "false": "not_met", "null": "unknown"}
ENTITY = "the one row"

#: reason -> the cases that are not put for it. Every other case is.
LEFT_OUT = {
    "dates and times: an indicator is a number or a text, and no date lacks its month or has a time zone": """
        DateTimeCoalesce TimeCoalesce DateTimeEqTodayToday DateTimeEqTodayYesterday DateTimeEqJanJan DateTimeEqJanJuly
        DateTimeEqMissingArg DateTimeEqNull DateTimeEqTrue DateTimeUTC DateTimeDayCompare TimeEq10A10A TimeEq10A10P
        DateTimeGreaterTrue DateTimeGreaterFalse TimeGreaterTrue TimeGreaterFalse UncertaintyGreaterNull
        UncertaintyGreaterTrue UncertaintyGreaterFalse DateTimeGreaterEqTrue DateTimeGreaterEqTrue2
        DateTimeGreaterEqFalse TimeGreaterEqTrue TimeGreaterEqTrue2 TimeGreaterEqFalse UncertaintyGreaterEqualNull
        UncertaintyGreaterEqualTrue UncertaintyGreaterEqualFalse DateTimeLessTrue DateTimeLessFalse TimeLessTrue
        TimeLessFalse UncertaintyLessNull UncertaintyLessTrue UncertaintyLessFalse DateTimeLessEqTrue
        DateTimeLessEqTrue2 DateTimeLessEqFalse TimeLessEqTrue TimeLessEqTrue2 TimeLessEqFalse
        UncertaintyLessEqualNull UncertaintyLessEqualTrue UncertaintyLessEqualFalse EquivDateTimeTodayToday
        EquivDateTimeTodayYesterday EquivTime10A10A EquivTime10A10P DateTimeNotEqTodayToday
        DateTimeNotEqTodayYesterday TimeNotEq10A10A TimeNotEq10A10P""",
    "lists: a cell holds one value": """
        CoalesceEmptyList CoalesceListFirstA CoalesceListLastA CoalesceFirstList CoalesceLastList DateTimeListCoalesce
        TimeListCoalesce""",
    "tuples: there are none, and inside one CQL takes null = null as true": """
        TupleEqJohnJohn TupleEqJohnJane TupleEqJohn1John2 TupleEqJohn1John2WithNullName
        TupleEqDifferentNamesWithOneNullId TupleEqJohn1John1WithBothNamesNull TupleEqJohnJohnWithBothIdsNull
        TupleEqJohn1John1WithNullName TupleEqDateTimeTrue TupleEqDateTimeFalse TupleEqDateTimeTrue2 TupleEqTimeTrue
        TupleEqTimeFalse EquivTupleJohnJohn EquivTupleJohnJohnWithNulls EquivTupleJohnJohnFalse
        EquivTupleJohnJohnFalse2 EquivTupleJohnJane EquivTupleJohn1John2 TupleNotEqJohnJohn TupleNotEqJohnJane
        TupleNotEqJohn1John2 TupleNotEqJohn1John2WithNullName TupleNotEqDifferingNamesWithOneNullId
        TupleNotEqJohn1John1WithBothNamesNull TupleNotEqMatchingNamesWithNullIDs TupleNotEqJohn1John1WithNullName""",
    "ratios: there are none": """
        RatioEqual RatioNotEqualDiffNumerator RatioNotEqualDiffDenominator RatioEquivalent
        RatioNotEquivalentDiffNumerator RatioNotEquivalentDiffDenominator""",
    "two units: nothing is converted (rule 20), such a comparison is an error of the pack": """
        QuantityEqCM1M01 QuantityNotEqCM1M01 GreaterM1CM1 GreaterM1CM10 GreaterOrEqualM1CM1 GreaterOrEqualM1CM10
        LessM1CM1 LessM1CM10 LessOrEqualM1CM1 LessOrEqualM1CM10 EquivEqCM1M01 TestQuantityMillisecondEqualMs
        TestQuantityMillisecondEqualMilliseconds TestQuantityMillisecondsEqualMs TestQuantitySecondEqualS
        TestQuantitySecondEqualSeconds TestQuantitySecondsEqualS TestQuantityMinuteEqualMin
        TestQuantityMinuteEqualMinutes TestQuantityMinutesEqualMin TestQuantityHourEqualH TestQuantityHourEqualHours
        TestQuantityHoursEqualH TestQuantityDayEqualD TestQuantityDayEqualDays TestQuantityDaysEqualD
        TestQuantityWeekEqualWk TestQuantityWeekEqualWeeks TestQuantityWeeksEqualWk TestQuantityMonthEqualMo
        TestQuantityMonthNotEqualMo TestQuantityMonthEquivalentMo TestQuantityMonthEqualMonths
        TestQuantityMonthsNotEqualMo TestQuantityMonthsEquivalentMo TestQuantityYearEqualA TestQuantityYearNotEqualA
        TestQuantityYearEquivalentA TestQuantityYearsEqualYear TestQuantityYearsNotEqualA TestQuantityYearsEquivalentA
        TestYearEquivalentMonths TestYearEquivalentDays TestMonthEquivalentDays TestWeekEqualDays TestDayEqualHours
        TestHourEqualMinutes TestMinuteEqualSeconds TestSecondEqualMilliseconds""",
    "precision: 1.001 ~ 1.000 is true in CQL alone; a number here has no trailing zeros": "EquivFloatTrailingZero",
}

_LITERAL = r"(?:true|false|null(?: as String)?|-?\d+(?:\.\d+)?(?:L|'\w+')?|'[^']*')"
_SHAPES = tuple(
    (shape, re.compile(pattern.replace("#", f"({_LITERAL})") + "$"))
    for shape, pattern in (
        ("not", "not #"),
        ("between", "# between # and #"),
        ("call", r"(IsNull|IsTrue|IsFalse)\(#\)"),
        ("coalesce", r"Coalesce\(#, #\) = #"),
        ("two", "# (and|or|xor|implies|=|!=|~|<|<=|>|>=) #"),
    )
)
_ORDER = {"<": "less_than", "<=": "at_most", ">": "more_than", ">=": "at_least"}


@dataclass(frozen=True)
class Case:
    """One case of the suite. A case that gives a value is put as the question whether it gives that value."""

    group: str
    name: str
    expression: str
    verdict: str

    @property
    def id(self) -> str:
        return f"{self.group}_{self.name}".lower()


def read_cases(folder: Path) -> Iterator[Case]:
    """All cases of the three files, in their order."""
    for group, name in FILES.items():
        for test in ElementTree.parse(folder / name).getroot().iterfind(".//{*}test"):
            expression, output = ((test.findtext(f"{{*}}{tag}") or "").strip() for tag in ("expression", "output"))
            if output in VERDICTS:
                yield Case(group, test.attrib["name"], expression, VERDICTS[output])
            else:
                yield Case(group, test.attrib["name"], f"{expression} = {output}", "met")


def left_out() -> dict[str, str]:
    """Name of a case that is not put -> why."""
    return {name: reason for reason, names in LEFT_OUT.items() for name in names.split()}


def generate(folder: Path) -> GeneratedPack:
    """The pack of all cases of the suite in `folder` but those left out.

    raises   ValueError where a case has neither a criterion nor a reason to be left out
    """
    pack, reasons = GeneratedPack(), left_out()
    for case in read_cases(folder):
        if case.name not in reasons:
            pack.add(case)
    return pack


def engine_verdicts(pack: GeneratedPack, workplace: Path) -> dict[str, str]:
    """Criterion id -> verdict by the engine; the pack is written to the empty folder `workplace`."""
    (workplace / "pack.yaml").write_text(json.dumps(pack.document(), ensure_ascii=False, indent=1), encoding="utf-8")
    outcome = evaluate(load_pack(workplace), pack.tables(), as_of=AS_OF)
    return {row.item: row.verdict for row in outcome.criterion_results.rows() if row.path == ""}


def reference_verdicts(pack: GeneratedPack) -> dict[str, str]:
    """Criterion id -> verdict by the reference evaluator."""
    result = reference_evaluate(pack.document(), pack.tables(), AS_OF)
    return {case.id: result.verdicts[(case.id, ENTITY, ())].verdict for case in pack.cases}


def _source(clause: str) -> dict[str, str]:
    return {"document": "cql", "clause": clause, "basis": "stated"}


def _kind(literal: str) -> str:
    """truth, number, text, a unit as it is written, or "" for a null, which is of the kind of what it meets."""
    if literal in ("true", "false"):
        return "truth"
    if literal.startswith("null"):
        return "text" if "String" in literal else ""
    if literal.startswith("'"):
        return "text"
    return literal.split("'")[1] if "'" in literal else "number"


def _value(literal: str) -> str | None:
    """What stands in the cell of a literal: 1 and 0 for the truth values, nothing for a null."""
    if literal.startswith("null"):
        return None
    if literal.startswith("'"):
        return literal[1:-1]
    return {"true": "1", "false": "0"}.get(literal) or re.sub(r"L|'.*", "", literal)


@dataclass
class GeneratedPack:
    """A pack of criteria over one row, growing case by case; its scalars are text, as a pack's YAML has them."""

    cases: list[Case] = field(default_factory=list)
    row: dict[str, str | None] = field(default_factory=lambda: {"id": ENTITY})
    columns: dict[str, dict[str, str]] = field(default_factory=lambda: {"id": {"type": "text"}})
    indicators: dict[str, dict[str, Any]] = field(default_factory=dict)
    criteria: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, case: Case) -> None:
        for shape, pattern in _SHAPES:
            if (found := pattern.match(case.expression)) is not None:
                node = getattr(self, f"_put_{shape}")(*found.groups())
                self.criteria[case.id] = {"label": f"Случай {case.expression}", **node, "source": _source(case.name)}
                self.cases.append(case)
                return
        raise ValueError(f"{case.name}: no criterion says {case.expression!r}, and LEFT_OUT has no reason")

    def document(self) -> dict[str, Any]:
        return {
            "format": "1",
            "pack": {"id": "cql_logic", "version": "1", "title": "Трёхзначная логика: открытый набор случаев CQL"},
            "sources": {"cql": {"title": "Clinical Quality Language test suite, cqframework/cql-tests"}},
            "levels": {"entity": {"table": "literals", "key": "id"}, "whole": {}},
            "tables": {"literals": {"entity": {"entity": "id"}, "key": ["id"], "columns": self.columns}},
            "indicators": self.indicators,
            "criteria": self.criteria,
        }

    def tables(self) -> dict[str, list[dict[str, str | None]]]:
        return {"literals": [self.row]}

    def _put_not(self, literal: str) -> dict[str, Any]:
        return {"not": self._true(literal)}

    def _put_between(self, value: str, low: str, high: str) -> dict[str, Any]:
        return {"all": [self._ordered(value, ">=", low), self._ordered(value, "<=", high)]}

    def _put_call(self, name: str, literal: str) -> dict[str, Any]:
        if name == "IsNull":
            return {"indicator": self._literal(literal), "known": "false"}
        return {"indicator": self._literal(literal), "is": "1" if name == "IsTrue" else "0", "missing": "not_met"}

    def _put_coalesce(self, first: str, second: str, output: str) -> dict[str, Any]:
        columns = [self._literal(one, like=output) for one in (first, second)]
        either = self._indicator("_or_".join(columns), f"coalesce({', '.join(columns)})", "text")
        return {"indicator": either, "is": _value(output)}

    def _put_two(self, left: str, operator: str, right: str) -> dict[str, Any]:
        match operator:
            case "and" | "or" | "implies" | "xor":
                return self._logical(self._true(left), operator, self._true(right))
            case "=":
                return self._equal(left, right)
            case "!=":
                return {"not": self._equal(left, right)}
            case "~":
                return self._equivalent(left, right)
        return self._ordered(left, operator, right)

    def _logical(self, a: dict[str, Any], operator: str, b: dict[str, Any]) -> dict[str, Any]:
        return {
            "and": {"all": [a, b]},
            "or": {"any": [a, b]},
            "implies": {"any": [{"not": a}, b]},
            "xor": {"any": [{"all": [a, {"not": b}]}, {"all": [{"not": a}, b]}]},
        }[operator]

    def _true(self, literal: str) -> dict[str, Any]:
        return {"indicator": self._literal(literal), "is": "1"}

    def _equal(self, left: str, right: str) -> dict[str, Any]:
        """`is` where a value can stand behind it; a null cannot, so both bounds."""
        if (value := _value(right)) is not None:
            return {"indicator": self._literal(left, like=right), "is": value}
        return {"all": [self._ordered(left, ">=", right), self._ordered(left, "<=", right)]}

    def _equivalent(self, left: str, right: str) -> dict[str, Any]:
        """Equal (texts in whatever case) or both null."""
        a, b = self._literal(left, like=right), self._literal(right, like=left)
        equal = self._equal(left, right)
        if _kind(left) == _kind(right) == "text":
            lower = self._indicator(f"{a}_lower", f"lower({a})", "text")
            equal = {"indicator": lower, "is": str(_value(right)).lower()}
        known, unknown = ([{"indicator": one, "known": word} for one in (a, b)] for word in ("true", "false"))
        return {"any": [{"all": [*known, equal]}, {"all": unknown}]}

    def _ordered(self, left: str, operator: str, right: str) -> dict[str, Any]:
        """A leaf with an operand; texts have no order in a leaf, but they have one in an expression."""
        a, b = self._literal(left, like=right), self._literal(right, like=left)
        if self.columns[a]["type"] != "text":
            return {"indicator": a, _ORDER[operator]: b}
        value = f"case when {a} {operator} {b} then 1 else 0 end"
        return {"indicator": self._indicator(f"{a}_{_ORDER[operator]}_{b}", value, "number"), "is": "1"}

    def _literal(self, literal: str, *, like: str = "") -> str:
        """The indicator of a literal; a null is of the kind of what it is `like`."""
        kind = _kind(literal) or _kind(like) or "number"
        value = _value(literal)
        written = "null" if value is None else re.sub(r"\W", "_", value.replace("-", "minus_")) or "empty"
        name = f"{kind}_{written}"
        if value is not None and value != value.lower():
            name = f"{name.lower()}_capital"
        if value == "":  # an empty cell is a null, so the text of no letters is computed
            some = self._literal("'abc'")
            return self._indicator(name, f"substr({some}, 1, 0)", "text")
        unit = "number" if kind == "truth" else kind
        self.row[name] = value
        self.columns[name] = {"type": "text" if kind == "text" else "number", "unit": unit}
        return self._indicator(name, name, unit)

    def _indicator(self, name: str, value: str, unit: str) -> str:
        item = {"label": f"Значение {value}", "unit": unit, "from": "literals", "value": value}
        self.indicators[name] = {**item, "source": _source("literals")}
        return name
