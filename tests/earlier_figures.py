"""What a file is compared with: figures that its country has sent before, and a release of other countries."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from ingestion.checks.earlier import Earlier, Landed
from ingestion.checks.examination import examine_here
from tests.files import Row, as_lines, csv_text, write

PEER_COLUMNS = """
    country_code varchar, indicator_code varchar, period varchar, site_code varchar, stratum_id varchar,
    value double, numerator double, denominator double, publication_status varchar
"""


def sent_before(folder: Path, figures: Sequence[Row], *, country: str = "LU", is_published: bool = True) -> Earlier:
    """Figures of the country that were accepted earlier, landed as the desk lands them."""
    folder.mkdir(parents=True)
    path = write(folder, "before.csv", csv_text(as_lines(figures)))
    assert examine_here(path, country_code=country, work_folder=folder)["rows"]["accepted"] == len(figures)
    return Earlier((Landed(folder / "accepted.parquet", 1, is_published),))


def released(folder: Path, figures: Sequence[tuple[object, ...]]) -> Earlier:
    """A release with published figures of other countries: (country, indicator, period, site, stratum, value, n, d)."""
    folder.mkdir(parents=True)
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.fct_estimates ({PEER_COLUMNS})")
        marks = ", ".join("?" * 8)
        connection.executemany(f"insert into marts.fct_estimates values ({marks}, 'published')", figures)
    return Earlier((), "2026.1", warehouse)
