"""What is written rightly and yet hardly meant so: every question that is asked of a pack without errors."""

from __future__ import annotations

from datetime import date

from shsnor.checking import accepting, better, cells, dates, legs, logic, sources, texts, usage, values
from shsnor.checking.subject import Subject
from shsnor.errors import Findings
from shsnor.pack import Pack
from shsnor.terms import Resolved

#: Each asks one family of questions and leaves its warnings with the subject.
QUESTIONS = (usage.ask, dates.ask, values.ask, better.ask, cells.ask, sources.ask, texts.ask, legs.ask, logic.ask)


def find_doubts(pack: Pack, resolved: Resolved, day: date | None = None) -> Findings:
    """Warnings SH801–SH859 of a pack without errors, without those that its items accept.

    day   also what lacks on that day
    """
    subject = Subject(pack, resolved, day)
    for ask in QUESTIONS:
        ask(subject)
    return accepting.not_accepted(subject)
