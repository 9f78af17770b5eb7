"""What the rules about conditions share: the pack they look at, its formulas, and what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shsnor.checking.conditions import Conditions
from shsnor.checking.formulas import Allowed, Budget, Fact, Formula, TooMany, Variable, Wanted, example, possible
from shsnor.checking.subject import Subject
from shsnor.terms import Decided, Term

#: Work for all questions about a pack together, many times what a real one takes.
WHOLE = 500_000


class Look:
    """One look at a pack with certain values of its parameters."""

    def __init__(self, subject: Subject, conditions: Conditions) -> None:
        self.subject, self.resolved, self.conditions = subject, subject.resolved, conditions
        self.names = conditions.names
        self.found: list[tuple[str, str, dict[str, Any]]] = []
        self.budget = Budget(WHOLE)
        self._undecided: Conditions | None = None

    @property
    def without_decisions(self) -> Conditions:
        """The conditions as the data alone make them."""
        if self._undecided is None:
            self._undecided = Conditions(self.subject, self.conditions.parameters, decisions=False)
        return self._undecided

    def own(self, term: Term) -> bool:
        """Whether a term stands in this pack, not in the one it extends."""
        return self.subject.own(term.path)

    def formula(self, term: Term) -> Formula:
        return self.conditions.formula(term)

    def undecided(self, term: Term) -> Term:
        """What a verdict is worth before an expert decides."""
        return term.part if isinstance(term, Decided) else term

    def tell(self, code: str, path: str, **details: Any) -> None:
        self.found.append((code, path, details))

    def possible(self, formulas: Sequence[Formula], wanted: Wanted) -> bool:
        """Whether the formulas can give answers out of these sets, all at once. Raises TooMany."""
        return possible(formulas, wanted, None, self.budget)

    def example(self, formulas: Sequence[Formula], wanted: Wanted, allowed: Allowed | None = None) -> list[Fact]:
        """What is known of a school with these answers; [] where there is none, or nothing needs to be said."""
        try:
            found = example(formulas, wanted, allowed, self.budget)
        except TooMany:
            return []
        return facts(found or {})


def facts(states: Mapping[Variable, int]) -> list[Fact]:
    """What is said of a school with the variables in these states."""
    return [fact for variable, n in states.items() for fact in variable.states[n].facts]
