"""What an operator wants to know at a glance."""

from dataclasses import asdict
from typing import Any

from ingestion import ledger
from ingestion.intake import waiting_files
from ingestion.release.drafts import changed_drafts, drafts
from ingestion.settings import Settings
from ingestion.status.airflow import ask_airflow
from ingestion.status.looks import looks
from ingestion.store.home import Home
from ingestion.store.published import current_release_id, release_ids
from ingestion.warehouse import build_due, last_failure, next_manifest
from ingestion.warehouse.judged import blocking_sentences, judged_builds

SHOWN = ("country_code", "submission_id", "status", "verdict", "rows_accepted", "rows_held", "rows_refused")
ASIDE = ("submission_id", "decided_by", "decided_at", "reason")
HELD = ("country_code", "submission_id", "build_id", "expectation", "sentence", "held_at")


def observatory_status(settings: Settings) -> dict[str, Any]:
    """Return what arrived and what became of it, what waits, what is wrong, and what is published."""
    submissions, airflow = ledger.submissions(settings), ask_airflow(settings)
    return {
        "home": str(settings.home),
        **looks(settings),
        "airflow": asdict(airflow),
        "current_release_id": current_release_id(settings),
        "release_ids": release_ids(settings),
        "is_build_due": build_due(settings),
        "waiting_files": [path.name for path in waiting_files(settings)],
        "submissions": [{key: each[key] for key in (*SHOWN, "attempts", "last_error")} for each in submissions],
        "holds": [{key: each[key] for key in HELD} for each in ledger.holds_in_force(settings)],
        "set_aside": [_aside(decision) for decision in ledger.set_aside_now(settings).values()],
        "drafts": drafts(settings) if settings.publishing == "approval" else [],
        "problems": [*_problems(settings, submissions), *airflow.sentences],
    }


def _aside(decision: dict[str, Any]) -> dict[str, Any]:
    known = {**decision, "submission_id": decision["subject"]}
    return {key: known[key] for key in ASIDE}


def _problems(settings: Settings, submissions: list[dict[str, Any]]) -> list[str]:
    faults = [
        f"{each['submission_id']} could not be processed ({each['attempts']} attempts): {each['last_error']}"
        for each in submissions
        if each["last_error"]
    ]
    failure = last_failure(Home(settings.home))
    return [*faults, *([failure] if failure else []), *_held_builds(settings), *_changed_decisions(settings)]


def _changed_decisions(settings: Settings) -> list[str]:
    """Return what was changed by hand among that which stewards decided."""
    broken = ledger.broken_decision(settings)
    found = [f"Decision {broken} in the ledger is not as it was recorded. Restore the ledger."] if broken else []
    return [*found, *changed_drafts(settings).values()]


def _held_builds(settings: Settings) -> list[str]:
    """Return why the gate holds the figures that are in force now; builds of older figures are history."""
    now = next_manifest(settings)["inputs_hash"]
    return [
        f"Build {build.build_id} is held. {line}"
        for build in judged_builds(settings)
        if build.gate["verdict"] == "hold" and build.manifest["inputs_hash"] == now
        for line in blocking_sentences(build.gate)
    ]
