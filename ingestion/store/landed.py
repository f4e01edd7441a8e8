"""The landed rows of a submission: where they are, and that they are still what was landed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.errors import PcmError
from ingestion.store.atomic import sha256_of
from ingestion.store.home import Home


def verified_landing(home: Home, submission: Mapping[str, Any]) -> Path:
    """Return the Parquet file of a submission that landed, after comparing its bytes with the ledger's hash.

    DuckDB reads most damaged Parquet files without a word, so the hash is compared before every read.
    Errors: `PcmError` when the file is damaged or gone.
    """
    path = home.landing / submission["country_code"] / f"{submission['submission_id']}.parquet"
    if not path.exists() or sha256_of(path) != submission["landing_sha256"]:
        raise PcmError(f"The landed rows of {submission['submission_id']} are damaged or gone. Restore {path}.")
    return path
