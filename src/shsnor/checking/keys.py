"""When two terms are worth the same: keys made of what they are, not of where they stand in the pack."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import Any, cast

from pydantic import BaseModel

from shsnor.expressions import Expr
from shsnor.terms import Calc, Decided, GroupOf, GroupStat, Many, Term

#: What a term is called and where it stands is no part of what it is worth; `spec` and `entry` are resolved beside them.
_NOT_WORTH = frozenset({"path", "item", "indicator", "unit", "spec", "entry", "better"})


#: What most of it is: known without asking what it might be instead.
_PLAIN = frozenset({str, int, bool, Decimal})


class Keys:
    """Small numbers for terms: the same number where both are the same of the same."""

    def __init__(self) -> None:
        self._of_term: dict[Term, int] = {}
        self._numbers: dict[Hashable, int] = {}
        self._fields_of: dict[type, tuple[str, ...]] = {}

    def of(self, term: Term) -> int:
        term = plain(term)
        found = self._of_term.get(term)
        if found is None:
            found = self._of_term[term] = self._number(self._parts(term))
        return found

    def _parts(self, term: Term) -> Hashable:
        if isinstance(term, Decided):  # a decision names its item
            return ("decided", term.item)
        if isinstance(term, Many) and term.weights is None:  # whose order is of no account
            return ("many", term.level, term.dims, repr(term.met_in), *sorted(self.of(part) for part in term.members))
        better = (term.better,) if isinstance(term, GroupStat) and term.combine == "rank" else ()
        return (type(term).__name__, *better, *(self._worth(getattr(term, name)) for name in self._fields(term)))

    def _fields(self, value: Any) -> tuple[str, ...]:
        """Of a dataclass: what counts for its worth."""
        kind = type(value)
        if kind not in self._fields_of:
            self._fields_of[kind] = tuple(f.name for f in dataclasses.fields(kind) if f.name not in _NOT_WORTH)
        return self._fields_of[kind]

    def _number(self, parts: Hashable) -> int:
        return self._numbers.setdefault(parts, len(self._numbers))

    def _worth(self, value: Any) -> Hashable:
        if value is None or type(value) in _PLAIN:
            return cast(Hashable, value)
        if isinstance(value, Term):
            return self.of(value)
        if isinstance(value, Expr):
            return (value.op, value.value, *(self._worth(arg) for arg in value.args))
        if isinstance(value, list | tuple):
            return tuple(self._worth(one) for one in value)
        if isinstance(value, Mapping):
            return tuple((str(name), self._worth(one)) for name, one in value.items())
        if isinstance(value, BaseModel):
            return repr(value)
        if dataclasses.is_dataclass(value) and (isinstance(value, GroupOf) or type(value).__name__ == "Cells"):
            return tuple(self._worth(getattr(value, name)) for name in self._fields(value))
        return value if isinstance(value, Hashable) else repr(value)


def plain(term: Term) -> Term:
    """The term that an alias stands for: a formula that is one name only."""
    while isinstance(term, Calc) and term.value.op == "name" and term.digits is None:
        (term,) = term.reads.values()
    return term
