"""One page per country: how it stands, who is left behind in it, which files its figures are from."""

from collections import Counter
from typing import Any

from dashboards import charts, sentences, words
from dashboards.charts import Chart, Point, SpineRow
from dashboards.figures import Correction, Country, Dimension, Release, Series, Submission, Theme
from dashboards.pages import overview, parts, rows
from dashboards.pages.completeness import LETTERS
from dashboards.pages.series import change, equity, standing
from dashboards.words import Figure

MOST_GAPS = 12  # rows of the chart of the largest gaps
MOST_ON_SHEET = 6  # rows of each part of the first sheet
TOTAL_STRATUM = "TOTAL"
STANDINGS = ("better", "similar", "worse")


def context(release: Release, country: Country) -> dict[str, Any]:
    """Return what the page of one country shows."""
    code = country.country_code
    files = {each.submission_id: each for each in release.submissions if each.country_code == code}
    numbers = {submission_id: number for number, submission_id in enumerate(files, start=1)}
    themes = [_theme(release, theme, code, numbers) for theme in release.themes]
    first = rows.gap_dimension(release)
    further = [
        each
        for each in release.dimensions.values()
        if each is not first or len(_largest_gaps(release, each, code)) > MOST_ON_SHEET
    ]
    equity = [chart for each in further if (chart := _equity(release, each, code, MOST_GAPS))][:2]
    sheet = [_sheet_spine(release, code), _equity(release, first, code, MOST_ON_SHEET, name="widest")]
    whole = _spine(release, code, _headlines(release), "position", f"{country.country_name} in every indicator")
    return {
        "country": country,
        "facts": _facts(country, [row for theme in themes for row in theme["rows"]]),
        "says": _says(release, code),
        "sheet": [chart for chart in sheet if chart],
        "whole": whole,
        "themes": [theme for theme in themes if theme["rows"]],
        "equity": equity,
        "gaps": _gaps(release, code),
        "dimensions": list(release.dimensions.values()),
        "completeness": _completeness(release, code),
        "files": [_file(release, each, numbers[each.submission_id]) for each in files.values()],
        "corrections": _corrections(release, code, numbers),
        "charts": [*(chart for chart in sheet if chart), whole, *equity],
    }


def _headlines(release: Release) -> list[Series]:
    return [series for theme in release.themes for series in overview.headlines_of(release, theme)]


def _facts(country: Country, rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    hidden = sum(row["figure"].text == "s" for row in rows)
    standings = [row["standing"] for row in rows]
    compared = " · ".join(f"{standings.count(word)} {word}" for word in STANDINGS)
    received = f"{country.reported_count} of {country.expected_count}"
    return [
        (received, "expected headline figures received, all periods of the round"),
        (compared, "than the EU value, by 95 % intervals, where that can be said"),
        (str(hidden), "headline figures hidden to protect people"),
    ]


# On one sheet


def _says(release: Release, country_code: str) -> list[str]:
    """Return what the figures say of one country, beyond chance or not at all."""
    own = [series for series in _headlines(release) if series.indicator.theme_code != "CTX"]
    dimension = rows.gap_dimension(release)
    gaps = [
        gap
        for series in own
        if series.indicator.is_higher_better is not None
        and (gap := series.gap(dimension.code, country_code, "d")) is not None
        and parts.shown_gap(gap) is not None
    ]
    worse, better, unclear = sentences.judged_gaps(gaps)
    said = []
    if worse + better + unclear:
        said.append(
            f"By {dimension.name.lower()}, those with less stand clearly worse in {worse} of "
            f"{worse + better + unclear} indicators, clearly better in {better}; in {unclear} there is no "
            "clear difference."
        )
    changes = Counter(trend.direction for series in own if (trend := series.trends.get(("TOTAL", country_code))))
    judged = changes["improving"] + changes["worsening"] + changes["no_clear_change"]
    if judged:
        said.append(
            f"Since the first period of their series {changes['improving']} of {judged} indicators improved and "
            f"{changes['worsening']} worsened beyond chance; {changes['no_clear_change']} show no clear change."
        )
    return said


def _sheet_spine(release: Release, country_code: str) -> Chart | None:
    """Return the indicators furthest from the EU value beyond chance, worse first; None where there is none."""
    series = {
        word: sorted(
            (each for each in _headlines(release) if parts.standing_of(each, country_code) == word),
            key=lambda each: -_distance(each, country_code),
        )
        for word in ("worse", "better")
    }
    chosen = series["worse"][:MOST_ON_SHEET] + series["better"][:MOST_ON_SHEET]
    if not chosen:
        return None
    name = release.countries[country_code].country_name
    title = (
        f"{name}: {words.count_of(len(series['worse']), 'indicator', 'indicators')} worse than the EU value, "
        f"{len(series['better'])} better"
    )
    return _spine(release, country_code, chosen, "sheet", title)


def _spine(release: Release, country_code: str, listed: list[Series], name: str, title: str) -> Chart:
    drawn = [
        SpineRow(_own_point(release, each, country_code), _places(each), each.indicator.is_higher_better)
        for each in listed
    ]
    return Chart(
        name=name,
        address=f"{country_code}-{name}",
        title=title,
        description=f"{title}. The position of each indicator between the worst and the best country.",
        drawing=charts.spine(drawn, worst="worst country", best="best country"),
        head=[
            "Indicator",
            "Figure",
            "95 % interval",
            "Against the EU value",
            "Lowest country",
            "Middle country",
            "Highest country",
        ],
        rows=[_spine_cells(each, country_code) for each in listed],
        records=[standing.record(release, each, country_code) for each in listed],
        is_synthetic=any(each.summary.has_synthetic for each in listed),
        notes=[
            "Right is better (where no direction is agreed, higher). Pale: all countries; darker: the middle half; "
            "line: the middle country. The words compare with the EU value, by 95 % intervals.",
        ],
    )


def _own_point(release: Release, series: Series, country_code: str) -> Point:
    return parts.point_of(release, series, country_code)._replace(name=series.indicator.indicator_name)


def _places(series: Series) -> tuple[float, float, float, float, float] | None:
    summary, middle = series.summary, parts.middle_of(series)
    known = [
        each
        for each in (summary.lowest, summary.lower_quartile, middle, summary.upper_quartile, summary.highest)
        if each is not None
    ]
    return (known[0], known[1], known[2], known[3], known[4]) if len(known) == 5 else None


def _spine_cells(series: Series, country_code: str) -> list[Any]:
    figure, places = parts.figure_of(series, series.estimate(country_code)), _places(series)
    ends = (places[0], places[2], places[4]) if places else ()
    spread: list[Any] = [Figure(words.number(each, series.decimals), is_number=True) for each in ends]
    link = parts.series_link(series, "../")
    return [link, figure, figure.interval, parts.standing_of(series, country_code), *(spread or ["", "", ""])]


def _completeness(release: Release, country_code: str) -> list[dict[str, Any]]:
    """Return one row for each theme: how many of its indicators are complete, partial, hidden, not reported."""
    found = []
    for theme in release.themes:
        codes = [series.indicator.indicator_code for series in overview.headlines_of(release, theme)]
        counts = Counter(release.completeness.get((country_code, code), "not_applicable") for code in codes)
        if codes:
            found.append({"theme": theme, "counts": [counts[status] for status in LETTERS]})
    return found


# How does the country stand?


def _theme(release: Release, theme: Theme, country_code: str, numbers: dict[str, int]) -> dict[str, Any]:
    found = [_position(series, country_code, numbers) for series in release.series_of(theme)]
    return {"theme": theme, "rows": [row for row in found if row["figure"].text != words.NOTHING]}


def _position(series: Series, country_code: str, numbers: dict[str, int]) -> dict[str, Any]:
    estimate = series.estimate(country_code)
    figure = parts.figure_of(series, estimate)
    reference = parts.reference_of(series)
    comparison = series.comparisons.get(country_code)
    has_rank = comparison is not None and comparison.rank_lower is not None
    return {
        "series": series,
        "unit_line": parts.unit_line(series.indicator),
        "figure": figure._replace(unit=parts.short_unit(series.indicator)),
        "standing": parts.standing_of(series, country_code),
        "rank": f"{comparison.rank_lower} to {comparison.rank_upper}" if has_rank and comparison else "",
        "reference": _reference_words(series, reference),
        "change": change.change_cells(series, "TOTAL", country_code),
        "mark": parts.mark_of(estimate),
        "file_number": numbers.get(estimate.submission_id or "") if estimate else None,
    }


def _reference_words(series: Series, reference: tuple[float, str] | None) -> str:
    if reference is None:
        return ""
    return words.number(reference[0], series.decimals) + ("" if reference[1] == words.EU else " m")


def _distance(series: Series, country_code: str) -> float:
    """Return how far a country is from the EU value, as a share of the range of countries; to order rows."""
    comparison, summary = series.comparisons.get(country_code), series.summary
    if comparison is None or comparison.gap_to_eu is None or summary.lowest is None or summary.highest is None:
        return 0.0
    return abs(comparison.gap_to_eu) / ((summary.highest - summary.lowest) or 1.0)


# Who is left behind?


def _equity(release: Release, dimension: Dimension, country_code: str, most: int, *, name: str = "") -> Chart | None:
    """Return the largest gaps by one dimension among indicators in percent, as one chart; None if there is none."""
    gaps = _largest_gaps(release, dimension, country_code)
    if not gaps:
        return None
    largest = [series for _, series in gaps[:most]]
    groups = _groups_of(dimension, largest, country_code)
    named, country = name or f"by-{dimension.code}", release.countries[country_code]
    title = f"{country.country_name}: the {len(largest)} widest of {len(gaps)} gaps by {dimension.name.lower()}"
    return Chart(
        name=named,
        address=f"{country_code}-{named}",
        title=title,
        description=f"{title}, indicators in percent, latest expected period.",
        drawing=charts.equiplot(
            [_equity_row(series, dimension, country_code, groups) for series in largest],
            [dimension.groups[code] for code in groups],
        ),
        head=["Indicator", "Gap, percentage points", "95 % interval", *(dimension.groups[code] for code in groups)],
        rows=[_equity_cells(series, dimension, country_code, groups) for series in largest],
        records=[
            each for series in largest for each in equity.equity_records(release, series, dimension, country_code)
        ],
        is_synthetic=any(series.summary.has_synthetic for series in largest),
        notes=["Gaps in percentage points. A gap is shown only if every group that it needs may be shown."],
    )


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


def _equity_row(series: Series, dimension: Dimension, country_code: str, groups: list[str]) -> charts.EquityRow:
    by_group = {row.group_code: row for row in series.groups[dimension.code][country_code]}
    site = f" ({series.site_name})" if series.site_name and not series.is_headline else ""
    return charts.EquityRow(
        code=series.page_name,
        name=series.indicator.indicator_name + site,
        groups=[equity.group_point(series, dimension, by_group.get(code), code) for code in groups],
        gap_text=parts.gap_figure_of(series, series.gap(dimension.code, country_code, "d")).text,
    )


def _equity_cells(series: Series, dimension: Dimension, country_code: str, groups: list[str]) -> list[Any]:
    by_group = {row.group_code: row for row in series.groups[dimension.code][country_code]}
    gap = parts.gap_figure_of(series, series.gap(dimension.code, country_code, "d"))
    figures = [parts.figure_of(series, by_group.get(code)) for code in groups]
    return [parts.series_link(series, "../"), gap, gap.interval, *figures]


def _gaps(release: Release, country_code: str) -> list[dict[str, Any]]:
    """Return one row per series for which the country reported any group: its gap by every dimension."""
    found = []
    for series in (series for theme in release.themes for series in release.series_of(theme)):
        gaps = {code: series.gap(code, country_code, "d") for code in release.dimensions}
        if any(gap is not None for gap in gaps.values()):
            estimate = series.estimate(country_code)
            found.append(
                {
                    "series": series,
                    "unit": words.gap_unit(series.indicator.unit),
                    "mark": parts.mark_of(estimate),
                    "figures": [_gap_or_why_none(release, series, code, country_code) for code in gaps],
                }
            )
    return found


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
