"""`shsnor pack check`: whether a pack is right, and the tables for it; mends what is safe."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shsnor.cli import DONE, NOT_HELD, WRONG
from shsnor.cli.frame import Command, as_date, refuse_option
from shsnor.cli.texts import language, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shsnor.errors import Finding, Findings
    from shsnor.pack import Pack
    from shsnor.periods import AsOf

_FORMATS = ("text", "json", "github", "sarif")


@click.command("check", cls=Command, help=text("help.pack.check"))
@click.argument("pack")
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help=text("option.check_data"))
@click.option("--as-of", type=as_date, metavar="DATE", help=text("option.check_as_of"))
@click.option("--cases", is_flag=True, help=text("option.check_cases"))
@click.option("--strict", is_flag=True, help=text("option.strict.check"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
@click.option("--format", default="text", metavar="|".join(_FORMATS), help=text("option.check_format"))
@click.option("--fix", is_flag=True, help=text("option.fix"))
@click.option("--diff", is_flag=True, help=text("option.diff"))
def check_command(
    pack: str, data: Path | None, as_of: AsOf | None, cases: bool, strict: bool, trust: tuple[str, ...], format: str,
    fix: bool, diff: bool,
) -> int:  # fmt: skip
    if format not in _FORMATS:
        refuse_option("format", format, _FORMATS)
    if diff:
        return _show_fixes(pack)
    unmended = list(_mend(pack)) if fix else []
    loaded, findings = _check(pack, data, as_of, cases, trust)
    findings.extend(unmended)
    if format != "text":
        from shsnor.wording.formats import FORMATS

        print(FORMATS[format](findings, language()))
    else:
        _print(loaded, findings, with_data=data is not None)
    return WRONG if findings.errors else NOT_HELD if strict and len(findings) else DONE


def _check(
    pack: str, data: Path | None, as_of: AsOf | None, cases: bool, trust: tuple[str, ...]
) -> tuple[Pack | None, Findings]:
    from shsnor.checking import check_pack
    from shsnor.errors import Findings, FindingsError
    from shsnor.loading import read_pack

    try:
        loaded, findings = read_pack(pack, trust=trust)
        if loaded is not None:
            checked: Iterable[Finding] = check_pack(loaded, data, as_of=as_of)
            if findings.errors:  # what could not be read has stand-ins, of which there is no doubting
                checked = [f for f in checked if f.severity == "error" or not f.code.startswith("SH8")]
            findings = Findings([*findings, *checked])
            if cases and not findings.errors:
                from shsnor.packtests import check_cases

                findings.extend(check_cases(loaded))
    except FindingsError as error:
        return None, Findings(error.findings)
    return loaded, findings


def _print(loaded: Pack | None, findings: Findings, *, with_data: bool) -> None:
    if loaded is not None and not len(findings):
        good = "check.good_with_data" if with_data else "check.good"
        print(text(good, id=loaded.id, version=loaded.head.version))
        return
    from shsnor.wording import render_findings

    print(render_findings(findings, language()))
    print(text("check.more", code=next(iter(findings)).code))


def _mend(pack: str) -> Findings:
    """Write what can be mended, saying which files; findings for what was not."""
    from shsnor.errors import Place
    from shsnor.fixing import find_fixes

    fixes, findings = find_fixes(_folder(pack))
    for fix in fixes:
        try:
            fix.write()
        except OSError as error:
            findings.add("SH902", Place(file=fix.shown), reason=error.strerror or type(error).__name__)
        else:
            print(text("check.mended" if fix.before else "check.new_file", file=fix.shown), file=sys.stderr)
    return findings


def _show_fixes(pack: str) -> int:
    from shsnor.fixing import find_fixes
    from shsnor.wording import render_findings

    fixes, findings = find_fixes(_folder(pack))
    for fix in fixes:
        print(fix.diff if fix.before else text("check.would_be_new", file=fix.shown))
    if len(findings):
        print(render_findings(findings, language()), file=sys.stderr)
    if not fixes:
        print(text("check.nothing_to_mend"))
    return NOT_HELD if fixes else DONE


def _folder(pack: str) -> Path:
    """The pack's own folder or file: what is installed is mended by those who ship it."""
    path = Path(pack)
    if path.is_file():
        return path.parent if path.name == "pack.yaml" else path
    if not path.is_dir():
        raise click.UsageError(text("check.folder_needed", pack=pack), click.get_current_context())
    return path
