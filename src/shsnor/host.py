"""Finds plugins and returns one table of functions; a value, not a global."""

from __future__ import annotations

from types import MappingProxyType

from shsnor.errors import Findings, UsageError
from shsnor.functions import Function, FunctionTable

#: Built-in features go through the same hooks as anybody's.
BUILT_IN = ("shsnor.plugins.nearest",)


def find_functions() -> FunctionTable:
    """All functions of all plugins by id.

    raises  UsageError where two plugins give a function of one id
    """
    import importlib

    import pluggy

    from shsnor.hookspecs import PROJECT, Hooks

    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    for name in BUILT_IN:
        manager.register(importlib.import_module(name), name)
    manager.check_pending()
    found: dict[str, Function] = {}
    findings = Findings()
    for functions in manager.hook.shsnor_functions():
        for function in functions:
            if function.id in found:
                findings.add("SH325", name=function.id, first=found[function.id].plugin, second=function.plugin)
            found[function.id] = function
    if findings.errors:
        raise UsageError(findings)
    return MappingProxyType(found)
