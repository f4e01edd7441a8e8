"""How many files two workers of the cluster answer in the time of one: `python -m benchmarks.cluster [FILES]`.

The services of docker-compose.yml start as in tests/e2e/test_cluster.py, with Debian's Redis, SeaweedFS and PostgreSQL,
and workers that do one task at a time. FILES (40) national files of the demonstration are sent at once to one worker,
and as many others to two. Builds are paused. Rates are of the middle of each batch, between the receipts after the
first tenth and before the last one; processor time is of the whole batch, by service.
"""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ingestion.demo import national_files
from ingestion.demo.senders import senders
from ingestion.settings import Settings
from ingestion.store.home import Home
from tests.e2e.running_cluster import RunningCluster, running_cluster
from tests.postgresql import running_server

FILES = 40
WARM_UP = 3  # files that each worker is given before it counts
LONGEST_SECONDS = 1800


@dataclass(frozen=True)
class Batch:
    """What one batch took: files a minute, and seconds of processor time for each file by service."""

    workers: int
    per_minute: float
    seconds: float
    processor: dict[str, float]


def main(files: int = FILES) -> None:
    """Measure one worker, then two, and print a table."""
    with (
        TemporaryDirectory() as folder,
        running_server(Path(folder) / "postgresql") as server,
        running_cluster(Path(folder) / "cluster", server, workers=0) as cluster,
    ):
        settings = cluster.settings()
        _airflow(cluster, "dags", "pause", "build_release")
        made = _files()
        batches = []
        for workers in (1, 2):
            cluster.start_worker(workers, "--concurrency", "1")
            _send_and_wait(cluster, settings, [next(made) for _ in range(WARM_UP * workers)])
            batches.append(_measured(cluster, settings, [next(made) for _ in range(files)], workers))
    _print(files, *batches)


def _measured(cluster: RunningCluster, settings: Settings, files: list[tuple[str, bytes]], workers: int) -> Batch:
    before, started = cluster.processor_seconds(), time.monotonic()
    answered = _send_and_wait(cluster, settings, files)
    seconds, after = time.monotonic() - started, cluster.processor_seconds()
    edge = len(files) // 10
    middle = answered[edge : len(files) - edge]
    per_minute = (len(middle) - 1) / (middle[-1] - middle[0]) * 60
    spent = {name: (after[name] - before[name]) / len(files) for name in after}
    outside = {name: each for name, each in spent.items() if not name.startswith("worker")}
    return Batch(workers, per_minute, seconds, {"workers": sum(spent.values()) - sum(outside.values()), **outside})


def _send_and_wait(cluster: RunningCluster, settings: Settings, files: list[tuple[str, bytes]]) -> list[float]:
    """Send files at once and return when each was answered, in order."""
    home = Home(settings.home).create()
    known = set(home.received.glob("*/receipt.json"))
    for country_code, content in files:
        path = home.inbox / country_code / f"{time.monotonic_ns()}.part"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        path.rename(path.with_suffix(".csv"))
    cluster.wait_for(lambda: len(set(home.received.glob("*/receipt.json")) - known) == len(files), LONGEST_SECONDS)
    return sorted(path.stat().st_mtime for path in set(home.received.glob("*/receipt.json")) - known)


def _files() -> Iterator[tuple[str, bytes]]:
    """Yield (country, bytes) of national CSV files, no two alike."""
    countries = [code for code, sender in senders().items() if sender.file_format == "csv"]
    for seed in itertools.count(1):
        for national in national_files(seed=seed, countries=countries):
            if national.wave == "wave1":
                yield national.sender.country_code, national.data


def _airflow(cluster: RunningCluster, *words: str) -> None:
    service = "airflow-celery-scheduler"
    command = [Path(sys.executable).parent / "airflow", *words]
    subprocess.run(command, env=cluster.environment(service, service), check=True, stdout=subprocess.DEVNULL)


def _print(files: int, one: Batch, two: Batch) -> None:
    print(f"{files} files a batch, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the end.")
    head = ["workers", "files a minute", "seconds", *one.processor, "all"]
    print(f"| {' | '.join(head)} |\n{'|---:' * len(head)}|")
    for batch in (one, two):
        spent = [f"{each:.2f}" for each in (*batch.processor.values(), sum(batch.processor.values()))]
        print(f"| {batch.workers} | {batch.per_minute:.1f} | {batch.seconds:.0f} | {' | '.join(spent)} |")
    print(f"Two workers answer {two.per_minute / one.per_minute:.2f} times as many files as one.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
