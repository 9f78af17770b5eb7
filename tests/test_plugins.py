"""Plugins as they are found: what they give is there, and whatever is wrong with one stops the run and names it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import pytest

import shsnor
from shsnor.cli import frame
from shsnor.errors import DataError, UsageError
from shsnor.host import OWN_FORMATS, OWN_SUFFIXES, find_plugins
from shsnor.loading import pack_folders
from shsnor.outcomes import FORMATS
from shsnor.reading.sources import DUCKDB_FILES, PARQUET_FILES, TEXT_FILES
from shsnor.wording import message
from shsnor.workbooks import SUFFIXES
from tests.command import shsnor as command
from tests.plugin_cases import DOUBLED, GIVES_DOUBLED, HEAD, NEEDS_DOUBLED, TABLES, codes, install, refused, write_pack

Install = Callable[..., str]
_numbers = itertools.count()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed distributions that this process sees."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture
def plugin(site: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a distribution and gives its name, which no other test has: modules stay imported."""

    def one(source: str | None = None, **more: str) -> str:
        name = f"plugin-{next(_numbers)}"
        install(site, name, source, **more)
        monkeypatch.syspath_prepend(site)  # what was there is looked at again
        return name

    return one


# --- what is found ---


def test_a_host_is_a_value_and_an_installed_function_is_in_it(plugin: Install) -> None:
    before = find_plugins()
    name = plugin(GIVES_DOUBLED)
    host = find_plugins()
    giver = host.giver("functions", "doubled")
    assert giver is not None
    assert (giver.distribution, giver.version, giver.hooks) == (name, "1.0", ("shsnor_functions",))
    assert host.functions["doubled"].plugin == f"{name} 1.0"
    assert "doubled" not in before.functions
    assert "doubled" not in find_plugins(installed=False).functions
    with pytest.raises(FrozenInstanceError):
        host.__setattr__("plugins", ())


def test_an_installed_function_is_evaluated_and_recorded_with_its_hash(plugin: Install, tmp_path: Path) -> None:
    name = plugin(GIVES_DOUBLED)
    pack = shsnor.load_pack(write_pack(tmp_path / "north", plugin=None))
    with shsnor.evaluate(pack, TABLES, as_of=2022) as outcome:
        assert {row.entity: row.verdict for row in outcome.flags.rows()} == {"А": "met", "Б": "not_met"}
        record = outcome.manifest.evaluation
    (used,) = record["plugins"]
    assert used["name"] == f"{name} 1.0 ({name.replace('-', '_')})"
    assert len(used["sha256"]) == 64
    assert record["functions"] == [f"doubled ({name} 1.0)"]


def test_a_plugin_that_an_evaluation_does_not_use_leaves_its_record_as_it_is(plugin: Install, tmp_path: Path) -> None:
    text = NEEDS_DOUBLED.replace("    function: doubled\n    with: {indicator: low}\n", "    value: 2 * low\n")
    pack = shsnor.load_pack(write_pack(tmp_path / "north", text, plugin=None))
    with shsnor.evaluate(pack, TABLES, as_of=2022) as outcome:
        before = outcome.manifest.evaluation
    plugin(GIVES_DOUBLED)
    with shsnor.evaluate(pack, TABLES, as_of=2022) as outcome:
        assert outcome.manifest.evaluation == before
    assert before["plugins"] == []


def test_packs_of_a_hook_and_of_the_group_are_loaded_by_name(plugin: Install, site: Path, tmp_path: Path) -> None:
    for name, folder in {"north": site / "more_packs", "south": tmp_path / "elsewhere"}.items():
        write_pack(folder / name, NEEDS_DOUBLED.replace("id: north", f"id: {name}"), plugin=None)
    plugin(group="shsnor.packs", value="more_packs")
    plugin(f"{HEAD}@hookimpl\ndef shsnor_packs():\n    return [{str(tmp_path / 'elsewhere')!r}]")
    assert {"federal", "north", "south"} <= set(pack_folders())
    assert [shsnor.load_pack(name).id for name in ("north", "south")] == ["north", "south"]


def test_an_installed_pack_is_called_as_its_folder(plugin: Install, site: Path) -> None:
    write_pack(site / "packs_of_one" / "north", NEEDS_DOUBLED.replace("id: north", "id: south"), plugin=None)
    plugin(group="shsnor.packs", value="packs_of_one")
    with pytest.raises(shsnor.PackError) as caught:
        shsnor.load_pack("north")
    (finding,) = caught.value.findings
    assert finding.code == "SH217"
    assert "«south»" in message(finding)


# --- what is wrong stops the run and is named ---


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("import nothing_of_that_name", "SH701", "ModuleNotFoundError nothing_of_that_name .py:1"),
        ("raise SystemExit(3)", "SH701", "SystemExit: 3"),
        ("def broken(:", "SH701", "SyntaxError"),
        ("@hookimpl\ndef shsnor_function():\n    return []", "SH702", "«shsnor_function» «shsnor_functions»"),
        ("def shsnor_functions():\n    return []", "SH702", "@hookimpl «shsnor_functions»"),
        ("@hookimpl\ndef shsnor_functions(pack):\n    return []", "SH702", "параметры pack"),
        ("@hookimpl(wrapper=True)\ndef shsnor_functions():\n    return (yield)", "SH702", "обёртка"),
        ("VALUE = 1", "SH702", "ни одного хука"),
        ("@hookimpl\ndef shsnor_functions():\n    return 1 / 0", "SH703", "shsnor_functions ZeroDivisionError"),
        ("@hookimpl\ndef shsnor_functions():\n    yield 1 / 0", "SH703", "shsnor_functions ZeroDivisionError"),
        ("@hookimpl\ndef shsnor_functions():\n    return ['doubled']", "SH703", "shsnor_functions str"),
        (DOUBLED + "@hookimpl\ndef shsnor_functions():\n    return [doubled('Вдвое')]", "SH703", "Вдвое"),
        ("@hookimpl\ndef shsnor_readers():\n    return [Reader('.jsonl', open)]", "SH703", "suffixes='.jsonl'"),
        ("@hookimpl\ndef shsnor_readers():\n    return [Reader(('.JSONL',), open)]", "SH703", ".JSONL"),
        ("@hookimpl\ndef shsnor_packs():\n    return ['/nowhere/at/all']", "SH708", "pack.yaml /nowhere/at/all"),
        # what is taken: by us, by a built-in function, twice by the same plugin
        ("@hookimpl\ndef shsnor_readers():\n    return [Reader(('.csv',), open)]", "SH704", "«.csv» shsnor"),
        ("@hookimpl\ndef shsnor_exporters():\n    return [Exporter('json', open)]", "SH704", "«json» shsnor"),
        (
            DOUBLED + "@hookimpl\ndef shsnor_functions():\n    return [doubled('nearest')]",
            "SH325",
            "«nearest» shsnor.plugins.nearest",
        ),
        (DOUBLED + "@hookimpl\ndef shsnor_functions():\n    return [doubled(), doubled()]", "SH325", "«doubled»"),
    ],
)
def test_a_wrong_plugin_is_named_with_what_is_wrong(plugin: Install, source: str, code: str, words: str) -> None:
    name = plugin(source if code == "SH701" else HEAD + source)
    (finding,) = refused()
    assert finding.code == code
    said = message(finding)
    assert [word for word in (f"{name} 1.0", *words.split(" ")) if word not in said] == []


def test_all_wrong_plugins_are_named_at_once(plugin: Install) -> None:
    names = [plugin("raise RuntimeError('перестал')"), plugin(f"{HEAD}@hookimpl\ndef shsnor_reader():\n    return []")]
    found = refused()
    assert sorted(codes(found)) == ["SH701", "SH702"]
    assert all(any(name in message(finding) for finding in found) for name in names)


def test_two_functions_of_one_id_name_both_plugins(plugin: Install) -> None:
    names = [plugin(GIVES_DOUBLED), plugin(GIVES_DOUBLED)]
    (finding,) = refused()
    assert finding.code == "SH325"
    assert all(f"{name} 1.0" in message(finding) for name in names)


def test_two_packs_of_one_id_name_both_folders(plugin: Install, site: Path) -> None:
    own = write_pack(site / "packs_again" / "federal", NEEDS_DOUBLED.replace("id: north", "id: federal"), plugin=None)
    name = plugin(group="shsnor.packs", value="packs_again")
    shipped = find_plugins(installed=False).packs["federal"]
    (finding,) = refused()
    assert finding.code == "SH704"
    said = message(finding)
    assert f"{name} 1.0" in said and str(own) in said and str(shipped) in said
    assert codes_of_load("federal") == ["SH704"]


def codes_of_load(name: str) -> list[str]:
    with pytest.raises(UsageError) as caught:
        shsnor.load_pack(name)
    return codes(caught.value.findings)


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [("no_such_package", "SH701", "no_such_package"), ("empty_of_packs", "SH708", "pack.yaml")],
)
def test_a_group_of_packs_without_packs(plugin: Install, site: Path, value: str, code: str, words: str) -> None:
    (site / "empty_of_packs").mkdir()
    name = plugin(group="shsnor.packs", value=value)
    (finding,) = refused()
    assert finding.code == code
    assert name in message(finding) and words in message(finding)


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_command_stops_at_a_plugin_that_does_not_load(site: Path, tmp_path: Path, lang: str) -> None:
    install(site, "broken-plugin", "raise RuntimeError('перестал')")
    env = {"PYTHONPATH": str(site), "SHSNOR_LANG": lang}
    out = tmp_path / "out"
    for arguments in (["plan", "federal"], ["plugins"], ["evaluate", "federal", "--data", tmp_path, "--out", out]):
        run = command(*arguments, env=env)
        assert run.code == 2
        assert "broken-plugin 1.0" in run.err and "перестал" in run.err
        assert "Traceback" not in run.err
    assert not out.exists()
    assert command("--help", env=env).code == 0  # it loads no plugin


# --- a pack that needs plugins ---


def test_a_plugin_that_a_pack_needs_and_that_is_missing_is_told_with_its_place(tmp_path: Path) -> None:
    needs = NEEDS_DOUBLED.replace("pack: {", "pack: {plugins: [duckdb, shsnor-of-the-north], ")
    needs = needs.replace("    function: doubled\n    with: {indicator: low}\n", "    value: 2 * low\n")
    base = write_pack(tmp_path / "north", needs, plugin=None)
    child = 'format: 1\npack: {id: child, version: "1", title: Дочерний, extends: north}\n'
    for folder in (base, write_pack(tmp_path / "child", child, plugin=None)):
        (finding,) = shsnor.check_pack(shsnor.load_pack(folder))
        assert finding.code == "SH707"
        line = needs.splitlines()[1]
        place = finding.place
        assert (place.line, place.column) == (2, line.index("shsnor-of") + 1)
        assert "«shsnor-of-the-north»" in message(finding) and "«north»" in message(finding)


# --- readers and exporters ---

READS = "from pathlib import Path\n\n\ndef read(path):\n    {body}\n\n\n" + (
    "@hookimpl\ndef shsnor_readers():\n    return [Reader(('.north',), read)]"
)
ROWS = "import json; return [json.loads(line) for line in path.read_text('utf-8').splitlines()]"
STREAM = "import duckdb; return duckdb.sql(f\"FROM read_json('{path}', format = 'newline_delimited')\")"


def north_files(folder: Path) -> Path:
    folder.mkdir()
    for name, rows in TABLES.items():
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.north").write_text(lines, encoding="utf-8")
    return folder


@pytest.mark.parametrize("body", [ROWS, STREAM], ids=["rows", "stream"])
def test_files_of_a_plugins_kind_are_tables(plugin: Install, tmp_path: Path, body: str) -> None:
    name = plugin(
        HEAD
        + READS.replace("{body}", body)
        + f"\n{DOUBLED}\n@hookimpl\ndef shsnor_functions():\n    return [doubled()]"
    )
    pack = shsnor.load_pack(write_pack(tmp_path / "north", plugin=None))
    data = north_files(tmp_path / "data")
    assert list(shsnor.check_pack(pack, data)) == []
    with shsnor.evaluate(pack, data, as_of=2022) as outcome:
        assert {row.entity: row.verdict for row in outcome.flags.rows()} == {"А": "met", "Б": "not_met"}
        assert {file["name"] for file in outcome.manifest.run["files"]} == {"schools.north", "results.north"}
        assert [used["name"] for used in outcome.manifest.evaluation["plugins"]] == [
            f"{name} 1.0 ({name.replace('-', '_')})"
        ]


def test_without_the_plugin_such_files_are_no_tables(tmp_path: Path) -> None:
    data = north_files(tmp_path / "data")
    with pytest.raises(DataError) as caught:
        shsnor.evaluate(shsnor.load_pack("federal"), {"results": data / "results.north"}, as_of=2022)
    assert "SH411" in codes(caught.value.findings)


@pytest.mark.parametrize(
    ("body", "words"), [("raise ValueError('нет листа')", "ValueError: нет листа"), ("return 5", "int")]
)
def test_a_reader_that_fails_is_told_with_its_file(plugin: Install, tmp_path: Path, body: str, words: str) -> None:
    name = plugin(HEAD + READS.replace("{body}", body))
    with pytest.raises(DataError) as caught:
        shsnor.evaluate(shsnor.load_pack("federal"), north_files(tmp_path / "data"), as_of=2022)
    said = [message(finding) for finding in caught.value.findings.errors if finding.code == "SH411"]
    assert any("results.north" in text and f"{name} 1.0" in text and words in text for text in said), said


WRITES = "def write(outcome, path):\n    {body}\n\n\n@hookimpl\ndef shsnor_exporters():\n    return [Exporter('list', write)]"


def test_an_exporter_writes_whole_or_not_at_all(plugin: Install, demo_outcome: Path, tmp_path: Path) -> None:
    failing = "path.write_text('half'); raise RuntimeError('кончилась бумага')"
    name = plugin(HEAD + WRITES.replace("{body}", failing))
    there = tmp_path / "list.txt"
    there.write_text("прежнее", encoding="utf-8")
    with shsnor.load_outcome(demo_outcome) as outcome, pytest.raises(UsageError) as caught:
        outcome.write(there, format="list", force=True)
    (finding,) = caught.value.findings
    assert finding.code == "SH709"
    assert f"{name} 1.0" in message(finding) and "кончилась бумага" in message(finding)
    assert [path.name for path in tmp_path.iterdir() if path.name != "site"] == ["list.txt"]
    assert there.read_text(encoding="utf-8") == "прежнее"


def test_an_exporter_takes_no_place_that_is_not_free(plugin: Install, demo_outcome: Path, tmp_path: Path) -> None:
    plugin(HEAD + WRITES.replace("{body}", "path.write_text(str(len(outcome.flags)) + path.suffix)"))
    there = tmp_path / "list.txt"
    with shsnor.load_outcome(demo_outcome) as outcome:
        assert outcome.write(there, format="list") == there
        assert there.read_text(encoding="utf-8") == f"{len(outcome.flags)}.txt"
        with pytest.raises(UsageError) as caught:
            outcome.write(there, format="list")
        assert codes(caught.value.findings) == ["SH601"]
        outcome.write(there, format="list", force=True)
        assert (tmp_path / "list.txt.bak").is_file()
        with pytest.raises(UsageError) as unknown:
            outcome.write(there, format="lists")
        assert "«list»" in message(next(iter(unknown.value.findings)))


def test_an_exporter_that_writes_nothing_is_told(plugin: Install, demo_outcome: Path, tmp_path: Path) -> None:
    plugin(HEAD + WRITES.replace("{body}", "pass"))
    with shsnor.load_outcome(demo_outcome) as outcome, pytest.raises(UsageError) as caught:
        outcome.write(tmp_path / "list.txt", format="list")
    assert codes(caught.value.findings) == ["SH709"]
    assert not (tmp_path / "list.txt").exists()


def test_what_the_library_does_itself_no_plugin_may_take() -> None:
    assert set(OWN_SUFFIXES) == {*TEXT_FILES, *PARQUET_FILES, *DUCKDB_FILES, *SUFFIXES}
    assert OWN_FORMATS == FORMATS == frame.FORMATS


def test_a_host_with_one_function_more_is_a_host(tmp_path: Path) -> None:
    own: dict[str, Any] = {}
    exec(HEAD + DOUBLED + "one = doubled()", own)
    host = find_plugins()
    more = replace(host, functions={**host.functions, "doubled": own["one"]})
    pack = shsnor.load_pack(write_pack(tmp_path / "north", plugin=None))
    assert codes(shsnor.check_pack(pack)) == ["SH320"]
    assert list(shsnor.check_pack(pack, host=more)) == []
