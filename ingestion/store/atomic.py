"""Writing so that a reader sees the old or the new, never half: temporary name, fsync, rename."""

import hashlib
import json
import os
import shutil
import uuid
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from ingestion.errors import PcmError

CHUNK_BYTES = 1 << 20
TEMPORARY_PREFIX = ".tmp-"


def copy_hashed(stream: BinaryIO, target: Path) -> tuple[str, int]:
    """Write a stream to a file and return its SHA-256 and its size in bytes."""
    digest, size_bytes = hashlib.sha256(), 0
    with target.open("wb") as writer:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            size_bytes += writer.write(chunk)
    return digest.hexdigest(), size_bytes


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_of_written(path: Path) -> str:
    """Return the SHA-256 of a file of ours without reading it again as long as it has its size and time of writing.

    For files that are being made. What a disk or a hand did to a file later, `sha256_of` finds.
    """
    state = path.stat()
    return _sha256_of_state(path, state.st_ino, state.st_size, state.st_mtime_ns)


@lru_cache(1000)
def _sha256_of_state(path: Path, *_: int) -> str:
    return sha256_of(path)


def temporary_beside(path: Path) -> Path:
    """Return an unused hidden name in the same folder, so that a rename to `path` is atomic."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.parent / f"{TEMPORARY_PREFIX}{uuid.uuid4().hex}"


def write_bytes(path: Path, data: bytes, *, by: str = "") -> None:
    """Write a file whole or not at all, and make it survive a power cut.

    `by`: who writes, one at a time; what a kill leaves of them is overwritten by their next attempt. For folders that
    nobody may tidy, because others write there.
    """
    temporary = path.parent / f"{TEMPORARY_PREFIX}{by}" if by else temporary_beside(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file whole or not at all; keys sorted, so equal values are equal bytes."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_bytes(path, text.encode("utf-8"))


def read_json(path: Path) -> Any:
    """Read a JSON file. Errors: `PcmError` when it is damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:  # no UTF-8 or no JSON
        raise PcmError(f"{path} is damaged ({fault}). Restore it from a backup.") from None


def settle_file(temporary: Path, path: Path) -> None:
    """Give a finished temporary file its final name, after its bytes are safe on the disk."""
    _sync(temporary)
    temporary.replace(path)
    _sync(path.parent)


def settle_folder(temporary: Path, folder: Path) -> None:
    """Give a finished temporary folder its final name; if that name is taken, the first one stays.

    Safe to repeat: the content of a folder is decided by its name.
    """
    for file in temporary.rglob("*"):
        if file.is_file():
            _sync(file)
    try:
        temporary.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(temporary)
    _sync(folder.parent)


def remove_folder(folder: Path) -> None:
    """Remove a folder at once, if it is there: whoever looks sees all of it or nothing, also after a kill."""
    gone = temporary_beside(folder)
    with suppress(FileNotFoundError):
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def point_symlink(link: Path, target: str) -> None:
    """Make `link` point at `target` in one step; readers see the old or the new target."""
    temporary = temporary_beside(link)
    temporary.symlink_to(target)
    temporary.replace(link)
    _sync(link.parent)


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files and folders that a killed process left in `folder`."""
    for path in folder.glob(f"{TEMPORARY_PREFIX}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Let the bytes of a file, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
