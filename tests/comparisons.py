"""Figures of countries, compared by the warehouse's own SQL in a DuckDB in memory, without dbt."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import duckdb
import pyarrow

from ingestion.catalogue import load_into
from ingestion.measures.models import run_model
from ingestion.measures.quantiles import add_quantile_functions

CATALOGUE_TABLES = ("countries", "joint_quantiles", "poisson_limits", "populations")
COMPARISONS = (
    "int_country_values",
    "int_eu_values",
    "fct_eu_values",
    "int_country_ranks",
    "int_country_gaps",
    "int_funnel_limits",
    "fct_country_comparisons",
)
CONVERGENCE = (
    "int_convergence_windows",
    "int_convergence_panel",
    "int_dispersions",
    "int_sigma_convergence",
    "int_beta_convergence",
    "int_gamma_convergence",
    "fct_convergence",
)
TRENDS = ("int_trend_points", "fct_trends")
# What a model may read, with a value for what a test does not tell.
ESTIMATE = {
    "country_code": "LU",
    "indicator_code": "SHARE",
    "period": "2025",
    "site_code": "C50",
    "stratum_id": "TOTAL",
    "value": None,
    "se": None,
    "lower_ci": None,
    "upper_ci": None,
    "numerator": None,
    "denominator": None,
    "method": "none",
    "publication_status": "published",
    "null_reason": None,
    "is_synthetic": False,
}
GAP = {
    "country_code": "LU",
    "indicator_code": "SHARE",
    "period": "2025",
    "site_code": "C50",
    "dimension_code": "SEX",
    "measure": "d",
    "estimate": None,
    "se": None,
    "null_reason": None,
    "is_synthetic": False,
}
COUNTRY_VALUE = {
    "country_code": "LU",
    "indicator_code": "SHARE",
    "period": "2025",
    "site_code": "C50",
    "value": None,
    "better_sign": 1,
    "population_count": None,
    "is_synthetic": False,
}
TEXTS = {"country_code", "indicator_code", "period", "site_code", "stratum_id", "dimension_code", "measure", "method"}
TEXTS |= {"publication_status", "null_reason", "direction"}
WHOLE_NUMBERS = {"better_sign": "integer", "population_count": "bigint", "target_year": "integer"}

Row = dict[str, Any]


def proportion(count: float, total: float, **columns: Any) -> Row:
    """Return a published estimate of a proportion in percent; only whether there are limits matters, not which."""
    value = 100 * count / total
    error = (value * (100 - value) / total) ** 0.5
    limits = {"se": error, "lower_ci": max(0, value - 10), "upper_ci": min(100, value + 10)}
    return {"value": value, **limits, "numerator": count, "denominator": total, "method": "wilson", **columns}


def rate(count: float, population: float, **columns: Any) -> Row:
    """Return a published estimate of a rate per 100 000."""
    value = 100_000 * count / population
    limits = {"se": 100_000 * count**0.5 / population, "lower_ci": 0, "upper_ci": 2 * value + 1}
    return {"value": value, **limits, "numerator": count, "denominator": population, "method": "byar", **columns}


def warehouse(*, direction: str = "higher_better", target: float | None = None) -> duckdb.DuckDBPyConnection:
    """Return a database with the catalogue and one indicator, `SHARE`."""
    connection = duckdb.connect()
    for table, contents in _catalogue().items():
        connection.register("contents", contents)
        connection.execute(f"create table {table} as from contents")
    create(connection, "indicators", [{"indicator_code": "SHARE", "direction": direction, "hard_max": 100}])
    create(connection, "dim_indicator", [{"indicator_code": "SHARE", "target_value": target, "target_year": 2030}])
    return connection


@cache
def _catalogue() -> dict[str, pyarrow.Table]:
    with duckdb.connect() as connection:
        load_into(connection)
        return {table: connection.sql(f"from catalogue.{table}").to_arrow_table() for table in CATALOGUE_TABLES}


def create(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Row], default: Row | None = None) -> None:
    """Create a table of rows; what a row does not tell is that of `default`."""
    filled = [{**(default or {}), **row} for row in rows]
    names = list(default or filled[0])
    columns = ", ".join(f"{name} {_type_of(name)}" for name in names)
    connection.execute(f"create or replace table {table} ({columns})")
    if filled:
        places = ", ".join("?" for _ in names)
        connection.executemany(
            f"insert into {table} values ({places})", [[row[name] for name in names] for row in filled]
        )


def _type_of(name: str) -> str:
    if name in TEXTS or name.endswith("_code"):
        return "varchar"
    return "boolean" if name.startswith("is_") else WHOLE_NUMBERS.get(name, "double")


def compare(connection: duckdb.DuckDBPyConnection, estimates: Iterable[Row]) -> dict[str, Row]:
    """Return {country: row of `fct_country_comparisons`} of one indicator, period and site."""
    create(connection, "fct_estimates", estimates, ESTIMATE)
    for model in COMPARISONS:
        run_model(connection, model)
    return {row["country_code"]: row for row in ask(connection, "from fct_country_comparisons")}


def converge(connection: duckdb.DuckDBPyConnection, values: Iterable[Row], breaks: Iterable[Row] = ()) -> None:
    """Run the models of convergence over the values of countries; every period of them is expected."""
    create(connection, "int_country_values", values, COUNTRY_VALUE)
    _create_breaks(connection, breaks)
    connection.execute(
        "create table int_expected_periods as select distinct indicator_code, period from int_country_values;"
        "create table dim_period as select distinct period, left(period, 4)::integer as period_year, "
        "make_date(period_year, if(ends_with(period, 'S2'), 7, 1), 1) as period_start_on from int_country_values"
    )
    add_quantile_functions(connection)
    for model in CONVERGENCE:
        run_model(connection, model)


def follow(connection: duckdb.DuckDBPyConnection, estimates: Iterable[Row], **tables: Iterable[Row]) -> None:
    """Run the models of trends over the estimates of countries, their `gaps` and their `breaks`."""
    create(connection, "fct_estimates", estimates, ESTIMATE)
    create(connection, "fct_inequalities", tables.get("gaps", ()), GAP)
    _create_breaks(connection, tables.get("breaks", ()))
    for model in ("int_country_values", *TRENDS):
        run_model(connection, model)


def _create_breaks(connection: duckdb.DuckDBPyConnection, breaks: Iterable[Row]) -> None:
    place = {name: COUNTRY_VALUE[name] for name in ("country_code", "indicator_code", "period", "site_code")}
    create(connection, "int_series_breaks", breaks, {**place, "dimension_code": "TOTAL"})


def ask(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    """Return the rows of a query as dictionaries."""
    found = connection.execute(sql)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
