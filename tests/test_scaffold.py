"""`shsnor pack new`: what it writes works at once, is whole or not there at all, and an editor needs nothing more."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import jsonschema
import pytest
import yaml

from shsnor.checking import check_pack
from shsnor.demo import DEMO_YEAR, demo_region
from shsnor.errors import FindingsError
from shsnor.evaluating import evaluate
from shsnor.loading import load_pack, pack_folders
from shsnor.pack import Pack
from shsnor.packtests import run_cases
from shsnor.scaffold import NewPack, new_pack
from shsnor.scaffold.naming import good_id, proposed_id
from shsnor.wording import message, render_findings
from tests.command import environment, shsnor

MODELINE = "# yaml-language-server: $schema="


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def loaded(made: NewPack) -> Pack:
    pack = load_pack(made.pack)
    findings = check_pack(pack)
    assert not len(findings), render_findings(findings)
    return pack


def refusal(code: str, into: Path, region: str, extends: str | None = None, package: bool = False) -> str:
    """What is said of a call that is refused with one finding, after which nothing new is there."""
    before = files_in(into)
    with pytest.raises(FindingsError) as refused:
        new_pack(region, into=into, extends=extends, package=package)
    (finding,) = refused.value.findings
    assert finding.code == code
    assert files_in(into) == before and not list(into.glob(".*"))
    return message(finding)


# --- it works at once ---


@pytest.mark.parametrize("extends", [None, "federal"])
def test_a_new_pack_checks_tests_and_evaluates(tmp_path: Path, extends: str | None) -> None:
    made = new_pack("north", into=tmp_path, extends=extends)
    pack = loaded(made)
    results = run_cases(pack)
    assert len(results.results) >= 7
    assert results.passed, [(one.case.name, one.differences) for one in results.results if not one.passed]
    with evaluate(pack, demo_region(), as_of=DEMO_YEAR) as outcome:
        own = [
            name for section, name, _ in pack.items() if section == "flags" and pack.origin[f"flags/{name}"] == "north"
        ]
        assert own
        found = {flag.flag: flag for flag in outcome.summary("ru").flags}
        assert all(found[name].raised and found[name].not_raised for name in own)


@pytest.mark.parametrize("base", sorted(set(pack_folders()) - {"federal"}))
def test_any_shipped_pack_can_be_extended(tmp_path: Path, base: str) -> None:
    pack = loaded(new_pack("north", into=tmp_path, extends=base))
    assert pack.head.extends == base


def test_the_example_of_an_override_says_why_and_changes_the_limit_from_its_date(tmp_path: Path) -> None:
    pack = loaded(new_pack("north", into=tmp_path, extends="federal"))
    limit = pack.document.parameters["low_limit"]
    assert limit.override
    assert pack.origin["parameters/low_limit"] == "north"
    assert load_pack("federal").document.parameters["low_limit"].values != limit.values


def test_a_pack_beside_it_can_be_extended_and_its_ids_are_not_taken_again(tmp_path: Path) -> None:
    new_pack("north", into=tmp_path, extends="federal")
    pack = loaded(new_pack("south", into=tmp_path, extends="north"))
    assert {"maths_low", "russian_low"} <= set(pack.document.criteria)


def test_what_is_not_of_the_order_is_said_to_be_the_authors(tmp_path: Path) -> None:
    pack = loaded(new_pack("north", into=tmp_path))
    assert {item.source.basis for _, _, item in pack.items()} == {"assumed"}
    assert pack.head.status == "draft"


def test_a_mend_finds_nothing_to_mend(tmp_path: Path) -> None:
    for extends in (None, "federal"):
        made = new_pack("north" if extends is None else "south", into=tmp_path, extends=extends)
        done = shsnor("pack", "check", made.pack, "--fix", "--diff")
        assert (done.code, "@@" in done.out) == (0, False), done.out


def test_title_and_region_may_have_quotes_and_line_breaks(tmp_path: Path) -> None:
    head = loaded(new_pack("Край «Юг»", into=tmp_path, title='Приказ "12":\n  {да} # \x07')).head
    assert (head.id, head.region, head.title) == ("yug", "Край «Юг»", 'Приказ "12": {да} #')


# --- an editor ---


@pytest.mark.parametrize("package", [False, True])
def test_every_pack_file_names_the_schema_beside_it_and_fits_it(tmp_path: Path, package: bool) -> None:
    made = new_pack("north", into=tmp_path, package=package)
    schema = made.folder / ".shsnor" / "pack.schema.json"
    validator = jsonschema.Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
    files = sorted(made.pack.glob("*.yaml"))
    assert len(files) == 3
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.startswith(MODELINE)
        assert (file.parent / text.splitlines()[0].removeprefix(MODELINE)).resolve() == schema.resolve()
        data = yaml.load(text, Loader=yaml.BaseLoader)
        assert [error.message for error in validator.iter_errors(data) if "format" not in error.path] == []


@pytest.mark.parametrize("package", [False, True])
def test_vs_code_takes_the_schema_for_pack_files_and_is_told_of_the_extension(tmp_path: Path, package: bool) -> None:
    made = new_pack("north", into=tmp_path, package=package)
    settings = json.loads((made.folder / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    ((schema, patterns),) = settings["yaml.schemas"].items()
    assert (made.folder / schema).is_file()
    if package:
        (pattern,) = patterns
        assert set(made.folder.glob(pattern)) == set(made.pack.glob("*.yaml"))
    else:
        assert patterns == ["*.yaml", "!tests/*.yaml"]
    extensions = json.loads((made.folder / ".vscode" / "extensions.json").read_text(encoding="utf-8"))
    assert extensions["recommendations"] == ["redhat.vscode-yaml"]


def test_files_have_the_same_bytes_everywhere(tmp_path: Path) -> None:
    made = new_pack("north", into=tmp_path, package=True)
    assert set(made.files) == files_in(made.folder)
    for name in made.files:
        content = (made.folder / name).read_bytes()
        assert name.isascii() and b"\r" not in content and b"{{" not in content
        assert content.decode("utf-8").endswith("\n")


# --- names ---


@pytest.mark.parametrize(
    ("region", "proposed"),
    [
        ("Тверская область", "tverskaya"),
        ("г. Щёлково", "shchyolkovo"),
        ("Республика Саха (Якутия)", "sakha_yakutiya"),
        ("Ханты-Мансийский автономный округ — Югра", "khanty_mansiyskiy_yugra"),
        ("Область", "oblast"),
        ("Tver-Oblast", "tver_oblast"),
        ("тvер", "tver"),
        ("Köln", "koln"),
        ("2026", "pack_2026"),
        ("con", "con_pack"),
        ("north_", "north"),
        ("a" * 50, "a" * 40),
        ("№!", None),
        ("", None),
    ],
)
def test_a_good_id_is_made_of_what_the_author_wrote(region: str, proposed: str | None) -> None:
    assert proposed_id(region) == proposed
    assert not good_id(region)
    assert proposed is None or good_id(proposed)


def test_a_name_in_russian_gives_the_id_and_the_region(tmp_path: Path) -> None:
    made = new_pack("Тверская область", into=tmp_path)
    assert (made.id, made.named, made.folder.name) == ("tverskaya", True, "tverskaya")
    assert loaded(made).head.region == "Тверская область"


@pytest.mark.parametrize("region", ["Tver-Oblast", "тvер", "north.west", "../north", "CON", "north west"])
def test_a_bad_id_is_refused_with_the_nearest_good_one(tmp_path: Path, region: str) -> None:
    assert f"например, {proposed_id(region)}." in refusal("SH910", tmp_path, region)


# --- whole, or not at all ---


def test_a_folder_with_something_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "north").mkdir()
    (tmp_path / "north" / "заметки.txt").write_text("важно", encoding="utf-8")
    assert "--into" in refusal("SH911", tmp_path, "north")


def test_a_file_of_that_name_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "north").write_text("важно", encoding="utf-8")
    assert "файл" in refusal("SH911", tmp_path, "north")


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "north").mkdir()
    loaded(new_pack("north", into=tmp_path))


def test_a_folder_to_put_it_in_is_made(tmp_path: Path) -> None:
    assert new_pack("north", into=tmp_path / "a" / "b").folder == tmp_path / "a" / "b" / "north"


def test_nothing_is_left_of_a_pack_that_could_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []
    write = Path.write_text

    def full(path: Path, *args: str, **more: str) -> int:
        written.append(path)
        if len(written) == 5:
            raise OSError(28, "No space left on device")
        return write(path, *args, **more)

    monkeypatch.setattr(Path, "write_text", full)
    assert "на диске нет места" in refusal("SH913", tmp_path, "north")
    assert len(written) == 5


def test_a_base_that_is_not_there_or_is_wrong_is_told(tmp_path: Path) -> None:
    assert "«federal»" in refusal("SH205", tmp_path, "north", extends="federl")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "pack.yaml").write_text("format: 1\npack: {id: other, version: '1', title: П}\n", "utf-8")
    assert "other" in refusal("SH217", tmp_path, "north", extends="broken")
    (tmp_path / "broken" / "pack.yaml").write_text("format: 1\npack: {id: broken, version: '1'}\n", "utf-8")
    assert "title" in refusal("SH202", tmp_path, "north", extends="broken")


def test_a_pack_cannot_extend_itself(tmp_path: Path) -> None:
    assert "federal_2" in refusal("SH912", tmp_path, "federal", extends="federal")


def test_a_distribution_needs_a_name_of_its_own_and_an_installed_base(tmp_path: Path) -> None:
    assert "tver_2" in refusal("SH912", tmp_path, "tver", package=True)
    new_pack("near", into=tmp_path)
    assert "federal" in refusal("SH914", tmp_path, "north", extends="near", package=True)


# --- the command ---


def test_the_command_names_the_files_and_what_to_do_next(tmp_path: Path) -> None:
    run = partial(shsnor, cwd=tmp_path)
    done = run("pack", "new", "Тверская область")
    assert done.code == 0, done.err
    assert "«tverskaya»" in done.out and "«Тверская область»" in done.out and "  pack.yaml\n" in done.out
    for command in ("pack check tverskaya", "pack test tverskaya", "demo tverskaya"):
        assert f"shsnor {command}" in done.out
        assert run(*command.split()).code == 0
    again = run("pack", "new", "Тверская область")
    assert (again.code, again.out) == (2, "") and "SH911" in again.err


def test_the_commands_of_its_readme_hold_in_its_folder(tmp_path: Path) -> None:
    made = new_pack("north", into=tmp_path)
    readme = (made.folder / "README.md").read_text(encoding="utf-8")
    commands = [line.split("  ")[0] for line in readme.splitlines() if line.startswith("shsnor ")]
    assert len(commands) >= 5
    for command in commands:
        if "--data" not in command:
            done = shsnor(*command.split()[1:], cwd=made.folder)
            assert done.code == 0, f"{command}\n{done.out}{done.err}"
    assert set(made.files) == files_in(made.folder)


def test_a_pack_that_the_program_has_too_is_told(tmp_path: Path) -> None:
    done = shsnor("pack", "new", "tver", cwd=tmp_path, env={"SHSNOR_LANG": "en"})
    assert done.code == 0 and "The program has a pack 'tver' too" in done.out


# --- a distribution ---


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> NewPack:
    return new_pack("north_west", into=tmp_path_factory.mktemp("project"), extends="federal", package=True)


@pytest.fixture(scope="module")
def site(project: NewPack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed distributions with the pack's in it: its wheel, built by its backend and unpacked as pip does."""
    folder = tmp_path_factory.mktemp("installed")
    build = f"from hatchling.build import build_wheel; build_wheel({str(folder)!r})"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=project.folder, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    assert wheel.name == "shsnor_pack_north_west-0.1-py3-none-any.whl"
    assert wheel.name in (project.folder / "README.md").read_text(encoding="utf-8")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_the_installed_pack_is_found_by_its_name(site: Path, tmp_path: Path) -> None:
    run = partial(shsnor, env={"PYTHONPATH": str(site)}, cwd=tmp_path)
    assert re.search("^north_west +0.1 ", run("pack", "list").out, re.MULTILINE)
    assert run("pack", "check", "north_west").code == 0
    listed = json.loads(run("plugins", "--json").out)
    (plugin,) = [one for one in listed if one["distribution"] == "shsnor-pack-north-west"]
    assert list(plugin["packs"]) == ["north_west"]
    assert run("pack", "new", "north_west", "--package").code == 2


def test_the_tests_of_the_distribution_pass_where_it_is_installed(project: NewPack, site: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=project.folder, env=environment(PYTHONPATH=str(site)), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout + done.stderr


def test_a_base_of_another_distribution_becomes_a_requirement(site: Path, tmp_path: Path) -> None:
    done = shsnor(
        "pack", "new", "south", "--package", "--extends", "north_west", cwd=tmp_path, env={"PYTHONPATH": str(site)}
    )
    assert done.code == 0, done.err
    project_file = (tmp_path / "shsnor-pack-south" / "pyproject.toml").read_text(encoding="utf-8")
    assert 'dependencies = ["shsnor", "shsnor-pack-north-west"]' in project_file
