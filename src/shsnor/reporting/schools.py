"""The profile of one school, out of its explanation and of what all schools have."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal

from shsnor.explaining import Explanation, ExplanationNode, FlagExplanation
from shsnor.explaining.drawing import Branch
from shsnor.explaining.sentences import Sayer
from shsnor.outcomes import FlagRow, RecommendationRow
from shsnor.outcomes.items import VPR
from shsnor.reporting.distances import Distance, distance, kind_of
from shsnor.reporting.indicators import cell_words, indicator_lines, latest, threshold_text
from shsnor.reporting.model import (
    DistanceLine,
    FlagLine,
    Link,
    MeasureLine,
    PartnerList,
    SchoolPage,
    SubjectLine,
)
from shsnor.reporting.region import Region
from shsnor.wording import explanations as words
from shsnor.wording import reports as said
from shsnor.wording.phrases import number

#: So many missing values, and reasons of a measure, are named; of more, how many there are.
MOST_GAPS, MOST_CAUSES = 20, 2

#: From so many cells on that lack their value for one reason, they are told together.
FEW = 4


class Documents:
    """The documents that the rules of one page name: numbered as they come, for a title is long and comes often."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._titles = sorted(titles, key=len, reverse=True)  # a title may begin another
        self.named: dict[str, int] = {}

    def shorten(self, branch: Branch) -> Branch:
        """The branch with numbers for titles."""
        text = branch.text
        for title in self._titles:
            if title in text:
                text = text.replace(title, f"[{self.named.setdefault(title, len(self.named) + 1)}]")
        return Branch(text, tuple(map(self.shorten, _united(branch.below))))


def _united(branches: tuple[Branch, ...]) -> Iterator[Branch]:
    """Where many cells lack their value for one reason, one branch that names them all."""
    groups: dict[tuple[str, object], list[Branch]] = {}
    for place, branch in enumerate(branches):
        tail = branch.text.partition(": ")[2]
        lacks = not branch.below and tail.startswith(words.say("value_unknown", "ru"))
        groups.setdefault((tail, "") if lacks else ("", place), []).append(branch)
    for (tail, _), found in groups.items():
        if len(found) < FEW:
            yield from found
        else:
            yield Branch("; ".join(branch.text.partition(": ")[0] for branch in found) + f": {tail}")


def school_page(region: Region, explanation: Explanation, *, linked: bool = True) -> SchoolPage:
    """Everything that stands on the page of a school.

    linked   other pages of the report are there, so that names lead to them
    """
    row = explanation.entity
    here = region.file(row.level, row.entity)
    leaves = list(_leaves(explanation, region.year))
    say = Sayer(explanation.items, "ru")
    documents = Documents(row.label for row in region.documents)
    flags = tuple(_flag(explanation, flag, say, documents) for flag in explanation.flags)
    measures = {
        status: tuple(_measures(explanation, status)) for status in ("recommended", "undecided", "for_everyone")
    }
    subjects = tuple(_subjects(leaves, explanation, say))
    year_names, lines = indicator_lines(region, explanation, leaves, say)
    within = [region.link(above.level, above.entity, here) for above in reversed(explanation.containers)]
    return SchoolPage(
        name=row.name or row.entity,
        code=row.entity,
        within=tuple(within if linked else [Link(link.name) for link in within]),
        heading=region.heading,
        summary=tuple(_summary(flags, subjects, len(measures["recommended"]))),
        flags=flags,
        documents=tuple(documents.named),
        clusters=tuple(_clusters(explanation)),
        year_names=year_names,
        indicators=lines,
        alike=region.items.label(region.alike, "peers") if region.alike else "",
        distances=tuple(_distances(region, leaves, say)),
        subjects=subjects,
        measures=measures["recommended"],
        undecided=measures["undecided"],
        for_everyone=measures["for_everyone"],
        partners=tuple(_partners(region, row.entity, here, linked)),
        gaps=_shortened(list(dict.fromkeys(gap for flag in flags for gap in flag.gaps))),
        marks=tuple(_marks(region, row.entity)),
        rests_on_vpr=explanation.rests_on_vpr or any(VPR in leaf.dimensions.values() for leaf in leaves),
        contest=contest(region),
    )


def contest(region: Region) -> tuple[str, ...]:
    """How a number is corrected and a verdict looked at again."""
    decided = [label for flag, label in region.flags.items() if region.items.node(flag, "").get("expert_may_decide")]
    last = said.MAY_DECIDE.format(items=said.quoted_list(decided)) if decided else said.MAY_NOT_DECIDE
    return (*said.CONTEST, last)


def status_of(row: FlagRow) -> str:
    """met, not_met, unknown, or vacant: it does not apply to the school."""
    return "vacant" if row.verdict == "unknown" and words.is_vacant(row.reason) else row.verdict


def _leaves(explanation: Explanation, year: int) -> Iterator[ExplanationNode]:
    """The comparisons that the flags rest on, each once, in the order of the rules."""
    seen: set[tuple[str, str, str, str]] = set()
    for flag in explanation.flags:
        for root in flag.rule:
            for node in root.walk():
                if node.node != "leaf" or not node.comparison or node.unit == "text" or node.comparison == "known":
                    continue
                key = (node.item, node.path, node.indicator, json.dumps(node.dimensions, sort_keys=True))
                if key not in seen and int(node.dimensions.get("year", year)) <= year:
                    seen.add(key)
                    yield node


def _summary(flags: tuple[FlagLine, ...], subjects: tuple[SubjectLine, ...], measures: int) -> Iterator[str]:
    """At most three sentences."""
    by_status: dict[str, list[str]] = {}
    for flag in flags:
        by_status.setdefault(flag.status, []).append(flag.label)
    raised, unknown = by_status.get("met", []), by_status.get("unknown", [])
    if raised:
        yield said.say("flags", flags=said.quoted_list(raised))
    elif unknown and not by_status.get("not_met"):
        yield said.say("nothing_known")
    else:
        yield said.say("no_flags")
    if unknown and (raised or by_status.get("not_met")):
        yield said.say("also_unknown", n=said.flags_of(len(unknown)))
    elif subjects and raised:
        yield said.say("subjects", subjects=words.listed(line.subject for line in subjects))
    if measures:
        yield said.say("measures", n=number(measures, "ru"))


def _flag(explanation: Explanation, flag: FlagExplanation, say: Sayer, documents: Documents) -> FlagLine:
    row, items = flag.row, explanation.items
    status = status_of(row)
    notes = []
    if row.decided_by:
        computed = words.flag_verdict(row.computed, "ru")
        notes.append(
            words.say("decided", "ru", role=row.decided_by, verdict=said.FLAG_STATUS[status], computed=computed)
        )
        if row.decision_reason:
            notes.append(words.say("decision_reason", "ru", reason=row.decision_reason))
    if status == "unknown":
        notes.append(words.say("unknown", "ru", reasons=words.reasons(row.reason, "ru")))
    if row.vpr_only:
        notes.append(words.say("flag_vpr_only", "ru"))
    source = words.listed([row.clause, items.label(row.document, "sources")])
    return FlagLine(
        label=row.label,
        status=status,
        word=said.FLAG_STATUS[status],
        note=". ".join(note.rstrip(".") for note in notes) + ("." if notes else ""),
        source=source,
        rule=tuple(map(documents.shorten, say.rule(flag))),
        assumptions=tuple(branch.text for branch in say.assumptions(flag.assumptions)) if status == "met" else (),
        gaps=tuple(say.gaps(flag)) if status == "unknown" else (),
    )


def _clusters(explanation: Explanation) -> Iterator[tuple[str, str]]:
    for cluster in explanation.clusters:
        row = cluster.row
        label = row.title or row.label
        if label is None:
            label = f"неизвестно ({words.reasons(row.reason, 'ru')})"
        if row.decided_by:
            computed = explanation.items.case(row.cluster, row.computed) or words.say("label_unknown", "ru")
            label += "; " + words.say("cluster_decided", "ru", role=row.decided_by, computed=computed)
        yield cluster.label, label


def _subjects(leaves: list[ExplanationNode], explanation: Explanation, say: Sayer) -> Iterator[SubjectLine]:
    """The subjects of which some comparison says that they are hard, by name; the latest year first."""
    found: dict[str, dict[str, str]] = {}
    for leaf in leaves:
        if leaf.verdict == "met" and leaf.dimensions.get("subject") and kind_of(leaf, explanation.items) == "trouble":
            rest = {name: value for name, value in leaf.dimensions.items() if name != "subject"}
            cell = ": ".join([words.cell(rest, "ru"), say.value(leaf)])
            year = leaf.dimensions.get("year", "")
            found.setdefault(said.subject(leaf.dimensions["subject"]), {})[cell] = year
    for subject in sorted(found):
        cells = found[subject]
        yield SubjectLine(subject, tuple(sorted(cells, key=cells.__getitem__, reverse=True)))


def _distances(region: Region, leaves: list[ExplanationNode], say: Sayer) -> Iterator[DistanceLine]:
    """Of the latest year of each cell: what is beyond cannot be learnt any more."""
    for leaf in latest(leaves):
        found = distance(leaf, region.items)
        if found is not None:
            cell = cell_words(region, leaf)
            yield DistanceLine(leaf.label, cell, say.value(leaf), threshold_text(leaf), distance_text(leaf, found))


def distance_text(leaf: ExplanationNode, found: Distance) -> str:
    """What a distance says to the school, as learning."""
    gap = words.amount(found.gap, "" if leaf.unit == "percent" else leaf.unit, "ru", against=Decimal(0))
    if leaf.unit == "percent":
        gap += "\u00a0п.\u00a0п"
    if found.pupils is not None and found.after is not None and found.numerator is not None and leaf.denominator:
        after = words.amount(found.after, leaf.unit, "ru", against=leaf.threshold)
        counts = words.say(
            "of_counts", "ru", numerator=number(found.numerator, "ru"), denominator=number(leaf.denominator, "ru")
        )
        pupils = said.pupils(found.pupils, found.learning)
        return said.say(f"{found.kind}_pupils", pupils=pupils, after=f"{after} ({counts})")
    text = said.say("margin" if found.margin else "away", gap=gap)
    return f"{text} {said.say('moves')}" if found.moves else text


def _measures(explanation: Explanation, status: str) -> Iterator[MeasureLine]:
    items = explanation.items
    for row in explanation.measures:
        if row.status == status:
            yield MeasureLine(
                label=row.label,
                group=row.measure_group,
                because=_because(row, explanation),
                roles=words.listed(json.loads(row.responsible or "[]")),
                deadline=row.deadline or (words.date(row.due, "ru") if row.due else ""),
                report=row.report,
                source=words.listed([row.clause, items.label(row.document, "sources")]),
            )


def _marks(region: Region, entity: str) -> Iterator[str]:
    """What is asked to be looked at again: marks that are set, with their numbers."""
    items = region.items
    for row in region.marks.get(entity, ()):
        if row.value or row.text not in ("", "not_met"):
            held = "" if row.text == "met" else row.text
            if not held and row.value is not None and row.text != "met":
                held = words.amount(row.value, items.unit(row.item), "ru")
            named = [said.cell(json.loads(row.dimensions)), items.label(row.subject) if row.subject else row.name, held]
            yield ": ".join(part for part in (items.label(row.item), words.listed(named)) if part)


def _because(row: RecommendationRow, explanation: Explanation) -> str:
    causes = dict.fromkeys(explanation.items.label(cause.split(" ")[0]) for cause in json.loads(row.because or "[]"))
    return "; ".join(_shortened(list(causes), MOST_CAUSES)) or words.reasons(row.reason, "ru", row.absent)


def _shortened(lines: list[str], most: int = MOST_GAPS) -> tuple[str, ...]:
    """The first lines, and how many more there are."""
    left = len(lines) - most
    return (*lines[:most], said.say("more", n=left)) if left > 1 else tuple(lines)


def _partners(region: Region, entity: str, here: str, linked: bool) -> Iterator[PartnerList]:
    for name, lists in region.peers.items():
        if region.is_partners(name) and lists.get(entity):
            found = [region.link(region.level, peer, here) for peer in lists[entity]]
            yield PartnerList(
                region.items.label(name, "peers"), tuple(found if linked else [Link(link.name) for link in found])
            )
