"""Pages out of an outcome: a profile of every school, and overviews of what the schools lie in.

They are HTML that opens anywhere: no scripts are needed, nothing comes from outside, and they print on A4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from shsnor.errors import UsageError
from shsnor.explaining import BATCH
from shsnor.outcomes import Outcome
from shsnor.outcomes.formats import MANIFEST_FILE
from shsnor.pages import render
from shsnor.progress import Progress, silent
from shsnor.reporting.model import SchoolPage
from shsnor.reporting.placing import put
from shsnor.reporting.region import INDEX, Region
from shsnor.reporting.schools import school_page
from shsnor.wording.stages import OVERVIEWS, SCHOOLS

__all__ = ["SchoolPage", "school_pages", "write_report"]


def write_report(
    outcome: Outcome, folder: str | Path, *, schools: Sequence[str] = (), public: bool = False,
    minimum: int | None = None, progress: Progress = silent,
) -> Path:  # fmt: skip
    """The folder of the report: `index.html`, a page of each part of the region, one of each school.

    schools  codes: only their profiles are written, without the overviews; among the pages of a report of the same
             evaluation that stands there, else alone
    public   pages of another kind, with nothing but what `shsnor.publishing` lets through: flags without reasons, counts of
             schools, figures about enough pupils
    minimum  pupils, of public pages; default: the pack's, else 10
    raises   UsageError: SH605 no such school; SH608 a page of a person, or of what is no school, is asked for;
             SH609 something else than an earlier report stands in that place, or, where schools are named, the report of
             another evaluation; SH602 it could not be written;
             in public also SH635 and SH636 of `public_view`
    """
    region = Region(outcome, public=public)
    wanted = _wanted(region, schools)
    of = hashlib.sha256(outcome.manifest.texts()[MANIFEST_FILE].encode()).hexdigest()
    mark = {"pack": region.heading.pack, "as_of": region.heading.as_of, "public": public, "evaluation": of}
    if public:
        from shsnor.publishing import public_view
        from shsnor.reporting.public import fill_public

        view = public_view(outcome, minimum)
        mark["minimum"] = view.minimum
        return put(Path(folder), lambda new: fill_public(view, region, new, schools, progress), mark, add=bool(schools))

    def fill(new: Path) -> None:
        linked = not schools or (new / INDEX).is_file()
        for done, (code, page) in enumerate(school_pages(region, wanted, linked=linked)):
            progress(SCHOOLS, done, len(wanted))
            _write(new / region.file(region.level, code), render("school.html", page=page))
        if not schools:
            _overviews(region, new, progress)

    return put(Path(folder), fill, mark, add=bool(schools))


def school_pages(region: Region, codes: Sequence[str], *, linked: bool = True) -> Iterator[tuple[str, SchoolPage]]:
    """(code, page) of the schools, in order.

    linked   the pages of the report lead to each other
    """
    reader = region.reader
    chains = [reader.chain(code, region.level) for code in codes]
    for start in range(0, len(chains), BATCH):
        for explanation in reader.explain(chains[start : start + BATCH]):
            yield explanation.entity.entity, school_page(region, explanation, linked=linked)


def _overviews(region: Region, new: Path, progress: Progress) -> None:
    from shsnor.reporting.overviews import Overviews

    overviews = Overviews(region)
    files = [(region.file(part.level, part.entity), part) for part in region.parts]
    for done, (file, place) in enumerate([*files, (INDEX, region.top)]):
        progress(OVERVIEWS, done, len(files) + 1)
        _write(new / file, render("overview.html", page=overviews.page(place)))


def _wanted(region: Region, schools: Sequence[str]) -> list[str]:
    """The codes of the pages to write: those asked for, or all."""
    for code in schools:
        if (region.level, code) not in region.entities and region.reader.chain(code):
            raise UsageError.of("SH608", problem="no page", entity=code)
    return list(dict.fromkeys(schools)) or [row.entity for row in region.schools]


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8", newline="\n")
