"""What came of the cases of a pack, in words for a methodologist and as data for another program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shsnor.errors import Place
from shsnor.packtests.comparing import Difference
from shsnor.packtests.coverage import KINDS, Coverage, Covered
from shsnor.packtests.mutants import Mutant
from shsnor.packtests.running import CaseResult
from shsnor.packtests.scoring import Score
from shsnor.wording import COMPARISONS, Lang, render_findings, term
from shsnor.wording.case_words import case_text

_INDENT = " " * 6


def case_line(result: CaseResult, lang: Lang = "ru") -> str:
    """Whether a case holds, and which it is."""
    word = case_text("passed" if result.passed else "failed", lang)
    return f"{word}  {result.case.id}  {result.case.name}"


def failure_text(result: CaseResult, lang: Lang = "ru") -> str:
    """What was expected and what came out, then the explanation of each entity that differs; "" where the case holds."""
    parts = ["\n".join(_INDENT + _difference(one, lang) for one in result.differences)]
    for explanation in result.explanations.values():
        parts.append("\n".join(_INDENT + line if line else "" for line in explanation.splitlines()))
    if len(result.findings):
        parts.append(render_findings(result.findings, lang))
    return "\n\n".join(part for part in parts if part)


def _difference(difference: Difference, lang: Lang) -> str:
    if not difference.item:
        return f"{difference.entity}: {case_text('no_entity', lang)}"
    cell = ", ".join(f"{name}: {value}" for name, value in difference.dimensions.items())
    return case_text(
        "difference", lang, entity=difference.entity, item=difference.item, cell=f" {{{cell}}}" if cell else "",
        expected=difference.expected, got=case_text("no_cell", lang) if difference.got is None else difference.got,
    )  # fmt: skip


def coverage_text(coverage: Coverage, lang: Lang = "ru") -> str:
    """A short table of what the cases show, then what they do not."""
    return "\n".join(_coverage(coverage, lang))


def _coverage(coverage: Coverage, lang: Lang) -> Iterator[str]:
    yield case_text("coverage", lang)
    rows = [(case_text(f"covered.{kind}", lang), *coverage.shown(kind)) for kind in KINDS]
    width = max(len(name) for name, _, _ in rows)
    for name, shown, there in rows:
        yield f"  {name:{width}}  {case_text('of', lang, n=shown, all=there)}"
    if accepted := sum(len(one.accepted) for one in coverage.covered):
        yield f"  {case_text('accepted_sides', lang, n=accepted)}"
    missing = coverage.missing()
    if missing:
        yield from ("", case_text("not_shown", lang))
    for one in missing:
        yield f"  {_place(one.place)}  {one.item}  «{one.label}»"
        yield f"{_INDENT}{_missing(one, lang)}"


def _missing(one: Covered, lang: Lang) -> str:
    said = one.missing if one.kind == "labels" else [case_text(f"{one.kind}.{word}", lang) for word in one.missing]
    return case_text(f"missing.{one.kind}", lang, what=", ".join(said))


def score_text(score: Score, lang: Lang = "ru") -> str:
    """The score, then every change that no case notices, as the author would write it in `accepted.yaml`."""
    return "\n".join(_score(score, lang))


def _score(score: Score, lang: Lang) -> Iterator[str]:
    yield case_text("score", lang, percent=f"{score.percent:.1f}", noticed=len(score.noticed), all=score.all)
    for key, mutants in (("accepted", score.accepted), ("invalid", score.invalid)):
        if mutants:
            yield case_text(key, lang, n=len(mutants))
    if score.missed:
        yield case_text("missed", lang)
    for mutant in score.missed:
        yield f"  {_place(mutant.place)}  {mutant.item}: {change_text(mutant, lang)}"
        yield f'{_INDENT}change: "{mutant.id}"'


def change_text(mutant: Mutant, lang: Lang = "ru") -> str:
    """What a mutant changes, in a few words."""
    before, after = mutant.before, mutant.after
    if mutant.kind == "comparison":
        before, after = (term(word, lang, COMPARISONS) for word in (before, after))
    return case_text(f"change.{mutant.kind}", lang, before=before, after=after)


def _place(place: Place) -> str:
    return f"{place.file}:{place.line}" if place.line else place.file or ""


def as_data(results: tuple[CaseResult, ...], coverage: Coverage, score: Score | None) -> dict[str, Any]:
    """All of it as what JSON can hold."""
    data: dict[str, Any] = {"cases": [_case(result) for result in results], "coverage": {}}
    for kind in KINDS:
        shown, there = coverage.shown(kind)
        missing = [
            {"item": one.item, "path": one.path, "verdicts": list(one.missing), **_at(one.place)}
            for one in coverage.missing(kind)
        ]
        data["coverage"][kind] = {"shown": shown, "all": there, "missing": missing}
    if score is not None:
        data["mutants"] = {
            "percent": round(score.percent, 1),
            "noticed": len(score.noticed),
            "all": score.all,
            "accepted": [mutant.id for mutant in score.accepted],
            "missed": [{"change": m.id, "kind": m.kind, "item": m.item, **_at(m.place)} for m in score.missed],
        }
    return data


def _case(result: CaseResult) -> dict[str, Any]:
    differences = [
        {"entity": d.entity, "item": d.item, "dimensions": dict(d.dimensions), "expected": d.expected, "got": d.got}
        for d in result.differences
    ]
    return {"id": result.case.id, "name": result.case.name, "passed": result.passed, "differences": differences}


def _at(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line}
