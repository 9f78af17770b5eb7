"""`shsnor plugins`: which plugins there are, where from, with which hooks, and what they give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command
from shsnor.cli.opening import open_pack
from shsnor.cli.texts import text

if TYPE_CHECKING:
    from shsnor.host import Plugin
    from shsnor.pack import OwnPlugin


@click.command("plugins", cls=Command, help=text("help.plugins"))
@click.argument("pack", required=False, metavar="[PACK]")
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
@click.option("--json", "as_json", is_flag=True, help=text("option.json"))
def plugins_command(pack: str | None, trust: tuple[str, ...], as_json: bool) -> int:
    from shsnor.host import find_plugins

    loaded = open_pack(pack, trust=trust) if pack is not None else None
    plugins = find_plugins(loaded).plugins
    closed = [own for own in loaded.own_plugins() if not own.trusted] if loaded is not None else []
    if as_json:
        told = [_as_data(plugin) for plugin in plugins] + [_closed_data(own) for own in closed]
        import json

        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        blocks: dict[str, list[str]] = {}
        for plugin in plugins:
            blocks.setdefault(_head(plugin), []).extend(_lines(plugin))
        for own in closed:
            blocks[f"{own.pack}/{own.file.name} ({text('plugins.not_run')})"] = _closed_lines(own)
        print("\n\n".join("\n".join((head, *lines)) for head, lines in blocks.items()))
    return DONE


def _head(plugin: Plugin) -> str:
    """The distribution with its version, or the pack with its file; plugins of one head are shown together."""
    if plugin.origin == "built_in":
        return f"{plugin.distribution} {plugin.version} ({text('plugins.built_in')})"
    return plugin.label


def _lines(plugin: Plugin) -> list[str]:
    """One plugin in words: its module or file, then what it gives, set in."""
    where = f"{text('plugins.file' if plugin.origin == 'pack' else 'plugins.module')}: {plugin.module}"
    given = [f"    {text(key)}: {said}" for key, said in _given(plugin)]
    return [f"  {where}", *([f"    SHA-256: {plugin.sha256}"] if plugin.origin == "pack" else []), *given]


def _given(plugin: Plugin) -> Iterator[tuple[str, str]]:
    """(key of its name, what it gives) of everything that a plugin gives."""
    if plugin.hooks:
        yield "plugins.hooks", ", ".join(plugin.hooks)
    if plugin.functions:
        yield "plugins.functions", ", ".join(f"{f.id} ({f.shape})" for f in plugin.functions.values())
    if plugin.packs:
        yield "plugins.packs", ", ".join(plugin.packs)
    if plugin.readers:
        yield "plugins.readers", ", ".join(plugin.readers)
    if plugin.exporters:
        yield "plugins.exporters", ", ".join(plugin.exporters)


def _as_data(plugin: Plugin) -> dict[str, Any]:
    return {
        "origin": plugin.origin,
        "distribution": plugin.distribution if plugin.origin != "pack" else "",
        "version": plugin.version,
        "pack": plugin.distribution if plugin.origin == "pack" else "",
        "module": plugin.module,
        "sha256": plugin.sha256,
        "trusted": True,
        "hooks": list(plugin.hooks),
        "functions": [{"id": f.id, "shape": f.shape, "description": f.description} for f in plugin.functions.values()],
        "packs": {name: str(folder) for name, folder in plugin.packs.items()},
        "readers": list(plugin.readers),
        "exporters": list(plugin.exporters),
    }


def _closed_lines(own: OwnPlugin) -> list[str]:
    return [
        f"  {text('plugins.file')}: {own.shown}",
        f"    SHA-256: {own.sha256}",
        f"    {text('plugins.trust')}: --trust {own.pack}",
    ]


def _closed_data(own: OwnPlugin) -> dict[str, Any]:
    return {"origin": "pack", "pack": own.pack, "module": own.shown, "sha256": own.sha256, "trusted": False}
