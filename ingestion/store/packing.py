"""Packing: cut the files of an older release into blocks and keep those that no earlier release has."""

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from ingestion.settings import Settings
from ingestion.store.atomic import TEMPORARY_PREFIX, read_json, remove_leftovers, settle_folder, temporary_beside
from ingestion.store.home import Home
from ingestion.store.locks import exclusively
from ingestion.store.packed import BLOCKS, INDEX, LOCK, PACKED, drop_packed, index_of
from ingestion.store.published import current_release_id, release_ids
from ingestion.store.sums import SUMS

# What is read of every release, also of those that nobody looks at: which there are, and what they are made of.
KEPT = ("release.json", "manifest.json", "gate.json", SUMS, "CHANGES.md")
WINDOW_BYTES = 32
MEAN_BITS = 11  # a block has some 2 KB
LEAST_BYTES, MOST_BYTES = 1 << 9, 1 << 14
PIECE_BYTES = 1 << 22  # of which the hashes are computed at a time
FRAME_BYTES = 1 << 22
LEVEL = 9
HASH_BYTES = 16
# One number for each byte, the same for ever: with other numbers no block would be found again.
NUMBERS = np.array(
    [int.from_bytes(hashlib.sha256(bytes([byte])).digest()[:4], "big") for byte in range(256)], dtype=np.uint32
)


def pack_older(settings: Settings, *, now: datetime) -> None:
    """Pack every release that has rested: not the current or the latest one, nor one before either of these.

    A release has rested when for so many hours as the settings say no other one took its place and nobody asked for
    its files.
    """
    releases, known = Home(settings.home).releases, release_ids(settings)
    awake = {
        place for each in (current_release_id(settings), known[-1]) for place in _and_before(known.index(str(each)))
    }
    for place, release_id in enumerate(known):
        if place in awake:
            continue
        rested = _rest_hours(releases / release_id, releases / known[place + 1], now)
        if rested >= settings.keep_whole_hours:
            pack(releases / release_id)


def _and_before(place: int) -> tuple[int, int]:
    return place - 1, place


def _rest_hours(folder: Path, following: Path, now: datetime) -> float:
    replaced = datetime.fromisoformat(read_json(following / "release.json")["published_at"])
    index = folder / INDEX
    asked = datetime.fromtimestamp(index.stat().st_mtime, UTC) if index.exists() else replaced
    return (now - max(replaced, asked)).total_seconds() / 3600


def pack(folder: Path) -> None:
    """Pack the files of a release, or pack again those that were brought back; repeating it changes nothing.

    Safe to kill at any moment: a file goes only when the blocks were seen to give it back.
    """
    releases = folder.parent
    with exclusively(releases / LOCK):
        remove_leftovers(folder)
        if index_of(folder) is None:
            temporary = temporary_beside(folder / PACKED)
            temporary.mkdir()
            try:
                _Packer(folder.name, _known_blocks(releases)).write(folder, temporary)
                settle_folder(temporary, folder / PACKED)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
        drop_packed(folder)


def cuts(data: bytes) -> Iterator[int]:
    """Yield where the blocks of some bytes end: where the bytes before say so, so that equal parts are cut alike."""
    start = 0
    for place in _marked_places(data):
        while place - start > MOST_BYTES:
            start += MOST_BYTES
            yield start
        if place - start >= LEAST_BYTES:
            start = place
            yield start
    yield from range(start + MOST_BYTES, len(data), MOST_BYTES)
    if start < len(data):
        yield len(data)


def _marked_places(data: bytes) -> Iterator[int]:
    """Yield the places at which the hash of the bytes just before begins with zeros."""
    content = np.frombuffer(data, np.uint8)
    for start in range(0, len(content), PIECE_BYTES):
        before = max(start - WINDOW_BYTES + 1, 0)
        hashes = _rolling_hashes(content[before : start + PIECE_BYTES])
        marked = np.flatnonzero(hashes < 1 << (32 - MEAN_BITS)) + before + 1
        yield from marked[marked > start].tolist()


def _rolling_hashes(content: np.ndarray) -> np.ndarray:
    """Return for each byte the sum of the numbers of the last 32 bytes, the latest doubled least (a gear hash).

    The window doubles in each step: that of two halves follows from those of the halves.
    """
    hashes, width = NUMBERS[content], 1
    while width < WINDOW_BYTES:
        earlier = np.zeros_like(hashes)
        earlier[width:] = hashes[:-width] << np.uint32(width)
        hashes += earlier
        width *= 2
    return hashes


def _known_blocks(releases: Path) -> dict[str, tuple[str, int]]:
    """Return {hash: (release, number)} of the blocks of all packed releases."""
    known: dict[str, tuple[str, int]] = {}
    for path in sorted(releases.glob(f"[!.]*/{INDEX}")):
        folder = path.parent.parent
        index = None if folder.is_symlink() else index_of(folder)
        for number, (digest, *_) in enumerate(index["blocks"] if index else ()):
            known.setdefault(digest, (folder.name, number))
    return known


def _append(runs: list[tuple[str, int, int]], release_id: str, number: int) -> None:
    """Add a block to a file: to the last run when it is the next one of the same release."""
    last_id, first, count = runs[-1] if runs else ("", 0, 0)
    if (last_id, first + count) == (release_id, number):
        runs[-1] = (last_id, first, count + 1)
    else:
        runs.append((release_id, number, 1))


class _Packer:
    """Writes the blocks of one release that are not known yet."""

    def __init__(self, release_id: str, known: dict[str, tuple[str, int]]) -> None:
        self.release_id, self.known = release_id, known
        self.frames: list[list[int]] = []
        self.blocks: list[list[str | int]] = []
        self.frame = bytearray()

    def write(self, folder: Path, target: Path) -> None:
        names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        wanted = [
            name for name in names if name.as_posix() not in KEPT and not name.parts[0].startswith(TEMPORARY_PREFIX)
        ]
        with (target / Path(BLOCKS).name).open("wb") as stream:
            files = {name.as_posix(): self._file((folder / name).read_bytes(), stream) for name in wanted}
            self._end_frame(stream)
        index = {"frames": self.frames, "blocks": self.blocks, "files": files}
        (target / Path(INDEX).name).write_bytes(gzip.compress(json.dumps(index).encode(), mtime=0))

    def _file(self, data: bytes, stream: BinaryIO) -> dict[str, object]:
        runs: list[tuple[str, int, int]] = []
        start = 0
        for end in cuts(data):
            release_id, number = self._place(data[start:end], stream)
            _append(runs, release_id, number)
            start = end
        return {"sha256": hashlib.sha256(data).hexdigest(), "runs": runs}

    def _place(self, block: bytes, stream: BinaryIO) -> tuple[str, int]:
        """Return where a block is kept, after adding one that is not known."""
        digest = hashlib.sha256(block).hexdigest()[: 2 * HASH_BYTES]
        if digest not in self.known:
            self.known[digest] = (self.release_id, len(self.blocks))
            self.blocks.append([digest, len(self.frames), len(self.frame), len(block)])
            self.frame += block
            if len(self.frame) >= FRAME_BYTES:
                self._end_frame(stream)
        return self.known[digest]

    def _end_frame(self, stream: BinaryIO) -> None:
        first_byte = stream.tell()
        size = stream.write(pa.Codec("zstd", LEVEL).compress(bytes(self.frame), asbytes=True))
        self.frames.append([first_byte, size, len(self.frame)])
        self.frame.clear()
