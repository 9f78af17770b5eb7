"""`shsnor layout …`: how workbooks of others are read."""

from __future__ import annotations

from shsnor.cli.frame import Group
from shsnor.cli.texts import text

#: In the order in which one uses them; the help of `new` is the text `help.layout.new`.
COMMANDS = {
    "new": "shsnor.cli.layout_new:new_command",
    "list": "shsnor.cli.layout_list:list_command",
}

layout_group = Group("layout", COMMANDS, "help.layout.", help=text("help.layout"))
