"""One measurement: a piece of work in a process of its own, its time and its greatest memory."""

import json
import os
import resource
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
KILOBYTES_PER_MEGABYTE = 1024


@dataclass(frozen=True)
class Measured:
    """`work_seconds` are those of the work alone, `process_seconds` also of the start and the imports."""

    work_seconds: float
    process_seconds: float
    peak_mb: float
    said: dict[str, Any]


def report(work: Callable[[], dict[str, Any]], *, then: Callable[[], dict[str, Any]] = dict) -> None:
    """In the child: do the work, and print its time, the peak memory of this process and what the work says.

    `then` adds to what is said after the measurement. Memory is in MB; Linux counts it in kilobytes.
    """
    start = time.perf_counter()
    said = work()
    seconds = time.perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE
    print(json.dumps({"work_seconds": seconds, "peak_mb": peak_mb, "said": {**said, **then()}}))


def run(*command: str) -> Measured:
    """In the parent: run a child that calls `report`, from the project's folder."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=PROJECT, env=_environment(), check=True, stdout=subprocess.PIPE)
    answer = json.loads(done.stdout.splitlines()[-1])
    return Measured(process_seconds=time.perf_counter() - start, **answer)


def wall_seconds(*command: str, allowed: tuple[int, ...] = (0,)) -> float:
    """Return how long a command takes from its start to its end."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=PROJECT, env=_environment(), stdout=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in allowed:
        raise subprocess.CalledProcessError(done.returncode, command)
    return seconds


def _environment() -> dict[str, str]:
    # As the desk starts its own child.
    return {**os.environ, "MALLOC_ARENA_MAX": "2"}
