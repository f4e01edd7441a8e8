"""The desk: the one place that reads and checks a file, in a child process that a bad file may kill.

`examine` is called by the command line, by intake and by the portal; `python -m ingestion.checks.desk` is its child.
"""

import json
import math
import os
import resource
import signal
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

from ingestion.errors import PcmError
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.store.atomic import sha256_of

MEGABYTE = 1 << 20
RESULT_FILE = "result.json"
ERROR_FILE = "desk.log"
OUR_FAULT = 70  # EX_SOFTWARE of sysexits.h
# Whoever stops the observatory also stops its children: that says nothing about the file.
STOPPED_BY_US = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
# A kill from outside may hit the child a moment before it hits us; a second one is the file's doing.
ATTEMPTS_WHEN_KILLED = 2


def examine(
    path: Path, *, country_code: str, work_folder: Path, settings: Settings, original_name: str | None = None
) -> dict[str, Any]:
    """Return the result of reading and checking a file, whatever it holds.

    Leaves `work_folder/accepted.parquet` if any row was accepted.
    Errors: `PcmError` for a fault of ours, never for a bad file.
    """
    size_bytes = path.stat().st_size
    if size_bytes > settings.max_file_mb * MEGABYTE:
        found, expected = f"{size_bytes / MEGABYTE:.1f} MB", f"{settings.max_file_mb} MB"
        result = _unreadable("TOO_LARGE", found=found, expected=expected)
    else:
        result = _examine_in_child(path, country_code, work_folder, settings)
    facts = {
        "country_code": country_code,
        "original_name": original_name or path.name,
        "sha256": sha256_of(path),
        "size_bytes": size_bytes,
    }
    return {**result, "submission": facts | result["submission"]}


def _examine_in_child(path: Path, country_code: str, work_folder: Path, settings: Settings) -> dict[str, Any]:
    work_folder.mkdir(parents=True, exist_ok=True)
    for _ in range(ATTEMPTS_WHEN_KILLED):
        try:
            status = _run_child(path, country_code, work_folder, settings)
        except subprocess.TimeoutExpired:
            return _unreadable("TOOK_TOO_LONG", found=f"{settings.desk_seconds:g} seconds")
        if status != -signal.SIGKILL:
            break
    if status == 0:
        return dict(json.loads((work_folder / RESULT_FILE).read_text(encoding="utf-8")))
    if status == -signal.SIGXCPU:
        return _unreadable("TOOK_TOO_LONG", found=f"{settings.desk_seconds:g} seconds")
    if status < 0 and -status not in STOPPED_BY_US:
        return _unreadable("READER_DIED", found=signal.Signals(-status).name)
    log = (work_folder / ERROR_FILE).read_text(encoding="utf-8", errors="replace").strip()
    raise PcmError(f"The desk could not examine {path.name}: {log or f'it ended with status {status}'}")


def _run_child(path: Path, country_code: str, work_folder: Path, settings: Settings) -> int:
    """Run the child and return its exit status, negative for a signal."""
    for name in (RESULT_FILE, "accepted.parquet"):
        (work_folder / name).unlink(missing_ok=True)
    limits = [str(settings.desk_memory_mb), str(settings.desk_seconds)]
    command = [sys.executable, "-m", "ingestion.checks.desk", str(path.absolute()), country_code, *limits]
    # The child gets no secret of ours: only what Python needs to find this code.
    environment = {"PYTHONPATH": str(PROJECT_ROOT), "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "MALLOC_ARENA_MAX": "2"}
    with (work_folder / ERROR_FILE).open("wb") as log:
        return subprocess.run(
            command,
            cwd=work_folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            timeout=settings.desk_seconds,
            check=False,
        ).returncode


def _unreadable(rule: str, *, found: str, expected: str = "") -> dict[str, Any]:
    from ingestion.checks.examination import unreadable
    from ingestion.checks.findings import Finding

    return unreadable(Finding(rule, found=found, expected=expected))


def _work(path: Path, country_code: str, *, memory_mb: int, seconds: float) -> dict[str, Any]:
    """The child's work: limit ourselves, then read the file."""
    from ingestion.checks.examination import examine_here

    _limit(resource.RLIMIT_AS, memory_mb * MEGABYTE)
    _limit(resource.RLIMIT_CPU, math.ceil(seconds))
    _limit(resource.RLIMIT_CORE, 0)
    try:
        return examine_here(path, country_code=country_code, work_folder=Path.cwd())
    except BaseException as error:
        if not _is_out_of_memory(error):
            raise
    return _unreadable("OUT_OF_MEMORY", found=f"{memory_mb} MB")


def _limit(kind: int, amount: int) -> None:
    _, hard = resource.getrlimit(kind)
    amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(kind, (amount, amount))


def _is_out_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException"


def main(arguments: list[str]) -> int:
    """Examine one file in this process, and leave `result.json` in the working folder."""
    path, country_code, memory_mb, seconds = arguments
    try:
        result = _work(Path(path), country_code, memory_mb=int(memory_mb), seconds=float(seconds))
    except Exception:
        traceback.print_exc()
        return OUR_FAULT
    Path(RESULT_FILE).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    # Nothing is left to tidy up, and tearing a large table down costs time.
    os._exit(status)
