"""What a function of a plugin is: its id, shape, parameters, and the SQL or the Python that computes it.

Shapes: `table` (a number for each entity), `cluster` (a label for each), `partner` (other entities for each).
A function writes a `query` over the relation of its inputs, which DuckDB runs, or it is a `compute` of Python, called with
the same inputs as rows. Both may add details: weights, contributions, centres, reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Shape = Literal["table", "cluster", "partner"]
Settings: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """What a `query` and its `details` are written for.

    relation   SQL name of a table: `e` INTEGER (the entity's place in the roster, by key), `for_` and `meeting` BOOLEAN
               (true where a peers item names no condition), and the columns of `columns`
    columns    id of an item -> its column: DOUBLE for numbers, VARCHAR for texts; NULL where unknown
    settings   the pack's `with:`, scalars as text
    result     for `details`: SQL name of the table that the query gave, its numbers rounded
    labels     id of an item -> its label in the pack
    """

    relation: str
    columns: Mapping[str, str]
    settings: Settings
    result: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InputRow:
    """One entity as a `compute` sees it.

    e          its place in the roster, by key
    values     id of an item -> number, text, or None where unknown (a criterion: 1.0 met, 0.0 not met)
    for_       whether it is one that peers are asked for; None where unknown, True where the pack names no condition
    meeting    whether it may be a peer; likewise
    """

    e: int
    values: Mapping[str, float | str | None]
    for_: bool | None = True
    meeting: bool | None = True


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a `compute` is called with: every entity of the level in the order of its key, whatever the order of the tables.

    settings   the pack's `with:`, scalars as text
    labels     id of an item -> its label in the pack
    """

    rows: Sequence[InputRow]
    settings: Settings
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Detail:
    """Something that a function says of its result: a weight, what a value contributed, a centre, why there is none.

    name       what it is, as `weight`; with `subject` (an item, a group) and the two entities it says it once
    e, peer    the entity, and the other one, that it concerns; None where it concerns all
    """

    name: str
    subject: str = ""
    value: float | None = None
    text: str = ""
    e: int | None = None
    peer: int | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """What a `compute` returns; entities that have no row are unknown (`declined`).

    rows      table: (e, value); cluster: (e, label); partner: (e, peer, rank, distance), ranks from 1
    titles    of a cluster's labels
    """

    rows: Sequence[tuple[Any, ...]]
    details: Sequence[Detail] = ()
    titles: Mapping[str, str] = field(default_factory=dict)


def _nothing(settings: Settings) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function as a plugin declares it. It has `query` or `compute`, or both: a query of None leaves it to `compute`.

    parameters    JSON Schema of `with:`; a text is read as the number or yes/no that its schema asks for
    inputs        ids of the items it reads, out of the settings
    query         the SELECT: table (e, value), cluster (e, label), partner (e, peer, rank, distance)
    compute       the same in Python; it must depend on its inputs alone
    details       beside a query: a SELECT of (e, peer, name, subject, value, text), as in `Detail`
    labels        of a cluster: the labels there may be, so that a condition or a decision that names another is told so
    requires      modules that it imports with these settings; a pack that needs one that is not installed is told so
    install       what to install to have them, as `shsnor[analysis]`
    internal      its values are for the ministry's own work: no flag, cluster, peers or measure may rest on them, and they
                  stand in no table of the outcome but `internal_marks`
    description   in Russian: formula, units, what happens where something is unknown, source

    Values and distances, and those of details, are rounded to 6 places and put in order by the engine.
    """

    id: str
    shape: Shape
    inputs: Callable[[Settings], list[str]]
    query: Callable[[FunctionCall], str | None] | None = None
    compute: Callable[[Inputs], Computed] | None = None
    details: Callable[[FunctionCall], str] | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    labels: Callable[[Settings], list[str]] | None = None
    requires: Callable[[Settings], tuple[str, ...]] = _nothing
    install: str = ""
    internal: bool = False
    description: str = ""
    plugin: str = ""

    def __post_init__(self) -> None:
        if self.query is None and self.compute is None:
            raise ValueError(f"function {self.id!r}: neither query nor compute")


FunctionTable = Mapping[str, Function]
