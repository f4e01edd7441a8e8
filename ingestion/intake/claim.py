"""Claim what lies in the inbox: keep every byte under a name of our own, then record it, then clear the inbox.

Each step may be cut off at any instruction and done again: until the last step the file is still in the inbox.
"""

import errno
import fcntl
import logging
import os
import re
import shutil
import signal
import stat
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from ingestion import ledger
from ingestion.catalogue import roster_countries
from ingestion.errors import is_disk_full
from ingestion.intake.answer import RECEIPTS_FOLDER, answer_repetition
from ingestion.ledger.four_eyes import asking_countries
from ingestion.logs import about
from ingestion.settings import Settings
from ingestion.store.atomic import (
    TEMPORARY_PREFIX,
    copy_hashed,
    remove_leftovers,
    settle_folder,
    temporary_beside,
    write_json,
)
from ingestion.store.home import Home
from ingestion.store.locks import exclusively_everywhere
from ingestion.store.objects import keep

log = logging.getLogger(__name__)

UNKNOWN_COUNTRY = "ZZ"  # ISO 3166 reserves ZZ for private use: the sender's folder is not a country's
# What copying programs call a file that is not whole yet.
UNFINISHED_ENDINGS = (".part", ".partial", ".tmp", ".crdownload", ".filepart")
HASH_LENGTH_IN_ID = 16
ENDING = re.compile(r"\.[a-z0-9]{1,7}")  # another one says nothing about the format, and a store may not take it


def waiting_files(settings: Settings) -> list[Path]:
    """Return the files in the inbox that nobody writes to any more, oldest first.

    A file is at rest when it has not changed for `settings.settle_seconds` and nobody has it open to write, as far as
    the system tells us. One of the future is at rest, too: who writes now writes a time of now, so that its sender's
    clock, or ours before it was set back, says another one.
    """
    files = _files_in(Home(settings.home).inbox)
    found = [(known.st_mtime_ns, path) for path in files if (known := _at_rest(settings, path))]
    return [path for _, path in sorted(found)]


def anything_waiting(settings: Settings) -> bool:
    """Say whether a file waits in the inbox or a submission waits for its answer."""
    return bool(waiting_files(settings) or ledger.unanswered(settings))


def claim_pending(settings: Settings) -> list[str]:
    """Claim every waiting file and return the ids whose processing must be started now.

    A file that cannot be read stays in the inbox, is logged, and stops no other.
    Errors: `OSError` when the disk is full.
    """
    home = Home(settings.home).require()
    asking = asking_countries(settings)
    if asking:
        _claim_each(settings, _put_forward, lambda country_code: country_code in asking)
    with exclusively_everywhere(settings, "intake"):
        remove_leftovers(home.received)
        _claim_each(settings, _take, lambda country_code: country_code not in asking)
        return ledger.announce_waiting(settings)


def receive(
    settings: Settings,
    path: Path,
    *,
    country_code: str,
    arrived_via: str,
    original_name: str | None = None,
    sender: str | None = None,
) -> str:
    """Take a file from anywhere into the store and the ledger, and return its submission id.

    The file itself is left where it is. The same content from the same country is the same submission.
    `sender`: who sent it, as the receipt is to say it.
    """
    known = {"original_name": original_name, "sender": sender}
    more = {name: value for name, value in known.items() if value}
    Home(settings.home).require()
    with exclusively_everywhere(settings, "intake"):
        return _receive(settings, path, country_code=country_code, arrived_via=arrived_via, **more)


def submission_id_of(country_code: str, sha256: str) -> str:
    """Return the id of the submission that a country makes of a file's content."""
    return f"{country_code}-{sha256[:HASH_LENGTH_IN_ID]}"


def ending_of(path: Path) -> str:
    """Return the ending of a file's name as the store keeps it, with its dot; nothing for one that says nothing."""
    ending = path.suffix.lower()
    return ending if ENDING.fullmatch(ending) else ""


def _receive(settings: Settings, path: Path, *, country_code: str, arrived_via: str, **more: str) -> str:
    home = Home(settings.home)
    temporary = temporary_beside(home.received / "x")
    temporary.mkdir(parents=True)
    sha256, size_bytes = _copy_and_hash(path, temporary / f"original{ending_of(path)}")
    submission_id = submission_id_of(country_code, sha256)
    arrival = {
        "submission_id": submission_id,
        "country_code": country_code,
        "sha256": sha256,
        "size_bytes": size_bytes,
        "original_name": _readable(path.name),
        "received_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "arrived_via": arrived_via,
        **more,
    }
    write_json(temporary / "arrival.json", arrival)
    settle_folder(temporary, home.received / submission_id)
    keep(settings, home.received / submission_id)
    with about(submission_id):
        log.info("Arrived by the %s.", arrived_via)
        if ledger.record_arrival(settings, arrival, modified_ns=path.stat().st_mtime_ns):
            answer_repetition(settings, arrival)
    return submission_id


def _readable(name: str) -> str:
    """Return a name with signs in the place of bytes that are no UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _claim_each(settings: Settings, take: Callable[..., None], is_meant: Callable[[str], bool]) -> None:
    for path in waiting_files(settings):
        country_code = _country_of(settings, path)
        if is_meant(country_code):
            try:
                _claim(settings, path, country_code, take)
            except OSError as error:
                if is_disk_full(error):
                    raise
                # No name of a file: people name files after themselves. `pcm status` shows what waits.
                log.warning("A file of %s stays in the inbox: %s.", country_code, error.strerror)


def _take(settings: Settings, path: Path, country_code: str) -> None:
    _receive(settings, path, country_code=country_code, **_from_inbox(settings, path))


def _put_forward(settings: Settings, path: Path, country_code: str) -> None:
    from ingestion.portal.sending.four_eyes import put_file_forward  # the portal stands on top of the intake

    if sent_before := put_file_forward(settings, path, country_code=country_code):
        answer_repetition(settings, sent_before | _from_inbox(settings, path))


def _from_inbox(settings: Settings, path: Path) -> dict[str, str]:
    """Return what an arrival says of a file of the inbox, so that its receipt finds the way back."""
    folder = _readable(str(path.parent.relative_to(Home(settings.home).inbox)))
    return {"arrived_via": "inbox", "inbox_folder": folder, "original_name": _readable(path.name)}


def _claim(settings: Settings, path: Path, country_code: str, take: Callable[..., None]) -> None:
    # Others were taken since we looked, and meanwhile somebody may have begun to write this one anew.
    if before := _at_rest(settings, path):
        take(settings, path, country_code)
        after = _at_rest(settings, path)
        # A file replaced while we copied it is a new arrival: it stays for the next claim.
        if after and _version_of(before) == _version_of(after):
            path.unlink()


def _country_of(settings: Settings, path: Path) -> str:
    folder = path.relative_to(Home(settings.home).inbox).parts[0].upper()
    return folder if folder in roster_countries() else UNKNOWN_COUNTRY


def _copy_and_hash(source: Path, target: Path) -> tuple[str, int]:
    with source.open("rb") as reader:
        known = copy_hashed(reader, target)
    shutil.copystat(source, target)
    return known


def _files_in(inbox: Path) -> list[Path]:
    found: list[Path] = []
    for folder, subfolders, names in os.walk(inbox):
        subfolders[:] = [name for name in subfolders if name != RECEIPTS_FOLDER and not name.startswith(".")]
        found += [Path(folder) / name for name in names if _is_offered(name)]
    return found


def _is_offered(name: str) -> bool:
    # `~$` is the lock file that a spreadsheet program keeps beside an open workbook.
    return not name.startswith((".", "~$", TEMPORARY_PREFIX)) and not name.lower().endswith(UNFINISHED_ENDINGS)


def _at_rest(settings: Settings, path: Path) -> os.stat_result | None:
    """Return what the system knows of a file that nobody writes to any more; None of any other."""
    known = _stat_of(path)
    is_settled = known and abs(time.time() * 1e9 - known.st_mtime_ns) >= settings.settle_seconds * 1e9
    return known if is_settled and not _is_open_to_write(path) else None


def _version_of(known: os.stat_result) -> tuple[int, ...]:
    """Return what differs after every change of a file, also one whose sender sets the old time again."""
    return known.st_ino, known.st_ctime_ns, known.st_size


def _stat_of(path: Path) -> os.stat_result | None:
    """Return what the system knows of a file; None when there is none for us, or something else, such as a pipe.

    A link is something else: whoever may write into an inbox could have us send them any file that we can read.
    """
    try:
        found = path.lstat()
    except OSError:  # taken back by its sender in this instant, or in a folder that lists its files and keeps them shut
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def _is_open_to_write(path: Path) -> bool:
    """Say whether somebody writes the file, however long the last pause: what came after we took it would be lost.

    Linux leases a file to a reader only if nobody has it open to write (fcntl(2)). It does so for files of our own, on
    file systems that know leases; of others it is not known, and taken to be no.
    """
    if sys.platform != "linux":
        return False
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:  # whoever claims it will say why
        return False
    try:
        # Who begins to write in this instant waits for us; the usual signal that tells us so would end the process.
        fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        return False
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(file)  # ends the lease
