"""The page of each code: what it means, why it matters, what to do, an example. In Russian, read offline."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path

from shsnor.errors import nearest
from shsnor.wording import CODES, Lang, _texts, title
from shsnor.wording.codes import FAMILIES
from shsnor.wording.phrases import TO_DO

HEADINGS = ("Что это значит", "Почему это важно", "Что сделать", "Пример")

_INTRO = """# Сообщения по кодам

У каждого сообщения программы есть код: он не меняется, по нему находится эта страница. То же без сети:
`shsnor rule SH301`. Ошибка — с ней пакет или таблицы не принимаются; предупреждение — расчёт идёт, но место стоит посмотреть.
В примерах показано только то, о чём речь: остальное в пакете есть.
"""


def page(code: str) -> str | None:
    """The Markdown of a code's page; None where it has none."""
    file = _home() / f"{code}.md"
    return file.read_text(encoding="utf-8") if code in CODES and file.is_file() else None


def page_path(code: str) -> str | None:
    """Where the page of a code stands in the project; None for a code that is not listed."""
    return f"docs/findings/{code}.md" if code in CODES else None


def find_code(asked: str) -> str | None:
    """The code that a user means by `SH301`, `sh301`, `301`, `unknown-name` or a code typed in Cyrillic; else None."""
    text = asked.strip()
    by_name = {name: code for code, name in CODES.items()}
    if text.lower() in by_name:
        return by_name[text.lower()]
    typed = re.fullmatch(r"(?:[^\W\d]{2})?[\s-]*(\d{3})", text)  # «СН301», «ЫР301»: the same two keys
    code = f"SH{typed.group(1)}" if typed else ""
    return code if code in CODES else None


def nearest_codes(asked: str) -> list[str]:
    """The listed codes next to the one asked for, by number; by name where no number was asked for; may be empty."""
    if (digits := re.search(r"\d+", asked)) is not None:
        number = int(digits.group()[:3].ljust(3, "0"))
        family = number // 100
        return sorted(sorted(CODES, key=lambda c: (int(c[2]) != family, abs(int(c[2:]) - number), c))[:3])
    by_name = {name: code for code, name in CODES.items()}
    found = nearest(asked.lower(), by_name)
    return [by_name[found]] if found is not None else []


def families() -> Iterator[tuple[str, tuple[str, str], list[str]]]:
    """(first digits, titles in Russian and English, codes) of every family that has codes."""
    for family, titles in FAMILIES.items():
        if codes := sorted(code for code in CODES if code.startswith(family)):
            yield family, titles, codes


def summary(code: str, lang: Lang = "ru") -> list[str]:
    """Code, name and title on one line, then all that a finding of this code may say, its gaps as `<name>`."""
    heading, *lines = _texts(lang)[code]
    said = (re.sub(r"^(\[[^\]]*\]\s*)+", "", line).removeprefix(TO_DO) for line in lines)
    return [f"{code} {CODES[code]}   {heading}", *(f"  {_with_gaps(line)}" for line in said)]


def index_page() -> str:
    """The Markdown of the index of all codes, as `docs/findings/index.md` must be."""
    lines = [_INTRO]
    for family, (heading, _), codes in families():
        lines += [f"## {family}xx. {heading}", "", "| код | имя | что сказано |", "|---|---|---|"]
        lines += [f"| [{code}]({code}.md) | `{CODES[code]}` | {title(code)} |" for code in codes]
        lines.append("")
    return "\n".join(lines)


def _with_gaps(line: str) -> str:
    parts = string.Formatter().parse(line)
    return "".join(text + (f"<{gap}>" if gap is not None else "") for text, gap, _, _ in parts)


def _home() -> Path:
    """The folder of the pages: of the wheel, or of the checkout in an editable install."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_findings"
    return inside if inside.is_dir() else package.parents[1] / "docs" / "findings"
