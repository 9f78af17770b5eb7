"""`python -m bench.work MODULE:FUNCTION ARGUMENTS`: one piece of work in this process; prints its sample (see `measuring.run`)."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict


def main() -> None:
    work, arguments = sys.argv[1:]
    module, function = work.split(":")
    found = getattr(importlib.import_module(f"bench.{module}"), function)
    print(json.dumps(asdict(found(**json.loads(arguments)))))


if __name__ == "__main__":
    main()
