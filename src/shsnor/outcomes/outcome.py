"""The outcome of an evaluation: its tables, lazy and typed, and its manifest."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from shsnor.outcomes.files import Files
from shsnor.outcomes.formats import FORMATS, MANIFEST_FILE, RUN_FILE, Format, quoted
from shsnor.outcomes.tables import (
    OUTCOME_TABLES,
    SCHEMA,
    ClusterRow,
    CriterionResultRow,
    EntityRow,
    FlagRow,
    FunctionDetailRow,
    IndicatorValueRow,
    InternalMarkRow,
    IssueRow,
    ItemRow,
    PeerRow,
    RecommendationRow,
    StepRow,
    TaskRow,
)

if TYPE_CHECKING:
    from shsnor.host import Host
    from shsnor.outcomes.signing import Signature
    from shsnor.outcomes.summary import Summary
    from shsnor.wording.phrases import Lang

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an outcome was made of.

    evaluation   hashes of pack, plugins and rows, versions, parameters in force, date: the same for the same evaluation
    run          file names and hashes, clock, machine, times: of this one run
    schema       number of the tables' schema
    """

    evaluation: dict[str, Any] = field(default_factory=dict)
    run: dict[str, Any] = field(default_factory=dict)
    schema: int = SCHEMA

    @classmethod
    def from_texts(cls, manifest: str, run: str | None) -> Manifest:
        """The manifest that `manifest.json` and `run.json` hold."""
        stored = json.loads(manifest)
        return cls(stored.get("evaluation", {}), json.loads(run or "{}").get("run", {}), stored.get("schema", SCHEMA))

    def texts(self) -> dict[str, str]:
        """The two files by name, as they are written: keys sorted, so that the same content has the same bytes."""
        manifest = {"shsnor_outcome": 1, "schema": self.schema, "evaluation": self.evaluation}
        return {MANIFEST_FILE: _json(manifest), RUN_FILE: _json({"run": self.run})}


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"


class OutcomeTable(Generic[R]):
    """One table of an outcome: nothing is read before it is asked for, and each reading has a cursor of its own.

    Takes part wherever `__arrow_c_stream__` does: `polars.DataFrame(table)`, `pyarrow.table(table)`,
    `pandas.DataFrame.from_arrow(table)`, `duckdb.sql("FROM table")`. Keep it until such a stream is read to its end.
    """

    def __init__(self, name: str, row: type[R], files: Files) -> None:
        self.name = name
        self._row = row
        self._files = files

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return OUTCOME_TABLES[self.name].names

    def rows(self, **equal: str | int | bool | Collection[str] | None) -> Iterator[R]:
        """The rows in their order; with `column=value` only those that have these values: `rows(entity="010005")`.

        Of several texts, as `rows(entity=["010005", "010006"])`, a row has any.
        """
        for row in self._query("", equal):
            yield self._row(*row)

    def picked(self, *columns: str, **equal: str | int | bool | Collection[str] | None) -> Iterator[tuple[Any, ...]]:
        """Some columns of the rows, as tuples: of many rows that is ten times as fast as `rows`, which see."""
        yield from self._query(f"SELECT {', '.join(quoted(self._known(column)) for column in columns)} ", equal)

    def distinct(self, column: str) -> list[Any]:
        """The values of a column, each once, in their order."""
        name = quoted(self._known(column))
        return [value for (value,) in self._files.query(f"SELECT DISTINCT {name} FROM {quoted(self.name)} ORDER BY 1")]

    def _query(self, select: str, equal: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        conditions, given = [], []
        for column, value in equal.items():
            several = isinstance(value, Collection) and not isinstance(value, str)
            conditions.append(f"{quoted(self._known(column))} {'= ANY(?)' if several else 'IS NOT DISTINCT FROM ?'}")
            given.append(list(value) if several else value)
            if several and value:  # by the range whole parts of a large file are passed over
                conditions.append(f"{quoted(column)} BETWEEN ? AND ?")
                given += [min(value), max(value)]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        yield from self._files.query(f"{select}FROM {quoted(self.name)}{where}", given)

    def _known(self, column: str) -> str:
        if column not in self.columns:
            raise TypeError(f"{self.name} has no column {column!r}; it has {', '.join(self.columns)}")
        return column

    def __len__(self) -> int:
        (count,) = next(self._files.query(f"SELECT count(*) FROM {quoted(self.name)}"))
        return int(count)

    def __bool__(self) -> bool:
        return True  # a table without rows is a table; and truth must not cost a query

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A new stream of the whole table, as the Arrow PyCapsule interface asks."""
        return self._files.cursor().sql(f"FROM {quoted(self.name)}").__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<OutcomeTable {self.name}: {', '.join(self.columns)}>"


class Outcome:
    """All that an evaluation says, of every entity: as tables, as a summary, and to be written.

    Use it in `with`, or `close` it: what the engine keeps in a temporary folder is then removed (else when nothing
    refers to the outcome any more, or at the end of the program). A loaded outcome reads its files in place; they stay.
    `signature` says by which order a loaded one was signed; None where it was not.
    """

    def __init__(self, files: Files, manifest: Manifest, signature: Signature | None = None) -> None:
        self._files = files
        self.manifest = manifest
        self.signature = signature
        self.indicator_values = OutcomeTable("indicator_values", IndicatorValueRow, files)
        self.criterion_results = OutcomeTable("criterion_results", CriterionResultRow, files)
        self.flags = OutcomeTable("flags", FlagRow, files)
        self.clusters = OutcomeTable("clusters", ClusterRow, files)
        self.peers = OutcomeTable("peers", PeerRow, files)
        self.function_details = OutcomeTable("function_details", FunctionDetailRow, files)
        self.internal_marks = OutcomeTable("internal_marks", InternalMarkRow, files)
        self.recommendations = OutcomeTable("recommendations", RecommendationRow, files)
        self.tasks = OutcomeTable("tasks", TaskRow, files)
        self.issues = OutcomeTable("issues", IssueRow, files)
        self.entities = OutcomeTable("entities", EntityRow, files)
        self.items = OutcomeTable("items", ItemRow, files)
        self.steps = OutcomeTable("steps", StepRow, files)

    @classmethod
    def from_folder(cls, folder: str | Path, *, owns: bool = False) -> Outcome:
        """The outcome in a folder of Parquet files as the engine writes them; `owns`: closing it removes the folder."""
        folder = Path(folder)
        texts = [(folder / name).read_text("utf-8") for name in (MANIFEST_FILE, RUN_FILE)]
        return cls(Files(folder, "parquet", owns=owns), Manifest.from_texts(*texts))

    def summary(self, lang: Lang = "ru") -> Summary:
        """What came out, in counts; `lang` is the language of its text ("ru" or "en")."""
        from shsnor.outcomes.summary import summarise

        return summarise(self._files, self.manifest, lang)

    def write(
        self, path: str | Path, *, format: Format | str | None = None, force: bool = False, host: Host | None = None
    ) -> Path:
        """The place where the outcome now stands whole: a folder of Parquet, CSV or JSON files, or one .duckdb file.

        format   or what a plugin writes, by its name; default: by the suffix of `path` (.duckdb, .csv, .json, .parquet),
                 else parquet
        force    what stands there and is not an outcome of ours is set aside as `NAME.bak`; it is never deleted.
                 Of what a plugin wrote nobody can tell that it is ours
        host     plugins; default: those that are installed; asked only for a format that is none of the four
        raises   UsageError: SH615 a signed outcome stands there, SH601 something else does, SH607 no such format,
                 SH602 it could not be written, SH709 the plugin failed; then all is as it was before
        """
        from shsnor.outcomes.writing import export_outcome, write_outcome

        if format is None or format in FORMATS:
            return write_outcome(self._files, self.manifest, Path(path), format, force)
        if host is None:
            from shsnor.host import find_plugins  # plugins are loaded only where one is asked for

            host = find_plugins()
        return export_outcome(self, host.exporters, Path(path), format, force)

    def _repr_html_(self) -> str:
        """The summary, as a notebook shows it."""
        from shsnor.outcomes.showing import closed_html, summary_html

        return closed_html() if self._files.closed else summary_html(self.summary())

    def close(self) -> None:
        """Close the files; the engine's temporary folder is removed. Closing twice does nothing."""
        self._files.close()

    def __enter__(self) -> Outcome:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Outcome {self._files.path}>"
