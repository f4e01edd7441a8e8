"""SQL that is parsed once: for most statements of a small file DuckDB's parser takes longer than the rows."""

from collections.abc import Sequence

import duckdb

from ingestion.checks.registry import TABLE_SQL_FOLDER, with_parameters

_parsed: dict[str, list[duckdb.Statement]] = {}


def parsed(connection: duckdb.DuckDBPyConnection, sql: str) -> list[duckdb.Statement]:
    """Return the statements of a text that is the same for many files: it is kept as long as the process lives."""
    if sql not in _parsed:
        _parsed[sql] = connection.extract_statements(sql)
    return _parsed[sql]


def run(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
    """Execute the statements of such a text; the values are those of the last one."""
    *before, last = parsed(connection, sql)
    for statement in before:
        connection.execute(statement)
    return connection.execute(last, values)


def run_file(connection: duckdb.DuckDBPyConnection, name: str, **parts: str) -> None:
    """Run the statements of one file of `table_sql`, the places in braces filled."""
    run(connection, sql_of(name).format(**parts))


def sql_of(name: str) -> str:
    """Return the text of one file of `table_sql`, with the numbers that it names."""
    return with_parameters((TABLE_SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
