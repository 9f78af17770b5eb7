"""Flags, clusters and support measures for schools, by a region's own order written as a pack.

    import shsnor

    pack = shsnor.load_pack("federal")
    outcome = shsnor.evaluate(pack, "data", as_of=2022)
    for flag in outcome.flags.rows():
        ...

The public names stand below; plugins may rely on `shsnor.hookspecs` and `shsnor.functions` as well; everything else is
private. Each loads its module when it is first used: what needs DuckDB or the pack models pays for them, `import shsnor`
does not.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shsnor.caching import Cache
    from shsnor.checking import check_pack
    from shsnor.comparing import Comparison, compare
    from shsnor.comparing.years import YearsComparison, compare_years
    from shsnor.describing import PackDescription, describe_pack
    from shsnor.differing import PackDiff, diff_packs
    from shsnor.errors import DataError, Fault, Findings, PackError, ShsnorError, UsageError
    from shsnor.evaluating import Workspace, evaluate
    from shsnor.explaining import Explanation, explain
    from shsnor.host import Host, find_plugins
    from shsnor.inspecting import DataReport, check_data
    from shsnor.listing import due_measures, write_list
    from shsnor.loading import load_pack
    from shsnor.outcomes import Outcome, load_outcome, sign_outcome
    from shsnor.pack import Pack
    from shsnor.planning import Plan, make_plan
    from shsnor.publishing import PublicView, public_view
    from shsnor.reading import Data
    from shsnor.reporting import write_report
    from shsnor.spark import SparkStore
    from shsnor.templates import write_template
    from shsnor.whatif import Sweep, WhatIf, sweep, what_if

__version__ = "0.1.0"

__all__ = [
    "load_pack",
    "check_pack",
    "check_data",
    "write_template",
    "make_plan",
    "evaluate",
    "explain",
    "what_if",
    "sweep",
    "compare",
    "compare_years",
    "describe_pack",
    "diff_packs",
    "load_outcome",
    "sign_outcome",
    "write_list",
    "due_measures",
    "write_report",
    "public_view",
    "find_plugins",
    "Pack",
    "PackDescription",
    "Plan",
    "DataReport",
    "Outcome",
    "Explanation",
    "Data",
    "SparkStore",
    "PublicView",
    "Cache",
    "Workspace",
    "WhatIf",
    "Sweep",
    "Comparison",
    "YearsComparison",
    "PackDiff",
    "Host",
    "Findings",
    "ShsnorError",
    "PackError",
    "DataError",
    "UsageError",
    "Fault",
    "__version__",
]

_HOMES = {
    "public_view": "publishing",
    "PublicView": "publishing",
    "load_pack": "loading",
    "check_pack": "checking",
    "check_data": "inspecting",
    "DataReport": "inspecting",
    "write_template": "templates",
    "make_plan": "planning",
    "evaluate": "evaluating",
    "explain": "explaining",
    "describe_pack": "describing",
    "PackDescription": "describing",
    "load_outcome": "outcomes",
    "sign_outcome": "outcomes",
    "write_list": "listing",
    "due_measures": "listing",
    "write_report": "reporting",
    "find_plugins": "host",
    "Pack": "pack",
    "Plan": "planning",
    "Outcome": "outcomes",
    "Explanation": "explaining",
    "what_if": "whatif",
    "sweep": "whatif",
    "WhatIf": "whatif",
    "Sweep": "whatif",
    "compare": "comparing",
    "Comparison": "comparing",
    "compare_years": "comparing.years",
    "YearsComparison": "comparing.years",
    "diff_packs": "differing",
    "PackDiff": "differing",
    "Data": "reading",
    "SparkStore": "spark",
    "Cache": "caching",
    "Workspace": "evaluating",
    "Host": "host",
    "Findings": "errors",
    "ShsnorError": "errors",
    "PackError": "errors",
    "DataError": "errors",
    "UsageError": "errors",
    "Fault": "errors",
}


def __getattr__(name: str) -> Any:
    if (home := _HOMES.get(name)) is None:
        raise AttributeError(f"module 'shsnor' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"shsnor.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
