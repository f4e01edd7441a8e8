"""Packed releases: what an older release has in common with those before it is kept once, and read back on demand.

`packed/blocks` in the folder of a release holds, compressed, the blocks of its files that no earlier release has;
`packed/index.json.gz` says of which blocks, its own and earlier ones, each file is made. Neither is ever rewritten, so
that a backup copies each of them once.
"""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ingestion.errors import PcmError
from ingestion.store.atomic import remove_leftovers, sha256_of, temporary_beside
from ingestion.store.locks import exclusively

PACKED = "packed"
BLOCKS = f"{PACKED}/blocks"
INDEX = f"{PACKED}/index.json.gz"
LOCK = ".packing.lock"
FRAMES_IN_MEMORY = 32

Index = dict[str, Any]


def index_of(folder: Path) -> Index | None:
    """Return how the files of a packed release are made of blocks; None when it was never packed.

    `frames`: [first byte, size, size when unpacked] in `packed/blocks`; `blocks`: [hash, frame, first byte, size] of
    its own blocks, sizes in bytes; `files`: {name: {"sha256": ..., "runs": [[release, first block, how many]]}}.
    """
    path = folder / INDEX
    return _read_index(path) if path.exists() else None


def restore(folder: Path, wanted: str = "") -> None:
    """Bring back the files of a packed release that are not there: one, those of a folder, or all of them.

    Errors: `PcmError` when blocks are damaged or gone; then no file is made of them.
    """
    index = index_of(folder)
    names = [name for name in index["files"] if _is_wanted(name, wanted)] if index else []
    if not index or not names:
        return
    os.utime(folder / INDEX)  # asked for: it is not packed again at once
    with exclusively(folder.parent / LOCK):
        remove_leftovers(folder / PACKED)
        frames = frame_reader(folder.parent)
        for name in names:
            if not (folder / name).exists():
                _restore_file(folder, name, index["files"][name], frames)


@contextmanager
def kept_file(folder: Path, name: str) -> Iterator[Path]:
    """Give a file of a release to read: itself, or a copy for as long, where the release is packed, and stays so.

    Errors: `PcmError` when it is gone, or blocks are damaged.
    """
    file = (index_of(folder) or {"files": {}})["files"].get(name)
    if (folder / name).is_file():
        yield folder / name
    elif file is None:
        raise PcmError(f"{name} of release {folder.name} is gone. Restore {folder} from a backup.")
    else:
        with TemporaryDirectory(prefix="pcm-kept-") as place:
            copy = Path(place) / Path(name).name
            _write_file(copy, folder, name, file, frame_reader(folder.parent))
            yield copy


def kept_sha256(folder: Path, name: str) -> str | None:
    """Return the SHA-256 of a file of a release as it lies there, or as its blocks give it; None when neither does."""
    if (folder / name).is_file():
        return sha256_of(folder / name)
    try:
        file = (index_of(folder) or {"files": {}})["files"].get(name)
        return _sha256(joined(folder.parent, file["runs"], frame_reader(folder.parent))) if file else None
    except (OSError, IndexError, PcmError):
        return None


def joined(releases: Path, runs: list[tuple[str, int, int]], frames: Callable[[str, int], bytes]) -> Iterator[bytes]:
    """Yield the blocks that a file is made of, in order."""
    for release_id, first, count in runs:
        index = index_of(releases / release_id)
        if index is None:
            raise OSError(f"{releases / release_id / INDEX} is gone")
        for _, frame, start, size in index["blocks"][first : first + count]:
            yield frames(release_id, frame)[start : start + size]


def frame_reader(releases: Path) -> Callable[[str, int], bytes]:
    """Return a function that reads a frame of a release's blocks; the last ones stay in memory."""
    import pyarrow as pa  # takes longer than pointing at a release, which needs it only when that is packed

    @lru_cache(FRAMES_IN_MEMORY)
    def read(release_id: str, number: int) -> bytes:
        index = index_of(releases / release_id)
        assert index is not None
        start, size, size_unpacked = index["frames"][number]
        with (releases / release_id / BLOCKS).open("rb") as stream:
            stream.seek(start)
            return bytes(pa.Codec("zstd").decompress(stream.read(size), size_unpacked, asbytes=True))

    return read


def drop_packed(folder: Path) -> None:
    """Remove the files that the blocks, as they are now, give back byte for byte; all others stay, to be noticed."""
    index = index_of(folder) or {"files": {}}
    frames = frame_reader(folder.parent)
    for name, file in index["files"].items():
        path = folder / name
        if path.is_file() and sha256_of(path) == _sha256(joined(folder.parent, file["runs"], frames)):
            path.unlink()
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()


def _sha256(blocks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def _restore_file(folder: Path, name: str, file: dict[str, Any], frames: Callable[[str, int], bytes]) -> None:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_beside(folder / INDEX)
    try:
        _write_file(temporary, folder, name, file, frames)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _write_file(
    target: Path, folder: Path, name: str, file: dict[str, Any], frames: Callable[[str, int], bytes]
) -> None:
    digest = hashlib.sha256()
    try:
        with target.open("wb") as stream:
            for block in joined(folder.parent, file["runs"], frames):
                digest.update(block)
                stream.write(block)
        if digest.hexdigest() != file["sha256"]:
            raise OSError("other bytes than were packed")
    except (OSError, IndexError) as fault:
        raise PcmError(
            f"{name} of release {folder.name} cannot be read back ({fault}). Restore {folder.parent}/*/{PACKED} "
            "from a backup."
        ) from None


def _is_wanted(name: str, wanted: str) -> bool:
    return not wanted or name == wanted or name.startswith(f"{wanted}/")


@cache
def _read_index(path: Path) -> Index:
    try:
        return dict(json.loads(gzip.decompress(path.read_bytes())))
    except (OSError, EOFError, ValueError, zlib.error) as fault:
        raise PcmError(f"{path} is damaged ({fault}). Restore it from a backup.") from None
