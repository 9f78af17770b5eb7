"""Lines of text with gaps -> sentences: a line whose gap has nothing to fill it is left out.

A gap is `{name}` or `{name:form}`; a list is filled in with commas. Forms: `quoted` («a», «b»), `words` (terms in the
reader's language), `expected` (what can stand at a place), `reason` (why a formula is refused), `trouble` (what the
system said of a file that could not be opened or written), `school`, `schools`
and `condition` (what `examples` tells of a school or a condition), and `plural one|few|many` (the number and its noun).
A line may begin with a condition: `[what=anchor]`, `[nearest]` (is there), `[!nearest]` (is not).
A line that begins with `> ` (after its conditions) says what to do: all such lines of a finding make its last line.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from shsnor.wording.terms import EXPECTED, formula_reason, term

Lang = Literal["ru", "en"]

#: What begins a line that says what to do.
TO_DO = "> "

_CONDITION = re.compile(r"\[(!?)(\w+)(?:=([^\]]*))?\]\s*")
_QUOTES = {"ru": "«{}»", "en": "'{}'"}


class _Nothing(Exception):
    """A gap has nothing to fill it."""


def fill(lines: Iterable[str], details: Mapping[str, Any], lang: Lang) -> list[str]:
    """The lines that have something to say, their gaps filled in."""
    gaps = _Gaps(lang)
    said: list[str] = []
    for line in lines:
        text = line
        holds = True
        while (condition := _CONDITION.match(text)) is not None:
            text = text[condition.end() :]
            holds = holds and _holds(condition, details)
        if not holds:
            continue
        try:
            said.append(gaps.vformat(text, (), details))
        except _Nothing:
            continue
    return said


def _holds(condition: re.Match[str], details: Mapping[str, Any]) -> bool:
    denied, name, value = condition.groups()
    there = details.get(name)
    found = there not in (None, "", [], ()) if value is None else str(there) in value.split("|")
    return found != bool(denied)


class _Gaps(string.Formatter):
    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        value = kwargs.get(str(key))
        if value is None or value in ("", [], ()):
            raise _Nothing
        return value

    def format_field(self, value: Any, format_spec: str) -> str:
        parts = [str(part) for part in value] if isinstance(value, (list, tuple, set, frozenset)) else None
        form, _, rest = format_spec.partition(" ")
        if form == "plural":
            return count(int(value), rest.split("|"), self.lang)
        if form == "quoted":
            return ", ".join(_QUOTES[self.lang].format(part) for part in parts or str(value).split(", "))
        if form == "words":
            return ", ".join(term(part, self.lang) for part in parts or str(value).split(", "))
        if form == "expected":
            return ", ".join(term(part, self.lang, EXPECTED) for part in parts or str(value).split(", "))
        if form == "reason":
            return formula_reason(str(value), self.lang)
        if form == "trouble":
            return _trouble(str(value), self.lang)
        if form in ("school", "schools", "condition"):
            from shsnor.wording import examples  # which itself counts and names numbers by this module

            return str(getattr(examples, form)(value, self.lang))
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return number(value, self.lang) if form == "number" else str(value)
        return ", ".join(parts) if parts is not None else str(value)


#: What the system says of a file, in English whatever the user's language -> what is said of it.
_TROUBLES = {
    "Permission denied": ("нет прав, или файл занят другой программой", "no permission, or the file is in use"),
    "Read-only file system": ("диск открыт только для чтения", "the disk is read-only"),
    "No space left on device": ("на диске нет места", "the disk is full"),
    "Disk quota exceeded": ("место, отведённое вам на диске, кончилось", "your quota of the disk is used up"),
    "File too large": ("файл больше, чем разрешает система", "the file is larger than the system allows"),
    "max_temp_directory_size": (
        "место, отведённое временным файлам, кончилось",
        "the room allowed to temporary files is used up",
    ),
    "File name too long": ("имя файла слишком длинное", "the name of the file is too long"),
    "File exists": ("на месте папки стоит файл", "a file stands where a folder is to be"),
    "Not a directory": ("на месте папки стоит файл", "a file stands where a folder is to be"),
    "Is a directory": ("на месте файла стоит папка", "a folder stands where a file is to be"),
    "No such file or directory": ("такой папки или файла нет", "there is no such folder or file"),
}


def _trouble(text: str, lang: Lang) -> str:
    """What the system said, in the reader's words where they are known; never with the name of a temporary file."""
    known = next((said for phrase, said in _TROUBLES.items() if phrase in text), None)
    return text if known is None else known[lang == "en"]


def plural(n: int, forms: Sequence[str], lang: Lang = "ru") -> str:
    """The noun that goes with a number, out of Russian's three forms (школа, школы, школ) or English's two."""
    n = abs(n)
    if lang == "en":
        return forms[0] if n == 1 else forms[-1]
    if n % 10 == 1 and n % 100 != 11:
        return forms[0]
    if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14):
        return forms[1]
    return forms[2]


def count(n: int, forms: Sequence[str], lang: Lang = "ru") -> str:
    """A number with its noun: «5 школ»; thousands are set apart."""
    return f"{number(n, lang)}\u00a0{plural(n, forms, lang)}"


def number(value: int | Decimal | str, lang: Lang = "ru", digits: int | None = None) -> str:
    """A number as readers write it: «1 234,5» or "1,234.5"; zeros at the end go unless `digits` asks for them.

    digits   decimal places, half up; None: as many as the value has
    """
    exact = Decimal(value)
    if digits is not None:
        exact = exact.quantize(Decimal(1).scaleb(-digits), rounding="ROUND_HALF_UP")
    text = f"{exact:,f}"
    if digits is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.lstrip("-0,.") == "":
        text = text.lstrip("-")
    if lang == "en":
        return text.replace("-", "\u2212")
    whole, point, part = text.replace("-", "\u2212").partition(".")
    separated = (
        whole.replace(",", "\u00a0") if len(whole.lstrip("\u2212").replace(",", "")) > 4 else whole.replace(",", "")
    )
    return separated + ("," if point else "") + part


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """For sorting names and numbers of rows as people do: «СОШ № 2» before «СОШ № 10», «ё» with «е»."""
    parts = re.split(r"(\d+)", text.casefold().replace("ё", "е"))
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)
