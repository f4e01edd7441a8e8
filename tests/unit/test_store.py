import contextlib
import json
import multiprocessing
import os
import signal
import time

from ingestion.store import atomic
from ingestion.store.locks import exclusively


def test_a_failed_write_leaves_the_old_file_and_no_leftover(tmp_path, monkeypatch):
    path = tmp_path / "value.json"
    atomic.write_json(path, {"old": True})
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with contextlib.suppress(OSError):
        atomic.write_json(path, {"new": True})
    assert json.loads(path.read_text()) == {"old": True}
    assert [entry.name for entry in tmp_path.iterdir()] == ["value.json"]


def test_equal_values_are_equal_bytes(tmp_path):
    atomic.write_json(tmp_path / "a", {"x": 1, "y": "é"})
    atomic.write_json(tmp_path / "b", {"y": "é", "x": 1})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_first_folder_of_a_name_stays(tmp_path):
    for content in ("first", "second"):
        temporary = atomic.temporary_beside(tmp_path / "folder")
        temporary.mkdir()
        (temporary / "file").write_text(content)
        atomic.settle_folder(temporary, tmp_path / "folder")
    assert (tmp_path / "folder" / "file").read_text() == "first"
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder"]


def test_leftovers_go_and_the_rest_stays(tmp_path):
    (tmp_path / f"{atomic.TEMPORARY_PREFIX}folder").mkdir()
    (tmp_path / f"{atomic.TEMPORARY_PREFIX}file").touch()
    (tmp_path / "kept").touch()
    atomic.remove_leftovers(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept"]


def test_symlink_always_points_somewhere(tmp_path):
    for target in ("one", "two"):
        (tmp_path / target).mkdir()
        atomic.point_symlink(tmp_path / "current", target)
        assert (tmp_path / "current").resolve().name == target


def _hold_for_ever(path, ready):
    with exclusively(path):
        ready.set()
        time.sleep(600)


def test_a_dead_process_keeps_no_lock(tmp_path):
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    holder = context.Process(target=_hold_for_ever, args=(tmp_path / "lock", ready))
    holder.start()
    assert ready.wait(30)
    os.kill(holder.pid, signal.SIGKILL)
    with exclusively(tmp_path / "lock"):
        holder.join()
    assert holder.exitcode == -signal.SIGKILL
