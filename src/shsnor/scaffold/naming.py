"""What a pack is called: its id, out of what the author calls the region."""

from __future__ import annotations

import re
import unicodedata

#: Narrower than the ids of items: folders, distributions and modules are named by it.
_GOOD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST = 40
#: Windows keeps these for devices.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}

_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip

#: What kind of region it is: an id can do without.
_KINDS = {
    "республика", "край", "область", "обл", "автономная", "автономный", "округ", "ао", "район", "р-н", "город", "г",
    "городской", "муниципальный",
}  # fmt: skip


def good_id(text: str) -> bool:
    """Whether a pack can be called so: it begins with a small Latin letter; small letters, digits and single "_" follow."""
    return _GOOD.fullmatch(text) is not None and len(text) <= _LONGEST and text not in _RESERVED


def proposed_id(text: str) -> str | None:
    """The good id nearest to a region's name or to a wrong id; None where nothing of it can stand in an id.

    «Тверская область» gives `tverskaya`, `Tver-Oblast` gives `tver_oblast`.
    """
    words = [word for word in re.split(r"[^\w-]+", unicodedata.normalize("NFC", text).lower()) if word]
    told = [word for word in words if word not in _KINDS] or words
    spelt = "".join(_LATIN.get(letter, letter) for letter in "_".join(told))
    plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    joined = re.sub(r"[\W_]+", "_", plain).strip("_")
    if not joined:
        return None
    if not joined[0].isalpha():
        joined = f"pack_{joined}"
    cut = joined[:_LONGEST].rstrip("_")
    return f"{cut}_pack" if cut in _RESERVED else cut


def is_russian(text: str) -> bool:
    """Whether a text is a name in Cyrillic letters, not an id with a stray one."""
    letters = [letter for letter in text if letter.isalpha()]
    return bool(letters) and all("\u0400" <= letter <= "\u04ff" for letter in letters)
