"""Submissions that the gate left out, until a steward releases them or their country sends something newer."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from ingestion.errors import UsageError
from ingestion.ledger.counting import set_aside_now
from ingestion.ledger.decisions import decide
from ingestion.ledger.submissions import find, submissions
from ingestion.ledger.tables import HOLDS, insert_into, ledger_engine, read_rows
from ingestion.settings import Settings

Hold = dict[str, Any]


def record_holds(settings: Settings, holds: list[Hold]) -> None:
    """Record holds; safe to repeat. Each has the columns of the table `holds` but for its number and its times.

    What a steward released and the gate holds again, in a build that is the same, is held again.
    """
    again = {"held_at": datetime.now(UTC).isoformat(timespec="seconds"), "released_at": None}
    key = ["submission_id", "build_id", "expectation"]
    with ledger_engine(settings).begin() as connection:
        for hold in holds:
            held = insert_into(connection, HOLDS).values({**hold, **again})
            connection.execute(held.on_conflict_do_update(index_elements=key, set_=again))


def holds_in_force(settings: Settings) -> list[Hold]:
    """Return the holds that count now. Grain: one per (submission, expectation), the latest.

    What is set aside waits for nobody; its hold is there again if it is to count again.
    """
    aside = set_aside_now(settings)
    newest: dict[str, int] = {}
    for entry in submissions(settings):
        if entry["landing_sha256"]:
            newest[entry["country_code"]] = entry["sequence_number"]
    query = select(HOLDS).where(HOLDS.c.released_at.is_(None)).order_by(HOLDS.c.hold_id)
    rows = [row for row in read_rows(settings, query) if row["submission_id"] not in aside]
    in_force = [row for row in rows if newest.get(row["country_code"], 0) <= row["last_sequence_number"]]
    return list({(row["submission_id"], row["expectation"]): row for row in in_force}.values())


def left_out(settings: Settings) -> set[str]:
    """Return the submissions that the next build is made without, because they are held or set aside."""
    return {hold["submission_id"] for hold in holds_in_force(settings)} | set_aside_now(settings).keys()


def holds_of(settings: Settings, submission_id: str) -> list[Hold]:
    """Return every hold of a submission, also those that ended, in the order in which they were made."""
    return read_rows(settings, select(HOLDS).where(HOLDS.c.submission_id == submission_id).order_by(HOLDS.c.hold_id))


def release_hold(settings: Settings, submission_id: str, *, by: str, reason: str) -> None:
    """Let a held submission count again from the next build on, which is judged as every build.

    Errors: `UsageError` when it is not held.
    """

    def require() -> None:
        if submission_id not in {hold["submission_id"] for hold in holds_in_force(settings)}:
            known = "" if find(settings, submission_id) else " There is no such submission; see `pcm status`."
            raise UsageError(f"{submission_id} is not held by the gate.{known}")

    def also(connection: Connection) -> None:
        held = (HOLDS.c.submission_id == submission_id) & HOLDS.c.released_at.is_(None)
        released_at = datetime.now(UTC).isoformat(timespec="seconds")
        connection.execute(update(HOLDS).where(held).values(released_at=released_at))

    decide(settings, "release_hold", submission_id, by=by, reason=reason, require=require, also=also)
