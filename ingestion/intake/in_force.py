"""How much of a submission counts now: what later files of its country did not replace."""

from typing import Any

from ingestion import ledger
from ingestion.errors import PcmError
from ingestion.settings import Settings
from ingestion.sql_text import CALLS_NOBODY
from ingestion.store.landed import verified_landing

# A later file replaces whole blocks (country, indicator, period), as in `int_blocks_in_force.sql`.
COUNTING = """
select count(*)
from read_parquet($own) as own
anti join (select distinct indicator, time_period from read_parquet($later, union_by_name = true)) as later
    using (indicator, time_period)
"""


def rows_in_force(settings: Settings, entry: dict[str, Any]) -> int | None:
    """Return how many rows of a submission count now; None when landed rows are damaged, so that nobody knows.

    `entry` is what the ledger knows of it.
    """
    left_out = ledger.left_out(settings)
    landed = [
        each
        for each in ledger.landed_submissions(settings, entry["country_code"])
        if each["submission_id"] not in left_out and each["sequence_number"] >= entry["sequence_number"]
    ]
    if not landed or landed[0]["submission_id"] != entry["submission_id"]:
        return 0
    try:
        own, *later = (str(verified_landing(settings, each)) for each in landed)
    except PcmError:
        return None
    return _count(own, later) if later else int(entry["rows_accepted"])


def _count(own: str, later: list[str]) -> int:
    import duckdb

    with duckdb.connect(config=CALLS_NOBODY) as connection:
        [(count,)] = connection.execute(COUNTING, {"own": own, "later": later}).fetchall()
    return int(count)
