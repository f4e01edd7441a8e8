"""What can be seen of an observatory without asking any of its processes: each look is cheap and changes nothing."""

import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingestion import ledger
from ingestion.catalogue import latest_round
from ingestion.settings import Settings
from ingestion.status.reporting import reporting
from ingestion.store.home import Home
from ingestion.store.published import current_release_id, release_facts, release_ids, release_manifest
from ingestion.warehouse.judged import judged_builds

# A build and its release stand beside those before them while they are made.
RELEASES_OF_ROOM = 3
GREATEST_INTEGER = 2**31 - 1  # that a column of PostgreSQL may be compared with


@dataclass(frozen=True)
class Queue:
    """How many files wait for their turn, are being read, or failed through a fault of ours and wait for a repetition.

    `oldest_seconds`: how long the oldest submission has had no answer; zero when all have one.
    """

    waiting: int
    reading: int
    failed: int
    oldest_seconds: float


@dataclass(frozen=True)
class Release:
    """The current release, when it was published and how long ago that was."""

    release_id: str
    published_at: str
    age_seconds: float


@dataclass(frozen=True)
class Disk:
    """Bytes that are free, and that the next release may need while it is made."""

    free_bytes: int
    needed_bytes: int

    @property
    def is_roomy(self) -> bool:
        """Whether the next release has room."""
        return self.free_bytes > self.needed_bytes


@dataclass(frozen=True)
class Deadline:
    """The round that is open, or was open last, and the countries of which nothing was accepted since it opened.

    `days_left` is negative once the round has closed; the silent countries are late then.
    """

    round_id: str
    closes_on: date
    days_left: int
    expected_count: int
    silent: list[str]

    @property
    def late(self) -> list[str]:
        """The countries that have missed the deadline."""
        return self.silent if self.days_left < 0 else []


def looks(settings: Settings) -> dict[str, Any]:
    """Return every look as plain values, for programs."""
    release, deadline, disk = current_release(settings), reporting_deadline(settings), disk_room(Home(settings.home))
    return {
        "queue": asdict(queue(settings)),
        "release": asdict(release) if release else None,
        "unreleased_seconds": unreleased_seconds(settings),
        "disk": asdict(disk) | {"is_roomy": disk.is_roomy},
        "round": asdict(deadline) | {"closes_on": deadline.closes_on.isoformat(), "late": deadline.late},
        "mails_waiting": len(mails_waiting(settings)),
    }


def queue(settings: Settings) -> Queue:
    """Return how many files wait, are being read, or failed."""
    from ingestion.intake import waiting_files

    open_ = [each for each in ledger.submissions(settings) if each["status"] == "received"]
    failed = [each for each in open_ if each["last_error"]]
    reading = [each for each in open_ if each["announced_at_unix"] and not each["last_error"]]
    unannounced = len(open_) - len(failed) - len(reading)
    oldest = min((each["received_at"] for each in open_), default=None)
    return Queue(
        waiting=len(waiting_files(settings)) + unannounced,
        reading=len(reading),
        failed=len(failed),
        oldest_seconds=_age_seconds(oldest) if oldest else 0.0,
    )


def current_release(settings: Settings) -> Release | None:
    """Return the current release with its age; None before the first."""
    release_id = current_release_id(settings)
    if release_id is None:
        return None
    published_at = release_facts(settings, release_id)["published_at"]
    return Release(release_id, published_at, _age_seconds(published_at))


def unreleased_seconds(settings: Settings) -> float:
    """Return how long the oldest accepted figures have waited for a build; zero when none is due for them.

    What the gate holds or a steward set aside or has yet to approve waits for people, not for us.
    """
    from ingestion.warehouse import build_due

    released = release_ids(settings)
    used: set[str] = set()
    if released:
        releases = release_manifest(settings, released[-1])["releases"]
        used = {each for release in releases for each in release["submissions"]}
    left_out = ledger.left_out(settings)
    waiting = [
        each["answered_at"]
        for each in ledger.submissions(settings)
        if each["landing_sha256"] and each["submission_id"] not in used | left_out
    ]
    return _age_seconds(min(waiting)) if waiting and build_due(settings) else 0.0


def held_builds(settings: Settings) -> list[str]:
    """Return the builds that the gate holds, of those that would be the next release."""
    next_sequence = len(release_ids(settings)) + 1
    return [
        build.build_id
        for build in judged_builds(settings)
        if build.gate["verdict"] == "hold" and build.manifest["release_sequence"] == next_sequence
    ]


def disk_room(home: Home) -> Disk:
    """Return what is free, and what the next release may need: a multiple of the newest."""
    folders = [path.parent for path in home.releases.glob("[!.]*/release.json") if not path.parent.is_symlink()]
    newest = max(folders, key=lambda folder: (folder / "release.json").stat().st_mtime, default=None)
    needed = RELEASES_OF_ROOM * _size_of(newest) if newest else 0
    return Disk(shutil.disk_usage(home.root).free, needed)


def reporting_deadline(settings: Settings) -> Deadline:
    """Return the deadline of the latest round, and who has not reported."""
    last, countries = latest_round(), reporting(settings)
    return Deadline(
        round_id=last.round_id,
        closes_on=last.closes_on,
        days_left=last.days_left,
        expected_count=len(countries),
        silent=[each.country_code for each in countries if not each.has_reported],
    )


def mails_waiting(settings: Settings) -> list[dict[str, Any]]:
    """Return the mails that were not sent yet, also those that were tried too often."""
    return ledger.messages.unsent_mails(settings, most_attempts=GREATEST_INTEGER)


def megabytes(size_bytes: int) -> str:
    """Return a size for people."""
    return f"{size_bytes / 1e6:,.0f} MB".replace(",", " ")


def _age_seconds(moment: str) -> float:
    return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds())


@lru_cache(maxsize=1)
def _size_of(release_folder: Path) -> int:
    """A release never changes, and has thousands of files: they are measured once."""
    return sum(path.stat().st_size for path in release_folder.rglob("*"))
