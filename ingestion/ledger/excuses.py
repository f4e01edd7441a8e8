"""What excuses a failure or explains a warning: waivers of stewards, justifications of contacts."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ingestion.errors import UsageError
from ingestion.ledger.decisions import decide
from ingestion.ledger.tables import HOLDS, JUSTIFICATIONS, WAIVERS, ledger_engine, read_rows
from ingestion.settings import Settings


def record_waivers(settings: Settings, failures: list[dict[str, Any]], *, by: str, reason: str, until: date) -> None:
    """Record a waiver for each failure of one expectation, and release what was held for it.

    Errors: `UsageError` when the last day has passed.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    if until.isoformat() < now[:10]:
        raise UsageError(f"--until {until} has passed; a waiver excuses from now until that day.")
    [expectation] = {failure["expectation"] for failure in failures}
    given = {"waived_by": by.strip(), "reason": reason.strip(), "until_on": until.isoformat()}
    rows = [{**failure, **given, "waived_at": now} for failure in failures]
    countries = sorted({failure["country_code"] for failure in failures if failure["country_code"]})

    def also(connection: Connection) -> None:
        connection.execute(insert(WAIVERS), rows)
        held = HOLDS.c.country_code.in_(countries) & (HOLDS.c.expectation == expectation)
        connection.execute(update(HOLDS).where(held, HOLDS.c.released_at.is_(None)).values(released_at=now))

    details = {"countries": countries, "until_on": given["until_on"], "build_id": failures[0]["build_id"]}
    decide(settings, "waive", expectation, by=by, reason=reason, details=details, also=also)


def waivers(settings: Settings) -> list[dict[str, Any]]:
    """Return every waiver, expired ones too, in the order in which they were given."""
    return read_rows(settings, select(WAIVERS).order_by(WAIVERS.c.waiver_id))


def record_justification(settings: Settings, justification: dict[str, Any]) -> None:
    """Record a contact's answer: submission, rule, text, whether it is public, and the hash of what it explains."""
    row = {**justification, "justified_at": datetime.now(UTC).isoformat(timespec="seconds")}
    with ledger_engine(settings).begin() as connection:
        connection.execute(insert(JUSTIFICATIONS).values(row))


def justifications(settings: Settings) -> list[dict[str, Any]]:
    """Return every justification, in the order in which they came."""
    return read_rows(settings, select(JUSTIFICATIONS).order_by(JUSTIFICATIONS.c.justification_id))


def justifications_in_force(settings: Settings) -> list[dict[str, Any]]:
    """Return the latest answer to each question, in the order in which they came: a later one replaces an earlier one.

    Grain: one per (submission, rule, cells).
    """
    latest = {(each["submission_id"], each["rule"], each["cells_sha256"]): each for each in justifications(settings)}
    return sorted(latest.values(), key=lambda each: int(each["justification_id"]))
