"""One measurement: a piece of work in a process of its own, its time and its greatest memory."""

import json
import os
import resource
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
KILOBYTES_PER_MEGABYTE = 1024


@dataclass(frozen=True)
class Measured:
    """Wall time and processor time of the work alone, without start and imports; peak memory of the whole process."""

    work_seconds: float
    processor_seconds: float
    peak_mb: float
    said: dict[str, Any]


def report(work: Callable[[], dict[str, Any]], *, then: Callable[[], dict[str, Any]] = dict) -> None:
    """In the child: do the work, and print its time, the peak memory of this process and what the work says.

    `then` adds to what is said after the measurement. Memory is in MB; Linux counts it in kilobytes.
    """
    start, processor_start = time.perf_counter(), time.process_time()
    said = work()
    seconds, processor_seconds = time.perf_counter() - start, time.process_time() - processor_start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE
    measured = Measured(seconds, processor_seconds, peak_mb, said={**said, **then()})
    print(json.dumps(asdict(measured)))


def run(*command: str) -> Measured:
    """In the parent: run a child that calls `report`, from the project's folder."""
    done = subprocess.run(command, cwd=PROJECT, env=_environment(), check=True, stdout=subprocess.PIPE)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def wall_seconds(*command: str, allowed: tuple[int, ...] = (0,)) -> float:
    """Return how long a command takes from its start to its end."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=PROJECT, env=_environment(), stdout=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in allowed:
        raise subprocess.CalledProcessError(done.returncode, command)
    return seconds


def _environment() -> dict[str, str]:
    from ingestion.checks.desk import ENVIRONMENT  # not in the child, which may have nothing of ours

    return {**os.environ, **ENVIRONMENT}
