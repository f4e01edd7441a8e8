"""Work in a process of its own that can be harmed at any moment: a fork, so that imports are paid once.

Two kinds of moment: the n-th operation (one that lasts: a file opened for writing, a rename, a commit of the ledger,
...; or a statement that the ledger is asked), and a time, which also falls into what libraries do in native code.
The harm is `kill -9`, unless another one is given.
"""

import faulthandler
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy

POLL_SECONDS = 0.005
LONGEST_SECONDS = 600
WITH_PATH = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "os.utime", "shutil.copyfile"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# The step in which a process was, by the innermost of these functions; what is nearer to the data comes first.
STEPS = {
    ("claim.py", "claim_pending"): "intake",
    ("desk.py", "examine"): "desk",
    ("process.py", "_land"): "landing",
    ("process.py", "process_submission"): "receipt",
    ("build.py", "_run_dbt"): "dbt",
    ("build.py", "build"): "build",
    ("gate.py", "judge"): "gate",
    ("published.py", "point_at"): "pointer",
    ("packing.py", "pack_older"): "packing",
    ("publish.py", "publish"): "publish",
    ("site.py", "render_release"): "site",
}


Tell = Callable[[], None]


@dataclass(frozen=True)
class Ended:
    """How the work ended: what it returned, the error that it raised, or the step in which it was killed."""

    returned: Any = None
    error: str | None = None
    killed_in: str | None = None


def run(
    work: Callable[[], Any],
    folder: Path,
    *,
    at_operation: int | None = None,
    operations: Callable[[Tell], None] | None = None,
    after_seconds: float | None = None,
    harm: Tell | None = None,
    alone: bool = False,
    meanwhile: Callable[[], None] = lambda: None,
) -> Ended:
    """Do `work` in a fork and say how it ended; its result must be JSON. Call it with a single thread.

    `operations` tells of each operation that counts (`lasting_operations`, `ledger_statements`). `harm` is done at the
    moment instead of a kill, and the work goes on. `alone`: the processes that it started live on when it is killed;
    else they die with it, as in a power cut. `meanwhile` is called again and again while it works.
    """
    log, result = folder / "fork.log", folder / "fork.json"
    log.write_text("")
    pid = os.fork()
    if not pid:
        _child(work, log, result, at_operation, operations or lasting_operations, harm)
    status = _wait(pid, log, after_seconds, harm, meanwhile)
    # SIGUSR1 kills a child that was not ready yet to say where it is.
    was_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGKILL, signal.SIGUSR1)
    if not (was_killed and alone):
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    said = log.read_text(encoding="utf-8", errors="replace")
    if was_killed:
        return Ended(killed_in=step_of(said))
    if status:
        return Ended(error=said or f"status {status}")
    return Ended(returned=json.loads(result.read_text(encoding="utf-8")))


def operations_of(work: Callable[[], Any], folder: Path, operations: Callable[[Tell], None] | None = None) -> int:
    """Do `work` in a fork and return how many operations it takes."""
    ended = run(lambda: _counted(work, operations or lasting_operations), folder)
    assert ended.error is None, ended.error
    return int(ended.returned)


def step_of(said: str) -> str:
    """Return the step in which a process was, from its traceback, innermost call first."""
    for line in said.splitlines():
        _, _, rest = line.partition('File "')
        path, _, function = rest.partition('"')
        step = STEPS.get((Path(path).name, function.rpartition(" in ")[2]))
        if step:
            return step
    return "between"


def _child(
    work: Callable[[], Any],
    log: Path,
    result: Path,
    at_operation: int | None,
    operations: Callable[[Tell], None],
    harm: Tell | None,
) -> None:
    status = 1
    try:
        os.setsid()
        stream = log.open("w")
        for number in (1, 2):
            os.dup2(stream.fileno(), number)
        faulthandler.register(signal.SIGUSR1, file=stream, all_threads=False)
        if at_operation is not None:
            operations(_Countdown(at_operation, harm or (lambda: _die(stream))))
        result.write_text(json.dumps(work()), encoding="utf-8")
        status = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _wait(pid: int, log: Path, after_seconds: float | None, harm: Tell | None, meanwhile: Tell) -> int:
    """Return the status with which a child ended, after killing or harming it when its time has come."""
    started, has_asked = time.monotonic(), False
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status
        meanwhile()
        age = time.monotonic() - started
        if after_seconds is not None and age > after_seconds and not has_asked:
            if harm:
                harm()
            else:
                os.kill(pid, signal.SIGUSR1)
            has_asked = True
        if age > LONGEST_SECONDS or (has_asked and not harm and "File" in log.read_text(errors="replace")):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(POLL_SECONDS)


class _Countdown:
    """Does a harm at the n-th operation."""

    def __init__(self, operations: int, harm: Tell) -> None:
        self.left, self.harm = operations, harm

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.harm()


def _die(stream: Any) -> None:
    faulthandler.dump_traceback(file=stream, all_threads=False)
    os.kill(os.getpid(), signal.SIGKILL)


def _counted(work: Callable[[], Any], operations: Callable[[Tell], None]) -> int:
    count = 0

    def one_more() -> None:
        nonlocal count
        count += 1

    operations(one_more)
    work()
    return count


def lasting_operations(tell: Tell) -> None:
    """Call `tell` before each operation of this process that lasts. An audit hook stays as long as the process."""

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event in ("subprocess.Popen", "fcntl.flock") or (event in WITH_PATH and _lasts(event, given)):
            tell()

    sys.addaudithook(hook)
    sqlalchemy.event.listen(sqlalchemy.Engine, "commit", lambda _: tell())


def ledger_statements(tell: Tell) -> None:
    """Call `tell` before each statement that this process asks the ledger, and before each commit."""
    sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", lambda *_: tell())
    sqlalchemy.event.listen(sqlalchemy.Engine, "commit", lambda _: tell())


def _lasts(event: str, given: tuple[Any, ...]) -> bool:
    if event != "open":
        return True
    path, mode, flags = given
    is_writing = any(letter in mode for letter in "wax+") if mode else bool(flags & WRITING)
    return is_writing and not str(path).startswith(("/dev/", "/proc/"))
