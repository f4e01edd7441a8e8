"""Older releases are packed: nothing of them is lost, and what they share is kept once."""

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from ingestion.doors.site import make_site
from ingestion.errors import PcmError
from ingestion.release.query import release_folder
from ingestion.store import packing
from ingestion.store.atomic import TEMPORARY_PREFIX, write_json
from ingestion.store.home import Home
from ingestion.store.packed import BLOCKS, INDEX, PACKED, _read_index, restore
from ingestion.store.packing import cuts, pack, pack_older
from ingestion.store.published import point_at

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def _lines(seed: int, count: int = 5000) -> bytes:
    chance = random.Random(seed)
    return b"".join(f"LU,MTB_{number},{chance.random()}\n".encode() for number in range(count))


def _files(number: int) -> dict[str, bytes]:
    """Return the files of a release, of which one line, at another place in each, is new."""
    table = _lines(0)
    place = table.index(b"\n", number * 9000) + 1
    return {
        "csv/fct_estimates.csv": table[:place] + b"LU,new\n" * number + table[place:],
        "warehouse.duckdb": _lines(1, 500),
        "site/en/index.html": b"<h1>%d</h1>" % number,
        "sdmx/empty.csv": b"",
    }


@pytest.fixture
def releases(settings) -> Path:
    """Five releases, an hour after each other; the fifth is current."""
    folder = Home(settings.home).releases
    for number in range(1, 6):
        published_at = (NOW - timedelta(hours=6 - number)).isoformat()
        facts = {"release_id": f"2026.{number}", "release_sequence": number, "published_at": published_at}
        for name, content in _files(number).items():
            path = folder / f"2026.{number}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        write_json(folder / f"2026.{number}" / "release.json", facts)
    point_at(settings, "2026.5")
    return folder


def _present(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in _files(0) if (folder / name).exists()}


def _packed_bytes(folder: Path) -> int:
    return (folder / BLOCKS).stat().st_size


@hypothesis.settings(deadline=None, max_examples=30)
@given(seed=st.integers(), size=st.integers(0, 200_000), letters=st.sampled_from([1, 2, 256]))
def test_blocks_are_the_file_and_none_is_longer_than_agreed(seed, size, letters):
    content = bytes(random.Random(seed).choices(range(letters), k=size))
    ends = list(cuts(content))
    assert ends == sorted(set(ends))
    assert (ends[-1] if ends else 0) == len(content)
    starts = [0, *ends[:-1]] if ends else []
    assert all(end - start <= packing.MOST_BYTES for start, end in zip(starts, ends, strict=True))


def test_cutting_in_pieces_is_cutting_at_once(monkeypatch):
    content = _lines(2)
    whole = list(cuts(content))
    monkeypatch.setattr(packing, "PIECE_BYTES", 1000)
    assert list(cuts(content)) == whole
    assert len(whole) > 20


def test_a_packed_release_comes_back_byte_for_byte_and_repeats_nothing(releases):
    for number in (1, 2, 3):
        pack(releases / f"2026.{number}")
        assert _present(releases / f"2026.{number}") == {}
    assert not (releases / "2026.1" / "csv").exists()
    assert _packed_bytes(releases / "2026.2") < 0.1 * _packed_bytes(releases / "2026.1")
    for number in (3, 1, 2):
        restore(releases / f"2026.{number}")
        assert _present(releases / f"2026.{number}") == _files(number)


def test_one_file_is_brought_back_alone(releases):
    pack(releases / "2026.1")
    restore(releases / "2026.1", "csv/fct_estimates.csv")
    assert list(_present(releases / "2026.1")) == ["csv/fct_estimates.csv"]


def test_a_file_that_was_edited_after_it_came_back_is_not_packed_away(releases):
    pack(releases / "2026.1")
    restore(releases / "2026.1")
    (releases / "2026.1" / "warehouse.duckdb").write_bytes(b"edited")
    pack(releases / "2026.1")
    assert _present(releases / "2026.1") == {"warehouse.duckdb": b"edited"}


def test_damaged_blocks_are_named_and_give_no_file(releases):
    pack(releases / "2026.1")
    blocks = releases / "2026.1" / BLOCKS
    content = bytearray(blocks.read_bytes())
    content[len(content) // 2] ^= 1
    blocks.write_bytes(content)
    with pytest.raises(PcmError, match=r"of release 2026\.1 cannot be read back .* from a backup"):
        restore(releases / "2026.1")
    assert [path for path in releases.rglob(".tmp-*")] == []


def test_blocks_that_are_damaged_cost_no_file_that_is_still_there(releases):
    pack(releases / "2026.1")
    restore(releases / "2026.1")
    (releases / "2026.1" / BLOCKS).write_bytes(b"")
    with pytest.raises((OSError, PcmError)):
        pack(releases / "2026.1")
    assert _present(releases / "2026.1") == _files(1)


def test_a_kill_while_packing_leaves_every_file(releases, monkeypatch):
    monkeypatch.setattr(packing, "settle_folder", _killed)
    with pytest.raises(KeyboardInterrupt):
        pack(releases / "2026.1")
    assert _present(releases / "2026.1") == _files(1)
    monkeypatch.undo()
    pack(releases / "2026.1")
    restore(releases / "2026.1")
    assert _present(releases / "2026.1") == _files(1)


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_is_current_latest_or_was_asked_for_stays_whole(releases, settings):
    pack_older(settings, now=NOW)
    assert sorted(path.parent.name for path in releases.glob(f"2*/{PACKED}")) == ["2026.1", "2026.2", "2026.3"]
    assert release_folder(settings, "2026.1") == releases / "2026.1"
    os.utime(releases / "2026.1" / PACKED / "index.json.gz", (NOW.timestamp(), NOW.timestamp()))
    pack_older(settings, now=NOW + timedelta(minutes=59))
    assert _present(releases / "2026.1") == _files(1)
    pack_older(settings, now=NOW + timedelta(minutes=60))
    assert _present(releases / "2026.1") == {}


def test_a_release_that_was_just_replaced_is_not_packed_under_its_readers(releases, settings):
    pack_older(settings, now=NOW - timedelta(hours=2, minutes=1))
    assert not (releases / "2026.3" / PACKED).exists()


def test_pointing_at_a_packed_release_makes_it_whole_first(releases, settings):
    pack_older(settings, now=NOW)
    point_at(settings, "2026.2")
    assert _present(releases / "current") == _files(2)


def test_a_packed_release_is_served_at_the_same_addresses(releases, settings):
    pack_older(settings, now=NOW)
    client = TestClient(make_site(settings), follow_redirects=False)
    assert client.get("/releases/2026.1/csv/fct_estimates.csv").content == _files(1)["csv/fct_estimates.csv"]
    part = client.get("/releases/2026.2/warehouse.duckdb", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, _files(2)["warehouse.duckdb"][10:20])
    assert client.get("/r/2026.1/en/").text == "<h1>1</h1>"
    assert client.get("/releases/2026.1/packed/blocks").status_code == 404


def test_what_a_killed_packing_left_is_removed_by_the_next(releases):
    left = releases / "2026.1" / f"{TEMPORARY_PREFIX}0"
    left.mkdir()
    (left / "blocks").write_bytes(b"half")
    pack(releases / "2026.1")
    assert not left.exists()


def test_a_damaged_index_is_named(releases):
    pack(releases / "2026.1")
    index = releases / "2026.1" / INDEX
    index.write_bytes(index.read_bytes()[:-9])
    _read_index.cache_clear()
    with pytest.raises(PcmError, match="is damaged"):
        restore(releases / "2026.1")
