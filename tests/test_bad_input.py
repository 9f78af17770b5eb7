"""What a wrong file of a pack gets: a finding with its place; no traceback, and no memory beyond what is allowed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from shsnor.cli import main
from tests.command import environment

README = Path(__file__).resolve().parents[1] / "README.md"
(PACK,) = re.findall(r"^```yaml\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

#: Memory that a check may take, in kilobytes.
ALLOWED = 500_000


def changed(old: str, new: str, mark: str) -> tuple[bytes, str]:
    """The pack with a change, and the place in it where `mark` stands."""
    assert old in PACK
    text: str = PACK.replace(old, new, 1)
    return text.encode("utf-8"), place_of(text, mark)


def place_of(text: str, mark: str) -> str:
    before = text[: text.index(mark)]
    return f":{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def wrong(code: str, old: str, new: str, mark: str) -> tuple[bytes, str, str]:
    source, place = changed(old, new, mark)
    return source, code, place


def bomb() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return "\n".join(lines)


#: name -> bytes of pack.yaml, the code that must be found, its place in the file
WRONG: dict[str, tuple[bytes, str, str]] = {
    "a list": (b"- a\n- b\n", "SH107", ":1:1"),
    "empty": (b"", "SH107", ""),
    "only a comment": ("# пока пусто\n".encode(), "SH107", ""),
    "plain text": ("просто текст\n".encode(), "SH107", ":1:1"),
    "binary": (bytes(range(256)) * 20, "SH104", ""),
    "an archive": (b"PK\x03\x04" + b"\x14\x00" * 50, "SH104", ""),
    "a bomb": (bomb().encode(), "SH103", ":1:4"),
    "deep": (b"a: " + b"[" * 50_000, "SH106", ":1:"),
    "many keys": (b"indicators:\n" + b"".join(b"  k%d: x\n" % n for n in range(60_000)), "SH105", ":25"),
    "a tab": wrong("SH110", "    label: С какой", "\tlabel: С какой", "\tlabel"),
    "cp1251": (PACK.encode("cp1251"), "SH104", place_of(PACK, "Порядок")),
    "cp866": (PACK.encode("cp866"), "SH104", place_of(PACK, "Порядок")),
    "UTF-16": (PACK.encode("utf-16"), "SH104", ":1:1"),
    "a control character": wrong("SH112", "Низкий", "Низ\x07кий", "\x07"),
    "two documents": (f"{PACK}---\n{PACK}".encode(), "SH109", place_of(f"{PACK}---\n", "---")),
    "an id half in Cyrillic": wrong("SH108", "low_share:", "lоw_share:", "оw_share:"),
    "a name half in Cyrillic": wrong("SH108", "indicator: low_share", "indicator: low_shаre", "low_shаre"),
    "a key half in Cyrillic": wrong("SH108", "    indicator:", "    indiсator:", "сator:"),
    "a section half in Cyrillic": wrong("SH108", "criteria:", "сriteria:", "сriteria:"),
    "a parameter half in Cyrillic": wrong("SH108", "at_least: $low", "at_least: $lоw", "$lоw"),
    "a column half in Cyrillic": wrong("SH108", "by: [subject]", "by: [subjeсt]", "subjeсt"),
    "a unit half in Cyrillic": wrong("SH108", "unit: percent", "unit: perсent", "perсent"),
    "a pack's id half in Cyrillic": wrong("SH108", "id: north", "id: nоrth", "nоrth"),
    "a number beyond all bounds": wrong("SH229", "2026-01-01: 30", "2026-01-01: 1e999999999", "values:"),
    "an id without end": wrong("SH301", "low_in_subject:", "a" * 900 + ":", "criterion: low_in_subject"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "wrong").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHSNOR_LANG", raising=False)
    return tmp_path / "wrong"


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_gets_a_finding_with_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    source, code, place = WRONG[name]
    (folder / "pack.yaml").write_bytes(source)
    assert main(["pack", "check", "wrong"]) == 2
    said = capsys.readouterr()
    heads = [line for line in said.out.splitlines() if line.startswith(code)]
    assert any(f"wrong/pack.yaml{place}" in head for head in heads), said.out
    assert "Что сделать: " in said.out and said.err == ""


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(folder: Path) -> None:
    (folder / "pack.yaml").write_bytes(b"\xef\xbb\xbf" + PACK.replace("\n", "\r\n").encode())
    assert main(["pack", "check", "wrong"]) == 0


def test_one_letter_in_a_key_is_told_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pack.yaml").write_bytes(changed("    at_least:", "    аt_least:", "аt")[0])
    assert main(["pack", "check", "wrong"]) == 2
    said = capsys.readouterr().out
    assert "SH108" in said and "SH201" not in said


def test_very_many_findings_are_counted_and_the_first_are_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pack.yaml").write_text("flags:\n" + "".join(f"  f{n}: {{labl: x}}\n" for n in range(500)), "utf-8")
    assert main(["pack", "check", "wrong"]) == 2
    said = capsys.readouterr().out
    assert said.count("SH201 ") <= 200 and "Показаны первые 200." in said
    assert re.search(r"\n\d\D?\d{3}\s+ошиб", said)


@pytest.mark.skipif(sys.platform == "win32", reason="nothing in Python tells a process's peak of memory there")
@pytest.mark.parametrize("name", ["100 MB", "a bomb", "deep", "long formula"])
def test_no_file_takes_more_memory_than_is_allowed(folder: Path, name: str) -> None:
    if name == "100 MB":
        with (folder / "pack.yaml").open("wb") as stream:
            for _ in range(100):
                stream.write(b"# " + b"x" * 999_997 + b"\n")
    elif name == "long formula":
        formula = " + ".join(["sum(below_minimum)"] * 20_000)
        (folder / "pack.yaml").write_bytes(changed("sum(below_minimum)", formula, "100.0")[0])
    else:
        (folder / "pack.yaml").write_bytes(WRONG[name][0])
    program = (
        "import sys; from bench.measuring import peak; from shsnor.cli import main\n"
        "code = main(['pack', 'check', 'wrong']); print(peak() * 2**20, file=sys.stderr); sys.exit(code)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, env=environment(PYTHONPATH=str(Path(__file__).parent.parent)), timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 2, run.stderr
    assert float(run.stderr) < ALLOWED
