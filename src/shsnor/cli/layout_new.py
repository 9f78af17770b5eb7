"""`shsnor layout new`: a workbook looked at, and a layout for it to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shsnor.cli import DONE, NOT_HELD
from shsnor.cli.frame import Command, quoted
from shsnor.cli.opening import open_pack
from shsnor.cli.texts import language, text

if TYPE_CHECKING:
    from shsnor.workbooks.drafting import SeenSheet


@click.command("new", cls=Command, help=text("help.layout.new"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help=text("option.layout_out"))
@click.option("--pack", metavar="PACK", help=text("option.layout_pack"))
def new_command(file: Path, out: Path | None, pack: str | None) -> int:
    from shsnor.standard import STANDARD_TABLES, tables_of
    from shsnor.workbooks.drafting import draft_layout, draft_place, write_draft

    catalog = STANDARD_TABLES if pack is None else tables_of(open_pack(pack))
    draft = draft_layout(file, catalog)
    print(draft.file)
    for sheet in draft.sheets:
        _show(sheet)
    if not draft.text:
        print()
        ready = any(sheet.layout for sheet in draft.sheets)
        print(text("layout.ready" if ready else "layout.nothing"))
        return DONE if ready else NOT_HELD
    written = write_draft(draft, out or draft_place(file))
    print()
    print(text("layout.written", path=quoted(written)))
    print(text("layout.next", path=quoted(written)))
    return DONE


def _show(sheet: SeenSheet) -> None:
    from shsnor.wording import render_findings

    print()
    if sheet.layout is not None:
        print(text("layout.known", sheet=sheet.sheet, layout=sheet.layout, table=sheet.table))
    elif sheet.table is not None:
        print(text("layout.sheet", sheet=sheet.sheet, table=sheet.table, row=sheet.row))
    else:
        print(text("layout.unlike", sheet=sheet.sheet))
    cells = [column.cell.rpartition("!")[2] for column in sheet.columns]
    wide = max((len(column.header) for column in sheet.columns), default=0)
    for cell, column in zip(cells, sheet.columns, strict=True):
        shown = f"→ {column.column}" if column.column else text("layout.no_column")
        shown += text("layout.perhaps", name=column.nearest) if column.nearest else ""
        print(f"  {cell:5} {column.header[:40]:{min(wide, 40)}}  {shown if sheet.table else ''}".rstrip())
    if sheet.missing:
        print("  " + text("layout.missing", columns=", ".join(sheet.missing)))
    if sheet.doubts is not None and len(sheet.doubts):
        print(text("layout.doubts"))
        print("\n".join(f"  {line}".rstrip() for line in render_findings(sheet.doubts, language()).splitlines()))
