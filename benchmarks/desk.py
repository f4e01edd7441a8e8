"""How long the desk takes for a file, beside two well-known tools on the same file.

`make bench` runs it with a million rows; `python -m benchmarks.desk --rows 100000` looks sooner. Prints the tables of
`docs/benchmarks.md`, and fails if a planted fault was not found in its row or a right row was refused.
"""

import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import click

from benchmarks.large_file import COUNTRY
from benchmarks.measuring import PROJECT, Measured, run, wall_seconds

OURS = sys.executable
PEERS = str(PROJECT / ".venv-bench" / "bin" / "python")
PCM = str(Path(sys.executable).parent / "pcm")
LARGE, MIDDLE, SMALL = 1_000_000, 10_000, 1_000
REPEATS = 3
SHELL_REPEATS = 5
CHECK_EXITS = (0, 1)  # a file with faults is answered with 1

# The figures to reach, all of them at most.
TIMES_POINTBLANK = 2
TIMES_FRICTIONLESS = 1 / 20
PEAK_MB = 1024
WARM_SECONDS = 0.3
SHELL_SECONDS = 1.5


def make_file(folder: Path, row_count: int, *without: str) -> Path:
    """Write a file in a process of its own: a child's peak memory begins with its parent's.

    `without` may name a dimension by which nothing is broken down.
    """
    path = folder / f"{COUNTRY}-{row_count}.csv"
    wall_seconds(OURS, "-m", "benchmarks.large_file", str(path), str(row_count), *without)
    return path


def file_of(folder: Path, row_count: int, country_code: str) -> bytes:
    """Return a large file of any country."""
    return _german(folder, row_count).replace(f";{COUNTRY};".encode(), f";{country_code};".encode())


@cache
def _german(folder: Path, row_count: int) -> bytes:
    """Return a large file without regions, which no other country may send."""
    return make_file(folder, row_count, "NUTS2").read_bytes()


def examine(file: Path, folder: Path, way: str = "once") -> Measured:
    """Measure the desk on a file, with all its rules."""
    return run(OURS, "-m", "benchmarks.ours", way, str(file), COUNTRY, str(folder))


def compare(file: Path, folder: Path) -> dict[str, Measured]:
    """Measure the desk and both peers on one file."""

    def peer(tool: str) -> Measured:
        return run(PEERS, "-m", "benchmarks.peers", tool, str(file))

    return {
        "desk: all rules": _middle(lambda: examine(file, folder)),
        "`polars.read_csv` and ten rules of pointblank": _middle(lambda: peer("pointblank")),
        "frictionless with the same ten rules": peer("frictionless"),
        "frictionless with a Table Schema alone": peer("schema"),
    }


def _middle(measure: Callable[[], Measured], repeats: int = REPEATS) -> Measured:
    runs = sorted((measure() for _ in range(repeats)), key=lambda measured: measured.work_seconds)
    return runs[len(runs) // 2]


def split_of_check(file: Path, folder: Path) -> dict[str, float]:
    """Return the seconds of `pcm check` from the shell, and of its steps measured alone; medians."""

    def median(*command: str) -> float:
        return statistics.median(wall_seconds(*command, allowed=CHECK_EXITS) for _ in range(SHELL_REPEATS))

    work = _middle(lambda: examine(file, folder), SHELL_REPEATS).work_seconds
    imports = median(OURS, "-c", "import benchmarks.ours")
    whole = median(PCM, "check", str(file), "--country", COUNTRY)
    start = median(PCM, "--help")
    return {
        "`pcm` starts": start,
        "its child starts": imports,
        "the child reads and checks": work,
        "answer and the rest": whole - start - imports - work,
        "**`pcm check`**": whole,
    }


def comparison_table(measured: dict[str, Measured]) -> str:
    """Return the comparison as a table; the last column is how many times the desk's time each one takes."""
    ours = next(iter(measured.values())).work_seconds
    lines = [
        "| on the same file | time | of the processor | peak memory | problems | times ours |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, each in measured.items():
        times = each.work_seconds / ours
        problems = f"{each.said['problems']:,}".replace(",", " ")
        spent = f"{each.work_seconds:.1f} s | {each.processor_seconds:.1f} s | {each.peak_mb:.0f} MB"
        lines.append(f"| {name} | {spent} | {problems} | {times:.2f} |")
    return "\n".join(lines)


def split_table(steps: dict[str, float], row_count: int) -> str:
    """Return the steps of `pcm check` as a table."""
    lines = [f"| `pcm check`, {row_count} rows | time |", "|---|---:|"]
    return "\n".join(lines + [f"| {name} | {seconds:.2f} s |" for name, seconds in steps.items()])


def aims_table(measured: dict[str, Measured], *, warm_seconds: float, shell_seconds: float) -> str:
    """Return the figures reached beside those to reach."""
    ours, pointblank, frictionless, _ = measured.values()
    aims = [
        ("desk against polars and pointblank", ours.work_seconds / pointblank.work_seconds, TIMES_POINTBLANK, "x"),
        ("desk against frictionless", ours.work_seconds / frictionless.work_seconds, TIMES_FRICTIONLESS, "x"),
        ("peak memory of the desk", ours.peak_mb, PEAK_MB, "MB"),
        (f"{MIDDLE} rows in a warm process", warm_seconds, WARM_SECONDS, "s"),
        ("`pcm check` of a small file", shell_seconds, SHELL_SECONDS, "s"),
    ]
    lines = ["| figure | reached | at most | |", "|---|---:|---:|---|"]
    for name, reached, most, unit in aims:
        verdict = "met" if reached <= most else "**not met**"
        lines.append(f"| {name} | {reached:.4g} {unit} | {most:g} {unit} | {verdict} |")
    return "\n".join(lines)


def require_all_found(measured: Measured) -> None:
    """Stop with the first faults that were missed, or right rows that were refused, if there are any."""
    missed, false_alarms = measured.said["missed"], measured.said["false_alarms"]
    if missed or false_alarms:
        raise click.ClickException(
            f"{len(missed)} planted faults were not found in their row, for example {missed[:3]}; "
            f"{len(false_alarms)} right rows were refused, for example {false_alarms[:3]}"
        )


@click.command()
@click.option("--rows", "row_count", default=LARGE, show_default=True, help="Rows of the large file.")
def main(row_count: int) -> None:
    """Measure the desk and its peers, and print the tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = compare(make_file(folder, row_count), folder)
        ours = next(iter(measured.values()))
        warm_seconds = examine(make_file(folder, MIDDLE), folder, "warm").said["warm_seconds"]
        steps = split_of_check(make_file(folder, SMALL), folder)
    click.echo(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {row_count} rows\n")
    click.echo(aims_table(measured, warm_seconds=warm_seconds, shell_seconds=list(steps.values())[-1]) + "\n")
    click.echo(comparison_table(measured) + "\n")
    click.echo(split_table(steps, SMALL) + "\n")
    require_all_found(ours)
    click.echo(f"All {ours.said['planted']} planted faults were found in their rows, and no right row was refused.")


if __name__ == "__main__":
    main()
