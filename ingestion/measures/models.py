"""Run the SQL of single dbt models and macros in a DuckDB in memory, without dbt.

A model reads the tables that are there, under the names that it refers to; nothing of its SQL is changed. So an
analyst's own figures go through the same statements as the figures of a release.
"""

import re
from functools import cache
from typing import Any

import duckdb
import jinja2

from ingestion.settings import PROJECT_ROOT

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
MACRO = re.compile(r"{%-? macro (\w+)")
CALL = re.compile(r"(\w+)\(")


def run_model(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Create the table of a model from the tables that are there; models that are not stand in it as subqueries."""
    made = connection.execute("show tables").fetchall()
    connection.execute(f"create table {name} as {_sql_of(name, frozenset(table for (table,) in made))}")


def call_macro(name: str, **arguments: Any) -> str:
    """Return what a macro of the dbt project makes of these arguments: a statement, or a part of one."""
    return str(_macros_of(_files_of_macros()[name])[name](**arguments))


def _sql_of(name: str, made: frozenset[str]) -> str:
    def ref(model: str) -> str:
        return model if model in made else f"({_sql_of(model, made)})"

    return _template(name).render(ref=ref)


@cache
def _template(name: str) -> jinja2.Template:
    [path] = (DBT_PROJECT / "models").rglob(f"{name}.sql")
    return _compiled(path.read_text(encoding="utf-8"))


def _compiled(text: str) -> jinja2.Template:
    """Compile a text with the macros that it calls, whichever file they stand in."""
    called = set(CALL.findall(text))
    files = {file for name, file in _files_of_macros().items() if name in called and file != text}
    macros = {name: macro for file in files for name, macro in _macros_of(file).items()}
    return _environment().from_string(text, globals=macros)


@cache
def _macros_of(file: str) -> dict[str, Any]:
    return {name: macro for name, macro in vars(_compiled(file).module).items() if not name.startswith("_")}


@cache
def _files_of_macros() -> dict[str, str]:
    """Return the text of the file in which each macro stands. To compile all of them takes a tenth of a second."""
    files = [path.read_text(encoding="utf-8") for path in (DBT_PROJECT / "macros").rglob("*.sql")]
    return {name: file for file in files for name in MACRO.findall(file)}


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals["ref"] = lambda table: table
    environment.globals["source"] = lambda schema, table: f"{schema}.{table}"
    return environment
