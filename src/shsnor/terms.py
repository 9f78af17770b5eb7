"""What a pack means: a graph of terms, each with its level, dimensions, kind and unit.

`resolving` builds it from the pack alone; `planning` settles dates, parameters and readings and puts it in order;
`rendering` makes one query of each term. A term knows the terms it reads and nothing of SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from shsnor.expressions import Expr
from shsnor.nodes import CellEntry, Group, MetIn, Years
from shsnor.pack import Item

TermKind = Literal["number", "text", "verdict", "label"]

#: The closed list of reasons, as bits, in the order in which "the first reason" is taken (rule 5, reading 5).
REASONS = (
    "no_row", "empty_value", "hidden", "too_few", "empty_group", "declined", "not_held", "not_applicable", "left_out"
)  # fmt: skip
BIT = {name: 1 << i for i, name in enumerate(REASONS)}
#: Nothing could have been there; `left_out` is the vacancy that `missing: leave_out` makes.
VACANT = BIT["not_held"] | BIT["not_applicable"] | BIT["left_out"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or text written in the pack."""

    value: Decimal | str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A `$parameter`, settled by the evaluation's date."""

    name: str


Scalar = Constant | Parameter


# No term has a repr of its own: it would write out all that it rests on; 21 of them less to make at each start.
@dataclass(eq=False, kw_only=True, repr=False)
class Term:
    """A value or verdict of each entity of a level, for each of its cells.

    dims     names of its dimensions, sorted
    open     those of them for which nobody knows what ought to be there
    own      whether it vouches for cells (a group statistic does not)
    path     where it stands in the pack
    item     id of the named item it is, or None
    """

    path: str
    level: int = 0
    dims: tuple[str, ...] = ()
    open: frozenset[str] = frozenset()
    own: bool = True
    kind: TermKind = "number"
    unit: str | None = None
    item: str | None = None

    def parts(self) -> Iterator[Term]:
        """The terms it reads, in order."""
        yield from ()

    def void_applies(self) -> list[Term]:
        """The `applies_to` that say why an entity has no cell at all (reading 3)."""
        return []


@dataclass(eq=False, kw_only=True, repr=False)
class Cells:
    """One entry of `cells`: its dimensions with their values, and to whom it applies."""

    entry: CellEntry
    values: dict[str, list[str]]
    applies: Term | None


@dataclass(eq=False, kw_only=True, repr=False)
class TableValue(Term):
    """An indicator over the rows of a table; `pool` where rows of several entities are put together."""

    table: str
    value: Expr
    where: Expr | None
    by: tuple[str, ...]
    cells: list[Cells] = field(default_factory=list)
    years: Years | None = None
    minimum: dict[str, Scalar] = field(default_factory=dict)
    at_least_known: int | None = None
    digits: int | None = None
    table_level: int = 0
    member_applies: Term | None = None
    pool: GroupOf | None = None
    grouped: bool = False  # `pooled` among a group (a reason of its own) rather than `level`
    at_least_members: int = 0

    def parts(self) -> Iterator[Term]:
        yield from (c.applies for c in self.cells if c.applies is not None)
        if self.member_applies is not None:
            yield self.member_applies
        if self.pool is not None:
            yield from self.pool.parts()


@dataclass(eq=False, kw_only=True, repr=False)
class GroupOf:
    """A comparison group: entities of `within` (a level), perhaps the same in some texts, peers, meeting a criterion."""

    spec: Group
    within: int
    same: list[Term] = field(default_factory=list)
    peers: PeersTerm | None = None
    meeting: Term | None = None
    without_self: bool = False

    @property
    def of_level(self) -> bool:
        """Whether the group is one of a level, so that the result belongs to that level (rule 18)."""
        return not self.same and self.peers is None and not self.without_self

    def parts(self) -> Iterator[Term]:
        yield from self.same
        if self.peers is not None:
            yield self.peers
        if self.meeting is not None:
            yield self.meeting


@dataclass(eq=False, kw_only=True, repr=False)
class Calc(Term):
    """An expression over other items."""

    value: Expr
    reads: dict[str, Term]
    digits: int | None = None

    def parts(self) -> Iterator[Term]:
        yield from self.reads.values()

    def void_applies(self) -> list[Term]:
        return next(iter(self.reads.values())).void_applies() if len(self.reads) == 1 else []


@dataclass(eq=False, kw_only=True, repr=False)
class Fold(Term):
    """`over … combine`: dimensions taken away by a statistic."""

    part: Term
    over: tuple[str, ...]
    combine: str
    border: Decimal | None = None
    years: Years | None = None
    at_least_known: int | None = None
    digits: int | None = None

    def parts(self) -> Iterator[Term]:
        yield self.part


@dataclass(eq=False, kw_only=True, repr=False)
class GroupStat(Term):
    """`among … combine`: a statistic of the members' values."""

    part: Term
    group: GroupOf
    combine: str
    border: Decimal | None = None
    at_least_known: int = 1
    digits: int | None = None
    better: str | None = None

    def parts(self) -> Iterator[Term]:
        yield self.part
        yield from self.group.parts()


@dataclass(eq=False, kw_only=True, repr=False)
class FunctionTerm(Term):
    """A value or label that a plugin function gives."""

    function: str
    settings: dict[str, object]
    reads: dict[str, Term]

    def parts(self) -> Iterator[Term]:
        yield from self.reads.values()


@dataclass(eq=False, kw_only=True, repr=False)
class PeersTerm(FunctionTerm):
    """Other entities for each entity, nearest first."""

    for_: Term | None = None
    meeting: Term | None = None

    def parts(self) -> Iterator[Term]:
        yield from self.reads.values()
        yield from (t for t in (self.for_, self.meeting) if t is not None)


@dataclass(eq=False, kw_only=True, repr=False)
class Choice(Term):
    """A choice between readings, settled by a text parameter when the plan is made."""

    parameter: str
    options: dict[str, Term]

    def parts(self) -> Iterator[Term]:
        yield from self.options.values()

    def void_applies(self) -> list[Term]:
        return next(iter(self.options.values())).void_applies()


@dataclass(eq=False, kw_only=True, repr=False)
class Leaf(Term):
    """A value compared with a constant, a parameter or another value."""

    value: Term
    comparison: str
    operand: Term | Scalar | tuple[Scalar, ...] | bool
    missing: str = "unknown"
    indicator: str = ""

    def parts(self) -> Iterator[Term]:
        yield self.value
        if isinstance(self.operand, Term):
            yield self.operand

    def void_applies(self) -> list[Term]:
        return self.value.void_applies()


@dataclass(eq=False, kw_only=True, repr=False)
class ClusterIs(Term):
    cluster: Term
    labels: tuple[str, ...]

    def parts(self) -> Iterator[Term]:
        yield self.cluster


@dataclass(eq=False, kw_only=True, repr=False)
class Quantifier(Term):
    """Dimensions taken away by counting in how many cells the part is met."""

    part: Term
    over: tuple[str, ...]
    met_in: MetIn | str
    years: Years | None = None

    def parts(self) -> Iterator[Term]:
        yield self.part


@dataclass(eq=False, kw_only=True, repr=False)
class Many(Term):
    """`all`, `any` or `of`."""

    how: Literal["all", "any", "of"]
    members: list[Term]
    weights: list[Decimal] | None = None
    met_in: MetIn | str = "every"

    def parts(self) -> Iterator[Term]:
        yield from self.members


@dataclass(eq=False, kw_only=True, repr=False)
class Not(Term):
    part: Term

    def parts(self) -> Iterator[Term]:
        yield self.part

    def void_applies(self) -> list[Term]:
        return self.part.void_applies()


@dataclass(eq=False, kw_only=True, repr=False)
class Same(Term):
    """A flag: its condition under a name of its own."""

    part: Term

    def parts(self) -> Iterator[Term]:
        yield self.part


@dataclass(eq=False, kw_only=True, repr=False)
class FirstMatch(Term):
    """A cluster: the label of the first case that is met; `otherwise` for all that are left."""

    cases: list[tuple[str, Term]]
    otherwise: str | None

    def parts(self) -> Iterator[Term]:
        yield from (t for _, t in self.cases)


@dataclass(eq=False, kw_only=True, repr=False)
class Applied(Term):
    """A part where `applies_to` is met; not applicable where it is not."""

    part: Term
    applies: Term

    def parts(self) -> Iterator[Term]:
        yield self.part
        yield self.applies

    def void_applies(self) -> list[Term]:
        return [self.applies, *self.part.void_applies()]


@dataclass(eq=False, kw_only=True, repr=False)
class Decided(Term):
    """A verdict or label that an expert's decision may replace; both are kept (rule 22)."""

    part: Term
    section: str

    def parts(self) -> Iterator[Term]:
        yield self.part

    def void_applies(self) -> list[Term]:
        return self.part.void_applies()


@dataclass(eq=False, kw_only=True, repr=False)
class Statement:
    """The tree of nodes of a criterion or flag as the author wrote it: what `explain` draws.

    path      place inside the item: "" for its root, else as `all/0`
    node      leaf, quantifier, all, any, of, not, cluster, choose, item
    term      what the node is worth, `applies_to` and decisions of the item included
    refers    id of the item that a node names
    """

    path: str
    node: str
    term: Term
    refers: str = ""
    children: list[Statement] = field(default_factory=list)

    def walk(self) -> Iterator[Statement]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(eq=False, kw_only=True, repr=False)
class Resolved:
    """The meaning of a pack: every named item with its term and, for criteria and flags, its statement.

    uses     `section/id` of an item -> the key paths that name it
    """

    levels: list[str]
    terms: dict[str, Term] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    peers: dict[str, PeersTerm] = field(default_factory=dict)
    measures: dict[str, Term | None] = field(default_factory=dict)
    measure_levels: dict[str, int] = field(default_factory=dict)
    uses: dict[str, list[str]] = field(default_factory=dict)

    def all_terms(self) -> Iterator[Term]:
        """What the items are worth, and everything that rests on, each once."""
        measures = (term for term in self.measures.values() if term is not None)
        yield from reachable([*self.terms.values(), *self.peers.values(), *measures])


def reachable(terms: Iterable[Term]) -> Iterator[Term]:
    """The terms and everything they read, all readings included, each once."""
    seen: set[Term] = set()
    waiting = list(terms)[::-1]
    while waiting:
        term = waiting.pop()
        if term not in seen:
            seen.add(term)
            yield term
            waiting += term.parts()
