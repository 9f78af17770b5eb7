"""A summary as a notebook shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shsnor import notebook
from shsnor.wording import explanations as words
from shsnor.wording import notebooks as captions
from shsnor.wording.phrases import number

if TYPE_CHECKING:
    from shsnor.outcomes.summary import Summary


def summary_html(summary: Summary) -> str:
    """The counts of an outcome as a piece of HTML in Russian."""
    return notebook.page(*_parts(summary))


def closed_html() -> str:
    """What stands in place of the counts once the outcome is closed."""
    return notebook.page(notebook.paragraph(captions.CLOSED))


def _parts(summary: Summary) -> Iterator[str]:
    yield notebook.heading(captions.OUTCOME.format(title=summary.title, version=summary.version))
    when = words.date(summary.as_of, "ru") if summary.as_of else ""
    levels = words.listed(words.many(n, level, "ru") for level, n in summary.entities.items())
    yield notebook.paragraph(captions.EVALUATED.format(date=when, counts=levels))
    if summary.without:
        yield notebook.paragraph(words.say("without", "ru", names=words.listed(summary.without)))
    flags = [
        (flag.label, *_numbers(flag.raised, flag.not_raised, flag.unknown, flag.vacant, flag.assumed))
        for flag in summary.flags
    ]
    yield notebook.table(captions.FLAGS, captions.FLAGS_HEAD, flags)
    for cluster in summary.clusters:
        counted = [
            *cluster.labels.items(),
            *([(words.say("label_unknown", "ru"), cluster.unknown)] if cluster.unknown else []),
        ]
        yield notebook.table(
            words.say("cluster_head", "ru", label=cluster.label),
            captions.CLUSTER_HEAD,
            [(name, *_numbers(n)) for name, n in counted],
        )
    measures = [(one.label, *_numbers(one.recommended, one.undecided)) for one in summary.measures]
    yield notebook.table(words.say("measures_counted", "ru"), captions.MEASURES_HEAD, measures)
    if summary.issues:
        yield notebook.paragraph(words.say("issues", "ru", n=number(summary.issues, "ru")))
    if summary.absent:
        yield notebook.paragraph(words.say("absent", "ru", names=words.listed(summary.absent)))
    if summary.rests_on_vpr:
        yield notebook.paragraph(words.say("vpr_limit", "ru"))
    yield notebook.paragraph(captions.HELP)


def _numbers(*counts: int) -> tuple[str, ...]:
    return tuple(number(n, "ru") for n in counts)
