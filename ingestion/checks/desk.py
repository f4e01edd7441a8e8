"""The desk: the one place that reads and checks a file, in a child process that a bad file may kill.

`examine` is called by the command line, by intake and by the portal; `python -m ingestion.checks.desk` is its child.
Whoever examines many files has a process ready (`ready_for_many`), of which each child is a fork; a running observatory
has one for all its tasks (`service_command`).
"""

import gc
import json
import math
import os
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.checks import ACCEPTED_FILE
from ingestion.checks.earlier import earlier_figures, from_json, to_json
from ingestion.checks.forks import Forks, ask_at, serve, serve_at
from ingestion.errors import PcmError
from ingestion.logs import wordless
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.store.atomic import sha256_of
from ingestion.store.home import Home
from ingestion.store.sockets import socket_folder

MEGABYTE = 1 << 20
# Ten thousand rows have a megabyte. Nobody waits for a larger file before an empty page, so that it gives way: to other
# files, and to those that arrive.
NATIONAL_BYTES, GIVES_WAY = 2 * MEGABYTE, 5
RESULT_FILE = "result.json"
ERROR_FILE = "desk.log"
CHILD = (sys.executable, "-m", "ingestion.checks.desk")
READY, AT = "--ready", "--at"
# A child gets no secret of ours: only what Python needs to find this code, and what keeps NumPy and Arrow from starting
# threads when they are imported: a process with threads must not be forked.
ENVIRONMENT = {
    "PYTHONPATH": str(PROJECT_ROOT),
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "MALLOC_ARENA_MAX": "2",
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
NO_THREAD = "can't start new thread"  # what Python says
# What DuckDB says where memory ends, and what Arrow does: of all else it has something more exact to say.
NO_ROOM = ("OutOfMemoryException", "ArrowException")
OUR_FAULT = 70  # EX_SOFTWARE of sysexits.h
NO_ROOM_FOR_A_THREAD = "cannot allocate memory for thread-local data"  # glibc's last words
# Whoever stops the observatory also stops its children: that says nothing about the file.
STOPPED_BY_US = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
# A kill from outside may hit the child a moment before it hits us; a second one is the file's doing.
ATTEMPTS_WHEN_KILLED = 2


# Of this process, if it examines many files.
_forks: Forks | None = None


@contextmanager
def ready_for_many() -> Iterator[None]:
    """Have a process ready as long as this lasts: children are forks of it, with the limits of every child."""
    global _forks
    _forks = Forks((*CHILD, READY), ENVIRONMENT)
    _forks.start()
    try:
        yield
    finally:
        _forks.close()
        _forks = None


def service_command(settings: Settings) -> list[str]:
    """Return the command of the process that is ready for every task of a running observatory.

    As every child it gets no secret of ours.
    """
    variables = [f"{name}={value}" for name, value in ENVIRONMENT.items()]
    return ["env", "-i", *variables, *CHILD, AT, str(_service_socket(settings))]


def _service_socket(settings: Settings) -> Path:
    return socket_folder(Home(settings.home)) / "desk.sock"


@dataclass(frozen=True)
class Case:
    """One file to examine. `submission_id` is empty for a trial; a submission is compared with those before it."""

    path: Path
    country_code: str
    work_folder: Path
    submission_id: str | None = None
    gives_way: bool = False


def examine(
    path: Path,
    *,
    country_code: str,
    work_folder: Path,
    settings: Settings,
    original_name: str | None = None,
    submission_id: str | None = None,
    gives_way: bool = False,
) -> dict[str, Any]:
    """Return the result of reading and checking a file, whatever it holds, free of language.

    Leaves `work_folder/accepted.parquet` if any row was accepted. A file that is a submission is compared with the
    figures of those before it, any other with all that are in force. `gives_way`: others come first, as of large files.
    Errors: `PcmError` for a fault of ours, never for a bad file.
    """
    size_bytes = path.stat().st_size
    if size_bytes > settings.max_file_mb * MEGABYTE:
        result = _unreadable("TOO_LARGE", size_mb=round(size_bytes / MEGABYTE, 1), most_mb=settings.max_file_mb)
    else:
        result = _examine_in_child(Case(path, country_code, work_folder, submission_id, gives_way), settings)
    facts = {
        "country_code": country_code,
        "original_name": original_name or path.name,
        "sha256": sha256_of(path),
        "size_bytes": size_bytes,
    }
    return {**result, "submission": facts | result["submission"]}


def _examine_in_child(case: Case, settings: Settings) -> dict[str, Any]:
    case.work_folder.mkdir(parents=True, exist_ok=True)
    for name in (RESULT_FILE, ACCEPTED_FILE):
        (case.work_folder / name).unlink(missing_ok=True)
    result = _outcome(case, settings)
    if result["verdict"] == "unreadable":
        # A reader that ended early may have written some rows already.
        (case.work_folder / ACCEPTED_FILE).unlink(missing_ok=True)
    return result


def _outcome(case: Case, settings: Settings) -> dict[str, Any]:
    for _ in range(ATTEMPTS_WHEN_KILLED):
        try:
            status = _run(case, settings)
        except (subprocess.TimeoutExpired, TimeoutError):
            return _unreadable("TOOK_TOO_LONG", seconds=settings.desk_seconds)
        if status != -signal.SIGKILL:
            break
    if status == 0:
        return dict(json.loads((case.work_folder / RESULT_FILE).read_text(encoding="utf-8")))
    if status == -signal.SIGXCPU:
        return _unreadable("TOOK_TOO_LONG", seconds=settings.desk_seconds)
    if status < 0 and -status not in STOPPED_BY_US:
        return _unreadable("READER_DIED", signal=signal.Signals(-status).name)
    log = (case.work_folder / ERROR_FILE).read_text(encoding="utf-8", errors="replace").strip()
    if log.startswith(NO_ROOM_FOR_A_THREAD):
        return _unreadable("OUT_OF_MEMORY", memory_mb=settings.desk_memory_mb)
    raise PcmError(f"The desk could not examine {case.path.name}: {log or f'it ended with status {status}'}")


def _run(case: Case, settings: Settings) -> int:
    """Have the file examined by a fork of a process that is ready, if there is one; return the exit status."""
    if _forks:
        return _forks.run(_handed_over(case, settings), seconds=settings.desk_seconds)
    place = _service_socket(settings)
    if place.exists():
        status = ask_at(place, _handed_over(case, settings), seconds=settings.desk_seconds)
        if status is not None:
            return status
    return _run_child(case, settings)


def _run_child(case: Case, settings: Settings) -> int:
    """Run the child and return its exit status, negative for a signal.

    It starts while we look for what the file is compared with, and reads that from its standard input.
    """
    log_path = case.work_folder / ERROR_FILE
    with (
        log_path.open("wb") as log,
        subprocess.Popen(
            CHILD, cwd=case.work_folder, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=log, stderr=log
        ) as child,
    ):
        try:
            child.communicate(json.dumps(_asked(case, settings)).encode(), timeout=settings.desk_seconds)
        except BaseException:
            child.kill()
            raise
        return child.returncode


def _handed_over(case: Case, settings: Settings) -> dict[str, Any]:
    """Return what a fork is asked: a child's question, and the places that a child is started in."""
    return _asked(case, settings) | {"work_folder": str(case.work_folder.absolute()), "log": ERROR_FILE}


def _asked(case: Case, settings: Settings) -> dict[str, Any]:
    earlier = earlier_figures(settings, country_code=case.country_code, before=case.submission_id)
    return {
        "path": str(case.path.absolute()),
        "country_code": case.country_code,
        "gives_way": case.gives_way or case.path.stat().st_size > NATIONAL_BYTES,
        "earlier": to_json(earlier),
        "memory_mb": settings.desk_memory_mb,
        "seconds": settings.desk_seconds,
    }


def _unreadable(rule: str, **given: str | float) -> dict[str, Any]:
    from ingestion.checks.examination import unreadable
    from ingestion.checks.findings import Finding

    return unreadable(Finding(rule, given=given))


def _work(asked: dict[str, Any]) -> bytes:
    """The child's work: limit ourselves, then read the file. Return the result as JSON, which takes memory as well."""
    from ingestion.checks.examination import examine_here

    gc.disable()  # nothing here outlives its file
    if asked["gives_way"]:
        os.nice(GIVES_WAY)
    _limit(resource.RLIMIT_AS, asked["memory_mb"] * MEGABYTE)
    _limit(resource.RLIMIT_CPU, math.ceil(asked["seconds"]))
    _limit(resource.RLIMIT_CORE, 0)
    try:
        result = examine_here(
            Path(asked["path"]),
            country_code=asked["country_code"],
            work_folder=Path.cwd(),
            earlier=from_json(asked["earlier"]),
        )
        return _as_json(result)
    except BaseException as error:
        if not _is_out_of_memory(error):
            raise
    return _as_json(_unreadable("OUT_OF_MEMORY", memory_mb=asked["memory_mb"]))


def _as_json(result: dict[str, Any]) -> bytes:
    return json.dumps(result, ensure_ascii=False, default=str).encode()


def _limit(kind: int, amount: int) -> None:
    _, hard = resource.getrlimit(kind)
    amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(kind, (amount, amount))


def _is_out_of_memory(error: BaseException) -> bool:
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ in NO_ROOM
        or (isinstance(error, RuntimeError) and NO_THREAD in str(error))
    )


def _answer(asked: dict[str, Any]) -> int:
    """Examine one file in this process, and leave `result.json` in the working folder; return the exit status."""
    try:
        result = _work(asked)
    except Exception as fault:
        print(wordless(fault), file=sys.stderr)  # its words may hold a value of the file
        return OUR_FAULT
    Path(RESULT_FILE).write_bytes(result)
    return 0


def main() -> int:
    """Examine the one file that standard input asks for; with `--ready` or `--at`, be what children are forked of."""
    from ingestion.checks.examination import prepare, prepare_for_many

    try:
        if READY in sys.argv:
            prepare_for_many()
            serve(_answer)
            return 0
        if AT in sys.argv:
            prepare_for_many()
            serve_at(Path(sys.argv[-1]), _answer)
        prepare()  # while the parent still looks for what is asked
        asked = json.loads(sys.stdin.read())
    except Exception:
        traceback.print_exc()
        return OUR_FAULT
    return _answer(asked)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Nothing is left to tidy up, and tearing a large table down costs time.
    os._exit(status)
