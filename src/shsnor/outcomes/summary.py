"""What came out of an evaluation, in counts, and how it is said in plain text."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from shsnor.outcomes.files import Files
from shsnor.outcomes.items import Items
from shsnor.outcomes.outcome import Manifest
from shsnor.outcomes.tables import ItemRow, StepRow
from shsnor.wording import explanations as words
from shsnor.wording.phrases import Lang, number

_WIDTH = 79  # a line of 80 columns with its end is broken by Windows consoles


@dataclass(frozen=True, slots=True)
class FlagCount:
    """How many entities have a flag; the first four add up to all. `vacant`: it does not apply to them.

    assumed, vpr_only   of those raised: resting on an assumption of the author, on ВПР alone
    decided             verdicts that an expert's decision replaced
    rests_on_vpr        whether its rule reads ВПР at all
    """

    flag: str
    label: str
    level: str
    raised: int
    not_raised: int
    unknown: int
    vacant: int
    assumed: int
    vpr_only: int
    decided: int
    rests_on_vpr: bool
    steps: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class ClusterCount:
    """How many entities have each label of a scheme (by its name), and of how many it is unknown."""

    cluster: str
    label: str
    labels: dict[str, int]
    unknown: int


@dataclass(frozen=True, slots=True)
class MeasureCount:
    """For how many entities a measure is recommended, and for how many not decided.

    absent   of those not decided: what was not there, in the pack's words -> for how many
    """

    measure: str
    label: str
    recommended: int
    undecided: int
    absent: dict[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """An outcome in counts.

    without     procedures that were left out
    entities    level -> how many there are
    criteria    how many criteria were evaluated
    verdicts    met, not_met, unknown -> how many of their verdicts, cell by cell
    reasons     reason -> how many of the unknown verdicts have it (a verdict may have several)
    issues      how many kinds of issues travel with the outcome
    absent      tables (or columns, as `table.column`) that were not there: what rests on them is unknown
    """

    title: str
    version: str
    as_of: str
    without: tuple[str, ...]
    entities: dict[str, int]
    criteria: int
    verdicts: dict[str, int]
    reasons: dict[str, int]
    flags: tuple[FlagCount, ...]
    clusters: tuple[ClusterCount, ...]
    measures: tuple[MeasureCount, ...]
    for_everyone: int
    issues: int
    absent: tuple[str, ...] = ()
    lang: Lang = "ru"

    @property
    def raised(self) -> int:
        """How many flags are raised, of all entities together."""
        return sum(flag.raised for flag in self.flags)

    @property
    def assumed(self) -> int:
        """How many of them rest on an assumption of the pack's author."""
        return sum(flag.assumed for flag in self.flags)

    @property
    def vpr_only(self) -> int:
        """How many of them rest on ВПР alone."""
        return sum(flag.vpr_only for flag in self.flags)

    @property
    def rests_on_vpr(self) -> bool:
        """Whether any of the flags rests on ВПР, so that their limit must be said."""
        return any(flag.rests_on_vpr or flag.vpr_only for flag in self.flags)

    def text(self, lang: Lang | None = None) -> str:
        """Plain text of at most 80 columns in Russian or English; its first line tells what rests on assumptions."""
        lang = lang or self.lang
        lines = [(0, words.say("first", lang, raised=number(self.raised, lang), assumed=number(self.assumed, lang)))]
        for part in (_head, _flags, _clusters, _measures, _limits):
            lines += part(self, lang)
        return "\n".join(_wrapped(depth, line) for depth, line in lines) + "\n"


_ABSENT = """SELECT concat_ws('.', source_table, nullif(field, '')) AS name FROM issues
    WHERE code IN ('SH402', 'SH429') GROUP BY name ORDER BY name"""


def summarise(files: Files, manifest: Manifest, lang: Lang) -> Summary:
    """The summary of the outcome that is stored in `files`."""
    items = Items(ItemRow(*row) for row in files.query("FROM items"))
    pack = manifest.evaluation.get("pack")
    named = pack if isinstance(pack, dict) else {"title": pack}
    verdicts = "FROM criterion_results WHERE path = '' AND item IN (SELECT item FROM items WHERE section = 'criteria')"
    by_verdict = dict(files.query(f"SELECT verdict, count(*) {verdicts} GROUP BY verdict"))
    reasons = f"SELECT unnest(string_split(reason, ', ')) AS r, count(*) {verdicts} AND verdict = 'unknown' GROUP BY r"
    (criteria,) = next(files.query(f"SELECT count(DISTINCT item) {verdicts}"))
    (everyone,) = next(files.query("SELECT count(DISTINCT measure) FROM recommendations WHERE status = 'for_everyone'"))
    return Summary(
        title=str(named.get("title") or named.get("id") or ""),
        version=str(named.get("version") or ""),
        as_of=str(manifest.evaluation.get("as_of") or ""),
        without=tuple(manifest.evaluation.get("without") or ()),
        entities=dict(files.query("SELECT level, count(*) FROM entities GROUP BY level ORDER BY 2 DESC, 1")),
        criteria=criteria,
        verdicts={verdict: by_verdict.get(verdict, 0) for verdict in ("met", "not_met", "unknown")},
        reasons={reason: n for reason, n in files.query(f"{reasons} ORDER BY 2 DESC, 1") if reason},
        flags=tuple(_flag_counts(files, items)),
        clusters=tuple(_cluster_counts(files, items)),
        measures=tuple(_measure_counts(files, items)),
        for_everyone=everyone,
        issues=len(list(files.query("SELECT code FROM issues"))),
        absent=tuple(name for (name,) in files.query(_ABSENT)),
        lang=lang,
    )


def _flag_counts(files: Files, items: Items) -> Iterator[FlagCount]:
    steps: dict[str, list[StepRow]] = {}
    for row in files.query("FROM steps ORDER BY flag, position"):
        steps.setdefault(row[0], []).append(StepRow(*row))
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    sql = """SELECT flag, any_value(label), level, verdict, reason, count(*), count_if(assumed), count_if(vpr_only),
        count_if(decided_by <> '') FROM flags GROUP BY flag, level, verdict, reason"""
    for flag, label, level, verdict, reason, n, assumed, vpr_only, decided in files.query(sql):
        kind = "vacant" if verdict == "unknown" and words.is_vacant(reason) else verdict
        of_flag = counts.setdefault((flag, label, level), Counter())
        of_flag.update({kind: n, "decided": decided})
        if verdict == "met":
            of_flag.update(assumed=assumed, vpr_only=vpr_only)
    for (flag, label, level), n in sorted(counts.items(), key=lambda entry: (items.position(entry[0][0]), entry[0])):
        yield FlagCount(
            flag=flag, label=label, level=level,
            raised=n["met"], not_raised=n["not_met"], unknown=n["unknown"], vacant=n["vacant"],
            assumed=n["assumed"], vpr_only=n["vpr_only"], decided=n["decided"],
            rests_on_vpr=items.rests_on_vpr(flag, "flags"), steps=tuple(steps.get(flag, ())),
        )  # fmt: skip


def _cluster_counts(files: Files, items: Items) -> Iterator[ClusterCount]:
    found: dict[str, dict[str | None, int]] = {}
    sql = """SELECT cluster, CASE WHEN label IS NOT NULL THEN coalesce(nullif(title, ''), label) END AS name, count(*)
        FROM clusters GROUP BY cluster, name ORDER BY 3 DESC, 2"""
    for cluster, name, n in files.query(sql):
        found.setdefault(cluster, {})[name] = n
    for cluster in sorted(found, key=lambda name: (items.position(name), name)):
        labels = {name: n for name, n in found[cluster].items() if name is not None}
        yield ClusterCount(cluster, items.label(cluster, "clusters"), labels, found[cluster].get(None, 0))


def _measure_counts(files: Files, items: Items) -> Iterator[MeasureCount]:
    sql = """SELECT measure, any_value(label), count_if(status = 'recommended'), count_if(status = 'undecided')
        FROM recommendations WHERE status <> 'for_everyone' GROUP BY measure"""
    absent: dict[str, dict[str, int]] = {}
    said = "SELECT measure, absent, count(*) FROM recommendations WHERE absent <> '' GROUP BY ALL ORDER BY ALL"
    for measure, what, n in files.query(said):
        absent.setdefault(measure, {})[what] = n
    counts = [
        MeasureCount(measure, label, recommended, undecided, absent.get(measure, {}))
        for measure, label, recommended, undecided in files.query(sql)
    ]
    yield from sorted(counts, key=lambda count: (items.position(count.measure, "measures"), count.measure))


#: A line of the text: how deep it is set in, and what it says.
_Line = tuple[int, str]


def _head(summary: Summary, lang: Lang) -> Iterator[_Line]:
    if summary.title:
        version = words.say("version", lang, version=summary.version) if summary.version else ""
        yield 0, words.say("pack", lang, title=summary.title) + version
    if summary.as_of:
        yield 0, words.say("evaluated", lang, date=words.date(summary.as_of, lang))
    if summary.without:
        yield 0, words.say("without", lang, names=words.listed(summary.without))
    counts = words.listed(words.many(n, level, lang) for level, n in summary.entities.items())
    yield 0, words.say("entities", lang, counts=counts)
    numbers = {verdict: number(n, lang) for verdict, n in summary.verdicts.items()}
    total = number(sum(summary.verdicts.values()), lang)
    yield 0, words.say("criteria", lang, criteria=number(summary.criteria, lang), all=total, **numbers)
    if summary.reasons:
        yield 1, words.say("why_unknown", lang)
    for reason, n in summary.reasons.items():
        yield 2, f"{words.reasons(reason, lang)}: {number(n, lang)}"


def _flags(summary: Summary, lang: Lang) -> Iterator[_Line]:
    for flag in summary.flags:
        yield 0, ""
        yield 0, words.say("flag_head", lang, label=flag.label)
        counts = {"raised": flag.raised, "not_raised": flag.not_raised, "unknown": flag.unknown}
        line = words.say("flag_counts", lang, **{name: number(n, lang) for name, n in counts.items()})
        yield 1, line + (words.say("flag_vacant", lang, n=number(flag.vacant, lang)) if flag.vacant else "")
        notes = {"flag_by_assumption": flag.assumed, "flag_by_vpr": flag.vpr_only, "flag_decided": flag.decided}
        for key, n in notes.items():
            if n:
                yield 1, words.say(key, lang, n=number(n, lang))
        if flag.steps:
            yield 1, words.say("steps", lang)
        paths = [f"{step.path}/" if step.path else "" for step in flag.steps]
        for step, path in zip(flag.steps, paths, strict=True):
            above = sum(path.startswith(other) and path != other for other in paths)
            yield 2 + above, _step(step, lang)


def _step(step: StepRow, lang: Lang) -> str:
    of = number(step.entities - step.vacant, lang)
    text = words.node(step.text, lang)
    line = words.say("step", lang, text=text, met=number(step.met, lang), of=of)
    return line + (words.say("with_unknown", lang, n=number(step.unknown, lang)) if step.unknown else "")


def _clusters(summary: Summary, lang: Lang) -> Iterator[_Line]:
    for cluster in summary.clusters:
        yield 0, ""
        yield 0, words.say("cluster_head", lang, label=cluster.label)
        for name, n in cluster.labels.items():
            yield 1, f"{name}: {number(n, lang)}"
        if cluster.unknown:
            yield 1, f"{words.say('label_unknown', lang)}: {number(cluster.unknown, lang)}"


def _measures(summary: Summary, lang: Lang) -> Iterator[_Line]:
    if summary.measures or summary.for_everyone:
        yield 0, ""
        yield 0, words.say("measures_counted", lang)
    for measure in summary.measures:
        counts = {"recommended": number(measure.recommended, lang), "undecided": number(measure.undecided, lang)}
        absent = words.listed(f"{what}: {number(n, lang)}" for what, n in measure.absent.items())
        line = words.say("measure_counts", lang, **counts) + (f" ({absent})" if absent else "")
        yield 1, f"{measure.label}: {line}"
    if summary.for_everyone:
        yield 1, words.say("measures_everyone", lang, n=number(summary.for_everyone, lang))


def _limits(summary: Summary, lang: Lang) -> Iterator[_Line]:
    if summary.issues:
        yield 0, ""
        yield 0, words.say("issues", lang, n=number(summary.issues, lang))
    if summary.absent:
        yield 0, words.say("absent", lang, names=words.listed(summary.absent))
    if summary.rests_on_vpr:
        yield 0, ""
        yield 0, words.say("vpr_alone", lang, n=number(summary.vpr_only, lang), raised=number(summary.raised, lang))
        yield 0, words.say("vpr_limit", lang)


def _wrapped(depth: int, line: str) -> str:
    indent = "  " * depth
    return textwrap.fill(line, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)
