"""The cases of a pack as tests of pytest: `pytest --shsnor-pack indicator_packs/tver`.

Nothing of the engine is imported unless the option is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from shsnor.errors import Findings
    from shsnor.pack import Pack
    from shsnor.packtests import Case, CaseResult


class PackCases:
    """The cases of one pack, read once and run once, together."""

    def __init__(self, name: str) -> None:
        from shsnor.loading import load_pack
        from shsnor.packtests import read_cases

        self.pack: Pack = load_pack(name)
        self.folder = ((self.pack.folder or Path(name)) / "tests").resolve()
        self.cases: list[Case]
        self.findings: Findings
        self.cases, self.findings = read_cases(self.pack)
        self._results: dict[str, CaseResult] = {}

    def result(self, case: Case) -> CaseResult:
        if not self._results:
            from shsnor.packtests.running import run_all

            self._results = {r.case.id: r for r in run_all(self.pack, self.cases, lang=_language()).results}
        return self._results[case.id]


_PACKS = pytest.StashKey[list[PackCases]]()


def _language() -> Any:
    import os

    return "en" if os.environ.get("SHSNOR_LANG", "").lower().startswith("en") else "ru"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("shsnor").addoption(
        "--shsnor-pack", action="append", default=[], metavar="PACK",
        help="run the worked cases of this indicator pack, a folder or a name (may be repeated)",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    names = config.getoption("shsnor_pack")
    if not names:
        return
    from shsnor.errors import FindingsError
    from shsnor.wording import render_findings

    try:
        packs = config.stash[_PACKS] = [PackCases(name) for name in names]
    except FindingsError as error:
        raise pytest.UsageError(render_findings(error.findings, _language())) from None
    folders = [str(pack.folder) for pack in packs if pack.folder.is_dir()]
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        config.args += folders
    else:
        config.args[:] = folders  # nothing else was asked for


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    for pack in parent.config.stash.get(_PACKS, []):
        if file_path.suffix == ".yaml" and file_path.resolve().parent == pack.folder:
            return CaseFile.of(parent, file_path, pack)
    return None


class CaseFile(pytest.File):
    """One file of cases."""

    pack: PackCases

    @classmethod
    def of(cls, parent: pytest.Collector, path: Path, pack: PackCases) -> CaseFile:
        file: CaseFile = cls.from_parent(parent, path=path)
        file.pack = pack
        return file

    def collect(self) -> Iterator[pytest.Item]:
        from shsnor.wording import render_findings

        found = [f for f in self.pack.findings if f.place.file and Path(f.place.file).name == self.path.name]
        if found:
            raise self.CollectError(render_findings(found, _language()))
        for case in self.pack.cases:
            if Path(case.place.file or "").name == self.path.name:
                item: CaseItem = CaseItem.from_parent(self, name=case.name)
                item.case = case
                yield item


class CaseItem(pytest.Item):
    """One case."""

    case: Case

    def runtest(self) -> None:
        assert isinstance(self.parent, CaseFile)
        result = self.parent.pack.result(self.case)
        if not result.passed:
            raise CaseFailed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if not isinstance(excinfo.value, CaseFailed):
            return super().repr_failure(excinfo, style)
        from shsnor.packtests.telling import failure_text

        return failure_text(excinfo.value.result, _language())

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, (self.case.place.line or 1) - 1, self.case.name


class CaseFailed(Exception):
    """A case does not hold."""

    def __init__(self, result: CaseResult) -> None:
        super().__init__(result.case.name)
        self.result = result
