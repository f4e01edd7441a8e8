"""Backups: all that an observatory cannot make again, as it was at one moment, in a folder of its own; and back.

A backup is plain files with their SHA-256, which any tool can carry elsewhere. A file that an earlier backup in the
same place has is not copied again but linked, so that backups grow with what is new and can be made often.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ingestion.errors import PcmError, UsageError
from ingestion.ledger.copying import copy_ledger, require_empty_ledger
from ingestion.settings import Settings
from ingestion.store.atomic import (
    TEMPORARY_PREFIX,
    copy_hashed,
    remove_leftovers,
    settle_folder,
    temporary_beside,
    write_bytes,
)
from ingestion.store.home import Home
from ingestion.store.ledger_place import has_ledger, ledger_file
from ingestion.store.locks import exclusively_everywhere
from ingestion.store.sums import SUMS, read_sums, sums_text

# A colon is no part of a file name everywhere.
NAME_OF_MOMENT = "%Y-%m-%dT%H%M%SZ"


@dataclass(frozen=True)
class Backup:
    """What a backup holds. Sizes in bytes; `new_bytes` is what it takes beside the one before it."""

    folder: Path
    file_count: int
    size_bytes: int
    new_bytes: int


def back_up(settings: Settings, place: Path) -> Backup:
    """Write the state of now into a new folder of `place`, while the observatory works.

    Errors: `UsageError` when `place` lies in the home, which a lost disk would take with it.
    """
    home = Home(settings.home).require()
    place = place.absolute()
    if place.is_relative_to(home.root):
        raise UsageError(f"{place} lies in the observatory's own home. Name a folder on another disk.")
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    remove_leftovers(place)
    while (folder := place / datetime.now(UTC).strftime(NAME_OF_MOMENT)).exists():
        time.sleep(0.1)  # a name stands for one state
    writing = _Writing(temporary_beside(folder), _newest(place))
    # One lock at a time, and what a record speaks of is copied with it or after it.
    with exclusively_everywhere(settings, "intake"):
        _copy_ledger(settings, writing)
        for source in (home.inbox, home.portal, home.received, home.landing):
            writing.add(home, source)
    with exclusively_everywhere(settings, "publish"), exclusively_everywhere(settings, "site"):
        writing.add(home, home.root)
    return writing.settled(folder)


def restore(backup: Path, settings: Settings) -> int:
    """Make a new home from a backup, fill the ledger that the settings name, and return how many files there were.

    Nothing is left behind when a file of the backup is damaged. Errors: `UsageError` when there is something in the
    home or the ledger already, or no backup at `backup`; `PcmError` naming the first damaged file.
    """
    root = settings.home
    if root.exists() and any(root.iterdir()):
        raise UsageError(f"There is something at {root} already. A backup is restored into a new home: name one.")
    sums = _sums_of(backup)
    if settings.ledger:
        require_empty_ledger(settings)
    temporary = temporary_beside(root)
    try:
        names: dict[tuple[int, int], Path] = {}
        for name, expected in sums.items():
            _bring_back(backup / name, temporary / name, expected, names)
        _copy_links(backup, temporary)
        Home(temporary).create()
        if settings.ledger:
            _bring_ledger_back(temporary, settings)
        if root.exists():
            root.rmdir()
        settle_folder(temporary, root)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return len(sums)


def _sums_of(backup: Path) -> dict[str, str]:
    """Return {file: SHA-256} of a backup. Errors: `UsageError` when the folder is none."""
    if not (backup / SUMS).is_file():
        inside = sorted(each.parent.name for each in backup.glob(f"*/{SUMS}"))
        hint = f" Name one of the backups in it: {', '.join(inside)}." if inside else ""
        raise UsageError(f"{backup} is no backup: it has no {SUMS}.{hint}")
    return read_sums(backup)


class _Writing:
    """A backup in the making: files are linked to the one before where they are the same, and copied otherwise."""

    def __init__(self, folder: Path, earlier: Path | None) -> None:
        folder.mkdir(mode=0o700)
        self.folder = folder
        self.earlier = earlier
        self.earlier_sums = read_sums(earlier) if earlier else {}
        self.sums: dict[str, str] = {}
        self.size_bytes = 0
        self.new_bytes = 0
        # What is one file under several names stays one.
        self.names: dict[tuple[int, int], str] = {}

    def add(self, home: Home, source: Path) -> None:
        """Copy what is below `source` and not here yet."""
        for path in _files_to_keep(home, source):
            name = path.relative_to(home.root).as_posix()
            # A contact may take a file back meanwhile.
            if name not in self.sums and path.exists():
                self.add_file(path, name)
        _copy_links(source, self.folder / source.relative_to(home.root))

    def add_file(self, path: Path, name: str) -> None:
        """Copy or link one file under this name."""
        target = self.folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        stat = path.stat()
        known = self.names.setdefault(_identity(stat), name)
        if known != name and _linked(self.folder / known, target):
            self.sums[name] = self.sums[known]
            return
        self.size_bytes += stat.st_size
        if self._is_as_before(name, stat) and _linked(self._before(name), target):
            self.sums[name] = self.earlier_sums[name]
            return
        self.sums[name] = _copied(path, target)
        self.new_bytes += stat.st_size

    def settled(self, folder: Path) -> Backup:
        """Write the sums and give the backup its name."""
        write_bytes(self.folder / SUMS, sums_text(dict(sorted(self.sums.items()))).encode())
        settle_folder(self.folder, folder)
        return Backup(folder, len(self.sums), self.size_bytes, self.new_bytes)

    def _is_as_before(self, name: str, stat: os.stat_result) -> bool:
        if name not in self.earlier_sums or not self._before(name).is_file():
            return False
        before = self._before(name).stat()
        return (before.st_size, before.st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)

    def _before(self, name: str) -> Path:
        assert self.earlier is not None
        return self.earlier / name


def _copy_ledger(settings: Settings, writing: _Writing) -> None:
    """Copy the ledger as of one moment, whoever writes into it meanwhile; into an SQLite file, wherever it is."""
    if not has_ledger(settings):
        return
    with TemporaryDirectory(prefix=TEMPORARY_PREFIX, dir=writing.folder) as folder:
        copy = Settings(home=Path(folder))
        if path := ledger_file(settings):
            _copy_sqlite(path, Home(copy.home).ledger)
        else:
            copy_ledger(settings, copy)
        writing.add_file(Home(copy.home).ledger, Home(copy.home).ledger.name)


def _copy_sqlite(path: Path, target_path: Path) -> None:
    source, target = sqlite3.connect(path), sqlite3.connect(target_path)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    target_path.chmod(0o600)


def _bring_ledger_back(root: Path, settings: Settings) -> None:
    """Fill the ledger that lies elsewhere from the one that came back with the home."""
    if Home(root).ledger.exists():
        copy_ledger(Settings(home=root), settings)
        Home(root).ledger.unlink()


def _files_to_keep(home: Home, source: Path) -> Iterator[Path]:
    """Yield the files that cannot be made again: not what runs, Airflow's own records, or the demonstration's files.

    The ledger's own file is copied once, by the database.
    """
    left_out = {home.run, home.airflow, home.demo}
    for folder, names, files in os.walk(source):
        here = Path(folder)
        names[:] = sorted(name for name in names if here / name not in left_out and not _is_unfinished(name))
        for name in sorted(files):
            path = here / name
            if not (_is_unfinished(name) or path.is_symlink() or name.startswith(home.ledger.name)):
                yield path


def _is_unfinished(name: str) -> bool:
    return name.startswith(TEMPORARY_PREFIX)


def _copy_links(source: Path, target: Path) -> None:
    """Copy the symbolic links themselves, which point from one place of a home to another."""
    for path in source.rglob("*"):
        copy = target / path.relative_to(source)
        if path.is_symlink() and copy.parent.is_dir() and not copy.is_symlink():
            copy.symlink_to(path.readlink())


def _linked(existing: Path, target: Path) -> bool:
    """Give a file another name; say no where the disk has no such links."""
    try:
        target.hardlink_to(existing)
    except OSError:
        return False
    return True


def _bring_back(source: Path, target: Path, expected: str, names: dict[tuple[int, int], Path]) -> None:
    if not source.is_file():
        raise PcmError(f"{source} is missing: this backup is not whole. Take another one.")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = names.setdefault(_identity(source.stat()), target)
    if known != target and _linked(known, target):
        return
    if _copied(source, target) != expected:
        raise PcmError(f"{source} is damaged: it has not the bytes that were backed up. Take another backup.")


def _copied(source: Path, target: Path) -> str:
    """Copy a file with its times and rights and return the SHA-256 of its bytes."""
    with source.open("rb") as stream:
        sha256, _ = copy_hashed(stream, target)
    shutil.copystat(source, target)
    return sha256


def _identity(stat: os.stat_result) -> tuple[int, int]:
    """Return what is the same for all names of one file."""
    return stat.st_dev, stat.st_ino


def _newest(place: Path) -> Path | None:
    return max((path.parent for path in place.glob(f"[!.]*/{SUMS}")), default=None)
