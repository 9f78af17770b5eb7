"""What an evaluation says: its tables, how they are kept, written and taken up again.

Public: `Outcome`, `load_outcome`; the tables' columns in `OUTCOME_TABLES`, their rows as classes.
"""

from shsnor.outcomes.formats import FORMATS, Format, staged
from shsnor.outcomes.loading import load_outcome
from shsnor.outcomes.outcome import Manifest, Outcome, OutcomeTable
from shsnor.outcomes.tables import (
    OUTCOME_TABLES,
    SCHEMA,
    ClusterRow,
    CriterionResultRow,
    EntityRow,
    FlagRow,
    IndicatorValueRow,
    IssueRow,
    ItemRow,
    OutcomeColumn,
    OutcomeSchema,
    PeerRow,
    RecommendationRow,
    StepRow,
)

__all__ = [
    "FORMATS",
    "OUTCOME_TABLES",
    "SCHEMA",
    "ClusterRow",
    "CriterionResultRow",
    "EntityRow",
    "FlagRow",
    "Format",
    "IndicatorValueRow",
    "IssueRow",
    "ItemRow",
    "Manifest",
    "Outcome",
    "OutcomeColumn",
    "OutcomeSchema",
    "OutcomeTable",
    "PeerRow",
    "RecommendationRow",
    "StepRow",
    "load_outcome",
    "staged",
]
