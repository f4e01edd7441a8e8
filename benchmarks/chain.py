"""How long from the last file's landing to the published release, and which step takes it.

`make bench` runs the first wave of the demonstration round (one file per country) three times with Airflow and three
times without, each in a fresh home, and prints the table of `docs/benchmarks.md`; `--rows 10000` sends a file of ten
thousand rows of each country instead. Times are read from the files that each step leaves behind, so both ways are
measured alike.
"""

import os
import platform
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from benchmarks.desk import file_of
from ingestion.catalogue import roster_countries
from ingestion.demo import prepare
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from tests.e2e.running_stack import PCM, RunningStack
from tests.rounds import send_to

FIRST_RELEASE = "2026.1"
LOOK_SECONDS = 0.2
STEPS = ("answer every file", "build", "gate", "publish", "site")


def steps_of(home: Home) -> dict[str, float]:
    """Return the seconds that each step took up to the first release, from the times of the files it left."""
    release = home.releases / FIRST_RELEASE
    manifest = read_json(release / "manifest.json")
    build = home.builds / manifest["build_id"]
    folders = [home.received / each["submission_id"] for each in manifest["submissions"]]
    last_drop = max(next(folder.glob("original*")).stat().st_mtime for folder in folders)
    ends = [
        max((folder / "receipt.json").stat().st_mtime for folder in folders),
        (build / "build.json").stat().st_mtime,
        (build / "gate.json").stat().st_mtime,
        (release / "SHA256SUMS").stat().st_mtime,
        max(path.stat().st_mtime for path in (release / "site").rglob("*.html")),
    ]
    starts = [last_drop, *ends[:-1]]
    return dict(zip(STEPS, (end - start for start, end in zip(starts, ends, strict=True)), strict=True))


@dataclass(frozen=True)
class Files:
    """What all countries send: the first wave of the demonstration round, or one file of `row_count` rows each."""

    row_count: int | None

    def send(self, home: Home) -> None:
        """Drop the files into the inbox, all at once."""
        if self.row_count is None:
            prepare(home.demo)
            send_to(home, home.demo, "wave1")
            return
        for country in roster_countries():
            path = home.create().inbox / country / "figures.csv"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(file_of(home.root, self.row_count, country))


def run_without_airflow(home: Home, files: Files) -> None:
    """Send the files and run the chain once."""
    files.send(home)
    subprocess.run([PCM, "--home", str(home.root), "run"], check=True, stdout=subprocess.DEVNULL)


def run_with_airflow(home: Home, files: Files) -> None:
    """Send the files to a running observatory and wait until the release and its pages are there."""
    stack = RunningStack(home.root)
    stack.start()
    stack.wait_for_line("Serving until Ctrl-C.")
    try:
        files.send(home)
        while not (home.releases / FIRST_RELEASE / "site").is_dir():
            time.sleep(LOOK_SECONDS)
    finally:
        stack.stop(signal.SIGINT)


def _measure(name: str, run: Callable[[Home], None], repeats: int) -> list[dict[str, float]]:
    found = []
    for number in range(1, repeats + 1):
        with tempfile.TemporaryDirectory() as folder:
            home = Home(Path(folder) / "home")
            run(home)
            found.append(steps_of(home))
        click.echo(f"{name} {number}/{repeats}: {_published(found[-1]):.1f} s to the published release", err=True)
    return found


def _published(steps: dict[str, float]) -> float:
    return sum(seconds for step, seconds in steps.items() if step != "site")


def _table(measured: dict[str, list[dict[str, float]]]) -> str:
    lines = ["| step | " + " | ".join(measured) + " |", "|---|" + "---:|" * len(measured)]
    for step in STEPS:
        medians = [statistics.median(run[step] for run in runs) for runs in measured.values()]
        lines.append(f"| {step} | " + " | ".join(f"{median:.1f} s" for median in medians) + " |")
    totals = [statistics.median(map(_published, runs)) for runs in measured.values()]
    lines.append(
        "| **last file to published release** | " + " | ".join(f"**{total:.1f} s**" for total in totals) + " |"
    )
    return "\n".join(lines)


@click.command()
@click.option("--rows", type=int, help="Rows of each country's file; without it the demonstration round is sent.")
@click.option("--repeats", default=3, show_default=True)
def main(rows: int | None, repeats: int) -> None:
    """Measure both ways and print the table."""
    files = Files(rows)
    ways = {"without Airflow": run_without_airflow, "with Airflow": run_with_airflow}
    measured = {name: _measure(name, partial(run, files=files), repeats) for name, run in ways.items()}
    click.echo(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, median of {repeats}\n"
    )
    click.echo(_table(measured))


if __name__ == "__main__":
    main()
