"""Hold what the gate found wrong: a country's new submissions are left out, and their sender is told."""

from datetime import date
from typing import Any

from ingestion import ledger
from ingestion.intake.answer import answer_as_it_stands, answer_hold
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from ingestion.warehouse.manifest import new_submissions


def hold_submissions(settings: Settings, build_id: str, failed: list[tuple[str, dict[str, Any]]]) -> None:
    """Hold all that is new of each country that failed; `failed` holds (country, result of the expectation).

    Safe to repeat: the senders are told first, so that a run that is cut off tells them again.
    """
    manifest = read_json(Home(settings.home).builds / build_id / "manifest.json")
    new = new_submissions(manifest)
    landed = [entry["sequence_number"] for entry in manifest["submissions"] if entry["landing_sha256"]]
    holds = [
        {
            "submission_id": submission_id,
            "country_code": country,
            "build_id": build_id,
            "expectation": result["expectation"],
            "sentence": result["sentence"],
            "last_sequence_number": max(landed),
        }
        for country, result in failed
        for submission_id in new[country]
    ]
    for submission_id in {hold["submission_id"] for hold in holds}:
        sentences = [hold["sentence"] for hold in holds if hold["submission_id"] == submission_id]
        answer_hold(settings, submission_id, " ".join(sentences))
    ledger.record_holds(settings, holds)


def release_hold(settings: Settings, submission_id: str, *, by: str, reason: str) -> None:
    """Let a held submission be judged again with the next build, and give its sender the first answer back.

    Errors: `UsageError` when it is not held.
    """
    ledger.release_hold(settings, submission_id, by=by, reason=reason)
    answer_as_it_stands(settings, submission_id)


def waive(settings: Settings, failures: list[dict[str, Any]], *, by: str, reason: str, until: date) -> None:
    """Excuse failures of one expectation, and give the senders of what was held for them the first answer back.

    Errors: `UsageError` when the last day has passed.
    """
    held = _held_ids(settings)
    ledger.record_waivers(settings, failures, by=by, reason=reason, until=until)
    for submission_id in held - _held_ids(settings):
        answer_as_it_stands(settings, submission_id)


def _held_ids(settings: Settings) -> set[str]:
    return {hold["submission_id"] for hold in ledger.holds_in_force(settings)}
