"""A sweep of a parameter as text with bars, and as a picture that needs nothing from outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from shsnor.wording import quantity
from shsnor.wording.comparisons import say
from shsnor.wording.phrases import Lang, number

if TYPE_CHECKING:
    from shsnor.turning import Point
    from shsnor.whatif import Sweep

_BAR = 40
#: So many values at which somebody changes are told of one flag.
_MOST_POINTS = 60
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 720, 380, 56, 48, 40
#: Colours that differ in lightness too, and dashes, so that no curve is told by its colour alone.
_STROKES = (("#1b4f72", ""), ("#b9770e", "8 4"), ("#117a65", "2 3"), ("#922b21", "10 3 2 3"), ("#5b2c6f", "1 5"))


def sweep_text(sweep: Sweep, lang: Lang) -> str:
    """The head, for each flag a table with bars and the values at which somebody changes."""
    values = list(sweep.counts)
    ends = {"low": _value(sweep, values[0], lang), "high": _value(sweep, values[-1], lang)}
    now = quantity(sweep.now, sweep.unit, lang)
    lines = [say("sweep", lang, label=sweep.label, id=sweep.parameter, now=now, **ends)]
    if not sweep.labels:
        return "\n".join([*lines, "", say("untouched", lang)])
    if not sweep.turning.exact:
        lines.append(say("inexact", lang))
    for flag, label in sweep.labels.items():
        lines += ["", say("sweep_flag", lang, label=label), *_bars(sweep, flag, lang), *_points(sweep, flag, lang)]
    return "\n".join(lines)


def _value(sweep: Sweep, value: Decimal, lang: Lang) -> str:
    return quantity(format(value.normalize(), "f"), sweep.unit, lang)


def _bars(sweep: Sweep, flag: str, lang: Lang) -> Iterator[str]:
    counts = {value: flags[flag] for value, flags in sweep.counts.items() if flag in flags}
    most = max((raised for raised, _ in counts.values()), default=0) or 1
    shown = {value: _value(sweep, value, lang) for value in counts}
    width = max(map(len, shown.values()))
    for value, (raised, unknown) in counts.items():
        bar = "█" * round(_BAR * raised / most)
        now = f"  ← {say('now', lang)}" if Decimal(sweep.now) == value else ""
        gap = f" ({say('unknown', lang)}: {number(unknown, lang)})" if unknown else ""
        yield f"  {shown[value]:>{width}}  {bar}{' ' if bar else ''}{number(raised, lang)}{gap}{now}"


def _points(sweep: Sweep, flag: str, lang: Lang) -> Iterator[str]:
    groups: dict[tuple[Decimal, bool], list[Point]] = {}
    for point in sweep.turning.points:
        if point.flag == flag:
            groups.setdefault((point.value, point.above), []).append(point)
    if not groups:
        return
    if sweep.turning.exact:
        yield "  " + say("turning", lang, n=number(len(groups), lang))
    for (value, above), points in list(groups.items())[:_MOST_POINTS]:
        where = say("above" if above else "from", lang, value=_value(sweep, value, lang))
        kinds = Counter(_kind(point) for point in points)
        yield f"    {where}: " + ", ".join(say(kind, lang, n=number(n, lang)) for kind, n in sorted(kinds.items()))
    if len(groups) > _MOST_POINTS:
        yield "    " + say("more", lang, n=number(len(groups) - _MOST_POINTS, lang))


def _kind(point: Point) -> str:
    if point.after == "met":
        return "met"
    if point.after == "unknown":
        return "not_known"
    return "not_met" if point.before == "met" else "settled"


def sweep_svg(sweep: Sweep, lang: Lang) -> str:
    """The number raised along the values, a stepped curve for each flag, with a title for those who do not see it."""
    values = list(sweep.counts)
    low, high = values[0], values[-1]
    most = max((raised for flags in sweep.counts.values() for raised, _ in flags.values()), default=0) or 1

    def x(value: Decimal) -> float:
        return round(_LEFT + float((value - low) / (high - low)) * (_WIDTH - _LEFT - 20), 1)

    def y(count: int) -> float:
        return round(_HEIGHT - _BOTTOM - count / most * (_HEIGHT - _BOTTOM - _TOP - 18 * len(sweep.labels)), 1)

    title = escape(say("curve", lang, label=sweep.label))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" lang="{lang}" '
        f'font-family="sans-serif" font-size="13"><title>{title}</title><desc>{escape(_told(sweep, lang))}</desc>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="20" font-size="15">{title}</text>',
        f'<path d="M{_LEFT} {y(0)}H{_WIDTH - 20}M{_LEFT} {y(0)}V{y(most)}" stroke="#444" fill="none"/>',
    ]
    for count in sorted({0, most // 2, most}):
        parts.append(f'<text x="{_LEFT - 6}" y="{y(count) + 4}" text-anchor="end">{number(count, lang)}</text>')
    for value in (low, (low + high) / 2, high):
        parts.append(
            f'<text x="{x(value)}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{escape(_value(sweep, value, lang))}</text>'
        )
    now = Decimal(sweep.now)
    if low <= now <= high:
        parts.append(
            f'<path d="M{x(now)} {y(0)}V{y(most)}" stroke="#777" stroke-dasharray="3 3"/>'
            f'<text x="{x(now)}" y="{_HEIGHT - 10}" text-anchor="middle">{say("now", lang)}</text>'
        )
    for place, (flag, label) in enumerate(sweep.labels.items()):
        colour, dashes = _STROKES[place % len(_STROKES)]
        stroke = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes or "none"}" fill="none"'
        parts.append(f'<path d="{_curve(sweep, flag, x, y)}" {stroke}/>')
        above = _TOP + 18 * place
        parts.append(
            f'<path d="M{_LEFT + 12} {above}h28" {stroke}/><text x="{_LEFT + 48}" y="{above + 4}">{escape(label)}</text>'
        )
    return "".join([*parts, "</svg>\n"])


def _curve(sweep: Sweep, flag: str, x: Callable[[Decimal], float], y: Callable[[int], float]) -> str:
    raised = sum(v == "met" for v in sweep.turning.lowest[flag].values())
    values = list(sweep.counts)
    path = [f"M{x(values[0])} {y(raised)}"]
    for point in sweep.turning.points:
        if point.flag == flag and (change := (point.after == "met") - (point.before == "met")):
            raised += change
            path.append(f"H{x(point.value)}V{y(raised)}")
    return "".join([*path, f"H{x(values[-1])}"])


def _told(sweep: Sweep, lang: Lang) -> str:
    values = list(sweep.counts)
    ends = (
        f"{label}: {_value(sweep, v, lang)} — {number(sweep.counts[v][flag][0], lang)}"
        for flag, label in sweep.labels.items()
        for v in (values[0], values[-1])
    )
    return "; ".join(ends)
