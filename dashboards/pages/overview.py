"""The overview: what the figures say in a few sentences, one map, every indicator in one row."""

from collections import Counter
from typing import Any

from dashboards import sentences, words
from dashboards.figures import Release, Series
from dashboards.pages import parts, rows
from dashboards.pages.series import standing
from dashboards.speech import say, say_count

ENOUGH_REPORTING = 0.8  # of the countries, for the indicator that the overview draws


def context(release: Release) -> dict[str, Any]:
    """Return what the overview shows."""
    drawn = _drawn(release)
    chart = standing.country_map(release, drawn, table_of="") if drawn else None
    themes = [
        {"theme": theme, "rows": [rows.indicator_row(release, series) for series in headlines]}
        for theme in release.themes
        if (headlines := release.headlines_of(theme))
    ]
    return {
        "facts": _facts(release),
        "headlines": _headlines(release),
        "drawn": drawn,
        "drawn_link": parts.series_link(drawn, "") if drawn else "",
        "map": chart,
        "charts": [chart] if chart else [],
        "themes": themes,
        "gap_dimension_name": rows.gap_dimension(release).in_sentence,
    }


def _facts(release: Release) -> list[tuple[str, str]]:
    countries = release.countries.values()
    reporting = sum(country.reported_count > 0 for country in countries)
    expected = sum(country.expected_count for country in countries)
    received = sum(country.reported_count for country in countries)
    pilots = {theme.theme_code for theme in release.themes if theme.theme_kind == "pilot"}
    return [
        (words.part_of(reporting, len(release.countries)), say("countries reported")),
        (
            words.share_of(received, expected),
            say_count(
                "of {count} expected headline figure received, all periods of the round",
                "of {count} expected headline figures received, all periods of the round",
                expected,
            ),
        ),
        (
            words.number(len(release.series)),
            say_count(
                "indicators, from {count} pilot, transversal activities and their context",
                "indicators, from {count} pilots, transversal activities and their context",
                len(pilots),
            ),
        ),
        (words.number(release.facts["observation_count"]), say("observations in this release")),
    ]


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
    return say(
        "Of {judged} figures that can be compared with the EU value, {worse} are worse and {better} better beyond "
        "chance; of {similar} no difference can be told.",
        judged=judged,
        worse=counts["worse"],
        better=counts["better"],
        similar=counts["similar"],
    )


def _left_behind(release: Release, own: list[Series]) -> str:
    dimension = rows.gap_dimension(release)
    gaps = [
        gap
        for series in own
        if series.indicator.is_higher_better is not None
        for gap in sentences.shown_gaps(release, series, dimension).values()
    ]
    counts = sentences.judged_gaps(gaps)
    if not counts.judged:
        return ""
    said = say(
        "{dimension}: those with less stand clearly worse in {worse} of {judged} gaps between the two ends, clearly "
        "better in {better}",
        dimension=dimension.name,
        worse=counts.worse,
        judged=counts.judged,
        better=counts.better,
    )
    return f"{sentences.with_unclear(said, counts.unclear)}."


def _closing(release: Release, own: list[Series]) -> str:
    dimension = rows.gap_dimension(release)
    counts = sentences.judged_changes(
        trend for series in own for (code, _), trend in series.trends.items() if code == dimension.code
    )
    if not counts.judged:
        return ""
    said = say(
        "Since the first period of their series, {improved} of {judged} of these gaps narrowed and {worsened} widened "
        "beyond chance",
        improved=counts.improved,
        judged=counts.judged,
        worsened=counts.worsened,
    )
    return f"{sentences.with_unchanged(said, counts.unclear)}."


def _changed(own: list[Series]) -> str:
    counts = sentences.judged_changes(
        trend for series in own for (code, _), trend in series.trends.items() if code == "TOTAL"
    )
    if not counts.judged:
        return ""
    said = say(
        "Of {judged} headline figures whose change can be judged, {improved} improved and {worsened} worsened",
        judged=counts.judged,
        improved=counts.improved,
        worsened=counts.worsened,
    )
    return f"{sentences.with_unchanged(said, counts.unclear)}."


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
