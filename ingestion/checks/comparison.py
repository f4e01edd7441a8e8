"""Put beside a file what it is compared with: the sender's own figures in force, and published figures of others.

- `earlier`: one row per figure of the sender that is in force, columns as in the format, and `is_published`.
- `peer`: one row per published figure of another country.
"""

from typing import Any

import duckdb

from ingestion.catalogue import column_kinds
from ingestion.checks.earlier import Earlier, Landed
from ingestion.sql_text import quoted

# Later files replace whole blocks (country, indicator, period), as the warehouse does.
IN_FORCE = """
insert into earlier by name
select {columns}, is_published from landed
qualify sequence_number = max(sequence_number) over (partition by ref_area, indicator, time_period)
"""
# Only what a release shows: the figures of others are no more than any reader may know.
PEERS = """
create table peer as
select
    country_code, indicator_code as indicator, period as time_period, site_code as site_key, stratum_id as stratum_name,
    value, numerator, denominator
from release.marts.fct_estimates
where publication_status = 'published' and country_code <> ?
"""
NO_PEERS = """
create table peer (
    country_code varchar, indicator varchar, time_period varchar, site_key varchar, stratum_name varchar,
    value double, numerator double, denominator double
)
"""


def load_earlier(connection: duckdb.DuckDBPyConnection, earlier: Earlier, *, country_code: str) -> dict[str, Any]:
    """Create `earlier` (the sender's figures in force) and `peer` (published figures of others); say what they hold."""
    kinds = {name.lower(): kind for name, kind in column_kinds().items()}
    columns = ", ".join(f"{name} {'double' if kind == 'number' else 'varchar'}" for name, kind in kinds.items())
    connection.execute(f"create table earlier ({columns}, is_published boolean)")
    if earlier.landed:
        _load_landed(connection, earlier.landed, columns=", ".join(kinds))
    if earlier.warehouse:
        connection.execute(f"attach '{quoted(earlier.warehouse)}' as release (read_only)")
        connection.execute(PEERS, [country_code])
        connection.execute("detach release")
    else:
        connection.execute(NO_PEERS)
    return {"earlier_submissions": len(earlier.landed), "release_id": earlier.release_id}


def _load_landed(connection: duckdb.DuckDBPyConnection, landed: tuple[Landed, ...], *, columns: str) -> None:
    parts = [
        f"select *, {each.sequence_number} as sequence_number, {each.is_published} as is_published "
        f"from read_parquet('{quoted(each.path)}')"
        for each in landed
    ]
    connection.execute(f"create temp view landed as {' union all by name '.join(parts)}")
    connection.execute(IN_FORCE.format(columns=columns))
