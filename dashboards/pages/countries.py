"""The list of countries: how much each reported, and where to read on."""

from typing import Any

from dashboards import words
from dashboards.figures import Release
from dashboards.marts import Country


def context(release: Release) -> dict[str, Any]:
    """Return what the list of countries shows."""
    return {
        "rows": [
            (country.country_name, {"country": country, **_counts(release, country)})
            for country in release.countries.values()
        ]
    }


def _counts(release: Release, country: Country) -> dict[str, Any]:
    files = [each for each in release.submissions if each.country_code == country.country_code]
    return {
        "percent": words.share_of(country.reported_count, country.expected_count),
        "files": words.part_of(sum(each.is_in_force for each in files), len(files)),
    }
