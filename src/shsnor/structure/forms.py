"""The small forms that items are made of, and the questions asked of each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import replace
from typing import Any

from shsnor.documents import cyrillic_letter
from shsnor.errors import VALUE, Findings, nearest
from shsnor.nodes import Border, CellEntry, Group, MetIn, Model, Years, keys_of
from shsnor.pack import Pack, as_number


class Form:
    """A pack whose form is looked at, and what was found."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.findings = Findings()

    def add(self, code: str, path: str, **details: Any) -> None:
        self.findings.add(code, self.pack.place(path), **details)

    def one_kind(
        self, model: Model, path: str, kinds: Sequence[str], *, what: str, apart: Sequence[str] = ()
    ) -> str | None:
        """The one key of `kinds` (but `apart`) that the author wrote; a finding and None where not exactly one."""
        keys = written(model)
        present = [kind for kind in kinds if kind in keys and kind not in apart]
        if len(present) == 1:
            return present[0]
        self.add("SH222", path, what=what, present=present or None, known=list(kinds))
        return None

    def only_with(
        self, model: Model, path: str, allowed: Mapping[str, Iterable[str]], kind: str | None, *, beside: Iterable[str]
    ) -> None:
        """A finding for each key of `beside` that does not go with `kind`."""
        if kind is None:
            return
        fitting = {kind, *allowed[kind]}
        for key in sorted((written(model) & set(beside)) - fitting):
            others = [other for other, keys in allowed.items() if key in keys]
            self.add("SH221", f"{path}/{key}", key=key, kind=kind, allowed=sorted(fitting), goes_with=others or None)

    def needs(self, model: Model, path: str, *keys: str) -> bool:
        """Whether all `keys` are there; a finding for each that is not."""
        there = written(model)
        missing = [key for key in keys if key not in there]
        for key in missing:
            self.add("SH202", path, key=key)
        return not missing

    def not_empty(self, things: Sized | None, path: str) -> None:
        if things is not None and not len(things):
            self.add("SH203", path, expected="not_empty")

    def no_twins(self, names: Sequence[str] | None, path: str, *, at: str = "", what: str = "value") -> None:
        """A finding for each name that stands twice in a list."""
        for n, name in enumerate(names or ()):
            if name in (names or ())[:n]:
                self.add("SH226", f"{path}/{n}{at}", name=name, what=what)

    def names(self, names: Sequence[str] | None, path: str) -> None:
        """A list of names: something in it, nothing twice."""
        self.not_empty(names, path)
        self.no_twins(names, path)

    def latin(self, text: str | None, path: str) -> None:
        """An id written in Latin letters: one Cyrillic letter in it looks the same and names nothing."""
        if text is not None and (found := cyrillic_letter(text)) is not None:
            _, letter, latin = found
            place = replace(self.pack.place(path + VALUE), key=path.replace("/", "."))
            self.findings.add("SH108", place, name=text, letter=letter, latin=latin or None)

    def one_script(self, text: str | None, path: str) -> None:
        """A word of the author's own, in Russian or not, but not half and half: `perсent` with a Russian «с» is none."""
        if text is not None and re.search("[A-Za-z]", text):
            self.latin(text, path)

    def percent(self, text: str | None, path: str) -> None:
        value = as_number(text) if text is not None else None
        if value is not None and not 0 <= value <= 100:
            self.add("SH203", path, value=text, expected="percent")

    def known(self, name: str, known: Iterable[str], path: str, code: str, **details: Any) -> bool:
        """Whether `name` is one of `known`; a finding with the nearest where it is not."""
        names = list(known)
        if name not in names:
            self.add(code, path, name=name, nearest=nearest(name, names), known=names, **details)
        return name in names


def written(model: Model) -> set[str]:
    """The keys that the author wrote and that say something."""
    return keys_of(model, told=True)


def check_years(form: Form, years: Years | None, path: str) -> None:
    """`{last: n, back?: m}`, `{last_held: n}` or `{from, to}`."""
    if years is None:
        return
    present = written(years)
    forms = ({"last"}, {"last", "back"}, {"last_held"}, {"from", "to"})
    if present not in forms:
        form.add(
            "SH224",
            path,
            what="years",
            present=sorted(present),
            forms=["{last}", "{last, back}", "{last_held}", "{from, to}"],
        )
    elif years.from_ is not None and years.to is not None and years.from_ > years.to:
        form.add("SH233", path, low=str(years.from_), high=str(years.to))


def check_met_in(form: Form, met_in: str | MetIn | None, path: str) -> None:
    """every, any, `{at_least: n}`, `{share_at_least: p}` or `{share_more_than: p}`."""
    if not isinstance(met_in, MetIn):
        return
    if len(written(met_in)) != 1:
        forms = ["every", "any", "{at_least}", "{share_at_least}", "{share_more_than}"]
        form.add("SH224", path, what="met_in", present=sorted(written(met_in)), forms=forms)
    form.percent(met_in.share_at_least, f"{path}/share_at_least")
    form.percent(met_in.share_more_than, f"{path}/share_more_than")


def check_combine(form: Form, combine: str | Border | None, path: str) -> None:
    """A word, `{lowest: p}` or `{highest: p}`."""
    if not isinstance(combine, Border):
        return
    if len(written(combine)) != 1:
        form.add("SH224", path, what="combine", present=sorted(written(combine)), forms=["{lowest}", "{highest}"])
    form.percent(combine.lowest, f"{path}/lowest")
    form.percent(combine.highest, f"{path}/highest")


def check_group(form: Form, group: str | Group | None, path: str) -> None:
    """A level's name, or what its members have in common (its `meeting` is a node and is checked as one)."""
    if not isinstance(group, Group):
        return
    present = written(group)
    if not present & {"within", "same", "peers", "meeting"}:
        form.add(
            "SH224", path, what="among", present=sorted(present), forms=["{within}", "{same}", "{peers}", "{meeting}"]
        )
    if group.same is not None:
        form.names(group.same, f"{path}/same")
    form.latin(group.peers, f"{path}/peers")


def check_cells(form: Form, cells: Sequence[CellEntry] | None, path: str) -> None:
    """Entries that name dimensions, but never the year: the window names it."""
    form.not_empty(cells, path)
    for n, entry in enumerate(cells or ()):
        form.not_empty(entry.dims, f"{path}/{n}")
        check_cell_values(form, entry.dims, f"{path}/{n}")
        if "year" in entry.dims:
            form.add("SH231", f"{path}/{n}/year")


def check_cell_values(form: Form, dims: Mapping[str, Sequence[str]], path: str) -> None:
    for dim, values in dims.items():
        form.not_empty(values, f"{path}/{dim}")
        form.no_twins(values, f"{path}/{dim}")
