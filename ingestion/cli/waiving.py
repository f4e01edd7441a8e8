"""Waive what failed in a build: for the command and for the steward's screen, which both stand on top of the gate."""

from datetime import date

from ingestion.errors import UsageError
from ingestion.intake.hold import waive as record
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home


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
    """Excuse what failed an expectation in a build and return the countries that it failed for.

    Errors: `UsageError` when there is nothing to excuse, when it may not be excused, or when the last day has passed.
    """
    from expectations.gate import SUITES_FOLDER
    from expectations.suites import load_suites
    from expectations.waivers import failures_to_waive

    gate_path = Home(settings.home).require().builds / build_id / "gate.json"
    if not gate_path.exists():
        raise UsageError(f"There is no judged build {build_id}. `pcm status` names the one that is held.")
    failures = failures_to_waive(
        read_json(gate_path), load_suites(SUITES_FOLDER), expectation, country_code=country_code
    )
    record(settings, failures, by=by, reason=reason, until=until)
    return sorted({each["country_code"] for each in failures if each["country_code"]})
