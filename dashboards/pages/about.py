"""The page about the data: what is real, how to read it, what it cannot tell."""

from typing import Any

from dashboards.figures import Release


def context(release: Release) -> dict[str, Any]:
    """Return what the page about the data shows."""
    statuses = {country.roster_status for country in release.countries.values()}
    return {
        "is_reference_roster": "reference" in statuses,
        "synthetic_percent": f"{100 * release.facts['is_synthetic_share']:.1f}",
    }
