"""Replay: what today's rules would say of files that were received before. Nothing that was answered is changed."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingestion import ledger
from ingestion.catalogue import rows
from ingestion.checks.desk import examine
from ingestion.errors import UsageError
from ingestion.intake.misdirected import is_misdirected
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home


def replay(settings: Settings, *, round_id: str) -> Iterator[dict[str, Any]]:
    """Yield, for each file that was answered while the round was open, its verdict then and the verdict now.

    `more` and `fewer` count the findings by rule that today's rules have beyond those of then, and the other way.
    Each file is compared with what had come before it. Errors: `UsageError` for a round that does not exist.
    """
    home = Home(settings.home).require()
    opens_on, closes_on = _days_of(round_id)
    for entry in ledger.submissions(settings):
        if entry["status"] != "answered" or not opens_on <= entry["received_at"][:10] <= closes_on:
            continue
        if not is_misdirected(entry):
            yield _compare(settings, home.received / entry["submission_id"])


def _days_of(round_id: str) -> tuple[str, str]:
    days = {row["round_id"]: (row["opens_on"], row["closes_on"]) for row in rows("rounds")}
    if round_id not in days:
        raise UsageError(f"There is no round {round_id}. Rounds: {' '.join(days)}.")
    return days[round_id]


def _compare(settings: Settings, folder: Path) -> dict[str, Any]:
    then = read_json(folder / "receipt.json")
    [original] = folder.glob("original*")
    with tempfile.TemporaryDirectory() as work_folder:
        now = examine(
            original,
            country_code=then["submission"]["country_code"],
            work_folder=Path(work_folder),
            settings=settings,
            submission_id=then["submission_id"],
        )
    before, after = _by_rule(then), _by_rule(now)
    return {
        "submission_id": then["submission_id"],
        "country_code": then["submission"]["country_code"],
        "rules_then": then["rules_version"],
        "rules_now": now["rules_version"],
        "verdict_then": then["verdict"],
        "verdict_now": now["verdict"],
        "more": dict(after - before),
        "fewer": dict(before - after),
    }


def _by_rule(result: dict[str, Any]) -> Counter[str]:
    return Counter(finding["rule"] for finding in result["findings"])
