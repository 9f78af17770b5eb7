"""Every item of a pack as a description: its sentences, its document and clause, since when it is in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from shsnor.describing.conditions import Conditions
from shsnor.describing.description import ItemDescription
from shsnor.describing.functions import by_function
from shsnor.describing.indicators import Indicators
from shsnor.describing.names import Names
from shsnor.describing.sentence import Parts, Ref, Sentence, fill, join
from shsnor.pack import Cluster, Criterion, DatedItem, Flag, Indicator, Item, Measure, Parameter, Peers, Task
from shsnor.wording import descriptions as words
from shsnor.wording.explanations import date
from shsnor.wording.terms import LEVELS, term

_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*(?:\.[A-Za-z0-9_]+)*)")


class ItemSentences:
    """Says the items of one pack."""

    def __init__(self, names: Names) -> None:
        self.names, self.lang = names, names.lang
        self.conditions = Conditions(names)
        self.indicators = Indicators(names, self.conditions)
        self._readers: dict[str, list[Ref]] | None = None

    def say(self, key: str, **gaps: object) -> Parts:
        return fill(words.say(key, self.lang), **gaps)

    def describe(self, section: str, name: str, item: Item) -> ItemDescription:
        """The description of an item."""
        pack, source = self.names.pack, item.source
        self.names.level = self.names.level_of(name, section)
        valid = item.valid if isinstance(item, DatedItem) else None
        origin = pack.origin.get(f"{section}/{name}", pack.id)
        return ItemDescription(
            section=section, id=name, label=item.label, code=item.code or "", note=item.note or "",
            unit=getattr(item, "unit", None) or "", better=getattr(item, "better", None) or "",
            sentences=tuple(self._sentences(name, item)), formula=self._formula(item),
            value=self.names.worth(name) or "" if isinstance(item, Parameter) else "",
            document=source.document or "", document_title=self.names.document(source.document), clause=source.clause,
            basis=source.basis, because=source.because or "", override=item.override or "",
            origin="" if origin == pack.id else origin, in_force=valid is None or valid.holds(self.names.day),
            valid_from=str(valid.from_) if valid and valid.from_ else "",
            valid_to=str(valid.to) if valid and valid.to else "",
        )  # fmt: skip

    def _sentences(self, name: str, item: Item) -> Iterator[Sentence]:
        if isinstance(item, Flag):
            yield from self._flag(name, item)
        elif isinstance(item, Criterion):
            yield self._if("criterion_if", self.conditions.brief(item))
        elif isinstance(item, Indicator):
            yield from self.indicators.sentences(item)
        elif isinstance(item, Cluster):
            yield from self._cluster(item)
        elif isinstance(item, Peers):
            yield from self._peers(item)
        elif isinstance(item, Measure):
            yield from self._measure(item)
        elif isinstance(item, Task):
            yield from self._task(item)
        elif isinstance(item, Parameter):
            yield from self._parameter(name, item)
        if isinstance(item, Flag | Criterion) and item.applies_to is not None:
            yield self.conditions.applies(item)
        if getattr(item, "expert_may_decide", None):
            yield Sentence(self.say("expert"))

    def _if(self, key: str, rule: Sentence, **gaps: object) -> Sentence:
        return Sentence(self.say(key, rule=rule.parts, **gaps), rule.below)

    def _flag(self, name: str, flag: Flag) -> Iterator[Sentence]:
        entity = words.level(self.names.level, "name", self.lang)
        yield self._if("flag_if", self.conditions.whole(flag.when), entity=entity, flag=self.names.ref(name, "flags"))

    def _cluster(self, cluster: Cluster) -> Iterator[Sentence]:
        if cluster.function is not None:
            yield from by_function(self.names, cluster.function, cluster.with_)
            return
        cases = []
        for case in cluster.first_match or ():
            label = self.names.quoted(case.label or case.id)
            if case.when is None:
                cases.append(Sentence(self.say("case_otherwise", label=label)))
            else:
                cases.append(self._if("case_if", self.conditions.brief(case.when), label=label))
        yield Sentence(self.say("first_match"), tuple(cases))

    def _peers(self, peers: Peers) -> Iterator[Sentence]:
        yield from by_function(self.names, peers.function, peers.with_)
        of = words.level(self.names.level, "of", self.lang)
        for key, node in (("peers_for", peers.for_), ("peers_meeting", peers.meeting)):
            if node is not None:
                yield Sentence(self.say(key, of=of, who=self.conditions.who(node)))

    def _measure(self, measure: Measure) -> Iterator[Sentence]:
        if measure.when is None:
            yield Sentence(self.say("measure_everyone", level=term(self.names.level, self.lang, LEVELS)))
        else:
            yield self._if("measure_if", self.conditions.brief(measure.when))
        due = date(str(measure.due), self.lang) if measure.due else ""
        yield from self._told(
            group=measure.group, stage=measure.stage, deadline=measure.deadline, months=self._months(measure.months),
            due=due, responsible=", ".join(measure.responsible or ()), report=measure.report, status=measure.status,
        )  # fmt: skip
        if measure.task:
            yield Sentence(self.say("serves", what=self._listed(measure.task, "tasks")))

    def _task(self, task: Task) -> Iterator[Sentence]:
        kind = words.kind(task.kind, self.lang) if task.kind else ""
        at = term(task.level, self.lang, LEVELS) if task.level else ""
        yield from self._told(
            kind=kind, level=at, deadline=task.deadline, months=self._months(task.months),
            responsible=", ".join(task.responsible or ()), report=task.report,
        )  # fmt: skip
        if task.part_of is not None:
            yield Sentence(self.say("part_of", what=self.names.named_anywhere(task.part_of)))
        if task.serves:
            yield Sentence(self.say("serves", what=self._listed(task.serves, "")))

    def _listed(self, ids: list[str], section: str) -> Parts:
        refs = [self.names.ref(name, section) if section else self.names.named_anywhere(name) for name in ids]
        return join([(ref,) for ref in refs], ", ")

    def _months(self, months: list[int] | None) -> str:
        return ", ".join(words.month(month, self.lang) for month in months or ())

    def _told(self, **told: str | None) -> Iterator[Sentence]:
        """A sentence for each detail that is there."""
        for key, value in told.items():
            if value:
                yield Sentence(self.say("told", name=words.detail(key, self.lang), value=value))

    def _parameter(self, name: str, parameter: Parameter) -> Iterator[Sentence]:
        held = parameter.on(self.names.day)
        for since, text in sorted(parameter.values.items()):
            now = held is not None and since == held[0]
            shown = self.names.shown(text, parameter.unit or "")
            key = "value_since_now" if now else "value_since"
            yield Sentence(self.say(key, date=date(str(since), self.lang), value=shown))
        if readers := self._read_by(name):
            yield Sentence(self.say("used_by", items=join([(ref,) for ref in readers], ", ")))

    def _read_by(self, parameter: str) -> list[Ref]:
        """The items that name a parameter."""
        if self._readers is None:
            self._readers = {}
            for section, name, item in self.names.pack.items():
                for used in dict.fromkeys(_parameters_in(item.model_dump(by_alias=True, exclude_none=True))):
                    self._readers.setdefault(used, []).append(self.names.ref(name, section))
        return self._readers.get(parameter, [])

    def _formula(self, item: Item) -> str:
        """The formula as it is written, where it is more than a name."""
        text = item.value if isinstance(item, Indicator) else None
        return "" if text is None or re.fullmatch(r'"?[\w.]+"?', text) else text


def _parameters_in(content: Any) -> Iterator[str]:
    """The names of parameters in what an item says; its prose names none."""
    if isinstance(content, str):
        yield from _PARAMETER.findall(content)
    elif isinstance(content, dict):
        for key, value in content.items():
            if key not in ("label", "note", "source", "override"):
                yield from _parameters_in(value)
    elif isinstance(content, list):
        for value in content:
            yield from _parameters_in(value)
