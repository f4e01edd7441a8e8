"""Who has reported in the round that is open, and who has not."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from ingestion import ledger
from ingestion.catalogue import roster_countries, rows
from ingestion.settings import Settings
from ingestion.sql_text import CALLS_NOBODY
from ingestion.store.home import Home
from ingestion.store.published import current_release_id

COMPLETENESS = """
select country_code, 100.0 * sum(reported_count) / sum(expected_count) as reported_pct
from marts.fct_completeness
group by country_code
having sum(expected_count) > 0
"""


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


@dataclass(frozen=True)
class Reporting:
    """What a country sent: its latest submission, whether it has reported, and its share of what is expected (%)."""

    country_code: str
    latest: dict[str, Any] | None
    has_reported: bool
    reported_pct: float | None


def latest_round() -> Round:
    """Return the round that is open, or that was open last."""
    row = rows("rounds")[-1]
    opens_on, closes_on = (date.fromisoformat(row[name]) for name in ("opens_on", "closes_on"))
    return Round(row["round_id"], row["round_name"], opens_on, closes_on)


def silent_countries(settings: Settings) -> list[str]:
    """Return the countries of the roster of which no row was accepted since the round opened."""
    return [each.country_code for each in reporting(settings) if not each.has_reported]


def reporting(settings: Settings, *, is_measured: bool = False) -> list[Reporting]:
    """Return each country of the roster with what it sent; `is_measured`: with its share of what is expected."""
    opened = latest_round().opens_on.isoformat()
    latest: dict[str, dict[str, Any]] = {}
    reported, aside = set(), ledger.set_aside_now(settings)
    for entry in ledger.submissions(settings):
        latest[entry["country_code"]] = entry
        may_count = entry["landing_sha256"] and entry["submission_id"] not in aside
        if may_count and entry["received_at"] >= opened:
            reported.add(entry["country_code"])
    shares = _shares(settings) if is_measured else {}
    return [
        Reporting(code, latest.get(code), code in reported, shares.get(code))
        for code in roster_countries(datetime.now(UTC).date())
    ]


def _shares(settings: Settings) -> dict[str, float]:
    """Return {country: reported_pct} of the newest build that was judged, or else of the current release."""
    home = Home(settings.home)
    judged = [path.parent for path in home.builds.glob("b-*/gate.json") if (path.parent / "warehouse.duckdb").exists()]
    release_id = current_release_id(settings)
    folders = sorted(judged, key=lambda folder: (folder / "gate.json").stat().st_mtime_ns)
    folders = folders or ([home.releases / release_id] if release_id else [])
    if not folders:
        return {}
    try:
        with duckdb.connect(folders[-1] / "warehouse.duckdb", read_only=True, config=CALLS_NOBODY) as connection:
            return dict(connection.execute(COMPLETENESS).fetchall())
    except duckdb.Error:  # a build that is damaged, or gone by now, must not take the whole screen with it
        return {}
