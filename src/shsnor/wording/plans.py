"""A plan in words: what is read once, what has a pass of its own, what is computed in which stage, what is in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from shsnor.wording.terms import Lang
from shsnor.wording.terms import term as term_text

if TYPE_CHECKING:  # words know of plans only by what they read of them
    from shsnor.planning import Plan, Step

_TEXTS = {
    "head": (
        "План расчёта: {title} ({id}, версия {version}), на {date}",
        "Plan: {title} ({id}, version {version}), as of {date}",
    ),
    "parameters": ("Действующие параметры", "Parameters in force"),
    "since": ("с {date}", "since {date}"),
    "changed": ("изменён для этого расчёта", "changed for this evaluation"),
    "tables": ("Таблицы: каждая читается один раз", "Tables: each is read once"),
    "table": ("{name}: столбцы {columns}; показателей: {count}", "{name}: columns {columns}; indicators: {count}"),
    "own": ("отдельный проход: {items} (не складывается из сумм)", "a pass of its own: {items} (not a sum)"),
    "stage": ("Шаг {number}", "Stage {number}"),
    "without": ("Без процедур: {names}", "Without procedures: {names}"),
    "nothing": ("нет", "none"),
    "anonymous": ("вспомогательных шагов: {count}", "auxiliary steps: {count}"),
    "keeps": ("по измерениям: {dims}", "by {dims}"),
    "years": ("годы {years}", "years {years}"),
}


def plan_text(plan: Plan, lang: Lang = "ru") -> str:
    """The plan, a line a thing; the queries themselves are `plan_sql`'s."""

    def say(key: str, **details: object) -> str:
        return _TEXTS[key][0 if lang == "ru" else 1].format(**details)

    head = plan.pack.head
    lines = [
        say("head", title=head.title, id=head.id, version=head.version, date=plan.as_of.date),
        "",
        say("parameters") + ":",
    ]
    for name, value in sorted(plan.parameters.items()):
        since = say("since", date=value.since) if value.since else say("changed")
        basis = term_text(value.basis, lang) if value.since else ""
        lines.append(f"  {name} = {value.text}" + f" ({'; '.join(x for x in (value.unit or '', since, basis) if x)})")
    if not plan.parameters:
        lines.append("  " + say("nothing"))
    if plan.without:
        lines += ["", say("without", names=", ".join(plan.without))]
    lines += ["", say("tables") + ":"]
    needed = plan.needed()
    for table in sorted({s.term.table for s in plan.steps if hasattr(s.term, "table")}):
        steps = [s for s in plan.steps if getattr(s.term, "table", None) == table]
        columns = ", ".join(sorted(needed.get(table, ())))
        lines.append("  " + say("table", name=table, columns=columns, count=len(steps)))
        own = [_name(s) for s in steps if plan.own_pass(s)]
        if own:
            lines.append("    " + say("own", items=", ".join(own)))
    for stage in sorted({s.stage for s in plan.steps}):
        lines += ["", say("stage", number=stage + 1) + ":"]
        here = [s for s in plan.steps if s.stage == stage]
        for step in here:
            if step.term.item:
                lines.append("  " + _line(plan, step, say))
        hidden = sum(1 for s in here if not s.term.item)
        if hidden:
            lines.append("  " + say("anonymous", count=hidden))
    return "\n".join(lines) + "\n"


def _name(step: Step) -> str:
    return step.term.item or step.term.path.replace("/", ".")


def _line(plan: Plan, step: Step, say: Callable[..., str]) -> str:
    term = step.term
    item = plan.resolved.items.get(term.item or "")
    details = [plan.resolved.levels[term.level]]
    if term.dims:
        details.append(say("keeps", dims=", ".join(term.dims)))
    if step.years:
        details.append(say("years", years="–".join(str(y) for y in sorted({step.years[0], step.years[-1]}))))
    return f"{term.item} [{'; '.join(details)}] — {item.label if item is not None else ''}"
