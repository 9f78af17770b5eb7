"""What the region's README says, in Russian."""

from __future__ import annotations

from demo_region.chance import REGION, SEED, YEARS, Row, tenths
from demo_region.gaps import Gaps
from demo_region.results import LOW_PERCENT, by_the_rule
from demo_region.schools import HIGHEST_GRADE, MUNICIPALITIES, School


def readme(schools: list[School], results: list[Row], tables: dict[str, list[Row]], gaps: Gaps) -> str:
    """results: those of ВПР, ОГЭ and ЕГЭ, of which the federal rule knows."""

    def key(parts: tuple[str, ...]) -> str:
        return " ".join(parts)

    def listing(items: list[str]) -> str:
        return ", ".join(items)

    def story(name: str) -> str:
        return listing([s.school_id for s in schools if s.story == name])

    n = {name: len(rows) for name, rows in tables.items()}
    analysed = {r[0] for r in tables["causes"] if r[1] == "2022"}
    low = [k for k, v in by_the_rule(schools, results, 5).items() if v == "met"]
    kinds = listing([f"{kind} – {sum(s.kind == kind for s in schools)}" for kind in HIGHEST_GRADE])
    counts = []
    for minimum in (0, 5):
        values = list(by_the_rule(schools, results, minimum).values())
        met = values.count("met")
        share_met = tenths(met, len(schools)).replace(".", ",")
        counts.append(
            f"| {minimum} | {met} ({share_met} %) | {values.count('not_met')} | "
            f"{values.count('unknown')} | {values.count('not_applicable')} |"
        )
    small = sum(r[5].isdigit() and int(r[5]) < 5 for r in tables["results"])
    rural = sum(s.place == "village" for s in schools)
    return f"""# Демонстрационный регион: {REGION}

**Всё здесь выдумано**: регион, муниципалитеты, школы, числа. Ни одна строка не описывает настоящую
школу или человека; координаты лежат в открытом море. Данные нужны, чтобы попробовать `shsnor`.

Создано программой `tools/make_demo_region.py`, начальное число (seed) {SEED}. Повторный запуск
даёт те же байты. Файлы (и этот тоже) руками не править: менять программу и запускать её снова.

| файл | строк | что в нём |
|---|---|---|
| `schools.csv` | {len(schools)} | школы: {kinds}; сельских {rural}; муниципалитетов {len(MUNICIPALITIES)} |
| `results.csv` | {n["results"]} | ВПР, ОГЭ, ЕГЭ, РКР, ФГКК за {YEARS[0]}, {YEARS[1]}, {YEARS[2]} годы |
| `context.csv` | {n["context"]} | социальный паспорт, кадры, оснащение за те же годы |
| `staff.csv` | {n["staff"]} | ставки и занятые ставки на 1 сентября, 2021 и 2022 годы; `subject` специалиста — `нет` |
| `diagnostics.csv` | {n["diagnostics"]} | диагностика учителей по предметам, 2021 и 2022 годы |
| `causes.csv` | {n["causes"]} | причины, найденные анализом; `none` — анализ был, причин не найдено |
| `measures_taken.csv` | {n["measures_taken"]} | отметки о мерах; для пакета `krasnodar` — за 2020 и 2021 годы |
| `partners.csv` | {n["partners"]} | партнёры школ с низкими результатами |
| `decisions.csv` | {n["decisions"]} | решения экспертов по `low_results` за 2022 год |
| `benchmarks.csv` | {n["benchmarks"]} | средние региона, сложенные по тем же результатам |
| `programme_data.csv` | {n["programme_data"]} | сведения школ для показателей результативности (пакет `kchr`) |
| `monitoring_participation.csv` | {n["monitoring_participation"]} | в скольких мониторингах участвовала школа (пакет `kchr`) |
| `municipal_project.csv` | {n["municipal_project"]} | срок муниципального проекта (пакет `kchr`) |
| `municipal_monitoring.csv` | {n["municipal_monitoring"]} | мониторинги муниципального проекта (пакет `kchr`) |
| `after_grade_9.csv` | {n["after_grade_9"]} | выпускники 9 классов и сколько из них пошли в 10 класс (пакет `saratov`) |
| `in_support_programme.csv` | {n["in_support_programme"]} | педагоги школ в программе поддержки, числом (пакет `saratov`) |
| `social_passport.csv` | {n["social_passport"]} | ещё четыре доли социального паспорта за 2022 год (пакет `saratov`) |
| `teachers.csv` | {n["teachers"]} | выдуманные педагоги части школ одного муниципалитета, только коды (пакет `saratov_teacher`) |
| `pupils_by_teacher.csv` | {n["pupils_by_teacher"]} | строки `results` тех же школ, по педагогам (пакет `saratov_teacher`) |
| `taking_part.csv` | {n["taking_part"]} | школы, работающие по программе (пакет `krasnodar`) |
| `targets.csv` | {n["targets"]} | собственные плановые значения этих школ, 2021 и 2022 годы (пакет `krasnodar`) |
| `actuals.csv` | {n["actuals"]} | достигнутые ими значения (пакет `krasnodar`) |

CSV, UTF-8, запятая, строки отсортированы по ключу. Коды школ – текст с ведущими нулями (`010001`).

## Как читать

- Год – календарный год, в котором кончается учебный год проверяемой программы. ВПР, перенесённые
  на осень 2020 и 2022 годов, записаны как 2020 и 2022 под классом, программу которого проверяли, за
  школой, где эта программа пройдена (упрощение: осенью часть учеников уже в другой школе).
- `below_minimum`: ВПР, ОГЭ и ЕГЭ `мат_база` – отметка «2»; ЕГЭ – ниже минимального балла:
  `рус` 24, `мат_проф` 27, `общ` 42.
- `score_max` – сумма максимумов написанных работ. ВПР и ОГЭ – первичные баллы; ЕГЭ – по 100 за
  работу; `мат_база` своих ста баллов не имеет, там процент от 21 первичного балла, округлённый по ученикам.
- ЕГЭ: отметки есть только у `мат_база`. Сравнение с журналом – только у ВПР.
- `РКР` — региональная контрольная работа (6 и 8 классы, 2021 и 2022 годы), `ФГКК` — проверка в рамках федерального контроля
  качества (9 класс, около трети школ; баллы не сообщаются). В федеральное правило они не входят.
- В 2020 и 2021 годах ЕГЭ сдавали только поступающие в вузы, участников меньше.
- Доли контекста – проценты 0–100 с одним знаком: от числа учеников, у
  `teachers_no_category` и `teachers_under_35` – от числа учителей; `family_survey` – процент
  довольных; `distance_to_centre_km` – до центра муниципалитета.
- `pupils` в `schools.csv` – на 2022 год.

## Чего не было (строк нет ни у одной школы)

| год | процедура |
|---|---|
| 2020 | ОГЭ отменён |
| 2021 | ОГЭ по предметам по выбору (`общ`, `био`) |
| 2020, 2021 | ЕГЭ `мат_база` |

## Чего нет нарочно

Пропуск в ячейке записан по-разному: пусто, `н/д` или `-`.

- Нет строк 9-го класса у НОШ и 11-го класса у НОШ и ООШ; у НОШ из ВПР есть только 4-й класс,
  поэтому федеральное правило к ним неприменимо.
- Нет строки, если экзамен никто не выбрал (обычно в сёлах: `мат_проф`, `мат_база`, `общ`, `био`).
- Целая процедура за год не загружена: {"; ".join(key(k) for k in gaps.whole)}.
- Потеряны отдельные строки результатов ({len(gaps.rows)}): {"; ".join(key(k) for k in gaps.rows)}.
- Нет отметок и `below_minimum`, участники известны ({len(gaps.counts)} строк):
  {"; ".join(key(k) for k in gaps.counts)}.
- Нет `score_sum` ({len(gaps.scores)} строк): {"; ".join(key(k) for k in gaps.scores)}.
- Нет сравнения с журналом у всех ВПР школы за год: {"; ".join(key(k) for k in gaps.journals)}.
- Нет строки контекста: {"; ".join(key(k) for k in gaps.context_rows)}.
- Пустые ячейки контекста: по 22 в каждом столбце (около 2,5 %), всего {gaps.context_cells}.
- Нет координат: {listing(gaps.coordinates)}.
- Менее 5 участников: {small} строк результатов.
- Анализ причин за 2022 год не проводился у {sum(k not in analysed for k in low)} из {len(low)} школ, которые находит
  федеральное правило (не менее 5 участников); из остальных школ он был у {len(analysed - set(low))}.
- Штат: у 6 школ нет строк за 2022 год, у 12 — строки одной должности, 30 пустых ячеек.
- Диагностика учителей: нет строк примерно у 15 % школ, 24 пустые ячейки.
- Сведения школ (`programme_data.csv`): нет 3 строк, по 9 пустых ячеек в столбце. Муниципальный проект: у одного муниципалитета
  короче трёх лет, у одного проекта нет, у одного нет итогового мониторинга.
- Выпускники 9 классов: нет 5 строк, по 6 пустых ячеек в столбце. Педагоги в программе: нет 5 строк, исходный год — 2021.
- По педагогам: каждая третья школа одного муниципалитета; 4 класс по очереди ведут трое, экзаменационные классы — по двое.
- Программа школы (пакет `krasnodar`): одна школа сообщила число вместо процента, одна — не всё, три не дали отметок.

## Какие школы задуманы особыми

- Резильентные (трудный контекст, высокие результаты): {story("resilient")}.
- Результаты много ниже, чем позволяет контекст: {story("weak")}.
- ВПР завышены, экзамены обычные: {story("inflated")}.

## Сколько школ находит федеральное правило

Не менее {LOW_PERCENT} % участников ниже минимума в двух и более парах «процедура, год» за 2021 и 2022 годы:
ВПР `рус`, `мат` в 5 и 6 классах, ОГЭ `рус`, `мат`, ЕГЭ `рус`, `мат_проф`, `мат_база`. Нет строки или
числа – неизвестно. Решения экспертов не учтены. Доля – от всех школ.

| наименьшее число участников | ШНОР | не ШНОР | неизвестно | неприменимо (НОШ) |
|---|---|---|---|---|
{chr(10).join(counts)}
"""
