"""The `with:` of a function: its `$parameters` put in place, its form checked by the function's own schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shsnor.functions import Function
from shsnor.resolving.schema_faults import SchemaFault, schema_faults
from shsnor.resolving.scope import Broken, Scope


def parameters_in(settings: Any) -> Iterator[str]:
    """Names of the parameters that stand in settings, as `$name` wherever a value may stand."""
    if isinstance(settings, str):
        if settings.startswith("$"):
            yield settings[1:]
    elif isinstance(settings, Mapping | list):
        for value in settings.values() if isinstance(settings, Mapping) else settings:
            yield from parameters_in(value)


def settled(settings: Any, worth: Callable[[str], str]) -> Any:
    """The settings with each `$name` replaced by what it is worth."""
    if isinstance(settings, str):
        return worth(settings[1:]) if settings.startswith("$") else settings
    if isinstance(settings, Mapping):
        return {key: settled(value, worth) for key, value in settings.items()}
    return [settled(value, worth) for value in settings] if isinstance(settings, list) else settings


def wrong_settings(function: Function, settings: Mapping[str, Any]) -> list[SchemaFault]:
    """Everything that the function's schema refuses, with its place inside `with`."""
    return schema_faults(function.parameters, settings) if function.parameters else []


def told(function: Function, fault: SchemaFault) -> dict[str, Any]:
    """The details of a finding SH321."""
    return {"function": function.id, "plugin": function.plugin, **dict(fault.details)}


def check_settings(scope: Scope, function: Function, settings: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The settings with the first value of each parameter; those of all dates are checked.

    raises  Broken where a parameter is unknown or the function refuses the settings
    """
    values: dict[str, list[str]] = {}
    for name in parameters_in(settings):
        scope.parameter(name, f"{path}/with")
        values[name] = list(scope.document.parameters[name].values.values())
    variants = []
    for i in range(max((len(v) for v in values.values()), default=1)):
        worth = {name: v[min(i, len(v) - 1)] for name, v in values.items()}
        variants.append(settled(settings, worth.__getitem__))
    wrong = dict.fromkeys(found for variant in variants for found in wrong_settings(function, variant))
    for fault in wrong:
        scope.fail_only("SH321", f"{path}/with/{fault.where}".rstrip("/"), **told(function, fault))
    if wrong:
        raise Broken
    first: Mapping[str, Any] = variants[0]
    return first
