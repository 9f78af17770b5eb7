"""`shsnor rule`: the page of a message's code, or the list of codes."""

from __future__ import annotations

import shutil

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command
from shsnor.cli.texts import language, text

_WIDEST = 100


@click.command("rule", cls=Command, help=text("help.rule"))
@click.argument("code", required=False)
def rule_command(code: str | None) -> int:
    from shsnor.wording.pages import find_code, nearest_codes

    if code is None:
        _print_list()
        return DONE
    found = find_code(code)
    if found is None:
        near = nearest_codes(code)
        said = [text("rule.unknown", code=code), text("rule.nearest", codes=", ".join(near)) if near else ""]
        said.append(text("rule.list"))
        raise click.UsageError(" ".join(part for part in said if part), click.get_current_context())
    _print_page(found)
    return DONE


def _print_list() -> None:
    from shsnor.wording import CODES, title
    from shsnor.wording.pages import families

    width = max(map(len, CODES.values()))
    for family, titles, codes in families():
        print(f"{family}xx  {titles[language() == 'en']}")
        for code in codes:
            print(f"  {code}  {CODES[code]:{width}}  {title(code, language())}")
        print()
    print(text("rule.one"))


def _print_page(code: str) -> None:
    from shsnor.wording.pages import page, summary
    from shsnor.wording.plain_text import plain

    written = page(code)
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    if language() == "en" or written is None:
        print("\n".join(summary(code, language())))
        print()
        print(text("rule.no_page" if written is None else "rule.page"))
    if written is not None:
        if language() == "en":
            print()
        print(plain(written, width))
