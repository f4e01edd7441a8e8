"""Who takes part: the roster is data with dates, never a number in code."""

from datetime import UTC, date, datetime

from ingestion.catalogue.load import rows
from ingestion.errors import UsageError

FOR_EVER = "9999-12-31"


def roster_countries(day: date | None = None) -> list[str]:
    """Return the codes of the countries that are on the roster on a day, or today, in alphabetical order."""
    text = (day or datetime.now(UTC).date()).isoformat()
    return sorted(
        row["country_code"] for row in rows("roster") if row["valid_from"] <= text <= (row["valid_to"] or FOR_EVER)
    )


def require_on_roster(*country_codes: str) -> None:
    """Errors: `UsageError` for the first country that is not on the roster today."""
    known = roster_countries()
    for country_code in country_codes:
        if country_code not in known:
            raise UsageError(f"{country_code} is not on the roster. Countries: {' '.join(known)} (Greece is EL).")
