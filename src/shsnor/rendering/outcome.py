"""The queries of the outcome's tables, over the tables of the steps."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass

from shsnor.planning import Plan, Step
from shsnor.rendering.absence import absence_of
from shsnor.rendering.formulas import VALUE
from shsnor.rendering.functions import title_sql
from shsnor.rendering.layout import Layout, dim, roster, up
from shsnor.rendering.rowwise import PART, counts_of, has_kept
from shsnor.rendering.shown import Shown
from shsnor.resolving.internal import internal_items
from shsnor.sql import literal, quote
from shsnor.standard import levels_of_persons
from shsnor.terms import (
    BIT,
    VACANT,
    Decided,
    Leaf,
    PeersTerm,
    Statement,
    Term,
)  # fmt: skip

#: How reasons are shown: sorted by name; what `missing: leave_out` made vacant reads as not applicable.
_SHOWN = sorted((*((n, b) for n, b in BIT.items() if n not in ("not_applicable", "left_out")),
                 ("not_applicable", BIT["not_applicable"] | BIT["left_out"])))  # fmt: skip


#: Few distinct texts go as enumerations: writing one costs an eighth of writing a text (measured), and reads the same.
VERDICT_WORDS = ("", "met", "not_met", "unknown")
REASON_WORDS = tuple(
    sorted(
        ", ".join(names) for n in range(len(_SHOWN) + 1) for names in itertools.combinations([s for s, _ in _SHOWN], n)
    )
)


def enumerations() -> Iterator[tuple[str, str]]:
    """(name, query) of the enumerations that the outcome's queries use."""
    for name, words in (("verdict_word", VERDICT_WORDS), ("reason_word", REASON_WORDS)):
        yield name, f"CREATE TYPE {name} AS ENUM ({', '.join(map(literal, words))})"


class Verdict(str):
    """SQL of a truth value that is shown as a word."""

    def text(self) -> str:
        return verdict_text(self)


class Reason(str):
    """SQL of the bits of reasons that are shown as words."""

    def text(self) -> str:
        return reason_text(self)


@dataclass(frozen=True)
class Rows:
    """A part of a table: the SQL of its columns (verdicts and reasons not yet in words), and what follows them."""

    columns: list[str]
    tail: str


def reason_text(r: str) -> str:
    cases = ", ".join(f"CASE WHEN {r} & {bits} <> 0 THEN {literal(name)} END" for name, bits in _SHOWN)
    single = "".join(
        f" WHEN {bit} THEN {literal(name)}::reason_word" for name, bit in BIT.items() if name != "left_out"
    )
    return f"CASE {r} WHEN 0 THEN ''::reason_word{single} ELSE concat_ws(', ', {cases})::reason_word END"


def verdict_text(v: str) -> str:
    return f"CASE WHEN {v} THEN 'met'::verdict_word WHEN NOT {v} THEN 'not_met'::verdict_word ELSE 'unknown'::verdict_word END"


def dimensions(term: Term, alias: str) -> str:
    """Canonical JSON of the dimensions."""
    if not term.dims:
        return "'{}'"
    parts = [f"{literal(json.dumps(d) + ':')} || to_json(CAST({alias}.{dim(d)} AS VARCHAR))" for d in term.dims]
    return "'{' || " + " || ',' || ".join(parts) + " || '}'"


def _order(term: Term, alias: str) -> str:
    return ", ".join([f"{alias}.e", *(f"{alias}.{dim(d)}" for d in term.dims)])


class OutcomeQueries:
    """One query for each table of the outcome."""

    def __init__(self, plan: Plan, layout: Layout) -> None:
        self.plan, self.layout = plan, layout
        self.internal = internal_items(plan.resolved, plan.functions)  # these stand in `internal_marks`

    def level(self, step: Step) -> str:
        return literal(self.plan.resolved.levels[step.term.level])

    def from_(self, step: Step, alias: str = "p") -> str:
        """The step's rows with their entity's key; a wide table has it already, and its rows in order."""
        if self.wide(step):
            return f"FROM {quote(self.layout.at[step].table)} {alias}"
        return f"FROM {quote(self.layout.at[step].table)} {alias} JOIN {roster(self.plan, step.term.level)} ent ON ent.id = {alias}.e"

    def wide(self, step: Step) -> bool:
        return bool(self.layout.at[step].number)

    def key(self, step: Step) -> str:
        return "p.key" if self.wide(step) else "ent.key"

    def order(self, step: Step, joined: bool = False) -> str:
        return "" if self.wide(step) and not joined else f"ORDER BY {_order(step.term, 'p')}"

    # --- values -----------------------------------------------------------

    def indicator_values(self) -> Iterator[Rows]:
        for name, section in self.plan.resolved.sections.items():
            if section == "indicators" and name not in self.internal:
                yield self._indicator(name, self.plan.reported[name])

    def _indicator(self, name: str, step: Step) -> Rows:
        at, term = self.layout.at[step].of("p"), step.term
        text = term.kind == "text"
        counted = counts_of(self.layout, step)
        num, den, n, mem, out = (
            (f"p.{at.extra(c)}" if c in counted else f"CAST(NULL AS {PART if c in ('num', 'den') else 'BIGINT'})")
            for c in ("num", "den", "n", "mem", "out")
        )
        value = "NULL" if text else (f"CAST({at.v} AS INTEGER)" if term.kind == "verdict" else at.v)
        columns = [
            self.level(step), self.key(step), literal(name), dimensions(term, "p"), f"CAST({value} AS {VALUE})",
            at.v if text else "CAST(NULL AS VARCHAR)", num, den, n, mem, out, Reason(at.r),
        ]  # fmt: skip
        return Rows(columns, f"{self.from_(step)} {self.order(step)}")

    # --- the explanation --------------------------------------------------

    def criterion_results(self) -> Iterator[Rows]:
        for name, section in self.plan.resolved.sections.items():
            if section in ("criteria", "flags") and name not in self.internal:
                for statement, step in self.plan.nodes[name]:
                    yield self._node(name, statement, step)

    def _node(self, item: str, statement: Statement, step: Step) -> Rows:
        at, term = self.layout.at[step].of("p"), step.term
        inner = step if statement.node == "item" else self.layout.source(step)
        shown = Shown(self.layout, statement, inner)
        source = self.plan.resolved.items[item].source
        joins = self._joined(step, inner, "i") if inner is not step else ""
        if shown.looked_at is not None:
            joins += self._joined(step, shown.looked_at, "x")
        computed, decided_by, reason = self._replaced(statement, step, inner)
        columns = [
            self.level(step), self.key(step), literal(item), literal(statement.path), dimensions(term, "p"), literal(statement.node),
            literal(shown.indicator), shown.value, shown.text, shown.num, shown.den, shown.n, literal(shown.comparison),
            shown.threshold, shown.threshold_text, literal(shown.origin), shown.members, shown.out,
            Verdict(at.v), reason, computed, decided_by, literal(source.document or ""), literal(source.clause),
            literal(source.basis),
        ]  # fmt: skip
        years = self.plan.looked_at.get(statement)
        inside = f"WHERE p.{dim('year')} IN ({', '.join(map(str, years)) or 'NULL'})" if years is not None else ""
        return Rows(columns, f"{self.from_(step)}{joins} {inside} {self.order(step, 'LEFT JOIN' in joins)}")

    def _joined(self, step: Step, other: Step, alias: str) -> str:
        """The rows of another step beside the step's own; two wide tables have the same entities in the same order."""
        table = self.layout.at[other].table
        if table == self.layout.at[step].table:
            return ""
        if self.wide(step) and self.wide(other):
            return f" POSITIONAL JOIN {quote(table)} {alias}"
        on = "".join(f" AND {alias}.{dim(d)} = p.{dim(d)}" for d in step.term.dims)
        return f" LEFT JOIN {quote(table)} {alias} ON {alias}.e = p.e{on}"

    def _replaced(self, statement: Statement, step: Step, inner: Step) -> tuple[str, str, Reason]:
        """SQL of the verdict before a decision or `missing`, of who replaced it, and of the reason."""
        at = self.layout.at[step].of("p")
        reason = Reason(at.r)
        if has_kept(step):
            kept = f"p.{at.extra('kept')}"
            reason = Reason(f"(CASE WHEN {kept} <> 0 THEN {kept} ELSE {reason} END)")
        if statement.node == "item":
            return "''", "''", reason
        if isinstance(step.term, Decided):
            role = f"p.{at.extra('role')}"
            computed = (
                f"CASE WHEN {role} IS NOT NULL THEN {verdict_text('p.' + at.extra('cv'))} ELSE ''::verdict_word END"
            )
            return computed, f"coalesce({role}, '')", reason
        leaf = inner.term
        if isinstance(leaf, Leaf) and leaf.missing != "unknown":
            replaced = f"p.{at.extra('kept')} <> 0"
            return (
                f"CASE WHEN {replaced} THEN 'unknown'::verdict_word ELSE ''::verdict_word END",
                f"CASE WHEN {replaced} THEN {literal('missing: ' + leaf.missing)} ELSE '' END",
                reason,
            )
        return "''", "''", reason

    # --- flags, clusters, peers, measures ---------------------------------

    def flags(self) -> Iterator[Rows]:
        from shsnor.rendering.causes import assumed_items, causes_of

        for name, section in self.plan.resolved.sections.items():
            if section != "flags":
                continue
            step = self.plan.reported[name]
            at, item = self.layout.at[step].of("p"), self.plan.resolved.items[name]
            decided = isinstance(step.term, Decided)
            role = f"p.{at.extra('role')}" if decided else "NULL"
            computed = (
                f"CASE WHEN {role} IS NOT NULL THEN {verdict_text('p.' + at.extra('cv'))} ELSE ''::verdict_word END"
                if decided
                else "''"
            )
            causes = causes_of(self.plan, self.layout, name, step.term.level)
            _, _, reason = self._replaced(self.plan.nodes[name][0][0], step, self.layout.source(step))
            columns = [
                self.level(step), self.key(step), literal(name), literal(item.label), Verdict(at.v), reason,
                computed, f"coalesce({role}, '')" if decided else "''", f"coalesce(p.{at.extra('why')}, '')" if decided else "''",
                f"CASE WHEN {at.v} THEN {causes.listed} ELSE '[]' END", str(name in assumed_items(self.plan)).upper(),
                f"coalesce({at.v} AND {causes.vpr} AND NOT {causes.other}, FALSE)", literal(item.source.document or ""),
                literal(item.source.clause), literal(item.source.basis),
            ]  # fmt: skip
            roster_row = f"JOIN {roster(self.plan, step.term.level)} ent ON ent.id = p.e" if self.wide(step) else ""
            yield Rows(columns, f"{self.from_(step)} {roster_row} {causes.joins} ORDER BY p.e")

    def verdicts(self, section: str) -> Iterator[tuple[str, str]]:
        """(id, query of the entities' keys and verdicts in words) of the items of a section that keep no dimensions."""
        for name, own in self.plan.resolved.sections.items():
            step = self.plan.reported[name]
            if own == section and not step.term.dims:
                verdict = verdict_text(self.layout.at[step].of("p").v)
                yield name, f"SELECT {self.key(step)}, CAST({verdict} AS VARCHAR) {self.from_(step)} ORDER BY p.e"

    def clusters(self) -> Iterator[str]:
        for name, cluster in self.plan.pack.document.clusters.items():
            step = self.plan.reported[name]
            at = self.layout.at[step].of("p")
            titles = "".join(
                f" WHEN {literal(c.id)} THEN {literal(c.label or c.id)}" for c in cluster.first_match or ()
            )
            title = f"CASE {at.v}{titles} ELSE {at.v} END" if titles else at.v
            if cluster.function is not None:
                title = title_sql(step, at.v) or title
            decided = isinstance(step.term, Decided)
            role = f"p.{at.extra('role')}" if decided else "NULL"
            computed = (
                f"CASE WHEN {role} IS NOT NULL THEN coalesce(p.{at.extra('cv')}, 'unknown') ELSE '' END"
                if decided
                else "''"
            )
            columns = [
                self.level(step), self.key(step), literal(name), at.v, title, reason_text(at.r), computed,
                f"coalesce({role}, '')" if decided else "''",
            ]  # fmt: skip
            yield f"SELECT {', '.join(columns)} {self.from_(step)} ORDER BY p.e"

    def peers(self) -> Iterator[str]:
        for step in self.plan.steps:
            if isinstance(step.term, PeersTerm):
                level = roster(self.plan, step.term.level)
                yield (
                    f"SELECT {self.level(step)}, ent.key, {literal(step.term.item or '')}, p.rank, peer.key, p.distance "
                    f"{self.from_(step)} JOIN {level} peer ON peer.id = p.peer ORDER BY p.e, p.rank"
                )

    def recommendations(self) -> Iterator[Rows]:
        from shsnor.rendering.causes import causes_of

        steps = {s.term: s for s in self.plan.steps}
        for name, term in self.plan.resolved.measures.items():
            measure = self.plan.pack.document.measures[name]
            level = self.plan.resolved.measure_levels[name]
            status, reason, because, joins = "'for_everyone'", Reason("0"), "'[]'", ""
            where, absent = "", "''"
            if term is not None:
                step = self._step_of(term, steps)
                at = self.layout.at[step].of("w")
                causes = causes_of(self.plan, self.layout, f"measures/{name}", level)
                joins = f"LEFT JOIN {quote(at.table)} w ON w.e = {up(self.plan, 'ent', level, step.term.level)} {causes.joins}"
                status = f"CASE WHEN {at.v} THEN 'recommended' ELSE 'undecided' END"
                r = f"coalesce({at.r}, {BIT['no_row']})"
                reason = Reason(r)
                because = f"CASE WHEN {at.v} THEN {causes.listed} ELSE '[]' END"
                where = f"WHERE {at.v} OR ({r} <> 0 AND ({r} & {VACANT}) = 0)"
                words, absences = absence_of(self.plan, self.layout, step, level)
                absent, joins = f"CASE WHEN {r} & {BIT['no_row']} <> 0 THEN {words} ELSE '' END", f"{joins} {absences}"
            roles = json.dumps(measure.responsible or [], ensure_ascii=False)
            columns = [
                literal(self.plan.resolved.levels[level]), "ent.key", literal(name), literal(measure.label), literal(measure.group or ""),
                status, because, literal(measure.deadline or ""), literal(roles), reason, literal(measure.source.document or ""),
                literal(measure.source.clause), literal(measure.source.basis), absent, literal(measure.code or ""),
                literal(measure.stage or ""), literal(json.dumps(measure.months or [])), literal(str(measure.due or "")),
                literal(measure.report or ""),
            ]  # fmt: skip
            yield Rows(
                columns,
                f"FROM {roster(self.plan, level)} ent {joins} {where} ORDER BY ent.id",
            )

    def _step_of(self, term: Term, steps: dict[Term, Step]) -> Step:
        from shsnor.terms import Choice

        while isinstance(term, Choice):
            term = term.options[self.plan.parameters[term.parameter].text]
        return steps[term]

    def entities(self) -> Iterator[str]:
        levels, persons = self.plan.resolved.levels, levels_of_persons(self.plan.pack)
        for i, level in enumerate(levels):
            more = f"ent.latitude, ent.longitude, {str(level in persons).upper()}"
            if i + 1 < len(levels):
                parent = roster(self.plan, i + 1)
                yield (
                    f"SELECT {literal(level)}, ent.key, coalesce(ent.name, ''), {literal(levels[i + 1])}, coalesce(o.key, ''), {more} "
                    f"FROM {roster(self.plan, i)} ent LEFT JOIN {parent} o ON o.id = {up(self.plan, 'ent', i, i + 1)} ORDER BY ent.id"
                )
            else:
                yield f"SELECT {literal(level)}, key, coalesce(name, ''), '', '', {more} FROM {roster(self.plan, i)} ent ORDER BY id"
