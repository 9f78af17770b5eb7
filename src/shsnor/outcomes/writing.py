"""An outcome put in its place: whole or not at all, and never over what is not ours."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from shsnor.errors import UsageError
from shsnor.outcomes.files import Files, connect
from shsnor.outcomes.formats import FORMATS, MANIFEST_TABLE, TARGET, Format, export, literal, table_file
from shsnor.outcomes.loading import manifest_texts, signature_at, strangers
from shsnor.outcomes.outcome import Manifest
from shsnor.outcomes.tables import OUTCOME_TABLES
from shsnor.replacing import OLD, in_use, put_in_place, workplace

if TYPE_CHECKING:
    from shsnor.hookspecs import Exporter
    from shsnor.outcomes.outcome import Outcome

log = logging.getLogger("shsnor")


def write_outcome(files: Files, manifest: Manifest, path: Path, format: Format | None, force: bool) -> Path:
    """The place where the outcome now stands; see `Outcome.write`."""
    chosen = format or _format_of(path)
    name = "new.duckdb" if chosen == "duckdb" else "new"
    return _written(path, chosen, force, name, lambda new: _fill(files, manifest, new, chosen))


def export_outcome(outcome: Outcome, exporters: Mapping[str, Exporter], path: Path, format: str, force: bool) -> Path:
    """The place where what a plugin writes now stands; see `Outcome.write`."""
    exporter = exporters.get(format)
    if exporter is None:
        raise UsageError.of("SH607", path, format=format, known=", ".join([*FORMATS, *sorted(exporters)]))
    told = {"format": format, "plugin": exporter.plugin}

    def fill(new: Path) -> None:
        try:
            exporter.write(outcome, new)
        except Exception as error:  # a plugin's code: whatever it raises is told with its name
            text = f"{type(error).__name__}: {error}".rstrip(": ")
            raise UsageError.of("SH709", path, problem="failed", error=text, **told) from error
        if not os.path.lexists(new):
            raise UsageError.of("SH709", path, problem="nothing", **told)

    return _written(path, None, force, path.name, fill)


def _written(path: Path, format: Format | None, force: bool, name: str, fill: Callable[[Path], None]) -> Path:
    """The place at which now stands what `fill` made, under `name` in a folder beside it; whole, or not at all."""
    import duckdb

    target = Path(os.path.realpath(path))  # through a link, to what it points at
    try:
        ours = _may_go(target, format, force)
        target.parent.mkdir(parents=True, exist_ok=True)
        with workplace(target) as beside:
            new = beside / "new" / name
            new.parent.mkdir()
            fill(new)
            put_in_place(new, target, beside / OLD if ours else _free_name(target))
    except (OSError, duckdb.IOException) as error:
        raise UsageError.of("SH602", path, problem=str(error)) from error
    log.info("outcome written to %s", target)
    return target


def _format_of(path: Path) -> Format:
    return next((known for known in FORMATS if path.suffix.lower() == f".{known}"), "parquet")


def _may_go(target: Path, format: Format | None, force: bool) -> bool:
    """Whether what stands at `target` may be removed: nothing, an empty folder, or an outcome of ours and no more.

    format   None: of a plugin, which may write a file or a folder; an outcome is not removed for it
    raises   UsageError SH601 where something else stands there, without `force`; or where no rename can replace it;
             SH615 where a signed outcome stands there, whatever `force` says
    """
    if not os.path.lexists(target):
        return True
    refuse_signed(target)
    if target.is_dir() and in_use(target):
        raise UsageError.of("SH601", target, problem="folder in use")
    if target.is_dir() and not any(target.iterdir()):
        return True
    same_kind = format is not None and target.is_file() == (format == "duckdb")
    ours = manifest_texts(target) is not None
    others = strangers(target) if target.is_dir() else []
    if ours and same_kind and not others:
        return True
    if not force:
        problem = "other files" if ours and others else "not ours"
        raise UsageError.of("SH601", target, problem=problem, others=", ".join(others[:5]))
    return False


def refuse_signed(target: Path) -> None:
    """Raise UsageError SH615 where a signed outcome stands at `target`."""
    signature = signature_at(target)
    if signature is not None:
        raise UsageError.of("SH615", target, date=f"{signature.date:%d.%m.%Y}", order=signature.order)


def _fill(files: Files, manifest: Manifest, new: Path, format: Format) -> None:
    if format != "duckdb":
        new.mkdir()
        for name, text in manifest.texts().items():
            (new / name).write_text(text, "utf-8", newline="\n")
        if format == files.format == "parquet":  # `staged` wrote them: the bytes are settled
            for table in OUTCOME_TABLES:
                shutil.copyfile(table_file(files.path, table, format), table_file(new, table, format))
            return
    with contextlib.closing(connect(files.path, files.format, writing=new.parent)) as con:
        if format == "duckdb":
            con.execute(f"ATTACH {literal(new)} AS {TARGET}")
            con.begin()  # else each of a hundred comments waits for the disk
            con.execute(f"CREATE TABLE {TARGET}.{MANIFEST_TABLE} (file VARCHAR PRIMARY KEY, content VARCHAR)")
            con.executemany(f"INSERT INTO {TARGET}.{MANIFEST_TABLE} VALUES (?, ?)", list(manifest.texts().items()))
        for schema in OUTCOME_TABLES.values():
            for statement in export(schema, new, format):
                con.execute(statement)
        if format == "duckdb":
            con.commit()
            con.execute(f"DETACH {TARGET}")


def _free_name(target: Path) -> Path:
    """A name beside `target` under which it can be set aside: NAME.bak, NAME.bak2 …"""
    number = 1
    while os.path.lexists(name := target.with_name(f"{target.name}.bak{number if number > 1 else ''}")):
        number += 1
    return name
