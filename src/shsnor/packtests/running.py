"""Runs cases: together where they can be, by themselves where not, and again by itself where one fails, to explain it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shsnor.checking import find_faults, untrusted_plugins
from shsnor.errors import Findings, FindingsError, PackError, UsageError
from shsnor.evaluating import evaluate
from shsnor.explaining import explain
from shsnor.host import Host, find_plugins
from shsnor.pack import Pack
from shsnor.packtests.answers import Seen
from shsnor.packtests.cases import MEASURE_LISTS, Case
from shsnor.packtests.comparing import Difference
from shsnor.packtests.references import names_in
from shsnor.packtests.regions import Apart, whole_rows
from shsnor.packtests.together import Together, alone, can_share, together
from shsnor.progress import Progress, silent
from shsnor.standard import tables_of
from shsnor.wording import Lang
from shsnor.wording.stages import CASES


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case.

    findings      why it could not be evaluated at all
    explanations  of each entity that differs, in the language asked for
    """

    case: Case
    differences: tuple[Difference, ...] = ()
    findings: Findings = field(default_factory=Findings)
    explanations: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not self.differences and not self.findings.errors


@dataclass(frozen=True)
class Ran:
    """What came of cases: a result for each, in their order, and what was seen in any of them."""

    results: tuple[CaseResult, ...]
    seen: Seen


def run_all(
    pack: Pack, cases: Sequence[Case], *, lang: Lang = "ru", host: Host | None = None, progress: Progress = silent
) -> Ran:
    """What came of these cases; `lang` is the language of explanations.

    raises  PackError; UsageError where a plugin is wrong or not trusted
    """
    host = find_plugins(pack) if host is None else host
    _must_be_sound(pack, host)
    ran = _Running(pack, host, len(cases), progress)
    ran.run(dict(enumerate(cases)))
    results = []
    for number, case in enumerate(cases):
        if number in ran.wrong:
            results.append(CaseResult(case, findings=ran.wrong[number]))
        else:
            found = ran.differences[number]
            results.append(CaseResult(case, found, explanations=_explained(pack, case, found, lang, host)))
    return Ran(tuple(results), ran.seen)


def _must_be_sound(pack: Pack, host: Host) -> None:
    """Once for all cases, not for each."""
    found, _ = find_faults(pack, host)
    if found.errors:
        raise PackError(found)
    if untrusted := untrusted_plugins(pack).errors:
        raise UsageError(untrusted)


@dataclass
class _Running:
    """What came of the cases that were run so far, by number."""

    pack: Pack
    host: Host
    total: int
    progress: Progress
    differences: dict[int, tuple[Difference, ...]] = field(default_factory=dict)
    wrong: dict[int, Findings] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)

    def run(self, cases: dict[int, Case]) -> None:
        """Run these cases together; where something is wrong, each half by itself, so that one spoils no other."""
        for shared in shared_tables(self.pack, cases, self.host):
            try:
                self.evaluate(shared)
            except FindingsError as error:
                numbers = sorted(shared.cases)
                if len(numbers) == 1:
                    self.wrong[numbers[0]] = error.findings
                    continue
                middle = len(numbers) // 2
                for half in (numbers[:middle], numbers[middle:]):
                    self.run({n: cases[n] for n in half})

    def evaluate(self, shared: Together) -> None:
        plans = shared.plans()
        with shared.tables(plans.values()) as tables:
            for call, numbers in shared.calls.items():
                run = tables.compute(plans[call])
                answers = shared.answers(run, shared.asked(numbers))
                self.seen.add(shared.seen(run, numbers))
                for number in numbers:
                    self.differences[number] = tuple(shared.differences(number, answers))
                self.progress(CASES, len(self.differences), self.total)


def shared_tables(pack: Pack, cases: Mapping[int, Case], host: Host) -> Iterator[Together]:
    """The cases put together as far as they can be."""
    left = dict(cases)
    sharing = can_share(pack, cases, host)
    if len(sharing) > 1:
        with contextlib.suppress(Apart):
            yield together(pack, sharing, host)
            left = {n: case for n, case in cases.items() if n not in sharing}
    for number, case in left.items():
        yield alone(pack, number, case, host)


def _explained(pack: Pack, case: Case, differences: Sequence[Difference], lang: Lang, host: Host) -> Mapping[str, str]:
    """The explanation of each entity that differs, of what differs alone, out of an evaluation of the case as it stands."""
    items: dict[str, dict[str | None, None]] = {}
    for difference in differences:
        if difference.item:
            items.setdefault(difference.entity, {}).update(dict.fromkeys(_about(pack, difference)))
    if not items:
        return {}
    rows = whole_rows(case.tables, tables_of(pack))
    with evaluate(
        pack,
        rows,
        as_of=case.as_of,
        parameters=case.parameters,
        without=case.without,
        settings={"threads": 1},
        host=host,
    ) as outcome:
        return {
            entity: "\n\n".join(explain(outcome, entity, item).text(lang) for item in items[entity]) for entity in items
        }


def _about(pack: Pack, difference: Difference) -> Iterator[str | None]:
    """The items to explain: of a measure those that its condition names; None, all of the entity, for peers."""
    if difference.item not in MEASURE_LISTS:
        yield None if difference.item in pack.document.peers else difference.item
        return
    expected, got = (set(text.strip("[]").split(", ")) - {""} for text in (difference.expected, difference.got or ""))
    for name in sorted((expected ^ got) & pack.document.measures.keys()):
        written = pack.document.measures[name].model_dump(include={"when"}, by_alias=True, exclude_unset=True)
        yield from sorted(named for kind, named in names_in(written) if kind == "item")
