"""One page per indicator and site: where countries stand, who is left behind, whether the gap closes, what it means."""

from collections.abc import Iterable, Sequence
from typing import Any

from dashboards import charts, words
from dashboards.figures import Country, Dimension, Estimate, Gap, Release, Series
from dashboards.pages import parts
from dashboards.pages.sources import Sources

BASIS_WORDS = {"published_value": "as published", "reported_value": "as sent"}  # where there are no counts to show
MOST_GROUPS = 6  # a dimension with more groups (regions) is drawn as dots, without a column for each group


def context(release: Release, series: Series) -> dict[str, Any]:
    """Return what the page of one series shows."""
    sources = Sources()
    return {
        "series": series,
        "indicator": series.indicator,
        "theme": next(theme for theme in release.themes if theme.theme_code == series.indicator.theme_code),
        "siblings": release.series[series.indicator.indicator_code],
        "neighbours": _neighbours(release, series),
        "unit": words.unit(series.indicator.unit),
        "gap_unit": words.gap_unit(series.indicator.unit),
        "direction": words.direction(series.indicator.direction),
        "synthetic": parts.synthetic_word(series.summary),
        "synthetic_word": parts.synthetic_word(series.summary),
        "key_sentence": _key_sentence(release, series),
        "ranking": _ranking(release, series, sources),
        "equity": [_equity(release, series, dimension) for dimension in _reported_dimensions(release, series)],
        "gap_trend": _gap_trend(release, series),
        "trend": _trend(release, series),
        "sources": sources.listed(),
    }


def _neighbours(release: Release, series: Series) -> tuple[Series | None, Series | None]:
    """Return the headline series before and after this indicator."""
    headlines = [each for theme in release.themes for each in release.series_of(theme) if each.is_headline]
    codes = [each.indicator.indicator_code for each in headlines]
    place = codes.index(series.indicator.indicator_code)
    before = headlines[place - 1] if place else None
    after = headlines[place + 1] if place + 1 < len(headlines) else None
    return before, after


def _key_sentence(release: Release, series: Series) -> str:
    summary = series.summary
    reported = f"{summary.reporting_count} of {len(release.countries)} countries reported {series.latest}."
    if not summary.published_count:
        return reported
    if series.indicator.is_binary:
        return f"{reported} {summary.yes_count} of {summary.published_count} say yes."
    assert summary.lowest is not None and summary.highest is not None
    lowest, highest = parts.with_unit(series, summary.lowest), parts.with_unit(series, summary.highest)
    low_name = parts.country_name(release, summary.lowest_country_code)
    high_name = parts.country_name(release, summary.highest_country_code)
    middle = parts.middle_of(series)
    stands = "" if middle is None else f" The middle country stands at {parts.with_unit(series, middle)}."
    return f"{reported}{stands} From {lowest} ({low_name}) to {highest} ({high_name})."


# Where do countries stand?


def _ranking(release: Release, series: Series, sources: Sources) -> dict[str, Any]:
    estimates = {code: series.estimate(code) for code in release.countries}
    highest = max((_upper_end(estimate) for estimate in estimates.values()), default=0.0)
    scale = None if series.indicator.is_binary else charts.scale_to(highest)
    order = sorted(release.countries, key=lambda code: _rank_key(release, series, code))
    return {
        "axis": charts.axis(scale) if scale else "",
        "grid": charts.grid(scale, "grid-rank") if scale else "",
        "rows": [_rank_row(release, series, code, scale, sources) for code in order],
        "has_intervals": any(estimate and estimate.lower_ci is not None for estimate in estimates.values()),
        "middle": parts.middle_of(series),
    }


def _upper_end(estimate: Estimate | None) -> float:
    value = parts.shown_value(estimate)
    if value is None or estimate is None:
        return 0.0
    return max(value, estimate.upper_ci or 0.0)


def _rank_key(release: Release, series: Series, country_code: str) -> tuple[int, float, str]:
    """Order: the best first (the highest where no direction is agreed), then those without a number."""
    estimate = series.estimate(country_code)
    name = release.countries[country_code].country_name
    value = parts.shown_value(estimate)
    if value is None:
        without = ["suppressed", "not_applicable", "not_reported"]
        status = estimate.publication_status if estimate else ""
        return (1 + without.index(status) if status in without else len(without) + 1, 0.0, name)
    return (0, value if series.indicator.is_higher_better is False else -value, name)


def _rank_row(
    release: Release, series: Series, country_code: str, scale: charts.Scale | None, sources: Sources
) -> dict[str, Any]:
    estimate = series.estimate(country_code)
    figure = parts.figure_of(series, estimate)
    standing = parts.standing_of(series, estimate)
    value = parts.shown_value(estimate)
    chart = ""
    if estimate is not None and value is not None and scale is not None:
        interval = f", 95 % interval {figure.interval}" if figure.interval else ""
        chart = charts.rank_row(
            scale,
            grid_name="grid-rank",
            value=value,
            limits=(estimate.lower_ci, estimate.upper_ci),
            middle=parts.middle_of(series),
            standing=standing,
            is_low_reliability=figure.is_low_reliability,
            title=f"{release.countries[country_code].country_name}: {figure.text}{interval}",
        )
    return {
        "country": release.countries[country_code],
        "chart": chart,
        "figure": figure,
        "standing": standing,
        "counts": _counts(estimate) if value is not None else "",
        "mark": parts.mark_of(estimate),
        "source": sources.letter(estimate.reference) if estimate and figure.is_number else "",
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


# Who is left behind?


def _reported_dimensions(release: Release, series: Series) -> list[Dimension]:
    return [dimension for code, dimension in release.dimensions.items() if series.groups.get(code)]


def _equity(release: Release, series: Series, dimension: Dimension) -> dict[str, Any]:
    by_country = series.groups[dimension.code]
    present = {row.group_code for rows in by_country.values() for row in rows}
    groups = [code for code in dimension.groups if code in present]
    values = [parts.shown_value(row) for rows in by_country.values() for row in rows]
    scale = charts.scale_to(max((value for value in values if value is not None), default=0.0))
    marks = charts.group_marks(len(groups))
    is_many = len(groups) > MOST_GROUPS
    rows = [
        _equity_row(release, series, dimension, code, groups=groups, marks=marks, scale=scale, is_many=is_many)
        for code in release.countries
        if code in by_country
    ]
    absent = [country for code, country in release.countries.items() if code not in by_country]
    return {
        "dimension": dimension,
        "is_many": is_many,
        "groups": [
            {"label": dimension.groups[code], "mark": charts.legend_mark(*mark)}
            for code, mark in zip(groups, marks, strict=True)
        ],
        "axis": charts.axis(scale),
        "grid": charts.grid(scale, f"grid-{dimension.code}"),
        "rows": sorted(rows, key=lambda row: row["order"]),
        "missing": _names(each for each in absent if each.country_code not in dimension.undivided),
        "undivided": _names(each for each in absent if each.country_code in dimension.undivided),
        "synthetic": parts.synthetic_word(series.summary),
    }


def _names(countries: Iterable[Country]) -> str:
    return ", ".join(country.country_name for country in countries)


def _equity_row(
    release: Release,
    series: Series,
    dimension: Dimension,
    country_code: str,
    *,
    groups: Sequence[str],
    marks: Sequence[tuple[str, str]],
    scale: charts.Scale,
    is_many: bool,
) -> dict[str, Any]:
    by_group = {row.group_code: row for row in series.groups[dimension.code][country_code]}
    drawn = [
        charts.Mark(value, *mark, is_hollow=by_group[code].publication_status == "low_reliability")
        for code, mark in zip(groups, marks, strict=True)
        if (value := parts.shown_value(by_group.get(code))) is not None
    ]
    country = release.countries[country_code]
    gap, ratio = (series.gap(dimension.code, country_code, measure) for measure in ("d", "r"))
    size = parts.shown_gap(gap)
    estimate = series.estimate(country_code)
    return {
        "country": country,
        "mark": parts.mark_of(estimate),
        "chart": charts.equity_row(scale, drawn, grid_name=f"grid-{dimension.code}") if drawn else "",
        "gap": parts.gap_figure_of(series, gap),
        "ratio": parts.gap_figure_of(series, ratio),
        "between": _between(dimension, gap),
        "figures": [] if is_many else [parts.figure_of(series, by_group.get(code)) for code in groups],
        "order": (size is None, -(size or 0.0), country.country_name),
    }


def _between(dimension: Dimension, gap: Gap | None) -> str:
    """Return which two groups a gap compares, where that differs from country to country."""
    if gap is None or parts.shown_gap(gap) is None:
        return ""
    names = [dimension.groups.get(code or "", code or "") for code in (gap.reference_group, gap.compared_group)]
    return f"{names[0]} and {names[1]}"


# Is the gap closing? How did it change?


def _gap_trend(release: Release, series: Series) -> dict[str, Any] | None:
    """Return the gaps over time by the first dimension, ordered ones first, in which any country has one."""
    for dimension in _reported_dimensions(release, series):
        rows = {code: _gaps_over_time(series, dimension, code) for code in release.countries}
        shown = {code: gaps for code, gaps in rows.items() if any(parts.shown_gap(gap) is not None for gap in gaps)}
        if shown:
            values = [value for gaps in shown.values() for gap in gaps if (value := parts.shown_gap(gap)) is not None]
            return {
                "dimension": dimension,
                "rows": [_gap_trend_row(release, series, code, gaps, values) for code, gaps in shown.items()],
            }
    return None


def _gaps_over_time(series: Series, dimension: Dimension, country_code: str) -> list[Gap | None]:
    return [series.gap(dimension.code, country_code, "d", period) for period in series.periods]


def _gap_trend_row(
    release: Release, series: Series, country_code: str, gaps: list[Gap | None], all_values: list[float]
) -> dict[str, Any]:
    estimate = series.estimate(country_code)
    values = [parts.shown_gap(gap) for gap in gaps]
    return {
        "country": release.countries[country_code],
        "mark": parts.mark_of(estimate),
        "figures": [parts.gap_figure_of(series, gap) for gap in gaps],
        "spark": charts.spark(values, lowest=min(all_values), highest=max(all_values)),
    }


def _trend(release: Release, series: Series) -> list[dict[str, Any]]:
    by_country = {code: [series.estimate(code, period) for period in series.all_periods] for code in release.countries}
    highest = max((_upper_value(estimates) for estimates in by_country.values()), default=0.0)
    return [
        {
            "country": release.countries[code],
            "mark": parts.mark_of(*estimates),
            "figures": [parts.figure_of(series, series.estimate(code, period)) for period in series.periods],
            "spark": ""
            if series.indicator.is_binary
            else charts.spark(
                [parts.shown_value(estimate) for estimate in estimates],
                lowest=0.0,
                highest=highest,
                breaks=[parts.has_broken(estimate) for estimate in estimates],
            ),
        }
        for code, estimates in by_country.items()
    ]


def _upper_value(estimates: Sequence[Estimate | None]) -> float:
    return max((parts.shown_value(estimate) or 0.0 for estimate in estimates), default=0.0)
