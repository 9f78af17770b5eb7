"""A new pack that works at once: files to begin with, their cases, and what an editor needs to help."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shsnor.errors import Findings, PackError, Place, UsageError, nearest
from shsnor.host import Host, find_plugins
from shsnor.loading import read_pack
from shsnor.loading.folders import find_base, show
from shsnor.pack import Pack
from shsnor.pack_schema import schema_text
from shsnor.scaffold.filling import filled
from shsnor.scaffold.naming import good_id, is_russian, proposed_id
from shsnor.versions import engine_version

__all__ = ["NewPack", "new_pack"]

#: Where the schema lies, from the folder that is made: an editor finds it there without a network.
SCHEMA = ".shsnor/pack.schema.json"

#: What the example of a pack that extends another is about: beginning of its ids, the subject in data, по …, учителей ….
_SUBJECTS = (
    ("maths", "мат", "математике", "математики"),
    ("russian", "рус", "русскому языку", "русского языка"),
    ("physics", "физ", "физике", "физики"),
)
_OWN_ITEMS = ("limit", "share", "low", "support", "meeting")


@dataclass(frozen=True, slots=True)
class NewPack:
    """What `new_pack` wrote.

    folder      what was made; pack: the folder of the pack in it, the same unless it is a distribution
    files       paths from `folder`, with "/", in order
    named       whether the id was made of a name in Russian letters
    same_name   whether an installed pack has this id too: this one is then to be named by its folder
    """

    id: str
    folder: Path
    pack: Path
    files: tuple[str, ...]
    named: bool
    same_name: bool


def new_pack(
    region: str,
    *,
    into: str | os.PathLike[str] = ".",
    extends: str | None = None,
    package: bool = False,
    title: str | None = None,
) -> NewPack:
    """Write a pack with an example of everything, which checks, tests and evaluates as it stands.

    region    its id, or the region's name in Russian, of which an id is made
    into      the folder in which the new one goes, made where it is not there
    extends   id of a pack beside it or an installed one (for a `package` an installed one)
    package   a distribution `shsnor-pack-<id>` with the pack in it
    title     what the order is called
    raises    UsageError: SH910 a bad id, SH911 the folder is not empty, SH912 the id is another pack's, SH913 it could
              not be written, SH914 the base is not installed. PackError: what is wrong with the base. Nothing is left behind
    """
    host = find_plugins()
    name = _id_of(region)
    distribution = f"shsnor-pack-{name.replace('_', '-')}"
    target = Path(into) / (distribution if package else name)
    _refuse_taken(name, target, host, extends=extends, package=package)
    base = None if extends is None else _base(extends, target, host, package=package)
    module = f"shsnor_pack_{name}" if package else ""
    inside = f"src/{module}/packs/{name}/" if package else ""
    changes = base is not None and _can_lower_limit(base)
    gaps = {
        **_names(name, region, title),
        **_layout(inside),
        **_extending(name, base, inside, changes=changes),
        "module": module,
        "distribution": distribution,
        "wheel": module,
        "dependencies": ", ".join(json.dumps(one) for one in ["shsnor", *_givers(base, host)]),
    }
    texts = filled(
        gaps, pack=inside, over=base is not None, changes=changes, module=f"src/{module}/" if package else None
    )
    texts[SCHEMA] = schema_text(host.functions)
    _write(texts, target)
    return NewPack(
        name, target, target / inside, tuple(sorted(texts)), named=name != region, same_name=name in host.packs
    )


def _id_of(region: str) -> str:
    if good_id(region):
        return region
    proposed = proposed_id(region)
    if proposed is None or not is_russian(region):
        raise UsageError.of("SH910", name=region, nearest=proposed)
    return proposed


def _refuse_taken(name: str, target: Path, host: Host, *, extends: str | None, package: bool) -> None:
    if name == extends or (package and name in host.packs):
        raise UsageError.of("SH912", name=name, why="extends" if name == extends else "installed", nearest=f"{name}_2")
    if os.path.lexists(target) and not (target.is_dir() and not any(target.iterdir())):
        raise UsageError.of("SH911", Place(file=show(target)), what="folder" if target.is_dir() else "file")


def _base(name: str, target: Path, host: Host, *, package: bool) -> Pack:
    """The pack to extend, which must be right itself."""
    findings = Findings()
    # A distribution is installed away from here: what lies beside it now will not be there.
    path = host.packs.get(name) if package else find_base(name, target, findings, Place())
    if path is None and package:
        raise UsageError.of("SH914", name=name, nearest=nearest(name, host.packs), known=sorted(host.packs))
    base, found = (None, findings) if path is None else read_pack(path)
    if base is None or found.errors:
        raise PackError(found)
    if base.id != name:
        raise UsageError.of("SH217", base.place("pack/id"), name=name, found=base.id)
    return base


def _can_lower_limit(base: Pack) -> bool:
    """Whether the example of replacing an item of the base holds there: it is about the limit of `federal`."""
    origin = base.origin
    return {origin.get("parameters/low_limit"), origin.get("criteria/low_in_procedure")} == {"federal"}


def _givers(base: Pack | None, host: Host) -> list[str]:
    """The distribution that the pack's base comes with, where it is not this one."""
    giver = host.giver("packs", base.id) if base is not None else None
    return [giver.distribution] if giver is not None and giver.origin == "installed" else []


def _names(name: str, region: str, title: str | None) -> Mapping[str, str]:
    named = _one_line(region) if name != region else ""
    whole = _one_line(title or "") or (f"Порядок региона ({named})" if named else "Впишите, чей это порядок и о чём")
    major, minor, *_ = engine_version().split(".")
    return {
        "id": name,
        "title": _quoted(whole),
        "plain_title": whole,
        "region": _quoted(named or "Впишите название региона"),
        "engine": f">={major}.{minor},<{int(major) + 1}",
    }


def _layout(inside: str) -> Mapping[str, str]:
    up = "../" * inside.count("/")
    files = [f"{inside}*.yaml"] if inside else ["*.yaml", "!tests/*.yaml"]
    return {
        "schema": up + SCHEMA,
        "in_pack": inside,
        "pack": inside.rstrip("/") or ".",
        "yaml_files": ", ".join(map(_quoted, files)),
    }


def _extending(name: str, base: Pack | None, inside: str, *, changes: bool) -> Mapping[str, str]:
    if base is None:
        return {}
    taken = {item for _, item, _ in base.items()} | set(base.document.retired)
    free = (one for one in _SUBJECTS if taken.isdisjoint(f"{one[0]}_{part}" for part in _OWN_ITEMS))
    own, subject, by, of = next(free, (f"{name}_{_SUBJECTS[0][0]}", *_SUBJECTS[0][1:]))
    row = f"| `{inside}changes.yaml` | что здесь иначе, чем в `{base.id}`: элементы с `override` |\n"
    about = {"own": own, "subject": subject, "by_subject": by, "of_subject": of}
    return {"base": base.id, **about, "changes_row": row if changes else ""}


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _quoted(text: str) -> str:
    """A text as JSON, YAML and TOML alike take it."""
    return json.dumps(text, ensure_ascii=False)


def _write(texts: Mapping[str, str], target: Path) -> None:
    """Write all files, or none: beside the place first, then moved there in one step."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as workplace:
            new = Path(workplace) / "new"
            for path, text in texts.items():
                file = new / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")
            if target.is_dir():
                target.rmdir()  # empty; Windows renames onto nothing that is there
            new.rename(target)
    except OSError as error:
        raise UsageError.of("SH913", Place(file=str(target)), problem=error.strerror or str(error)) from error
