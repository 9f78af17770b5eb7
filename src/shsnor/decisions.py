"""An expert's decisions: which rows of `decisions` replace a verdict in this evaluation (rule 22)."""

from __future__ import annotations

from shsnor.errors import Findings, Place, nearest
from shsnor.pack import Cluster
from shsnor.planning import Plan
from shsnor.reading import LoadedTable
from shsnor.rendering.layout import roster
from shsnor.sql import literal
from shsnor.store import Session
from shsnor.terms import Decided, FirstMatch, FunctionTerm
from shsnor.wording.explanations import flag_verdict
from shsnor.wording.terms import VERDICTS, Lang, term


def read_decisions(session: Session, plan: Plan, table: LoadedTable | None) -> Findings:
    """Makes the table `decided` (item, e, verdict, role, reason); what a row may not decide is a finding and left out.

    Rows of other years, items and entities are warnings: a table of decisions is kept for years and for several packs.
    A verdict that is none is an error, for it was meant to replace one.
    """
    findings = Findings()
    session.con.execute(
        "CREATE OR REPLACE TABLE decided (item VARCHAR, e INTEGER, verdict VARCHAR, role VARCHAR, reason VARCHAR)"
    )
    if table is None or not table.rows:
        return findings
    terms = {
        s.term.path.split("/")[1]: s.term for s in plan.steps if isinstance(s.term, Decided)
    }  # fmt: skip
    rows = session.rows(
        f"SELECT row_number() OVER (), item, year, verdict, entity FROM {table.relation} ORDER BY item, entity, year"
    )
    allowed: list[str] = []
    said = {item: _said(plan, item, decided) for item, decided in terms.items()}
    for number, item, year, verdict, entity in rows:
        place = Place(table="decisions", row=number, field="item", value=item)
        if item not in plan.resolved.items:
            findings.add(
                "SH506", place, severity="warning", item=item, nearest=nearest(item or "", plan.resolved.items)
            )
        elif item not in terms:
            findings.add("SH503", place, severity="warning", item=item)
        elif year != plan.year:
            findings.add("SH504", place, severity="warning", item=item, year=year, expected=plan.year)
        elif (verdict or "").lower() not in said[item]:
            known = ", ".join(_verdicts(plan, item, terms[item]))
            where = Place(table="decisions", row=number, field="verdict", value=verdict)
            findings.add("SH507", where, verdict=verdict, expected=known)
        else:
            level = roster(plan, terms[item].level)
            if not session.rows(f"SELECT 1 FROM {level} WHERE key = {literal(entity or '')}"):
                where = Place(table="decisions", row=number, field="entity", value=entity)
                findings.add("SH505", where, severity="warning", entity=entity, item=item)
                continue
            allowed.append(item)
    for item in dict.fromkeys(allowed):
        cases = " ".join(f"WHEN {literal(text)} THEN {literal(verdict)}" for text, verdict in said[item].items())
        session.con.execute(
            f"INSERT INTO decided SELECT d.item, ent.id, CASE lower(d.verdict) {cases} END,"
            " coalesce(d.role, ''), coalesce(d.reason, '') "
            f"FROM {table.relation} d JOIN {roster(plan, terms[item].level)} ent ON ent.key = d.entity "
            f"WHERE d.item = {literal(item)} AND d.year = {plan.year} ORDER BY ent.id"
        )
    return findings


def _said(plan: Plan, item: str, decided: Decided) -> dict[str, str]:
    """Text in small letters -> the verdict that it is: met or «присвоен», a label's id or its name."""
    verdicts, cluster = _verdicts(plan, item, decided), plan.resolved.items[item]
    if isinstance(cluster, Cluster):
        named = {case.label.lower(): case.id for case in cluster.first_match or () if case.label}
        words = {name: label for name, label in named.items() if label in verdicts}
    else:
        words = {say(verdict, "ru"): verdict for verdict in verdicts for say in (flag_verdict, verdict_word)}
    return words | {verdict.lower(): verdict for verdict in verdicts}


def verdict_word(verdict: str, lang: Lang) -> str:
    """«выполнено» for met."""
    return term(verdict, lang, VERDICTS)


def _verdicts(plan: Plan, item: str, term: Decided) -> list[str]:
    cluster = plan.resolved.items[item]
    if not isinstance(cluster, Cluster):
        return ["met", "not_met"]
    part = term.part
    if isinstance(part, FirstMatch):
        return [label for label, _ in part.cases] + ([part.otherwise] if part.otherwise else [])
    if isinstance(part, FunctionTerm) and (labels := plan.functions[part.function].labels) is not None:
        return labels(plan.settings(part))
    return [case.id for case in cluster.first_match or ()]
