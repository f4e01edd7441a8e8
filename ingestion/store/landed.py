"""The landed rows of a submission: where they are, and that they are still what was landed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.errors import PcmError
from ingestion.settings import Settings
from ingestion.store.atomic import sha256_of
from ingestion.store.home import Home
from ingestion.store.objects import fetch


def verified_landing(settings: Settings, submission: Mapping[str, Any]) -> Path:
    """Return the Parquet file of a submission that landed, after comparing its bytes with the ledger's hash.

    Where another machine landed it, it comes from the store.

    DuckDB reads most damaged Parquet files without a word, so the hash is compared before every read.
    Errors: `PcmError` when the file is damaged or gone.
    """
    path = Home(settings.home).landing / submission["country_code"] / f"{submission['submission_id']}.parquet"
    if not path.exists():
        fetch(settings, path)
    if not path.exists() or sha256_of(path) != submission["landing_sha256"]:
        raise PcmError(f"The landed rows of {submission['submission_id']} are damaged or gone. Restore {path}.")
    return path
