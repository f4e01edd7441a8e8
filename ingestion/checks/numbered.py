"""Coded rows by the numbers of their block and stratum: what NumPy makes of whole numbers sooner than SQL does.

Each function creates the table that the file of the same name in `table_sql` describes, with the same rows; the tests
hold one to the other.
"""

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa
from pyarrow import compute

from ingestion.checks.coded import as_arrow, as_numbers, as_table, some_rows

EARLIER = ("source_row", "block_id", "value", "numerator", "denominator")
OLDER = EARLIER[1:]  # of the period before that
GREATEST = np.iinfo("int64").max


def with_numbers(connection: duckdb.DuckDBPyConnection, rows: pa.Table, same: Mapping[str, str]) -> pa.Table:
    """Return coded rows with `block_id` and `stratum_id`.

    `rows` has numbers of its own of them, `block_number` and `stratum_number`, of which `block_row` and `stratum_row`
    hold the texts; `same` says how these match `block` and `stratum`.
    """
    for part, is_same in same.items():
        query = f"select {part}_number, {part}_id from {part}_row as sent inner join {part} on {is_same}"
        number_and_id = connection.sql(query).to_arrow_table()
        ids = np.full(len(number_and_id), -1, dtype="int32")
        ids[_numbers(number_and_id, f"{part}_number")] = _numbers(number_and_id, f"{part}_id")
        rows = rows.append_column(f"{part}_id", as_arrow(ids[_numbers(rows, f"{part}_number")]))
    return rows


def create_repeated(connection: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    """Create `repeated`; rows of indicators that nobody knows are no figures."""
    blocks, strata = _numbers(rows, "block_id"), _numbers(rows, "stratum_id")
    count = int(strata.max(initial=0)) + 1
    figures = np.sort(blocks.astype("int64") * count + strata)
    several = np.unique(figures[1:][figures[1:] == figures[:-1]])
    found = as_table({"block_id": as_arrow(several // count), "stratum_id": as_arrow(several % count)})
    known = "block_id in (select block_id from block where measure_type_code is not null)"
    _create(connection, "repeated", found, where=known)


def create_change_of_row(connection: duckdb.DuckDBPyConnection, filled: str) -> None:
    """Create `change_of_row` of the rows that a query gives."""
    rows = connection.sql(filled).to_arrow_table().combine_chunks()
    blocks, strata = _numbers(rows, "block_id"), _numbers(rows, "stratum_id")
    series = _numbers(rows, "line_id").astype("int64") * (int(strata.max(initial=0)) + 1) + strata
    places = _in_order(series, blocks)
    stand_beside = series[places][1:] == series[places][:-1]
    changes = some_rows(rows.drop(["line_id"]), places[1:][stand_beside])
    earlier = some_rows(rows.select(EARLIER), places[:-1][stand_beside])
    for name in EARLIER:
        changes = changes.append_column(f"earlier_{name}", earlier[name])
    # A row has an older one where the earlier row has an earlier one.
    has_older = np.append(False, stand_beside[:-1])[stand_beside]
    before = np.append(-1, places[:-2])[stand_beside]
    older = compute.take(rows.select(OLDER), pa.array(before, mask=~has_older))
    for name in OLDER:
        changes = changes.append_column(f"older_{name}", older[name])
    _create(connection, "change_of_row", changes, where="is_current")


def _in_order(series: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Return the places of rows in the order of their series, and of the blocks in each."""
    count = int(blocks.max(initial=0)) + 1
    if (int(series.max(initial=0)) + 1) * count > GREATEST:
        return np.lexsort((blocks, series))
    return np.argsort(series * count + blocks)


def _numbers(table: pa.Table, name: str) -> np.ndarray:
    return as_numbers(table[name].combine_chunks())


def _create(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table, *, where: str) -> None:
    connection.register("found_rows", rows)
    connection.execute(f"create table {name} as from found_rows where {where}")
