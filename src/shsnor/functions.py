"""What a function of a plugin is: its id, shape, parameters and the query it gives.

A function reads a relation of entities with one column for each item it asks for, and returns the text of one SELECT
over it. Shapes: `table` (entity, value), `cluster` (entity, label), `partner` (entity, peer, rank, distance).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Shape = Literal["table", "cluster", "partner"]


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """What a function is called with.

    relation   SQL name of a table: `e` INTEGER (the entity's place in the roster, by key), `for_` and `meeting` BOOLEAN
               (true where a peers item names no condition), and the columns of `columns`
    columns    id of an item -> its column: DOUBLE for numbers, VARCHAR for texts; NULL where unknown
    settings   the pack's `with:`, scalars as text
    """

    relation: str
    columns: Mapping[str, str]
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Function:
    """A function as a plugin declares it.

    parameters   JSON Schema of `with:` (scalars arrive as text)
    inputs       ids of the items it reads, out of the settings
    query        the SELECT; values are rounded to 6 places and ordered by the engine
    """

    id: str
    shape: Shape
    query: Callable[[FunctionCall], str]
    inputs: Callable[[Mapping[str, Any]], list[str]]
    parameters: dict[str, Any] = field(default_factory=dict)
    description: str = ""
    plugin: str = ""


FunctionTable = Mapping[str, Function]
