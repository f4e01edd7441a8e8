"""Who has reported in the round that is open, and who has not."""

from dataclasses import dataclass
from typing import Any

import duckdb

from ingestion import ledger
from ingestion.catalogue import latest_round, roster_countries
from ingestion.settings import Settings
from ingestion.sql_text import CALLS_NOBODY
from ingestion.store.home import Home
from ingestion.store.published import current_release_id
from ingestion.warehouse.judged import judged_builds

COMPLETENESS = """
select country_code, 100.0 * sum(reported_count) / sum(expected_count) as reported_pct
from marts.fct_completeness
group by country_code
having sum(expected_count) > 0
"""


@dataclass(frozen=True)
class Reporting:
    """What a country sent: its latest submission, whether it has reported, and its share of what is expected (%)."""

    country_code: str
    latest: dict[str, Any] | None
    has_reported: bool
    reported_pct: float | None


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
    return [Reporting(code, latest.get(code), code in reported, shares.get(code)) for code in roster_countries()]


def _shares(settings: Settings) -> dict[str, float]:
    """Return {country: reported_pct} of the newest build that was judged, or else of the current release."""
    home = Home(settings.home)
    judged = [build.folder for build in judged_builds(settings) if (build.folder / "warehouse.duckdb").exists()]
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
