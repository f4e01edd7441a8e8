"""The doorbells: they look whether something is due, and ring. They never touch a file or change anything."""

import asyncio
import logging
import time
from abc import abstractmethod
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from ingestion.bells.due import is_publication_due, is_quiet, is_release_due
from ingestion.settings import Settings, load_settings
from ingestion.store.home import Home

LOOK_SECONDS = 1.0
REMIND_SECONDS = 30.0

log = logging.getLogger(__name__)


class Doorbell(BaseEventTrigger):
    """Rings when what it looks at has changed and something is due; looks thoroughly again every half minute.

    An event may be lost or doubled: whoever it wakes asks the ledger and the store what is due.
    """

    def __init__(self, look_seconds: float = LOOK_SECONDS, remind_seconds: float = REMIND_SECONDS) -> None:
        super().__init__()
        self.look_seconds = look_seconds
        self.remind_seconds = remind_seconds

    @abstractmethod
    def glance(self, settings: Settings) -> object:
        """Return something cheap to get that differs whenever there may be news."""

    @abstractmethod
    def is_due(self, settings: Settings, *, thoroughly: bool) -> bool:
        """Say whether there is something to do; `thoroughly` also what an earlier event should have started."""

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what Airflow needs to make this trigger again in another process."""
        arguments = {"look_seconds": self.look_seconds, "remind_seconds": self.remind_seconds}
        return f"{type(self).__module__}.{type(self).__qualname__}", arguments

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look, ring if there is a reason, and look again."""
        settings, before, looked_at = load_settings(), None, time.monotonic()
        while True:
            try:
                # In a thread: a slow disk must not hold up Airflow's other triggers.
                now = await asyncio.to_thread(self.glance, settings)
                is_reminder = time.monotonic() - looked_at > self.remind_seconds
                if now != before or is_reminder:
                    before, looked_at = now, time.monotonic()
                    if await asyncio.to_thread(self.is_due, settings, thoroughly=is_reminder):
                        yield TriggerEvent({"bell": type(self).__name__})
            except OSError:
                # Airflow would not start a failed doorbell again. The disk may be well at the next look.
                log.exception("The doorbell could not look.")
            await asyncio.sleep(self.look_seconds)


class InboxDoorbell(Doorbell):
    """Rings when a file waits in the inbox; reminds of submissions that still have no answer."""

    def glance(self, settings: Settings) -> object:
        """Return name, time and size of every waiting file."""
        from ingestion.intake import waiting_files

        return [mark for path in waiting_files(settings) if (mark := _mark_of(path))]

    def is_due(self, settings: Settings, *, thoroughly: bool) -> bool:
        """Say whether a file waits or, thoroughly, whether a submission waits for its answer."""
        from ingestion.intake import waiting_files

        return not is_quiet(settings) if thoroughly else bool(waiting_files(settings))


class LandingDoorbell(Doorbell):
    """Rings when a build is due and no file is under way, and when the hour of an approved draft has come."""

    def glance(self, settings: Settings) -> object:
        """Return time and size of the ledger's files."""
        ledger = Home(settings.home).ledger
        return [_mark_of(path) for path in (ledger, ledger.with_name(f"{ledger.name}-wal"))]

    def is_due(self, settings: Settings, *, thoroughly: bool) -> bool:
        """Say whether a build is due that would miss nothing, or a draft is to be published."""
        from ingestion.warehouse import last_failure

        # A build that failed is tried again when something new lands and by the sweep, not every half minute.
        has_failed = thoroughly and last_failure(Home(settings.home)) is not None
        return not has_failed and (is_release_due(settings) or is_publication_due(settings))


def _mark_of(path: Path) -> tuple[str, int, int] | None:
    """Return what changes when a file is replaced; None when there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return str(path), stat.st_mtime_ns, stat.st_size
