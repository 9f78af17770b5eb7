"""The exporter `support_list`: which support is recommended to whom, as Markdown; by municipality and name, never by result."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from shsnor import Outcome


def write_support_list(outcome: Outcome, path: Path) -> None:
    measures: dict[str, list[str]] = {}
    for row in outcome.recommendations.rows(status="recommended"):
        measures.setdefault(row.entity, []).append(row.label)
    supported = [entity for entity in outcome.entities.rows() if entity.entity in measures]
    supported.sort(key=lambda entity: (entity.parent, entity.name, entity.entity))

    lines = ["# Кому какая поддержка рекомендуется", "", f"На дату {outcome.manifest.evaluation['as_of']}."]
    for municipality, entities in groupby(supported, key=lambda entity: entity.parent):
        lines += ["", f"## {municipality}", ""]
        for entity in entities:
            lines.append(f"- {entity.name or entity.entity}: {'; '.join(measures[entity.entity])}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
