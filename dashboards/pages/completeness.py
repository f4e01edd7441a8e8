"""The completeness page: who reported what, and what is missing."""

from typing import Any

from dashboards import words
from dashboards.charts import Chart, completeness_matrix
from dashboards.figures import Release, Series
from dashboards.pages import parts

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
    themes = [(theme, [_row(release, series) for series in release.headlines_of(theme)]) for theme in release.themes]
    matrix = _matrix(release, [row for _, rows in themes for row in rows])
    return {
        "matrix": matrix,
        "charts": [matrix],
        "eu_values": _eu_values(release, [row["series"] for _, rows in themes for row in rows]),
        "timeliness": _timeliness(release),
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
        "statuses": statuses,
        "reporting_count": sum(status in REPORTED for status in statuses),
    }


def _matrix(release: Release, rows: list[dict[str, Any]]) -> Chart:
    """Return the matrix as a chart of its own, for its files; on the page the table is the chart."""
    listed = [status for row in rows for status in row["statuses"] if status != "not_applicable"]
    there = words.number(len(listed) - listed.count("not_reported"))
    title = f"{there} of {words.number(len(listed))} expected figures are there"
    return Chart(
        name="matrix",
        address="completeness",
        title=title,
        description=f"Who reported which indicator in the latest period. {title}.",
        drawing=completeness_matrix(
            [country.country_name for country in release.countries.values()],
            [(row["series"].indicator.indicator_name, row["statuses"]) for row in rows],
            name="matrix",
        ),
        head=[],
        rows=[],
        records=[
            {
                "indicator_code": row["series"].indicator.indicator_code,
                "country_code": code,
                "completeness_status": status,
            }
            for row in rows
            for code, status in zip(release.countries, row["statuses"], strict=True)
        ],
        is_synthetic=any(row["series"].summary.has_synthetic for row in rows),
    )


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
            "value": parts.with_unit(series, eu.value or 0.0),
            "count": eu.country_count,
            "share": f"{100 * share:.0f} %",
            "missing": f"{100 * (1 - share):.0f} %",
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
        rows.append(
            {"country": country, "first": min(days, default=""), "last": max(days, default=""), "count": len(days)}
        )
    return sorted(rows, key=lambda row: (not row["first"], row["first"], row["country"].country_name))


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
