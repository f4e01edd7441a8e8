"""Where do countries stand? The ranking, the map and the tiles."""

from typing import Any

from markupsafe import Markup

from dashboards import charts, sentences, words
from dashboards.charts import Chart, Point
from dashboards.figures import Release, Series
from dashboards.marts import Comparison, Estimate
from dashboards.pages import parts
from dashboards.pages.series.common import (
    MAP_NOTE,
    ROOT,
    classes,
    estimate_cell,
    heading,
    named,
    points,
    rank,
    subject,
    unit_head,
)
from dashboards.pages.sources import Sources
from dashboards.speech import say, say_count
from ingestion.languages import phrase

BASIS_WORDS = {
    "published_value": phrase("as published"),
    "reported_value": phrase("as sent"),
}  # where there are no counts to show


def ranking(release: Release, series: Series, sources: Sources) -> Chart:
    """Return the ranked dots; of an indicator that says yes or no the tiles, which have the same table."""
    drawn = points(release, series)
    ranks = [rank(series, point) for point in drawn]
    has_funnel = any(row.funnel_lower_95 is not None for row in series.comparisons.values())
    reference = parts.reference_of(series)
    if series.indicator.is_binary:
        drawing = charts.tile_grid(drawn, classes(series, drawn), name="ranking", heading=heading(series))
    else:
        value = reference[0] if reference else None
        said = parts.reference_words(series)
        drawing = charts.ranked_dots(drawn, reference=value, reference_words=said, ranks=ranks)
    return Chart(
        **named(series, "ranking"),
        title=sentences.standing(release, series),
        description=f"{subject(series)}. {sentences.reporting(release, series)} {sentences.spread(release, series)}.",
        drawing=drawing,
        head=[
            say("Country"),
            say("{figure} (95 % interval)", figure=unit_head(series)),
            say("Against the EU value"),
            say("Rank may be"),
            say("From (source)"),
            *([say("Place")] if has_funnel else []),
        ],
        rows=[_ranking_row(release, series, point, sources, has_funnel=has_funnel) for point in drawn],
        records=lambda: [record(release, series, point.code) for point in drawn],
        notes=_ranking_notes(series),
        ranks=ranks,
    )


def _ranking_notes(series: Series) -> list[str]:
    if series.indicator.is_binary:
        return []
    notes = [say("The best comes first.")]
    if series.indicator.is_higher_better is None:
        notes = [say("The highest comes first; no direction is agreed, so nothing is called better or worse.")]
    has_intervals = any(row.lower_ci is not None for by in series.totals.values() for row in by.values())
    if not has_intervals:
        notes.append(say("These figures have no intervals, so no word can be given."))
    elif parts.eu_value_of(series) is not None and series.indicator.is_higher_better is not None:
        notes.append(
            say(
                "Bars: 95 % intervals. Better or worse: the interval of the difference from the EU value lies wholly "
                "on one side. Similar is not equal: the figures may be few."
            )
        )
    return [" ".join(notes)]


def _ranking_row(release: Release, series: Series, point: Point, sources: Sources, *, has_funnel: bool) -> list[Any]:
    estimate = series.estimate(point.code)
    figure = estimate_cell(series, estimate)
    comparison = series.comparisons.get(point.code)
    return [
        Markup("{}{}").format(parts.country_link(release, point.code, ROOT), parts.mark_of(estimate)),
        figure.with_interval,
        point.standing_words,
        words.together(parts.rank_words(comparison)),
        _from(estimate, sources) if estimate and figure.is_number else "",
        *([_funnel_place(comparison) if point.value is not None else ""] if has_funnel else []),
    ]


def _from(estimate: Estimate, sources: Sources) -> str:
    """Return how many cases an estimate comes from, and the letter of its source."""
    letter = sources.letter(estimate.reference)
    return " ".join(filter(None, (_counts(estimate), f"({letter})" if letter else "")))


def _funnel_place(comparison: Comparison | None) -> str:
    return say(words.FUNNEL_WORDS[comparison.funnel_position]) if comparison else ""


def record(release: Release, series: Series, country_code: str) -> dict[str, Any]:
    """Return the latest figure of a country as data: with every digit, and nothing that is hidden."""
    estimate, comparison = series.estimate(country_code), series.comparisons.get(country_code)
    value, eu = parts.shown_value(estimate), parts.eu_value_of(series)
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
        "eu_value": eu and eu.value,
        "eu_position": comparison.eu_position if comparison and shown else "not_assessed",
        "is_synthetic": bool(estimate and estimate.is_synthetic),
        "reference": shown and shown.reference,
    }


def _counts(estimate: Estimate) -> str:
    """Return from how many cases an estimate comes, in words."""
    if estimate.denominator is None:
        return say(BASIS_WORDS.get(estimate.estimate_basis or "", ""))
    count = round(estimate.denominator)
    if estimate.p25 is not None and estimate.p75 is not None:
        return say_count(
            "{count} case, half between {low} and {high}",
            "{count} cases, half between {low} and {high}",
            count,
            low=words.number(estimate.p25),
            high=words.number(estimate.p75),
        )
    if estimate.numerator is None:
        return say_count("{count} case", "{count} cases", count)
    return words.part_of(estimate.numerator, estimate.denominator)


def country_map(release: Release, series: Series, *, table_of: str = "ranking") -> Chart:
    """Return the map; without `table_of` it has a table of its own, for a page beside the folders of pages."""
    root = ROOT if table_of else ""
    drawn = points(release, series, root)
    drawing = charts.choropleth(
        drawn,
        classes(series, drawn),
        name="map",
        heading=heading(series),
        reference_words=parts.reference_words(series) if parts.eu_value_of(series) else "",
    )
    return Chart(
        **named(series, "map"),
        title=sentences.spread(release, series),
        description=f"{subject(series)}. {sentences.reporting(release, series)}",
        drawing=drawing,
        head=[] if table_of else [say("Country"), unit_head(series)],
        rows=[] if table_of else [_map_row(release, series, point.code, root) for point in drawn],
        records=lambda: [record(release, series, point.code) for point in drawn],
        notes=[say(MAP_NOTE)],
        table_of=table_of,
        ranks=[rank(series, point) for point in drawn],
    )


def _map_row(release: Release, series: Series, country_code: str, root: str) -> list[Any]:
    return [parts.country_link(release, country_code, root), estimate_cell(series, series.estimate(country_code), root)]


def tiles(release: Release, series: Series) -> Chart:
    """Return the tile grid, with the table of the ranking."""
    drawn = points(release, series)
    return Chart(
        **named(series, "tiles"),
        title=sentences.spread(release, series),
        description=f"{subject(series)}. {sentences.reporting(release, series)}",
        drawing=charts.tile_grid(drawn, classes(series, drawn), name="tiles", heading=heading(series)),
        head=[],
        rows=[],
        records=lambda: [record(release, series, point.code) for point in drawn],
        notes=[say("Every country has the same size: a tile grid orients, it shows no areas.")],
        table_of="ranking",
    )
