"""What the built-in functions say in the outcome's details: plain Russian, as everything there."""

from __future__ import annotations

_TEXTS = {
    "nearest.no_place": "координаты неизвестны: взято среднее расстояние",
    "social_index.plus": "чем больше, тем благополучнее",
    "social_index.minus": "чем больше, тем труднее",
    "social_index.against": "действует в сторону, обратную заявленной: проверьте, как связаны показатели",
    "social_index.explained": "какую часть различий между школами передаёт индекс, %",
    "social_index.same": "индекс не определён: показатели у всех школ одинаковы или неизвестны",
    "social_index.no_component": "главная компонента не определена: школы не различаются или показатели не связаны между собой",
    "k_groups.title": "Группа {number}: {what}",
    "k_groups.above": "выше среднего — {labels}",
    "k_groups.below": "ниже среднего — {labels}",
    "k_groups.middling": "все показатели близки к средним",
    "k_groups.too_many": "k_groups делит на группы не больше {largest} объектов, здесь {count}",
    "objectivity.asks": "результат просят перепроверить: {why}",
    "objectivity.too_high": (
        "он выше среднего по региону на {apart} среднеквадратических отклонений, а результаты ОГЭ и ЕГЭ этого не подтверждают"
    ),
    "objectivity.no_result": "не проверено: результата нет",
    "objectivity.no_kind": "не проверено: вид школы неизвестен",
    "objectivity.no_exam": "не проверено: результатов ОГЭ и ЕГЭ нет, сверить не с чем",
    "objectivity.above": "отметка выше журнала у {share} % работ",
    "objectivity.below": "отметка ниже журнала у {share} % работ",
    "objectivity.no_journal": "не проверено: нет сравнения с журналом",
    "objectivity.rise": "в старшем классе он выше обычного на {apart} среднеквадратических отклонений",
    "objectivity.fall": "в старшем классе он ниже обычного на {apart} среднеквадратических отклонений",
    "objectivity.no_grade": "не проверено: нет результата одного из классов",
    "partners.no_context": "партнёр не подобран: условия школы неизвестны",
    "partners.nobody": "партнёр не подобран: нет школ с высокими результатами, условия которых известны",
    "partners.no_room": "партнёр не подобран: мест не хватило, каждый партнёр берёт не больше школ, чем {limit}",
    "partners.undecided": "неизвестно, нужен ли школе партнёр",
    "partners.too_many": "школ и мест слишком много для одного распределения: школ {asking}, партнёров {partners}",
    "partners.load": "скольким школам помогает",
}


def text(key: str, **details: object) -> str:
    """The text of `key` with its details filled in."""
    return _TEXTS[key].format(**details)


def decimal(value: float) -> str:
    """A number with one place and a comma: 2,5."""
    return f"{value:.1f}".replace(".", ",")
