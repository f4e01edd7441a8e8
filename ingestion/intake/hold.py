"""Hold what the gate found wrong, or excuse it: new submissions of a country are left out, and their sender is told."""

from datetime import date
from typing import Any

from ingestion import ledger
from ingestion.errors import UsageError
from ingestion.intake.answer import answer_as_it_stands, answer_hold
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from ingestion.warehouse.judged import failures_to_waive
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


def waive(
    settings: Settings,
    build_id: str,
    expectation: str,
    *,
    country_code: str | None,
    by: str,
    reason: str,
    until: date,
) -> list[str]:
    """Excuse what failed an expectation in a build, and return the countries that it failed for.

    The senders of what was held for it get the first answer back. Errors: `UsageError` when there is nothing to
    excuse, when it may not be excused, or when the last day has passed.
    """
    gate_path = Home(settings.home).require().builds / build_id / "gate.json"
    if not gate_path.exists():
        raise UsageError(f"There is no judged build {build_id}. `pcm status` names the one that is held.")
    failures = failures_to_waive(read_json(gate_path), expectation, country_code=country_code)
    held = _held_ids(settings)
    ledger.record_waivers(settings, failures, by=by, reason=reason, until=until)
    for submission_id in held - _held_ids(settings):
        answer_as_it_stands(settings, submission_id)
    return sorted({each["country_code"] for each in failures if each["country_code"]})


def _held_ids(settings: Settings) -> set[str]:
    return {hold["submission_id"] for hold in ledger.holds_in_force(settings)}
