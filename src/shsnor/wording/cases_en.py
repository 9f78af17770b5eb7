"""What is wrong with the worked cases of a pack, in English; the lines are those of `cases_ru`."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH880": (
        "A row of a table has not so many cells",
        "The row has {cells} cells, the table {columns} columns.",
        "> Cells are parted by `|`; an empty one is written too.",
    ),
    "SH881": (
        "A column stands twice",
        "The table has more than one column `{name}`.",
        "> Leave one; for several cells of one indicator name them in brackets: low_in (subject рус).",
    ),
    "SH882": (
        "An acceptance is not needed any more",
        "[kind=never] accepted.yaml says that no case shows `{what}`, but one does, or there is no such thing.",
        "[kind=mutants] accepted.yaml says that no case notices the change `{what}`, but one does, or there is no such change.",
        "[nearest] There is a similar one: `{nearest}`.",
        "> Remove this line.",
    ),
    "SH883": (
        "The cases do not show all sides of a criterion",
        "In no case is `{name}` {missing}.",
        "The pack is in force (status: active), so its cases show of each criterion when it is met, when it is not (not_met) "
        "and when data are lacking (unknown).",
        "> Add a case to the folder tests. If it cannot be, say so with the reason in tests/accepted.yaml: "
        "never: [{{item: {name}, verdict: …, because: …}}]",
    ),
    "SH884": (
        "A case does not hold",
        "The case `{name}` does not hold.",
        "[expected] {entity}, {item}: expected {expected}, got {got}.",
        "> See shsnor pack test. Mend the case or the pack, as the order has it.",
    ),
}
