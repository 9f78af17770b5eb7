"""`shsnor pack check --fix`: keys in order, the editors' line, spaces at line ends; comments and meaning stay."""

from __future__ import annotations

import shutil
import stat
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from shsnor import documents
from shsnor.cli import main
from shsnor.fixing import _ORDERS, find_fixes, mended
from shsnor.loading import load_pack
from shsnor.pack import ITEM_SECTIONS
from tests.command import shsnor

PACKS = Path(__file__).resolve().parents[1] / "indicator_packs"
MODELINE = "# yaml-language-server: $schema=.shsnor/pack.schema.json"

MIXED = """\
# О пакете
format: 1
criteria:
  # про критерий
  low_in:
    # на чём стоит
    source: {clause: п. 5, basis: stated}
    # порог
    # из приказа
    at_least: 30  # не меньше
    indicator: low_share

    label: Низкий результат
  next:
    label: Следующий
    source:
      basis: assumed
      # почему
      because: |
        так
          и так
      clause: "-"
    any:
      - low_in
      # - прежнее
    # хвост
flags: {}
"""

SORTED = """\
# О пакете
format: 1
criteria:
  # про критерий
  low_in:

    label: Низкий результат
    indicator: low_share
    # порог
    # из приказа
    at_least: 30  # не меньше
    # на чём стоит
    source: {clause: п. 5, basis: stated}
  next:
    label: Следующий
    any:
      - low_in
      # - прежнее
    source:
      clause: "-"
      basis: assumed
      # почему
      because: |
        так
          и так
    # хвост
flags: {}
"""


def comments(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.splitlines() if "#" in line)


def test_keys_come_in_order_and_comments_stay_with_the_key_below_them() -> None:
    assert mended(MIXED) == SORTED
    assert mended(SORTED) == SORTED


def test_the_parser_in_python_lays_out_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_LOADER", yaml.SafeLoader)
    assert mended(MIXED) == SORTED


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("whole", [True, False], ids=["last line ended", "last line open"])
def test_line_ends_and_the_byte_order_mark_are_kept(start: str, end: str, whole: bool) -> None:
    def as_file(text: str) -> str:
        return start + (text if whole else text.removesuffix("\n")).replace("\n", end)

    before, after = MIXED.removesuffix("flags: {}\n"), SORTED.removesuffix("flags: {}\n")
    assert mended(as_file(before)) == as_file(after)
    assert mended(as_file(before), MODELINE) == start + MODELINE + end + as_file(after).removeprefix("\ufeff")


def test_an_open_last_line_may_change_places() -> None:
    assert mended("flags:\n  low:\n    when: a\n    label: Б") == "flags:\n  low:\n    label: Б\n    when: a"


def test_spaces_at_line_ends_go_but_not_those_within_a_text() -> None:
    text = "flags:  \n  low:\t\n    label: |  \n      Первая  \n      вторая \n    note: 'одна  \n\n      другая'\n"
    assert (
        mended(text)
        == "flags:\n  low:\n    label: |  \n      Первая  \n      вторая \n    note: 'одна  \n\n      другая'\n"
    )


def test_what_the_author_may_order_freely_is_left_alone() -> None:
    text = "flags:\n  b: {when: x, label: Б}\n  a:\n    label: А\n    when: {over: [y], criterion: x}\ndrop: {z: нет, y: да}\n"
    assert mended(text) == text
    coded = (
        "tasks:\n  t:\n    code: '1'\n    label: А\n    kind: plan\n  u:\n    label: Б\n    code: '2'\n    kind: plan\n"
    )
    assert mended(coded) == coded


def test_a_key_that_nobody_knows_stays_behind_the_one_before_it() -> None:
    text = "flags:\n  low:\n    when: x\n    wehn: y\n    label: А\n"
    assert mended(text) == "flags:\n  low:\n    label: А\n    when: x\n    wehn: y\n"


@pytest.mark.parametrize("old", [MODELINE, "# yaml-language-server: $schema=https://example.org/x.json"])
def test_a_modeline_that_is_there_is_enough(old: str) -> None:
    text = f"# О пакете\n{old}\nformat: 1\n"
    assert mended(text, MODELINE) == text


def test_every_item_has_an_order_and_it_holds_all_its_keys() -> None:
    assert set(_ORDERS) == {"pack", "source", *ITEM_SECTIONS}
    for section in ITEM_SECTIONS:
        assert _ORDERS[section][0] == "label" and _ORDERS[section][-1] == "source"
        assert len(set(_ORDERS[section])) == len(_ORDERS[section])


def reversed_entries(text: str) -> str:
    """The file with the keys of each item the other way round, each with the lines below it."""
    out: list[str] = []
    item: list[list[str]] = []
    inside = False  # an item, not a folded text

    def close() -> None:
        out.extend(line for entry in reversed(item) for line in entry)
        item.clear()

    for line in text.splitlines(keepends=True):
        depth = len(line) - len(line.lstrip(" "))
        if line.strip() and depth < 4:
            inside = depth == 2 and line.rstrip().endswith(":")
        if inside and line.strip() and depth == 4 and not line.lstrip().startswith("#"):
            item.append([line])
        elif item and depth > 4:
            item[-1].append(line)
        else:
            close()
            out.append(line)
    close()
    return "".join(out)


@pytest.mark.parametrize("pack", sorted(path.parent.name for path in PACKS.glob("*/pack.yaml")))
def test_a_pack_in_disorder_is_mended_and_says_the_same(tmp_path: Path, pack: str) -> None:
    for folder in PACKS.iterdir():  # those that it extends stand beside it
        shutil.copytree(folder, tmp_path / folder.name)
    here = tmp_path / pack
    right = load_pack(here)
    for file in here.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(reversed_entries(text).replace("\nformat: 1\n", "\nformat: 1  \n"), encoding="utf-8")
    disorder = {file.name: file.read_text(encoding="utf-8") for file in here.glob("*.yaml")}
    assert load_pack(here).document == right.document

    fixes, findings = find_fixes(here)
    assert fixes and not len(findings)
    for fix in fixes:
        fix.write()
    assert load_pack(here).document == right.document
    for file in here.glob("*.yaml"):
        assert comments(file.read_text(encoding="utf-8")) == comments(disorder[file.name])
        assert "format: 1  \n" not in file.read_text(encoding="utf-8")
    assert find_fixes(here)[0] == []


def test_empty_lines_that_a_text_keeps_move_with_it() -> None:
    text = "flags:\n  low:\n    when: x\n    note: |+\n      текст\n\n\n    label: Низкие\n"
    assert mended(text) == "flags:\n  low:\n    label: Низкие\n    note: |+\n      текст\n\n\n    when: x\n"


def test_a_file_whose_meaning_would_change_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{MODELINE}\nflags:\n  low:\n    when: x\n    label: Низкие\n"
    (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("shsnor.fixing.mended", lambda text, _: text.replace("when: x", "when: y"))
    fixes, findings = find_fixes(tmp_path)
    assert fixes == [] and [finding.code for finding in findings] == ["SH901"]
    assert (tmp_path / "pack.yaml").read_text(encoding="utf-8") == text


def test_a_file_that_is_no_yaml_is_left_to_the_check(north: Path) -> None:
    broken = north / "north" / "broken.yaml"
    broken.write_text("flags: [\n", encoding="utf-8")
    run = shsnor("pack", "check", "north", "--fix", cwd=north)
    assert broken.read_text(encoding="utf-8") == "flags: [\n"
    assert run.code == 2 and "SH101" in run.out


def test_the_command_mends_and_the_second_time_has_nothing_to_do(north: Path) -> None:
    pack = north / "north" / "pack.yaml"
    before = pack.read_text(encoding="utf-8")
    pack.write_text(before.replace("    label: Низкий результат по предмету\n", "", 1).replace(
        "    at_least: $low_limit\n", "    at_least: $low_limit\n    label: Низкий результат по предмету\n", 1
    ), encoding="utf-8")  # fmt: skip
    shown = shsnor("pack", "check", "north", "--fix", "--diff", cwd=north)
    assert shown.code == 1
    assert "+    label: Низкий результат по предмету" in shown.out and f"+{MODELINE}" in shown.out
    assert "Новый файл: north/.shsnor/pack.schema.json" in shown.out
    assert not (north / "north" / ".shsnor" / "pack.schema.json").exists() and MODELINE not in pack.read_text(
        encoding="utf-8"
    )

    run = shsnor("pack", "check", "north", "--fix", cwd=north)
    assert run.code == 0 and "Исправлено: north/pack.yaml" in run.err
    assert pack.read_text(encoding="utf-8") == f"{MODELINE}\n{before}"
    assert (north / "north" / ".shsnor" / "pack.schema.json").is_file()
    assert sorted(path.name for path in (north / "north").iterdir()) == [".shsnor", "pack.yaml"]

    assert "Исправлено" not in shsnor("pack", "check", "north", "--fix", cwd=north).err
    again = shsnor("pack", "check", "north", "--diff", cwd=north)
    assert (again.code, again.out) == (0, "Исправлять нечего.\n")


def test_what_is_mended_is_not_said_where_a_program_reads(north: Path) -> None:
    run = shsnor("pack", "check", "north", "--fix", "--format", "json", cwd=north)
    assert (run.code, run.out) == (0, "[]\n") and "Исправлено" in run.err


def test_an_installed_pack_is_not_mended_by_its_name(tmp_path: Path) -> None:
    run = shsnor("pack", "check", "federal", "--fix", cwd=tmp_path)
    assert run.code == 2 and "«federal»" in run.err and "папк" in run.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no mode bits, and a link needs an administrator")
def test_a_mended_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    real = tmp_path / "real.yaml"
    real.write_text(f"{MODELINE}\nflags:\n  low:\n    when: x\n    label: А\n", encoding="utf-8")
    real.chmod(0o640)
    (tmp_path / "pack" / "pack.yaml").symlink_to(real)
    (fix,), _ = find_fixes(tmp_path / "pack")
    fix.write()
    assert (tmp_path / "pack" / "pack.yaml").is_symlink()
    assert real.read_text(encoding="utf-8").endswith("label: А\n    when: x\n")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_what_cannot_be_written_is_said(
    north: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("shsnor.fixing.os.replace", forbidden)  # the bits of a folder do not bind root
    assert main(["pack", "check", str(north / "north"), "--fix"]) == 2
    assert "SH902" in capsys.readouterr().out


def test_a_write_that_fails_leaves_the_file_and_no_other(north: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = north / "north" / "pack.yaml"
    before = pack.read_bytes()
    fixes, _ = find_fixes(north / "north")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shsnor.fixing.os.replace", full)
    with pytest.raises(OSError, match="No space"):
        fixes[0].write()
    assert pack.read_bytes() == before and [path.name for path in (north / "north").iterdir()] == ["pack.yaml"]
