"""How often, over what and in which years: the words for `met_in`, `over` and `years`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shsnor.wording.phrases import Lang, number, plural

if TYPE_CHECKING:  # words know of windows only by what they read of them
    from shsnor.nodes import MetIn, Years

#: dimension -> its name, the preposition of counting, "one, all, several" of it after that, its dative and genitive plural.
_DIMENSIONS: dict[str, tuple[str, str, str, str, tuple[str, str, str], str, str]] = {
    "procedure": (
        "процедура", "в", "одной процедуре", "всех процедурах", ("процедуре", "процедурах", "процедурах"),
        "процедурам", "процедур",
    ),
    "grade": ("класс", "в", "одном классе", "всех классах", ("классе", "классах", "классах"), "классам", "классов"),
    "subject": (
        "предмет", "по", "одному предмету", "всем предметам", ("предмету", "предметам", "предметам"), "предметам",
        "предметов",
    ),
    "year": ("год", "в", "одном году", "всех годах", ("году", "годах", "годах"), "годам", "лет"),
}  # fmt: skip
_EN = {"procedure": "procedures", "grade": "grades", "subject": "subjects", "year": "years"}
_CASE = ("в", "одном случае", "всех случаях", ("случае", "случаях", "случаях"), "случаев")


def met_in_parts(met_in: str | MetIn) -> tuple[str, str]:
    """`("at_least", "2")` for what an author or an outcome writes of `met_in`; ("", "") where it is not understood."""
    text = met_in if isinstance(met_in, str) else str(met_in.model_dump(exclude_none=True))
    found = re.search(r"(every|any|share_at_least|share_more_than|at_least)\D*([\d.]*)", text)
    return (found[1], found[2]) if found else ("", "")


def dimension(name: str, lang: Lang, label: Callable[[str], str]) -> str:
    """«предмет» for `subject`; a dimension of the pack's own by its column's `label`."""
    if lang == "en":
        return name
    return _DIMENSIONS[name][0] if name in _DIMENSIONS else f"«{label(name)}»"


def along(dimensions: Sequence[str], lang: Lang, label: Callable[[str], str]) -> str:
    """«по процедурам, классам и предметам»: what a statistic is taken over; "" for the year, which its window names."""
    names = [name for name in dimensions if name != "year"]
    if not names:
        return ""
    if lang == "en":
        return "over " + joined([_EN.get(name, name) for name in names], lang)
    known = [_DIMENSIONS[name][5] if name in _DIMENSIONS else f"значениям «{label(name)}»" for name in names]
    return "по " + joined(known, lang)


def joined(parts: Sequence[str], lang: Lang) -> str:
    """«а, б и в»."""
    last = "и" if lang == "ru" else "and"
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def span(years: Years | None, lang: Lang) -> str:
    """«за 2 последних года»: the years of a window; no window is the evaluation's year."""
    if (one := _single(years, lang)) is not None:
        return one[1]
    assert years is not None
    if years.from_ is not None or years.to is not None:
        return f"за {_from_to(years)} годы" if lang == "ru" else f"in {_from_to(years)}"
    n = years.last or years.last_held or 1
    if lang == "en":
        return f"in the last {n} years{_after(years, lang)}"
    word = plural(n, ("последний год", "последних года", "последних лет"))
    return f"за {n} {word}{_after(years, lang)}"


def _single(years: Years | None, lang: Lang) -> tuple[str, str] | None:
    """«в год расчёта», «за год расчёта» for a window of one year; None for a longer one."""
    ru = lang == "ru"
    if years is None or (years.last == 1 and not years.back):
        return ("в год расчёта", "за год расчёта") if ru else ("in the evaluation's year", "in the evaluation's year")
    if years.last == 1:
        n = years.back or 0
        if n == 1:
            said = ("в год перед годом расчёта", "за год перед годом расчёта") if ru else ("in the year before",) * 2
        else:
            back = f"{n} {plural(n, ('год', 'года', 'лет'))}"
            said = (f"за {back} до года расчёта",) * 2 if ru else (f"{n} years before the evaluation's year",) * 2
        return said[0], said[1]
    if years.last_held == 1:
        if ru:
            return "в последний год, когда это проводилось", "за последний год, когда это проводилось"
        return ("in the last year in which it was held",) * 2
    if years.from_ is not None and years.from_ == years.to:
        return (f"в {years.from_} году", f"за {years.from_} год") if ru else (f"in {years.from_}",) * 2
    return None


def _from_to(years: Years) -> str:
    return f"{years.from_ or ''}–{years.to or ''}"


def _after(years: Years, lang: Lang) -> str:
    """What is said after the number of years: where the window ends, or which years count."""
    if years.last_held is not None:
        return ", когда это проводилось" if lang == "ru" else " in which it was held"
    if years.back:
        n = years.back
        if lang == "en":
            return f" up to {n} before the evaluation's"
        return f" до года, который на {n} {plural(n, ('год', 'года', 'лет'))} раньше года расчёта"
    return ""


def counted(
    met_in: str | MetIn, over: Sequence[str], years: Years | None, lang: Lang, label: Callable[[str], str]
) -> str:
    """«не меньше чем в 2 случаях за 2 последних года (случай — процедура, предмет и год)»: when a quantifier is met.

    label   gives the name of a dimension of the pack's own
    """
    one = _single(years, lang) if "year" in over else None
    dims = [name for name in over if name != "year" or one is None]
    if not dims and one is not None:
        return one[0]
    if dims == ["year"] and years is not None:
        return _of_years(met_in, years, lang)
    window = f" {span(years, lang)}" if "year" in over else ""
    if len(dims) == 1 and (dims[0] in _DIMENSIONS or lang == "en"):
        return _how_many(met_in, dims[0], lang) + window
    case = joined([dimension(name, lang, label) for name in dims], lang)
    told = f" (случай — {case})" if lang == "ru" else f" (a case: {case})"
    return _how_many(met_in, "", lang) + window + told


def _how_many(met_in: str | MetIn, name: str, lang: Lang) -> str:
    word, n = met_in_parts(met_in)
    if lang == "en":
        noun = _EN.get(name, name) or "cases"
        return {
            "any": f"in at least one of the {noun}", "every": f"in all {noun}", "at_least": f"in at least {n} {noun}",
            "share_at_least": f"in at least {n}% of the {noun}", "share_more_than": f"in more than {n}% of the {noun}",
        }.get(word, str(met_in))  # fmt: skip
    preposition, one, every, several, genitive = _CASE
    if name:
        _, preposition, one, every, several, _, genitive = _DIMENSIONS[name]
    if word == "any":
        return f"хотя бы {preposition} {one}"
    if word == "every":
        return f"{'во' if preposition == 'в' else preposition} {every}"
    if word == "at_least":
        return f"не меньше чем {preposition} {number(n)} {plural(int(n), several)}"
    least = "не меньше чем" if word == "share_at_least" else "больше чем"
    return f"{least} {preposition} {number(n)}\u00a0% {genitive}"


def _of_years(met_in: str | MetIn, years: Years, lang: Lang) -> str:
    word, n = met_in_parts(met_in)
    if lang == "en":
        window = span(years, lang).removeprefix("in ")
        how = {"any": "in at least one of", "every": "in each of", "at_least": f"in at least {n} of"}
        return f"{how.get(word, f'in at least {n}% of')} {window}"
    if years.from_ is not None or years.to is not None:
        window = f"{_from_to(years)} годов"
    else:
        window = f"{years.last or years.last_held} последних лет{_after(years, lang)}"
    if word == "any":
        return f"хотя бы в одном из {window}"
    if word == "every":
        return f"в каждом из {window}"
    if word == "at_least":
        return f"не меньше чем в {number(n)} из {window}"
    least = "не меньше чем" if word == "share_at_least" else "больше чем"
    return f"{least} в {number(n)}\u00a0% из {window}"
