"""What of an outcome may be published, decided in one place for all outputs.

Public: `public_view`, `PublicView` and what it holds, `publication_minimum`.
"""

from shsnor.publishing.figures import PublicFigure
from shsnor.publishing.view import (
    DEFAULT_MINIMUM,
    LEAST_MINIMUM,
    FlagTotal,
    PublicFlag,
    PublicView,
    public_view,
    publication_minimum,
)

__all__ = [
    "DEFAULT_MINIMUM",
    "LEAST_MINIMUM",
    "FlagTotal",
    "PublicFigure",
    "PublicFlag",
    "PublicView",
    "public_view",
    "publication_minimum",
]
