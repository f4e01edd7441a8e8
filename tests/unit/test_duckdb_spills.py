"""A join that does not fit into memory loses no row: versions of DuckDB have dropped some, and said nothing.

https://github.com/duckdb/duckdb/issues/25702 tells of one; figures of a large round would be missing in silence.
"""

import json

import duckdb
import pytest

COUNT = 2_000_000
JOINED = (
    "select count(*) from figure inner join label using (number)",
    "select count(*) from figure where number in (select number from label)",
    "select count(*) from figure where exists (select 1 from label where label.number = figure.number)",
)


@pytest.mark.parametrize("query", JOINED, ids=["join", "in", "exists"])
def test_a_join_that_spills_loses_no_row(tmp_path, query):
    with duckdb.connect(str(tmp_path / "figures.duckdb"), config={"threads": 1}) as connection:
        connection.execute(f"create table figure as select (range * 7919) % {COUNT} as number from range({COUNT})")
        connection.execute(f"create table label as select range as number, range % 10 as label from range({COUNT})")
        connection.execute("set memory_limit = '50MB'")
        assert connection.execute(query).fetchall() == [(COUNT,)]
        [(_, analysed)] = connection.execute(f"explain (analyze, format json) {query}").fetchall()
    assert json.loads(analysed)["io"]["total_bytes_written"] > 0
