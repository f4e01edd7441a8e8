"""One page per indicator and site: where countries stand, who is left behind, is the gap closing, is it chance."""

from typing import Any

from dashboards import sentences, words
from dashboards.figures import Release, Series
from dashboards.pages import parts
from dashboards.pages.series import chance, change, equity, standing
from dashboards.pages.sources import Sources
from dashboards.speech import say


def context(release: Release, series: Series) -> dict[str, Any]:
    """Return what the page of one series shows."""
    sources = Sources()
    charts = _charts(release, series, sources)
    return {
        "series": series,
        "indicator": series.indicator,
        "theme": next(theme for theme in release.themes if theme.theme_code == series.indicator.theme_code),
        "siblings": release.series[series.indicator.indicator_code],
        "neighbours": _neighbours(release, series),
        "unit": words.unit(series.indicator.unit),
        "direction": words.direction(series.indicator.direction, is_binary=series.indicator.is_binary),
        "all_synthetic": parts.synthetic_word(series.summary) == parts.SYNTHETIC,
        "measure": "; ".join(
            (
                f"{series.indicator.measure_type_name}, {words.unit(series.indicator.unit)}",
                words.direction(series.indicator.direction, is_binary=series.indicator.is_binary),
                words.lower(series.indicator.periodicity_name),
            )
        ),
        "target": _target(series),
        "key_sentence": sentences.reporting(release, series),
        **charts,
        "charts": _charts_of(charts),
        "has_synthetic": series.summary.has_synthetic,
        "convergence": sentences.convergence(series),
        "sources": sources.listed(),
    }


def _charts(release: Release, series: Series, sources: Sources) -> dict[str, Any]:
    followed = change.followed_dimension(release, series)
    first = say("Tiles") if series.indicator.is_binary else say("Ranking")
    stand = [(first, standing.ranking(release, series, sources))]
    if not series.indicator.is_binary:
        stand.append((say("Tiles"), standing.tiles(release, series)))
    stand.insert(1, (say("Map"), standing.country_map(release, series)))
    if (regions := equity.region_map(release, series)) is not None:
        stand.append((say("Regions"), regions))
    return {
        "stand": stand,
        "equity": [
            (dimension.name, equity.equity(release, series, dimension))
            for dimension in equity.reported_dimensions(release, series)
        ],
        "followed": followed,
        "closing": change.gap_panels(release, series, followed) if followed else None,
        "slope": change.gap_slope(release, series, followed) if followed else None,
        "funnel": chance.funnel(release, series),
        "trend": None if series.indicator.is_binary else change.level_panels(release, series),
    }


def _target(series: Series) -> str:
    value, decimals = series.indicator.target_value, series.decimals
    if value is None:
        return say("none agreed")
    text = words.with_unit(value, max(decimals, words.decimals_for([value])), series.indicator.unit)
    return say("{value} by {year}", value=text, year=str(series.indicator.target_year))


def _charts_of(charts: dict[str, Any]) -> list[Any]:
    """Return all charts of a page, for their files."""
    tabs = [chart for _, chart in [*charts["stand"], *charts["equity"]]]
    single = [charts[name] for name in ("closing", "slope", "funnel", "trend")]
    return tabs + [chart for chart in single if chart is not None]


def _neighbours(release: Release, series: Series) -> tuple[Series | None, Series | None]:
    """Return the headline series before and after this indicator."""
    headlines = release.headlines
    codes = [each.indicator.indicator_code for each in headlines]
    place = codes.index(series.indicator.indicator_code)
    before = headlines[place - 1] if place else None
    after = headlines[place + 1] if place + 1 < len(headlines) else None
    return before, after
