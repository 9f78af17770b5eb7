"""Plots as SVG inside a page: drawn without scripts, readable without colour, described in words for those who hear them.

Each plot has an `id` that no other plot of the page has, a title and a description; both are read aloud.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from shsnor.wording.phrases import number

if TYPE_CHECKING:
    from markupsafe import Markup

_ACCENT, _SOFT, _LINE, _EDGE = "#1f4f82", "#4d5561", "#c9ced6", "#8a4300"

#: What a part of a bar is filled with, by verdict: dark, light, white with a dashed edge — told apart without colour.
_FILLS = {"met": "#1f4f82", "not_met": "#c5d5e6", "unknown": "#ffffff"}


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A place on the map: degrees, what it is called, how it is drawn (met, not_met, unknown)."""

    latitude: float
    longitude: float
    name: str
    verdict: str


def framed(id: str, title: str, desc: str, width: int, height: int, body: Iterable[str]) -> Markup:
    """The SVG picture of that size, its parts already escaped; a `title` of "" makes it decoration that nobody hears."""
    from markupsafe import Markup, escape

    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    if not title:
        return Markup(f'<svg {size} aria-hidden="true">{"".join(body)}</svg>')
    heard = f'<title id="{id}-t">{escape(title)}</title><desc id="{id}-d">{escape(desc)}</desc>'
    return Markup(
        f'<svg {size} role="img" aria-labelledby="{id}-t" aria-describedby="{id}-d">{heard}{"".join(body)}</svg>'
    )


def histogram(
    id: str, values: Sequence[Decimal], *, title: str, desc: str, thresholds: Sequence[Decimal] = (), bins: int = 16
) -> Markup:
    """How many entities have which value; a dashed line at each threshold. Without values an empty frame.

    values   of one indicator, in its unit
    """
    width, height, left, bottom, top = 330, 170, 34, 26, 16
    if not values:
        return framed(id, title, desc, width, height, [_text(width / 2, height / 2, "нет данных", "middle")])
    ends = [float(value) for value in (*values, *thresholds)]
    low, high = min(ends), max(ends)
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts = [0] * bins
    for value in values:
        counts[min(int((float(value) - low) / (high - low) * bins), bins - 1)] += 1
    across, up = (width - left - 10) / bins, (height - top - bottom) / max(counts)
    floor = height - bottom
    body = [
        f'<rect x="{left + place * across + 0.5:.1f}" y="{floor - n * up:.1f}" width="{across - 1:.1f}" '
        f'height="{n * up:.1f}" fill="{_ACCENT}"/>'
        for place, n in enumerate(counts)
        if n
    ]
    body.append(_line(left, floor, width - 10, floor, _SOFT))
    for threshold in thresholds:
        x = left + (float(threshold) - low) / (high - low) * (width - left - 10)
        body.append(_line(x, top, x, floor, _EDGE, dashed=True))
        anchor = "end" if x > width * 0.7 else "start" if x < width * 0.3 else "middle"
        body.append(_text(x, top - 4, f"порог {_short(threshold)}", anchor))
    body += [_text(left, height - 8, _short(Decimal(str(low))), "start")]
    body += [_text(width - 10, height - 8, _short(Decimal(str(high))), "end")]
    body += [_text(left - 5, top + 8, str(max(counts)), "end"), _text(left - 5, floor, "0", "end")]
    return framed(id, title, desc, width, height, body)


def share_bar(met: int, not_met: int, unknown: int, width: int = 180) -> Markup:
    """A bar of three parts beside a row of numbers, which says the same: nobody hears it."""
    total = met + not_met + unknown
    x, body = 0.5, []
    for verdict, n in (("met", met), ("not_met", not_met), ("unknown", unknown)):
        part = (width - 1) * n / total if total else 0
        if part:
            dash = ' stroke-dasharray="3 2"' if verdict == "unknown" else ""
            body.append(
                f'<rect x="{x:.1f}" y="1.5" width="{part:.1f}" height="11" fill="{_FILLS[verdict]}" '
                f'stroke="{_SOFT}" stroke-width="1"{dash}/>'
            )
        x += part
    return framed("", "", "", width, 14, body)


def trend(
    own: Sequence[tuple[str, Decimal | None]], other: Sequence[tuple[str, Decimal | None]], *,
    title: str, threshold: Decimal | None = None,
) -> Markup:  # fmt: skip
    """A small line over the years: the school's thick with dots, the others' thin, the threshold dashed.

    own, other   (year, value) of the same years, in order; None leaves a gap
    """
    from markupsafe import Markup, escape

    width, height, margin = 108, 40, 6
    known = [float(value) for _, value in (*own, *other) if value is not None]
    known += [] if threshold is None else [float(threshold)]
    low, high = min(known, default=0), max(known, default=0)
    step = (width - 2 * margin) / max(len(own) - 1, 1)

    def point(place: int, value: Decimal) -> str:
        part = (float(value) - low) / (high - low) if high > low else 0.5
        return f"{round(margin + place * step)} {round(height - margin - part * (height - 2 * margin))}"

    def line(points: Sequence[tuple[str, Decimal | None]]) -> str:
        told, last = "", None
        for place, (_, value) in enumerate(points):
            told += "" if value is None else ("M" if last is None else "L") + point(place, value)
            last = value
        return told

    dots = "".join(f"M{point(place, value)}h0" for place, (_, value) in enumerate(own) if value is not None)
    level = "" if threshold is None else f"M0 {point(0, threshold).split(' ')[1]}H{width}"
    paths = (("limit", level), ("other", line(other)), ("own", line(own)), ("dots", dots))
    body = "".join(f'<path class="{name}" d="{d}"/>' for name, d in paths if d)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return Markup(f'<svg class="trend" {size} role="img"><title>{escape(title)}</title>{body}</svg>')


def points_map(id: str, points: Sequence[MapPoint], *, title: str, desc: str, width: int = 640) -> Markup:
    """Places as they lie to each other, north up: square, round, or round and dashed by their verdict; no map lies below.

    A degree of longitude is drawn as long as it is at the middle latitude.
    """
    from markupsafe import escape

    margin = 14
    latitudes, longitudes = [p.latitude for p in points], [p.longitude for p in points]
    squeeze = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2))
    wide = max((max(longitudes) - min(longitudes)) * squeeze, 1e-6)
    tall = max(max(latitudes) - min(latitudes), 1e-6)
    scale = min((width - 2 * margin) / wide, 520 / tall)
    height = round(tall * scale) + 2 * margin
    indent = (width - wide * scale) / 2
    body = [f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" fill="#fff" stroke="{_LINE}"/>']
    # Those who need help are drawn last, over the others.
    for point in sorted(points, key=lambda p: p.verdict == "met"):
        x = indent + (point.longitude - min(longitudes)) * squeeze * scale
        y = margin + (max(latitudes) - point.latitude) * scale
        body.append(_mark(point.verdict, x, y, str(escape(point.name))))
    return framed(id, title, desc, width, height, body)


def _mark(verdict: str, x: float, y: float, name: str) -> str:
    told = f"<title>{name}</title>"
    if verdict == "met":
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{_FILLS[verdict]}">{told}</rect>'
    dash = ' stroke-dasharray="2 1.5"' if verdict == "unknown" else ""
    fill = "#fff" if verdict == "unknown" else _FILLS["not_met"]
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{fill}" stroke="{_SOFT}"{dash}>{told}</circle>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, weight: float = 1.2, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 3"' if dashed else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{weight}"{dash}/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    from markupsafe import escape

    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _short(value: Decimal) -> str:
    """At most three significant digits after the point are lost: an axis needs no more."""
    return number(Decimal(f"{value:.4g}").normalize() + 0, "ru")
