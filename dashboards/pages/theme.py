"""One page per theme: what it is, its indicators in one row each, who reported them."""

from typing import Any

from dashboards.charts import Chart, completeness_matrix
from dashboards.figures import Release, Theme
from dashboards.pages import parts, rows

KIND_WORDS = {
    "pilot": "Pilot",
    "transversal": "Transversal activity",
    "context": "Context from official statistics",
}


def context(release: Release, theme: Theme) -> dict[str, Any]:
    """Return what the page of one theme shows."""
    headlines = release.headlines_of(theme)
    chart = _matrix(release, theme)
    return {
        "theme": theme,
        "kind": KIND_WORDS.get(theme.theme_kind, theme.theme_kind),
        "rows": [rows.indicator_row(release, series) for series in headlines],
        "references": sorted(
            {
                row.reference
                for series in headlines
                for by in series.totals.values()
                for row in by.values()
                if row.reference
            }
        )
        if theme.theme_kind == "context"
        else [],
        "matrix": chart,
        "charts": [chart],
        "has_synthetic": any(series.summary.has_synthetic for series in headlines),
        "gap_dimension_name": rows.gap_dimension(release).name.lower(),
        "others": [each for each in release.themes if release.series_of(each)],
    }


def _matrix(release: Release, theme: Theme) -> Chart:
    headlines = release.headlines_of(theme)
    statuses = {
        series.page_name: [
            release.completeness.get((code, series.indicator.indicator_code), "not_applicable")
            for code in release.countries
        ]
        for series in headlines
    }
    named = {series.page_name: series.indicator.indicator_name for series in headlines}
    listed = [status for each in statuses.values() for status in each]
    expected = [status for status in listed if status != "not_applicable"]
    missing = expected.count("not_reported")
    title = f"{len(expected) - missing} of {len(expected)} expected headline figures are there, {missing} are not"
    return Chart(
        name="matrix",
        address=f"{theme.theme_code}-completeness",
        title=title,
        description=f"{theme.theme_name}: who reported which indicator in the latest period. {title}.",
        drawing=completeness_matrix(
            [country.country_name for country in release.countries.values()],
            [(named[name], each) for name, each in statuses.items()],
            name="matrix",
        ),
        head=["Country", *named.values()],
        rows=[
            [parts.country_link(release, code, "../"), *(each[place].replace("_", " ") for each in statuses.values())]
            for place, code in enumerate(release.countries)
        ],
        records=[
            {"country_code": code, "indicator_code": name, "completeness_status": each[place]}
            for place, code in enumerate(release.countries)
            for name, each in statuses.items()
        ],
        is_synthetic=any(series.summary.has_synthetic for series in headlines),
        notes=["C complete; P partial: a required breakdown is not whole; S hidden; N not reported; – not applicable."],
    )
