"""Fill the landing of a build: the accepted rows of every submission in the manifest, beside the catalogue."""

from pathlib import Path
from typing import Any

import duckdb

from ingestion.catalogue import load_into
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.sql_text import CALLS_NOBODY, quoted
from ingestion.store.landed import verified_landing
from ingestion.warehouse.manifest import HOLD_COLUMNS, JUSTIFICATION_COLUMNS, WAIVER_COLUMNS

LANDING_DDL = PROJECT_ROOT / "ingestion" / "warehouse" / "landing.sql"
# Files that DuckDB 1.4 and newer can read; 2.0's own format locks older clients out.
STORAGE_VERSION = "v1.4.0"
SUBMISSION_COLUMNS = [
    "submission_id",
    "country_code",
    "sequence_number",
    "received_at",
    "verdict",
    "rows_read",
    "rows_accepted",
    "rows_held",
    "rows_refused",
    "sha256",
]

STEWARDSHIP_COLUMNS = {"holds": HOLD_COLUMNS, "waivers": WAIVER_COLUMNS, "justifications": JUSTIFICATION_COLUMNS}


def create_database(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection to a new database file that calls nobody and that older clients can read."""
    connection = duckdb.connect(config=CALLS_NOBODY)
    connection.execute(f"attach '{quoted(path)}' as warehouse (storage_version '{STORAGE_VERSION}')")
    connection.execute("use warehouse")
    return connection


def fill_landing(settings: Settings, manifest: dict[str, Any], database: Path) -> None:
    """Create the database with the schemas `catalogue` and `landing`, the latter filled as the manifest says.

    Errors: `PcmError` when a landed file no longer has the hash that the ledger recorded.
    """
    with create_database(database) as connection:
        connection.begin()  # each statement alone would be a commit, for which the disk is waited
        load_into(connection)
        connection.execute(LANDING_DDL.read_text(encoding="utf-8"))
        for submission in manifest["submissions"]:
            _insert_submission(connection, submission)
            if submission["landing_sha256"]:
                _insert_observations(connection, settings, submission)
        for release in manifest["releases"]:
            _insert_release(connection, release)
        for table, columns in STEWARDSHIP_COLUMNS.items():
            for row in manifest[table]:
                _insert(connection, table, list(columns), [row[column] for column in columns])
        connection.commit()


def _insert_submission(connection: duckdb.DuckDBPyConnection, submission: dict[str, Any]) -> None:
    values = [submission[column] for column in SUBMISSION_COLUMNS]
    _insert(connection, "submissions", SUBMISSION_COLUMNS, values)
    for finding in submission["findings"]:
        columns = ["submission_id", *finding]
        _insert(connection, "findings", columns, [submission["submission_id"], *finding.values()])


def _insert_observations(connection: duckdb.DuckDBPyConnection, settings: Settings, submission: dict[str, Any]) -> None:
    path = verified_landing(settings, submission)
    connection.execute(
        f"insert into landing.observations by name "
        f"select ? as submission_id, * from read_parquet('{quoted(path)}') order by source_row",
        [submission["submission_id"]],
    )


def _insert_release(connection: duckdb.DuckDBPyConnection, release: dict[str, Any]) -> None:
    columns = ["release_id", "release_sequence", "round_id"]
    _insert(connection, "releases", columns, [release[column] for column in columns])
    for submission_id in release["submissions"]:
        columns = ["release_id", "submission_id"]
        _insert(connection, "release_submissions", columns, [release["release_id"], submission_id])


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str], values: list[Any]) -> None:
    marks = ", ".join("?" * len(values))
    connection.execute(f"insert into landing.{table} ({', '.join(columns)}) values ({marks})", values)
