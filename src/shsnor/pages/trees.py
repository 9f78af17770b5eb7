"""Sentences under sentences, as nested lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from markupsafe import Markup


class Branch(Protocol):
    """A sentence and what hangs below it, as `explain` draws it."""

    @property
    def text(self) -> str: ...
    @property
    def below(self) -> tuple[Branch, ...]: ...


def tree(branches: Iterable[Branch]) -> Markup:
    """The branches as a list of lists; "" where there are none."""
    from markupsafe import Markup

    return Markup("".join(_listed(tuple(branches), ' class="tree"')))


def _listed(branches: tuple[Branch, ...], attributes: str = "") -> Iterator[str]:
    from markupsafe import escape

    if not branches:
        return
    yield f"<ul{attributes}>\n"
    for branch in branches:
        yield f"<li>{escape(branch.text)}"
        yield from _listed(branch.below)
        yield "</li>\n"
    yield "</ul>\n"
