"""The row that stands for an indicator in lists: level, spread, gap, trend, who reported."""

import statistics
from collections.abc import Sequence
from typing import Any

from dashboards import sentences, words
from dashboards.figures import Dimension, Release, Series
from dashboards.pages import parts
from dashboards.speech import say
from dashboards.words import Figure


def indicator_row(release: Release, series: Series) -> dict[str, Any]:
    """Return one row of a table of indicators."""
    dimension = gap_dimension(release)
    return {
        "series": series,
        "unit_line": parts.unit_line(series.indicator),
        "others": release.series[series.indicator.indicator_code][1:],
        "mark": parts.mark(parts.synthetic_word(series.summary)),
        "level": _level(series),
        "spread": _spread(release, series),
        "trend": _trend(release, series),
        "reporting": words.part_of(series.summary.reporting_count, len(release.countries)),
        **_gap(release, series, dimension),
    }


def gap_dimension(release: Release) -> Dimension:
    """Return the dimension that stands for inequality in lists: the first ordered one."""
    return next(iter(release.dimensions.values()))


def _level(series: Series) -> Figure:
    summary = series.summary
    if series.indicator.is_binary:
        said = say("yes in {yes} of {countries}", yes=summary.yes_count, countries=summary.published_count)
        return Figure(said, is_number=True)
    return parts.reference_figure(series)


def _spread(release: Release, series: Series) -> str:
    summary = series.summary
    if series.indicator.is_binary or summary.lowest is None or summary.highest is None:
        return ""
    low, high = (words.number(value, series.decimals) for value in (summary.lowest, summary.highest))
    names = [parts.country_name(release, code) for code in (summary.lowest_country_code, summary.highest_country_code)]
    return words.span(f"{low} {names[0]}", f"{high} {names[1]}")


def _gap(release: Release, series: Series, dimension: Dimension) -> dict[str, str]:
    gaps = sentences.shown_gaps(release, series, dimension)
    sizes = sorted((row.estimate or 0.0, code) for code, row in gaps.items())
    if not sizes:
        return {"gap": words.NOTHING, "widest": ""}
    size, code = sizes[-1]
    return {
        "gap": middle_gap(series, [size for size, _ in sizes]),
        "widest": f"{words.number(size, series.decimals)} {parts.country_name(release, code)}",
    }


def middle_gap(series: Series, sizes: Sequence[float]) -> str:
    """Return the gap that half of the countries exceed; nothing for too few."""
    if len(sizes) < parts.MINIMUM_FOR_MIDDLE:
        return words.NOTHING
    return words.number(statistics.median(sizes), series.decimals)


def _trend(release: Release, series: Series) -> str:
    counts = sentences.judged_changes(trend for (dimension, _), trend in series.trends.items() if dimension == "TOTAL")
    listed = " / ".join(map(str, (counts.improved, counts.unclear, counts.worsened)))
    return listed if counts.judged else say("not assessed")
