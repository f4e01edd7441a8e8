"""What a stack that was killed left running: found by its session, and stopped."""

import contextlib
import os
import signal
from pathlib import Path

import psutil

from ingestion.store.atomic import read_json, write_json

STOP_SECONDS = 5.0


def remember_session(path: Path, leader: int) -> None:
    """Record the session that a stack runs in. Its number is that of its leader, the supervisor."""
    write_json(path, {"session": leader, "boot": psutil.boot_time(), "started": psutil.Process(leader).create_time()})


def stop_leftovers(path: Path) -> int:
    """Stop every process of the recorded session, forget the session, and return how many there were."""
    if not path.exists():
        return 0
    record = read_json(path)
    found = members(record["session"]) if _is_still_ours(record) else []
    _stop(found)
    path.unlink()
    return len(found)


def stop_orphans(session: int) -> None:
    """Stop the processes of a running stack whose parent died: what a killed part had started."""
    found = members(session)
    inside = {process.pid for process in found}
    _stop([process for process in found if process.pid != session and _parent_of(process) not in inside])


def members(session: int) -> list[psutil.Process]:
    """Return the processes of a session."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def _is_still_ours(record: dict[str, float]) -> bool:
    """Say whether the number can still mean our session: same boot, and no other process took its leader's number."""
    if abs(record["boot"] - psutil.boot_time()) > 1:
        return False
    try:
        return abs(psutil.Process(int(record["session"])).create_time() - record["started"]) < 1
    except psutil.NoSuchProcess:
        # The kernel gives no number to a new process while it is still that of a session.
        return True


def _stop(processes: list[psutil.Process]) -> None:
    """Ask, wait, then kill. A supervisor goes first, or it would start again what is stopped."""
    for process in sorted(processes, key=_is_supervisor, reverse=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL if _is_supervisor(process) else signal.SIGTERM)
    _, alive = psutil.wait_procs(processes, timeout=STOP_SECONDS)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=STOP_SECONDS)


def _parent_of(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.ppid()
    return process.pid


def _is_supervisor(process: psutil.Process) -> bool:
    with contextlib.suppress(ProcessLookupError):
        return os.getsid(process.pid) == process.pid
    return False
