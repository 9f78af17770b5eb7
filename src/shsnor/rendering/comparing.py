"""A value compared with numbers or texts."""

from __future__ import annotations

from decimal import Decimal

from shsnor.planning import Plan
from shsnor.rendering.formulas import VALUE
from shsnor.sql import literal
from shsnor.terms import Leaf, Parameter, Scalar

#: The table (e, p) of the parameter that varies from entity to entity.
VARYING = "varying"

_SYMBOLS = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<"}


def scalar_sql(value: Decimal | str) -> str:
    return literal(value) if isinstance(value, str) else f"CAST({format(value, 'f')} AS {VALUE})"


def varies(plan: Plan, scalar: Scalar) -> bool:
    """Whether it is the parameter that varies from entity to entity."""
    return isinstance(scalar, Parameter) and scalar.name == plan.varying


def compared(leaf: Leaf, x: str, operand: str) -> str:
    """SQL of the comparison of `x` with one value."""
    return f"({x} {_SYMBOLS.get(leaf.comparison, '=')} {operand})"


def compared_with_constants(plan: Plan, leaf: Leaf, x: str) -> str:
    """SQL of the comparison of `x` with a constant or parameter, or with a list of them; of one that varies with the value of
    the row's entity."""
    operand = leaf.operand
    if isinstance(operand, tuple):
        return f"({x} IN ({', '.join(scalar_sql(plan.scalar(s)) for s in operand)}))"
    assert isinstance(operand, Scalar)
    if varies(plan, operand):
        return compared(leaf, x, f"(SELECT y.p FROM {VARYING} y WHERE y.e = ent.id)")
    return compared(leaf, x, scalar_sql(plan.scalar(operand)))
