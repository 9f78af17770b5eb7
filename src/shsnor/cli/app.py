"""The commands of `shsnor`, by the modules they stand in."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

import shsnor
from shsnor.cli import DONE, WRONG
from shsnor.cli.frame import Group, usage_text
from shsnor.cli.texts import language, text

#: In the order in which one uses them; the help of `demo` is the text `help.demo`.
COMMANDS = {
    "demo": "shsnor.cli.demo:demo_command",
    "template": "shsnor.cli.template:template_command",
    "data": "shsnor.cli.data:data_group",
    "layout": "shsnor.cli.layouts:layout_group",
    "evaluate": "shsnor.cli.evaluate:evaluate_command",
    "explain": "shsnor.cli.explain:explain_command",
    "report": "shsnor.cli.report:report_command",
    "compare": "shsnor.cli.compare:compare_command",
    "sign": "shsnor.cli.sign:sign_command",
    "list": "shsnor.cli.list:list_command",
    "measures": "shsnor.cli.measures:measures_command",
    "plan": "shsnor.cli.plan:plan_command",
    "what-if": "shsnor.cli.what_if:what_if_command",
    "pack": "shsnor.cli.packs:pack_group",
    "rule": "shsnor.cli.rule:rule_command",
    "plugins": "shsnor.cli.plugins:plugins_command",
    "doctor": "shsnor.cli.doctor:doctor_command",
}


def run(arguments: Sequence[str]) -> int:
    """The exit code of one command line; faults of ours are raised."""
    try:
        with app.make_context("shsnor", list(arguments)) as context:
            return int(app.invoke(context) or DONE)
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        return WRONG
    except click.UsageError as error:
        print(usage_text(error), file=sys.stderr)
        return WRONG
    except Exception as error:
        from shsnor.errors import FindingsError

        if not isinstance(error, FindingsError):
            raise
        from shsnor.wording import render_findings

        print(render_findings(error.findings, language()), file=sys.stderr)
        return WRONG


def _alone() -> int:
    """`shsnor` without a command."""
    if click.get_current_context().invoked_subcommand is not None:
        return DONE
    from shsnor.cli.here import show_surroundings

    return show_surroundings(COMMANDS)


app = Group("shsnor", COMMANDS, "help.", help=text("help.shsnor"), invoke_without_command=True, callback=_alone)
click.version_option(shsnor.__version__, "--version", message="shsnor %(version)s", help=text("option.version"))(app)
