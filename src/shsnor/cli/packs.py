"""`shsnor pack …`: the commands about packs, by the modules they stand in."""

from __future__ import annotations

from shsnor.cli.frame import Group
from shsnor.cli.texts import text

#: In the order in which one uses them; the help of `list` is the text `help.pack.list`.
COMMANDS = {
    "new": "shsnor.cli.pack_new:new_command",
    "list": "shsnor.cli.pack_list:list_command",
    "check": "shsnor.cli.pack_check:check_command",
    "show": "shsnor.cli.pack_show:show_command",
    "pages": "shsnor.cli.pack_pages:pages_command",
    "test": "shsnor.cli.pack_test:test_command",
    "diff": "shsnor.cli.pack_diff:diff_command",
    "schema": "shsnor.cli.pack_schema:schema_command",
    "rows": "shsnor.cli.orders:rows_command",
    "tasks": "shsnor.cli.orders:tasks_command",
}

pack_group = Group("pack", COMMANDS, "help.pack.", help=text("help.pack"))
