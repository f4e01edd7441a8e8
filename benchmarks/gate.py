"""How much processor time the gate takes, step by step, on a release's build and on marts of a million rows.

`python -m benchmarks.gate [WAREHOUSE ...]` judges each build in a process of its own; without one it fills and builds a
warehouse of a million observations first, which takes minutes. The scan follows at publishing and is not the gate's:
it is measured for a warehouse that has its release beside it (`--release FOLDER`).
"""

import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import click

from benchmarks.build import build_with_dbt, fill
from ingestion.warehouse.dbt import WAREHOUSE

OBSERVATIONS = 1_000_000
BUILT_ON = "2026-11-25"
STEPS = ("import", "suites", "audit", "all", "scan")


def measure(warehouse: Path, release: Path | None) -> dict[str, float]:
    """Return the processor seconds of each step of the gate on a build, and the peak memory in megabytes."""
    seconds: dict[str, float] = {}

    def timed(step: str, work: Callable[[], object]) -> None:
        started = time.process_time()
        work()
        seconds[step] = time.process_time() - started

    timed("import", _import)
    timed("suites", lambda: _judge(warehouse))
    timed("audit", lambda: _audit(warehouse))
    seconds["all"] = sum(seconds.values())
    if release is not None:
        timed("scan", lambda: _scan(release, warehouse))
    seconds["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seconds


def _import() -> None:
    import expectations.run  # noqa: F401


def _judge(warehouse: Path) -> None:
    from expectations.gate import SUITES_FOLDER
    from expectations.run import run_suite
    from expectations.suites import load_suites

    given = {"current_release_id": None, "built_on": BUILT_ON}
    for suite in load_suites(SUITES_FOLDER):
        run_suite(suite, warehouse, given=given)


def _audit(warehouse: Path) -> None:
    from expectations.disclosure import audit_results

    audit_results(warehouse)


def _scan(release: Path, warehouse: Path) -> None:
    from ingestion.disclosure.scan import scan

    scan(release, warehouse)


def _report(name: str, warehouse: Path, release: Path | None) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        found = fresh.submit(measure, warehouse, release).result()
    steps = " | ".join(f"{found[step]:.1f} s" if step in found else "" for step in STEPS)
    click.echo(f"| {name} | {steps} | {found['memory']:.0f} MB |")


@click.command()
@click.argument("warehouses", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--release", type=click.Path(exists=True, path_type=Path), help="The release made of the (one) build.")
def main(warehouses: tuple[Path, ...], release: Path | None) -> None:
    """Print one line for each build: the processor time of each step, and the peak of memory."""
    click.echo(f"| build | {' | '.join(STEPS)} | memory |")
    click.echo(f"|---|{'---:|' * len(STEPS)}---:|")
    for warehouse in warehouses:
        _report(warehouse.parent.name, warehouse, release)
    if not warehouses:
        with tempfile.TemporaryDirectory() as place:
            fill(Path(place) / WAREHOUSE, OBSERVATIONS)
            build_with_dbt(Path(place))
            _report(f"{OBSERVATIONS:_} observations".replace("_", " "), Path(place) / WAREHOUSE, None)


if __name__ == "__main__":
    main()
