"""One page per theme: what it is, its indicators in one row each, who reported them."""

from typing import Any

from dashboards.figures import Release, Series
from dashboards.marts import Theme
from dashboards.pages import matrix, rows
from dashboards.speech import say
from ingestion.languages import phrase

KIND_WORDS = {
    "pilot": phrase("Pilot"),
    "transversal": phrase("Transversal activity"),
    "context": phrase("Context from official statistics"),
}


def context(release: Release, theme: Theme) -> dict[str, Any]:
    """Return what the page of one theme shows."""
    headlines = release.headlines_of(theme)
    address = f"{theme.theme_code}-completeness"
    chart = matrix.matrix(release, headlines, address=address, subject=theme.theme_name)
    return {
        "theme": theme,
        "kind": say(KIND_WORDS.get(theme.theme_kind, theme.theme_kind)),
        "rows": [rows.indicator_row(release, series) for series in headlines],
        "references": _references(headlines) if theme.theme_kind == "context" else [],
        "matrix": chart,
        "charts": [chart],
        "has_synthetic": any(series.summary.has_synthetic for series in headlines),
        "gap_dimension_name": rows.gap_dimension(release).in_sentence,
        "others": [each for each in release.themes if release.series_of(each)],
    }


def _references(headlines: list[Series]) -> list[str]:
    estimates = (row for series in headlines for by in series.totals.values() for row in by.values())
    return sorted({row.reference for row in estimates if row.reference})
