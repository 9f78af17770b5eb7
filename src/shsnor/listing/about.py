"""The sheet «Пояснения»: by which order, of which data, how to read the list and how not to use it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from shsnor.listing.shown import Shown
from shsnor.sheets import Sheet
from shsnor.wording import explanations as words
from shsnor.wording import listing as said
from shsnor.wording.phrases import number

ABOUT = "Пояснения"


def about(shown: Shown, limits: Sequence[str], within: str = "") -> Sheet:
    """Lines of text; `limits` what was left out of the other sheets, `within` the municipality that the list is of."""
    tell = said.ABOUT
    lines = [
        tell["head"], said.INTERNAL, words.say("help", "ru"), *_evaluation(shown),
        *([tell["within"].format(name=within)] if within else []),
        *_limit_of_vpr(shown), tell["contest"],
        "", tell["how"], *(f"«{sheet}» — {text}" for sheet, text in said.SHEETS.items()),
        "", tell["documents"], *_documents(shown),
        *(["", tell["limits"], *limits] if limits else []),
        "", tell["made_of"], *_made_of(shown),
    ]  # fmt: skip
    return Sheet(ABOUT, lines=tuple(lines))


def rests_on_vpr(shown: Shown) -> bool:
    flags = dict.fromkeys(row.item for row in shown.outcome.items.rows(section="flags"))
    return any(shown.items.rests_on_vpr(flag, "flags") for flag in flags)


def _limit_of_vpr(shown: Shown) -> list[str]:
    return [words.say("vpr_limit", "ru")] if rests_on_vpr(shown) else []


def _evaluation(shown: Shown) -> Iterator[str]:
    evaluation, tell = shown.outcome.manifest.evaluation, said.ABOUT
    pack = evaluation.get("pack") or {}
    yield tell["pack"].format(title=pack.get("title"), version=pack.get("version"), id=pack.get("id"))
    day = words.date(str(evaluation.get("as_of") or ""), "ru")
    yield tell["as_of"].format(date=day, version=(evaluation.get("versions") or {}).get("shsnor"))
    if evaluation.get("without"):
        yield tell["without"].format(names=words.listed(evaluation["without"]))
    parameters = evaluation.get("parameters") or {}
    changed = [shown.items.label(name, "parameters") for name, p in parameters.items() if p.get("since") == "changed"]
    if changed:
        yield tell["changed"].format(names="; ".join(changed))


def _documents(shown: Shown) -> Iterator[str]:
    """Each document that a flag or criterion stands on, with the clauses named."""
    clauses: dict[str, dict[str, None]] = {}
    for section in ("flags", "criteria"):
        for row in shown.outcome.items.rows(section=section):
            if row.document:
                clauses.setdefault(row.document, {})[row.clause] = None
    for document, named in clauses.items():
        title = shown.items.label(document, "sources")
        yield said.ABOUT["document"].format(title=title, clauses="; ".join(clause for clause in named if clause))


def _made_of(shown: Shown) -> Iterator[str]:
    manifest, tell = shown.outcome.manifest, said.ABOUT
    text = next(iter(manifest.texts().values()))
    yield tell["manifest"].format(digest=hashlib.sha256(text.encode("utf-8")).hexdigest())
    yield tell["pack_digest"].format(digest=(manifest.evaluation.get("pack") or {}).get("digest"))
    for name, table in (manifest.evaluation.get("tables") or {}).items():
        yield tell["table"].format(name=name, rows=number(table["rows"], "ru"), digest=table["digest"])
