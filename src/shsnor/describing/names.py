"""What the things of a pack are called: items, columns, documents, levels; and what a parameter is worth on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shsnor.describing.sentence import Parts, Ref, fill
from shsnor.functions import FunctionTable
from shsnor.pack import Cluster, Indicator, Item, Pack, Table, as_number
from shsnor.resolving import resolve
from shsnor.standard import levels_of, tables_of
from shsnor.wording import descriptions as words
from shsnor.wording.explanations import amount, quoted
from shsnor.wording.phrases import Lang

#: Sections of one name space.
_COMMON = ("indicators", "criteria", "flags", "clusters")


class Names:
    """The names of one pack, in one language, on one day.

    level    whose entities the item has that is being told
    """

    def __init__(self, pack: Pack, day: date, lang: Lang, functions: FunctionTable) -> None:
        self.pack, self.day, self.lang, self.functions = pack, day, lang, functions
        self.tables: dict[str, Table] = tables_of(pack)
        self.levels = list(levels_of(pack))
        self._resolved, _ = resolve(pack, functions)  # what is wrong in the pack is for `check_pack` to say
        self.level = self.level_of("")
        self._items: dict[tuple[str, str], Item] = {(section, name): item for section, name, item in pack.items()}

    def item(self, name: str, section: str = "") -> Item | None:
        """The item of that id; without a section, of those that share one name space."""
        sections = (section,) if section else _COMMON
        return next((item for s in sections if (item := self._items.get((s, name))) is not None), None)

    def ref(self, name: str, section: str = "") -> Ref:
        """A reference to an item; one that is not there is called by its id."""
        sections = (section,) if section else _COMMON
        found = next((s for s in sections if (s, name) in self._items), section)
        item = self._items.get((found, name))
        return Ref(found, name, item.label if item is not None else name)

    def named_anywhere(self, name: str) -> Ref:
        """A reference to an item of whatever section."""
        section = next((section for section, known in self._items if known == name), "")
        return self.ref(name, section)

    def column(self, table: str, name: str) -> str:
        """The label of a column, or its name where nobody gave it one."""
        column = self.tables[table].columns.get(name) if table in self.tables else None
        return (column.label if column is not None else None) or name

    def dimension(self, name: str) -> str:
        """The label that some table gives a column of that name."""
        found = (table.columns[name].label for table in self.tables.values() if name in table.columns)
        return next((label for label in found if label), name)

    def table(self, name: str) -> str:
        table = self.tables.get(name)
        return (table.label if table is not None else None) or name

    def document(self, name: str | None) -> str:
        """The title of a document; "" where none is named."""
        document = self.pack.document.sources.get(name or "")
        return document.title if document is not None else name or ""

    def case(self, cluster: str, label: str) -> str:
        """The name of a label of a cluster."""
        item = self.item(cluster, "clusters")
        cases = (item.first_match or []) if isinstance(item, Cluster) else []
        return next((case.label for case in cases if case.id == label and case.label), label)

    def unit(self, name: str) -> str:
        """The unit of an indicator; "" of anything else."""
        item = self.item(name)
        return item.unit if isinstance(item, Indicator) else ""

    def level_of(self, name: str, section: str = "") -> str:
        """The level whose entities have the item; that of which the pack speaks where this cannot be told."""
        resolved, found = self._resolved, None
        if section == "measures":
            found = resolved.measure_levels.get(name)
        elif (term := (resolved.peers if section == "peers" else resolved.terms).get(name)) is not None:
            found = term.level
        if found is not None:
            return self.levels[found]
        entity = self.pack.head.entity
        return entity if entity in self.levels else self.levels[0]

    def scalar(self, text: str, unit: str) -> Parts:
        """A number with its unit, a text, or a parameter's value with the parameter's name."""
        if text.startswith("$"):
            return self.parameter(text[1:])
        number = as_number(text)
        return (text if number is None else self.amount(number, unit),)

    def parameter(self, name: str) -> Parts:
        """What a parameter is worth on the day, with its name."""
        ref = self.ref(name, "parameters")
        value = self.worth(name)
        if value is None:
            return fill(words.say("parameter_not_yet", self.lang), parameter=ref)
        return fill(words.say("parameter_is", self.lang), value=value, parameter=ref)

    def worth(self, name: str) -> str | None:
        """A parameter's value on the day, with its unit; None where it has none yet."""
        item = self.pack.document.parameters.get(name)
        found = item.on(self.day) if item is not None else None
        return None if item is None or found is None else self.shown(found[1], item.unit or "")

    def chosen(self, choose: str) -> str:
        """The reading that a `choose` takes on the day; "" where its parameter has no value yet."""
        item = self.pack.document.parameters.get(choose.removeprefix("$"))
        found = item.on(self.day) if item is not None else None
        return found[1] if found is not None else ""

    def shown(self, text: str, unit: str) -> str:
        """A parameter's value as readers write it."""
        number = as_number(text)
        return text if number is None else self.amount(number, unit)

    def amount(self, number: Decimal, unit: str) -> str:
        return amount(number, unit, self.lang)

    def quoted(self, text: str) -> str:
        return quoted(text, self.lang)
