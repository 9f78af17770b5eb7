"""A pack of about 1,000 lines, laid out as people write them, and how long it takes to load, to check and to compile."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.measuring import processor
from bench.rules import write

HEAD = """format: 1
pack:
  id: thousand
  version: "1"
  title: Пакет в тысячу строк
sources:
  order:
    title: Приказ о мониторинге
parameters:
  low_limit:
    label: Порог низких результатов
    unit: percent
    values: {2020-01-01: 30, 2025-01-01: 25}
    source: {clause: пункт 1, basis: stated}
"""
INDICATOR = """  share_{n}:
    label: Доля участников с результатом ниже минимума, показатель {n}
    note: Считаются участники с действительным результатом, итог — после пересдач.
    unit: percent
    better: lower
    from: results
    value: 100.0 * sum(coalesce(below_minimum, mark_2)) / sum(participants)
    where: "procedure = 'ВПР' and grade = '{grade}' and subject in ('рус', 'мат', 'предмет {n}')"
    years: {{last: {years}}}
    minimum: {{participants: {minimum}}}
    source:
      clause: пункт {n}
      basis: stated
"""
CELLS = """  kept_{n}:
    label: Доля участников с результатом ниже минимума по предметам, показатель {n}
    unit: percent
    better: lower
    from: results
    value: 100.0 * sum(mark_2 + {n} * 0) / sum(participants)
    by: [procedure, subject, year]
    cells:
      - {{procedure: ВПР, grade: {grade}, subject: [рус, мат]}}
    source: {{clause: пункт {n}, basis: stated}}
"""
CRITERIA = """  low_{n}:
    label: Низкий результат по показателю {n}
    indicator: share_{n}
    at_least: $low_limit
    missing: unknown
    source:
      clause: пункт {n}
      basis: stated
  below_{n}:
    label: Показатель {n} хуже, чем в среднем по региону, или низкие результаты
    any:
      - low_{n}
      - indicator: share_{n}
        more_than:
          among: region
          combine: mean
    source: {{clause: пункт {n}, basis: stated}}
"""
TWICE = """  twice_{n}:
    label: Низкий результат в двух случаях за два года, показатель {n}
    indicator: kept_{n}
    at_least: $low_limit
    over: [procedure, subject, year]
    years: {{last: 2}}
    met_in: {{at_least: 2}}
    source: {{clause: пункт {n}, basis: stated}}
"""
FLAG = """  flag_{n}:
    label: Школе нужна помощь по пункту {n}
    when:
      of: [below_{n}, low_{n}, twice_{k}]
      met_in: {{at_least: 2}}
    source:
      clause: пункт {n}
      basis: stated
"""


def write_thousand(folder: Path) -> Path:
    """The pack in `folder`: 25 indicators of a value, 10 that keep cells, 60 criteria, 10 flags."""
    fields = [{"n": n, "k": n % 10, "grade": 4 + n % 5, "years": 1 + n % 3, "minimum": 5 + n} for n in range(25)]

    def section(name: str, *templates: str, items: int) -> Iterator[str]:
        yield f"{name}:"
        for template in templates:
            for one in fields[: items if template in (CELLS, TWICE, FLAG) else None]:
                yield from template.format(**one).splitlines()

    return write(
        folder,
        [
            *HEAD.splitlines(), *section("indicators", INDICATOR, CELLS, items=10),
            *section("criteria", CRITERIA, TWICE, items=10), *section("flags", FLAG, items=10),
        ],
    )  # fmt: skip


def measure_pack(repeat: int = 5) -> dict[str, float]:
    """Milliseconds of processor time, medians: `load` reads and validates the pack, `check` asks all else that is asked
    without data, `compile` resolves it, plans an evaluation and writes all its SQL. Nothing remembered from the run before.
    """
    from shsnor import check_pack, load_pack, make_plan
    from shsnor.expressions import parse
    from shsnor.host import find_plugins
    from shsnor.rendering import plan_sql

    host = find_plugins()
    with tempfile.TemporaryDirectory() as name:
        folder = write_thousand(Path(name))
        lines = (folder / "pack.yaml").read_text(encoding="utf-8").count("\n")
        times: dict[str, list[float]] = {"load": [], "check": [], "compile": []}
        for _ in range(repeat + 1):
            parse.cache_clear()
            with _timed(times["load"]):
                pack = load_pack(folder)
            with _timed(times["check"]):
                check_pack(pack, host=host)
            parse.cache_clear()
            with _timed(times["compile"]):
                plan_sql(make_plan(pack, as_of=2025, functions=host.functions))
    # the first run imports
    return {name: median(found[1:]) for name, found in times.items()} | {"lines": lines}


@contextmanager
def _timed(times: list[float]) -> Iterator[None]:
    began = processor()
    yield
    times.append(1000 * (processor() - began))
