"""Flip one bit at a random place of what is kept: whatever reads it next must notice, or get the very same content.

The second is possible where bytes mean nothing, as the time in the header of a gzip file.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from ingestion.errors import PcmError
from ingestion.store.home import Home
from ingestion.store.published import release_ids
from tests.chaos.forked import run
from tests.chaos.stages import Prepared, settings_of
from tests.chaos.tally import tallied

pytestmark = pytest.mark.chaos

# Of the packed release in which bits are flipped; the others are packed alike and would only take time.
PACKED_FILES = 12

Guarded = tuple[list[Path], Callable[[], bool]]


def _received(home: Home) -> Guarded:
    """The file that Luxembourg sent, about to be examined."""
    from ingestion.intake import process_submission

    original = max(home.received.glob("LU-*/original.csv"), key=lambda path: path.stat().st_size)
    settings = settings_of(home.root)
    return [original], lambda: _is_refused(lambda: process_submission(settings, original.parent.name))


def _landing(home: Home) -> Guarded:
    """The landed rows, about to be loaded into a build."""
    from ingestion import ledger
    from ingestion.store.landed import verified_landing

    settings = settings_of(home.root)
    landed = [entry for entry in ledger.submissions(settings) if entry["landing_sha256"]]
    paths = [verified_landing(settings, entry) for entry in landed]
    return paths, lambda: _is_refused(lambda: [verified_landing(settings, entry) for entry in landed])


def _build(home: Home) -> Guarded:
    """All files of a build that passed the gate, about to be published."""
    from ingestion.release.publish import publish
    from ingestion.warehouse import next_manifest

    settings = settings_of(home.root)
    folder = home.builds / next_manifest(settings)["build_id"]
    return sorted(folder.iterdir()), lambda: _is_refused(lambda: publish(settings, folder.name))


def _release(home: Home) -> Guarded:
    """All files of a release, about to be shown."""
    from ingestion.release.verify import verify

    folder = home.releases / release_ids(settings_of(home.root))[-1]
    return [path for path in folder.rglob("*") if path.is_file()], lambda: bool(verify(folder))


def _packed(home: Home) -> Guarded:
    """The blocks of a packed release, and what says which file is made of which."""
    from ingestion.release.contents import checksums
    from ingestion.release.verify import verify
    from ingestion.store import packed, packing
    from ingestion.store.sums import SUMS

    folder = home.releases / release_ids(settings_of(home.root))[0]
    (folder / SUMS).unlink()
    for path in sorted(folder.rglob("*.*"), key=lambda path: path.stat().st_size)[PACKED_FILES:]:
        if path.is_file() and path.name not in packing.KEPT:
            path.unlink()
    description = folder / "release.json"
    # Figures are compared in releases of this very code only; of this one, few files are left.
    description.write_text(description.read_text().replace('"code_version": "', '"code_version": "other-'))
    (folder / SUMS).write_text(checksums(folder))
    packing.pack(folder)
    index = packed.index_of(folder)

    def is_noticed() -> bool:
        packed._read_index.cache_clear()  # as a new process would read it
        # Without a problem every file came back byte for byte; the time in a gzip header means nothing.
        return bool(verify(folder)) or packed.index_of(folder) == index

    return [folder / packed.BLOCKS, folder / packed.INDEX], is_noticed


# Layer: the home in which it is read next, and what is flipped and asked there.
LAYERS = {
    "received": ("desk", _received),
    "landing": ("build", _landing),
    "build": ("publish", _build),
    "release": ("packing", _release),
    "packed": ("packing", _packed),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_flipped_bit_is_noticed(prepared: Prepared, layer, tmp_path, chance, seed, results, request):
    count = request.config.getoption("--chaos-flips")
    stage, guard = LAYERS[layer]
    shutil.copytree(prepared.home(stage), tmp_path / "home", symlinks=True)
    ended = run(lambda: _unnoticed(guard(Home(tmp_path / "home")), chance, count), tmp_path)
    with tallied(results, "bit flip", seed, layer) as tally:
        assert ended.error is None, ended.error
        tally.trials[layer] = count
        for said in ended.returned:
            tally.wrong(layer, "unnoticed", said)


def _unnoticed(guarded: Guarded, chance: Random, count: int) -> list[str]:
    """Return the flips that were not noticed. Files are chosen one like the other, however large they are."""
    paths, is_noticed = guarded
    found = []
    for _ in range(count):
        path = chance.choice([path for path in paths if path.stat().st_size])
        place, bit = chance.randrange(path.stat().st_size), chance.randrange(8)
        with _flipped(path, place, bit):
            if not is_noticed():
                found.append(f"{path.name}, byte {place}, bit {bit}")
    return found


@contextmanager
def _flipped(path: Path, place: int, bit: int) -> Iterator[None]:
    def flip() -> None:
        with path.open("r+b") as stream:
            stream.seek(place)
            [byte] = stream.read(1)
            stream.seek(place)
            stream.write(bytes([byte ^ 1 << bit]))

    flip()
    try:
        yield
    finally:
        flip()


def _is_refused(work: Callable[[], object]) -> bool:
    try:
        work()
    except PcmError:
        return True
    return False
