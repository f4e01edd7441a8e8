"""The completeness page: who reported what, and what is missing."""

from typing import Any

from dashboards import words
from dashboards.figures import Release, Series

LETTERS = {
    "complete": ("C", "complete"),
    "partial": ("P", "partial: the headline figure is there, a required breakdown is not whole"),
    "suppressed": ("S", "suppressed: reported, hidden to protect people"),
    "not_reported": ("N", "not reported"),
    "not_applicable": (words.NOTHING, "not applicable"),
}


REPORTED = frozenset({"complete", "partial", "suppressed"})


def context(release: Release) -> dict[str, Any]:
    """Return what the completeness page shows."""
    themes = [
        (theme, [_row(release, series) for series in release.series_of(theme) if series.is_headline])
        for theme in release.themes
    ]
    return {
        "letters": [(*LETTERS[status], status) for status in LETTERS],
        "themes": [(theme, rows) for theme, rows in themes if rows],
        "dimensions": _dimensions(release),
        "shares": _shares(release),
    }


def _row(release: Release, series: Series) -> dict[str, Any]:
    code = series.indicator.indicator_code
    statuses = [release.completeness.get((country, code), "not_applicable") for country in release.countries]
    return {
        "series": series,
        "cells": [(LETTERS[status][0], status) for status in statuses],
        "reporting_count": sum(status in REPORTED for status in statuses),
    }


def _dimensions(release: Release) -> list[tuple[str, str]]:
    """Return (code, name) of the dimensions that are counted, the headline figures first."""
    counted = {dimension for _, dimension in release.completeness_by_dimension}
    known = [("TOTAL", "Headline"), *((each.code, each.name) for each in release.dimensions.values())]
    listed = [(code, name) for code, name in known if code in counted]
    return listed + [(code, "Cancer site") for code in sorted(counted - {code for code, _ in known})]


def _shares(release: Release) -> list[dict[str, Any]]:
    rows = []
    for country_code, country in release.countries.items():
        cells = []
        for dimension, _ in _dimensions(release):
            received, expected = release.completeness_by_dimension.get((country_code, dimension), (0, 0))
            cells.append((words.number(received), words.number(expected)) if expected else None)
        rows.append({"country": country, "cells": cells})
    return rows
