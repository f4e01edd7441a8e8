"""Load the catalogue's tables, as plain rows or into DuckDB."""

import csv
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.sql_text import quoted

if TYPE_CHECKING:
    import duckdb

CATALOGUE_FOLDER = Path(__file__).resolve().parent
TYPES_FILE = CATALOGUE_FOLDER / "_catalogue.yml"


@cache
def table_types() -> dict[str, dict[str, str]]:
    """Return {table: {column: DuckDB type}} for every table of the catalogue."""
    import yaml  # twenty milliseconds that a command without a database need not spend

    # As safe as `yaml.safe_load`, and five times as fast: every command of an analyst waits for it.
    seeds = yaml.load(TYPES_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["seeds"]
    return {seed["name"]: seed["config"]["column_types"] for seed in seeds}


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one table as text, in file order. Grain: as `_catalogue.yml` says for the table."""
    with (CATALOGUE_FOLDER / f"{table}.csv").open(newline="", encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream))


@cache
def catalogue_hash() -> str:
    """Return the SHA-256 over all tables: two equal hashes mean the same catalogue."""
    digest = hashlib.sha256()
    for path in sorted(CATALOGUE_FOLDER.glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def load_into(connection: "duckdb.DuckDBPyConnection") -> None:
    """Create the schema `catalogue` with every table, typed, in a DuckDB connection."""
    connection.execute("create schema if not exists catalogue")
    _create_tables(connection, table_types())


def load_beside(connection: "duckdb.DuckDBPyConnection", tables: Iterable[str]) -> None:
    """Attach a database `catalogue` with some tables, typed: it serves all databases of the connection."""
    connection.execute("attach ':memory:' as catalogue")
    _create_tables(connection, tables)


def _create_tables(connection: "duckdb.DuckDBPyConnection", tables: Iterable[str]) -> None:
    for table in tables:
        types = table_types()[table]
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        path = quoted(CATALOGUE_FOLDER / f"{table}.csv")
        connection.execute(
            f"create or replace table catalogue.{table} as from read_csv("
            f"'{path}', auto_detect=false, header=true, delim=',', quote='\"', escape='\"', columns={{{columns}}})"
        )
