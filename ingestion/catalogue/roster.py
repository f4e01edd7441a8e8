"""Who takes part: the roster is data with dates, never a number in code."""

from datetime import UTC, date, datetime

from ingestion.catalogue.load import rows
from ingestion.errors import UsageError

FOR_EVER = "9999-12-31"


def roster_countries(day: date | None = None, last_day: date | None = None) -> list[str]:
    """Return the codes of the countries that are on the roster on a day, or today, in alphabetical order.

    With a last day: those that are on it on any day until then.
    """
    day = day or datetime.now(UTC).date()
    first, last = day.isoformat(), (last_day or day).isoformat()
    listed = [row for row in rows("roster") if row["valid_from"] <= last and first <= (row["valid_to"] or FOR_EVER)]
    return sorted({row["country_code"] for row in listed})


def require_on_roster(*country_codes: str, days: tuple[date, date] | None = None) -> None:
    """Errors: `UsageError` for the first country that is not on the roster today, or on any day from one to another."""
    known = roster_countries(*days or ())
    for country_code in country_codes:
        if country_code not in known:
            raise UsageError(f"{country_code} is not on the roster. Countries: {' '.join(known)} (Greece is EL).")
