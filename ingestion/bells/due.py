"""Whether a release is due: something new has landed, and no file is under way that the release would miss."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ingestion.settings import Settings

# Longer than checking one submission may take, its repetitions included.
LONGEST_WORK = timedelta(minutes=10)
# Longer than any run may take that is not stuck; a release of the whole round takes minutes.
LONGEST_RUN = timedelta(hours=1)
# How often a task is tried again: a fault that passes (a full disk, a killed worker) should cost seconds.
RETRIES = 2


def is_release_due(settings: Settings) -> bool:
    """Say whether a build is due and would miss nothing that is under way."""
    from ingestion.warehouse import build_due

    return is_quiet(settings) and build_due(settings)


def is_publication_due(settings: Settings) -> bool:
    """Say whether a steward has approved a draft and its hour has come."""
    from ingestion.release.drafts import publishable_draft

    return settings.publishing == "approval" and publishable_draft(settings) is not None


def is_quiet(settings: Settings) -> bool:
    """Say whether no file waits and no submission is under way.

    A submission that failed for good through a fault of ours, or that came long ago, must not hold up the others; nor
    must a file that cannot be taken, because its sender lets nobody read it, say.
    """
    from ingestion import ledger
    from ingestion.intake import waiting_files

    is_awaited = any(map(_came_lately, waiting_files(settings)))
    return not is_awaited and not any(_is_under_way(entry) for entry in ledger.submissions(settings))


def _came_lately(path: Path) -> bool:
    """Say whether a file of the inbox is new here, however old its sender says it is."""
    try:
        return time.time() - path.lstat().st_ctime < LONGEST_WORK.total_seconds()
    except OSError:  # taken meanwhile
        return False


def _is_under_way(entry: dict[str, Any]) -> bool:
    age = datetime.now(UTC) - datetime.fromisoformat(entry["received_at"])
    return entry["status"] == "received" and entry["attempts"] <= RETRIES and age < LONGEST_WORK
