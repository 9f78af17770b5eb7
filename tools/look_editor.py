"""What an author sees in an editor: the real `yaml-language-server` over a new pack, asked as VS Code asks it.

    python tools/look_editor.py [folder]

Installs the server through npm in a temporary folder, makes a pack, and prints what the editor completes, explains and
underlines; with a folder also writes that there, in `editor.txt`. Exit code: 0 all is as it should be; 1 something is
not; 77 left out, for npm or the server could not be had.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

from shsnor.scaffold import new_pack

SERVER = "yaml-language-server@2.0.0"
SKIPPED = 77
#: Seconds for one editor.
LONGEST = 120

Message = dict[str, Any]


class Editor:
    """A client of the language server that has one folder open."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, *, vs_code: bool) -> None:
        self.process, self.folder = process, folder
        settings = folder / ".vscode" / ("settings.json" if vs_code else "none")
        self.settings: dict[str, Any] = json.loads(settings.read_text(encoding="utf-8")) if settings.is_file() else {}
        self.diagnostics: dict[str, list[Message]] = {}
        self.versions: dict[str, int] = {}
        self.number = 0
        root = folder.as_uri()
        self.ask(
            "initialize",
            processId=None,
            rootUri=root,
            workspaceFolders=[{"uri": root, "name": folder.name}],
            capabilities={
                "workspace": {"configuration": True, "workspaceFolders": True},
                "textDocument": {"completion": {"completionItem": {"documentationFormat": ["markdown"]}}},
            },
        )
        self.tell("initialized")
        self.tell("workspace/didChangeConfiguration", settings={"yaml": self.section("yaml")})

    def section(self, name: str) -> dict[str, Any]:
        """A section of the settings: `yaml.schemas` stands in `yaml`; defaults as the extension has them."""
        own = {
            key.removeprefix(f"{name}."): value for key, value in self.settings.items() if key.startswith(f"{name}.")
        }
        given = {"completion": True, "hover": True, "validate": True, **own} if name == "yaml" else own
        nested: dict[str, Any] = {}
        for key, value in given.items():
            *above, last = key.split(".")
            inner = nested
            for part in above:
                inner = inner.setdefault(part, {})
            inner[last] = value
        return nested

    def see(self, file: str, text: str) -> list[Message]:
        """What is underlined in a file that holds `text`."""
        uri = (self.folder / file).as_uri()
        version = self.versions[uri] = self.versions.get(uri, 0) + 1
        document = {"uri": uri, "version": version}
        self.diagnostics.pop(uri, None)
        if version == 1:
            self.tell("textDocument/didOpen", textDocument={**document, "languageId": "yaml", "text": text})
        else:
            self.tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])
        while uri not in self.diagnostics:
            self._take(self._read())
        return self.diagnostics[uri]

    def complete(self, file: str, line: int, column: int) -> list[str]:
        """What is offered at a place (from 0)."""
        found = self.ask("textDocument/completion", **self._at(file, line, column))
        return [item["label"] for item in (found or {}).get("items", ())]

    def hover(self, file: str, line: int, column: int) -> str:
        found = self.ask("textDocument/hover", **self._at(file, line, column))
        contents = (found or {}).get("contents", "")
        return str(contents.get("value", "") if isinstance(contents, dict) else contents)

    def _at(self, file: str, line: int, column: int) -> Message:
        uri = (self.folder / file).as_uri()
        return {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}

    def ask(self, method: str, **params: Any) -> Any:
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self.number and "method" not in message:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message.get("result")
            self._take(message)

    def tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _take(self, message: Message) -> None:
        """What the server says of itself: answer what it asks, keep what it underlines."""
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif method == "workspace/configuration":
            wanted = [item.get("section", "") for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": [self.section(name) for name in wanted]})
        elif "id" in message and method is not None:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: Message) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> Message:
        assert self.process.stdout is not None
        length = 0
        while (line := self.process.stdout.readline().strip()) or not length:
            if not line and self.process.poll() is not None:
                raise RuntimeError("the language server has gone")
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message: Message = json.loads(self.process.stdout.read(length))
        return message


@contextmanager
def editor(server: Path, folder: Path, *, vs_code: bool = True) -> Iterator[Editor]:
    """An editor with `folder` open; one that is not VS Code does not read the settings there."""
    process = subprocess.Popen(
        ["node", str(server), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    stop = Timer(LONGEST, process.kill)  # a server that gives no answer would be waited for without end
    stop.start()
    try:
        yield Editor(process, folder, vs_code=vs_code)
    finally:
        stop.cancel()
        process.kill()
        process.wait()


class Look:
    """What was looked at, line by line, and what was not as it should be."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.wrong = 0

    def at(self, what: str, holds: bool, *shown: str) -> None:
        self.wrong += not holds
        new = [
            f"{'ok  ' if holds else 'FAIL'} {what}",
            *(f"       {line}" for text in shown for line in text.splitlines() if line),
        ]
        print(*new, sep="\n", flush=True)
        self.lines += new


def place_of(text: str, words: str, after: str = "") -> tuple[int, int]:
    """Line and column (from 0) of `words`, the first ones after `after`."""
    before = text[: text.index(words, text.index(after) if after else 0)]
    return before.count("\n"), len(before) - before.rfind("\n") - 1


def look_at(server: Path, folder: Path, inside: str, look: Look) -> None:
    """Open the pack in `folder` as its author does; `inside` is the pack's own folder, with "/" at its end."""
    with editor(server, folder) as seen:
        for path in sorted((folder / inside).rglob("*.yaml")):
            name = path.relative_to(folder).as_posix()
            found = seen.see(name, path.read_text(encoding="utf-8"))
            look.at(f"{name}: nothing is underlined", not found, *(one["message"] for one in found))
        file = inside + "criteria.yaml"
        text = (folder / file).read_text(encoding="utf-8")
        look_at_keys(seen, file, text, look)
        look_at_hover(seen, file, text, look)
        look_at_mistake(seen, file, text, look)
        look_at_hover(seen, file, text.partition("\n")[2], look, "by the settings alone", ("better:",))
        case = (folder / inside / "tests" / "low_results.yaml").relative_to(folder).as_posix()
        shown = seen.hover(case, *place_of((folder / case).read_text(encoding="utf-8"), "as_of:"))
        look.at("cases are not taken for pack files", not shown)
    with editor(server, folder, vs_code=False) as seen:
        look_at_hover(seen, file, text, look, "by the first line alone", ("better:",))


def look_at_keys(seen: Editor, file: str, text: str, look: Look) -> None:
    line, column = place_of(text, "indicator: low_share", after="criteria:")
    lines = text.split("\n")
    written = "\n".join([*lines[:line], " " * column, *lines[line + 1 :]])
    seen.see(file, written)
    offered = seen.complete(file, line, column)
    wanted = {"indicator", "all", "any", "of", "criterion", "applies_to", "missing", "note"}
    look.at("completions at a criterion's keys", wanted <= set(offered), ", ".join(sorted(offered)))
    look.at("what stands there already is not offered", not {"label", "source"} & set(offered))
    empty = text[: text.index("criteria:")] + "criteria:\n  new_one:\n    \n"
    seen.see(file, empty)
    offered = seen.complete(file, empty.count("\n") - 1, 4)
    wanted = {"label", "source", "indicator", "at_least", "all", "any"}
    look.at("completions at the keys of an empty criterion", wanted <= set(offered), ", ".join(sorted(offered)))


KEYS = ("better:", "minimum:", "at_least:", "basis:", "met_in:", "flags:")


def look_at_hover(seen: Editor, file: str, text: str, look: Look, how: str = "", keys: tuple[str, ...] = KEYS) -> None:
    seen.see(file, text)
    for words in keys:
        shown = seen.hover(file, *place_of(text, words))
        look.at(
            f"hover of {words[:-1]} {how}".rstrip(),
            re.search("[а-я]{4}", shown.replace("Пакет", "")) is not None,
            shown,
        )


def look_at_mistake(seen: Editor, file: str, text: str, look: Look) -> None:
    wrong = text.replace("at_least: $low_limit", "at_lest: $low_limit")
    line, _ = place_of(wrong, "at_lest")
    found = seen.see(file, wrong)
    told = [f"{one['range']['start']['line'] + 1}: {one['message']}" for one in found]
    named = [one for one in found if "at_lest" in one["message"] and one["range"]["start"]["line"] == line]
    look.at(f"a misspelt key is underlined, on line {line + 1}", bool(named), *told)


def installed(place: Path) -> Path | str:
    """The server's program, installed in `place`; or why it could not be had."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "no npm"
    asked = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(place), SERVER]
    try:
        done = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False, timeout=300)
    except subprocess.TimeoutExpired:
        return "npm gave no answer"
    if done.returncode != 0:
        return f"npm could not install {SERVER}: {' '.join(done.stderr.split())[:200]}"
    return place / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="shsnor-look-") as place:
        server = installed(Path(place))
        if isinstance(server, str):
            print(server)
            return SKIPPED
        look = Look()
        plain = new_pack("north", into=place)
        look_at(server, plain.folder.resolve(), "", look)
        whole = new_pack("north", into=place, package=True)
        look_at(server, whole.folder.resolve(), whole.pack.relative_to(whole.folder).as_posix() + "/", look)
    if arguments:
        (Path(arguments[0]) / "editor.txt").write_text("\n".join(look.lines) + "\n", encoding="utf-8")
    print(f"{len([line for line in look.lines if line.startswith('ok')])} as they should be, {look.wrong} not")
    return 1 if look.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
