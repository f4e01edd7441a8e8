"""Process one submission: examine the file, land what was accepted, answer the sender, record it.

Keyed by the submission id and safe to repeat: whatever was cut off is done again with the same result.
"""

import logging
import shutil
from pathlib import Path
from typing import Any

from ingestion import ledger, openlineage
from ingestion.checks import ACCEPTED_FILE
from ingestion.checks.desk import examine
from ingestion.errors import PcmError
from ingestion.intake.answer import answer, answer_fault
from ingestion.intake.misdirected import is_misdirected, refuse_misdirected
from ingestion.logs import about
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, remove_leftovers, settle_file, sha256_of, temporary_beside
from ingestion.store.home import Home
from ingestion.store.locks import exclusively_everywhere
from ingestion.store.objects import fetch_folder, keep

log = logging.getLogger(__name__)


def process_submission(settings: Settings, submission_id: str) -> dict[str, Any]:
    """Return the receipt of a submission, examining it first if it was not answered yet.

    Errors: `PcmError` when it is not in the store or its bytes are damaged; any fault of ours is
    recorded in the ledger and in the receipt before it is raised again.
    """
    home = Home(settings.home).require()
    folder = home.received / submission_id
    fetch_folder(settings, folder)
    if not folder.is_dir():
        raise PcmError(f"There is no submission {submission_id}. `pcm status` lists those that arrived.")
    with about(submission_id), exclusively_everywhere(settings, f"submission-{submission_id}"):
        entry = ledger.find(settings, submission_id)
        if entry and entry["status"] == "answered":
            return dict(read_json(folder / "receipt.json"))
        remove_leftovers(folder)
        with openlineage.step(settings, "intake", submission_id, inputs=[f"received/{submission_id}"]) as made:
            receipt = _examine_or_tell(settings, read_json(folder / "arrival.json"))
            if receipt["in_force"]:
                made.append(f"landing/{receipt['submission']['country_code']}/{submission_id}.parquet")
            return receipt


def _examine_or_tell(settings: Settings, arrival: dict[str, Any]) -> dict[str, Any]:
    try:
        return _examine_and_answer(settings, arrival)
    except Exception as fault:
        ledger.record_fault(settings, arrival["submission_id"], f"{type(fault).__name__}: {fault}")
        answer_fault(settings, arrival)
        log.error("Could not be processed: %s", type(fault).__name__)
        if isinstance(fault, OSError | PcmError):
            raise
        # Whoever runs this writes the error to a log; the words of a library's error may hold a value of a cell.
        wordless = PcmError(f"{arrival['submission_id']} could not be processed ({type(fault).__name__}).")
        raise wordless.with_traceback(fault.__traceback__) from None


def _examine_and_answer(settings: Settings, arrival: dict[str, Any]) -> dict[str, Any]:
    home = Home(settings.home)
    submission_id = arrival["submission_id"]
    original = _verified_original(home, arrival)
    work_folder = temporary_beside(original)
    work_folder.mkdir()
    try:
        if is_misdirected(arrival):
            result = refuse_misdirected(arrival)
        else:
            result = examine(
                original,
                country_code=arrival["country_code"],
                work_folder=work_folder,
                settings=settings,
                original_name=arrival["original_name"],
                submission_id=arrival["submission_id"],
            )
        landing_sha256 = _land(settings, arrival, work_folder / ACCEPTED_FILE)
    finally:
        shutil.rmtree(work_folder, ignore_errors=True)
    receipt = answer(settings, arrival, result)
    ledger.record_answer(settings, submission_id, receipt, landing_sha256=landing_sha256)
    log.info("Answered: %s.", receipt["verdict"])
    return receipt


def _verified_original(home: Home, arrival: dict[str, Any]) -> Path:
    [original] = (home.received / arrival["submission_id"]).glob("original*")
    if sha256_of(original) != arrival["sha256"]:
        raise PcmError(
            f"The stored copy of {arrival['submission_id']} is damaged: its bytes no longer have the hash of its "
            "arrival. Restore received/ from the backup."
        )
    return original


def _land(settings: Settings, arrival: dict[str, Any], accepted: Path) -> str | None:
    """Move the accepted rows to the landing and return their SHA-256; None when no row was accepted."""
    if not accepted.exists():
        return None
    target = Home(settings.home).landing / arrival["country_code"] / f"{arrival['submission_id']}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    settle_file(accepted, target)
    keep(settings, target)
    return sha256_of(target)
