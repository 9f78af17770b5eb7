"""`shsnor demo`: the invented region, evaluated, and why one of its schools has its flags."""

from __future__ import annotations

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command, quoted
from shsnor.cli.opening import open_pack
from shsnor.cli.progress import bar
from shsnor.cli.texts import language, text


@click.command("demo", cls=Command, help=text("help.demo"))
@click.argument("pack", default="federal", metavar="[PACK]")
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
def demo_command(pack: str, trust: tuple[str, ...]) -> int:
    from shsnor.demo import DEMO_YEAR, demo_region, flagged_entity
    from shsnor.evaluating import evaluate
    from shsnor.explaining import explain

    loaded = open_pack(pack, trust=trust)
    print(text("demo.invented"), flush=True)
    print()
    with bar() as progress:
        computed = evaluate(loaded, demo_region(), as_of=DEMO_YEAR, progress=progress)
    with computed as outcome:
        print(outcome.summary(language()).text().rstrip())
        print()
        entity = flagged_entity(outcome)
        if entity is None:
            print(text("demo.none"))
        else:
            print(text("demo.why"))
            print()
            print(explain(outcome, entity).text(language()).rstrip())
    print()
    print(text("demo.next"))
    school = entity or "010001"
    print(f"  shsnor evaluate {quoted(pack)} --data {quoted(demo_region())} --as-of {DEMO_YEAR} --out out")
    print(f"  shsnor explain out --school {school}")
    print(f"  shsnor plan {quoted(pack)} --as-of {DEMO_YEAR}")
    return DONE
