"""A look at the health of an observatory: its machine, its home, its records and its releases."""

import importlib.metadata
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from ingestion import ledger
from ingestion.errors import PcmError
from ingestion.ledger.audit_log import broken_line
from ingestion.release.verify import verify
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.status.looks import disk_room, megabytes
from ingestion.store.atomic import sha256_of
from ingestion.store.home import Home
from ingestion.store.landed import verified_landing
from ingestion.store.ledger_place import has_ledger, ledger_file
from ingestion.store.published import release_ids

LOCK = PROJECT_ROOT / "requirements" / "lock.txt"
PRIVATE = ("received", "landing", "builds", "portal")
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """What one look found. `state`: `ok`, `look` (soon a trouble), `broken` (something was lost or changed)."""

    subject: str
    state: str
    sentence: str


def examine(settings: Settings) -> list[Finding]:
    """Return what was found, in the order from the machine to the releases. Reads every byte that is kept."""
    home = Home(settings.home).require()
    found = [*_packages(), *_private_folders(home), *_room(home), *look_at_ledger(settings)]
    # What is kept is compared with the ledger, which must be readable for it.
    if found[-1].state == "ok":
        found += [*_clock(settings), *_received(settings, home)]
    return [*found, *_releases(settings, home)]


def _packages() -> Iterator[Finding]:
    """Compare what is installed with what is pinned, in an installation that has the pins beside it."""
    if not LOCK.exists():
        return
    pins = [Requirement(line.rstrip(" \\")) for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line]
    meant_here = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    other = [f"{pin} (here: {found})" for pin in meant_here if (found := _installed(pin.name)) not in pin.specifier]
    if other:
        yield Finding("packages", "look", f"Not as pinned: {', '.join(other)}. Install anew with `make install`.")
    else:
        yield Finding("packages", "ok", "Installed as pinned.")


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "0"


def _private_folders(home: Home) -> Iterator[Finding]:
    open_ones = [name for name in PRIVATE if (home.root / name).is_dir() and (home.root / name).stat().st_mode & 0o077]
    if open_ones:
        named = ", ".join(f"{name}/" for name in open_ones)
        yield Finding("rights", "broken", f"Other users can look into {named}, where small counts are. chmod 700 them.")
    else:
        yield Finding("rights", "ok", "Small counts are readable by the observatory's own user only.")


def _room(home: Home) -> Iterator[Finding]:
    disk = disk_room(home)
    free, needed = megabytes(disk.free_bytes), megabytes(disk.needed_bytes)
    sentence = f"{free} free; the next release may need {needed} while it is made."
    yield Finding("disk", "ok" if disk.is_roomy else "look", sentence)


def look_at_ledger(settings: Settings) -> list[Finding]:
    """Say whether the ledger can be read, is whole, and was changed by nobody's hand."""
    if not has_ledger(settings):
        return [Finding("ledger", "ok", "Nothing has arrived yet.")]
    path = ledger_file(settings)
    damage = _damage(path) if path else ""
    if damage:
        return [Finding("ledger", "broken", f"The ledger is damaged ({damage}). Restore the newest backup.")]
    try:
        return [_chains(settings)]
    except PcmError as error:
        return [Finding("ledger", "broken", str(error))]


def _damage(path: Path) -> str:
    """Return what is wrong with the file of an SQLite ledger; PostgreSQL looks after its own."""
    # Closed explicitly: the context manager of sqlite3 only ends a transaction.
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        said = [str(line) for (line,) in connection.execute("pragma quick_check")]
    except sqlite3.DatabaseError as error:
        said = [str(error)]
    finally:
        connection.close()
    return "" if said == ["ok"] else said[0]


def _chains(settings: Settings) -> Finding:
    broken = {"decision": ledger.broken_decision(settings), "line of the audit log": broken_line(settings)}
    changed = [f"{what} {number}" for what, number in broken.items() if number is not None]
    if changed:
        return Finding("ledger", "broken", f"Changed by hand: {', '.join(changed)}. Restore the newest backup.")
    count = len(ledger.submissions(settings))
    return Finding("ledger", "ok", f"Whole: {count} submissions, no decision or line of the audit log changed.")


def _clock(settings: Settings) -> Iterator[Finding]:
    newest = max((each["received_at"] for each in ledger.submissions(settings)), default=None)
    now = datetime.now(UTC)
    if newest and datetime.fromisoformat(newest) > now + CLOCK_TOLERANCE:
        yield Finding("clock", "look", f"It is {now:%Y-%m-%d %H:%M} UTC here, but a file arrived at {newest}. Set it.")
    else:
        yield Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC, after everything that is recorded.")


def _received(settings: Settings, home: Home) -> Iterator[Finding]:
    submissions = ledger.submissions(settings)
    damaged = [each["submission_id"] for each in submissions if not _is_as_received(home, each)]
    for each in submissions:
        try:
            if each["landing_sha256"]:
                verified_landing(settings, each)
        except PcmError as error:
            yield Finding("landing", "broken", str(error))
    if damaged:
        named = ", ".join(damaged)
        yield Finding("received", "broken", f"Not the bytes that arrived: {named}. Restore received/ from a backup.")
    else:
        yield Finding("received", "ok", f"{len(submissions)} files, each as it arrived.")


def _is_as_received(home: Home, submission: dict[str, Any]) -> bool:
    originals = list((home.received / submission["submission_id"]).glob("original*"))
    return [sha256_of(path) for path in originals] == [submission["sha256"]]


def _releases(settings: Settings, home: Home) -> Iterator[Finding]:
    for release_id in release_ids(settings):
        problems = verify(home.releases / release_id)
        for problem in problems:
            yield Finding(release_id, "broken", problem)
        if not problems:
            yield Finding(release_id, "ok", "Every file is as it was published.")
