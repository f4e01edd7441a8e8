"""What the ledger knows of submissions, and the few ways in which that may change."""

import time
from typing import Any

from sqlalchemy import insert, select, update

from ingestion.ledger.tables import ARRIVALS, SUBMISSIONS, insert_into, ledger_engine, read_rows
from ingestion.settings import Settings

# A submission that was announced and not answered within this time is announced again: its worker may be dead.
ANNOUNCEMENT_SECONDS = 60


def submissions(settings: Settings) -> list[dict[str, Any]]:
    """Return every submission in the order of arrival. Grain: one per (country, file content)."""
    return read_rows(settings, select(SUBMISSIONS).order_by(SUBMISSIONS.c.sequence_number))


def find(settings: Settings, submission_id: str) -> dict[str, Any] | None:
    """Return one submission, or None."""
    found = read_rows(settings, select(SUBMISSIONS).where(SUBMISSIONS.c.submission_id == submission_id))
    return found[0] if found else None


def unanswered(settings: Settings) -> list[str]:
    """Return the ids that still wait for an answer, in the order of arrival."""
    query = select(SUBMISSIONS).where(SUBMISSIONS.c.status == "received")
    return [row["submission_id"] for row in read_rows(settings, query.order_by(SUBMISSIONS.c.sequence_number))]


def record_arrival(settings: Settings, arrival: dict[str, Any], *, modified_ns: int) -> bool:
    """Record that a file arrived; say whether this arrival repeats an earlier one of the same content, and is answered.

    What could not be read waits for another answer when it comes again: a short memory or a slow hour of ours may have
    been the reason, or a reader that has learned since; nothing of it has landed.
    Safe to repeat: the same file of the same moment is one arrival, however often a killed claim is redone.
    """
    submission = {key: arrival[key] for key in ("submission_id", "country_code", "sha256", "size_bytes")}
    submission |= {key: arrival[key] for key in ("original_name", "received_at", "arrived_via")}
    this = {
        "submission_id": arrival["submission_id"],
        "original_name": arrival["original_name"],
        "modified_ns": modified_ns,
        "arrived_at": arrival["received_at"],
        "inbox_folder": arrival.get("inbox_folder"),
    }
    with ledger_engine(settings).begin() as connection:
        is_it = SUBMISSIONS.c.submission_id == arrival["submission_id"]
        # Asked first, because PostgreSQL gives a number away to what it then finds to be there.
        if connection.execute(select(SUBMISSIONS.c.sequence_number).where(is_it)).first() is None:
            connection.execute(insert(SUBMISSIONS).values(submission))
        added = connection.execute(insert_into(connection, ARRIVALS).values(this).on_conflict_do_nothing())
        if added.rowcount:
            again = update(SUBMISSIONS).where(is_it, SUBMISSIONS.c.verdict == "unreadable")
            connection.execute(again.values(status="received", announced_at_unix=None))
        status = connection.execute(select(SUBMISSIONS.c.status).where(is_it)).scalar_one()
        first = connection.execute(
            select(ARRIVALS.c.original_name, ARRIVALS.c.modified_ns)
            .where(ARRIVALS.c.submission_id == arrival["submission_id"])
            .order_by(ARRIVALS.c.arrival_id)
            .limit(1)
        ).one()
    return status == "answered" and tuple(first) != (this["original_name"], modified_ns)


def inbox_names(settings: Settings, submission_id: str) -> list[dict[str, str]]:
    """Return each name under which a submission's content lay in the inbox, with its folder there."""
    columns = ARRIVALS.c.original_name, ARRIVALS.c.inbox_folder
    of_inbox = ARRIVALS.c.submission_id == submission_id, ARRIVALS.c.inbox_folder.is_not(None)
    return read_rows(settings, select(*columns).where(*of_inbox).distinct())


def announce_waiting(settings: Settings) -> list[str]:
    """Return the ids whose processing must be started now, and remember that it was.

    An id comes back only when it was not answered within `ANNOUNCEMENT_SECONDS`, or was announced in the future: then
    the clock was set back, and nobody knows when.
    """
    now = time.time()
    announced_at = SUBMISSIONS.c.announced_at_unix
    due = announced_at.is_(None) | (announced_at < now - ANNOUNCEMENT_SECONDS) | (announced_at > now)
    with ledger_engine(settings).begin() as connection:
        ids = connection.execute(
            update(SUBMISSIONS)
            .where(SUBMISSIONS.c.status == "received", due)
            .values(announced_at_unix=now)
            .returning(SUBMISSIONS.c.submission_id, SUBMISSIONS.c.sequence_number)
        ).all()
    return [row.submission_id for row in sorted(ids, key=lambda row: row.sequence_number)]


def record_answer(
    settings: Settings, submission_id: str, receipt: dict[str, Any], *, landing_sha256: str | None
) -> None:
    """Record the verdict on a submission and the hash of its landed rows (None: nothing landed)."""
    rows = {f"rows_{name}": count for name, count in receipt["rows"].items()}
    _update(
        settings,
        submission_id,
        status="answered",
        answered_at=receipt["answered_at"],
        verdict=receipt["verdict"],
        rules_version=receipt["rules_version"],
        landing_sha256=landing_sha256,
        last_error=None,
        **rows,
    )


def record_fault(settings: Settings, submission_id: str, message: str) -> None:
    """Record that processing failed through no fault of the sender; the submission keeps waiting."""
    _update(settings, submission_id, attempts=SUBMISSIONS.c.attempts + 1, last_error=message)


def _update(settings: Settings, submission_id: str, **values: Any) -> None:
    statement = update(SUBMISSIONS).where(SUBMISSIONS.c.submission_id == submission_id).values(**values)
    with ledger_engine(settings).begin() as connection:
        connection.execute(statement)
