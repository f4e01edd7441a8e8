"""Takes away what nobody needs any more: builds behind releases, old logs of runs, Airflow's old history.

Everything else stays, above all what arrived, what landed, what was published and the ledger.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingestion import ledger
from ingestion.settings import Settings
from ingestion.store.atomic import remove_folder
from ingestion.store.home import Home
from ingestion.store.locks import exclusively_everywhere
from ingestion.store.published import current_release_id, release_facts, release_ids
from ingestion.warehouse.judged import judged_builds

DAY_SECONDS = 24 * 60 * 60
AIRFLOW_SECONDS = 600
# A build that is held whole stays: that it was judged is what keeps it from being made again.
PASSED = ("publish", "hold_countries")


@dataclass(frozen=True)
class Leftover:
    """A folder that may go, what it is, and its size in bytes."""

    path: Path
    what: str
    size_bytes: int


def leftovers(settings: Settings, *, days: int) -> list[Leftover]:
    """Return what has not been touched for so many days and may go; nothing is changed."""
    home = Home(settings.home).require()
    oldest = time.time() - days * DAY_SECONDS
    found = [(path, "build") for path in _old_builds(settings, home, oldest)]
    found += [(path, "log") for path in _old_logs(home, oldest)]
    return [Leftover(path, what, _size_of(path)) for path, what in found]


def tidy(settings: Settings, *, days: int) -> list[Leftover]:
    """Remove what may go and return it. No build is made or published meanwhile."""
    Home(settings.home).require()
    with exclusively_everywhere(settings, "build"), exclusively_everywhere(settings, "publish"):
        found = leftovers(settings, days=days)
        for leftover in found:
            remove_folder(leftover.path)
    return found


def clean_airflow(settings: Settings, *, days: int) -> str:
    """Remove Airflow's records of runs older than so many days, by its own command; return a sentence."""
    from ingestion.stack.programs import environment_of

    if not (Home(settings.home).airflow / "airflow.cfg").exists():
        return "Airflow was not asked: none was started for this home."
    before = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    command = [sys.executable, "-m", "airflow", "db", "clean", "--clean-before-timestamp", before]
    flags = ["--yes", "--skip-archive", "--error-on-cleanup-failure"]
    done = subprocess.run(
        [*command, *flags], env=environment_of(settings), capture_output=True, text=True, timeout=AIRFLOW_SECONDS
    )
    if done.returncode != 0:
        return "Airflow's history stays: its database does not answer. Repeat this while the observatory runs."
    return f"Airflow's records before {before} are gone."


def _old_builds(settings: Settings, home: Home, oldest: float) -> Iterator[Path]:
    """Give the judged builds of releases before the latest, but for those that somebody may still ask for."""
    published = release_ids(settings)
    made_of = {each: release_facts(settings, each) for each in published}
    kept = {made_of[each]["build_id"] for each in (*published[-1:], current_release_id(settings)) if each}
    kept |= {decision["subject"] for decision in ledger.decisions(settings, "refuse")}
    kept |= {hold["build_id"] for hold in ledger.holds_in_force(settings)}
    past = max((release["release_sequence"] for release in made_of.values()), default=0)
    for build in judged_builds(settings):
        is_old = (build.folder / "gate.json").stat().st_mtime < oldest and build.build_id not in kept
        if is_old and build.gate["verdict"] in PASSED and build.manifest["release_sequence"] <= past:
            yield build.folder


def _old_logs(home: Home, oldest: float) -> Iterator[Path]:
    for path in sorted((home.logs / "airflow").glob("dag_id=*/run_id=*")):
        if max(each.stat().st_mtime for each in (path, *path.rglob("*"))) < oldest:
            yield path


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
