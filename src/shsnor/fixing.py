"""What can safely be mended in a pack's files: the order of keys in an item, the editors' line, spaces at line ends.

Lines are moved, never written anew: comments stay with the key below them, and what a mended file says is the same as
before, which is looked at before anything is written.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from shsnor.documents import Entry, layout, read_yaml
from shsnor.errors import Findings, Place
from shsnor.host import find_plugins
from shsnor.loading.folders import show
from shsnor.loading.validating import validate
from shsnor.nodes import Source
from shsnor.pack import ITEM_SECTIONS, Document
from shsnor.pack_schema import schema_text

#: Where the schema that editors take is looked for, from the pack's folder upwards.
_SCHEMAS = (".shsnor/pack.schema.json", "pack.schema.json", "schema/pack.schema.json")
_MODELINE = re.compile(r"^#\s*yaml-language-server:.*$", re.MULTILINE)
_OTHER_BREAKS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")  # lines of YAML that are no lines of the file

#: As packs have it, where that is not the order in which the models declare the keys.
_AS_WRITTEN = {
    "indicators": (
        "label", "note", "unit", "better", "round", "from", "where", "value", "by", "cells", "over", "among", "years",
        "combine", "at_least_known", "minimum", "level", "function", "with", "choose", "options", "applies_to",
    ),
    "criteria": (
        "label", "note", "applies_to", "indicator", "cluster", "at_least", "more_than", "at_most", "less_than", "is",
        "is_in", "known", "missing", "criterion", "all", "any", "of", "not", "over", "years", "met_in",
    ),
}  # fmt: skip
#: At the end of an item: why it is so, after what it is.
_LAST = ("valid", "override", "accept", "source")


@dataclass(frozen=True, slots=True)
class Fix:
    """What is to become of one file, both texts as they are in it; `before` is "" for a new one."""

    file: Path
    shown: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        shown = difflib.unified_diff(before, after, self.shown, self.shown, n=2)
        return "".join(line if line.endswith("\n") else line + "\n" for line in shown)

    def write(self) -> None:
        """Put the new text in the file's place, whole or not at all; raises OSError where it cannot be written."""
        file = self.file.resolve()  # a link stays a link
        file.parent.mkdir(exist_ok=True)
        new = file.with_name(f".{file.name}.new")
        try:
            with new.open("xb") as stream:
                stream.write(self.after.encode("utf-8"))
            if file.exists():
                shutil.copymode(file, new)
            os.replace(new, file)
        finally:
            new.unlink(missing_ok=True)


def find_fixes(path: Path) -> tuple[list[Fix], Findings]:
    """What can be mended in the files of a pack, given by its folder or file; its base is let alone.

    A file that cannot be read as a pack's is left as it is: `read_pack` says why. A finding stands for a file in which
    mending would have changed what it says.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    texts = {file: text for file in files if (text := _text(file)) is not None}
    modeline, schema = _modeline(path if path.is_dir() else path.parent, texts.values())
    fixes, findings = [], Findings()
    for file, text in texts.items():
        after = mended(text, modeline)
        if after == text:
            continue
        if _says(after) == _says(text):
            fixes.append(Fix(file, show(file), text, after))
        else:
            findings.add("SH901", Place(file=show(file)), severity="warning")
    if schema is not None and any(modeline in fix.after for fix in fixes):
        fixes.append(schema)
    return fixes, findings


def mended(text: str, modeline: str | None = None) -> str:
    """The text of one file with its keys in order, without spaces at line ends, with a modeline where it had none."""
    if _OTHER_BREAKS.search(text):
        return text
    mark, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    laid = layout(body)
    end = "\r\n" if "\r\n" in body else "\n"
    lines = body.split("\n")
    whole = not lines[-1]
    lines = [line if n in laid.held else _trimmed(line) for n, line in enumerate(lines)]
    if not whole:
        lines[-1] += end[:-1]  # so that the last line can change places with another
    for path in sorted(laid.mappings, key=lambda p: -p.count("/")):
        if (order := _order(path)) is not None:
            _sort(lines, laid.mappings[path], order)
    body = "\n".join(lines).removesuffix("" if whole else end[:-1])
    if modeline is not None and not _MODELINE.search(body):
        body = modeline + end + body
    return mark + body


def _trimmed(line: str) -> str:
    return line.rstrip(" \t\r") + ("\r" if line.endswith("\r") else "")


def _sort(lines: list[str], entries: Sequence[Entry], order: Sequence[str]) -> None:
    """Put the entries of one mapping in order; lines between two keys go with the one below, unless set in deeper."""
    ranks = {key: n for n, key in enumerate(order)}
    rank, keyed = -1, []
    for entry in entries:
        rank = ranks.get(entry.key, rank)  # a key without a place of its own stays behind the one before it
        keyed.append(rank)
    wanted = sorted(range(len(entries)), key=lambda n: keyed[n])
    if wanted == list(range(len(entries))) or any(a.last >= b.first for a, b in pairwise(entries)):
        return
    ends = [_bottom(lines, entry) for entry in entries]
    starts = [_top(lines, entries[0]), *ends[:-1]]
    lines[starts[0] : ends[-1]] = [line for n in wanted for line in lines[starts[n] : ends[n]]]


def _top(lines: list[str], entry: Entry) -> int:
    start = entry.first
    while start > 0 and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start


def _bottom(lines: list[str], entry: Entry) -> int:
    """Behind the last line of an entry: comments set in deeper than its key are its own."""
    end = entry.last + 1
    while (
        end < len(lines)
        and (text := lines[end].lstrip()).startswith("#")
        and len(lines[end]) - len(text) > entry.column
    ):
        end += 1
    return end


def _order(path: str) -> tuple[str, ...] | None:
    """In which order the keys of a mapping stand; None for one whose order is the author's own."""
    section, _, rest = path.partition("/")
    if path == "pack":
        return _ORDERS["pack"]
    if rest and path.endswith("/source") and rest.count("/") == 1:
        return _ORDERS["source"]
    return _ORDERS.get(section) if section in ITEM_SECTIONS and rest and "/" not in rest else None


def _orders() -> dict[str, tuple[str, ...]]:
    """Section -> the keys of its items in order; `code` is not among them, it stays where its author put it."""
    models = {section: Document.model_fields[section].annotation for section in ("pack", *ITEM_SECTIONS)}
    orders = {}
    for section, annotation in {**models, "source": Source}.items():
        model = next(one for one in (*getattr(annotation, "__args__", ()), annotation) if hasattr(one, "model_fields"))
        declared = [field.alias or name for name, field in model.model_fields.items()]
        first = [*_AS_WRITTEN.get(section, ()), *(key for key in declared if key not in (*_LAST, "code"))]
        orders[section] = (*dict.fromkeys(first), *(key for key in _LAST if key in declared))
    return orders


_ORDERS = _orders()


def _says(text: str) -> tuple[object, object]:
    """What a text says, for comparison: its values, and the pack's sections made of them."""
    written, findings = read_yaml(text, "")
    if written is None or len(findings):
        return None, text
    return written.data, validate(written.data, written.places, Findings())


def _text(file: Path) -> str | None:
    """The text of a file that reads without findings of YAML; else None."""
    try:
        source = file.read_bytes()
    except OSError:
        return None
    written, findings = read_yaml(source, show(file))
    return source.decode("utf-8") if written is not None and not len(findings) else None


def _modeline(folder: Path, texts: Iterable[str]) -> tuple[str, Fix | None]:
    """The line by which an editor finds the schema, as another file has it or to the nearest schema; and that, if new."""
    for text in texts:
        if (found := _MODELINE.search(text)) is not None:
            return found.group().rstrip(), None
    home = folder.resolve()
    homes = [(home, name) for name in _SCHEMAS] + [(above, _SCHEMAS[-1]) for above in list(home.parents)[:3]]
    there = next((above / name for above, name in homes if (above / name).is_file()), None)
    schema = home / _SCHEMAS[0] if there is None else there
    line = f"# yaml-language-server: $schema={Path(os.path.relpath(schema, home)).as_posix()}"
    if there is not None:
        return line, None
    new = folder / _SCHEMAS[0]
    return line, Fix(new, show(new), "", schema_text(find_plugins(installed=False).functions))
