"""The files of a new pack out of the templates beside this module: a gap is `{{name}}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files

_GAP = re.compile(r"\{\{(\w+)\}\}")

#: Where a file of the new pack goes -> its template; `{pack}` is the folder of the pack itself.
_COMMON = {
    "{pack}CHANGELOG.md": "common/CHANGELOG.md",
    ".editorconfig": "common/editorconfig",
    ".vscode/settings.json": "common/settings.json",
    ".vscode/extensions.json": "common/extensions.json",
}
_PLAIN = {
    "{pack}pack.yaml": "plain/pack.yaml",
    "{pack}criteria.yaml": "plain/criteria.yaml",
    "{pack}measures.yaml": "plain/measures.yaml",
    "{pack}tests/low_in_subject.yaml": "plain/tests/low_in_subject.yaml",
    "{pack}tests/low_results.yaml": "plain/tests/low_results.yaml",
}
_OVER = {
    "{pack}pack.yaml": "over/pack.yaml",
    "{pack}own.yaml": "over/own.yaml",
    "{pack}tests/own.yaml": "over/tests/own.yaml",
}
_CHANGES = {
    "{pack}changes.yaml": "changes/changes.yaml",
    "{pack}tests/low_limit.yaml": "changes/tests/low_limit.yaml",
}
_PACKAGE = {
    "pyproject.toml": "package/pyproject.txt",
    ".gitignore": "package/gitignore",
    "tests/test_pack.py": "package/test_pack.txt",
    "{module}__init__.py": "package/init.txt",
}


def filled(
    gaps: Mapping[str, str], *, pack: str = "", over: bool = False, changes: bool = False, module: str | None = None
) -> dict[str, str]:
    """Every file of a new pack but the schema, by its path with "/" from the folder that is made.

    pack     path of the pack's own folder with "/" at its end, "" where it is the folder that is made
    over     whether it extends another; `changes`: and replaces that one's `low_limit`
    module   path of the distribution's module with "/" at its end; None: the pack is no distribution
    """
    wanted = {**(_OVER if over else _PLAIN), **(_CHANGES if changes else {}), **_COMMON}
    readme = ["over/README.md" if over else "plain/README.md", "common/commands.md"]
    if module is not None:
        wanted |= _PACKAGE
        readme.append("package/commands.md")
    texts = {path.format(pack=pack, module=module): _text(name) for path, name in wanted.items()}
    texts["README.md"] = "".join(map(_text, readme))
    return {path: _GAP.sub(lambda gap: gaps[gap[1]], text) for path, text in texts.items()}


def _text(name: str) -> str:
    return files("shsnor.scaffold").joinpath("templates", *name.split("/")).read_text(encoding="utf-8")
