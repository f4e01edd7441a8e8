"""What stands in a release: the public schemas of a build as a database, as Parquet and as CSV, with checksums."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb

from ingestion.formulas import FORMULA_STARTS
from ingestion.settings import PROJECT_ROOT
from ingestion.sql_text import quoted
from ingestion.store.atomic import sha256_of, sha256_of_written
from ingestion.store.sums import sums_text
from ingestion.warehouse.landing import create_database

PUBLIC_SCHEMAS = ("catalogue", "marts", "quality")
SITE = "site"  # drawn from the release afterwards; it can be drawn again
EXPORTED_SCHEMAS = ("marts", "quality")
MACROS = PROJECT_ROOT / "ingestion" / "release" / "macros.sql"
# The figures. Dimensions and vintages also tell of times and earlier releases, which may differ between two
# observatories that hold the same figures.
FIGURES = (
    "fct_completeness",
    "fct_convergence",
    "fct_country_comparisons",
    "fct_estimates",
    "fct_eu_values",
    "fct_inequalities",
    "fct_observations",
    "fct_trends",
)


def export_tables(build_warehouse: Path, folder: Path) -> None:
    """Copy the public tables of a build to `warehouse.duckdb`, `parquet/` and `csv/` in `folder`."""
    for kind in ("parquet", "csv"):
        (folder / kind).mkdir()
    with create_database(folder / "warehouse.duckdb") as connection, ThreadPoolExecutor() as beside:
        connection.execute(f"attach '{quoted(build_warehouse)}' as build (read_only)")
        tables = _public_tables(connection)
        # Each of both writes one file at a time, mostly with one core.
        exporting = beside.submit(_export_all, connection.cursor(), tables, folder)
        for schema, table in tables:
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create table {schema}.{table} as from build.{schema}.{table}")
        connection.execute(MACROS.read_text(encoding="utf-8"))
        exporting.result()


def content_hash(folder: Path) -> str:
    """Return one SHA-256 over the figures of a release: the same figures have the same hash anywhere."""
    return hash_of_figures(lambda name: sha256_of(folder / name))


def hash_of_figures(sha256_of_file: Callable[[str], str | None]) -> str:
    """Return the same of a release whose files have these SHA-256."""
    lines = (f"{table} {sha256_of_file(f'csv/{table}.csv')}\n" for table in FIGURES)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def describe_contents(warehouse: Path) -> dict[str, Any]:
    """Return what a reader wants to know first: countries, observations, the share that is synthetic."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(
            "select count(distinct country_code), count(*), avg(is_synthetic::integer) from marts.fct_observations"
        ).fetchone()
    assert found is not None
    countries, observations, synthetic = found
    share = round(synthetic or 0.0, 4)
    return {"country_count": countries, "observation_count": observations, "is_synthetic_share": share}


def checksums(folder: Path) -> str:
    """Return the text of SHA256SUMS for the files that are in a folder now."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return sums_text({path.relative_to(folder).as_posix(): sha256_of_written(path) for path in files})


def _public_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'build' order by all"
    ).fetchall()
    return [(schema, table) for schema, table in found if schema in PUBLIC_SCHEMAS]


def _export_all(connection: duckdb.DuckDBPyConnection, tables: list[tuple[str, str]], folder: Path) -> None:
    for schema, table in tables:
        if schema in EXPORTED_SCHEMAS:
            _export(connection, f"build.{schema}.{table}", folder, table)


def _export(connection: duckdb.DuckDBPyConnection, source: str, folder: Path, name: str) -> None:
    for kind, rows, options in (
        ("parquet", source, "format parquet"),
        ("csv", _for_spreadsheets(connection, source), "format csv, header"),
    ):
        connection.execute(f"copy {rows} to '{quoted(folder / kind / f'{name}.{kind}')}' ({options})")


def _for_spreadsheets(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return what to copy of a table: itself, or what keeps texts of senders from being formulas, as `neutralised`."""
    described = connection.execute(f"describe {table}").fetchall()
    starts = ", ".join(f"'{sign}'" for sign in FORMULA_STARTS)
    formula = {
        name: f'len("{name}") > 1 and left("{name}", 1) in ({starts})'
        for name, kind, *_ in described
        if kind == "VARCHAR"
    }
    found = connection.execute(
        f"select {', '.join(f'bool_or({each})' for each in formula.values()) or 'false'} from {table}"
    )
    if not any(found.fetchone() or ()):
        return table
    shown = ", ".join(f'if({each}, chr(39) || "{name}", "{name}") as "{name}"' for name, each in formula.items())
    return f"(select * replace ({shown}) from {table} order by rowid)"
