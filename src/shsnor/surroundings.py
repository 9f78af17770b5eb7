"""What lies in a folder that the program can work with, seen without reading any table, and what to do next."""

from __future__ import annotations

import datetime
import itertools
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shsnor.documents import read_yaml_file
from shsnor.errors import FindingsError
from shsnor.host import OWN_SUFFIXES, PACK_FILE
from shsnor.outcomes.formats import MANIFEST_FILE, RUN_FILE
from shsnor.outcomes.loading import manifest_texts

#: Files that may hold tables; a `.txt` is more often a note.
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
TABLES = tuple(suffix for suffix in OWN_SUFFIXES if suffix not in (".txt", *WORKBOOKS))
LAYOUTS = "layouts"
_DATABASES = (".duckdb", ".db", ".ddb")
#: So many entries of a folder are looked at: the answer must come at once.
_MOST = 1000


@dataclass(frozen=True, slots=True)
class PackSeen:
    """A pack in a folder; what is not written in its head is ""."""

    path: Path
    id: str
    title: str
    version: str


@dataclass(frozen=True, slots=True)
class DataSeen:
    """A folder with files of tables or workbooks, by name; `changed` is when the last of them was."""

    folder: Path
    tables: tuple[str, ...]
    workbooks: tuple[str, ...]
    changed: datetime.datetime


@dataclass(frozen=True, slots=True)
class OutcomeSeen:
    """A written outcome: of which pack, on which date, when it was made, and of which files, by name."""

    path: Path
    pack: str
    title: str
    as_of: str
    made: datetime.datetime | None
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """A command to go on with; `why` is the key of the words for it."""

    why: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is in a folder and the folders in it; outcomes by their time, the last one first."""

    folder: Path
    packs: tuple[PackSeen, ...]
    data: tuple[DataSeen, ...]
    layouts: tuple[Path, ...]
    outcomes: tuple[OutcomeSeen, ...]

    def next(self, commands: Collection[str]) -> list[Step]:
        """What to do next, the likeliest first; only with commands that there are."""
        if self.outcomes:
            found = self._after(self.outcomes[0])
        elif self.data:
            found = self._with_data(max(self.data, key=_how_likely))
        elif self.packs:
            pack = str(self.packs[0].path)
            found = [
                Step("check_pack", ("pack", "check", pack)),
                Step("try_pack", ("demo", pack)),
                Step("template", ("template", pack, "--out", "шаблон.xlsx")),
            ]
        else:
            found = [Step("demo", ("demo",)), Step("template", ("template", "federal", "--out", "шаблон.xlsx"))]
        return [step for step in found if step.command[0] in commands]

    def _after(self, last: OutcomeSeen) -> list[Step]:
        out = str(last.path)
        own = [str(seen.path) for seen in self.packs if seen.id == last.pack]
        steps = []
        made = last.made  # in whole seconds: what was changed in the same second was there before
        newer = [seen for seen in self.data if made is not None and seen.changed.replace(microsecond=0) > made]
        # Our own lists and checks are workbooks too: only a folder with the outcome's own files has its data.
        newer = [seen for seen in newer if not last.files or last.files & {*seen.tables, *seen.workbooks}]
        if newer:
            data = str(max(newer, key=_how_likely).folder)
            again = ("evaluate", own[0] if own else last.pack, "--data", data, "--out", out)
            steps = [Step("data_changed", again)]
        return [
            *steps,
            Step("list", ("list", out, "--out", "список.xlsx")),
            Step("report", ("report", out)),
            Step("explain", ("explain", out, "--school", "КОД")),
        ]

    def _with_data(self, seen: DataSeen) -> list[Step]:
        data, pack = str(seen.folder), str(self.packs[0].path) if len(self.packs) == 1 else "federal"
        steps = [
            Step("check_data", ("data", "check", data)),
            Step("evaluate", ("evaluate", pack, "--data", data, "--out", "итог")),
        ]
        if seen.workbooks and not seen.tables and not self.layouts:
            steps.append(Step("layout", ("layout", "new", str(seen.folder / seen.workbooks[0]))))
        return steps


def _how_likely(seen: DataSeen) -> tuple[bool, int, int]:
    """The folder with the roster of schools before others, then the one with more tables."""
    named = any(Path(name).stem.lower() == "schools" for name in seen.tables)
    return named, len(seen.tables), len(seen.workbooks)


def look(folder: Path) -> Surroundings:
    """What is in `folder` and in the folders in it; paths are relative to it. What cannot be opened is passed over."""
    packs: list[PackSeen] = []
    data: list[DataSeen] = []
    layouts: list[Path] = []
    outcomes: list[OutcomeSeen] = []
    places = [folder, *(entry for entry in _entries(folder) if entry.is_dir() and not _hidden(entry))]
    for place in places:
        here = Path(place.name) if place != folder else Path()
        if (outcome := _outcome(place, here)) is not None:
            outcomes.append(outcome)
        elif (place / PACK_FILE).is_file():
            packs.append(_pack(place, here))
        else:
            files = [entry for entry in _entries(place) if entry.is_file() and not _hidden(entry)]
            layouts += [here / file.name for file in files if _is_layout(file)]
            outcomes += [seen for file in files if (seen := _outcome(file, here / file.name)) is not None]
            known = {seen.path.name for seen in outcomes if seen.path.parent == here}
            data += _data(here, [file for file in files if file.name not in known])
            if place != folder:
                inside = [entry for entry in _entries(place) if (entry / PACK_FILE).is_file()]
                packs += [_pack(entry, here / entry.name) for entry in inside]
    oldest = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    outcomes.sort(key=lambda seen: seen.made or oldest, reverse=True)
    return Surroundings(folder, tuple(packs), tuple(data), tuple(layouts), tuple(outcomes))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(itertools.islice(folder.iterdir(), _MOST))
    except OSError:
        return []


def _hidden(entry: Path) -> bool:
    """Whether a name is none of the user's: hidden, or what an open workbook leaves beside itself."""
    return entry.name.startswith((".", "~"))


def _is_layout(file: Path) -> bool:
    return file.suffix == ".yaml" and (file.parent.name == LAYOUTS or file.name.endswith(".layout.yaml"))


def _data(here: Path, files: Iterable[Path]) -> Iterator[DataSeen]:
    tables = [file for file in files if file.suffix.lower() in TABLES]
    workbooks = [file for file in files if file.suffix.lower() in WORKBOOKS]
    if tables or workbooks:
        changed = max(_changed(file) for file in (*tables, *workbooks))
        moment = datetime.datetime.fromtimestamp(changed, datetime.UTC)
        yield DataSeen(here, tuple(f.name for f in tables), tuple(f.name for f in workbooks), moment)


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0


def _pack(place: Path, here: Path) -> PackSeen:
    written, _ = read_yaml_file(place / PACK_FILE)
    head: Any = written.data.get("pack") if written is not None else None
    said = head if isinstance(head, dict) else {}
    id, title, version = (str(said.get(key) or "") for key in ("id", "title", "version"))
    return PackSeen(here, id, title, version)


def _outcome(place: Path, here: Path) -> OutcomeSeen | None:
    """The outcome at a place; None where there is none, or none that can be read."""
    if place.is_dir() and not (place / MANIFEST_FILE).is_file():
        return None
    if place.is_file() and place.suffix.lower() not in _DATABASES:
        return None
    try:
        texts = manifest_texts(place)
        if texts is None:
            return None
        evaluation = json.loads(texts[MANIFEST_FILE])["evaluation"]
        run = json.loads(texts.get(RUN_FILE, "{}")).get("run", {})
        pack, at = evaluation["pack"], run.get("at")
        made = datetime.datetime.fromisoformat(at) if at else None
        files = frozenset(str(file["name"]) for file in run.get("files") or ())
        return OutcomeSeen(here, str(pack["id"]), str(pack["title"]), str(evaluation["as_of"]), made, files)
    except (OSError, FindingsError, ValueError, KeyError, TypeError, AttributeError):
        return None
