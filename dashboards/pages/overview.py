"""The overview: what the figures say in a few sentences, one map, every indicator in one row."""

from collections import Counter
from typing import Any

from dashboards import sentences, words
from dashboards.figures import Release, Series
from dashboards.pages import parts, rows
from dashboards.pages.series import standing

ENOUGH_REPORTING = 0.8  # of the countries, for the indicator that the overview draws


def context(release: Release) -> dict[str, Any]:
    """Return what the overview shows."""
    drawn = _drawn(release)
    chart = standing.country_map(release, drawn, root="", table_of="") if drawn else None
    themes = [
        {"theme": theme, "rows": [rows.indicator_row(release, series) for series in headlines]}
        for theme in release.themes
        if (headlines := release.headlines_of(theme))
    ]
    return {
        "facts": _facts(release),
        "headlines": _headlines(release),
        "drawn": drawn,
        "map": chart,
        "charts": [chart] if chart else [],
        "themes": themes,
        "gap_dimension_name": rows.gap_dimension(release).name.lower(),
    }


def _facts(release: Release) -> list[tuple[str, str]]:
    countries = release.countries.values()
    reporting = sum(country.reported_count > 0 for country in countries)
    expected = sum(country.expected_count for country in countries)
    received = sum(country.reported_count for country in countries)
    pilots = {theme.theme_code for theme in release.themes if theme.theme_kind == "pilot"}
    return [
        (f"{reporting} of {len(release.countries)}", "countries reported"),
        (percent(received, expected), f"of {words.number(expected)} expected headline figures received"),
        (str(len(release.series)), f"indicators, from {len(pilots)} pilots, transversal activities and their context"),
        (words.number(release.facts["observation_count"]), "observations in this release"),
    ]


def percent(received: int, expected: int) -> str:
    """Return a share in whole percent; 100 only if all are there, 0 only if none is."""
    if not expected:
        return words.NOTHING
    share = round(100 * received / expected)
    if received not in (0, expected):
        share = min(99, max(1, share))
    return f"{share} %"


def own_series(release: Release) -> list[Series]:
    """Return the headline series of pilots and transversal activities; the context is other people's work."""
    themes = [theme for theme in release.themes if theme.theme_kind != "context"]
    return [series for theme in themes for series in release.headlines_of(theme)]


def _headlines(release: Release) -> list[str]:
    """Return what the figures of pilots and transversal activities say together; a claim only beyond chance."""
    own = own_series(release)
    said = [_stand(release, own), _left_behind(release, own), _closing(release, own), _changed(own)]
    return [sentence for sentence in said if sentence]


def _stand(release: Release, own: list[Series]) -> str:
    counts = Counter(parts.standing_of(series, code) for series in own for code in release.countries)
    judged = counts["better"] + counts["worse"] + counts["similar"]
    if not judged:
        return ""
    return (
        f"Countries differ. Of {words.number(judged)} figures that can be compared with the EU value, "
        f"{words.number(counts['worse'])} are worse and {words.number(counts['better'])} better beyond chance; for "
        f"{words.number(counts['similar'])} there is no clear difference."
    )


def _left_behind(release: Release, own: list[Series]) -> str:
    dimension = rows.gap_dimension(release)
    gaps = [
        gap
        for series in own
        if series.indicator.is_higher_better is not None
        for gap in sentences.shown_gaps(release, series, dimension).values()
    ]
    worse, better, unclear = sentences.judged_gaps(gaps)
    judged = worse + better + unclear
    if not judged:
        return ""
    return (
        f"By {dimension.name.lower()}, those with less stand clearly worse in {words.number(worse)} of "
        f"{words.number(judged)} gaps between the two ends, clearly better in {words.number(better)}; in "
        f"{words.number(unclear)} there is no clear difference."
    )


def _closing(release: Release, own: list[Series]) -> str:
    dimension = rows.gap_dimension(release)
    counts = Counter(
        trend.direction for series in own for (code, _), trend in series.trends.items() if code == dimension.code
    )
    judged = counts["improving"] + counts["worsening"] + counts["no_clear_change"]
    if not judged:
        return ""
    return (
        f"Since the first period of their series, {words.number(counts['improving'])} of {words.number(judged)} of "
        f"these gaps narrowed and {words.number(counts['worsening'])} widened beyond chance; "
        f"{words.number(counts['no_clear_change'])} show no clear change."
    )


def _changed(own: list[Series]) -> str:
    counts = Counter(trend.direction for series in own for (code, _), trend in series.trends.items() if code == "TOTAL")
    judged = counts["improving"] + counts["worsening"] + counts["no_clear_change"]
    if not judged:
        return ""
    return (
        f"Of {words.number(judged)} headline figures whose change can be judged, {words.number(counts['improving'])} "
        f"improved, {words.number(counts['worsening'])} worsened, and {words.number(counts['no_clear_change'])} show "
        "no clear change."
    )


def _drawn(release: Release) -> Series | None:
    """Return the series that the map shows: of those that most countries report, the one in which they differ most."""
    able = [
        series
        for series in own_series(release)
        if series.indicator.unit == "percent"
        and series.summary.published_count >= ENOUGH_REPORTING * len(release.countries)
        and series.indicator.is_higher_better is not None
    ]
    return max(able, key=lambda series: (series.summary.highest or 0) - (series.summary.lowest or 0), default=None)
