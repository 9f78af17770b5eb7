"""What can be wrong, and where: the ground floor, imports nothing of ours.

ShsnorError
├── PackError        the pack is wrong                     (exit code 2)
├── DataError        the tables are wrong                  (exit code 2)
├── UsageError       the call or command is wrong          (exit code 2)
└── Fault            a fault of ours                       (exit code 3)

A wrong pack or table gives *findings*, all of them at once; the first two errors carry them.
Codes: SH1xx reading YAML, SH2xx names and structure, SH3xx meaning, SH4xx tables, SH5xx evaluation, SH6xx outcome and files,
SH7xx plugins, SH80x–SH85x what is written rightly and yet hardly meant so.
The texts in Russian and English stand in `wording`, keyed by code.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: in a pack (file, line, column, key path) or in a table (table, row, field).

    line, column   1-based; None where unknown
    key            dotted path in the pack, as `criteria.low_in.at_least`
    row            1-based number of the data row (the header is not counted), of a workbook that of the sheet's row;
                   None for a whole column
    value          the offending text; never set where a table's rows are persons
    cell           address in a workbook, as `Лист1!F12`; the sheet's name where it is the whole of it
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None
    key: str = ""
    table: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    cell: str | None = None


#: Key path + VALUE is the place where the value of that key begins.
VALUE = "#"

#: File, key path; line and column of the key, or of the item of a list; those of its value.
Spot = tuple[str, str, int, int, int, int]


class Places(Mapping[str, Place]):
    """Key paths, their keys parted by `/`, and each with VALUE after it -> places. Thousands are noted and few are asked
    for: a place is made then."""

    def __init__(self, spots: dict[str, Spot] | None = None) -> None:
        self.spots: dict[str, Spot] = {} if spots is None else spots

    def __getitem__(self, path: str) -> Place:
        spot = self.spots.get(path)
        of_key = spot is not None
        file, key, *numbers = spot or self.spots[path.removesuffix(VALUE)]
        line, column = numbers[:2] if of_key else numbers[2:]
        return Place(file=file, line=line, column=column, key=key.replace("/", "."))

    def __contains__(self, path: object) -> bool:
        return path in self.spots or (isinstance(path, str) and path.removesuffix(VALUE) in self.spots)

    def __iter__(self) -> Iterator[str]:
        return (path + end for path in self.spots for end in ("", VALUE))

    def __len__(self) -> int:
        return 2 * len(self.spots)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a code, a place and what the message needs to be said in any language.

    details   what the wording of the code fills in, as `{"name": "low_n", "nearest": "low_in"}`
    """

    code: str
    place: Place = field(default_factory=lambda: Place())
    details: dict[str, Any] = field(default_factory=dict)
    severity: Severity = "error"

    def sort_key(self) -> tuple[Any, ...]:
        p = self.place
        return (
            p.file or "", p.table or "", p.line or 0, p.column or 0, p.row or 0, p.field or "", self.code, p.key, p.value or "",
            p.cell or "", repr(sorted(self.details.items(), key=lambda kv: kv[0])),
        )  # fmt: skip


class Findings:
    """All findings of a pack or of tables, in the order of their places."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._all: list[Finding] = list(findings)

    def add(self, code: str, place: Place | None = None, *, severity: Severity = "error", **details: Any) -> None:
        self._all.append(Finding(code, place or Place(), details, severity))

    def extend(self, findings: Iterable[Finding]) -> None:
        self._all.extend(findings)

    def __iter__(self) -> Iterator[Finding]:
        seen: set[Any] = set()
        for finding in sorted(self._all, key=Finding.sort_key):
            if (key := (finding.severity, finding.sort_key())) not in seen:
                seen.add(key)
                yield finding

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def errors(self) -> list[Finding]:
        return [f for f in self if f.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        return [f for f in self if f.severity == "warning"]


class ShsnorError(Exception):
    """Base of all errors of this library."""


class FindingsError(ShsnorError):
    """An error that carries findings; its text is their short English form."""

    def __init__(self, findings: Findings | Iterable[Finding]) -> None:
        self.findings = findings if isinstance(findings, Findings) else Findings(findings)
        lines = [
            f"{f.code} {':'.join(str(x) for x in (f.place.file, f.place.line, f.place.column) if x)} "
            f"{f.place.table or ''} {f.place.key or f.place.field or ''} {f.details}"
            for f in self.findings.errors
        ]
        super().__init__("\n".join(lines))


class PackError(FindingsError):
    """The pack is wrong; `.findings` says everything that is."""


class DataError(FindingsError):
    """The tables are wrong; `.findings` says everything that is."""


class UsageError(FindingsError):
    """The call or the command is wrong; `.findings` says what."""

    @classmethod
    def of(cls, code: str, at: Place | os.PathLike[str] | None = None, **details: Any) -> UsageError:
        """The error of one finding; `at` is its place, or the file or folder that it is about."""
        place = at if isinstance(at, Place) or at is None else Place(file=os.fspath(at))
        return cls([Finding(code, place or Place(), details)])


class Fault(ShsnorError):
    """A fault of this library's own."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None where none is like it."""
    return _nearest(name, tuple(sorted(known))) if len(name) <= 200 else None  # what is longer is no name


@lru_cache(maxsize=1000)  # one mistake is often made many times
def _nearest(name: str, known: tuple[str, ...]) -> str | None:
    import difflib  # only where something is wrong

    found = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return found[0] if found else None
