"""What all charts of one series have in common: names of files, titles, the order of countries."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from dashboards import charts, words
from dashboards.charts import Classes, Point
from dashboards.figures import Dimension, Release, Series
from dashboards.marts import Estimate, Gap
from dashboards.pages import parts
from dashboards.speech import say
from dashboards.words import Figure
from ingestion.languages import phrase

ROOT = "../"  # from the pages of indicators and countries to the site's folder of their language
MAP_NOTE = phrase(
    "Shapes: Natural Earth, made simpler. The designations and the presentation do not imply any opinion on the legal "
    "status of a territory or on its frontiers. Islands far from Europe belong to their countries and are not drawn."
)


def named(series: Series, chart: str) -> dict[str, Any]:
    """Return what all charts of a series have in common: the address of their files, the mark of synthetic."""
    return {
        "name": chart,
        "address": f"{series.page_name}-{chart}",
        "is_synthetic": series.summary.has_synthetic,
    }


def subject(series: Series) -> str:
    """Return what a chart is about: the indicator, its site, the period."""
    return f"{series.name}, {series.latest}"


def points(release: Release, series: Series, root: str = ROOT) -> list[Point]:
    """Return the countries in order: the best first (the highest where no direction is agreed), no number last."""
    found = [parts.point_of(release, series, code, root) for code in release.countries]
    return sorted(found, key=lambda point: rank(series, point))


def rank(series: Series, point: Point) -> tuple[int, float]:
    """Return what points stand in the order of; those of the same rank stand in the order of their names."""
    if point.value is None:
        without = ["suppressed", "not_applicable", "not_reported", "not_expected"]
        return (1 + without.index(point.status) if point.status in without else len(without), 0.0)
    return (0, point.value if series.indicator.is_higher_better is False else -point.value)


def heading(series: Series) -> str:
    """Return what a legend begins with: the unit, and which way is better."""
    said = say(words.RAMP_WORDS[series.indicator.is_higher_better])
    if series.indicator.is_binary:
        said = words.direction(series.indicator.direction, is_binary=True)
    return f"{_unit_name(series)}\n{said}"


def classes(series: Series, drawn: Sequence[Point]) -> Classes | None:
    """Return the classes of a map; None where there is no value at all."""
    values = [point.value for point in drawn if point.value is not None]
    is_higher_better = series.indicator.is_higher_better
    if not values:
        return None
    if series.indicator.is_binary:
        return charts.yes_or_no(say("yes"), say("no"), is_higher_better=is_higher_better)
    return charts.classes_of(values, decimals=series.decimals, is_higher_better=is_higher_better)


def unit_head(series: Series) -> str:
    """Return the head of the column of values."""
    return say("Answer") if series.indicator.is_binary else _unit_name(series)


def _unit_name(series: Series) -> str:
    return say("Percent") if series.indicator.unit == "percent" else words.capital(words.unit(series.indicator.unit))


def row_head(release: Release, series: Series, country_code: str) -> str | Markup:
    """Return the name of a country as rows begin, with the mark of what is synthetic on a page where not all is."""
    name = parts.country_name(release, country_code)
    is_mixed = series.summary.has_synthetic and series.summary.has_real
    return Markup("{}{}").format(name, parts.mark_of(series.estimate(country_code))) if is_mixed else name


def gap_head(unit: str) -> str:
    """Return the head of the column of gaps between values in this unit."""
    return say("{figure} (95 % interval)", figure=say("Gap, {unit}", unit=words.gap_unit(unit)))


def gap_cell(series: Series, gap: Gap | None) -> Figure:
    """Return a gap as the cell of a table, which leads to where it comes from."""
    return parts.gap_figure_of(series, gap)._replace(lineage=parts.gap_lineage(series, gap, ROOT))


def estimate_cell(series: Series, estimate: Estimate | None, root: str = ROOT) -> Figure:
    """Return an estimate as the cell of a table, which leads to where it comes from."""
    return parts.figure_of(series, estimate)._replace(lineage=parts.estimate_lineage(series, estimate, root))


def absent(release: Release, series: Series, dimension: Dimension, country_code: str) -> Figure:
    """Return what is said of a country that sent no groups: not applicable with one region, else not reported."""
    estimate = series.estimate(country_code)
    if country_code in dimension.undivided or (estimate and estimate.publication_status == "not_applicable"):
        return words.not_applicable()
    return words.not_reported()
