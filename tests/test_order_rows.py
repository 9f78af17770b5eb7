"""Every row of the orders, as the facts sheet lists them, is in exactly one item of the region's pack."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from shsnor.loading import load_pack

SHEET = (
    Path(os.environ.get("SHSNOR_DATA") or Path(__file__).parents[2] / "shared" / "data").parent
    / "domain"
    / "methodology.md"
)
#: pack -> prefix of its rows, and how many the sheet lists
ORDERS = {
    "kchr": ("kchr", 138),
    "tver": ("tver", 27),
    "sverdlovsk": ("sysert", 50),
    "saratov": ("saratov", 45),
    "krasnodar": ("krd20", 98),
}
_FIRST_CELL = re.compile(r"^\| ((?:kchr|tver|sysert|saratov|krd20)\.[\w.]+?)(?:(\d+)–(\d+))? \|", re.MULTILINE)


def rows_of(prefix: str) -> list[str]:
    """The ids in the first cells of the sheet's tables; `x.1–3` stands for three."""
    found = []
    for name, first, last in _FIRST_CELL.findall(SHEET.read_text(encoding="utf-8")):
        if name.startswith(prefix + "."):
            found += [f"{name}{n}" for n in range(int(first), int(last) + 1)] if first else [name]
    return found


@pytest.mark.skipif(not SHEET.is_file(), reason=f"no facts sheet at {SHEET}: it lies beside the folder SHSNOR_DATA")
@pytest.mark.parametrize("name", ORDERS)
def test_every_row_of_the_order_is_in_one_item(name: str) -> None:
    prefix, count = ORDERS[name]
    wanted = rows_of(prefix)
    given = [item.code or "" for _, _, item in load_pack(name).items()]
    codes = Counter(code for code in given if code.startswith(prefix + "."))
    assert len(wanted) == len(set(wanted)) == count
    assert sorted(set(wanted) - codes.keys()) == []
    assert sorted(codes.keys() - set(wanted)) == []
    assert [code for code, times in codes.items() if times > 1] == []
