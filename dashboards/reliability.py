"""The scorecard: what was done to the program, how often, and what came of it.

Its rows are measured by the chaos tests (`tests/chaos`) and kept in `reliability.csv`.
Grain: one per (harm, step). `trials` is how often the harm was done there; the wrongs count trials after which
something was not as it must be: a file `lost`, a release `half_published`, the current release `unreadable`, the harm
`unnoticed`, the work `stuck` without help, an `other_result` than that of an undisturbed run.
"""

import csv
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from ingestion.settings import PROJECT_ROOT

RESULTS = Path(__file__).resolve().parent / "reliability.csv"
WRONGS = ("lost", "half_published", "unreadable", "unnoticed", "stuck", "other_result")
COLUMNS = ("harm", "step", "trials", *WRONGS, "seeds", "first_run_on", "last_run_on", "code", "commits")
# What writes anything that lasts; pages only show it.
TESTED_FOLDERS = ("ingestion", "expectations", "dags", "dbt_project")
TESTED_ENDINGS = (".py", ".sql", ".yml")
PASSED, OLDER, FAILED = "passed", "older", "failed"


# How often each harm is meant to be done on one code, over all runs; of flipped bits in each layer.
WANTED = {
    "kill": 1000,
    "bit flip": 5000,
    "full disk": 35,
    "clock set": 15,
    "events": 25,
    "two schedulers": 35,
    "connection cut": 75,
    "store fault": 45,
}


@cache
def tested_code() -> str:
    """Return a hash of the program's code: results of other code say less about this one."""
    digest = hashlib.sha256()
    for folder in TESTED_FOLDERS:
        for path in sorted((PROJECT_ROOT / folder).rglob("*")):
            if path.suffix in TESTED_ENDINGS and "target" not in path.parts:
                digest.update(str(path.relative_to(PROJECT_ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def results() -> list[dict[str, Any]]:
    """Return the rows of the scorecard, each with its `state`: failed, older (passed, on other code) or passed."""
    with RESULTS.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return [_counted(row) for row in rows]


def totals(results: list[dict[str, Any]]) -> list[tuple[str, int, int, int]]:
    """Return (harm, how often it was done, how often it is meant to be, how often something went wrong)."""
    found = []
    for harm, wanted in WANTED.items():
        rows = [row for row in results if row["harm"] == harm]
        wrong = sum(row[each] for row in rows for each in WRONGS)
        found.append((harm, sum(row["trials"] for row in rows), wanted, wrong))
    return found


def _counted(row: dict[str, str]) -> dict[str, Any]:
    counts = {name: int(row[name]) for name in ("trials", *WRONGS)}
    return {**row, **counts, "state": _state(row["code"], counts)}


def _state(code: str, counts: dict[str, int]) -> str:
    if any(counts[wrong] for wrong in WRONGS) or not counts["trials"]:
        return FAILED
    return PASSED if code == tested_code() else OLDER
