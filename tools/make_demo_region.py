"""Make the demo region: invented schools with three years of results and context, and what is done for them.

    python tools/make_demo_region.py [folder]

writes its tables as CSV and README.md, by default into src/shsnor/demo_region. Plain standard library; the same bytes
come out on any machine (see `demo_region/chance.py`).
"""

from __future__ import annotations

import sys
from pathlib import Path

from demo_region.region import region_files


def main(arguments: list[str]) -> int:
    here = Path(__file__).resolve().parent.parent / "src" / "shsnor" / "demo_region"
    folder = Path(arguments[0]) if arguments else here
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in region_files().items():
        (folder / name).write_bytes(content)
        sys.stdout.write(f"{name}: {len(content)} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
