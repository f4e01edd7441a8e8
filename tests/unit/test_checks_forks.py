"""The process that is ready, and its forks: as quick as promised is measured elsewhere, here it is whether they are as
safe as a child of its own: limited, alone, killable, and never the end of the next file."""

import dataclasses
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingestion.checks import desk
from ingestion.checks.forks import Forks, ask_at
from ingestion.store.home import Home
from ingestion.store.sockets import make_socket_folder
from tests.files import as_lines, csv_text, figures

GOOD = csv_text(as_lines(figures())).encode()
WORK = """
import os, pathlib, signal, sys, time
from ingestion.checks.forks import serve

def work(asked):
    print("working", flush=True)
    exec(asked["code"])
    return 0

serve(work)
"""


@pytest.fixture(scope="module")
def ready():
    with desk.ready_for_many():
        yield desk._forks


@pytest.fixture
def forks():
    made = Forks((sys.executable, "-c", WORK), {"PYTHONPATH": str(desk.PROJECT_ROOT)})
    yield made
    made.close()


def examined(settings, folder, data=GOOD, name="figures.csv"):
    folder.mkdir()
    path = folder / name
    path.write_bytes(data)
    result = desk.examine(path, country_code="LU", work_folder=folder / "work", settings=settings)
    return result, sorted(each.name for each in (folder / "work").iterdir())


def run(forks, folder, code, seconds=30):
    return forks.run({"work_folder": str(folder), "log": "log", "code": code}, seconds=seconds)


def test_a_fork_gives_the_answer_of_a_child(settings, tmp_path, ready):
    by_fork = examined(settings, tmp_path / "a")
    desk._forks = None
    try:
        assert by_fork == examined(settings, tmp_path / "b")
    finally:
        desk._forks = ready


def test_the_process_has_one_thread(ready):
    assert len(list(Path(f"/proc/{ready._process.pid}/task").iterdir())) == 1


def test_a_file_that_needs_too_much_memory_costs_its_own_fork_and_not_the_process(settings, tmp_path, ready):
    pid = ready._process.pid
    narrow = dataclasses.replace(settings, desk_memory_mb=550)
    # A line break in a cell has the rows read by Python alone, which says so where memory ends.
    greedy, _ = examined(narrow, tmp_path / "bad", GOOD * 150_000 + b'"a\nb"')
    assert (greedy["verdict"], greedy["groups"][0]["rule"]) == ("unreadable", "OUT_OF_MEMORY")
    assert examined(settings, tmp_path / "good")[0]["verdict"] == "accepted"
    assert ready._process.pid == pid


def test_many_at_once_each_get_their_own_answer(settings, tmp_path, ready):
    def answered(number):
        data = GOOD + b"\n" * number
        return examined(settings, tmp_path / str(number), data)[0]["submission"]["sha256"]

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(answered, range(6)))) == 6


def test_a_fork_says_how_it_ended_and_writes_into_its_folder(forks, tmp_path):
    assert run(forks, tmp_path, "pathlib.Path('made').touch()") == 0
    assert (tmp_path / "made").exists()
    assert (tmp_path / "log").read_text() == "working\n"
    assert run(forks, tmp_path, "os.kill(os.getpid(), signal.SIGSEGV)") == -signal.SIGSEGV
    assert run(forks, tmp_path, "raise ValueError('why')") == os.EX_SOFTWARE
    assert "why" in (tmp_path / "log").read_text()


def test_a_fork_that_takes_too_long_is_killed(forks, tmp_path):
    with pytest.raises(TimeoutError):
        run(forks, tmp_path, "print(os.getpid(), flush=True); time.sleep(60)", seconds=1)
    pid = int((tmp_path / "log").read_text().split()[1])
    assert _is_gone(pid)
    assert run(forks, tmp_path, "") == 0


def test_forks_end_with_the_caller(forks, tmp_path):
    waiting = threading.Thread(target=run, args=(forks, tmp_path, "print(os.getpid(), flush=True); time.sleep(60)"))
    waiting.start()
    log = tmp_path / "log"
    while not log.exists() or len(log.read_text().split()) < 2:
        time.sleep(0.05)
    forks.close()
    waiting.join(5)
    assert _is_gone(int(log.read_text().split()[1]))


def test_a_process_that_was_killed_is_started_again(forks, tmp_path):
    assert run(forks, tmp_path, "") == 0
    os.kill(forks._process.pid, signal.SIGKILL)
    forks._process.wait()
    assert run(forks, tmp_path, "") == 0


def test_a_fork_sees_no_secret_and_no_open_file_of_ours(forks, tmp_path, monkeypatch):
    monkeypatch.setenv("PCM_SECRET", "hush")
    with (tmp_path / "open").open("w"):
        assert run(forks, tmp_path, "print(dict(os.environ), len(os.listdir('/proc/self/fd')))") == 0
    said = (tmp_path / "log").read_text()
    assert "PCM_SECRET" not in said
    assert said.split()[-1] == "4"  # in, out, error, and the folder that is being listed


def _is_gone(pid):
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def service(settings):
    """The desk of a running observatory, as its supervisor starts it."""
    make_socket_folder(Home(settings.home).create())
    environment = {"PATH": os.environ["PATH"], "PCM_LEDGER_PASSWORD": "not for a desk"}
    with subprocess.Popen(desk.service_command(settings), env=environment) as process:
        while not desk._service_socket(settings).exists():
            time.sleep(0.05)
        yield process
        process.kill()


def test_a_service_gives_the_answer_of_a_child_and_knows_no_secret(settings, tmp_path, service, monkeypatch):
    by_child = examined(dataclasses.replace(settings, home=tmp_path / "elsewhere"), tmp_path / "a")
    monkeypatch.setattr(desk, "_run_child", None)
    assert examined(settings, tmp_path / "b") == by_child
    assert b"not for a desk" not in Path(f"/proc/{service.pid}/environ").read_bytes()


def test_a_service_that_is_gone_is_done_without(settings, tmp_path, service):
    service.kill()
    service.wait()
    assert desk._service_socket(settings).exists()
    assert examined(settings, tmp_path / "a")[0]["verdict"] == "accepted"


def test_a_service_outlives_a_visitor_without_a_word_and_ends_its_forks_with_itself(tmp_path):
    place = tmp_path / "desk"
    code = WORK.replace("serve(work)", f"serve_at(pathlib.Path({str(place)!r}), work)").replace("serve\n", "serve_at\n")
    with subprocess.Popen([sys.executable, "-c", code], env={"PYTHONPATH": str(desk.PROJECT_ROOT)}) as process:
        while not place.exists():
            time.sleep(0.05)
        with socket.socket(socket.AF_UNIX) as visitor:
            visitor.connect(str(place))
        asked = {"work_folder": str(tmp_path), "log": "log", "code": "print(os.getpid(), flush=True); time.sleep(60)"}
        waiting = ThreadPoolExecutor(1).submit(ask_at, place, asked, seconds=30)
        log = tmp_path / "log"
        while not log.exists() or len(log.read_text().split()) < 2:
            time.sleep(0.05)
        process.terminate()
        assert process.wait(5) == 0
    assert waiting.result(5) == -signal.SIGKILL
    assert _is_gone(int(log.read_text().split()[1]))
