"""Who takes part: the roster is data with dates, never a number in code."""

from datetime import date

from ingestion.catalogue.load import rows

FOR_EVER = "9999-12-31"


def roster_countries(day: date) -> list[str]:
    """Return the codes of the countries that are on the roster on a day, in alphabetical order."""
    text = day.isoformat()
    return sorted(
        row["country_code"] for row in rows("roster") if row["valid_from"] <= text <= (row["valid_to"] or FOR_EVER)
    )
