"""The analysis of conditions against plain trying: random conditions, every value of a dense grid, no code of the analysis.

The logic of three values is the reference evaluator's; a condition is walked as it is written, not as it is resolved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shsnor.checking.conditions import Conditions
from shsnor.checking.formulas import IS_MET, IS_NOT_MET, IS_UNKNOWN, IS_VACANT, certain, example, possible
from shsnor.checking.subject import Subject
from shsnor.host import find_functions
from shsnor.resolving import resolve
from tests.reference.basics import Answer, unknown, vacant
from tests.reference.nodes import COMPARE, MetIn, decide
from tests.test_logic import criteria, found_in, pack_of

Node = Any
Values = Mapping[str, Any]

LIMITS = ("0", "20", "30", "50", "100")
GRID: dict[str, list[Any]] = {
    "low": [None, *map(Fraction, (0, 10, 20, 25, 30, 40, 50, 75, 100))],
    "high": [None, *map(Fraction, (0, 10, 20, 25, 30, 40, 50, 75, 100))],
    "pupils": [None, *map(Fraction, (0, 1, 2, 4, 5, 6, 7))],
    "sort": [None, "школа", "лицей", "центр"],
    "bad": [*product([None, Fraction(10), Fraction(30), Fraction(60)], repeat=3)],
}
COUNTS = ("0", "1", "5", "6")

numeric = st.sampled_from(["at_least", "more_than", "at_most", "less_than"])
missing = st.sampled_from([{}, {}, {}, {"missing": "met"}, {"missing": "not_met"}, {"missing": "leave_out"}])
met_in = st.one_of(
    st.sampled_from(["every", "any"]),
    st.builds(lambda n: {"at_least": n}, st.sampled_from(["1", "2", "3"])),
    st.builds(lambda p: {"share_at_least": p}, st.sampled_from(["50", "60", "100"])),
    st.builds(lambda p: {"share_more_than": p}, st.sampled_from(["0", "50"])),
)


def leaves(names: list[str]) -> st.SearchStrategy[Node]:
    """A comparison of one of these indicators."""
    kinds: list[st.SearchStrategy[Node]] = []
    over = {"over": ["subject", "year"], "years": {"last": "1"}}
    for name in names:
        of = {"indicator": name}
        limits = st.sampled_from(COUNTS if name == "pupils" else LIMITS)
        if name == "sort":
            texts = st.lists(st.sampled_from(["школа", "лицей"]), min_size=1, unique=True)
            kinds.append(st.builds(lambda t, m, of=of: {**of, "is_in": t, **m}, texts, missing))
        elif name == "bad":
            kinds.append(
                st.builds(
                    lambda c, n, q, m, of=of: {**of, **over, c: n, "met_in": q, **m}, numeric, limits, met_in, missing
                )
            )
        else:
            kinds.append(st.builds(lambda c, n, m, of=of: {**of, c: n, **m}, numeric, limits, missing))
            kinds.append(st.builds(lambda k, of=of: {**of, "known": k}, st.booleans()))
    return st.one_of(kinds)


def nodes(names: list[str], earlier: list[str]) -> st.SearchStrategy[Node]:
    """A condition over these indicators and the criteria written before it."""
    start = leaves(names) if not earlier else st.one_of(leaves(names), st.sampled_from(earlier))
    weights = st.lists(st.sampled_from(["1", "2", "-1", "0.5"]), min_size=1, max_size=3)

    def wider(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        few = st.lists(inner, min_size=2, max_size=3)
        found = [
            st.builds(lambda parts: {"all": parts}, few),
            st.builds(lambda parts: {"any": parts}, few),
            st.builds(lambda part: {"not": part}, inner),
            st.builds(lambda parts, how: {"of": parts, "met_in": how}, few, met_in),
        ]
        if earlier:
            found.append(
                st.builds(lambda w, how: {"of": dict(zip(earlier, w, strict=False)), "met_in": how}, weights, met_in)
            )
        return st.one_of(found)

    return st.recursive(start, wider, max_leaves=4).filter(lambda node: not isinstance(node, str))


@st.composite
def packs(draw: st.DrawFn, names: list[str], most: int = 5) -> dict[str, Node]:
    """Criteria c0, c1 … over two of these indicators, later ones perhaps naming earlier ones."""
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    found: dict[str, Node] = {}
    for n in range(draw(st.integers(2, most))):
        node = dict(draw(nodes(chosen, list(found))))
        if draw(st.integers(0, 5)) == 0:
            node["applies_to"] = draw(leaves(chosen))
        found[f"c{n}"] = node
    return found


# Trying


def answer(node: Node, items: Mapping[str, Node], values: Values) -> Answer:
    """What a condition is worth for a school with these values, by the rules of the format."""
    if isinstance(node, str):
        return answer(items[node], items, values)
    if "applies_to" in node:
        where = answer(node["applies_to"], items, values)
        if where.value is not True:
            return vacant({"not_applicable"}) if where.value is False or where.vacant else unknown("no_row")
        return answer({key: value for key, value in node.items() if key != "applies_to"}, items, values)
    if "not" in node:
        part = answer(node["not"], items, values)
        return Answer(not part.value) if part.known else part
    if "indicator" not in node:
        key = next(key for key in ("all", "any", "of") if key in node)
        how = {"all": "every", "any": "any"}.get(key) or node["met_in"]
        weights = [Fraction(w) for w in node["of"].values()] if isinstance(node.get("of"), dict) else None
        return decide([answer(part, items, values) for part in node[key]], _met_in(how), weights)
    value = values[node["indicator"]]
    if "over" in node:
        return decide([_leaf(node, one) for one in value], _met_in(node["met_in"]))
    return _leaf(node, value)


def _leaf(node: Node, value: Any) -> Answer:
    if "known" in node:
        return Answer((value is not None) == node["known"])
    if value is None:
        to = node.get("missing")
        return (
            vacant({"no_row"})
            if to == "leave_out"
            else Answer({"met": True, "not_met": False}.get(to), frozenset({"no_row"}))
        )
    if "is_in" in node:
        return Answer(value in node["is_in"])
    comparison = next(key for key in COMPARE if key in node)
    return Answer(COMPARE[comparison](value, Fraction(node[comparison])))


def _met_in(how: Any) -> MetIn:
    if isinstance(how, str):
        return MetIn(how)
    ((kind, bound),) = how.items()
    return MetIn(kind, Fraction(bound))


def bit(found: Answer) -> int:
    return (
        {True: IS_MET, False: IS_NOT_MET}[bool(found.value)]
        if found.known
        else IS_VACANT
        if found.vacant
        else IS_UNKNOWN
    )


def schools(items: Mapping[str, Node]) -> Iterator[Values]:
    """Every school of the grid, as far as the indicators of these criteria go."""
    text = json.dumps(items)
    names = [name for name in GRID if f'"{name}"' in text]
    for values in product(*(GRID[name] for name in names)):
        yield dict(zip(names, values, strict=True))


def tried(items: Mapping[str, Node]) -> list[dict[str, int]]:
    """The answers of all criteria for every school."""
    return [{name: bit(answer(name, items, values)) for name in items} for values in schools(items)]


# The analysis


def written(items: Mapping[str, Node]) -> str:
    lines = []
    for name, node in items.items():
        body = json.dumps(node, ensure_ascii=False)
        lines.append(f"{name}: {{. {body[1:]}")
    return criteria(*lines)


def conditions_of(folder: Path, items: Mapping[str, Node]) -> tuple[Conditions, Subject]:
    pack = pack_of(folder, written(items))
    resolved, findings = resolve(pack, find_functions(pack))
    assert not list(findings)
    subject = Subject(pack, resolved)
    return Conditions(subject, {}), subject


slow = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@slow
@given(items=packs(["low", "high", "pupils", "sort"]))
def test_the_analysis_finds_exactly_the_answers_that_trying_finds(tmp_path: Path, items: dict[str, Node]) -> None:
    conditions, subject = conditions_of(tmp_path / "pack", items)
    formulas = {name: conditions.formula(subject.resolved.terms[name]) for name in items}
    answers = tried(items)
    for name, formula in formulas.items():
        by_trying = {found[name] for found in answers}
        assert {one for one in (1, 2, 4, 8) if possible([formula], [one])} == by_trying, name
    for left, right in combinations(items, 2):
        pairs = {(found[left], found[right]) for found in answers}
        two = [formulas[left], formulas[right]]
        by_analysis = {(a, b) for a, b in product((1, 2, 4, 8), repeat=2) if possible(two, [a, b])}
        assert by_analysis == pairs, (left, right)
        assert certain(two, [IS_MET | IS_UNKNOWN, 15]) == all(a in (IS_MET, IS_UNKNOWN) for a, _ in pairs)


@slow
@given(items=packs(["low", "bad"], most=4))
def test_the_analysis_rules_out_no_answer_of_quantifiers(tmp_path: Path, items: dict[str, Node]) -> None:
    conditions, subject = conditions_of(tmp_path / "pack", items)
    formulas = [conditions.formula(subject.resolved.terms[name]) for name in items]
    for found in {tuple(found[name] for name in items) for found in tried(items)}:
        assert possible(formulas, found), found


@slow
@given(items=packs(["low", "high", "pupils", "sort"]), wanted=st.lists(st.integers(1, 15), min_size=5, max_size=5))
def test_an_example_is_a_school_with_the_answers_asked_for(
    tmp_path: Path, items: dict[str, Node], wanted: list[int]
) -> None:
    conditions, subject = conditions_of(tmp_path / "pack", items)
    formulas = [conditions.formula(subject.resolved.terms[name]) for name in items]
    asked = wanted[: len(items)]
    given_example = example(formulas, asked)
    known = [values for values in schools(items) if None not in values.values()]
    fits = [
        values
        for values in known
        if all(bit(answer(name, items, values)) & one for name, one in zip(items, asked, strict=True))
    ]
    assert (given_example is None) == (not fits)
    for variable, n in (given_example or {}).items():
        (fact,) = variable.states[n].facts
        assert fact["what"] in GRID
    if given_example is not None:  # whatever else such a school is
        said = {str(v.states[n].facts[0]["what"]): v.states[n].value for v, n in given_example.items()}
        like = [values for values in known if all(_same(values[name], value) for name, value in said.items())]
        assert all(values in fits for values in like)


def _same(value: Any, said: Any) -> bool:
    """Whether a value of the grid lies where the example says, thresholds apart."""
    if said is None:
        return bool(value == "центр")
    if isinstance(value, str):
        return bool(value == said)
    cuts = sorted({Fraction(one) for one in (*LIMITS, *COUNTS)})
    number = Fraction(value)
    return all((number > cut) == (Fraction(said) > cut) and (number < cut) == (Fraction(said) < cut) for cut in cuts)


@slow
@given(items=packs(["low", "high", "pupils", "sort"]))
def test_whatever_is_told_of_random_conditions_is_so(tmp_path: Path, items: dict[str, Node]) -> None:
    cases = "".join(f"{{id: l_{name}, when: {name}}}, " for name in items)
    table = f"clusters:\n  groups: {{. first_match: [{cases}{{id: rest, otherwise: true}}]}}\n"
    answers = tried(items)
    for finding in found_in(pack_of(tmp_path / "pack", written(items) + table)):
        _holds(finding.code, finding.place.key.split("."), finding.details, items, answers)


@slow
@given(items=packs(["low", "high", "sort"], most=3), never=st.sampled_from(["removes", "raises"]))
def test_a_claim_is_told_false_where_some_school_breaks_it_and_only_there(
    tmp_path: Path, items: dict[str, Node], never: str
) -> None:
    last = list(items)[-1]
    claimed = {**items, last: {**items[last], "claims": [{"more": "low", "never": never}]}}
    told = {f.code for f in found_in(pack_of(tmp_path / "pack", written(claimed))) if f.code >= "SH841"}
    if "SH842" not in told:
        assert ("SH841" in told) == any(_breaks(last, items, values, never) for values in schools(items))


def _breaks(name: str, items: Mapping[str, Node], values: Values, never: str) -> bool:
    """Whether the verdict of a school goes (removes) or comes (raises) when `low` rises."""
    if values.get("low") is None:
        return False
    before = bit(answer(name, items, values)) == IS_MET
    more = [bit(answer(name, items, {**values, "low": n})) == IS_MET for n in GRID["low"][1:] if n > values["low"]]
    return any(before != after and before == (never == "removes") for after in more)


def _holds(
    code: str, path: list[str], details: Mapping[str, Any], items: Mapping[str, Node], answers: list[dict[str, int]]
) -> None:
    names = list(items)
    if code == "SH830":
        assert all(found[details["name"]] == found[details["other"]] for found in answers)
    elif code in ("SH831", "SH832", "SH833", "SH834", "SH835"):
        whole = path[1:] if code in ("SH834", "SH835") else path[1:-2]
        told = [bit(answer(_at(items, whole), items, values)) for values in schools(items)]
        if whole[-1] == "applies_to" and (IS_MET if code == "SH834" else IS_NOT_MET) in told:  # the criterion itself
            told = [found[whole[0]] for found in answers]
        if code in ("SH832", "SH834"):
            assert IS_MET not in told
        elif code == "SH835":
            assert IS_NOT_MET not in told
    elif code == "SH837":
        n = int(path[-1])
        reach = [found for found in answers if all(found[name] in (IS_NOT_MET, IS_VACANT) for name in names[:n])]
        assert all(n < len(names) and found[names[n]] != IS_MET for found in reach)
    else:
        assert code in ("SH836", "SH838", "SH839", "SH840"), code  # of their examples test_logic asks the engine


def _at(items: Mapping[str, Node], path: list[str]) -> Node:
    """The condition at a place."""
    found: Node = items
    for step in path:
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found
