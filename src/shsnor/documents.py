"""YAML text -> values that remember their places; no meaning here.

Every scalar stays the text that the author wrote (`0012`, `on`, `2026.1`). What plain YAML would do behind the author's
back (anchors, merge keys, tags, a second document, the last of two equal keys) is a finding. Events of the parser are
read one by one, not its tree: so depth is bounded before any recursion, and what stands before a mistake is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from shsnor.errors import Findings, Place, Places, Spot

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

MAX_BYTES = 5_000_000
MAX_DEPTH = 60
MAX_VALUES = 50_000  # read in well under a second; an order of 500 items needs some 10,000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: What YAML's own rules refuse, and half a surrogate pair.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN_LIKE = str.maketrans("абвгеёзиікмнорстухьѕјАВЕЁКМНОРСТУХІЅЈ", "abbreesuikmhopctyxbsjABEEKMHOPCTYXISJ")

#: What the parser says -> what kind of mistake it is; both parsers' words, first match holds.
_SYNTAX = (
    (r"mapping values are not allowed", "colon_in_value"),
    (r"could not find expected ':'", "no_colon"),
    (r"unexpected end of stream|unexpected document indicator", "quote_not_closed"),
    (r"expected ',' or|expected '[\]}]'|flow (sequence|mapping)", "bracket_not_closed"),
    (r"cannot start any token|alphabetic or numeric|non-alphabetical|directive", "special_character"),
    (r"escape (character|sequence|code)|hexadecimal|expected escape", "backslash"),
    (r"block (end|mapping|collection|sequence)|expected key|expected '-' indicator|document start", "indent"),
    (r"not allowed (here|in this context)", "indent"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """What the author wrote in one file.

    data     mappings, lists and texts
    places   key path ("criteria/low_in/at_least") -> Place of the key, or of the item of a list; the same path
             with VALUE after it -> Place where the key's value begins
    """

    file: str
    data: dict[str, Value]
    places: Places


@dataclass(slots=True)
class _Builder:
    file: str
    findings: Findings = field(default_factory=Findings)
    spots: dict[str, Spot] = field(default_factory=dict)
    values: int = 0

    def at(self, mark: Any, path: str = "") -> Place:
        return Place(file=self.file, line=mark.line + 1, column=mark.column + 1, key=path.replace("/", "."))

    def note(self, path: str, key: Any, value: Any) -> None:
        """Note where a key, or an item of a list, and its value begin."""
        self.spots[path] = (self.file, path, key.line + 1, key.column + 1, value.line + 1, value.column + 1)

    def count(self, event: Any, path: str) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            self.findings.add("SH105", self.at(event.start_mark, path), values=MAX_VALUES)
            raise _TooMuch


class _TooMuch(Exception):
    """Raised to leave the recursion; the finding is already there."""


def read_yaml(source: bytes | str, file: str) -> tuple[Written | None, Findings]:
    """What is written in a YAML text, and everything that is wrong with its form; None where nothing can be read.

    source   bytes in UTF-8 (a byte order mark is fine) or text; `file` is the name that places show
    """
    text, findings = _decode(source, file)
    if text is None:
        return None, findings
    builder = _Builder(file)
    data: Value | None = None
    try:
        data = _document(builder, _events(text))
    except _TooMuch:
        pass
    except yaml.MarkedYAMLError as error:
        _syntax_error(builder, error, text)
    if data is None and not len(builder.findings):
        builder.findings.add("SH107", Place(file=file), found="nothing")
    if not isinstance(data, dict):
        return None, builder.findings
    return Written(file, data, Places(builder.spots)), builder.findings


def read_yaml_file(path: Path, shown: str | None = None) -> tuple[Written | None, Findings]:
    """`read_yaml` of a file; `shown` is its name in findings."""
    file = shown or str(path)
    try:
        with path.open("rb") as stream:
            source = stream.read(MAX_BYTES + 1)
    except OSError as error:
        findings = Findings()
        findings.add("SH113", Place(file=file), reason=error.strerror or type(error).__name__)
        return None, findings
    return read_yaml(source, file)


def cyrillic_letter(text: str) -> tuple[int, str, str] | None:
    """Position, letter and suggested Latin spelling of `text`, where a Cyrillic letter stands in it; else None."""
    found = _CYRILLIC.search(text)
    return (found.start(), found.group(), latin_like(text)) if found else None


def latin_like(text: str) -> str:
    """`text` with Cyrillic letters replaced by the Latin ones that look like them; "" where some have no such."""
    latin = text.translate(_LATIN_LIKE)
    return "" if _CYRILLIC.search(latin) else latin


def cyrillic_keys(written: Written, free_under: frozenset[str] = frozenset({"options", "clauses"})) -> Findings:
    """A finding for every key with a Cyrillic letter in it, except right under the keys `free_under`."""
    findings = Findings()
    for path in written.places.spots:
        if path.isascii():
            continue
        parent, _, key = path.rpartition("/")
        if not key or key.isdigit() or parent.rpartition("/")[2] in free_under:
            continue
        if (found := cyrillic_letter(key)) is not None:
            position, letter, latin = found
            place = written.places[path]
            exact = Place(file=place.file, line=place.line, column=(place.column or 1) + position, key=place.key)
            findings.add("SH108", exact, name=key, letter=letter, latin=latin or None)
    return findings


def _decode(source: bytes | str, file: str) -> tuple[str | None, Findings]:
    findings = Findings()
    if len(source) > MAX_BYTES:
        findings.add("SH105", Place(file=file), megabytes=MAX_BYTES // 1_000_000)
        return None, findings
    if isinstance(source, bytes):
        try:
            if source[:2] in (b"\xff\xfe", b"\xfe\xff"):
                findings.add("SH104", Place(file=file, line=1, column=1), guess="UTF-16")
                return None, findings
            if b"\0" in source:
                findings.add("SH104", Place(file=file), guess="binary")
                return None, findings
            text = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            start = source.rfind(b"\n", 0, error.start) + 1
            column = len(source[start : error.start].decode("utf-8-sig")) + 1
            place = Place(file=file, line=source.count(b"\n", 0, error.start) + 1, column=column)
            findings.add("SH104", place, guess=_guess_encoding(source[error.start : error.start + 10_000]))
            return None, findings
    else:
        text = source.removeprefix("\ufeff")
    if (bad := _CONTROL.search(text)) is not None:
        line, before = text.count("\n", 0, bad.start()) + 1, text.rfind("\n", 0, bad.start())
        findings.add(
            "SH112", Place(file=file, line=line, column=bad.start() - before), letter=f"U+{ord(bad.group()):04X}"
        )
        return None, findings
    return text, findings


def _guess_encoding(source: bytes) -> str | None:
    """The Russian code page in which bytes that are no UTF-8 give the most small letters, if mostly those."""
    beyond = sum(1 for byte in source if byte >= 0x80)
    counts = {page: len(re.findall("[а-яё]", source.decode(page, errors="replace"))) for page in ("cp1251", "cp866")}
    page = max(counts, key=lambda name: counts[name])
    return page if counts[page] > beyond / 2 else None


def _syntax_error(builder: _Builder, error: yaml.MarkedYAMLError, text: str) -> None:
    mark = error.problem_mark or error.context_mark
    place = Place(file=builder.file) if mark is None else builder.at(mark)
    problem = error.problem or ""
    if "nesting depth" in problem:
        builder.findings.add("SH106", place, limit=MAX_DEPTH)
        return
    lines = text.splitlines()
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or (mark is not None and line[mark.column : mark.column + 1] == "\t"):
        builder.findings.add("SH110", place)
        return
    whole = f"{error.context or ''}: {problem}"
    kind = next((kind for pattern, kind in _SYNTAX if re.search(pattern, problem)), None)
    kind = kind or next((kind for pattern, kind in _SYNTAX if re.search(pattern, whole)), "other")
    since = error.context_mark.line + 1 if error.context_mark is not None else None
    builder.findings.add("SH101", place, kind=kind, problem=problem, since=since if since != place.line else None)


def _events(text: str) -> Iterator[Any]:
    loader = _LOADER(text)
    try:
        yield from iter(loader.get_event, None)
    finally:
        loader.dispose()


def _document(builder: _Builder, events: Iterator[Any]) -> Value | None:
    data: Value | None = None
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                builder.findings.add("SH109", builder.at(event.start_mark))
                break
        elif isinstance(event, yaml.NodeEvent):
            data = _value(builder, events, event, "", 0, keep=True)
            if not isinstance(data, dict):
                empty = data == "" and _plain(event)
                found = "list" if isinstance(data, list) else "nothing" if empty else "text"
                builder.findings.add("SH107", builder.at(event.start_mark), found=found)
    return data


def _value(builder: _Builder, events: Iterator[Any], event: Any, path: str, depth: int, *, keep: bool) -> Value:
    """The value that begins with `event`; `keep` is false where its places would stand under another's path."""
    builder.count(event, path)
    if _is_simple(event):
        return str(event.value)
    _refuse_features(builder, event, path)
    if isinstance(event, yaml.ScalarEvent):
        return str(event.value)
    if isinstance(event, yaml.AliasEvent):
        return ""
    if depth >= MAX_DEPTH:
        item = "/".join(path.split("/")[:2])  # the whole path would fill the screen
        builder.findings.add("SH106", builder.at(event.start_mark, item), limit=MAX_DEPTH)
        raise _TooMuch
    if isinstance(event, yaml.SequenceStartEvent):
        return _list(builder, events, path, depth + 1, keep=keep)
    return _mapping(builder, events, path, depth + 1, keep=keep)


def _list(builder: _Builder, events: Iterator[Any], path: str, depth: int, *, keep: bool) -> list[Value]:
    items: list[Value] = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        below = f"{path}/{len(items)}" if path else str(len(items))
        if keep:
            builder.note(below, event.start_mark, event.start_mark)
        items.append(_value(builder, events, event, below, depth, keep=keep))
    return items


def _mapping(builder: _Builder, events: Iterator[Any], path: str, depth: int, *, keep: bool) -> dict[str, Value]:
    entries: dict[str, Value] = {}
    first_lines: dict[str, int] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        key = _key(builder, events, event, path, depth)
        builder.values += 1  # a key costs as much
        below = f"{path}/{key}" if path and key is not None else key or path
        new = key is not None and key not in first_lines
        if key is not None and not new:
            builder.findings.add("SH102", builder.at(event.start_mark, below), name=key, first=first_lines[key])
        value_event = next(events)
        if keep and new:
            builder.note(below, event.start_mark, value_event.start_mark)
        value = _value(builder, events, value_event, below, depth, keep=keep and new)
        if key is not None and new:
            first_lines[key] = event.start_mark.line + 1
            entries[key] = value
    return entries


def _key(builder: _Builder, events: Iterator[Any], event: Any, path: str, depth: int) -> str | None:
    """A key's text; None for what cannot be a key (said in a finding)."""
    if _is_simple(event) and event.value != "<<":
        return str(event.value)
    if not isinstance(event, yaml.ScalarEvent):
        if not isinstance(event, yaml.AliasEvent):
            builder.findings.add("SH111", builder.at(event.start_mark, path))
        _value(builder, events, event, path, depth, keep=False)
        return None
    _refuse_features(builder, event, path)
    if event.value == "<<" and _plain(event):
        builder.findings.add("SH103", builder.at(event.start_mark, path), what="merge", name="<<")
        return None
    return str(event.value)


def _is_simple(event: Any) -> bool:
    """A scalar, and nothing that is refused: most are."""
    return type(event) is yaml.ScalarEvent and event.anchor is None and event.tag is None


def _plain(event: Any) -> bool:
    """Whether a scalar was written without quotes: both parsers have a word of their own for it."""
    return getattr(event, "style", None) in (None, "")


def _refuse_features(builder: _Builder, event: Any, path: str) -> None:
    if isinstance(event, yaml.AliasEvent):
        builder.findings.add("SH103", builder.at(event.start_mark, path), what="alias", name=f"*{event.anchor}")
        return
    if event.anchor is None and event.tag is None:
        return
    place = builder.at(event.start_mark, path)
    if event.anchor is not None:
        builder.findings.add("SH103", place, what="anchor", name=f"&{event.anchor}")
    if event.tag is not None and event.tag != "!":
        builder.findings.add("SH103", place, what="tag", name=event.tag)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping that stands line by line, and the lines (from 0) of it and its value, the last one included."""

    key: str
    column: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text is laid out in lines.

    mappings   key path -> its entries, where every key begins a line of its own; mappings in braces are not among them
    held       lines (from 0) that a text of several lines holds: spaces at their ends may be of account
    """

    mappings: Mapping[str, tuple[Entry, ...]]
    held: frozenset[int]


def layout(text: str) -> Layout:
    """How a text that `read_yaml` has read without findings is laid out; a text without a mapping has an empty layout."""
    mappings: dict[str, tuple[Entry, ...]] = {}
    held: set[int] = set()
    root = yaml.compose(text, Loader=_LOADER)
    if root is not None:
        _lay_out(root, "", text.split("\n"), mappings, held)
    return Layout(mappings, frozenset(held))


def _lay_out(node: Any, path: str, lines: list[str], mappings: dict[str, tuple[Entry, ...]], held: set[int]) -> int:
    """The last line of a node; its mappings and texts of several lines are noted."""
    if isinstance(node, yaml.ScalarNode):
        last: int = node.end_mark.line - (node.end_mark.column == 0 and node.end_mark.line > node.start_mark.line)
        held.update(range(node.start_mark.line, last + 1) if last > node.start_mark.line else ())
        return last
    ends: list[int] = []
    if isinstance(node, yaml.SequenceNode):
        for n, item in enumerate(node.value):
            ends.append(_lay_out(item, f"{path}/{n}" if path else str(n), lines, mappings, held))
    else:
        entries = []
        for key, value in node.value:
            below = f"{path}/{key.value}" if path else str(key.value)
            ends.append(_lay_out(value, below, lines, mappings, held))
            entries.append(Entry(str(key.value), key.start_mark.column, key.start_mark.line, ends[-1]))
        if not node.flow_style and all(not lines[e.first][: e.column].strip(" \ufeff") for e in entries):
            mappings[path] = tuple(entries)
    return int(node.end_mark.line) if node.flow_style or not ends else ends[-1]
