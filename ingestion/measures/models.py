"""Run the SQL of single dbt models in a DuckDB in memory, without dbt.

A model reads the tables that are there, under the names that it refers to; nothing of its SQL is changed. So an
analyst's own figures go through the same statements as the figures of a release.
"""

from functools import cache

import duckdb
import jinja2

from ingestion.settings import PROJECT_ROOT

DBT_PROJECT = PROJECT_ROOT / "dbt_project"


def run_model(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Create the table of a model from the tables that are there."""
    [path] = (DBT_PROJECT / "models").rglob(f"{name}.sql")
    connection.execute(f"create table {name} as {render(path.read_text(encoding='utf-8'))}")


@cache
def render(sql: str) -> str:
    """Return a statement written with the macros of the dbt project as plain SQL; `ref` gives the table's name."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    return environment.from_string(_macros() + sql).render(ref=lambda table: table)


@cache
def _macros() -> str:
    paths = sorted((DBT_PROJECT / "macros").rglob("*.sql"))
    return "".join(path.read_text(encoding="utf-8") for path in paths) + "\n"
