"""What a country's own figures would be: level, interval and gaps before and after, by the models of the releases.

The newest period of each indicator of a file is computed twice, from the rows in force and from the rows that would be
accepted: by the very SQL of the warehouse (`stg_observations`, `fct_estimates`, `fct_inequalities`), without its
suppression, because a sender knows its own counts. Nothing of others is read.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingestion.catalogue import load_into, rows
from ingestion.checks.comparison import load_earlier
from ingestion.checks.earlier import Earlier, earlier_figures
from ingestion.measures.inequality import run_measures
from ingestion.measures.models import run_model
from ingestion.settings import Settings
from ingestion.sql_text import CALLS_NOBODY, quoted

Key = tuple[str, str, str]
KEYS = ("indicator_code", "period", "site_code")
GAP = "d"  # the difference between the highest and the lowest group, which speaks the unit of the indicator
COLUMNS = ", ".join(row["column_name"].lower() for row in rows("submission_columns"))
NEWEST = """
create table newest as
select indicator, max(time_period) as time_period from read_parquet('{path}') group by indicator
"""
SIDES = {
    "after": "insert into landing.observations by name select '{side}' as submission_id, {columns}, source_row "
    "from read_parquet('{path}') semi join newest using (indicator, time_period)",
    "before": "insert into landing.observations by name select '{side}' as submission_id, {columns}, 0 as source_row "
    "from earlier semi join newest using (indicator, time_period)",
}
OBSERVATIONS = """
create table fct_observations as
select *, false as is_suppressed from stg_observations
"""
# Empty here: what nobody sent is told elsewhere, and rates by age are standardised in the release.
NOT_ASKED = """
create table int_expected_sites (country_code varchar, indicator_code varchar, period varchar, site_code varchar);
create table int_age_standardised (country_code varchar, effective_event_count double)
"""
MODELS_OF_ESTIMATES = ("int_measured_observations", "fct_estimates")
MODELS_OF_GAPS = ("int_groups", "int_compared_groups", "int_inequality_units", "int_inequality_groups")
LEVELS = """
select {keys}, value, lower_ci, upper_ci from fct_estimates where stratum_id = 'TOTAL'
"""
GAPS = """
select {keys}, dimension_code, estimate, lower_ci, upper_ci
from fct_inequalities
where measure = ? and estimate is not null
order by dimension_code
"""
OWN = """
create table own as
select {keys}, value from fct_estimates where stratum_id = 'TOTAL' and value is not null
"""
TOUCHED = """
select count(*)
from own
inner join release.marts.fct_estimates as shown using ({keys})
where
    shown.stratum_id = 'TOTAL'
    and shown.country_code = ?
    and shown.value is not null
    and abs(shown.value - own.value) > 1e-9 * abs(own.value)
"""


@dataclass(frozen=True)
class Level:
    """A figure with its interval (95 %), in the unit of its indicator."""

    value: float
    lower_ci: float | None = None
    upper_ci: float | None = None


@dataclass
class Line:
    """One indicator at its newest period and one site: before and after, each None where there is no value.

    `gaps`: {dimension: {side: gap}}. No rank: it means little without its limits, which need every country's figures.
    """

    indicator_code: str
    period: str
    site_code: str
    before: Level | None = None
    after: Level | None = None
    gaps: dict[str, dict[str, Level]] = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """The lines, and the current release: its id, and how many of the lines it shows otherwise."""

    lines: list[Line]
    release_id: str | None = None
    touched_count: int = 0


def preview_of(settings: Settings, accepted: Path, *, country_code: str) -> Preview:
    """Return what the figures of a country would be if a file were sent.

    Errors: `PcmError` when landed rows no longer have the hash that the ledger recorded.
    """
    if not accepted.exists():
        return Preview([])
    known = earlier_figures(settings, country_code=country_code)
    lines: dict[Key, Line] = {}
    with _warehouse("before", accepted, known, country_code=country_code) as connection:
        _read(connection, "before", lines)
    with _warehouse("after", accepted, known, country_code=country_code) as connection:
        _read(connection, "after", lines)
        touched_count = _touched(connection, known.warehouse, country_code) if known.warehouse else 0
    found = sorted(lines.values(), key=lambda line: (line.indicator_code, line.site_code))
    return Preview(found, known.release_id, touched_count)


def _warehouse(side: str, accepted: Path, known: Earlier, *, country_code: str) -> duckdb.DuckDBPyConnection:
    """Return a database with the marts of one side."""
    connection = duckdb.connect(config={"threads": 1, **CALLS_NOBODY})
    load_into(connection)
    connection.execute("set search_path = 'main,catalogue'")
    load_earlier(connection, Earlier(known.landed), country_code=country_code)
    connection.execute(NEWEST.format(path=quoted(accepted)))
    connection.execute("create schema landing")
    connection.execute(
        "create table landing.observations as "
        f"select '' as submission_id, {COLUMNS}, 0 as source_row from earlier where false"
    )
    connection.execute(SIDES[side].format(side=side, columns=COLUMNS, path=quoted(accepted)))
    run_model(connection, "stg_observations")
    connection.execute(OBSERVATIONS)
    connection.execute(NOT_ASKED)
    for model in (*MODELS_OF_ESTIMATES, *MODELS_OF_GAPS):
        run_model(connection, model)
    run_measures(connection)
    run_model(connection, "fct_inequalities")
    return connection


def _read(connection: duckdb.DuckDBPyConnection, side: str, lines: dict[Key, Line]) -> None:
    for *key, value, lower, upper in connection.execute(LEVELS.format(keys=", ".join(KEYS))).fetchall():
        line = _line_of(lines, key)
        if value is not None:
            setattr(line, side, Level(value, lower, upper))
    for *key, dimension, value, lower, upper in connection.execute(GAPS.format(keys=", ".join(KEYS)), [GAP]).fetchall():
        _line_of(lines, key).gaps.setdefault(dimension, {})[side] = Level(value, lower, upper)


def _touched(connection: duckdb.DuckDBPyConnection, warehouse: Path, country_code: str) -> int:
    """Return how many figures the release shows otherwise."""
    keys = ", ".join(KEYS)
    connection.execute(OWN.format(keys=keys))
    connection.execute(f"attach '{quoted(warehouse)}' as release (read_only)")
    [touched_count] = connection.execute(TOUCHED.format(keys=keys), [country_code]).fetchone() or (0,)
    return int(touched_count)


def _line_of(lines: dict[Key, Line], key: list[str]) -> Line:
    code, period, site = key
    return lines.setdefault((code, period, site), Line(code, period, site))
