"""The whole chain once, without Airflow: the same functions that the DAGs call, in the same order."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ingestion.errors import PcmError
from ingestion.settings import Settings
from ingestion.store.home import Home


def run_chain(settings: Settings, *, say: Callable[[str], object]) -> None:
    """Take everything from the inbox to a published release.

    Errors: `PcmError` after the rest is done, when a submission could not be processed or the gate holds.
    """
    from ingestion.intake import claim_pending
    from ingestion.store.published import current_release_id

    Home(settings.home).create()
    # Whoever drops a file and starts the chain at once expects it to be taken: let it come to rest.
    time.sleep(settings.settle_seconds)
    claim_pending(settings)
    faults = _answer_all(settings, say=say)
    _release(settings, say=say)
    if faults:
        raise PcmError("Not every submission could be processed; they wait and are tried again.\n" + "\n".join(faults))
    say(f"Current release: {current_release_id(settings) or 'none yet'}.")


def _answer_all(settings: Settings, *, say: Callable[[str], object]) -> list[str]:
    """Answer every waiting submission and return one line for each that failed through our fault."""
    from ingestion import ledger
    from ingestion.checks.desk import ready_for_many
    from ingestion.intake import process_submission

    def answer(submission_id: str) -> str | None:
        try:
            receipt = process_submission(settings, submission_id)
        except Exception as fault:
            return f"{submission_id}: {fault}"
        rows = receipt["rows"]
        say(
            f"{submission_id}: {receipt['verdict']} "
            f"({rows['accepted']} rows accepted, {rows['held']} held, {rows['refused']} refused)"
        )
        return None

    # Reading and checking happen in child processes, so threads are enough to keep every core busy.
    waiting = ledger.unanswered(settings)
    if not waiting:
        return []
    with ready_for_many(), ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return [fault for fault in pool.map(answer, waiting) if fault]


def _release(settings: Settings, *, say: Callable[[str], object]) -> None:
    from dashboards import render_release
    from expectations import judge_and_fall_back, make_ready
    from ingestion.release.drafts import publish_approved, publish_or_draft
    from ingestion.store.published import current_release_id
    from ingestion.warehouse import build, build_due

    approved = publish_approved(settings)
    if approved:
        say(f"Release {approved}: published.")
    with ThreadPoolExecutor() as meanwhile:
        if build_due(settings):
            meanwhile.submit(make_ready)
        build_id = build(settings)
    if build_id:
        say(f"Build {build_id}: made.")
        build_id, verdict = judge_and_fall_back(settings, build_id)
        say(f"Build {build_id}: the gate says {verdict}.")
        if verdict != "publish":
            raise PcmError(f"The gate holds build {build_id}; the current release stays. `pcm status` says why.")
        release_id = publish_or_draft(settings, build_id)
        say(f"Release {release_id}: published." if release_id else f"Build {build_id}: a draft, see `pcm drafts`.")
    # Also after a run that was killed between publishing and showing.
    current = current_release_id(settings)
    if current:
        render_release(settings, current)
