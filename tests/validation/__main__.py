"""`python -m tests.validation [DATA_DIR]`: one line a figure; exit code 1 if any is not as expected."""

from __future__ import annotations

import sys
from pathlib import Path

from .agreement import VALIDATIONS, default_data


def main(arguments: list[str]) -> int:
    data = Path(arguments[0]) if arguments else default_data()
    code = 0
    for folder, validate in VALIDATIONS.items():
        if not (data / folder).is_dir():
            print(f"skipped: no data at {data / folder}")
            continue
        for figure in validate(data):
            print(figure)
            code = code if figure.as_expected else 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
