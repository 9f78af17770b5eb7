"""The conditions of a pack as formulas: what they read becomes variables, thresholds cut the values into few states.

Conditions on the same indicator share its variable. What cannot be told apart further (a value against another value, a
quantifier over cells, an expert's decision) is a variable of its own that takes every answer: more is thought possible
than is, so that what is found impossible is so for certain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, cast

from shsnor.checking.domain import domain_of, makes_vacant, spots_of
from shsnor.checking.formulas import (
    MET,
    NOT_MET,
    UNKNOWN,
    VACANT,
    Applying,
    Counted,
    Formula,
    Labelled,
    Listed,
    Negated,
    Pick,
    State,
    Test,
    Translated,
    Variable,
)
from shsnor.checking.keys import plain
from shsnor.checking.names import Names
from shsnor.checking.quantifiers import Quantifiers
from shsnor.checking.subject import Subject
from shsnor.pack import as_number
from shsnor.terms import (
    Applied,
    Choice,
    ClusterIs,
    Decided,
    FirstMatch,
    FunctionTerm,
    Leaf,
    Many,
    Not,
    Parameter,
    Quantifier,
    Same,
    Scalar,
    TableValue,
    Term,
)  # fmt: skip

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_least": lambda a, b: a >= b,
    "more_than": lambda a, b: a > b,
    "at_most": lambda a, b: a <= b,
    "less_than": lambda a, b: a < b,
}
_MISSING = {"unknown": UNKNOWN, "not_met": NOT_MET, "met": MET, "leave_out": VACANT}
_SIGNS = (("below", -1), ("equal", 0), ("above", 1))


class Conditions:
    """The formulas of a pack's verdicts with these values of its parameters.

    decisions   whether an expert's decision is thought of: with it an item that one may decide has any answer
    """

    def __init__(self, subject: Subject, parameters: Mapping[str, str], *, decisions: bool = True) -> None:
        self.subject, self.parameters, self.decisions = subject, parameters, decisions
        self.tables, self.terms, self.keys = subject.tables, subject.terms, subject.keys
        self.names = Names(subject.resolved, parameters)
        self.cuts: dict[int, set[Decimal | str]] = {}
        self.options: dict[str, list[str]] = {}
        self.labels: dict[int, list[str]] = {}
        self.quantifiers = Quantifiers(self)
        self._named: dict[int, Term] = {}
        self._vacant: dict[Term, bool] = {}
        self._formulas: dict[Term, Formula] = {}
        self._variables: dict[object, Variable] = {}
        for term in self.terms:
            self._gather(term)

    def formula(self, term: Term) -> Formula:
        """The formula of a verdict."""
        found = self._formulas.get(term)
        if found is None:
            found = self._formulas[term] = self._formula(term)
        return found

    def scalar(self, scalar: Scalar) -> Decimal | str:
        """What a constant or parameter is worth here."""
        if isinstance(scalar, Parameter):
            text = self.parameters[scalar.name]
            number = as_number(text)
            return text if number is None else number
        return scalar.value

    def scalars(self, leaf: Leaf) -> list[Decimal | str] | None:
        """What a leaf compares with, where these are numbers or texts of the pack; None where it is something else."""
        if isinstance(leaf.operand, Term | bool):
            return None
        many = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)
        return [self.scalar(one) for one in many]

    def variable_of(self, value: Term) -> Variable:
        """The variable of a number or text."""
        value = plain(value)
        key = self.keys.of(value)
        return self._variable(("value", key), lambda: self._value_states(self._named.get(key, value), key), value)

    def reading_in_force(self) -> dict[Variable, tuple[int, ...]]:
        """Each choice of readings that is known by now, with the state that the parameters name."""
        found = {}
        for name, variable in self._variables.items():
            if isinstance(name, tuple) and name[0] == "reading":
                now = self.parameters[name[1]]
                found[variable] = tuple(n for n, state in enumerate(variable.states) if state.value == now)
        return found

    # What the pack's conditions compare with

    def _gather(self, term: Term) -> None:
        if isinstance(term, Leaf):
            value = plain(term.value)
            key = self.keys.of(value)
            if value.item is not None or term.value.item is not None:
                self._named.setdefault(key, term.value if term.value.item is not None else value)
            self.cuts.setdefault(key, set()).update(self.scalars(term) or ())
        elif isinstance(term, Quantifier):
            self.quantifiers.add(term)
        elif isinstance(term, Choice) and term.kind == "verdict":
            known = self.options.setdefault(term.parameter, [])
            known += [option for option in term.options if option not in known]
        elif isinstance(term, ClusterIs):
            self.labels.setdefault(self.keys.of(term.cluster), []).extend(term.labels)

    # Formulas

    def _formula(self, term: Term) -> Formula:
        if isinstance(term, Leaf):
            return self._leaf(term)
        if isinstance(term, Quantifier):
            variable, table = self.quantifiers.test(term)
            return Test(variable, table)
        if isinstance(term, Many):
            parts = [self.formula(part) for part in term.members]
            if term.how == "of":
                return Counted(parts, term.met_in, term.weights)
            return Listed(parts, term.how)
        if isinstance(term, Not):
            return Negated(self.formula(term.part))
        if isinstance(term, Same) or (isinstance(term, Decided) and not self.decisions):
            return self.formula(term.part)
        if isinstance(term, Applied):
            return Applying(self.formula(term.part), self.formula(term.applies))
        if isinstance(term, Choice):
            options = {name: self.formula(option) for name, option in term.options.items()}
            names = self.options[term.parameter]
            return Pick(self._reading(term.parameter, names), [options.get(name) for name in names])
        if isinstance(term, ClusterIs):
            return self._cluster(term)
        return Test(self._variable(("answer", self.keys.of(term)), lambda: self.answers(term), term), ANSWERS)

    def _leaf(self, leaf: Leaf) -> Formula:
        value = plain(leaf.value)
        missing = _MISSING[leaf.missing]
        if isinstance(leaf.operand, Term):
            return self._against(leaf, value, plain(leaf.operand), missing)
        meets = self._meets(leaf)
        if value.kind == "verdict":
            if leaf.comparison == "known":
                yes, no = (MET, NOT_MET) if leaf.operand else (NOT_MET, MET)
                return Translated(self.formula(value), (yes, no, yes, VACANT))
            met, not_met = (MET if meets(Decimal(n)) else NOT_MET for n in (1, 0))
            return Translated(self.formula(value), (not_met, missing, met, VACANT))
        variable = self.variable_of(value)
        table = []
        for state in variable.states:
            if state.known:
                known = leaf.comparison != "known" or bool(leaf.operand)
                table.append(MET if (known if leaf.comparison == "known" else meets(state.value)) else NOT_MET)
            else:
                table.append(_unknown(state, leaf, missing))
        return Test(variable, table)

    def _meets(self, leaf: Leaf) -> Callable[[Any], bool]:
        operands = self.scalars(leaf) or []
        if leaf.comparison in COMPARE:
            compare = COMPARE[leaf.comparison]
            return lambda value: compare(value, operands[0])
        return lambda value: value in operands

    def _against(self, leaf: Leaf, value: Term, operand: Term, missing: int) -> Formula:
        """A value against another: all that is told apart is which of the two is the larger."""
        left, right = self.keys.of(value), self.keys.of(operand)
        turned = right < left
        pair = (operand, value) if turned else (value, operand)
        variable = self._variable(("pair", *sorted((left, right))), lambda: self._pair_states(*pair), *pair)
        compare, table = COMPARE[leaf.comparison], []
        for state in variable.states:
            if not state.known:
                table.append(_unknown(state, leaf, missing))
                continue
            sign = dict(_SIGNS)[cast(str, state.value)]
            table.append(MET if compare(-sign if turned else sign, 0) else NOT_MET)
        return Test(variable, table)

    def _cluster(self, term: ClusterIs) -> Formula:
        cluster = term.cluster
        if isinstance(cluster, Decided) and not self.decisions:
            cluster = cluster.part
        if isinstance(cluster, FirstMatch):
            cases = [(label, self.formula(part)) for label, part in cluster.cases]
            return Labelled(cases, cluster.otherwise, term.labels)
        variable = self._variable(("label", self.keys.of(cluster)), lambda: self._label_states(term.cluster), cluster)
        unknown = {"unknown": UNKNOWN, "vacant": VACANT}
        table = [
            (MET if state.value in term.labels else NOT_MET) if state.known else unknown[str(state.value)]
            for state in variable.states
        ]
        return Test(variable, table)

    # Variables

    def _variable(self, name: object, states: Callable[[], list[State]], *terms: Term) -> Variable:
        found = self._variables.get(name)
        if found is None:
            found = self._variables[name] = Variable(f"{len(self._variables):06}", states(), terms)
        return found

    def _value_states(self, value: Term, key: int) -> list[State]:
        what = self.names.value(value)
        cuts = self.cuts.get(key, set())
        states: list[State]
        if value.kind == "text":
            texts, closed = self._texts(value, {str(cut) for cut in cuts})
            states = [State(({"what": what, "state": "text", "value": text},), value=text) for text in texts]
            if not closed:
                states.append(State(({"what": what, "state": "other_text"},)))
        else:
            domain = domain_of(value, self.tables)
            unit = value.unit or plain(value).unit
            states = [
                State(
                    ({"what": what, "state": "value", "value": shown(spot.value), "unit": unit},),
                    sure=spot.sure, value=spot.value, border=spot.value in cuts,
                )
                for spot in spots_of(domain, (cut for cut in cuts if isinstance(cut, Decimal)))
            ]  # fmt: skip
        return states + missing_states(what, self.vacant(value), absent=bool(value.dims or value.level))

    def _texts(self, value: Term, mentioned: set[str]) -> tuple[list[str], bool]:
        """The texts that are told apart, and whether the column says that there are no others."""
        inner = plain(value)
        while isinstance(inner, Applied):
            inner = plain(inner.part)
        if isinstance(inner, TableValue) and inner.value.op == "name":
            listed = self.tables[inner.table].columns[inner.value.value].values
            if listed is not None:
                return list(listed), True
        return sorted(mentioned), False

    def _pair_states(self, value: Term, operand: Term) -> list[State]:
        what, than = self.names.value(value), self.names.value(operand)
        same = self.keys.of(value) == self.keys.of(operand)
        states = [
            State(({"what": what, "state": word, "than": than},), value=word)
            for word, sign in _SIGNS
            if not same or sign == 0
        ]
        return states + missing_states(what, self.vacant(value) or self.vacant(operand), absent=True)

    def _label_states(self, cluster: Term) -> list[State]:
        what = self.names.value(cluster)
        labels = dict.fromkeys(self.labels[self.keys.of(cluster)])
        states = [State(({"what": what, "state": "label", "value": label},), value=label) for label in labels]
        states.append(State(({"what": what, "state": "other_label"},)))
        return states + missing_states(what, isinstance(cluster, FunctionTerm), absent=False)

    def _reading(self, parameter: str, names: list[str]) -> Variable:
        return self._variable(
            ("reading", parameter),
            lambda: [State(({"what": f"${parameter}", "state": "reading", "value": n},), value=n) for n in names],
        )

    def vacant(self, term: Term) -> bool:
        """Whether a term may be vacant, as far as the pack says."""
        found = self._vacant.get(term)
        if found is None:
            found = makes_vacant(term, self.tables) or any(self.vacant(part) for part in term.parts())
            self._vacant[term] = found
        return found

    def answers(self, term: Term) -> list[State]:
        """The states of a verdict of which nothing more is known, in the order of `ANSWERS`."""
        what = self.names.condition(term)
        return [
            State(({"what": what, "state": state},), known=state in ("met", "not_met"))
            for state in ("met", "not_met", "unknown", "vacant")
        ]


ANSWERS = (MET, NOT_MET, UNKNOWN, VACANT)


def missing_states(what: Any, vacant: bool, *, absent: bool) -> list[State]:
    """Unknown, perhaps vacant and, where its cells may lack beside those of another value, not there at all."""
    words = ("unknown", "vacant") if vacant else ("unknown",)
    states = [State(({"what": what, "state": word},), known=False, value=word) for word in words]
    return states + ([State(({"what": what, "state": "unknown"},), known=False, value="absent")] if absent else [])


def _unknown(state: State, leaf: Leaf, missing: int) -> int:
    """The answer of a leaf whose value is not known; a cell that is not there is unknown whatever `missing` says."""
    if state.value == "vacant":
        return VACANT
    if state.value == "absent":
        return UNKNOWN
    if leaf.comparison == "known":
        return NOT_MET if leaf.operand else MET
    return missing


def shown(value: Decimal) -> str:
    return f"{value.normalize():f}"
