"""What every part of the resolving shares: names, levels, tables, findings, and the way to a named item's term."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shsnor.errors import Findings, nearest
from shsnor.expressions import Expr, ExpressionError, Kind, kind_of, parse
from shsnor.functions import FunctionTable
from shsnor.pack import Document, Pack, Table, as_number
from shsnor.standard import UNITS, levels_of, tables_of
from shsnor.terms import Constant, Parameter, PeersTerm, Resolved, Scalar, Term


class Broken(Exception):
    """This item cannot be resolved; the finding that says why is already there (or a name it rests on is broken)."""


class Scope:
    """One resolving: the pack, what is known of it so far, and the findings."""

    def __init__(self, pack: Pack, functions: FunctionTable, skip: frozenset[str] = frozenset()) -> None:
        self.pack = pack
        self.document: Document = pack.document
        self.functions = functions
        self.findings = Findings()
        self.tables: dict[str, Table] = tables_of(pack)
        self.units = {*UNITS, *(c.unit for t in self.tables.values() for c in t.columns.values() if c.unit)}
        self.levels = list(levels_of(pack))
        self.result = Resolved(levels=self.levels)
        self.resolvers: dict[str, Callable[[Scope, str, str], Term]] = {}
        self.resolve_peers: Callable[[Scope, str, str], PeersTerm] | None = None
        self.resolve_node: Callable[..., Any] | None = None
        self._stack: list[str] = []
        self.skip = skip
        self._broken: set[str] = {*skip, *(f"peers {name}" for name in skip)}
        for section in ("indicators", "criteria", "flags", "clusters"):
            for name, item in getattr(self.document, section).items():
                if name in self.result.sections:
                    self.fail_only("SH204", f"{section}/{name}", name=name, reason="used in two sections")
                self.result.sections[name] = section
                self.result.items[name] = item

    def fail_only(self, code: str, path: str, **details: Any) -> None:
        self.findings.add(code, self.pack.place(path), **details)

    def fail(self, code: str, path: str, **details: Any) -> Broken:
        """The exception to raise, its finding noted."""
        self.fail_only(code, path, **details)
        return Broken()

    def term(self, name: str, path: str, *, sections: tuple[str, ...] = ()) -> Term:
        """The term of a named item.

        raises  Broken for an unknown name, a name of another kind, a circle
        """
        section = self.result.sections.get(name)
        if section is None or (sections and section not in sections):
            known = [n for n, s in self.result.sections.items() if not sections or s in sections]
            if section is None and any(
                f"{s}/{name}" in self.pack.places for s in ("indicators", "criteria", "flags", "clusters")
            ):
                raise Broken  # it is there, but could not be read: that was said already
            if section is not None:
                raise self.fail("SH314", path, name=name, expected=", ".join(sections), got=section)
            gone = self.document.retired.get(name)
            told = {"retired": gone.because, "by": gone.replaced_by} if gone is not None else {}
            raise self.fail(
                "SH301", path, name=name, nearest=nearest(name, known), expected=", ".join(sections), **told
            )
        self.used(section, name, path)
        if (term := self.result.terms.get(name)) is not None:
            return term
        if name in self._broken:
            raise Broken
        if name in self._stack:
            circle = [*self._stack[self._stack.index(name) :], name]
            self._broken.update(circle)
            raise self.fail("SH302", f"{self.result.sections[circle[0]]}/{circle[0]}", names=" → ".join(circle))
        self._stack.append(name)
        try:
            term = self.resolvers[section](self, name, f"{section}/{name}")
        except Broken:
            self._broken.add(name)
            raise
        finally:
            self._stack.pop()
        term.item = name
        self.result.terms[name] = term
        return term

    def peers(self, name: str, path: str) -> PeersTerm:
        if name not in self.document.peers:
            raise self.fail("SH301", path, name=name, nearest=nearest(name, self.document.peers), expected="peers")
        self.used("peers", name, path)
        if (found := self.result.peers.get(name)) is not None:
            return found
        mark = f"peers {name}"
        if mark in self._broken:
            raise Broken
        if mark in self._stack:
            self._broken.add(mark)
            raise self.fail("SH302", f"peers/{name}", names=" → ".join([*self._stack[self._stack.index(mark) :], mark]))
        self._stack.append(mark)
        try:
            assert self.resolve_peers is not None
            found = self.resolve_peers(self, name, f"peers/{name}")
        except Broken:
            self._broken.add(mark)
            raise
        finally:
            self._stack.pop()
        self.result.peers[name] = found
        return found

    def used(self, section: str, name: str, path: str) -> None:
        """Note that `path` names an item."""
        if path != f"{section}/{name}":
            self.result.uses.setdefault(f"{section}/{name}", []).append(path)

    def level_of(self, name: str, path: str) -> int:
        if name not in self.levels:
            raise self.fail("SH311", path, name=name, known=", ".join(self.levels), nearest=nearest(name, self.levels))
        return self.levels.index(name)

    @property
    def top(self) -> int:
        return len(self.levels) - 1

    def expression(self, text: str, path: str) -> Expr:
        try:
            return parse(text)
        except ExpressionError as error:
            code = "SH322" if error.what else "SH306"
            raise self.fail(
                code, path, text=text, what=error.what, reason=error.reason, offset=error.offset + 1
            ) from None

    def kind(self, expr: Expr, kinds: dict[str, Kind], path: str) -> Kind | None:
        try:
            return kind_of(expr, kinds)
        except ExpressionError as error:
            raise self.fail("SH324", path, what=error.what, reason=error.reason, offset=error.offset + 1) from None

    def scalar(self, text: str, path: str) -> Scalar | None:
        """The number or `$parameter` that `text` writes; None where it is something else."""
        if text.startswith("$"):
            self.parameter(text[1:], path)
            return Parameter(text[1:])
        number = as_number(text)
        return None if number is None else Constant(number)

    def parameter(self, name: str, path: str) -> str | None:
        """The unit of a parameter; None where it is a reading (a text)."""
        found = self.document.parameters.get(name)
        if found is None:
            known = self.document.parameters
            raise self.fail("SH316", path, name=name, nearest=nearest(name, known))
        self.used("parameters", name, path)
        return found.unit

    def is_number_parameter(self, name: str) -> bool:
        values = self.document.parameters[name].values.values()
        return all(as_number(v) is not None for v in values)

    def no_dimensions(self, term: Term, path: str) -> None:
        if term.dims:
            raise self.fail("SH303", path, dims=", ".join(term.dims))

    def known_unit(self, unit: str | None, path: str) -> None:
        """Rule 20: a unit is one of the usual ones or a word of a column; what checks a threshold's size goes by it."""
        if unit and unit not in self.units:
            self.fail_only("SH327", path, name=unit, nearest=nearest(unit, self.units), known=", ".join(UNITS))

    def same_unit(self, left: str | None, right: str | None, path: str) -> None:
        if left != right and left in self.units and right in self.units:  # an unknown one was told where it stands
            self.fail_only("SH304", path, left=left, right=right)


def combined(parts: list[Term], top: int) -> dict[str, Any]:
    """Level, dimensions, open dimensions and ownership of a combination of parts (rules 1 and 2, reading 1)."""
    level = min((p.level for p in parts), default=top)
    dims = tuple(sorted({d for p in parts for d in p.dims}))
    own = [p for p in parts if p.own and p.level == level]
    opened = {d for p in vouching(parts, level) for d in p.open}
    return {"level": level, "dims": dims, "open": frozenset(opened), "own": bool(own) or not parts}


def vouching(parts: list[Term], level: int) -> list[Term]:
    """The parts that say which cells there are: own ones of this level, and others for dimensions nobody else has."""
    own = [p for p in parts if p.dims and p.own and p.level == level]
    has = {d for p in own for d in p.dims}
    return own + [p for p in parts if p.dims and p not in own and not set(p.dims) <= has]
