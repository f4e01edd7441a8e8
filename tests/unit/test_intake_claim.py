"""What happens between the inbox and the desk: nothing is lost, nothing is doubled, everything is answered."""

import contextlib
import errno
import itertools
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion import ledger
from ingestion.errors import sentence_for
from ingestion.intake import claim_pending, process_submission, receive, waiting_files
from ingestion.settings import Settings
from ingestion.store import atomic
from ingestion.store.home import Home


def _drop(settings: Settings, name: str, content: bytes, *, country: str = "LU", age_seconds: float = 10):
    path = Home(settings.home).inbox / country / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    moment = time.time() - age_seconds
    os.utime(path, (moment, moment))
    return path


def test_every_byte_is_kept_and_the_inbox_is_cleared(settings):
    path = _drop(settings, "Zahlen 2025 (endgültig).xlsx", b"\x00\xffcontent")
    [submission_id] = claim_pending(settings)
    folder = Home(settings.home).received / submission_id
    assert (folder / "original.xlsx").read_bytes() == b"\x00\xffcontent"
    assert json.loads((folder / "arrival.json").read_text())["original_name"] == "Zahlen 2025 (endgültig).xlsx"
    assert not path.exists()


def test_same_content_ten_times_is_one_submission(settings):
    for number in range(10):
        _drop(settings, f"copy {number}.csv", b"same", age_seconds=20 - number)
        claim_pending(settings)
    assert len(ledger.submissions(settings)) == 1


def test_each_name_of_one_content_gets_a_receipt(settings):
    names = ["figures.csv", "copy of figures.csv", "north/figures.csv"]
    for number, name in enumerate(names):
        _drop(settings, name, b"same", country="IE", age_seconds=20 - number)
    [submission_id] = claim_pending(settings)
    process_submission(settings, submission_id)
    receipts = Home(settings.home).inbox / "IE" / "receipts"
    said = [(receipts / f"{name}.receipt.html").read_text() for name in names]
    assert ["We already have this file" in text for text in said] == [False, True, True]


def test_what_came_by_another_way_gets_no_receipt_in_the_inbox(settings, tmp_path):
    (tmp_path / "figures.csv").write_bytes(b"same")
    receive(settings, tmp_path / "figures.csv", country_code="LU", arrived_via="portal")
    _drop(settings, "copy.csv", b"same")
    [submission_id] = claim_pending(settings)
    process_submission(settings, submission_id)
    assert [path.name for path in Home(settings.home).inbox.rglob("*.html")] == ["copy.csv.receipt.html"]


def test_same_content_from_two_countries_is_two_submissions(settings):
    for country in ("LU", "BE"):
        _drop(settings, "file.csv", b"same", country=country)
    assert len(claim_pending(settings)) == 2


def test_older_files_come_first(settings):
    _drop(settings, "a-second.csv", b"2", age_seconds=5)
    _drop(settings, "b-first.csv", b"1", age_seconds=9)
    claim_pending(settings)
    names = [entry["original_name"] for entry in ledger.submissions(settings)]
    assert names == ["b-first.csv", "a-second.csv"]


def test_a_file_that_is_still_written_waits(settings):
    patient = replace(settings, settle_seconds=5)
    path = _drop(patient, "growing.csv", b"half", age_seconds=0)
    assert claim_pending(patient) == []
    assert path.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells who has a file open.")
def test_a_file_that_somebody_has_open_to_write_waits_however_long_the_pause(settings):
    path = _drop(settings, "pausing.csv", b"ref_area\n")
    with path.open("ab") as sender:
        assert claim_pending(settings) == []
        sender.write(b"LU\n")
    with path.open("rb"):  # who only reads stops nobody
        _drop(settings, "pausing.csv", path.read_bytes())
        [submission_id] = claim_pending(settings)
    assert (Home(settings.home).received / submission_id / "original.csv").read_bytes() == b"ref_area\nLU\n"


def _while_a_file_is_taken(monkeypatch, happens):
    """Let something happen while the first file that is taken is copied."""
    copy_hashed, events = atomic.copy_hashed, iter([happens])

    def copied(*args):
        known = copy_hashed(*args)
        next(events, lambda: None)()
        return known

    monkeypatch.setattr("ingestion.intake.claim.copy_hashed", copied)


def _contents_kept(settings) -> set[bytes]:
    return {path.read_bytes() for path in Home(settings.home).received.glob("*/original*")}


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells who has a file open.")
def test_a_file_that_is_sent_anew_while_another_is_taken_waits(settings, monkeypatch):
    _drop(settings, "first.csv", b"1", age_seconds=20)
    path = _drop(settings, "second.csv", b"old")
    senders = []

    def begin() -> None:
        senders.append(path.open("wb", buffering=0))
        senders[0].write(b"one half, ")

    _while_a_file_is_taken(monkeypatch, begin)
    claim_pending(settings)
    with senders[0] as sender:
        sender.write(b"the other half")
    claim_pending(settings)
    assert _contents_kept(settings) == {b"1", b"one half, the other half"}


def test_a_file_that_is_changed_under_its_old_time_while_it_is_taken_is_taken_again(settings, monkeypatch):
    path = _drop(settings, "figures.csv", b"old")
    known = path.stat()

    def change() -> None:
        path.write_bytes(b"new")
        os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))

    _while_a_file_is_taken(monkeypatch, change)
    claim_pending(settings)
    claim_pending(settings)
    assert _contents_kept(settings) == {b"old", b"new"}


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells who has a file open.")
def test_who_begins_to_write_while_we_look_ends_nothing(settings):
    path = _drop(settings, "contested.csv", b"ref_area\n")
    opening = f"print('begun', flush=True)\nwhile True: open({str(path)!r}, 'ab').close()"
    writer = subprocess.Popen((sys.executable, "-c", opening), stdout=subprocess.PIPE)
    try:
        assert writer.stdout.readline()
        for _ in range(5000):
            waiting_files(settings)
    finally:
        writer.kill()
        writer.wait()


def test_a_file_of_the_future_does_not_wait_for_its_time(settings):
    patient = replace(settings, settle_seconds=5)
    _drop(patient, "tomorrow.csv", b"whole", age_seconds=-86_400)
    assert len(claim_pending(patient)) == 1


def test_what_was_announced_before_the_clock_was_set_back_is_announced_again(settings, monkeypatch):
    _drop(settings, "a.csv", b"1")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 86_400)
    [announced] = claim_pending(settings)
    monkeypatch.setattr(time, "time", lambda: now)
    assert claim_pending(settings) == [announced]


@pytest.mark.parametrize("name", [".hidden.csv", "~$open.xlsx", "file.csv.part", "file.crdownload", ".tmp-123"])
def test_unfinished_names_are_left_alone(settings, name):
    _drop(settings, name, b"x")
    assert waiting_files(settings) == []


def test_a_file_that_cannot_be_read_stays_and_stops_no_other(settings, monkeypatch, caplog):
    kept = _drop(settings, "a.csv", b"1")
    _drop(settings, "b.csv", b"2")
    opened = Path.open

    def refuse(path, *args, **kwargs):
        if path == kept:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    assert len(claim_pending(settings)) == 1
    assert kept.exists()
    assert "A file of LU stays in the inbox: Permission denied." in caplog.text


def test_a_folder_that_keeps_its_files_shut_stops_no_other(settings, monkeypatch):
    shut = _drop(settings, "listed/a.csv", b"1")
    _drop(settings, "b.csv", b"2")
    look = Path.lstat

    def refuse(path):
        if path == shut:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(Path, "lstat", refuse)
    assert len(claim_pending(settings)) == 1


@pytest.mark.parametrize("full", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_or_a_quota_that_is_full_is_said_and_loses_nothing(settings, monkeypatch, full):
    path = _drop(settings, "a.csv", b"1")

    def refuse():
        raise OSError(full, os.strerror(full), str(path))

    with monkeypatch.context() as filled, pytest.raises(OSError, match=r"No space left|quota exceeded") as said:
        _while_a_file_is_taken(filled, refuse)
        claim_pending(settings)
    assert "Free some space" in sentence_for(said.value)
    assert len(claim_pending(settings)) == 1


def test_only_files_are_taken(settings):
    folder = Home(settings.home).inbox / "LU"
    folder.mkdir()
    os.mkfifo(folder / "pipe.csv")
    assert waiting_files(settings) == []


def test_receipts_are_not_taken_for_submissions(settings):
    _drop(settings, "receipts/file.csv.receipt.html", b"<html>")
    assert waiting_files(settings) == []


@pytest.mark.parametrize(
    ("name", "receipt"),
    [
        ("LU/a.csv", "LU/receipts/a.csv.receipt.html"),
        ("lu/a.csv", "lu/receipts/a.csv.receipt.html"),
        ("LU/2025/nord/a.csv", "LU/receipts/2025/nord/a.csv.receipt.html"),
        ("lux/a.csv", "lux/receipts/a.csv.receipt.html"),
        ("a.csv", "receipts/a.csv.receipt.html"),
    ],
)
def test_the_receipt_lies_where_the_sender_looks(settings, name, receipt):
    inbox = Home(settings.home).inbox
    _drop(settings, name, b"x", country="")
    process_submission(settings, *claim_pending(settings))
    assert [path.relative_to(inbox).as_posix() for path in inbox.rglob("*.html")] == [receipt]


def test_files_of_one_name_in_two_folders_have_a_receipt_each(settings):
    for folder in ("north", "south"):
        _drop(settings, f"{folder}/figures.csv", folder.encode())
    for submission_id in claim_pending(settings):
        process_submission(settings, submission_id)
    assert len(list(Home(settings.home).inbox.rglob("figures.csv.receipt.html"))) == 2


@pytest.mark.parametrize("place", ["", "XX", "lux"])
def test_a_file_outside_a_countrys_folder_is_kept_as_of_unknown_country(settings, place):
    _drop(settings, "lost.csv", b"x", country=place)
    [submission_id] = claim_pending(settings)
    assert submission_id.startswith("ZZ-")


def test_a_submission_is_announced_once_until_its_worker_may_be_dead(settings, monkeypatch):
    _drop(settings, "file.csv", b"x")
    [submission_id] = claim_pending(settings)
    assert claim_pending(settings) == []
    later = time.time() + ledger.submissions(settings)[0]["announced_at_unix"]
    monkeypatch.setattr(time, "time", lambda: later)
    assert claim_pending(settings) == [submission_id]


def test_what_could_not_be_read_in_a_bad_hour_is_read_when_it_comes_again(settings):
    content = b"INDICATOR,REF_AREA,TIME_PERIOD\nMTB_01,LU,2025\n"
    _drop(settings, "file.csv", content, age_seconds=20)
    [submission_id] = claim_pending(settings)
    hurried = process_submission(replace(settings, desk_seconds=0.01), submission_id)
    assert [finding["rule"] for finding in hurried["findings"]] == ["TOOK_TOO_LONG"]
    for age_seconds, read_again in ((10, [submission_id]), (5, [])):
        _drop(settings, "file.csv", content, age_seconds=age_seconds)
        assert claim_pending(settings) == read_again
        assert process_submission(settings, submission_id)["rows"]["read"] == 1


class Killed(BaseException):
    """Stands for kill -9 between two instructions of the claim."""


def _kill_at(monkeypatch, call_number: int) -> None:
    """Let the claim die just before its n-th lasting step."""
    counter = itertools.count(1)

    def dying(function):
        def step(*args, **kwargs):
            if next(counter) == call_number:
                raise Killed
            return function(*args, **kwargs)

        return step

    monkeypatch.setattr("ingestion.intake.claim.settle_folder", dying(atomic.settle_folder))
    monkeypatch.setattr("ingestion.ledger.record_arrival", dying(ledger.record_arrival))
    monkeypatch.setattr("pathlib.Path.unlink", dying(Path.unlink))
    monkeypatch.setattr("ingestion.ledger.announce_waiting", dying(ledger.announce_waiting))


@pytest.mark.parametrize("call_number", range(1, 8))
def test_a_claim_killed_at_any_step_is_done_again_without_loss(settings, monkeypatch, call_number):
    _drop(settings, "one.csv", b"1")
    _drop(settings, "two.csv", b"2")
    with monkeypatch.context() as patched:
        _kill_at(patched, call_number)
        with contextlib.suppress(Killed):
            claim_pending(settings)
    claim_pending(settings)
    kept = {path.read_bytes() for path in Home(settings.home).received.glob("*/original.csv")}
    assert kept == {b"1", b"2"}
    assert len(ledger.submissions(settings)) == 2
    assert waiting_files(settings) == []


def test_a_name_that_is_not_utf8_is_taken(settings):
    folder = Home(settings.home).inbox / "LU"
    folder.mkdir()
    (folder / os.fsdecode("Zahlen-\xfc.csv".encode("latin-1"))).write_bytes(b"x")
    [submission_id] = claim_pending(settings)
    assert ledger.find(settings, submission_id)["original_name"] == "Zahlen-\ufffd.csv"


@pytest.fixture(scope="module")
def one_home(tmp_path_factory) -> Settings:
    """One observatory for all names: a ledger for each would be most of the work."""
    made = Settings(home=tmp_path_factory.mktemp("home"), settle_seconds=0)
    Home(made.home).create()
    return made


@hypothesis.settings(deadline=None)  # a busy disk is no fault of a name
@given(name=st.text(min_size=1, max_size=60).filter(lambda name: "/" not in name and "\0" not in name))
def test_any_name_that_a_file_system_allows_is_taken(one_home, tmp_path_factory, name):
    source = tmp_path_factory.mktemp("sent") / "x"
    if name in (".", "..") or len(name.encode("utf-8", "surrogatepass")) > 200:
        return
    source = source.with_name(name)
    source.write_bytes(name.encode())
    submission_id = receive(one_home, source, country_code="LU", arrived_via="command line")
    [original] = (Home(one_home.home).received / submission_id).glob("original*")
    assert original.read_bytes() == name.encode()


def test_a_link_in_the_inbox_brings_no_file_of_ours(settings):
    secret = Home(settings.home).received / "BE-figures.csv"
    secret.write_bytes(b"another country's")
    inbox = _drop(settings, "own.csv", b"own").parent
    (inbox / "link.csv").symlink_to(secret)
    (inbox / "folder").symlink_to(secret.parent)
    claim_pending(settings)
    assert [entry["original_name"] for entry in ledger.submissions(settings)] == ["own.csv"]
    assert (inbox / "link.csv").is_symlink()
