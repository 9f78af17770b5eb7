"""Pack and date -> plan: parameters and readings settled, windows of years worked out, terms put in order.

Pure: it reads no table and runs no query; the plan prints itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from shsnor.errors import Findings, PackError, UsageError, nearest
from shsnor.expressions import OWN_PASS
from shsnor.functions import FunctionTable
from shsnor.nodes import Years
from shsnor.pack import NotHeld, Pack, as_number, must_be_pack
from shsnor.periods import AsOf, Window, parse_as_of
from shsnor.resolving import resolve
from shsnor.resolving.settings import parameters_in, settled, told, wrong_settings
from shsnor.standard import levels_of, tables_of
from shsnor.terms import (
    Applied,
    Choice,
    Constant,
    Decided,
    Fold,
    FunctionTerm,
    GroupStat,
    Quantifier,
    Resolved,
    Scalar,
    Statement,
    TableValue,
    Term,
)  # fmt: skip
from shsnor.versions import in_force, not_valid


@dataclass(frozen=True, slots=True)
class InForce:
    """A parameter's value on the evaluation's date."""

    name: str
    text: str
    since: date | None
    unit: str | None
    basis: str

    @property
    def number(self) -> Decimal | None:
        return as_number(self.text)


@dataclass(eq=False)
class Step:
    """One term, with the years it is asked for; becomes one table or some columns of a wide one.

    parts    what it reads, by term (choices settled, each in the years this step needs of it)
    stage    one more than the highest stage of its parts: what may be computed together
    """

    index: int
    term: Term
    window: Window | None
    years: tuple[int, ...]
    parts: dict[Term, Step]
    stage: int

    def part(self, term: Term) -> Step:
        return self.parts[term]


@dataclass(eq=False)
class Plan:
    """What an evaluation will do, in order.

    steps        in the order of their references
    reported     id of an item -> the step that the outcome shows
    nodes        id of a criterion or flag -> its nodes with the step of each
    looked_at    a node that keeps year -> the years that the quantifier above it looks at
    varying      a parameter of which every entity has a value of its own (see `bisecting`); "" as a rule
    """

    pack: Pack
    as_of: AsOf
    without: tuple[str, ...]
    resolved: Resolved
    parameters: dict[str, InForce]
    findings: Findings
    steps: list[Step] = field(default_factory=list)
    reported: dict[str, Step] = field(default_factory=dict)
    nodes: dict[str, list[tuple[Statement, Step]]] = field(default_factory=dict)
    looked_at: dict[Statement, tuple[int, ...]] = field(default_factory=dict)
    functions: FunctionTable = field(default_factory=dict)
    varying: str = ""

    @property
    def year(self) -> int:
        return self.as_of.year

    @property
    def not_held(self) -> list[NotHeld]:
        return self.pack.document.not_held

    def scalar(self, scalar: Scalar) -> Decimal | str:
        """The number or text that a constant or `$parameter` is worth on the evaluation's date."""
        if isinstance(scalar, Constant):
            return scalar.value
        value = self.parameters[scalar.name]
        return value.text if value.number is None else value.number

    def window(self, years: Years | None) -> Window:
        return window_of(years, self.year, self.pack.document.not_held)

    def settings(self, term: FunctionTerm) -> dict[str, Any]:
        """The `with:` of a function with the parameters in force put in place."""
        found: dict[str, Any] = settled(term.settings, lambda name: self.parameters[name].text)
        return found

    def needed(self) -> dict[str, set[str]]:
        """Tables that the steps read, with the columns they read."""
        return needed_columns(self.pack, (s.term for s in self.steps))

    def own_pass(self, step: Step) -> bool:
        """Whether a step reads the rows of its table once more: it is not a sum, and the cube cannot serve it."""
        return isinstance(step.term, TableValue) and any(e.op in OWN_PASS for e in step.term.value.walk())

    def text(self, lang: Literal["ru", "en"] = "ru") -> str:
        """The plan in words: what is read, what is computed of what, in which stage."""
        from shsnor.wording.plans import plan_text  # prose stands in wording; loaded when asked for

        return plan_text(self, lang)


def needed_columns(pack: Pack, terms: Iterable[Term]) -> dict[str, set[str]]:
    """Tables that these terms read, with the columns they read, and what makes the roster."""
    tables, levels = tables_of(pack), list(levels_of(pack).values())
    found: dict[str, set[str]] = {}
    asked = set()
    for term in terms:
        asked |= {term.level} | ({term.group.within} if isinstance(term, GroupStat) else set())
        if not isinstance(term, TableValue):
            continue
        columns = found.setdefault(term.table, set())
        columns |= set(term.value.names) | set(term.by) | set(term.minimum)
        columns |= set(term.where.names) if term.where else set()
        columns |= {d for c in term.cells for d in c.values}
        columns |= set((tables[term.table].entity or {}).values())
        if "year" in tables[term.table].dims:
            columns.add("year")
    previous = None
    for number, level in enumerate(levels):
        if level.table:
            found.setdefault(level.table, set()).add(level.key or "")
        if level.column and previous and number in asked:
            found.setdefault(previous, set()).add(level.column)
        previous = level.table
    return found


def window_of(years: Years | None, year: int, not_held: Iterable[NotHeld]) -> Window:
    """The calendar years of a window (rule 9); with `last_held` those among which held ones are sought."""
    if years is None:
        return Window((year,))
    if years.last is not None:
        end = year - (years.back or 0)
        return Window(tuple(range(end - years.last + 1, end + 1)))
    if years.last_held is not None:
        gaps = {int(y) for n in not_held for y in _many(n.cells.get("year", [])) if int(y) <= year}
        return Window(tuple(range(year - years.last_held - len(gaps) + 1, year + 1)), years.last_held)
    return Window(tuple(range(years.from_ or 0, (years.to or 0) + 1)))


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def make_plan(
    pack: Pack,
    tables: Any = None,
    *,
    as_of: str | int | date | AsOf,
    parameters: Mapping[str, Any] | None = None,
    without: Iterable[str] = (),
    functions: FunctionTable | None = None,
    years: Mapping[str, Iterable[int]] = MappingProxyType({}),
) -> Plan:
    """The plan of a pack for a date.

    as_of        a date, or a year (its 31 December)
    parameters   id -> number or text, in place of the pack's values
    without      procedures that the evaluation leaves out
    years        id of an item that keeps year -> years to report beside those that its readers ask for
    raises       PackError with all findings; UsageError for a wrong date or parameter; KeyError for `years` of no item
    """
    must_be_pack(pack)
    if functions is None:
        from shsnor.host import find_functions

        functions = find_functions(pack)
    try:
        when = parse_as_of(as_of)
    except ValueError:
        raise UsageError.of("SH502", text=str(as_of)) from None
    if unfit := not_valid(pack, when.date).errors:
        raise UsageError(unfit)
    resolved, findings = resolve(pack, functions)
    if findings.errors:
        raise PackError(findings)
    settled_parameters = parameters_in_force(pack, when, parameters or {})
    pack, gone = in_force(pack, resolved, when.date, lambda name: settled_parameters[name].text)
    if gone.errors:
        raise PackError(gone)
    plan = Plan(
        pack=pack, as_of=when, without=tuple(without), resolved=resolved, parameters=settled_parameters,
        findings=findings, functions=functions,
    )  # fmt: skip
    _Ordering(plan).run({name: Window(tuple(wanted)) for name, wanted in years.items()})
    _check_changed(plan, set(parameters or {}))
    return plan


def _check_changed(plan: Plan, changed: set[str]) -> None:
    """A parameter changed for this evaluation must suit the functions that it is a setting of."""
    findings = Findings()
    for step in plan.steps:
        term = step.term
        if isinstance(term, FunctionTerm) and changed & set(parameters_in(term.settings)):
            function = plan.functions[term.function]
            for fault in wrong_settings(function, plan.settings(term)):
                place = plan.pack.place(f"{term.path}/with/{fault.where}".rstrip("/"))
                findings.add("SH321", place, **told(function, fault))
    if findings.errors:
        raise UsageError(findings)


def parameters_in_force(pack: Pack, when: AsOf, changed: Mapping[str, Any]) -> dict[str, InForce]:
    """Each parameter's value of the last date not after the evaluation's (rule 21)."""
    findings, wrong = Findings(), Findings()
    known = pack.document.parameters
    for name in changed:
        if name not in known:
            wrong.add("SH509", name=name, nearest=nearest(name, known))
    found = {}
    for name, item in known.items():
        if name in changed:
            text = str(changed[name])
            if (as_number(text) is None) != (as_number(next(iter(item.values.values()))) is None):
                wrong.add("SH317", name=name, kind="number" if as_number(text) is None else "text", given=text)
            found[name] = InForce(name, text, None, item.unit, "assumed")
            continue
        if (held := item.on(when.date)) is None:
            first = min(item.values)
            findings.add(
                "SH501", pack.place(f"parameters/{name}"), parameter=name, date=str(when.date), first=str(first)
            )
            continue
        since, value = held
        found[name] = InForce(name, value, since, item.unit, item.source.basis)
    if wrong.errors:
        raise UsageError(wrong)
    if findings.errors:
        raise PackError(findings)
    return found


class _Ordering:
    """Works out the windows that readers ask for, then makes the steps, parts first."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.asked: dict[Term, dict[Window, None]] = {}
        self.made: dict[tuple[Term, tuple[int, ...]], Step] = {}

    def run(self, reported: Mapping[str, Window]) -> None:
        plan, resolved = self.plan, self.plan.resolved
        roots = [t for t in resolved.terms.values() if "year" not in t.dims]
        roots += [*resolved.peers.values(), *(t for t in resolved.measures.values() if t is not None)]
        for term in roots:
            self.ask(term, None)
        for name, window in reported.items():
            self.ask(resolved.terms[name], window)
        for term in reversed(resolved.terms.values()):  # dependents first: they pass their years on
            if "year" in term.dims:
                unread = isinstance(term, Choice) and term not in self.asked
                self.ask(term, self.plan.window(None) if unread else self.report_window(term))
        for name, term in resolved.terms.items():
            plan.reported[name] = self.step(term, self.report_window(term))
        for peers in resolved.peers.values():
            self.step(peers, None)
        for measure in resolved.measures.values():
            if measure is not None:
                self.step(measure, None)
        for name, statement in resolved.statements.items():
            self.look(statement, None)
            nodes = ((s, self.node_step(s)) for s in self.chosen(statement))
            plan.nodes[name] = [(s, step) for s, step in nodes if step is not None]

    def node_step(self, statement: Statement) -> Step | None:
        term = self.settle(statement.term)
        return self.step(term, self.report_window(term))

    def look(self, statement: Statement, years: tuple[int, ...] | None) -> None:
        """Note the years that are looked at in each node under a quantifier over year."""
        if years is not None and "year" in statement.term.dims:
            self.plan.looked_at[statement] = years
        term: Term = statement.term
        while isinstance(term, Applied | Decided):
            term = term.part
        if isinstance(term, Quantifier) and "year" in term.over:
            years = self.plan.window(term.years).years
        for child in statement.children:
            self.look(child, years)

    def chosen(self, statement: Statement) -> Iterable[Statement]:
        """The nodes of a statement without the readings that were not chosen."""
        yield statement
        for child in statement.children:
            if statement.node == "choose":
                term = statement.term
                while isinstance(term, Applied | Decided):
                    term = term.part
                assert isinstance(term, Choice)
                if child.term is not term.options[self.plan.parameters[term.parameter].text]:
                    continue
            yield from self.chosen(child)

    def settle(self, term: Term) -> Term:
        """The reading of a choice that the parameter names."""
        while isinstance(term, Choice):
            term = term.options[self.plan.parameters[term.parameter].text]
        return term

    def part_window(self, term: Term, part: Term, window: Window | None) -> Window | None:
        if "year" not in part.dims:
            return None
        if isinstance(term, Fold | Quantifier) and part is term.part and "year" in term.over:
            return self.plan.window(term.years)
        return window

    def ask(self, term: Term, window: Window | None) -> None:
        if isinstance(term, Choice):
            self.asked.setdefault(term, {})[window or Window(())] = None
        term = self.settle(term)
        if "year" not in term.dims:
            window = None
        asked = self.asked.setdefault(term, {})
        key = window or Window(())
        if key in asked:
            return
        asked[key] = None
        for part in term.parts():
            self.ask(part, self.part_window(term, part, window))

    def report_window(self, term: Term) -> Window | None:
        """All years that readers of an item ask for, with its own; the last year where nobody asks (reading 2)."""
        term = self.settle(term)
        if "year" not in term.dims:
            return None
        years = {y for w in self.asked.get(term, {}) for y in w.years}
        inner = term
        while isinstance(inner, Applied):
            inner = inner.part
        own = inner.years if isinstance(inner, TableValue) else None
        if own is not None or not years:
            years |= set(self.plan.window(own).years)
        return Window(tuple(sorted(years)))

    def step(self, term: Term, window: Window | None) -> Step:
        term = self.settle(term)
        if "year" not in term.dims:
            window = None
        elif not term.open:
            window = self.report_window(term)  # closed: its cells do not depend on who asks
        years = window.years if window else ()
        if (found := self.made.get((term, years))) is not None:
            return found
        parts = {p: self.step(p, self.part_window(term, p, window)) for p in term.parts()}
        stage = 1 + max((s.stage for s in parts.values()), default=-1)
        step = Step(len(self.plan.steps), term, window, years, parts, stage)
        self.plan.steps.append(step)
        self.made[(term, years)] = step
        return step
