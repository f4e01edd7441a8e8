"""Which submissions a release has figures of: what its own table of submissions says, as every reader sees it.

A release is made of more: of a submission that later ones replaced whole, nothing stands in it.
"""

import csv
from functools import cache
from pathlib import Path

from ingestion.settings import Settings
from ingestion.store.home import Home
from ingestion.store.packed import kept_file

TABLE = "csv/dim_submission.csv"


def submissions_in(settings: Settings, release_id: str) -> frozenset[str]:
    """Return the submissions that a release has figures of. Errors: `PcmError` when its table is damaged or gone."""
    return _in_force(Home(settings.home).releases / release_id)


@cache  # a release never changes
def _in_force(folder: Path) -> frozenset[str]:
    with kept_file(folder, TABLE) as path, path.open(encoding="utf-8", newline="") as stream:
        return frozenset(row["submission_id"] for row in csv.DictReader(stream) if row["is_in_force"] == "true")
