"""What a node of the lake does, in the environment that has the extensions: `python -m tests.growth.node snapshot`."""

import json
import os
import sys
import time

import duckdb

WRITTEN = "lake.marts.fct_eu_values"
PATIENCE_SECONDS = 60


def connect(options: str = "") -> duckdb.DuckDBPyConnection:
    """Return a connection of this node to the lake, which calls nobody else."""
    config = {"extension_directory": os.environ["DUCKDB_EXTENSION_DIRECTORY"], "autoinstall_known_extensions": False}
    connection = duckdb.connect(config=config)
    installed = "select extension_name from duckdb_extensions() where installed and not loaded"
    for (extension,) in connection.execute(installed).fetchall():
        connection.execute(f"load {extension}")
    connection.execute(f"set s3_url_style = '{os.environ['DBT_LAKE_URL_STYLE']}'")
    connection.execute(f"attach 'ducklake:{os.environ['DBT_LAKE_CATALOG']}' as lake {options}")
    return connection


def snapshot() -> None:
    """Print the number of the lake's latest snapshot."""
    print(connect("(read_only)").execute("select max(snapshot_id) from lake.snapshots()").fetchall()[0][0])


def write(times: str) -> None:
    """Change every row of a mart so many times, each time in one commit."""
    connection = connect()
    for number in range(int(times)):
        connection.execute(f"update {WRITTEN} set country_count = {number}")


def watch(last: str) -> None:
    """Look at that mart until it says so; print what was seen: (rows, the least number, the greatest)."""
    connection, seen, deadline = connect("(read_only)"), [], time.monotonic() + PATIENCE_SECONDS
    while not seen or seen[-1][2] != int(last):
        assert time.monotonic() < deadline, seen[-3:]
        looked = f"select count(*), min(country_count), max(country_count) from {WRITTEN}"
        seen += connection.execute(looked).fetchall()
    print(json.dumps(seen))


def as_of(number: str) -> None:
    """Print what that mart was at a snapshot."""
    connection = connect(f"(read_only, snapshot_version {number})")
    print(json.dumps(connection.execute(f"select country_count from {WRITTEN}").fetchall()))


if __name__ == "__main__":
    {each.__name__: each for each in (snapshot, write, watch, as_of)}[sys.argv[1]](*sys.argv[2:])
