"""Run the SQL of single dbt models and macros in a DuckDB in memory, without dbt.

A model reads the tables that are there, under the names that it refers to; nothing of its SQL is changed. So an
analyst's own figures go through the same statements as the figures of a release.
"""

from functools import cache
from typing import Any

import duckdb
import jinja2

from ingestion.settings import PROJECT_ROOT

DBT_PROJECT = PROJECT_ROOT / "dbt_project"


def run_model(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Create the table of a model from the tables that are there; models that are not stand in it as subqueries."""
    made = connection.execute("show tables").fetchall()
    connection.execute(f"create table {name} as {_sql_of(name, frozenset(table for (table,) in made))}")


def call_macro(name: str, **arguments: Any) -> str:
    """Return what a macro of the dbt project makes of these arguments: a statement, or a part of one."""
    return str(_environment().globals[name](**arguments))


def _sql_of(name: str, made: frozenset[str]) -> str:
    def ref(model: str) -> str:
        return model if model in made else f"({_sql_of(model, made)})"

    return _template(name).render(ref=ref)


@cache
def _template(name: str) -> jinja2.Template:
    [path] = (DBT_PROJECT / "models").rglob(f"{name}.sql")
    return _environment().from_string(path.read_text(encoding="utf-8"))


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    # Macros call each other and read `ref`, whichever file they stand in.
    environment.globals["ref"] = lambda table: table
    environment.globals["source"] = lambda schema, table: f"{schema}.{table}"
    paths = sorted((DBT_PROJECT / "macros").rglob("*.sql"))
    macros = environment.from_string("".join(path.read_text(encoding="utf-8") for path in paths)).module
    environment.globals.update({name: macro for name, macro in vars(macros).items() if not name.startswith("_")})
    return environment
