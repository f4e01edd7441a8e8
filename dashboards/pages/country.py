"""One page per country: how it stands, who is left behind in it, which files its figures are from."""

from typing import Any

from dashboards import charts, words
from dashboards.figures import Correction, Country, Dimension, Release, Series, Submission, Theme
from dashboards.pages import parts
from dashboards.words import Figure

MOST_GAPS = 12  # rows of the chart of the largest gaps
MOST_IN_SHORT = 6
TOTAL_STRATUM = "TOTAL"
STANDINGS = ("better", "similar", "worse")


def context(release: Release, country: Country) -> dict[str, Any]:
    """Return what the page of one country shows."""
    code = country.country_code
    files = {each.submission_id: each for each in release.submissions if each.country_code == code}
    numbers = {submission_id: number for number, submission_id in enumerate(files, start=1)}
    themes = [_theme(release, theme, code, numbers) for theme in release.themes]
    rows = [row for theme in themes for row in theme["rows"]]
    return {
        "country": country,
        "facts": _facts(country, rows),
        "short": _in_short(release, rows, code),
        "themes": [theme for theme in themes if theme["rows"]],
        "equity": [chart for name in release.dimensions if (chart := _equity(release, release.dimensions[name], code))][
            :2
        ],
        "gaps": _gaps(release, code),
        "dimensions": list(release.dimensions.values()),
        "files": [_file(release, each, numbers[each.submission_id]) for each in files.values()],
        "corrections": _corrections(release, code, numbers),
    }


def _facts(country: Country, rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    hidden = sum(row["figure"].text == "s" for row in rows)
    standings = [row["standing"] for row in rows]
    compared = " · ".join(f"{standings.count(word)} {word}" for word in STANDINGS)
    received = f"{country.reported_count} of {country.expected_count}"
    return [
        (received, "expected headline figures received, all periods of the round"),
        (compared, "against the middle country, among figures with an interval and an agreed direction"),
        (str(hidden), "headline figures hidden to protect people"),
    ]


# In short


def _in_short(release: Release, rows: list[dict[str, Any]], country_code: str) -> dict[str, Any]:
    """Return what stands out: furthest above and below the middle country, widest gap of the first dimension."""
    dimension = next(iter(release.dimensions.values()))
    gaps = _largest_gaps(release, dimension, country_code)
    return {
        "dimension_name": dimension.name.lower(),
        "better": _furthest(rows, "better"),
        "worse": _furthest(rows, "worse"),
        "gaps": [
            {
                "series": series,
                "gap": parts.gap_figure_of(series, series.gap(dimension.code, country_code, "d")),
                "mark": parts.mark_of(series.estimate(country_code)),
            }
            for _, series in gaps[:MOST_IN_SHORT]
        ],
        "gap_count": len(gaps),
    }


def _furthest(rows: list[dict[str, Any]], standing: str) -> dict[str, Any]:
    found = [row for row in rows if row["standing"] == standing]
    return {"rows": sorted(found, key=lambda row: -row["distance"])[:MOST_IN_SHORT], "count": len(found)}


def _distance(series: Series, country_code: str) -> float:
    """Return how far a country is from the middle, as a share of the range of countries; only to put rows in order."""
    value, middle = parts.shown_value(series.estimate(country_code)), parts.middle_of(series)
    lowest, highest = series.summary.lowest, series.summary.highest
    if value is None or middle is None or lowest is None or highest is None or highest == lowest:
        return 0.0
    return abs(value - middle) / (highest - lowest)


# How does the country stand?


def _theme(release: Release, theme: Theme, country_code: str, numbers: dict[str, int]) -> dict[str, Any]:
    rows = [_position(series, country_code, numbers) for series in release.series_of(theme)]
    return {"theme": theme, "rows": [row for row in rows if row["figure"].text != words.NOTHING]}


def _position(series: Series, country_code: str, numbers: dict[str, int]) -> dict[str, Any]:
    estimate = series.estimate(country_code)
    figure = parts.figure_of(series, estimate)
    standing = parts.standing_of(series, estimate)
    middle = parts.middle_of(series)
    return {
        "series": series,
        "unit_line": parts.unit_line(series.indicator),
        "figure": figure._replace(unit=parts.short_unit(series.indicator)),
        "standing": standing,
        "middle": "" if middle is None else words.number(middle, series.decimals),
        "distance": _distance(series, country_code),
        "chart": _position_chart(series, country_code, standing),
        "mark": parts.mark_of(estimate),
        "file_number": numbers.get(estimate.submission_id or "") if estimate else None,
    }


def _position_chart(series: Series, country_code: str, standing: str) -> str:
    summary, middle = series.summary, parts.middle_of(series)
    places = (summary.lowest, summary.lower_quartile, middle, summary.upper_quartile, summary.highest)
    known = tuple(place for place in places if place is not None)
    if len(known) != 5:
        return ""
    estimate = series.estimate(country_code)
    value = parts.shown_value(estimate)
    ends = f"Countries from {words.number(known[0], series.decimals)} to {words.number(known[4], series.decimals)}"
    return charts.position_row(
        known,
        value,
        is_flipped=series.indicator.is_higher_better is False,
        standing=standing,
        title=f"{ends}, middle {words.number(known[2], series.decimals)}",
        is_low_reliability=bool(estimate and estimate.publication_status == "low_reliability"),
    )


# Who is left behind?


def _equity(release: Release, dimension: Dimension, country_code: str) -> dict[str, Any] | None:
    """Return the largest gaps by one dimension among indicators in percent, as one chart; None if there is none."""
    gaps = _largest_gaps(release, dimension, country_code)
    if not gaps:
        return None
    largest = gaps[:MOST_GAPS]
    groups = _groups_of(dimension, [series for _, series in largest], country_code)
    marks = charts.group_marks(len(groups))
    values = [value for _, series in largest for value in _values(series, dimension, country_code).values()]
    scale = charts.scale_to(max(values))
    return {
        "dimension": dimension,
        "groups": [
            {"label": dimension.groups[code], "mark": charts.legend_mark(*mark)}
            for code, mark in zip(groups, marks, strict=True)
        ],
        "axis": charts.axis(scale),
        "grid": charts.grid(scale, f"grid-{dimension.code}", reach=12),
        "rows": [
            _equity_row(series, dimension, country_code, dict(zip(groups, marks, strict=True)), scale)
            for _, series in largest
        ],
        "all_count": len(gaps),
    }


def _largest_gaps(release: Release, dimension: Dimension, country_code: str) -> list[tuple[float, Series]]:
    """Return (gap, series) of the indicators in percent, the widest first."""
    gaps = [
        (size, series)
        for each in release.series.values()
        for series in each
        if series.indicator.unit == "percent"
        and (size := parts.shown_gap(series.gap(dimension.code, country_code, "d"))) is not None
    ]
    return sorted(gaps, key=lambda gap: (-gap[0], gap[1].page_name))


def _groups_of(dimension: Dimension, listed: list[Series], country_code: str) -> list[str]:
    present = {
        row.group_code for series in listed for row in series.groups.get(dimension.code, {}).get(country_code, [])
    }
    return [code for code in dimension.groups if code in present]


def _values(series: Series, dimension: Dimension, country_code: str) -> dict[str, float]:
    rows = series.groups.get(dimension.code, {}).get(country_code, [])
    return {row.group_code: value for row in rows if (value := parts.shown_value(row)) is not None}


def _equity_row(
    series: Series, dimension: Dimension, country_code: str, marks: dict[str, tuple[str, str]], scale: charts.Scale
) -> dict[str, Any]:
    rows = {row.group_code: row for row in series.groups[dimension.code][country_code]}
    drawn = [
        charts.Mark(value, *mark, is_hollow=rows[code].publication_status == "low_reliability")
        for code, mark in marks.items()
        if (value := parts.shown_value(rows.get(code))) is not None
    ]
    estimate = series.estimate(country_code)
    return {
        "series": series,
        "direction": words.direction(series.indicator.direction),
        "mark": parts.mark_of(estimate),
        "chart": charts.equity_row(scale, drawn, grid_name=f"grid-{dimension.code}"),
        "gap": parts.gap_figure_of(series, series.gap(dimension.code, country_code, "d")),
        "figures": [parts.figure_of(series, rows.get(code)) for code in marks],
    }


def _gaps(release: Release, country_code: str) -> list[dict[str, Any]]:
    """Return one row per series for which the country reported any group: its gap by every dimension."""
    rows = []
    for series in (series for theme in release.themes for series in release.series_of(theme)):
        gaps = {code: series.gap(code, country_code, "d") for code in release.dimensions}
        if any(gap is not None for gap in gaps.values()):
            estimate = series.estimate(country_code)
            rows.append(
                {
                    "series": series,
                    "unit": words.gap_unit(series.indicator.unit),
                    "mark": parts.mark_of(estimate),
                    "figures": [_gap_or_why_none(release, series, code, country_code) for code in gaps],
                }
            )
    return rows


def _gap_or_why_none(release: Release, series: Series, dimension_code: str, country_code: str) -> Figure:
    gap = series.gap(dimension_code, country_code, "d")
    if gap is None and country_code in release.dimensions[dimension_code].undivided:
        return words.ONE_GROUP
    return parts.gap_figure_of(series, gap)


# Which files are the figures from?


def _file(release: Release, submission: Submission, number: int) -> dict[str, Any]:
    findings = [each for each in release.findings if each.submission_id == submission.submission_id]
    return {"number": number, "submission": submission, "findings": findings}


def _corrections(release: Release, country_code: str, numbers: dict[str, int]) -> dict[str, Any]:
    """Return the headline figures that a later file changed, and how many figures of groups it changed."""
    mine = [each for each in release.corrections if each.country_code == country_code]
    headline = [each for each in mine if each.stratum_id == TOTAL_STRATUM]
    series = {
        (each.indicator.indicator_code, each.site_code): each for held in release.series.values() for each in held
    }
    return {
        "rows": [
            {
                "series": series[each.indicator_code, each.site_code],
                "period": each.period,
                "before": _version(each, "previous_"),
                "after": _version(each, ""),
                "file_number": numbers.get(each.submission_id),
                "release_id": each.first_release_id,
            }
            for each in headline
            if (each.indicator_code, each.site_code) in series
        ],
        "group_count": len(mine) - len(headline),
    }


def _version(correction: Correction, prefix: str) -> str:
    """Return a version of a figure as it was sent: counts, or the value."""
    row = correction._asdict()
    if row[f"{prefix}is_suppressed"]:
        return "s"
    numerator, denominator, value = (row[f"{prefix}{name}"] for name in ("numerator", "denominator", "obs_value"))
    if numerator is not None and denominator is not None:
        return f"{words.number(numerator)} of {words.number(denominator)}"
    known = next((each for each in (value, numerator) if each is not None), None)
    return "not reported" if known is None else words.number(known, words.decimals_for([known]))
