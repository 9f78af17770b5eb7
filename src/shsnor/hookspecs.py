"""The whole contract with plugins: one hook for each thing a plugin may give."""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from shsnor.functions import Function

PROJECT = "shsnor"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """What a plugin may implement, with `@shsnor.hookspecs.hookimpl`."""

    @hookspec
    def shsnor_functions(self) -> Iterable[Function]:
        """Called once for each host; returns the functions that packs may name under `function:`."""
        raise AssertionError("a specification is never called")
