"""The rounds: reporting periods that open and close."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from ingestion.catalogue.load import rows


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
    row = rows("rounds")[-1]
    opens_on, closes_on = (date.fromisoformat(row[name]) for name in ("opens_on", "closes_on"))
    return Round(row["round_id"], row["round_name"], opens_on, closes_on)
