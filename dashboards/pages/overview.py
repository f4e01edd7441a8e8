"""The overview: who reported, how countries spread in each indicator, where to read on."""

from typing import Any

from markupsafe import Markup

from dashboards import charts, words
from dashboards.figures import Dimension, Release, Series
from dashboards.pages import parts
from dashboards.tiles import Tile, tile_map


def context(release: Release) -> dict[str, Any]:
    """Return what the overview shows."""
    gap_dimension = next(iter(release.dimensions.values()))
    themes = [
        {"theme": theme, "rows": [_row(release, series, gap_dimension) for series in headlines]}
        for theme in release.themes
        if (headlines := [series for series in release.series_of(theme) if series.is_headline])
    ]
    return {
        "facts": _facts(release),
        "map": _map(release),
        "themes": themes,
        "countries": [_country(release, code) for code in release.countries],
        "gap_dimension_name": gap_dimension.name.lower(),
    }


def _facts(release: Release) -> list[tuple[str, str]]:
    countries = release.countries.values()
    reporting = sum(country.reported_count > 0 for country in countries)
    expected = sum(country.expected_count for country in countries)
    received = sum(country.reported_count for country in countries)
    pilots = {theme.theme_code for theme in release.themes if theme.theme_kind == "pilot"}
    share = f"{100 * received / expected:.0f} %" if expected else words.NOTHING
    return [
        (f"{reporting} of {len(release.countries)}", "countries reported"),
        (share, f"of {words.number(expected)} expected headline figures received"),
        (str(len(release.series)), f"indicators, from {len(pilots)} pilots and their context"),
        (words.number(release.facts["observation_count"]), "observations in this release"),
    ]


def _map(release: Release) -> Markup:
    tiles = [
        Tile(
            country_code=country.country_code,
            country_name=country.country_name,
            share=_share(country.reported_count, country.expected_count),
            text=_percent(country.reported_count, country.expected_count),
            href=f"country/{country.country_code}.html",
        )
        for country in release.countries.values()
    ]
    description = "One tile for each country, darker with more figures received. The table of countries says the same."
    return tile_map(tiles, title="Share of expected headline figures received", description=description)


def _share(received: int, expected: int) -> float | None:
    return received / expected if expected else None


def _percent(received: int, expected: int) -> str:
    """Return a share in whole percent; 100 only if all are there, 0 only if none is."""
    if not expected:
        return words.NOTHING
    percent = round(100 * received / expected)
    if received not in (0, expected):
        percent = min(99, max(1, percent))
    return f"{percent} %"


def _country(release: Release, country_code: str) -> dict[str, Any]:
    country = release.countries[country_code]
    accepted = [each for each in release.submissions if each.country_code == country_code and each.rows_accepted]
    return {
        "country": country,
        "percent": _percent(country.reported_count, country.expected_count),
        "file_count": len(accepted),
    }


def _row(release: Release, series: Series, gap_dimension: Dimension) -> dict[str, Any]:
    indicator, summary = series.indicator, series.summary
    others = release.series[indicator.indicator_code][1:]
    return {
        "series": series,
        "unit_line": parts.unit_line(indicator),
        "others": others,
        "mark": parts.mark(parts.synthetic_word(summary)),
        "reporting": f"{summary.reporting_count} of {len(release.countries)}",
        **_spread(release, series),
        **_largest_gap(release, series, gap_dimension),
    }


def _spread(release: Release, series: Series) -> dict[str, Any]:
    """Return the lowest, middle and highest of a series in words and as a drawing; a count of yes for yes-or-no."""
    summary = series.summary
    empty = {"lowest": None, "highest": None, "middle": "", "chart": ""}
    if not summary.published_count:
        return empty
    if series.indicator.is_binary:
        return {**empty, "middle": f"yes in {summary.yes_count} of {summary.published_count}"}
    assert summary.lowest is not None and summary.highest is not None
    assert summary.lower_quartile is not None and summary.upper_quartile is not None
    middle = parts.middle_of(series)
    lowest, highest = (words.number(value, series.decimals) for value in (summary.lowest, summary.highest))
    return {
        "lowest": (lowest, parts.country_name(release, summary.lowest_country_code)),
        "highest": (highest, parts.country_name(release, summary.highest_country_code)),
        "middle": "" if middle is None else words.number(middle, series.decimals),
        "chart": charts.spread_row(
            charts.scale_to(summary.highest),
            lowest=summary.lowest,
            lower_quartile=summary.lower_quartile,
            middle=middle,
            upper_quartile=summary.upper_quartile,
            highest=summary.highest,
            title=f"From {lowest} to {highest}, from zero at the left edge",
        ),
    }


def _largest_gap(release: Release, series: Series, dimension: Dimension) -> dict[str, Any]:
    gaps = [
        (shown, country_code)
        for country_code in series.gaps.get(dimension.code, {})
        if (shown := parts.shown_gap(series.gap(dimension.code, country_code, "d"))) is not None
    ]
    if not gaps:
        return {"gap": None}
    largest, country_code = max(gaps)
    return {"gap": (words.number(largest, series.decimals), parts.country_name(release, country_code))}
