"""A process that is ready, and forks of it: a file need not wait for a program to start and for its imports.

`Forks` is the side of a caller that starts the process, which calls `serve`; a process that calls `serve_at` is there
for everyone who may enter the folder of its socket, and is asked by `ask_at`. The process reads no file itself: each is
read by a fork of its own, which limits itself and ends with its file. Caller and process hold a socket for each fork,
its leash: the process says by it how the fork ended, and kills the fork when the caller lets go.
"""

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

Work = Callable[[dict[str, Any]], int]
LONGEST_STATUS = 16
VISITOR_SECONDS = 1
END_SECONDS = 5
KILLED = -signal.SIGKILL


class Forks:
    """The caller's side. Its methods may be called by several threads; a process that has died is started again."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command, self._environment = tuple(command), dict(environment)
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self) -> None:
        """Start the process, so that it is ready when the first file comes."""
        with self._lock:
            self._running()

    def run(self, asked: dict[str, Any], *, seconds: float) -> int:
        """Let a fork do what is asked, and return its exit status, negative for a signal.

        Errors: `TimeoutError` when it takes longer; it is killed then, as for every other error.
        """
        return _ask(self._hand_over, asked, seconds=seconds)

    def close(self) -> None:
        """End the process and every fork that still works."""
        with self._lock:
            self._end()

    def _hand_over(self, descriptors: list[int]) -> None:
        with self._lock:
            try:
                socket.send_fds(self._running(), [b"."], descriptors)
            except ConnectionError:
                self._end()
                socket.send_fds(self._running(), [b"."], descriptors)

    def _running(self) -> socket.socket:
        if self._control is None:
            self._control, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(self._command, env=self._environment, stdin=theirs.fileno(), cwd="/")
        return self._control

    def _end(self) -> None:
        if self._control and self._process:
            self._control.close()
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._control = self._process = None


def ask_at(place: Path, asked: dict[str, Any], *, seconds: float) -> int | None:
    """As `Forks.run`, by the process that serves at a socket; None when none does."""
    with socket.socket(socket.AF_UNIX) as control:
        try:
            control.connect(str(place))
        except OSError:
            return None
        return _ask(lambda descriptors: socket.send_fds(control, [b"."], descriptors), asked, seconds=seconds)


def _ask(hand_over: Callable[[list[int]], object], asked: dict[str, Any], *, seconds: float) -> int:
    leash, end_of_leash = socket.socketpair()
    question, end_of_question = os.pipe()
    with leash, os.fdopen(end_of_question, "wb") as asking:
        try:
            hand_over([question, end_of_leash.fileno()])
        finally:
            os.close(question)
            end_of_leash.close()
        with suppress(BrokenPipeError):  # a fork that is dead already: its status says so
            asking.write(json.dumps(asked).encode())
            asking.close()
        leash.settimeout(seconds)
        with suppress(ConnectionError):
            return int(leash.recv(LONGEST_STATUS) or KILLED)
    return KILLED


def serve(work: Work) -> None:
    """Be the process of one caller: fork for each question, do `work` in the fork, and end when the caller is gone.

    Call it with a single thread: what another thread holds at the moment of a fork is held there for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as control:
        _serve(work, control, _from_caller)


def serve_at(place: Path, work: Work) -> None:
    """Be the process for everyone who comes to a socket, until a signal ends it and every fork that still works."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit())
    # Who sees the socket may come at once: it is put in its place when somebody listens.
    new = place.with_name(f"{place.name}~")
    new.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as entrance:
        entrance.bind(str(new))
        entrance.listen()
        new.replace(place)
        _serve(work, entrance, _from_visitor)


def _from_caller(control: socket.socket) -> list[int] | None:
    """Return the descriptors of a question; None when the caller is gone."""
    _, descriptors, _, _ = socket.recv_fds(control, 1, 2)
    return descriptors or None


def _from_visitor(entrance: socket.socket) -> list[int]:
    """Return the descriptors of a question; none when the visitor left without a word."""
    visitor, _ = entrance.accept()
    with visitor, suppress(TimeoutError, ConnectionError):
        visitor.settimeout(VISITOR_SECONDS)
        _, descriptors, _, _ = socket.recv_fds(visitor, 1, 2)
        return descriptors
    return []


def _serve(work: Work, control: socket.socket, take: Callable[[socket.socket], list[int] | None]) -> None:
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    gc.freeze()  # what is here already is shared with the forks as long as nobody touches it
    leashes: dict[int, socket.socket] = {}
    try:
        while True:
            ready, _, _ = select.select([control, woken, *leashes.values()], [], [])
            for pid in [pid for pid, leash in leashes.items() if leash in ready]:
                os.kill(pid, signal.SIGKILL)  # nothing ever comes by a leash: its caller let go
            if woken in ready:
                os.read(woken, 1024)
            _tell_who_ended(leashes)
            if control in ready:
                descriptors = take(control)
                if descriptors is None:
                    break
                if descriptors:
                    question, leash = descriptors
                    leashes[_fork(work, question)] = socket.socket(fileno=leash)
    finally:
        for pid in leashes:
            os.kill(pid, signal.SIGKILL)


def _tell_who_ended(leashes: dict[int, socket.socket]) -> None:
    while leashes:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with leashes.pop(pid) as leash, suppress(ConnectionError):
            leash.send(str(os.waitstatus_to_exitcode(status)).encode())


def _fork(work: Work, question: int) -> int:
    """Return the pid of a fork that does the work; it holds nothing of the process but its memory."""
    if pid := os.fork():
        os.close(question)
        return pid
    status = os.EX_SOFTWARE
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.dup2(question, sys.stdin.fileno())
        os.closerange(sys.stderr.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
        asked = json.loads(sys.stdin.buffer.read())
        os.chdir(asked["work_folder"])
        _write_to(Path(asked["log"]))
        status = work(asked)
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Nothing else of the process may run here; and nothing is left to tidy up.
        os._exit(status)


def _write_to(log: Path) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(descriptor, stream.fileno())
    os.close(descriptor)
