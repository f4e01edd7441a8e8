"""How long from the last file's landing to the published release, and which step takes it.

`make bench` runs the first wave of the demonstration round (one file per country) three times with Airflow and three
times without, each in a fresh home, and prints the table of `docs/benchmarks.md`. Times are read from the files that
each step leaves behind, so both ways are measured alike.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from ingestion.demo import prepare
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from tests.rounds import send_to

REPEATS = 3
FIRST_RELEASE = "2026.1"
PCM = str(Path(sys.executable).parent / "pcm")
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


def run_without_airflow(home: Home) -> None:
    """Send the first wave and run the chain once."""
    prepare(home.demo)
    send_to(home, home.demo, "wave1")
    _pcm(home, "run")


def run_with_airflow(home: Home) -> None:
    """Play the demonstration round while the whole stack is up."""
    prepare(home.demo)
    _pcm(home, "up", "--demo", "--once")


def _pcm(home: Home, *words: str) -> None:
    environment = {**os.environ, "PCM_HOME": str(home.root)}
    subprocess.run([PCM, *words], env=environment, check=True, stdout=subprocess.DEVNULL)


def _measure(name: str, run) -> list[dict[str, float]]:  # type: ignore[no-untyped-def]
    found = []
    for number in range(1, REPEATS + 1):
        with tempfile.TemporaryDirectory() as folder:
            home = Home(Path(folder) / "home")
            run(home)
            found.append(steps_of(home))
        click.echo(f"{name} {number}/{REPEATS}: {_published(found[-1]):.1f} s to the published release", err=True)
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


def main() -> None:
    """Measure both ways and print the table."""
    measured = {
        "without Airflow": _measure("without Airflow", run_without_airflow),
        "with Airflow": _measure("with Airflow", run_with_airflow),
    }
    click.echo(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, median of {REPEATS}\n"
    )
    click.echo(_table(measured))


if __name__ == "__main__":
    main()
