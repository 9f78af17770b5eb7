"""CSV as it comes: any of the usual encodings, delimiters and line ends, brought to one form that DuckDB reads.

DuckDB sniffs nothing here: encoding, delimiter and header are found beforehand, and what is unusual (another
encoding, mixed line ends, a header of several lines) is first written to the session's folder in the plain form.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import itertools
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shsnor.errors import Findings, Place
from shsnor.reading.loaded import FileRead

DELIMITERS = ",;\t"
CHUNK = 1 << 20
#: Larger files are known by size and time only: hashing them would cost more than reading what is needed.
HASHED = 256 << 20
#: The hash of larger files is computed in a thread of its own.
HASHED_BESIDE = 8 << 20
LISTED = 20
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file that DuckDB can read with these settings.

    path     the caller's file, or a copy of it in the session's folder
    headers  as written
    skip     records before the first data row
    name     for findings
    quoted   some cell stands in quotes, so that a line end may stand inside it
    ours     written by us, so that every quote is closed
    sheet    of a workbook, for findings
    """

    path: Path
    headers: list[str]
    delimiter: str
    skip: int
    name: str
    quoted: bool
    ours: bool = False
    sheet: str | None = None


@dataclass
class _Look:
    """What one pass over the bytes of a file tells."""

    utf8: bool = True
    quoted: bool = False
    binary: bool = False
    line_feeds: int = 0
    returns: int = 0
    pairs: int = 0

    @property
    def uniform(self) -> bool:
        return self.returns == 0 or self.returns == self.pairs == self.line_feeds


def file_read(path: Path) -> FileRead:
    """Name, size and hash of a file; of a large one the hash is computed beside what is done next."""
    status = path.stat()
    if status.st_size > HASHED:
        return FileRead(path.name, status.st_size, lambda: None, status.st_mtime)
    if status.st_size > HASHED_BESIDE:
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="shsnor-hash")
        hashed = thread.submit(_sha256, path).result
        thread.shutdown(wait=False)
        return FileRead(path.name, status.st_size, hashed, status.st_mtime)
    sha256 = _sha256(path)
    return FileRead(path.name, status.st_size, lambda: sha256, status.st_mtime)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_csv(
    path: Path, table: str, folder: Path, findings: Findings, known: Callable[[Sequence[str]], int]
) -> CsvFile | None:
    """How to read a CSV file; None, with a finding, where it is none.

    folder   where a copy in the plain form may be written
    known    how many of some headers are columns of the table: decides between delimiters
    """
    place = Place(file=path.name, table=table)
    with path.open("rb") as file:
        start = file.read(4)
        mark = next((m for m in _MARKS if start.startswith(m)), None)
        file.seek(0)
        look = _look(file)
    encoding = _MARKS[mark] if mark else "utf-8" if look.utf8 else "cp1251"
    if look.binary and encoding != "utf-16":
        findings.add("SH411", place, reason="binary", file=path.name)
        return None
    with _text(path, encoding) as text:
        lines = _Lines(text)
        try:
            header = _header(lines, known)
        except csv.Error:
            header = None
    if header is None:
        findings.add("SH411", place, reason="empty", file=path.name)
        return None
    headers, delimiter = header
    if encoding == "utf-8" and look.uniform and lines.read == 1:
        return CsvFile(path, headers, delimiter, 1, path.name, look.quoted)
    copy = _copy_name(folder, path)
    with _text(path, encoding) as text, copy.open("w", encoding="utf-8", newline="\n") as out:
        for _ in itertools.islice(text, lines.read):
            pass
        while chunk := text.read(CHUNK):
            out.write(chunk)
    return CsvFile(copy, headers, delimiter, 0, path.name, look.quoted)


def closes_quotes(file: CsvFile) -> bool:
    """Whether every quote of a file is closed: DuckDB 2.0, reading in one thread, passes over a last row that is not."""
    if not file.quoted or file.ours:
        return True
    with _text(file.path, "utf-8-sig") as text:
        try:
            for _ in csv.reader(text, delimiter=file.delimiter, strict=True):
                pass
        except csv.Error:
            return False
    return True


def clean_copy(file: CsvFile, table: str, folder: Path, findings: Findings) -> CsvFile | None:
    """A file that DuckDB refused, written anew by Python's reader; None, with findings, where rows do not fit."""
    width, ragged, count = len(file.headers), 0, 0
    copy = _copy_name(folder, file.path)
    with (
        _text(file.path, "utf-8-sig") as text,
        copy.open("w", encoding="utf-8", newline="\n") as out,
    ):
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        rows = csv.reader(text, delimiter=file.delimiter, strict=True)  # an open quote would swallow rows
        try:
            for row in itertools.islice(rows, file.skip, None):
                if not any(cell.strip() for cell in row):
                    continue
                count += 1
                if len(row) < width or any(cell.strip() for cell in row[width:]):
                    ragged += 1
                    if ragged <= LISTED:
                        place = Place(file=file.name, table=table, row=count)
                        findings.add("SH417", place, expected=width, found=len(row))
                    continue
                writer.writerow(row[:width])
        except csv.Error as error:
            findings.add("SH411", Place(file=file.name, table=table, row=count + 1), reason="csv", text=str(error))
            return None
    if ragged > LISTED:
        findings.add("SH417", Place(file=file.name, table=table), count=ragged, listed=LISTED, expected=width)
    return None if ragged else CsvFile(copy, file.headers, file.delimiter, 0, file.name, True)


def write_rows(headers: Sequence[str], rows: Iterable[Sequence[str | None]], folder: Path, name: str) -> CsvFile:
    """Rows of Python as a CSV file of the session: the quickest way into DuckDB that needs no other library."""
    path = _copy_name(folder, Path(f"{name}.csv"))
    with path.open("w", encoding="utf-8", newline="\n", errors="replace") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows([("" if cell is None else cell.replace("\0", "")) for cell in row] for row in rows)
    return CsvFile(path, list(headers), ",", 0, name, True, ours=True)


def _text(path: Path, encoding: str) -> IO[str]:
    # A byte that cp1251 does not know must not stop the reading: the cell will say what it is.
    return path.open("r", encoding=encoding, newline=None, errors="replace")


def _copy_name(folder: Path, path: Path) -> Path:
    return folder / f"{sum(1 for _ in folder.iterdir())}-{path.stem}.csv"


def _look(file: IO[bytes]) -> _Look:
    look, decoder, last = _Look(), codecs.getincrementaldecoder("utf-8")(), b""
    while chunk := file.read(CHUNK):
        look.binary = look.binary or b"\0" in chunk
        look.quoted = look.quoted or b'"' in chunk
        look.line_feeds += chunk.count(b"\n")
        look.returns += chunk.count(b"\r")
        look.pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
        last = chunk[-1:]
        if look.utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                look.utf8 = False
    try:
        decoder.decode(b"", final=True) if look.utf8 else None
    except UnicodeDecodeError:
        look.utf8 = False
    return look


class _Lines:
    """The lines of a text, counted as they are taken, the first of them kept."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self.taken: list[str] = []
        self.read = 0

    def take(self) -> str | None:
        line = self._text.readline(CHUNK)
        if not line:
            return None
        self.read += 1
        self.taken.append(line)
        return line


def _header(lines: _Lines, known: Callable[[Sequence[str]], int]) -> tuple[list[str], str] | None:
    """Headers and delimiter: the delimiter whose headers are columns of the table, else the one that parts the most."""
    record = lines.take()
    while record is not None and (not record.strip() or record.strip().lower().startswith("sep=")):
        record = lines.take()
    if record is None:
        return None
    while record.count('"') % 2 and lines.read < 50 and (more := lines.take()) is not None:
        record += more  # a header with a line end inside its quotes
    best: tuple[int, int, list[str], str] | None = None
    for delimiter in DELIMITERS:
        headers = next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter, skipinitialspace=True), [])
        score = (known(headers), len(headers))
        if best is None or score > best[:2]:
            best = (*score, headers, delimiter)
    assert best is not None
    return best[2], best[3]
