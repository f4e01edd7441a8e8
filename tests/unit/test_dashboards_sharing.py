"""Work shared out among forks: all of it is done, whatever fails is told, and nobody works on alone."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from dashboards.sharing import share_out

LONG_SECONDS = 30


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_every_item_is_done_once_by_as_many_processes_as_wanted(tmp_path, count):
    def work(items):
        for item in items:
            (tmp_path / f"{item}").write_text(f"{os.getpid()}")

    share_out(work, range(5), count)
    done = {int(path.name): path.read_text() for path in tmp_path.iterdir()}
    assert sorted(done) == [0, 1, 2, 3, 4]
    assert len(set(done.values())) == min(count, 5)
    assert done[0] == f"{os.getpid()}"


def test_what_fails_in_a_fork_fails_here_with_its_place_in_the_code():
    def work(items):
        for item in items:
            if item == 1:
                raise ValueError("no such country: Narnia")

    with pytest.raises(RuntimeError, match=r"(?s)share of the work failed:.*in work.*no such country: Narnia"):
        share_out(work, range(4), 2)


def test_a_fork_that_is_killed_fails_all():
    def work(items):
        for item in items:
            if item == 1:
                os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(RuntimeError, match="ended by SIGKILL"):
        share_out(work, range(4), 3)


def test_a_failure_here_ends_the_forks(tmp_path):
    def work(items):
        for item in items:
            if item == 1:
                (tmp_path / "pid").write_text(f"{os.getpid()}")
                time.sleep(LONG_SECONDS)
            _wait_for(tmp_path / "pid")
            raise KeyError(item)

    with pytest.raises(KeyError):
        share_out(work, range(2), 2)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_fork_whose_parent_was_killed_begins_nothing_more(tmp_path):
    def work(items):
        for item in items:
            (tmp_path / f"{item}").write_text(f"{os.getpid()}")
            if item == 0:
                _wait_for(tmp_path / "1")
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(0.2)

    if not (pid := os.fork()):
        share_out(work, range(100), 2)
    os.waitpid(pid, 0)
    fork = int((tmp_path / "1").read_text())
    until = time.monotonic() + LONG_SECONDS
    while not _has_ended(fork) and time.monotonic() < until:
        time.sleep(0.01)
    assert _has_ended(fork)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1"]


def _has_ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _wait_for(path: Path) -> None:
    while not (path.exists() and path.read_text()):
        time.sleep(0.005)
