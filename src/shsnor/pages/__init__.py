"""Pages for people: templates filled in to HTML that needs no script and nothing from outside.

A page is one file: its style stands inside it, its plots are SVG. Whatever is put in is shown as text, never read as HTML.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from shsnor.pages import filters

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render", "style"]


def render(template: str, **values: object) -> str:
    """The text of `templates/TEMPLATE` with the values put in; a name that the template asks for must be there.

    Texts are escaped; only what is `markupsafe.Markup`, as the plots of `shsnor.pages.plots` are, goes in as it is.
    """
    return _environment().get_template(template).render(values)


@cache
def style() -> str:
    """The one style sheet of all pages, as CSS."""
    return files("shsnor.pages").joinpath("templates/style.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("shsnor.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # else each page asks the disk whether a template has changed
    )
    environment.filters.update(filters.FILTERS)
    environment.globals["style"] = _style
    return environment


def _style() -> object:
    from markupsafe import Markup

    return Markup(style())
