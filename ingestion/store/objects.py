"""Object storage: what must outlive a machine is kept there too, and comes back from there to a machine that lacks it.

`PCM_STORE` names it (`s3://bucket/folder?region=...`, `file:///mnt/elsewhere`); without it the home is all there is.
Objects are named as files are in the home, `received/...`, `landing/...`, `releases/...`, and none is ever removed. An
object appears whole or not at all. What is read back is compared with the hashes of the ledger or of its release by
those who read it, as every file of the home is.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingestion.errors import PcmError, UsageError, is_disk_full
from ingestion.settings import Settings
from ingestion.store.atomic import TEMPORARY_PREFIX, settle_file, settle_folder, temporary_beside, write_json

RELEASE = "release.json"  # says that a release is whole: of a release it is kept last


def keep(settings: Settings, path: Path) -> None:
    """Put a file of the home, or all files below a folder, into the store, unless they are there as they are here.

    Errors: `PcmError` when the store cannot be reached; whoever keeps something records it only afterwards.
    """
    store = _store_of(settings)
    if store:
        known = store.objects(path)
        for file in [path] if path.is_file() else _files_below(path):
            if known.get(file) != _state_of(file):
                store.put(file)


@contextmanager
def replacing(settings: Settings, path: Path, value: Any) -> Iterator[None]:
    """Write a JSON file of the home that decides what readers see: into the store, then after the block into the home.

    While the store does not answer nothing changes; the other way round a home that was changed would never try again.
    Errors: `PcmError` when the store cannot be reached.
    """
    store = _store_of(settings)
    temporary = temporary_beside(path)
    try:
        write_json(temporary, value)
        if store:
            store.put(temporary, known_as=path)
        yield
        settle_file(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def fetch(settings: Settings, path: Path) -> list[Path]:
    """Bring back what the store has of a file or below a folder and the home has not, or has otherwise; return it.

    Errors: `PcmError` when the store cannot be reached.
    """
    store = _store_of(settings)
    if not store:
        return []
    wanted = [file for file, state in store.objects(path).items() if _state_of(file) != state]
    for file in wanted:
        store.get(file, file)
    return wanted


def fetch_folder(settings: Settings, folder: Path) -> None:
    """Bring back a folder that the home lacks, in one step: readers see none of it or all of it."""
    store = _store_of(settings)
    files = store.objects(folder) if store and not folder.exists() else {}
    if store and files:
        temporary = temporary_beside(folder)
        try:
            for file in files:
                store.get(file, temporary / file.relative_to(folder))
            settle_folder(temporary, folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def files_in_store(settings: Settings, folder: Path) -> list[Path]:
    """Return the files that the store has below a folder of the home, as the home names them."""
    store = _store_of(settings)
    return list(store.objects(folder)) if store else []


# Size in bytes, and when the store got it, in nanoseconds: a file of the home that is kept has the time of its object.
_State = tuple[int, int]


@dataclass(frozen=True)
class _Store:
    """The folder of a file system of Arrow that stands for a home."""

    files: Any
    folder: str
    home: Path

    def objects(self, path: Path) -> dict[Path, _State]:
        """Return {file of the home: state} for the objects at or below a path of the home."""
        from pyarrow.fs import FileSelector, FileType

        name = self._name(path)
        with _saying(self.folder):
            here = self.files.get_file_info(name)
            below = FileSelector(name, recursive=True, allow_not_found=True)
            found = [here] if here.type == FileType.File else self.files.get_file_info(below)
        return {
            self.home / each.path.removeprefix(f"{self.folder}/"): (each.size, each.mtime_ns)
            for each in found
            if each.type == FileType.File and not each.base_name.startswith(TEMPORARY_PREFIX)
        }

    def put(self, file: Path, *, known_as: Path | None = None) -> None:
        """Write an object, and give the file the time of it; `known_as` is the name that the file gets afterwards."""
        from pyarrow.fs import LocalFileSystem

        name = self._name(known_as or file)
        with _saying(self.folder):
            if isinstance(self.files, LocalFileSystem):
                target = Path(name)
                temporary = temporary_beside(target)
                shutil.copyfile(file, temporary)
                settle_file(temporary, target)
            else:
                with file.open("rb") as reader, self.files.open_output_stream(name) as writer:
                    shutil.copyfileobj(reader, writer)
            kept = self.files.get_file_info(name)
        os.utime(file, ns=(kept.mtime_ns, kept.mtime_ns))

    def get(self, file: Path, target: Path) -> None:
        """Read the object of a file of the home into a file, which appears whole and gets the time of the object."""
        temporary = temporary_beside(target)
        try:
            with _saying(self.folder):
                kept = self.files.get_file_info(self._name(file))
                with self.files.open_input_stream(self._name(file)) as reader, temporary.open("wb") as writer:
                    shutil.copyfileobj(reader, writer)
            os.utime(temporary, ns=(kept.mtime_ns, kept.mtime_ns))
            settle_file(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)

    def _name(self, path: Path) -> str:
        return f"{self.folder}/{path.relative_to(self.home).as_posix()}"


def _store_of(settings: Settings) -> _Store | None:
    return _open(settings.store, settings.home) if settings.store else None


@cache
def _open(url: str, home: Path) -> _Store:
    from pyarrow.fs import FileSystem

    try:
        files, folder = FileSystem.from_uri(url)
    except (OSError, ValueError):
        # What the library says holds the whole address, and that may hold a key.
        raise UsageError(
            f"PCM_STORE is {url.split('?')[0]!r}, which names no store. "
            "It is like s3://bucket/folder?region=eu-central-1 or file:///mnt/elsewhere."
        ) from None
    return _Store(files, folder.rstrip("/"), home)


@contextmanager
def _saying(folder: str) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        if is_disk_full(fault):
            raise
        raise PcmError(f"The store at {folder} does not answer as it should; nothing is lost. {fault}") from fault


def _files_below(folder: Path) -> list[Path]:
    """Return the finished files below a folder, in the order in which they are kept."""
    found = [path for path in folder.rglob("*") if path.is_file() and TEMPORARY_PREFIX not in str(path)]
    return sorted(found, key=lambda path: (path.name == RELEASE, path))


def _state_of(file: Path) -> _State | None:
    try:
        known = file.stat()
    except FileNotFoundError:
        return None
    return known.st_size, known.st_mtime_ns
