"""Runs a pack's own worked cases: rows in, verdicts out, as an author writes them in `tests/*.yaml` beside the pack.

A case gives the tables by hand (what it does not name is empty) and says, entity by entity, what should come out.
Expectations name what they are about: an item with dimensions may be asked for some of its cells only.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shsnor.errors import Findings
from shsnor.host import Host, find_plugins
from shsnor.pack import Pack
from shsnor.packtests.accepting import Accepted, read_accepted
from shsnor.packtests.answers import Seen
from shsnor.packtests.cases import Case, read_cases
from shsnor.packtests.comparing import Difference
from shsnor.packtests.coverage import KINDS as COVERED
from shsnor.packtests.coverage import Coverage, Covered, coverage_of
from shsnor.packtests.mutants import Mutant
from shsnor.packtests.running import CaseResult, run_all
from shsnor.packtests.scoring import Score, score
from shsnor.progress import Progress, silent
from shsnor.wording import Lang

__all__ = [
    "COVERED", "Case", "CaseResult", "CaseResults", "Coverage", "Covered", "Difference", "Mutant", "Score",
    "check_cases", "covered_by", "read_cases", "run_case", "run_cases", "score_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseResults:
    """What came of all cases of a pack.

    findings   what is wrong in the files of cases themselves
    seen       what came out in any case
    accepted   what the author says that cases need not show
    """

    pack: Pack
    results: tuple[CaseResult, ...]
    findings: Findings
    seen: Seen = field(default_factory=Seen)
    accepted: Accepted = field(default_factory=Accepted)

    @property
    def failed(self) -> int:
        return sum(not result.passed for result in self.results)

    @property
    def passed(self) -> bool:
        return not self.failed and not self.findings.errors

    def with_findings(self, coverage: Coverage, score: Score | None = None) -> Findings:
        """What is wrong with the files of cases; for a pack in force also criteria that no case shows; idle acceptances."""
        findings = Findings(self.findings)
        if self.passed:
            if self.pack.head.status == "active":
                findings.extend(coverage.findings())
            unnoticed = None if score is None else {mutant.id for mutant in (*score.missed, *score.accepted)}
            findings.extend(self.accepted.idle(coverage.not_shown, unnoticed))
        return findings


def run_cases(pack: Pack, *, lang: Lang = "ru", host: Host | None = None, progress: Progress = silent) -> CaseResults:
    """What came of every case that stands beside the pack, all in one run; `lang` is the language of explanations.

    raises  PackError; UsageError where a plugin is wrong or not trusted
    """
    cases, findings = read_cases(pack)
    accepted, more = read_accepted(pack)
    findings.extend(more)
    ran = run_all(pack, cases, lang=lang, host=host, progress=progress)
    return CaseResults(pack, ran.results, findings, ran.seen, accepted)


def check_cases(pack: Pack, *, host: Host | None = None) -> Findings:
    """What is wrong with the cases of a pack: their files, those that do not hold, what those of a pack in force do not show."""
    ran = run_cases(pack, host=host)
    findings = ran.with_findings(covered_by(pack, ran, host=host))
    for result in ran.results:
        if not result.passed:
            first = next(iter(result.differences), None)
            findings.extend(result.findings)
            findings.add(
                "SH884", result.case.place, name=result.case.name, entity=first and first.entity, item=first and first.item,
                expected=first and first.expected, got=first and first.got,
            )  # fmt: skip
    return findings


def run_case(pack: Pack, case: Case, *, lang: Lang = "ru", host: Host | None = None) -> CaseResult:
    """What came of one case: what differs from its expectations, with the explanation of each entity that differs."""
    return run_all(pack, [case], lang=lang, host=host).results[0]


def covered_by(pack: Pack, results: CaseResults, *, host: Host | None = None) -> Coverage:
    """What the cases of a pack show of its own criteria, thresholds, flags, labels and measures."""
    return coverage_of(pack, results.seen, find_plugins(pack) if host is None else host, results.accepted)


def score_of(pack: Pack, results: CaseResults, *, host: Host | None = None, progress: Progress = silent) -> Score:
    """Which small changes of the pack its cases notice; they must hold."""
    cases = [result.case for result in results.results]
    return score(pack, cases, accepted=results.accepted.mutants, host=host, progress=progress)
