"""What an evaluation says: its tables, how they are kept, written and taken up again.

Public: `Outcome`, `load_outcome`, `sign_outcome`; the tables' columns in `OUTCOME_TABLES`, their rows as classes.
"""

from shsnor.outcomes.formats import FORMATS, Format, staged
from shsnor.outcomes.loading import load_outcome, sign_outcome
from shsnor.outcomes.outcome import Manifest, Outcome, OutcomeTable
from shsnor.outcomes.signing import Signature
from shsnor.outcomes.tables import (
    OUTCOME_TABLES,
    SCHEMA,
    ClusterRow,
    CriterionResultRow,
    EntityRow,
    FlagRow,
    FunctionDetailRow,
    IndicatorValueRow,
    InternalMarkRow,
    IssueRow,
    ItemRow,
    OutcomeColumn,
    OutcomeSchema,
    PeerRow,
    RecommendationRow,
    StepRow,
    TaskRow,
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
    "FunctionDetailRow",
    "IndicatorValueRow",
    "InternalMarkRow",
    "IssueRow",
    "ItemRow",
    "Manifest",
    "Outcome",
    "OutcomeColumn",
    "OutcomeSchema",
    "OutcomeTable",
    "PeerRow",
    "RecommendationRow",
    "Signature",
    "StepRow",
    "TaskRow",
    "load_outcome",
    "sign_outcome",
    "staged",
]
