"""The example plugin, installed as a user would have it, and its tutorial: what the page shows stands there and works.

It is installed by its own build backend, asked for a wheel as pip asks it, and unpacked to a folder on the path: that is what
pip does with a wheel of plain Python, without pip's way to a registry and without a new environment (ten times slower).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command import Run, environment, shsnor

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "shsnor-plugin-example"
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
SHORT = "..."


@dataclass(frozen=True)
class Block:
    """A fenced block of the page: its language, the file that its title names, its text."""

    language: str
    file: str
    text: str


BLOCKS = [
    Block(language, file or "", text)
    for language, file, text in re.findall(
        r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', PAGE, re.MULTILINE | re.DOTALL
    )
]
OF_EXAMPLE = [block for block in BLOCKS if block.file and (EXAMPLE / block.file).is_file()]
WRITTEN = [block for block in BLOCKS if block.file.startswith(("data/", "north/"))]
CONSOLE = [block for block in BLOCKS if block.language == "console"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed distributions with the example in it."""
    folder = tmp_path_factory.mktemp("example")
    build = f"from hatchling.build import build_wheel; build_wheel({str(folder)!r})"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=EXAMPLE, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the page has its reader write."""
    folder = tmp_path_factory.mktemp("reader")
    for block in WRITTEN:
        file = folder / block.file
        file.parent.mkdir(exist_ok=True)
        file.write_text(block.text, encoding="utf-8", newline="\n")
    return folder


def run(site: Path, *arguments: object, cwd: Path | None = None, lang: str = "en") -> Run:
    return shsnor(*arguments, env={"PYTHONPATH": str(site), "SHSNOR_LANG": lang}, cwd=cwd)


# --- the distribution ---


def test_its_own_tests_pass(site: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(EXAMPLE / "tests")],
        cwd=EXAMPLE, env=environment(PYTHONPATH=str(site)), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_listed_with_what_it_gives_and_where_it_is_from(site: Path) -> None:
    said = run(site, "plugins", lang="ru").out
    assert "shsnor 0.1.0 (встроено)\n" in said and "federal" in said
    listed = json.loads(run(site, "plugins", "--json").out)
    code, packs = (one for one in listed if one["distribution"] == "shsnor-plugin-example")
    assert (code["origin"], code["version"], code["module"]) == ("installed", "0.1.0", "shsnor_plugin_example")
    assert code["hooks"] == ["shsnor_functions", "shsnor_readers", "shsnor_exporters"]
    assert [function["id"] for function in code["functions"]] == ["from_weighted_median"]
    assert (code["readers"], code["exporters"]) == ([".jsonl"], ["support_list"])
    assert packs["packs"] == {"example": str(site / "shsnor_plugin_example" / "packs" / "example")}
    assert "Вымышленный порядок" in run(site, "pack", "list").out


def test_the_editors_schema_has_its_function_when_asked(site: Path) -> None:
    own, all_installed = (json.loads(run(site, "pack", "schema", *more).out) for more in ([], ["--installed"]))
    assert set(all_installed["definitions"]) - set(own["definitions"]) == {"with.from_weighted_median"}
    assert own == json.loads((ROOT / "schema" / "pack.schema.json").read_text(encoding="utf-8"))


def test_the_outcome_says_which_plugin_took_part(site: Path, place: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run(site, "evaluate", "example", "--data", place / "data", "--as-of", 2022, "--out", out)
    assert done.code == 0, done.err
    record = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["evaluation"]
    assert record["functions"] == ["from_weighted_median (shsnor-plugin-example 0.1.0)"]
    assert {used["name"] for used in record["plugins"]} == {
        "shsnor-plugin-example 0.1.0 (shsnor_plugin_example)",
        "shsnor-plugin-example 0.1.0 (shsnor_plugin_example.packs)",
    }
    assert all(re.fullmatch("[0-9a-f]{64}", used["sha256"]) for used in record["plugins"])


def test_a_format_that_nobody_writes_is_refused_with_those_that_are(site: Path, place: Path) -> None:
    done = run(site, "evaluate", "example", "--data", place / "data", "--out", place / "no", "--format", "xls")
    assert done.code == 2
    assert "parquet, csv, json, duckdb, support_list" in done.err


def test_without_it_its_pack_says_what_is_missing() -> None:
    done = shsnor("pack", "check", EXAMPLE / "src" / "shsnor_plugin_example" / "packs" / "example")
    assert done.code == 2
    assert "SH707" in done.out and "shsnor-plugin-example" in done.out and "SH320" in done.out


# --- its tutorial ---


def test_the_page_shows_every_file_of_the_example_that_has_code() -> None:
    shown = {block.file for block in OF_EXAMPLE}
    code = {path.relative_to(EXAMPLE).as_posix() for path in (EXAMPLE / "src").rglob("*.py")}
    assert code <= shown
    assert "pyproject.toml" in shown


@pytest.mark.parametrize("block", OF_EXAMPLE, ids=lambda block: block.file)
def test_what_the_page_shows_of_the_example_stands_there(block: Block) -> None:
    assert block.text in (EXAMPLE / block.file).read_text(encoding="utf-8")


def test_every_titled_block_is_of_the_example_or_is_written_by_the_reader() -> None:
    assert [block.file for block in BLOCKS if block.file and block not in OF_EXAMPLE + WRITTEN] == []


def test_the_commands_of_the_page_say_what_it_shows(site: Path, place: Path) -> None:
    for block in CONSOLE:
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE):
            if command.startswith("pip "):
                continue
            if command.startswith("cat "):
                said = (place / command.removeprefix("cat ")).read_text(encoding="utf-8")
            else:
                done = run(site, *command.removeprefix("shsnor ").split(), cwd=place)
                assert done.code == 0, done.out + done.err
                said = done.out
            pattern = re.escape(shown).replace(re.escape(SHORT) + "\\\n", ".*").replace(re.escape(SHORT), ".*")
            assert re.fullmatch(pattern, said, re.DOTALL), f"{command}\n{said}"
    assert sum(block.text.count("$ shsnor") for block in CONSOLE) >= 5


def test_the_page_names_the_codes_of_findings_that_there_are() -> None:
    from shsnor.wording import CODES

    named = set(re.findall(r"SH\d{3}", PAGE))
    assert named <= set(CODES)
    assert {code for code in CODES if code.startswith("SH7")} <= named


def test_the_python_of_the_page_runs(site: Path, place: Path) -> None:
    load, use = (block.text for block in BLOCKS if block.language == "python" and not block.file)
    (north,) = (block.text for block in WRITTEN if block.file == "north/plugin.py")
    root = f"{north}\n(root,) = shsnor_functions()\n"
    code = f"import dataclasses, shsnor\n{load}assert not list(shsnor.check_pack(pack))\n{root}pack = shsnor.load_pack('north')\n"
    code += use.replace("shsnor.check_pack(pack, host=host)", "assert not shsnor.check_pack(pack, host=host).errors")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=place, env=environment(), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
