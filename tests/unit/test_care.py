"""Backups bring back what was there, whole or not at all; the doctor names what is wrong."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from ingestion import ledger
from ingestion.care.backup import back_up, restore
from ingestion.care.doctor import examine
from ingestion.errors import PcmError, UsageError
from ingestion.intake import claim_pending
from ingestion.ledger.tables import ledger_engine
from ingestion.settings import Settings
from ingestion.store.atomic import write_json
from ingestion.store.home import Home
from ingestion.store.published import current_release_id, point_at
from ingestion.store.sums import read_sums


@pytest.fixture
def observatory(settings) -> Settings:
    """A home with one file that arrived, one that waits, and a release; one of its files has two names."""
    home = Home(settings.home)
    _send(home, "sent.csv", b"figures")
    claim_pending(settings)
    _send(home, "waits.csv", b"more figures")
    release = home.releases / "2026.1" / "release.json"
    write_json(release, {"release_id": "2026.1", "release_sequence": 1})
    os.link(release, release.with_name("again.json"))
    point_at(settings, "2026.1")
    (home.run / "passwords.json").write_text("secret")
    return settings


def _send(home: Home, name: str, content: bytes) -> None:
    path = home.inbox / "LU" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1e9, 1e9))


def _contents(root: Path) -> dict[str, bytes]:
    """Return every file that must come back; the ledger is compared by what it says."""
    left_out = ("run", "ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm")
    files = (path for path in root.rglob("*") if path.is_file() and path.relative_to(root).parts[0] not in left_out)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_what_was_backed_up_comes_back(observatory, tmp_path):
    made = back_up(observatory, tmp_path / "backups")
    restored = Settings(home=tmp_path / "restored", settle_seconds=0)
    assert restore(made.folder, restored) == made.file_count
    assert _contents(restored.home) == _contents(observatory.home)
    assert ledger.submissions(restored) == ledger.submissions(observatory)
    assert current_release_id(restored) == "2026.1"
    assert Home(restored.home).received.stat().st_mode & 0o777 == 0o700
    assert not (restored.home / "run" / "passwords.json").exists()
    # It goes on: what waited is taken.
    claim_pending(restored)
    assert [each["original_name"] for each in ledger.submissions(restored)] == ["sent.csv", "waits.csv"]


def test_a_file_of_two_names_stays_one(observatory, tmp_path):
    made = back_up(observatory, tmp_path / "backups")
    restore(made.folder, Settings(home=tmp_path / "restored"))
    for root in (made.folder, tmp_path / "restored"):
        assert (root / "releases" / "2026.1" / "again.json").samefile(root / "releases" / "2026.1" / "release.json")


def test_the_next_backup_takes_only_what_is_new(observatory, tmp_path):
    first = back_up(observatory, tmp_path / "backups")
    first.folder.rename(first.folder.with_name("2026-01-01T000000Z"))
    _send(Home(observatory.home), "late.csv", b"late figures")
    second = back_up(observatory, tmp_path / "backups")
    ledger_bytes = (second.folder / "ledger.sqlite").stat().st_size
    assert second.new_bytes == len(b"late figures") + ledger_bytes
    assert read_sums(second.folder).keys() - read_sums(first.folder.with_name("2026-01-01T000000Z")).keys() == {
        "inbox/LU/late.csv"
    }


def test_a_changed_file_is_copied_again_even_within_the_same_second(observatory, tmp_path):
    back_up(observatory, tmp_path / "backups")
    pointer = Home(observatory.home).releases / "current.json"
    pointer.write_text(pointer.read_text() + " ")
    second = back_up(observatory, tmp_path / "backups")
    assert (second.folder / "releases" / "current.json").read_text() == pointer.read_text()


@pytest.mark.parametrize("name", ["ledger.sqlite", "releases/2026.1/release.json"])
@pytest.mark.parametrize("is_gone", [False, True])
def test_a_damaged_backup_leaves_nothing_behind(observatory, tmp_path, name, is_gone):
    made = back_up(observatory, tmp_path / "backups")
    damaged = made.folder / name
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.unlink()
    if not is_gone:
        damaged.write_bytes(content)
    with pytest.raises(PcmError, match="missing" if is_gone else "damaged"):
        restore(made.folder, Settings(home=tmp_path / "restored"))
    assert [path.name for path in tmp_path.iterdir() if "restored" in path.name or path.name.startswith(".")] == []


def test_a_backup_does_not_lie_in_what_it_saves(observatory):
    with pytest.raises(UsageError, match="own home"):
        back_up(observatory, observatory.home / "backups")


def test_a_home_is_never_overwritten(observatory, tmp_path):
    made = back_up(observatory, tmp_path / "backups")
    with pytest.raises(UsageError, match="something at"):
        restore(made.folder, observatory)


def test_a_folder_without_sums_is_no_backup(tmp_path):
    with pytest.raises(UsageError, match="is no backup"):
        restore(tmp_path, Settings(home=tmp_path / "restored"))


def test_the_place_of_backups_names_those_in_it(observatory, tmp_path):
    made = back_up(observatory, tmp_path / "backups")
    with pytest.raises(UsageError, match=f"Name one of the backups in it: {made.folder.name}"):
        restore(tmp_path / "backups", Settings(home=tmp_path / "restored"))


def _found(settings: Settings, state: str) -> dict[str, str]:
    """Return {subject: sentence} of what is in this state; the machine's packages and this release are not asked."""
    found = (each for each in examine(settings) if each.subject not in ("packages", "2026.1"))
    return {each.subject: each.sentence for each in found if each.state == state}


def test_a_sound_observatory_has_nothing_to_complain_of(observatory):
    assert _found(observatory, "look") == _found(observatory, "broken") == {}


def test_a_release_without_its_sums_is_named(observatory):
    assert any(each.subject == "2026.1" and each.state == "broken" for each in examine(observatory))


def test_a_flipped_byte_of_what_arrived_is_named(observatory):
    [original] = Home(observatory.home).received.glob("*/original.csv")
    original.write_bytes(b"fiGures")
    assert original.parent.name in _found(observatory, "broken")["received"]


def test_an_open_folder_is_named(observatory):
    Home(observatory.home).received.chmod(0o755)
    assert "received/" in _found(observatory, "broken")["rights"]


def test_a_damaged_ledger_is_named(observatory):
    path = Home(observatory.home).ledger
    with sqlite3.connect(path) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * len(content[4096:])
    path.write_bytes(content)
    [found] = [each for each in examine(observatory) if each.subject == "ledger"]
    assert found.state == "broken"


def test_a_changed_decision_is_named(observatory):
    ledger.decide(observatory, "rollback", "2026.1", by="A. Steward", reason="a test", details={})
    with ledger_engine(observatory).begin() as connection:
        where = " on decisions" if observatory.ledger else ""
        connection.execute(text(f"drop trigger decisions_no_update{where}"))
        connection.execute(text("update decisions set reason = 'another'"))
    assert "decision 1" in _found(observatory, "broken")["ledger"]


def test_a_clock_set_back_is_named(observatory):
    with ledger_engine(observatory).begin() as connection:
        connection.execute(text("update submissions set received_at = '2999-01-01T00:00:00+00:00'"))
    assert "2999-01-01" in _found(observatory, "look")["clock"]
