"""A written outcome, of any of the four formats, taken up again; and whether something is an outcome of ours at all."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path

from shsnor.errors import UsageError
from shsnor.outcomes.files import Files
from shsnor.outcomes.formats import (
    FORMATS,
    MANIFEST_FILE,
    MANIFEST_TABLE,
    RUN_FILE,
    SIGNED_FILE,
    SOURCE,
    Format,
    known_files,
    literal,
    table_file,
)
from shsnor.outcomes.outcome import Manifest, Outcome
from shsnor.outcomes.signing import Signature, store
from shsnor.outcomes.tables import OUTCOME_TABLES, SCHEMA
from shsnor.replacing import SYSTEM_FILES


def load_outcome(path: str | Path) -> Outcome:
    """The outcome written at `path` (a folder or a .duckdb file), read in place.

    raises   UsageError: SH603 there is nothing, or no outcome of ours; SH604 it is not whole, or of a newer schema;
             SH616 it was signed, and is no longer what was signed
    """
    path = Path(path)
    texts = manifest_texts(path)
    if texts is None:
        raise UsageError.of("SH603", path, exists=path.exists())
    try:
        manifest = Manifest.from_texts(texts[MANIFEST_FILE], texts.get(RUN_FILE))
    except (ValueError, AttributeError) as error:
        raise UsageError.of("SH604", path, problem=str(error)) from error
    if not isinstance(manifest.schema, int) or manifest.schema > SCHEMA:
        raise UsageError.of("SH604", path, problem=f"schema {manifest.schema}, known up to {SCHEMA}")
    files = Files(path, _format(path))
    _must_open(files, path)
    if SIGNED_FILE not in texts:
        return Outcome(files, manifest)
    try:
        return Outcome(files, manifest, _signature(texts, files, path))
    except BaseException:
        files.close()
        raise


def sign_outcome(path: str | Path, *, date: datetime.date, order: str) -> Signature:
    """The signature that now stands at the outcome at `path`: from now on it is not written over, and a change is seen.

    date     of the order
    order    its number, as «№ 123»
    raises   UsageError: as `load_outcome`; SH617 it is signed already; SH602 it cannot be written
    """
    import duckdb

    path = Path(path)
    with load_outcome(path) as outcome:
        if outcome.signature is not None:
            signed = outcome.signature
            raise UsageError.of("SH617", path, date=f"{signed.date:%d.%m.%Y}", order=signed.order)
        texts = manifest_texts(path) or {}
        signature = Signature.of(outcome._files, texts[MANIFEST_FILE], date=date, order=order)
    try:
        store(path, signature)
    except (OSError, duckdb.Error) as error:
        raise UsageError.of("SH602", path, problem=str(error)) from error
    return signature


def signature_at(path: Path) -> Signature | None:
    """The signature of the outcome at `path`, not checked; None where there is no outcome, or it is not signed.

    raises   UsageError SH604, SH616 where a file cannot be read
    """
    text = (manifest_texts(path) or {}).get(SIGNED_FILE)
    return None if text is None else _from_text(text, path)


def _from_text(text: str, path: Path) -> Signature:
    try:
        return Signature.from_text(text)
    except ValueError as error:
        raise UsageError.of("SH616", path, altered=SIGNED_FILE) from error


def _signature(texts: dict[str, str], files: Files, path: Path) -> Signature:
    signature = _from_text(texts[SIGNED_FILE], path)
    if altered := signature.altered(files, texts[MANIFEST_FILE]):
        told = {"date": f"{signature.date:%d.%m.%Y}", "order": signature.order}
        raise UsageError.of("SH616", path, altered=", ".join(altered), **told)
    return signature


def manifest_texts(path: Path) -> dict[str, str] | None:
    """The texts of `manifest.json`, `run.json`, `signed.json` of an outcome of ours, by file name; None where there is none.

    raises   UsageError SH604 where a .duckdb file cannot be opened: open in another program, damaged
    """
    if path.is_dir():
        files = [path / name for name in (MANIFEST_FILE, RUN_FILE, SIGNED_FILE)]
        texts = {file.name: file.read_text("utf-8", "replace") for file in files if file.is_file()}
    elif path.is_file() and _is_duckdb(path):
        texts = _texts_in_duckdb(path)
    else:
        return None
    return texts if _is_ours(texts.get(MANIFEST_FILE, "")) else None


def strangers(folder: Path) -> list[str]:
    """The names in a folder that no outcome of ours puts there, sorted."""
    ours = known_files()
    return sorted(e.name for e in folder.iterdir() if e.name not in ours and e.name.lower() not in SYSTEM_FILES)


def _is_ours(text: str) -> bool:
    try:
        content = json.loads(text)
    except ValueError:
        return False
    return isinstance(content, dict) and "shsnor_outcome" in content


def _is_duckdb(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def _texts_in_duckdb(path: Path) -> dict[str, str]:
    import duckdb

    con = duckdb.connect(":memory:")
    try:
        con.execute(f"ATTACH {literal(path.resolve())} AS {SOURCE} (READ_ONLY)")
        con.execute("SET enable_external_access = false")
        return dict(con.execute(f"SELECT file, content FROM {SOURCE}.{MANIFEST_TABLE}").fetchall())
    except (duckdb.CatalogException, duckdb.BinderException):
        return {}  # a database, but none of ours
    except duckdb.Error as error:
        raise UsageError.of("SH604", path, problem=str(error)) from error
    finally:
        con.close()


def _format(path: Path) -> Format:
    if path.is_file():
        return "duckdb"
    return next((f for f in FORMATS if table_file(path, "flags", f).is_file()), "parquet")


def _must_open(files: Files, path: Path) -> None:
    import duckdb

    missing = list(_missing_files(files))
    if missing:
        raise UsageError.of("SH604", path, missing=", ".join(missing))
    try:
        files.cursor().close()
    except duckdb.Error as error:
        files.close()
        raise UsageError.of("SH604", path, problem=str(error).splitlines()[0]) from error


def _missing_files(files: Files) -> Iterator[str]:
    if files.format != "duckdb":
        paths = [table_file(files.path, table, files.format) for table in OUTCOME_TABLES]
        yield from (path.name for path in paths if not path.is_file())
