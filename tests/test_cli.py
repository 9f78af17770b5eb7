"""The command as its users meet it: words, exit codes, code pages, what is written and what is not."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import shsnor as library
from shsnor.cli import app, packs
from shsnor.demo import demo_region, flagged_entity
from tests.command import Run, environment, posix, shsnor


def evaluate(north: Path, *more: object) -> Run:
    """Evaluate the pack and the tables of `north` into its folder `out`."""
    return shsnor("evaluate", "north", "--data", "data", "--out", "out", *more, cwd=north)


# --- help and wrong commands ---


def test_help_is_russian_and_names_every_command() -> None:
    run = shsnor("--help")
    assert run.code == 0
    assert "Команды:" in run.out
    assert "Usage" not in run.out
    for command in app.COMMANDS:
        assert re.search(rf"^  {command} ", run.out, re.MULTILINE), command


def test_help_is_english_when_asked() -> None:
    run = shsnor("evaluate", "-h", env={"SHSNOR_LANG": "en"})
    assert run.code == 0
    assert "Usage: shsnor evaluate" in run.out
    assert not re.search("[а-яё]", run.out.replace("ВПР", ""))


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("command", [*app.COMMANDS, *(f"pack {name}" for name in packs.COMMANDS)])
def test_every_command_has_help_of_its_own(command: str, lang: str) -> None:
    run = shsnor(*command.split(), "--help", env={"SHSNOR_LANG": lang})
    assert run.code == 0, run.err
    assert f"shsnor {command}" in run.out.splitlines()[0]
    assert bool(re.search("[а-яё]{3}", run.out)) == (lang == "ru")


def test_version() -> None:
    assert shsnor("--version").out.strip() == f"shsnor {library.__version__}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evalute"], "Может быть, evaluate?"),
        (["evaluate", "federal"], "не задано: --data"),
        (["evaluate", "federal", "--data", "x", "--out", "y", "--as-of", "20222"], "«20222» — не дата"),
        (["evaluate", "federal", "--data", "x", "--out", "y", "--format", "xls"], "parquet, csv, json, duckdb"),
        (["evaluate", "federal", "--data", "x", "--out", "y", "--set", "low_limit"], "КОД=ЗНАЧЕНИЕ"),
        (["evaluate", "federal", "--data", "x", "--out", "y", "--threads", "0"], "слишком мало"),
        (["evaluate", "federal", "--data", "x", "--out", "y", "--memory-limit", "much"], "2GB"),
        (["evaluate", "federal", "--data", "x", "--outt", "y"], "Может быть, --out"),
        (["plan", "federal", "more"], "лишнее: more"),
        (["plan", "federal", "--as-of"], "нет значения"),
        (["pack", "tests"], "Может быть, test"),
    ],
)
def test_a_wrong_command_is_told_in_russian_with_the_way_to_help(arguments: list[str], said: str) -> None:
    run = shsnor(*arguments)
    assert run.code == 2
    assert said in run.err
    assert "Справка: shsnor" in run.err
    assert run.out == ""


def test_an_unknown_pack_is_told_with_the_packs_there_are() -> None:
    run = shsnor("plan", "federel")
    assert run.code == 2
    assert "federal" in run.err
    assert "Traceback" not in run.err


# --- demo, evaluate, explain ---


def test_demo_says_it_is_invented_and_names_three_commands_that_work(tmp_path: Path) -> None:
    run = shsnor("demo", cwd=tmp_path)
    assert run.code == 0, run.err
    assert "вымышленный регион" in run.out.splitlines()[0]
    assert "Почему так" in run.out
    commands = re.findall(r"^  shsnor (.*)$", run.out.partition("Дальше попробуйте:")[2], re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["evaluate", "explain", "plan"]
    for command in commands:
        again = shsnor(*command.replace('"', "").split(), cwd=tmp_path)
        assert again.code == 0, again.err


def test_evaluate_takes_the_last_year_of_the_results_and_says_so(north: Path) -> None:
    run = evaluate(north, "--format", "csv")
    assert run.code == 0, run.err
    assert "взят последний год таблицы results: 2022" in run.out
    assert (north / "out" / "flags.csv").is_file()
    manifest = json.loads((north / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert "2022-12-31" in json.dumps(manifest["evaluation"])


def test_evaluate_names_the_command_that_explains_a_school(north: Path) -> None:
    run = evaluate(north, "--as-of", 2022)
    assert "shsnor explain out --school 0101" in run.out
    again = shsnor("explain", "out", "--school", "0101", cwd=north)
    assert again.code == 0, again.err


def test_explain_shows_why(demo_outcome: Path) -> None:
    with library.load_outcome(demo_outcome) as outcome:
        entity = flagged_entity(outcome)
        assert entity is not None
        label = next(iter(outcome.flags.rows(entity=entity, verdict="met"))).label
    run = shsnor("explain", demo_outcome, "--school", entity)
    assert run.code == 0, run.err
    assert entity in run.out
    assert label in run.out.replace("\n", " ") or label.split("(")[0].strip() in run.out
    english = shsnor("explain", demo_outcome, "--school", entity, env={"SHSNOR_LANG": "en"})
    assert english.code == 0
    assert english.out != run.out


def test_explain_of_a_school_that_is_not_there(demo_outcome: Path) -> None:
    run = shsnor("explain", demo_outcome, "--school", "01000З")
    assert run.code == 2
    assert "01000З" in run.err


def test_explain_of_what_is_no_outcome(tmp_path: Path) -> None:
    run = shsnor("explain", tmp_path, "--school", "010003")
    assert run.code == 2
    assert "SH603" in run.err


def test_what_is_not_ours_is_left_alone_without_force(north: Path) -> None:
    out = north / "out"
    out.mkdir()
    (out / "letter.txt").write_text("важное", encoding="utf-8")
    run = evaluate(north, "--as-of", 2022)
    assert run.code == 2
    assert "SH601" in run.err
    assert [file.name for file in out.iterdir()] == ["letter.txt"]
    forced = evaluate(north, "--as-of", 2022, "--force")
    assert forced.code == 0, forced.err
    assert (north / "out.bak" / "letter.txt").read_text(encoding="utf-8") == "важное"


@pytest.mark.parametrize(
    "command",
    [
        ("evaluate", "north", "--data", "data", "--out", "out"), ("plan", "north"), ("demo", "north"),
        ("pack", "show", "north"), ("pack", "test", "north"), ("template", "north", "--out", "out.xlsx"),
        ("data", "check", "data", "--pack", "north"),
    ],
)  # fmt: skip
def test_a_wrong_pack_is_told_all_at_once_whatever_the_command(north: Path, command: tuple[str, ...]) -> None:
    """Its form, an unknown key, and its meaning, an indicator that nobody wrote, as `pack check` does."""
    pack = north / "north" / "pack.yaml"
    text = pack.read_text(encoding="utf-8")
    wrong = "  lost: {label: Пропажа, indicator: nowhere, at_least: 1, source: {clause: '1', basis: stated}}\n"
    text = text.replace("\ncriteria:\n", f"\ncriteria:\n{wrong}", 1) + "\nodd: 1\n"
    pack.write_text(text, encoding="utf-8")
    checked = shsnor("pack", "check", "north", cwd=north)
    codes = sorted(re.findall(r"SH\d{3}", checked.out))
    assert len({*codes}) > 1 and "nowhere" in checked.out and "odd" in checked.out
    before = sorted(north.rglob("*"))
    run = shsnor(*command, cwd=north)
    assert run.code == 2
    assert "nowhere" in run.err and "odd" in run.err
    assert {*re.findall(r"SH\d{3}", run.err)} == {*codes}
    assert sorted(north.rglob("*")) == before


def test_wrong_data_are_told_all_at_once_and_nothing_is_written(north: Path) -> None:
    data = north / "data"
    (data / "schools.csv").write_text("school_id,municipality\n0101,Юг\n0101,Юг\n", encoding="utf-8")
    (data / "results.csv").write_text(
        "school_id;year;procedure;grade;subject;participants;below_minimum\n"
        "0101;2022;ОГЭ;9;рус;20;25\n"
        "0101;2022;ОГЭ;9;мат;двадцать;5\n",
        encoding="cp1251",
    )
    run = evaluate(north, "--as-of", 2022)
    assert run.code == 2
    assert re.search("таблица schools, строка 2.*0101", run.err, re.DOTALL)  # a duplicate key
    assert re.search("таблица results, строка 1, столбец below_minimum.*25", run.err, re.DOTALL)  # above participants
    assert re.search("таблица results, строка 2, столбец participants.*двадцать", run.err, re.DOTALL)
    assert not (north / "out").exists()


def test_a_parameter_that_the_pack_lacks(north: Path) -> None:
    run = evaluate(north, "--as-of", 2022, "--set", "low_limt=40")
    assert run.code == 2
    assert "low_limit" in run.err
    assert not (north / "out").exists()


def test_set_and_without_change_the_outcome(north: Path) -> None:
    def flagged(*more: str) -> set[str]:
        assert evaluate(north, "--as-of", 2022, *more).code == 0
        with library.load_outcome(north / "out") as outcome:
            return {row.entity for row in outcome.flags.rows(flag="low_results", verdict="met")}

    assert flagged() == {"0101", "0102"}
    assert flagged("--set", "low_limit=60") == {"0102"}
    assert flagged("--without", "ОГЭ", "--threads", "1") == set()


def test_strict_asks_for_more_than_done(north: Path) -> None:
    run = evaluate(north, "--as-of", 2022, "--strict")
    assert run.code == 1  # nothing is known of 0103
    assert "неизвестных признаков — 1" in run.err
    assert (north / "out" / "manifest.json").is_file()
    for name in ("schools", "results"):
        file = north / "data" / f"{name}.csv"
        kept = [line for line in file.read_text(encoding="cp1251").splitlines() if not line.startswith("0103")]
        file.write_text("\n".join(kept) + "\n", encoding="cp1251")
    assert evaluate(north, "--as-of", 2022, "--strict").code == 0


# --- plan and packs ---


def test_warnings_are_said_in_words_without_being_asked_for(north: Path) -> None:
    for number in range(7):
        (north / "data" / f"result{number}.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    run = evaluate(north, "--as-of", 2022)
    assert run.code == 0, run.err
    assert run.out.count("SH412") == 5
    assert "SH412 table-not-used   (предупреждение)" in run.out and "«results»" in run.out
    assert "Показаны первые 5 замечаний из 7" in run.out
    english = shsnor("evaluate", "north", "--data", "data", "--out", "out", cwd=north, env={"SHSNOR_LANG": "en"})
    assert english.out.count("SH412   ") == 5


def test_plan_prints_the_plan_and_sql_that_duckdb_reads() -> None:
    whole = shsnor("plan", "federal", "--as-of", 2022)
    assert whole.code == 0, whole.err
    only = shsnor("plan", "federal", "--as-of", 2022, "--sql")
    assert only.out.strip() in whole.out
    assert len(whole.out) > len(only.out)
    assert duckdb.extract_statements(only.out)


def test_plan_says_which_date_it_took() -> None:
    assert "взята сегодняшняя" in shsnor("plan", "federal").out


def test_pack_list_and_schema(tmp_path: Path) -> None:
    assert re.search(r"^federal +\S+ +\S", shsnor("pack", "list").out, re.MULTILINE)
    schema = json.loads(shsnor("pack", "schema").out)
    assert schema["$schema"].startswith("http://json-schema.org/draft-07/")
    assert shsnor("pack", "schema", "--out", tmp_path / "pack.schema.json").code == 0
    assert json.loads((tmp_path / "pack.schema.json").read_text(encoding="utf-8")) == schema


def test_pack_check_of_a_good_pack() -> None:
    run = shsnor("pack", "check", "federal")
    assert run.code == 0
    assert "замечаний нет" in run.out


def test_pack_check_tells_every_mistake_with_its_place(tmp_path: Path) -> None:
    pack = tmp_path / "pack.yaml"
    pack.write_text(
        "format: 1\npack: {id: north, version: '1', title: Проба}\nsources: {order: {title: Приказ}}\n"
        "criteria:\n  low:\n    label: Низко\n    indicator: low_share\n    at_leest: 30\n"
        "    source: {clause: '1', basis: stated}\n"
        "flags:\n  low:\n    label: Признак\n    when: low\n",
        encoding="utf-8",
    )
    run = shsnor("pack", "check", tmp_path, cwd=tmp_path)
    assert run.code == 2
    assert "pack.yaml:8:5" in run.out
    assert "at_least" in run.out
    assert "pack.yaml:11" in run.out
    assert shsnor("evaluate", tmp_path, "--data", demo_region(), "--as-of", 2022, "--out", tmp_path / "out").code == 2
    assert not (tmp_path / "out").exists()


def test_pack_check_looks_at_tables_too(north: Path) -> None:
    good = shsnor("pack", "check", "north", "--data", "data", cwd=north)
    assert good.code == 0, good.out
    (north / "data" / "schools.csv").write_text("school_id,municipality\n0101,Юг\n0101,Юг\n", encoding="utf-8")
    wrong = shsnor("pack", "check", "north", "--data", "data", cwd=north)
    assert wrong.code == 2
    assert "таблица schools" in wrong.out


# --- code pages, pipes, interruption, faults ---


@pytest.mark.parametrize("page", ["cp1251", "cp866"])
def test_commands_write_to_old_code_pages(page: str, demo_outcome: Path) -> None:
    for arguments in (
        ["--help"],
        ["explain", demo_outcome, "--school", "010003"],
        ["plan", "federal", "--as-of", "2022"],
        ["pack", "check", "federal"],
    ):
        run = shsnor(*arguments, encoding=page)
        assert run.code == 0, run.err
        assert re.search("[а-яё]{4}", run.out)
    wrong = shsnor("explain", demo_outcome, "--school", "№ ≥ «»", encoding=page)
    assert wrong.code == 2
    assert "SH" in wrong.err


def test_what_a_code_page_lacks_is_written_plainly() -> None:
    code = "from shsnor.cli.streams import make_output_safe as safe; safe(); print('├─ «30 %» ≥ 25 — …')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment(PYTHONIOENCODING="cp866")
    )
    shown = done.stdout.decode("cp866").strip()
    assert shown == '├─ "30 %" >= 25 - ...'
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment(PYTHONIOENCODING="cp1251")
    )
    assert done.stdout.decode("cp1251").strip() == "|- «30 %» >= 25 — …"


@posix
def test_a_reader_that_goes_away_is_no_fault() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "shsnor", "plan", "federal"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr as errors:
        assert errors.read() == b""
    assert process.wait(timeout=120) == 141


@posix
def test_ctrl_c_ends_with_one_line() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "shsnor", "demo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    process.stdout.readline()  # the evaluation begins
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert errors.decode("utf-8") == "Остановлено.\n"


@pytest.mark.parametrize("library_name", ["pydantic", "click"])
def test_a_broken_installation_is_told_in_short(library_name: str, tmp_path: Path) -> None:
    (tmp_path / f"{library_name}.py").write_text("raise ImportError('half a file')\n", encoding="utf-8")
    broken = {"PYTHONPATH": str(tmp_path)}
    run = shsnor("plan", "federal", env=broken)
    assert run.code == 3
    assert "half a file" in run.err
    assert library.__version__ in run.err
    assert "Traceback" not in run.err
    assert "Traceback" in shsnor("plan", "federal", env={**broken, "SHSNOR_DEBUG": "1"}).err
