"""A pack's own `plugin.py` runs only where the caller trusts that pack; without, the pack still loads and checks."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import shsnor
from shsnor.errors import Finding, PackError, UsageError
from shsnor.host import find_plugins
from shsnor.wording import message
from tests.command import shsnor as command
from tests.plugin_cases import DOUBLED, GIVES_DOUBLED, HEAD, NEEDS_DOUBLED, TABLES, codes, write_pack

CHILD = 'format: 1\npack: {id: child, version: "1", title: Дочерний, extends: north}\n'
CLUSTER = """clusters:
  sizes: {label: Группы, function: by_size, with: {indicator: low}, source: {clause: "4", basis: stated}}
criteria:
  big: {label: Крупная, cluster: sizes, is: big, source: {clause: "5", basis: stated}}
"""


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """The file that the code of `north` makes when it runs."""
    return tmp_path / "ran"


@pytest.fixture
def north(tmp_path: Path, ran: Path) -> Path:
    """A pack whose `plugin.py` gives the function that it needs."""
    return write_pack(tmp_path / "north", plugin=f"open({str(ran)!r}, 'w').close()\n{GIVES_DOUBLED}")


def sha256(folder: Path) -> str:
    return hashlib.sha256((folder / "plugin.py").read_bytes()).hexdigest()


def told(finding: Finding, folder: Path) -> list[str]:
    """What a finding should say of a file that was not run, and does not."""
    return [
        word for word in (str(folder / "plugin.py"), sha256(folder), "--trust north") if word not in message(finding)
    ]


@pytest.mark.parametrize("trust", [(), ("tver",), ("nort",)])
def test_without_trust_it_loads_and_checks_and_nothing_runs(north: Path, ran: Path, trust: tuple[str, ...]) -> None:
    findings = shsnor.check_pack(shsnor.load_pack(north, trust=trust))
    assert codes(findings) == ["SH706", "SH705"]
    assert not findings.errors
    assert [told(finding, north) for finding in findings] == [[], []]
    (unknown,) = (finding for finding in findings if finding.code == "SH706")
    assert (unknown.place.line, unknown.place.key) == (9, "indicators.twice.function")
    assert "«doubled»" in message(unknown)
    assert not ran.exists()


def test_without_trust_all_else_that_is_wrong_is_found(north: Path) -> None:
    text = NEEDS_DOUBLED.replace("when: {indicator: twice,", "when: {indicator: lov,")
    (north / "pack.yaml").write_text(text + CLUSTER, encoding="utf-8")
    findings = shsnor.check_pack(shsnor.load_pack(north))
    assert codes(findings.errors) == ["SH301"]
    assert codes(findings.warnings) == ["SH706", "SH706", "SH705"]


def test_without_trust_nothing_is_evaluated_or_planned(north: Path, ran: Path) -> None:
    pack = shsnor.load_pack(north)
    with pytest.raises(UsageError) as evaluated:
        shsnor.evaluate(pack, TABLES, as_of=2022)
    with pytest.raises(PackError) as planned:
        shsnor.make_plan(pack, as_of=2022)
    assert codes(evaluated.value.findings) == ["SH705"]
    assert codes(planned.value.findings) == ["SH706"]
    for caught in (evaluated, planned):
        assert told(next(iter(caught.value.findings)), north) == []
    assert not ran.exists()


def test_code_that_no_item_needs_keeps_a_pack_from_being_evaluated_too(north: Path, ran: Path) -> None:
    """It may read the tables: an outcome without it could be another."""
    text = NEEDS_DOUBLED.replace("    function: doubled\n    with: {indicator: low}\n", "    value: 2 * low\n")
    (north / "pack.yaml").write_text(text, encoding="utf-8")
    pack = shsnor.load_pack(north)
    assert codes(shsnor.check_pack(pack)) == ["SH705"]
    with pytest.raises(UsageError):
        shsnor.evaluate(pack, TABLES, as_of=2022)
    assert not ran.exists()


@pytest.mark.parametrize("trust", [("north",), ["tver", "north"], "north"])
def test_with_trust_it_is_evaluated_and_recorded(
    north: Path, ran: Path, trust: tuple[str, ...] | list[str] | str
) -> None:
    pack = shsnor.load_pack(north, trust=trust)
    assert not ran.exists()  # loading runs nothing
    assert list(shsnor.check_pack(pack)) == []
    with shsnor.evaluate(pack, TABLES, as_of=2022) as outcome:
        assert {row.entity: row.verdict for row in outcome.flags.rows()} == {"А": "met", "Б": "not_met"}
        record = outcome.manifest.evaluation
    assert record["plugins"] == [{"name": "north/plugin.py", "sha256": sha256(north)}]
    assert record["functions"] == ["doubled (north/plugin.py)"]
    assert ran.exists()


def test_what_was_hashed_is_what_runs(north: Path) -> None:
    pack = shsnor.load_pack(north, trust=["north"])
    before = sha256(north)
    (north / "plugin.py").write_text("raise RuntimeError('подменён')", encoding="utf-8")
    with shsnor.evaluate(pack, TABLES, as_of=2022) as outcome:
        assert outcome.manifest.evaluation["plugins"] == [{"name": "north/plugin.py", "sha256": before}]


def test_the_digest_of_a_pack_covers_its_code(north: Path) -> None:
    before = shsnor.load_pack(north).digest
    with (north / "plugin.py").open("a", encoding="utf-8") as file:
        file.write("# ещё строка\n")
    assert shsnor.load_pack(north).digest != before


def test_trust_in_a_pack_is_none_in_its_base(north: Path, ran: Path) -> None:
    child = write_pack(north.parent / "child", CHILD, plugin=None)
    findings = shsnor.check_pack(shsnor.load_pack(child, trust=["child"]))
    assert codes(findings) == ["SH706", "SH705"]
    assert all(told(finding, north) == [] for finding in findings)
    assert not ran.exists()
    with shsnor.evaluate(shsnor.load_pack(child, trust=["north"]), TABLES, as_of=2022) as outcome:
        assert len(list(outcome.flags.rows(verdict="met"))) == 1


def test_code_of_a_pack_with_classes_of_its_own_runs(tmp_path: Path) -> None:
    classes = "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    plugin = (
        f"{classes}{GIVES_DOUBLED}\n\n@dataclass\nclass Setting:\n    name: str\n\n\nassert Setting('x').name == 'x'\n"
    )
    pack = shsnor.load_pack(write_pack(tmp_path / "north", plugin=plugin), trust=["north"])
    assert find_plugins(pack).functions["doubled"].plugin == "north/plugin.py"


@pytest.mark.parametrize(
    ("plugin", "code", "words"),
    [
        ("import nothing_of_that_name", "SH701", "nothing_of_that_name plugin.py:1"),
        (f"{HEAD}@hookimpl\ndef shsnor_function():\n    return []", "SH702", "«shsnor_functions»"),
        (f"{HEAD}@hookimpl\ndef shsnor_packs():\n    return ['.']", "SH703", "shsnor_packs"),
        (f"{HEAD}{DOUBLED}@hookimpl\ndef shsnor_functions():\n    return [doubled('nearest')]", "SH325", "«nearest»"),
    ],
)
def test_wrong_code_of_a_trusted_pack_is_named(tmp_path: Path, plugin: str, code: str, words: str) -> None:
    folder = write_pack(tmp_path / "north", plugin=plugin)
    with pytest.raises(UsageError) as caught:
        shsnor.check_pack(shsnor.load_pack(folder, trust=["north"]))
    (finding,) = caught.value.findings
    assert finding.code == code
    said = message(finding)
    assert [word for word in (str(folder / "plugin.py"), *words.split()) if word not in said] == []
    assert not shsnor.check_pack(shsnor.load_pack(folder)).errors


def test_a_pack_of_one_file_has_no_code(north: Path) -> None:
    pack = shsnor.load_pack(north / "pack.yaml")
    alone = (north / "pack.yaml").rename(north / "alone.yaml")
    assert len(pack.own_plugins()) == 1  # the file of a folder stands for the folder
    assert shsnor.load_pack(alone, trust=["north"]).own_plugins() == []


# --- the command ---


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_command_says_which_file_it_did_not_run(north: Path, ran: Path, lang: str) -> None:
    env = {"SHSNOR_LANG": lang}
    checked = command("pack", "check", north, env=env)
    assert checked.code == 0
    assert command("pack", "check", north, "--strict", env=env).code == 1
    data = north.parent / "data"
    data.mkdir()
    evaluated = command("evaluate", north, "--data", data, "--as-of", 2022, "--out", north.parent / "out", env=env)
    planned = command("plan", north, "--as-of", 2022, env=env)
    assert (evaluated.code, planned.code) == (2, 2)
    for said in (checked.out, evaluated.err, planned.err):
        assert sha256(north) in said and "plugin.py" in said and "--trust north" in said
    assert not ran.exists()


def test_the_command_runs_the_code_of_a_trusted_pack(north: Path, ran: Path) -> None:
    cases = """- name: вдвое
  as_of: 2022
  tables:
    schools: [{school_id: А, municipality: Юг}]
    results:
      - {school_id: А, year: 2022, procedure: ОГЭ, grade: 9, subject: мат, participants: 9, below_minimum: 5}
  expect:
    А: {twice: 10, many: met}
"""
    (north / "tests").mkdir()
    (north / "tests" / "twice.yaml").write_text(cases, encoding="utf-8")
    refused = command("pack", "test", north)
    assert (refused.code, refused.err.count("SH705")) == (2, 1)
    for arguments in (["pack", "check"], ["pack", "test"], ["plan"], ["plugins"]):
        run = command(*arguments, north, "--trust", "north")
        assert run.code == 0, run.out + run.err
    assert ran.exists()


def test_plugins_lists_the_code_of_a_pack_run_or_not(north: Path, ran: Path) -> None:
    closed = command("plugins", north)
    assert closed.code == 0
    assert "north/plugin.py (не выполнялся" in closed.out and sha256(north) in closed.out
    assert "doubled" not in closed.out
    assert not ran.exists()
    opened = command("plugins", north, "--trust", "north", env={"SHSNOR_LANG": "en"})
    assert "north/plugin.py" in opened.out and "functions: doubled (table)" in opened.out
    (mine,) = (one for one in json.loads(command("plugins", north, "--json").out) if one["origin"] == "pack")
    assert (mine["pack"], mine["sha256"], mine["trusted"]) == ("north", sha256(north), False)
