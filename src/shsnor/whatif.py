"""What a change of parameters does to the lists before the order is signed: who comes, who goes, at which value exactly."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

from shsnor.comparing import Comparison, compare
from shsnor.documents import read_yaml
from shsnor.errors import UsageError, nearest
from shsnor.evaluating import Workspace
from shsnor.host import Host
from shsnor.outcomes import Outcome
from shsnor.pack import Pack, as_number, must_be_pack
from shsnor.periods import AsOf
from shsnor.progress import Progress, silent
from shsnor.reading import TablesArg
from shsnor.store import Settings
from shsnor.turning import Turning, turning_points
from shsnor.wording.phrases import Lang

#: A sweep has so many values at most: it is meant to be looked at.
MOST_VALUES = 1000


@dataclass
class WhatIf:
    """Two outcomes of one pack over the same rows, and what differs; closing it closes both. A context manager.

    parameters   those changed: id -> (value before, value after)
    """

    before: Outcome
    after: Outcome
    comparison: Comparison
    parameters: dict[str, tuple[str, str]]

    def text(self, lang: Lang = "ru") -> str:
        """Flag by flag who comes and who goes, municipality by municipality, each with the reason."""
        from shsnor.comparing.texts import what_if_text

        return what_if_text(self.parameters, self.comparison, lang)

    def close(self) -> None:
        self.before.close()
        self.after.close()

    def __enter__(self) -> WhatIf:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def what_if(
    pack: Pack,
    tables: TablesArg | Workspace,
    *,
    as_of: str | int | datetime.date | AsOf,
    parameters: Mapping[str, Any],
    flags: Iterable[str] | None = None,
    without: Iterable[str] = (),
    settings: Settings | Mapping[str, Any] | None = None,
    host: Host | None = None,
    progress: Progress = silent,
) -> WhatIf:
    """The pack as it is against the pack with other parameters, over rows that are read once.

    parameters   id -> value, as `{"low_limit": 25}`
    flags        only these are compared; default all
    raises       as `evaluate`; UsageError SH921 where no parameter is given, SH920 for a flag that the pack has not
    """
    must_be_pack(pack)
    if not parameters:
        raise UsageError.of("SH921")
    _known_flags(pack, flags)
    with _workspace(tables, settings, host, progress) as workspace:
        before = workspace.evaluate(pack, as_of=as_of, without=without)
        try:
            after = workspace.evaluate(pack, as_of=as_of, without=without, parameters=parameters)
        except BaseException:
            before.close()
            raise
    was, now = (side.manifest.evaluation["parameters"] for side in (before, after))
    changed = {name: (str(was[name]["value"]), str(now[name]["value"])) for name in parameters}
    return WhatIf(before, after, compare(before, after, flags=flags), changed)


@dataclass(frozen=True)
class Sweep:
    """How many entities each flag is raised for along the values of a parameter.

    unit     of the parameter
    now      its value in force
    counts   value -> flag -> (raised, unknown)
    turning  where exactly an entity's flag changes, between the lowest and the highest value
    labels   flag -> label
    """

    parameter: str
    label: str
    unit: str
    now: str
    counts: dict[Decimal, dict[str, tuple[int, int]]]
    turning: Turning
    labels: dict[str, str]

    def text(self, lang: Lang = "ru") -> str:
        """A table with bars, and the exact values at which somebody changes."""
        from shsnor.comparing.sweeps import sweep_text

        return sweep_text(self, lang)

    def svg(self, lang: Lang = "ru") -> str:
        """The curve of each flag as a picture that needs nothing from outside."""
        from shsnor.comparing.sweeps import sweep_svg

        return sweep_svg(self, lang)


def sweep(
    pack: Pack,
    tables: TablesArg | Workspace,
    *,
    as_of: str | int | datetime.date | AsOf,
    parameter: str,
    values: Sequence[Decimal | int | str],
    parameters: Mapping[str, Any] | None = None,
    flags: Iterable[str] | None = None,
    without: Iterable[str] = (),
    settings: Settings | Mapping[str, Any] | None = None,
    host: Host | None = None,
    progress: Progress = silent,
) -> Sweep:
    """How many are flagged at each of the values of a parameter, and at which values between them someone changes.

    values       at least two numbers; see `span`
    parameters   further parameters, the same at every value
    flags        only these; default all that change anywhere in the span
    raises       as `evaluate`; UsageError SH509 no such parameter, SH922 it is no number, SH923 too few or too many values,
                 SH920 no such flag
    """
    must_be_pack(pack)
    steps = _steps(pack, parameter, values)
    _known_flags(pack, flags)
    with _workspace(tables, settings, host, silent) as workspace:
        found = turning_points(
            workspace, pack, parameter, steps, as_of=as_of, parameters=parameters or {}, without=tuple(without),
            progress=progress,
        )  # fmt: skip
    wanted = list(flags) if flags is not None else [f for f in pack.document.flags if f in found.touched]
    counts = {
        value: {flag: verdicts[flag] for flag in wanted if flag in verdicts}
        for value, verdicts in found.counts(steps).items()
    }
    item = pack.document.parameters[parameter]
    labels = {flag: pack.document.flags[flag].label for flag in wanted}
    return Sweep(parameter, item.label, item.unit or "", found.now, counts, found.only(wanted), labels)


def span(text: str) -> list[Decimal]:
    """The values that `10..50:5` writes (a per cent sign may stand at each number); ends included.

    raises   ValueError where it writes none
    """
    ends, _, by = text.replace("%", "").replace(",", ".").partition(":")
    low, dots, high = ends.partition("..")
    first, last, step = (as_number(part.strip()) for part in (low, high, by or "1"))
    if not dots or first is None or last is None or step is None or step <= 0 or last <= first:
        raise ValueError(text)
    count = int((last - first) / step) + 1
    if count > MOST_VALUES:
        raise ValueError(text)
    values = [first + step * i for i in range(count)]
    return values if values[-1] == last else [*values, last]


def read_changes(file: Path) -> dict[str, str]:
    """Parameters out of a YAML file: `low_limit: 40`, a line each.

    raises   UsageError with what is wrong in the file, SH924 where a value is neither number nor text
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError.of("SH113", file, reason=error.strerror or type(error).__name__) from None
    written, findings = read_yaml(content, str(file))
    if written is None or findings.errors:
        raise UsageError(findings)
    for name, value in written.data.items():
        if not isinstance(value, str):
            findings.add("SH924", written.places.get(name), name=name)
    if findings.errors:
        raise UsageError(findings)
    return {str(name): str(value) for name, value in written.data.items()}


def _steps(pack: Pack, parameter: str, values: Sequence[Decimal | int | str]) -> list[Decimal]:
    known = pack.document.parameters
    if parameter not in known:
        raise UsageError.of("SH509", name=parameter, nearest=nearest(parameter, known))
    if as_number(next(iter(known[parameter].values.values()))) is None:
        raise UsageError.of("SH922", name=parameter)
    numbers = sorted({n for v in values if (n := as_number(str(v))) is not None})
    if not 2 <= len(numbers) <= MOST_VALUES or len(numbers) < len(set(map(str, values))):
        raise UsageError.of("SH923", name=parameter, most=MOST_VALUES)
    return numbers


def _known_flags(pack: Pack, flags: Iterable[str] | None) -> None:
    known = pack.document.flags
    for flag in flags or ():
        if flag not in known:
            raise UsageError.of("SH920", name=flag, nearest=nearest(flag, known), known=list(known))


class _Lent:
    """A workspace of the caller's, which stays open."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def __enter__(self) -> Workspace:
        return self.workspace

    def __exit__(self, *_: object) -> None:
        pass


def _workspace(
    tables: TablesArg | Workspace, settings: Settings | Mapping[str, Any] | None, host: Host | None, progress: Progress
) -> Workspace | _Lent:
    if isinstance(tables, Workspace):
        return _Lent(tables)
    return Workspace(tables, settings=settings, host=host, progress=progress)
