"""`python -m shsnor`: the same as the command `shsnor`."""

from __future__ import annotations

import sys

from shsnor.cli import main

if __name__ == "__main__":
    sys.exit(main())
