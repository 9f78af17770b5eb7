"""`shsnor data …`: the commands about tables, by the modules they stand in."""

from __future__ import annotations

from shsnor.cli.frame import Group
from shsnor.cli.texts import text

#: The help of `check` is the text `help.data.check`.
COMMANDS = {"check": "shsnor.cli.data_check:check_command"}

data_group = Group("data", COMMANDS, "help.data.", help=text("help.data"))
