"""What stands on the pages, as data: made once by `schools` and `overviews`, laid out by templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shsnor.explaining.drawing import Branch


@dataclass(frozen=True, slots=True)
class Link:
    """A name and the page behind it; `href` is "" where there is none."""

    name: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What all pages of a report say of the evaluation.

    as_of   the date in words
    pack    title in quotes, and version
    orders  the documents that the pack's flags stand on
    """

    as_of: str
    pack: str
    orders: tuple[str, ...]
    public: bool


@dataclass(frozen=True, slots=True)
class FlagLine:
    """A flag of a school.

    status       met, not_met, unknown, vacant; `word` says it
    note         who decided otherwise than the evaluation, what it rests on; "" where there is nothing to say
    rule         why, as sentences under sentences
    assumptions  what of that the pack's author chose
    gaps         what is missing for a verdict
    """

    label: str
    status: str
    word: str
    note: str
    source: str
    rule: tuple[Branch, ...] = ()
    assumptions: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One comparison of a rule, its value over the years beside its threshold, like schools and the region.

    cell     procedure, grade, subject; "" where the indicator has none
    years    (year, value in words), the last ones
    size     «4 из 11» or the number of participants
    """

    label: str
    cell: str
    years: tuple[tuple[str, str], ...]
    size: str
    threshold: str
    alike: str
    region: str
    status: str
    word: str
    plot: Any = ""


@dataclass(frozen=True, slots=True)
class DistanceLine:
    """How far a value is from the threshold, and what would carry it over, in words."""

    label: str
    cell: str
    now: str
    threshold: str
    text: str


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject, and where it is hard."""

    subject: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure of support with its reason, who does it, by when; `source` is its clause."""

    label: str
    group: str
    because: str
    roles: str
    deadline: str
    report: str
    source: str


@dataclass(frozen=True, slots=True)
class PartnerList:
    """A list of peers by the name that the pack gives it."""

    label: str
    schools: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """The profile of one school.

    within      what it lies in, the highest first
    summary     at most three sentences
    documents   those that the rules name by number, in order
    clusters    (scheme, label)
    marks       what the school is asked to look at again
    year_names  the years of the columns of `indicators`
    alike       what «like schools» are here; "" where the outcome has none
    rests_on_vpr  so that the limit of their use is said
    may_decide  what an expert may decide
    """

    name: str
    code: str
    within: tuple[Link, ...]
    heading: Heading
    summary: tuple[str, ...]
    flags: tuple[FlagLine, ...]
    documents: tuple[str, ...]
    clusters: tuple[tuple[str, str], ...]
    year_names: tuple[str, ...]
    indicators: tuple[IndicatorLine, ...]
    alike: str
    distances: tuple[DistanceLine, ...]
    subjects: tuple[SubjectLine, ...]
    measures: tuple[MeasureLine, ...]
    undecided: tuple[MeasureLine, ...]
    for_everyone: tuple[MeasureLine, ...]
    partners: tuple[PartnerList, ...]
    gaps: tuple[str, ...]
    marks: tuple[str, ...]
    rests_on_vpr: bool
    contest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school in the table of an overview; `statuses`: (status, word) of each flag, in the order of the columns."""

    school: Link
    code: str
    within: str
    statuses: tuple[tuple[str, str], ...]
    clusters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlagCount:
    """How many schools have a flag; `bar` says the same as a picture."""

    label: str
    met: int
    not_met: int
    unknown: int
    vacant: int
    vpr_only: int
    bar: Any = ""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of a flag's rule and how many schools pass it; `depth` of its place in the rule."""

    text: str
    depth: int
    met: int
    not_met: int
    unknown: int
    vacant: int
    bar: Any = ""


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Which of the monitorings was held where: (place, what is known of each stage)."""

    stages: tuple[str, ...]
    places: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The page of the region, or of what lies between it and the schools.

    analysed    which share of the schools has a verdict; whose causes were looked into
    parts       the pages below, with how many schools have each flag
    part_word   what contains a school, as «Муниципалитет»
    clusters    scheme -> (label, schools)
    steps       flag -> its steps; empty where the outcome counts none for this part
    plots       (title, description, picture)
    map         (description, picture); "" where fewer than two places are known
    """

    name: str
    within: tuple[Link, ...]
    heading: Heading
    schools: tuple[SchoolRow, ...]
    flags: tuple[FlagCount, ...]
    analysed: tuple[tuple[str, str], ...]
    monitoring: Monitoring | None
    parts: tuple[tuple[Link, int, tuple[int, ...]], ...]
    part_word: str
    clusters: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    steps: tuple[tuple[str, tuple[StepLine, ...]], ...]
    plots: tuple[Any, ...] = ()
    map: Any = ""
    rests_on_vpr: bool = False
