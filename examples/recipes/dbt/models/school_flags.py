"""dbt with DuckDB: the flags of all schools as a table, out of the models of the tables below."""

import shsnor

TABLES = ("schools", "results", "decisions")


def model(dbt, session):
    dbt.config(materialized="table")
    tables = {name: dbt.ref(name) for name in TABLES}
    outcome = shsnor.evaluate(shsnor.load_pack("federal"), tables, as_of=dbt.config.get("as_of"))
    return session.from_arrow(outcome.flags)
