"""What stewards decided: who, when, what and why, in a chain of hashes that is only ever added to."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from ingestion.errors import UsageError
from ingestion.ledger.chain import BEGINNING, canonical_json, canonical_sha256
from ingestion.ledger.tables import DECISIONS, ledger_engine, read_rows
from ingestion.settings import Settings
from ingestion.store.home import Home
from ingestion.store.locks import exclusively_everywhere

Decision = dict[str, Any]


def decisions(settings: Settings, *actions: str) -> list[Decision]:
    """Return the decisions, the oldest first; all of them, or those of these actions."""
    found = read_rows(settings, select(DECISIONS).order_by(DECISIONS.c.decision_id))
    read = [{**row, "details": json.loads(row["details"])} for row in found]
    return [each for each in read if not actions or each["action"] in actions]


def decide(
    settings: Settings,
    action: str,
    subject: str,
    *,
    by: str,
    reason: str,
    details: dict[str, Any] | None = None,
    require: Callable[[], None] = lambda: None,
    also: Callable[[Connection], None] = lambda _: None,
) -> None:
    """Record a decision. `require` looks, while nobody else decides, whether it may still be made; `also` records
    what follows from it in the same transaction.

    Errors: `UsageError` without a name or a reason, and whatever `require` says.
    """
    if not by.strip() or not reason.strip():
        raise UsageError("A decision needs a name (--by) and a reason (--reason).")
    Home(settings.home).require()
    with exclusively_everywhere(settings, "decisions"):
        require()
        earlier = decisions(settings)
        row = {
            "decided_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "decided_by": by.strip(),
            "action": action,
            "subject": subject,
            "reason": reason.strip(),
            "details": canonical_json(details or {}),
            "previous_sha256": earlier[-1]["sha256"] if earlier else BEGINNING,
        }
        with ledger_engine(settings).begin() as connection:
            connection.execute(insert(DECISIONS).values({**row, "sha256": canonical_sha256(row)}))
            also(connection)


def broken_decision(settings: Settings) -> int | None:
    """Return the number of the first decision that is not as it was recorded; None when the chain is whole."""
    previous = BEGINNING
    for each in decisions(settings):
        row = {key: each[key] for key in each if key not in ("decision_id", "sha256")}
        row["details"] = canonical_json(each["details"])
        if row["previous_sha256"] != previous or canonical_sha256(row) != each["sha256"]:
            return int(each["decision_id"])
        previous = each["sha256"]
    return None
