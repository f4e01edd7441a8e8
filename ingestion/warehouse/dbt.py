"""dbt, in a process of its own: how it is called, and what it has read of its project before anyone waits for it."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from ingestion.settings import PROJECT_ROOT

PROJECT = PROJECT_ROOT / "dbt_project"
PROGRAM = Path(sysconfig.get_path("scripts"), "dbt")  # beside Python in an environment, elsewhere in a system
# The path is relative to the folder of a build, so that what dbt has read serves every build.
WAREHOUSE = "warehouse.duckdb"
# Unit tests of the SQL prove the code, not the data: they run in `make test`, not in a build.
# Quiet: what dbt prints then is what went wrong.
BUILD = ("--quiet", "--no-use-colors", "build", "--exclude-resource-type", "unit_test")
# On a file that holds the catalogue already: one by one, dbt takes a second and more for its small tables.
BUILD_ON_CATALOGUE = (*BUILD, "--exclude-resource-type", "seed")
READ_AHEAD = PROJECT / "target"
READ = "partial_parse.msgpack"


def read_ahead() -> None:
    """Let dbt read its project once for all homes, which takes it seconds: for the day on which the program comes."""
    finished = run(PROJECT, READ_AHEAD, "--quiet", "--no-use-colors", "parse")
    if finished.returncode != 0:
        sys.exit(finished.stdout + finished.stderr)


def run(
    folder: Path, notes: Path, *words: str, program: Path = PROGRAM, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run dbt in the folder of a build; in `notes` it keeps its log and what it has read, from run to run."""
    ahead = READ_AHEAD / READ
    if ahead.exists() and not (notes / READ).exists():  # dbt reads anew what has changed since
        notes.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ahead, notes / READ)
    places = {"--project-dir": PROJECT, "--profiles-dir": PROJECT, "--target-path": notes, "--log-path": notes}
    return subprocess.run(
        [program, *words, *(str(word) for pair in places.items() for word in pair)],
        cwd=folder,
        env={**os.environ, "DBT_BUILD_DATABASE": WAREHOUSE, **environment},
        capture_output=True,
        text=True,
    )
