"""Where do countries stand? The ranking, the map and the tiles."""

from typing import Any

from markupsafe import Markup

from dashboards import charts, sentences, words
from dashboards.charts import Chart, Point
from dashboards.figures import Estimate, Release, Series
from dashboards.pages import parts
from dashboards.pages.series.common import (
    MAP_NOTE,
    classes,
    heading,
    latest_figure,
    named,
    points,
    row_link,
    subject,
    unit_head,
)
from dashboards.pages.sources import Sources

BASIS_WORDS = {"published_value": "as published", "reported_value": "as sent"}  # where there are no counts to show


def ranking(release: Release, series: Series, sources: Sources) -> Chart:
    """Return the ranked dots; of an indicator that says yes or no the tiles, which have the same table."""
    drawn = points(release, series)
    reference = parts.reference_of(series)
    if series.indicator.is_binary:
        drawing = charts.tile_grid(drawn, classes(series, drawn), name="ranking", heading=heading(series))
    else:
        words_of_it = f"{reference[1]} {parts.with_unit(series, reference[0])}" if reference else ""
        drawing = charts.ranked_dots(drawn, reference=reference[0] if reference else None, reference_words=words_of_it)
    return Chart(
        **named(series, "ranking"),
        title=sentences.standing(release, series),
        description=f"{subject(series)}. {sentences.reporting(release, series)} {sentences.spread(release, series)}.",
        drawing=drawing,
        head=["Country", unit_head(series), "95 % interval", "Against the EU value", "Rank may be", "From", "Source"],
        rows=[_ranking_row(release, series, point, sources) for point in drawn],
        records=[record(release, series, point.code) for point in drawn],
        notes=_ranking_notes(series),
    )


def _ranking_notes(series: Series) -> list[str]:
    if series.indicator.is_binary:
        return []
    notes = ["The best comes first."]
    if series.indicator.is_higher_better is None:
        notes = ["The highest comes first; no direction is agreed, so nothing is called better or worse."]
    has_intervals = any(row.lower_ci is not None for by in series.totals.values() for row in by.values())
    if not has_intervals:
        notes.append("These figures have no intervals, so no word can be given.")
    elif parts.eu_value_of(series) is not None and series.indicator.is_higher_better is not None:
        notes.append(
            "Bars: 95 % intervals. Better or worse: the interval of the difference from the EU value lies wholly on "
            "one side. Similar is not equal: the figures may be few."
        )
    return notes


def _ranking_row(release: Release, series: Series, point: Point, sources: Sources) -> list[Any]:
    estimate = series.estimate(point.code)
    figure = parts.figure_of(series, estimate)
    comparison = series.comparisons.get(point.code)
    is_ranked = comparison and comparison.rank is not None and comparison.rank_lower is not None
    ranks = f"{comparison.rank_lower} to {comparison.rank_upper}" if is_ranked and comparison else ""
    return [
        row_link(release, series, point.code),
        figure,
        figure.interval,
        Markup('<span class="{0}">{0}</span>').format(point.standing) if point.standing else "",
        ranks,
        _counts(estimate) if point.value is not None else "",
        sources.letter(estimate.reference) if estimate and figure.is_number else "",
    ]


def record(release: Release, series: Series, country_code: str) -> dict[str, Any]:
    """Return the latest figure of a country as data: with every digit, and nothing that is hidden."""
    estimate, comparison = series.estimate(country_code), series.comparisons.get(country_code)
    value = parts.shown_value(estimate)
    shown = estimate if value is not None else None
    return {
        "country_code": country_code,
        "country_name": release.countries[country_code].country_name,
        "indicator_code": series.indicator.indicator_code,
        "site_code": series.site_code,
        "period": series.latest,
        "value": value,
        "lower_ci": shown and shown.lower_ci,
        "upper_ci": shown and shown.upper_ci,
        "denominator": shown and shown.denominator,
        "publication_status": estimate.publication_status if estimate else "not_expected",
        "obs_status": estimate and estimate.obs_status,
        "eu_position": comparison.eu_position if comparison and shown else "not_assessed",
        "is_synthetic": bool(estimate and estimate.is_synthetic),
        "reference": shown and shown.reference,
    }


def _counts(estimate: Estimate | None) -> str:
    """Return from how many cases an estimate comes, in words."""
    if estimate is None or estimate.denominator is None:
        return BASIS_WORDS.get((estimate and estimate.estimate_basis) or "", "")
    if estimate.p25 is not None and estimate.p75 is not None:
        half = f"half between {words.number(estimate.p25)} and {words.number(estimate.p75)}"
        return f"{words.number(estimate.denominator)} cases, {half}"
    if estimate.numerator is None:
        return f"{words.number(estimate.denominator)} cases"
    return f"{words.number(estimate.numerator)} of {words.number(estimate.denominator)}"


def country_map(release: Release, series: Series, *, root: str, table_of: str = "ranking") -> Chart:
    """Return the map; `root` leads to the site's folder of this language."""
    drawn = points(release, series)
    eu = parts.eu_value_of(series)
    drawing = charts.choropleth(
        drawn,
        classes(series, drawn),
        name="map",
        heading=heading(series),
        reference_words=f"EU value {parts.with_unit(series, eu.value)}" if eu and eu.value is not None else "",
    )
    return Chart(
        **named(series, "map"),
        title=sentences.spread(release, series),
        description=f"{subject(series)}. {sentences.reporting(release, series)}",
        drawing=drawing,
        head=["Country", unit_head(series)],
        rows=[[parts.country_link(release, point.code, root), latest_figure(series, point.code)] for point in drawn],
        records=[record(release, series, point.code) for point in drawn],
        notes=[MAP_NOTE],
        table_of=table_of,
    )


def tiles(release: Release, series: Series) -> Chart:
    """Return the tile grid, with the table of the ranking."""
    drawn = points(release, series)
    return Chart(
        **named(series, "tiles"),
        title=sentences.spread(release, series),
        description=f"{subject(series)}. {sentences.reporting(release, series)}",
        drawing=charts.tile_grid(drawn, classes(series, drawn), name="tiles", heading=heading(series)),
        head=["Country", unit_head(series)],
        rows=[[parts.country_link(release, point.code, "../"), latest_figure(series, point.code)] for point in drawn],
        records=[record(release, series, point.code) for point in drawn],
        notes=["Every country has the same size: a tile grid orients, it shows no areas."],
        table_of="ranking",
    )
