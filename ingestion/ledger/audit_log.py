"""The audit log: who did what, each line bound to the one before it. Lines are added, never changed.

A line holds the SHA-256 of the line before. Whoever has kept one hash can tell later whether anything at or before
its line was changed. A line names accounts by their id; it holds no name and no address of a person.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Integer, String, Table, insert, select

from ingestion.ledger.chain import BEGINNING, canonical_json, canonical_sha256
from ingestion.ledger.tables import METADATA, ledger_engine, read_rows
from ingestion.settings import Settings
from ingestion.store.locks import exclusively_everywhere

HASHED = ("sequence_number", "recorded_at", "account_id", "action", "subject", "details", "previous_hash")

# One row per thing that was done. `details` is JSON.
AUDIT_LOG = Table(
    "audit_log",
    METADATA,
    Column("sequence_number", Integer, primary_key=True),
    Column("recorded_at", String, nullable=False),
    Column("account_id", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("details", String, nullable=False),
    Column("previous_hash", String, nullable=False, unique=True),
    Column("hash", String, nullable=False, unique=True),
)


def record(settings: Settings, action: str, *, account_id: str, subject: str = "", **details: Any) -> dict[str, Any]:
    """Add a line and return it."""
    with exclusively_everywhere(settings, "audit"), ledger_engine(settings).begin() as connection:
        newest = select(AUDIT_LOG).order_by(AUDIT_LOG.c.sequence_number.desc()).limit(1)
        last = connection.execute(newest).mappings().first()
        line = {
            "sequence_number": last["sequence_number"] + 1 if last else 1,
            "recorded_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "account_id": account_id,
            "action": action,
            "subject": subject,
            "details": canonical_json(details),
            "previous_hash": last["hash"] if last else BEGINNING,
        }
        line["hash"] = hash_of(line)
        connection.execute(insert(AUDIT_LOG).values(line))
    return line


def audit_lines(settings: Settings, *, action: str = "", subject: str = "") -> list[dict[str, Any]]:
    """Return the lines, oldest first; only those of an action and a subject where these are named."""
    query = select(AUDIT_LOG).order_by(AUDIT_LOG.c.sequence_number)
    if action:
        query = query.where(AUDIT_LOG.c.action == action)
    if subject:
        query = query.where(AUDIT_LOG.c.subject == subject)
    return read_rows(settings, query)


def broken_line(settings: Settings) -> int | None:
    """Return the number of the first line that is not as it was recorded; None when the whole log is."""
    previous_hash = BEGINNING
    for number, line in enumerate(audit_lines(settings), start=1):
        if (line["sequence_number"], line["previous_hash"], line["hash"]) != (number, previous_hash, hash_of(line)):
            return number
        previous_hash = line["hash"]
    return None


def hash_of(line: dict[str, Any]) -> str:
    """Return the SHA-256 that a line has if nothing in it was changed."""
    return canonical_sha256({name: line[name] for name in HASHED})
