"""Items that rest on an internal function (`Function.internal`): what may not rest on them, and which they are."""

from __future__ import annotations

from shsnor.functions import FunctionTable
from shsnor.resolving.scope import Scope
from shsnor.terms import FunctionTerm, Resolved, Term


def internal_terms(resolved: Resolved, functions: FunctionTable) -> set[Term]:
    """All terms that rest on an internal function, itself included; all readings of a `choose` count."""
    known: dict[Term, bool] = {}

    def internal(term: Term) -> bool:
        if term not in known:
            known[term] = isinstance(term, FunctionTerm) and functions[term.function].internal
            for part in term.parts():  # each is visited, so that each is known
                known[term] |= internal(part)
        return known[term]

    roots: list[Term] = [*resolved.terms.values(), *resolved.peers.values()]
    for term in (*roots, *(t for t in resolved.measures.values() if t is not None)):
        internal(term)
    return {term for term, found in known.items() if found}


def internal_items(resolved: Resolved, functions: FunctionTable) -> set[str]:
    """Ids of the indicators and criteria that rest on an internal function."""
    terms = internal_terms(resolved, functions)
    return {name for name, term in resolved.terms.items() if term in terms}


def check_internal(scope: Scope) -> None:
    """A finding for each flag, cluster, peers item and measure that rests on an internal function."""
    resolved = scope.result
    terms = internal_terms(resolved, scope.functions)
    public: dict[str, Term | None] = {
        f"{resolved.sections[name]}/{name}": term
        for name, term in resolved.terms.items()
        if resolved.sections[name] in ("flags", "clusters")
    }
    public |= {f"peers/{name}": term for name, term in resolved.peers.items()}
    public |= {f"measures/{name}": term for name, term in resolved.measures.items()}
    for path, term in public.items():
        if term in terms:
            scope.fail_only("SH331", path, name=path.split("/")[1], internal=", ".join(_sources(term, terms, scope)))


def _sources(term: Term, internal: set[Term], scope: Scope) -> list[str]:
    """Ids of the items whose internal functions a term rests on."""
    found, waiting, seen = set(), [term], set[Term]()
    while waiting:
        term = waiting.pop()
        if term not in internal or term in seen:
            continue
        seen.add(term)
        if isinstance(term, FunctionTerm) and scope.functions[term.function].internal:
            found.add(term.path.split("/")[1])
        waiting += term.parts()
    return sorted(found)
