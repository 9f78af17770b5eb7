"""The verdict of a list and its reason, of those of its parts (rules 6 and 7)."""

from __future__ import annotations

from collections.abc import Sequence


def either(rs: Sequence[str]) -> str:
    """SQL of several reasons together."""
    return "(" + " | ".join(rs) + ")"


def joined(how: str, vs: Sequence[str], vacants: Sequence[str]) -> str:
    """SQL of `all` or `any` of the parts that are not vacant."""
    pairs = list(zip(vs, vacants, strict=True))
    if how == "all":
        return " AND ".join(v if e == "FALSE" else f"({e} OR {v})" for v, e in pairs)
    return " OR ".join(v if e == "FALSE" else f"(NOT {e} AND {v})" for v, e in pairs)


def of_list(
    verdict: str, rs: Sequence[str], vacants: Sequence[str], weighed: Sequence[bool] = (), nothing: str = ""
) -> tuple[str, str]:
    """SQL of the verdict and of the reason of a list, vacant where all of its parts are.

    verdict  what it is of the parts that are not vacant
    vacants  SQL of a part being vacant; "FALSE" where it cannot be
    weighed  which parts weigh anything; all where it is empty
    nothing  a case of the reason that is asked first
    """
    # a part that is known has the reason 0
    unknown = [r if e == "FALSE" else f"CASE WHEN {e} THEN 0 ELSE {r} END" for r, e in zip(rs, vacants, strict=True)]
    live = either([f"({u})" for u, w in zip(unknown, weighed or [True] * len(rs), strict=True) if w] or ["0"])
    v, r = f"({verdict})", f"{nothing}WHEN ({verdict}) IS NOT NULL THEN 0 ELSE {live} END"
    if "FALSE" in vacants:  # then never all of them
        return v, f"CASE {r}"
    none_left = f"({' AND '.join(vacants)})"
    return f"CASE WHEN {none_left} THEN NULL ELSE {v} END", f"CASE WHEN {none_left} THEN {either(rs)} {r}"
