"""The formula reader: what is listed gives the committed tree, whatever is not listed is refused with its place."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shsnor.expressions import Expr, ExpressionError, Kind, kind_of, parse
from shsnor.expressions.plain import read_plain
from shsnor.expressions.sql import read_sql

#: One formula a line, " => ", its tree. It guards the internal format of DuckDB's parser.
SNAPSHOT = Path(__file__).parent / "expressions" / "snapshot.txt"
LINES = [line.partition(" => ") for line in SNAPSHOT.read_text(encoding="utf-8").splitlines()]


def short(expr: Expr) -> str:
    """A tree on one line, without offsets."""
    if expr.op == "text":
        return repr(expr.value)
    if expr.op in ("number", "yes_no", "null"):
        return "null" if expr.value is None else str(expr.value).lower()
    if expr.op == "param":
        return f"${expr.value}"
    if expr.op == "name":
        return str(expr.value) if expr.value.isidentifier() else f'"{expr.value}"'
    return f"({' '.join([expr.op, *map(short, expr.args)])})"


def refusal(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(("text", "tree"), [(text, tree) for text, _, tree in LINES])
def test_tree_is_that_of_the_snapshot(text: str, tree: str) -> None:
    assert short(parse(text)) == tree


def test_snapshot_has_every_listed_operation() -> None:
    used = {expr.op for text, _, _ in LINES for expr in parse(text).walk()}
    assert used == {
        "number", "text", "yes_no", "null", "name", "param", "+", "-", "*", "/", "%", "=", "<>", "<", "<=", ">", ">=",
        "and", "or", "not", "in", "is_null", "is_not_null", "case", "coalesce", "nullif", "abs", "floor", "ceil",
        "greatest", "least", "sqrt", "ln", "exp", "power", "lower", "upper", "trim", "substr", "length", "sum", "count",
        "min", "max", "median", "quantile_disc", "count_distinct", "stddev_pop",
    }  # fmt: skip


REFUSED = [
    # functions that are not listed: of files, of the machine, of chance and time
    ("read_csv('a.csv')", "read_csv"),
    ("read_text('/etc/passwd')", "read_text"),
    ("getenv('HOME')", "getenv"),
    ("getvariable('x')", "getvariable"),
    ("random()", "random"),
    ("now()", "now"),
    ("round(x)", "round"),
    ("if(x, 1, 2)", "if"),
    ("first(x)", "first"),
    ("string_agg(x, ',')", "string_agg"),
    ("extract(year from x)", "date_part"),
    ("main.sum(x)", "main.sum"),
    ("db.main.sum(x)", "main.sum"),
    ("x.upper()", "x.upper"),
    ("try(x)", "OPERATOR_TRY"),
    ("grouping(x)", "GROUPING_FUNCTION"),
    # what else a SELECT may hold
    ("(select 1)", "SUBQUERY"),
    ("exists (select 1)", "SUBQUERY"),
    ("x in (select y)", "SUBQUERY"),
    ("(values (1))", "SUBQUERY"),
    ("*", "STAR"),
    ("columns('a')", "STAR"),
    ("count(*)", "count(*)"),
    ("count()", "count(*)"),
    ("sum(x) over ()", "WINDOW"),
    ("row_number() over (partition by a)", "WINDOW"),
    ("sum(x) filter (where y > 1)", "sum(… FILTER / ORDER BY)"),
    ("sum(x order by y)", "sum(… FILTER / ORDER BY)"),
    ("sum(distinct x)", "sum(DISTINCT …)"),
    ("avg(distinct x)", "avg(DISTINCT …)"),
    ("sum(x) export_state", "EXPORT_STATE"),
    ("1; select 2", ";"),
    ("1; drop table t", ";"),
    ("x as y", "SELECT"),
    ("x y", "SELECT"),
    ("1, 2", "SELECT"),
    ("1 from t", "SELECT"),
    ("1 from read_csv('a.csv')", "SELECT"),
    ("1 where true", "SELECT"),
    ("1 group by 1", "SELECT"),
    ("1 having true", "SELECT"),
    ("1 qualify true", "SELECT"),
    ("1 order by 1", "SELECT"),
    ("1 limit 1", "SELECT"),
    ("1 using sample 1", "SELECT"),
    ("distinct x", "SELECT"),
    ("1 union select 2", "SELECT"),
    ("1 -- comment", "--"),
    ("1 /* comment */", "/*"),
    # values and operators that are not listed
    ("$1", "$1"),
    ("?", "$1"),
    ("#1", "POSITIONAL_REFERENCE"),
    ("default", "DEFAULT"),
    ("cast(x as integer)", "CAST"),
    ("try_cast(x as integer)", "CAST"),
    ("x::int", "CAST"),
    ("date '2020-01-01'", "CAST"),
    ("interval 1 day", "CAST"),
    ("x'01'", "HEX"),
    ("b'01'", "BIT"),
    ("[1, 2]", "[…]"),
    ("array[1]", "ARRAY_CONSTRUCTOR"),
    ("x[1]", "ARRAY_EXTRACT"),
    ("{'a': 1}", "struct_pack(name := …)"),
    ("(1, 2)", "(…, …)"),
    ("abs(x := 1)", "abs(name := …)"),
    ("x -> x + 1", "LAMBDA"),
    ("lambda x: x", "LAMBDA"),
    ("x like 'a%'", "like"),
    ("x not like 'a%'", "not like"),
    ("x ilike 'a%'", "ilike"),
    ("x similar to 'a'", "regexp_full_match"),
    ("x || 'a'", "||"),
    ("x // 2", "//"),
    ("x ^ 2", "^"),
    ("x ** 2", "**"),
    ("~x", "~"),
    ("x collate nocase", "COLLATE"),
    ("x is true", "COMPARE_NOT_DISTINCT_FROM"),
    ("x is distinct from y", "COMPARE_DISTINCT_FROM"),
    ("a.b", "a.b"),
    ("eff.1", ""),
    # aggregates and arguments
    ("sum(sum(x))", "sum"),
    ("max(avg(x))", "max"),
    ("count(distinct median(x))", "count_distinct"),
    ("sum(x, y)", "sum"),
    ("quantile_disc(x, 2)", "quantile_disc"),
    ("quantile_disc(x, y)", "quantile_disc"),
    ("substr(x)", "substr"),
    ("greatest()", "greatest"),
    ("trim(x, 'a')", "trim"),
]


@pytest.mark.parametrize(("text", "what"), REFUSED)
def test_refused_with_what_it_is(text: str, what: str) -> None:
    assert refusal(text).what == what


@pytest.mark.parametrize("text", ["", "   ", "1 +", "(x", "x)", "case end", "'text", "a < b < c", "1 into t"])
def test_syntax_error_says_why(text: str) -> None:
    error = refusal(text)
    assert error.reason
    assert error.what == ""


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("x + round(y)", 4),
        ("доля + round(y)", 7),
        ("x = 'математика' and y like 'a'", 23),
        ("доля + другая::int", 13),
        ("сумма(доля)", 0),
        ("доля * )", 7),
        ("доля * * 2", 9),
        ("доля -- заметка", 5),
        ("sum(доля + max(балл))", 0),
        ("доля + район.код", 7),
    ],
)
def test_place_is_counted_in_characters(text: str, offset: int) -> None:
    assert refusal(text).offset == offset


def test_a_comment_mark_inside_quotes_is_text() -> None:
    assert short(parse("a = '--' or b = 'it''s /*'")) == """(or (= a '--') (= b "it's /*"))"""
    assert refusal("a = '--' -- note").offset == 9


@pytest.mark.parametrize("text", ["abs(" * 500 + "x" + ")" * 500, "+".join(["x"] * 5000), "- " * 900 + "x"])
def test_nested_too_deep_is_refused(text: str) -> None:
    assert "too deep" in refusal(text).reason


def test_a_long_sum_and_a_long_list_are_read() -> None:
    assert len(list(parse("+".join(["x"] * 150)).walk())) == 299
    assert len(parse("x in (" + ",".join(map(str, range(3000))) + ")").args) == 3001


def test_session_user_and_clock_are_but_names() -> None:
    """Resolving refuses them as columns that are not there; nothing is asked of the machine."""
    for text in ("current_user", "user", "current_date", "current_timestamp"):
        assert parse(text).op == "name"


def test_names_parameters_and_aggregates_in_the_order_of_their_appearance() -> None:
    expr = parse('case when b > $low then sum(a + b) / "eff.1.1" end + $high - $low')
    assert expr.names == ("b", "a", "eff.1.1")
    assert expr.parameters == ("low", "high")
    assert [short(a) for a in expr.aggregates] == ["(sum (+ a b))"]
    assert expr.has_division
    assert not parse("a * 2").has_division


KINDS: dict[str, Kind] = {"n": "number", "t": "text", "d": "date", "b": "yes_no", "$p": "number", "$r": "text"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("n", "number"),
        ("$r", "text"),
        ("null", None),
        ("n + $p", "number"),
        ("count(t)", "number"),
        ("length(t)", "number"),
        ("count(distinct d)", "number"),
        ("avg(n)", "number"),
        ("min(t)", "text"),
        ("max(d)", "date"),
        ("quantile_disc(n, 0.5)", "number"),
        ("coalesce(null, t)", "text"),
        ("nullif(n, 0)", "number"),
        ("case when b then n end", "number"),
        ("case when n > 1 then t else 'no' end", "text"),
        ("n > 1 and t in ('a', $r)", "yes_no"),
        ("d >= '2020-01-01'", "yes_no"),
        ("coalesce(d, '2020-01-01')", "date"),
        ("n is null or not b", "yes_no"),
        ("upper(substr(t, 1, 2))", "text"),
        ("nobody_knows", None),
        ("nobody_knows + 1", "number"),
    ],
)
def test_kind_of_a_formula(text: str, kind: Kind | None) -> None:
    assert kind_of(parse(text), KINDS) == kind


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("n + t", "number is needed, text stands", 4),
        ("n * $r", "number is needed, text stands", 4),
        ("sum(t)", "number is needed, text stands", 4),
        ("sum(n > 1)", "number is needed, yes_no stands", 4),
        ("abs(d)", "number is needed, date stands", 4),
        ("n and b", "yes_no is needed, number stands", 0),
        ("not t", "yes_no is needed, text stands", 4),
        ("case when n then 1 end", "yes_no is needed, number stands", 10),
        ("lower(n)", "text is needed, number stands", 6),
        ("length(n)", "text is needed, number stands", 7),
        ("substr(t, 'a')", "number is needed, text stands", 10),
        ("n = 'рус'", "number and text do not go together", 0),
        ("t in (1, 2)", "number and text do not go together", None),
        ("case when b then n else t end", "number and text do not go together", 0),
        ("coalesce(n, t)", "number and text do not go together", 0),
        ("greatest(b, d)", "date and yes_no do not go together", 0),
    ],
)
def test_kinds_that_do_not_fit(text: str, reason: str, offset: int | None) -> None:
    with pytest.raises(ExpressionError) as caught:
        kind_of(parse(text), KINDS)
    assert caught.value.reason == reason
    if offset is not None:
        assert caught.value.offset == offset


# What is read without DuckDB


def formulas(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    spaces = st.sampled_from(["", " ", "  ", "\n"])
    sign = st.sampled_from(["+", "-", "*", "/", "%", "=", "<>", "!=", "<", "<=", ">", ">=", " and ", " or ", " AND "])
    call = st.sampled_from(["sum", "SUM", "avg", "abs", "coalesce", "greatest", "lower", "ceiling", "nullif", "round"])
    listed = st.lists(inner, max_size=3).map(", ".join)
    return st.one_of(
        st.tuples(inner, spaces, sign, spaces, inner).map("".join),
        st.tuples(call, st.just("("), listed, st.just(")")).map("".join),
        st.tuples(inner, st.sampled_from([" in (", " not in (", " IN("]), listed, st.just(")")).map("".join),
        st.tuples(inner, st.sampled_from([" is null", " is not null", "::int", ".x", " between 1 and 2"])).map("".join),
        st.tuples(st.sampled_from(["not ", "-", "- ", "+", "(", "distinct "]), inner).map("".join),
        inner.map("({})".format),
        st.tuples(inner, inner).map("case when {0[0]} then {0[1]} end".format),
        st.tuples(inner, inner).map("case when {0[0]} then {0[1]} when {0[1]} then 1 else {0[0]} end".format),
    )


ATOMS = [
    "x", "mark_2", "Year", '"eff.1.1"', '"a b"', "'ОГЭ'", "'it''s'", "''", "1", "100.0", "1.", "1e5", "007", "$low",
    "true", "NULL", "стр", "a.b", "date", "end", "current_date", "e", "interval", "*", ";", "$1", "_x", "x1", "1_000",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.recursive(st.sampled_from(ATOMS), formulas, max_leaves=8))
def test_what_is_read_without_duckdb_is_what_its_parser_reads(text: str) -> None:
    plain = read_plain(text)
    if plain is None:
        return  # left to the parser
    assert plain == read_sql(text), text


def test_signs_in_a_row_are_read_as_its_parser_reads_them() -> None:
    """`x !=- y` is for DuckDB one sign of three characters, `x <>- y` two signs."""
    rows = ("".join(signs) for n in (1, 2, 3) for signs in product("+-*/%=<>! ", repeat=n))
    read = {f"x{row}y": plain for row in rows if (plain := read_plain(f"x{row}y")) is not None}
    assert {"x - y", "x<>-y", "x*+y"} <= read.keys()
    for text, plain in read.items():
        assert plain == read_sql(text), text


def test_every_word_that_is_no_name_for_duckdb_is_left_to_it() -> None:
    keywords = [word for (word,) in duckdb.execute("SELECT keyword_name FROM duckdb_keywords()").fetchall()]
    assert {"select", "year"} <= set(keywords)
    for word in keywords:
        for text in (word, f"sum({word})", f"{word} + 1", f"-{word}", f"{word} = 1", f"{word}(x)", f"x {word} y"):
            plain = read_plain(text)
            assert plain is None or plain == read_sql(text), text


def test_the_formulas_of_the_shipped_packs_are_read_without_duckdb() -> None:
    """So that checking a pack need not load it, nor anything else that only an evaluation or a wrong pack needs."""
    program = (
        "import sys, shsnor\n"
        "for name in ('federal', 'tver', 'sverdlovsk', 'kchr'):\n"
        "    shsnor.check_pack(shsnor.load_pack(name))\n"
        "slow = {'duckdb', 'jsonschema', 'jinja2', 'numpy', 'xlsxwriter', 'python_calamine', 'rich'}\n"
        "sys.exit(' '.join(slow & set(sys.modules)) or 0)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
