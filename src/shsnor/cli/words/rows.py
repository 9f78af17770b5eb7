from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "rows.counted": ("Строк: {n}.", "Rows: {n}."),
    "rows.clause": ("пункт {clause}", "clause {clause}"),
    "rows.none": ("В пакете {pack} нет строк с номерами документа.", "The pack {pack} has no rows with numbers."),
    "rows.no_code": ("В пакете {pack} нет строки «{code}».", "The pack {pack} has no row '{code}'."),
}
