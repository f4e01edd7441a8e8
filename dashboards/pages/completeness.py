"""The completeness page: who reported what, and what is missing."""

from typing import Any

from dashboards import words
from dashboards.charts import Chart
from dashboards.figures import Release, Series
from dashboards.pages import matrix, parts
from dashboards.speech import say
from dashboards.words import Figure
from ingestion.languages import phrase

LETTERS = {
    "complete": ("C", phrase("complete")),
    "partial": ("P", phrase("partial: the headline figure is there, a required breakdown is not whole")),
    "suppressed": ("S", phrase("hidden: received, not shown, to protect people")),
    "not_reported": ("N", phrase("not reported: expected, and not there")),
    "not_applicable": (words.NOTHING, phrase("not applicable")),
}
TOTAL = "TOTAL"

REPORTED = frozenset({"complete", "partial", "suppressed"})


def context(release: Release) -> dict[str, Any]:
    """Return what the completeness page shows."""
    themes = [(theme, [_row(release, series) for series in release.headlines_of(theme)]) for theme in release.themes]
    chart = _matrix(release)
    return {
        "matrix": chart,
        "charts": [chart],
        "eu_values": _eu_values(release, [row["series"] for _, rows in themes for row in rows]),
        "timeliness": _timeliness(release),
        "letters": [(letter, say(meaning), status) for status, (letter, meaning) in LETTERS.items()],
        "themes": [(theme, rows) for theme, rows in themes if rows],
        "dimensions": _dimensions(release),
        "shares": _shares(release),
    }


def _row(release: Release, series: Series) -> dict[str, Any]:
    code = series.indicator.indicator_code
    statuses = {
        country.country_name: release.completeness.get((country_code, code), "not_applicable")
        for country_code, country in release.countries.items()
    }
    return {
        "series": series,
        "cells": [(name, (LETTERS[status][0], status)) for name, status in statuses.items()],
        "reporting_count": sum(status in REPORTED for status in statuses.values()),
    }


def _matrix(release: Release) -> Chart:
    """Return the matrix as a chart of its own, for its files; on the page the table is the chart."""
    return matrix.matrix(release, release.headlines, address="completeness", table_of="matrix")


def _eu_values(release: Release, headlines: list[Series]) -> list[dict[str, Any]]:
    """Return, for each indicator with a value of the EU, what it is made of; the least covered first."""
    rows = []
    for series in headlines:
        eu = parts.eu_value_of(series)
        if eu is not None and eu.value is not None:
            share = eu.population_share or 0.0
            rows.append((share, series, eu))
    return [
        {
            "series": series,
            "value": Figure(
                parts.with_unit(series, eu.value or 0.0),
                is_number=True,
                interval=words.interval(eu.lower_ci, eu.upper_ci, series.decimals),
            ),
            "count": eu.country_count,
            "share": words.share_of(share, 1),
            "missing": words.share_of(1 - share, 1),
        }
        for share, series, eu in sorted(rows, key=lambda row: (row[0], row[1].page_name))
    ]


def _timeliness(release: Release) -> list[dict[str, Any]]:
    """Return when each country's first and last accepted file came."""
    rows = []
    for code, country in release.countries.items():
        days = [
            each.received_at[:10] for each in release.submissions if each.country_code == code and each.rows_accepted
        ]
        rows.append((min(days, default=""), max(days, default=""), country))
    return [
        {"country": country, "first": words.day(first), "last": words.day(last)}
        for first, last, country in sorted(rows, key=lambda row: (not row[0], row[0]))
    ]


def _dimensions(release: Release) -> list[tuple[str, str]]:
    """Return (code, name) of the dimensions that are counted, the headline figures first."""
    counted = {dimension for _, dimension in release.completeness_by_dimension}
    known = [(TOTAL, say("Headline figures")), *((each.code, each.name) for each in release.dimensions.values())]
    listed = [(code, name) for code, name in known if code in counted]
    return listed + [(code, say("Cancer site")) for code in sorted(counted - {code for code, _ in known})]


def _shares(release: Release) -> list[tuple[str, dict[str, Any]]]:
    """Return (name, what each dimension has received) of each country."""
    rows = []
    for country_code, country in release.countries.items():
        cells = []
        for dimension, _ in _dimensions(release):
            received, expected = release.completeness_by_dimension.get((country_code, dimension), (0, 0))
            cells.append(words.part_of(received, expected) if expected else words.NOTHING)
        rows.append((country.country_name, {"country": country, "cells": cells}))
    return rows
