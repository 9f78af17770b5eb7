"""Writes the index of the pages of codes, `docs/findings/index.md`; a test says when that is not as it would be made."""

from __future__ import annotations

import sys
from pathlib import Path

from shsnor.wording.pages import index_page

INDEX = Path(__file__).resolve().parents[1] / "docs" / "findings" / "index.md"


def main() -> int:
    INDEX.write_text(index_page(), encoding="utf-8", newline="\n")
    print(f"written: {INDEX}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
