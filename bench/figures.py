"""What was measured, as one table beside the targets; and beside the figures of the last release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from bench.targets import FIGURES, Target

#: By how much a ratio must differ from the last release's to be told: machines are shared, runs are noisy.
MARGIN = 1.25


@dataclass(frozen=True)
class Figure:
    """A figure of `targets.FIGURES`.

    rows    of students; None where their number is of no account
    value   None where it was not measured; `note` says why
    """

    id: str
    rows: int | None
    value: float | None
    note: str = ""

    @property
    def target(self) -> Target:
        return FIGURES[self.id]

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None where it was not measured, or has none for so many rows."""
        return None if self.value is None else self.target.holds(self.rows, self.value)

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"unit": self.target.unit, "holds": self.holds}


def with_missing(found: Iterable[Figure]) -> list[Figure]:
    """Figures in the order of the targets, and one that was not measured for each target that is missing."""
    known = {(f.id, f.rows): f for f in found}
    listed = []
    for name, target in FIGURES.items():
        sizes = {rows for there, rows in known if there == name} | set(target.limits)
        for rows in sorted(sizes, key=lambda size: size or 0):
            listed.append(known.get((name, rows)) or Figure(name, rows, None))
    return listed


def cells(figure: Figure) -> tuple[str, str, str, str, str]:
    """Name, rows, value, target, and whether it holds, as words."""
    target, rows = figure.target, figure.rows
    value = "not measured" if figure.value is None else said(figure.value, target.unit)
    limit = target.limits.get(rows)
    aim = "" if limit is None else f"{'≥' if target.least else '≤'} {limit:g} {target.unit}"
    holds = {True: "yes", False: "NO", None: ""}[figure.holds]
    return target.name, "" if rows is None else f"{rows:,}", value, aim, f"{holds} {figure.note}".strip()


def said(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}" if abs(value) >= 0.1 or not value else f"{value:.2g} {unit}"


HEAD = ("figure", "student rows", "measured", "target", "holds")


def table(found: Iterable[Figure]) -> str:
    """The table for a terminal."""
    lines = [HEAD, *(cells(f) for f in with_missing(found))]
    width = [max(len(line[k]) for line in lines) for k in range(len(HEAD))]
    return "\n".join(
        f"{name:{width[0]}}  {rows:>{width[1]}}  {value:>{width[2]}}  {aim:>{width[3]}}  {holds}".rstrip()
        for name, rows, value, aim, holds in lines
    )


def markdown(found: Iterable[Figure]) -> str:
    """The table for a page."""
    lines = [HEAD, ("---", "---:", "---:", "---:", "---"), *(cells(f) for f in with_missing(found))]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def got_worse(found: Iterable[Figure], last: Mapping[str, float]) -> Iterator[tuple[Figure, float, str]]:
    """Each ratio with the last release's, and `worse`, `better` or nothing where they differ by less than the margin."""
    for figure in found:
        before = last.get(figure.id)
        if before is None or figure.value is None or figure.target.unit != "times" or not before or not figure.value:
            continue
        change = before / figure.value if figure.target.least else figure.value / before
        yield figure, before, "worse" if change > MARGIN else "better" if change < 1 / MARGIN else ""
