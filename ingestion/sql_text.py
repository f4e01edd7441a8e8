"""Texts and paths as they stand in SQL where a statement takes no parameter, and how DuckDB is opened for queries."""

from typing import Any

# The schemas of a release whose tables and views need no prefix.
SEARCHED_SCHEMAS = ("marts", "catalogue", "quality", "themes")

# Nothing is fetched from elsewhere while a statement runs.
CALLS_NOBODY: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def quoted(value: object) -> str:
    """Return a text or a path as it may stand between single quotes in SQL."""
    return str(value).replace("'", "''")


def search_public_schemas(connection: Any) -> None:
    """Let tables and views of a release be named without their schema, as far as this release has the schema."""
    found = connection.execute("select schema_name from duckdb_schemas() where not internal").fetchall()
    path = ",".join(schema for schema in SEARCHED_SCHEMAS if (schema,) in found)
    connection.execute(f"set search_path = '{path}'")
