"""The invented region that comes with the package: where it lies, and one school worth explaining."""

from __future__ import annotations

from pathlib import Path

from shsnor.outcomes import Outcome

#: The last year of its tables.
DEMO_YEAR = 2022


def demo_region() -> Path:
    """The folder with the tables of the invented region."""
    return Path(__file__).with_name("demo_region")


def flagged_entity(outcome: Outcome) -> str | None:
    """The code of the first entity that has a flag by its data alone (no expert's decision); None where none has."""
    raised = outcome.flags.rows(verdict="met")
    return next((row.entity for row in raised if not row.decided_by), None)
