"""Which values an indicator can have: its borders and its smallest step, as far as the pack alone says them for certain.

A border that is not certain is None: whoever asks then takes the wider range.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from shsnor.expressions import AGGREGATES, OWN_PASS, Expr
from shsnor.pack import Column, Table
from shsnor.terms import Applied, Calc, Choice, Decided, Fold, FunctionTerm, GroupStat, Leaf, TableValue, Term

#: What a unit means (rule 20 of the format): per cents from 0 to 100, and so on.
UNITS: Mapping[str, tuple[Decimal | None, Decimal | None]] = {
    "percent": (Decimal(0), Decimal(100)),
    "share": (Decimal(0), Decimal(1)),
    "mark": (Decimal(2), Decimal(5)),
    "count": (Decimal(0), None),
}

_WITHIN_PART = frozenset({"mean", "median", "min", "max", "lowest", "highest"})


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of an indicator.

    low, high   borders, both possible; None: none, or not known
    step        every value is a multiple of it; None: any value
    sure        whether the step is certain; where it is not, values between whole numbers may or may not occur
    """

    low: Decimal | None = None
    high: Decimal | None = None
    step: Decimal | None = None
    sure: bool = True


def domain_of(term: Term, tables: Mapping[str, Table]) -> Domain:
    """The domain of a number; of a verdict that stands as a number, 0 and 1."""
    low, high = _borders(term, tables)
    step, sure = _step(term, tables)
    return Domain(low, high, step, sure)


def makes_vacant(term: Term, tables: Mapping[str, Table]) -> bool:
    """Whether this term itself may say that nothing could have been there: not applicable, not held, left out by `missing`.

    Only what has a year or a procedure can be not held (`not_held`, `--without`). Of a function nothing is known.
    """
    if isinstance(term, TableValue):
        for_some = term.member_applies is not None or any(cells.applies is not None for cells in term.cells)
        return for_some or bool({"year", "procedure"} & set(tables[term.table].dims))
    return isinstance(term, Applied | FunctionTerm) or (isinstance(term, Leaf) and term.missing == "leave_out")


Borders = tuple[Decimal | None, Decimal | None]
_NONE: Borders = (None, None)


def _borders(term: Term, tables: Mapping[str, Table]) -> Borders:
    if term.kind == "verdict":
        return Decimal(0), Decimal(1)
    if isinstance(term, TableValue):
        return _table_borders(term, tables[term.table])
    if isinstance(term, Calc):
        if not _subtracts(term.value):
            return UNITS.get(term.unit or "", _NONE)
        return _interval(term.value, {name: _borders(part, tables) for name, part in term.reads.items()})
    if isinstance(term, Fold | GroupStat):
        return _statistic_borders(term.combine, _borders(term.part, tables))
    if isinstance(term, Choice):
        options = [_borders(option, tables) for option in term.options.values()]
        lows, highs = [low for low, _ in options], [high for _, high in options]
        return _least(lows), _most(highs)
    if isinstance(term, Applied | Decided):
        return _borders(term.part, tables)
    return _NONE


def _least(lows: list[Decimal | None]) -> Decimal | None:
    known = [low for low in lows if low is not None]
    return min(known) if known and len(known) == len(lows) else None


def _most(highs: list[Decimal | None]) -> Decimal | None:
    known = [high for high in highs if high is not None]
    return max(known) if known and len(known) == len(highs) else None


def _statistic_borders(combine: str, part: Borders) -> Borders:
    low, high = part
    if combine in _WITHIN_PART:
        return part
    if combine == "share":
        return Decimal(0), Decimal(100)
    if combine in ("count", "stdev"):
        return Decimal(0), None
    if combine == "rank":
        return Decimal(1), None
    if combine == "sum":
        return Decimal(0) if low is not None and low >= 0 else None, None
    if combine == "change" and low is not None and high is not None:
        return low - high, high - low
    return _NONE


def _table_borders(term: TableValue, table: Table) -> Borders:
    unit = UNITS.get(term.unit or "", _NONE)
    if term.value.op == "name":
        column = table.columns[term.value.value]
        return (Decimal(column.range[0]), Decimal(column.range[1])) if column.range else unit
    within = not _negative(term.value) and not any(e.op == "-" for e in _outside(term.value))
    return unit if within and all(_of_a_whole(e, table.columns) for e in term.value.walk() if e.op == "-") else _NONE


def _outside(value: Expr) -> Iterator[Expr]:
    """What stands outside of the aggregates: there `100 - x` may leave the borders of the unit."""
    if value.op not in AGGREGATES and value.op not in OWN_PASS:
        yield value
        for arg in value.args:
            yield from _outside(arg)


def _of_a_whole(minus: Expr, columns: Mapping[str, Column]) -> bool:
    """Whether parts of a column are taken from it (`participants - mark_2`): what is left is not below zero."""
    whole, part = minus.args
    while whole.op == "-":
        whole = whole.args[0]
    return whole.op == "name" and part.op == "name" and columns[part.value].at_most == whole.value


def _negative(value: Expr) -> bool:
    return any(e.op == "ln" or (e.op == "number" and e.value < 0) for e in value.walk())


def _subtracts(value: Expr) -> bool:
    return _negative(value) or any(e.op == "-" for e in value.walk())


def _interval(value: Expr, names: Mapping[str, Borders]) -> Borders:
    """The borders of an expression out of those of the names it reads; None where a step is not simple."""
    if value.op == "number":
        return value.value, value.value
    if value.op == "name":
        return names.get(value.value, _NONE)
    parts = [_interval(arg, names) for arg in value.args]
    if value.op in ("greatest", "least", "coalesce") and parts:
        return _least([low for low, _ in parts]), _most([high for _, high in parts])
    if value.op == "+":
        return _sum(parts[0][0], parts[1][0]), _sum(parts[0][1], parts[1][1])
    if value.op == "-" and len(parts) == 2:
        low, high = parts[1]
        return _sum(parts[0][0], None if high is None else -high), _sum(parts[0][1], None if low is None else -low)
    if value.op in ("*", "/") and len(parts) == 2:
        return _product(value.op, parts[0], parts[1])
    return _NONE


def _sum(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left + right


def _product(op: str, left: Borders, right: Borders) -> Borders:
    """By a number only: `2 * x`, `x / 4`."""
    if op == "*" and left[0] is not None and left[0] == left[1]:
        left, right = right, left
    factor = right[0]
    if factor is None or factor != right[1] or factor == 0:
        return _NONE
    ends = [None if end is None else (end * factor if op == "*" else end / factor) for end in left]
    return (ends[0], ends[1]) if factor > 0 else (ends[1], ends[0])


Step = tuple[Decimal | None, bool]
_ONE: Step = (Decimal(1), True)
_ANY: Step = (None, True)
_UNSURE: Step = (None, False)


def _step(term: Term, tables: Mapping[str, Table]) -> Step:
    if term.kind == "verdict":
        return _ONE
    digits = getattr(term, "digits", None)
    if digits is not None:
        return Decimal(1).scaleb(-digits), True
    if isinstance(term, TableValue):
        return _table_step(term, tables[term.table].columns)
    if isinstance(term, Calc):
        return _formula_step(term.value, {name: _step(part, tables) for name, part in term.reads.items()})
    if isinstance(term, Fold | GroupStat):
        if term.combine in ("count", "rank"):
            return _ONE
        if term.combine in ("mean", "stdev", "slope", "share"):
            return _ANY
        step, sure = _step(term.part, tables)
        return _UNSURE if term.combine == "median" and step is not None else (step, sure)
    if isinstance(term, Choice):
        steps = {_step(option, tables) for option in term.options.values()}
        return steps.pop() if len(steps) == 1 else _UNSURE
    if isinstance(term, Applied | Decided):
        return _step(term.part, tables)
    return _UNSURE


def _table_step(term: TableValue, columns: Mapping[str, Column]) -> Step:
    steps: dict[str, Step] = {}
    for name in term.value.names:
        column = columns[name]
        whole = column.type in ("count", "year")
        steps[name] = (
            _ONE if whole else (Decimal(1).scaleb(-column.digits), True) if column.digits is not None else _ANY
        )
    return _formula_step(term.value, steps)


def _formula_step(value: Expr, steps: Mapping[str, Step]) -> Step:
    """A ratio has any value, sums and products of whole numbers are whole; of all else nothing is certain."""
    if value.op == "name":
        return steps.get(value.value, _UNSURE)
    if value.has_division:
        return _ANY
    simple = {"name", "number", "sum", "count", "min", "max", "+", "-", "*", "coalesce", "greatest", "least"}
    if not all(e.op in simple for e in value.walk()):
        return _UNSURE
    numbers = [e.value for e in value.walk() if e.op == "number"]
    counts = [e for e in value.walk() if e.op == "count"]
    used = [steps.get(name, _UNSURE) for name in value.names]
    if all(step == _ONE for step in used) and all(n == n.to_integral_value() for n in numbers):
        return _ONE
    return _ANY if used and not counts and all(step == _ANY for step in used) else _UNSURE


@dataclass(frozen=True, slots=True)
class Spot:
    """One value out of many that no threshold tells apart; `sure` where it can occur for certain."""

    value: Decimal
    sure: bool = True


def spots_of(domain: Domain, cuts: Iterable[Decimal]) -> list[Spot]:
    """The thresholds themselves and one value between each two of them, ascending, inside the domain."""
    low, high = domain.low, domain.high
    inside = sorted({c for c in cuts if (low is None or c >= low) and (high is None or c <= high)})
    found: list[Spot] = []
    for n, cut in enumerate(inside):
        if n == 0 and low != cut:
            found += _between(domain, low, cut, with_low=True)
        if not (domain.sure and domain.step is not None and cut % domain.step):
            found.append(Spot(cut, domain.sure or cut == cut.to_integral_value()))
        last = n + 1 == len(inside)
        after = high if last else inside[n + 1]
        if after != cut:
            found += _between(domain, cut, after, with_high=last)
    return found or _between(domain, low, high, with_low=True, with_high=True)


def _between(
    domain: Domain, low: Decimal | None, high: Decimal | None, *, with_low: bool = False, with_high: bool = False
) -> list[Spot]:
    """A value between two borders, a short one, or a border itself where it belongs to the stretch; none in a gap of steps."""
    if low is None or high is None:
        middle = high - 1 if high is not None else low + 1 if low is not None else Decimal(0)
        return [Spot(middle.to_integral_value(rounding=ROUND_FLOOR if high is not None else ROUND_CEILING))]
    middle = (low + high) / 2
    for step in [domain.step] if domain.step is not None else [Decimal(1).scaleb(-n) for n in range(10)]:
        above = (middle / step).to_integral_value(rounding=ROUND_CEILING) * step
        for value in (above, above - step):
            if low < value < high or (with_low and value == low) or (with_high and value == high):
                return [Spot(value, domain.sure or step == 1)]
    return [] if domain.sure and domain.step is not None else [Spot(middle, domain.sure)]
