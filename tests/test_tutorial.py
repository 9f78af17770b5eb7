"""The tutorial and the quick start are true: their files and commands, in their order, give what they show."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from shsnor.loading import load_pack
from shsnor.standard import tables_of
from tests.walking import DOCS, steps, walk

DEMO = Path(__file__).resolve().parents[1] / "src" / "shsnor" / "demo_region"
#: Of the invented region, so that an evaluation takes little.
MUNICIPALITY = "Верхнепридуманский район"


def test_the_tutorial_does_what_it_shows(tmp_path: Path) -> None:
    def by_hand(words: list[str]) -> bool:
        file = tmp_path / words[-1]
        if words[0] == "rm":
            file.unlink()
        elif words[0] == "sed":
            _, old, new, _ = words[2].split("/")
            text = file.read_text(encoding="utf-8")
            file.write_text(re.sub(old, new, text, flags=re.MULTILINE), encoding="utf-8")
            assert file.read_text(encoding="utf-8") != text
        else:
            return False
        return True

    assert walk("tutorial.md", tmp_path, by_hand) >= 8


def test_the_quick_start_does_what_it_shows(tmp_path: Path) -> None:
    """The template is filled by hand, with one cell wrong, which is mended after it was told of."""
    book = tmp_path / "данные" / "таблицы.xlsx"
    book.parent.mkdir()
    checks = 0

    def by_hand(words: list[str]) -> bool:
        nonlocal checks
        if words[1:3] == ["data", "check"]:
            checks += 1
            if checks == 1:
                fill(book, participants="много")
            if checks == 3:
                fill(book)
        return False

    assert walk("quickstart.md", tmp_path, by_hand) >= 10
    assert checks == 3
    assert (tmp_path / "список.xlsx").is_file() and (tmp_path / "сравнение.xlsx").is_file()
    assert (tmp_path / "отчёт" / "index.html").is_file()


def fill(book: Path, participants: str = "") -> None:
    """Pastes the invented exports into the sheets of the template; the first row of results may get a wrong number."""
    workbook = load_workbook(book)
    schools: set[str] = set()
    for name, table in tables_of(load_pack("federal")).items():
        if (table.label or name) not in workbook.sheetnames:
            continue
        sheet = workbook[table.label or name]
        columns = {column.label or key: key for key, column in table.columns.items()}
        headers = [columns[str(cell.value)] for cell in sheet[1]]
        for number, row in enumerate(rows(name, schools), start=2):
            for place, key in enumerate(headers, start=1):
                value: str | float | None = row.get(key) or None
                if isinstance(value, str) and key != "school_id" and re.fullmatch(r"\d+(\.\d+)?", value):
                    value = float(value) if "." in value else int(value)
                if key == "participants" and number == 2 and participants:
                    value = participants
                sheet.cell(number, place).value = value
    workbook.save(book)


def rows(name: str, schools: set[str]) -> list[dict[str, str]]:
    """The rows of one municipality's schools, which `schools` learns from the first table."""
    with (DEMO / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))
    if name == "schools":
        schools |= {row["school_id"] for row in read if row["municipality"] == MUNICIPALITY}
    return [row for row in read if row["school_id"] in schools]


@pytest.mark.parametrize("page", ["tutorial.md", "quickstart.md"])
def test_a_page_shows_what_its_commands_print(page: str) -> None:
    assert [command for command, shown in steps(page) if command.startswith("shsnor") and not shown] == []


@pytest.mark.parametrize("page", ["quickstart.md", "school-profile.md"])
def test_a_picture_of_a_page_is_there_and_says_in_words_what_it_shows(page: str) -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\((assets/[^)]+)\)", (DOCS / page).read_text(encoding="utf-8"))
    assert pictures
    for says, file in pictures:
        assert len(says) > 20 and (DOCS / file).is_file(), file
