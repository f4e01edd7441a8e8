"""The page of releases: this one, those before it, and what changed."""

from collections import Counter
from typing import Any

from dashboards.figures import Release
from dashboards.pages import downloads

CHANGE_FILES = ("CHANGES.md", "changes.csv")


def context(release: Release) -> dict[str, Any]:
    """Return what the page of releases shows."""
    changed = Counter((each.country_code, each.indicator_code) for each in release.corrections)
    return {
        "earlier": [each for each in release.releases if each != release.release_id][::-1],
        "changes": downloads.files(release, {name: downloads.FILE_WORDS[name] for name in CHANGE_FILES}),
        "changed_count": sum(changed.values()),
        "changed": [
            {"country": release.countries[country], "series": release.headline(indicator), "count": count}
            for (country, indicator), count in sorted(changed.items())
            if country in release.countries and indicator in release.series
        ],
    }
