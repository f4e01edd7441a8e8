"""The doorbell: looks at the inbox and rings when something waits. It never touches a file."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

LOOK_SECONDS = 1.0
REMIND_SECONDS = 30.0
LONGEST_WORK = timedelta(minutes=10)  # on one submission, the retries included


class InboxTrigger(BaseEventTrigger):
    """Rings when the set of waiting files changes, and again every half minute while anything is unanswered."""

    def __init__(self, look_seconds: float = LOOK_SECONDS, remind_seconds: float = REMIND_SECONDS) -> None:
        super().__init__()
        self.look_seconds = look_seconds
        self.remind_seconds = remind_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what Airflow needs to make this trigger again in another process."""
        arguments = {"look_seconds": self.look_seconds, "remind_seconds": self.remind_seconds}
        return f"{type(self).__module__}.{type(self).__qualname__}", arguments

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look, ring if there is a reason, and look again."""
        from ingestion.settings import load_settings

        settings = load_settings()
        before: frozenset[tuple[str, int, int]] = frozenset()
        rang_at = time.monotonic()
        while True:
            # In a thread: a slow disk must not hold up Airflow's other triggers.
            now = await asyncio.to_thread(_seen, settings)
            is_reminder = time.monotonic() - rang_at > self.remind_seconds
            if now - before or (is_reminder and await asyncio.to_thread(_is_anything_waiting, settings)):
                yield TriggerEvent({"waiting_file_count": len(now)})
                rang_at = time.monotonic()
            before = now
            await asyncio.sleep(self.look_seconds)


def _seen(settings: Any) -> frozenset[tuple[str, int, int]]:
    from ingestion.intake import waiting_files

    return frozenset(mark for path in waiting_files(settings) if (mark := _mark_of(path)))


def _mark_of(path: Path) -> tuple[str, int, int] | None:
    """Return what changes when a file is replaced; None when it was claimed in this instant."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return str(path), stat.st_mtime_ns, stat.st_size


def _is_anything_waiting(settings: Any) -> bool:
    from ingestion.intake import anything_waiting

    return anything_waiting(settings)


def is_quiet(settings: Any) -> bool:
    """Say whether no file waits and no submission is under way, so that a build would miss nothing.

    A submission that failed through a fault of ours, or that came long ago, must not hold up the others.
    """
    from ingestion import ledger
    from ingestion.intake import waiting_files

    return not waiting_files(settings) and not any(_is_under_way(entry) for entry in ledger.submissions(settings))


def _is_under_way(entry: dict[str, Any]) -> bool:
    age = datetime.now(UTC) - datetime.fromisoformat(entry["received_at"])
    return entry["status"] == "received" and not entry["last_error"] and age < LONGEST_WORK
