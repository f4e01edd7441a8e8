"""The rounds: reporting periods that open and close."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from ingestion.catalogue.load import rows
from ingestion.errors import UsageError


@dataclass(frozen=True)
class Round:
    """A reporting period that opens and closes."""

    round_id: str
    round_name: str
    opens_on: date
    closes_on: date

    @property
    def days_left(self) -> int:
        """How many days are left until the deadline; below zero when it has passed."""
        return (self.closes_on - datetime.now(UTC).date()).days


def latest_round() -> Round:
    """Return the round that is open, or that was open last."""
    return _round(rows("rounds")[-1])


def require_round(round_id: str) -> Round:
    """Return the round that is called so. Errors: `UsageError` that names those there are."""
    known = {row["round_id"]: row for row in rows("rounds")}
    if round_id not in known:
        raise UsageError(f"There is no round {round_id}. Rounds: {' '.join(known)}.")
    return _round(known[round_id])


def _round(row: dict[str, str]) -> Round:
    opens_on, closes_on = (date.fromisoformat(row[name]) for name in ("opens_on", "closes_on"))
    return Round(row["round_id"], row["round_name"], opens_on, closes_on)
