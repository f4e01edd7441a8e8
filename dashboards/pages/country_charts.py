"""The charts of one country: its place in each indicator, and its widest gaps."""

from typing import Any

from dashboards import charts, words
from dashboards.charts import Chart, SpineRow
from dashboards.figures import Dimension, Release, Series
from dashboards.pages import parts
from dashboards.pages.series import equity, standing
from dashboards.pages.series.common import ROOT, estimate_cell, gap_cell, gap_head
from dashboards.speech import say, say_count
from dashboards.words import Figure
from ingestion.languages import phrase

SOME_GAPS = phrase("{country}: the {shown} widest of {gaps} gaps by {dimension}")
ALL_GAPS = phrase("{country}: gaps by {dimension}, the widest first")
PERCENT = "percent"
MOST_ON_SHEET = 5  # rows of each part of the first sheet: they must be legible on paper


def sheet_spine(release: Release, country_code: str) -> Chart | None:
    """Return the indicators furthest from the EU value beyond chance, worse first; None where there is none."""
    series = {
        word: sorted(
            (each for each in release.headlines if parts.standing_of(each, country_code) == word),
            key=lambda each: -_distance(each, country_code),
        )
        for word in ("worse", "better")
    }
    chosen = series["worse"][:MOST_ON_SHEET] + series["better"][:MOST_ON_SHEET]
    if not chosen:
        return None
    title = say_count(
        "{country}: {count} indicator worse than the EU value, {better} better",
        "{country}: {count} indicators worse than the EU value, {better} better",
        len(series["worse"]),
        country=release.countries[country_code].country_name,
        better=len(series["better"]),
    )
    if len(chosen) < sum(map(len, series.values())):
        title = say("{title}; here the {most} furthest of each", title=title, most=MOST_ON_SHEET)
    return spine(release, country_code, chosen, "sheet", title)


def spine(release: Release, country_code: str, listed: list[Series], name: str, title: str) -> Chart:
    """Return the position of a country in these series between the worst and the best country."""
    drawn = [_spine_row(release, each, country_code) for each in listed]
    return Chart(
        name=name,
        address=f"{country_code}-{name}",
        title=title,
        description=f"{title}. {say('The position of each indicator between the worst and the best country.')}",
        drawing=charts.spine(drawn),
        head=[
            say("Indicator"),
            say("{figure} (95 % interval)", figure=say("Figure")),
            say("EU value"),
            say("Against the EU value"),
            say("Lowest country"),
            say("Middle country"),
            say("Highest country"),
        ],
        rows=[_spine_cells(each, country_code) for each in listed],
        records=lambda: [standing.record(release, each, country_code) for each in listed],
        is_synthetic=any(each.summary.has_synthetic for each in listed),
        notes=[
            say(
                "Right is better (where no direction is agreed, higher). The words compare with the EU value, by 95 % "
                "intervals."
            ),
            *parts.signs(release, "".join(parts.figure_of(each, each.estimate(country_code)).flags for each in listed)),
        ],
    )


def _spine_row(release: Release, series: Series, country_code: str) -> SpineRow:
    point = parts.point_of(release, series, country_code, ROOT)
    figure = parts.figure_of(series, series.estimate(country_code))
    if point.value is not None and not series.indicator.is_binary:
        point = point._replace(text=f"{_in_row(series, point.value)} {figure.flags}".rstrip())
    return SpineRow(
        point._replace(name=series.indicator.indicator_name),
        _places(series),
        series.indicator.is_higher_better,
        details=_details(series),
        reference=_reference(series),
    )


def _reference(series: Series) -> charts.Reference | None:
    found = parts.reference_of(series)
    if found is None:
        return None
    value, is_eu = found
    text = _in_row(series, value)
    return charts.Reference(value, text if is_eu else f"{text} {parts.MIDDLE}", is_eu)


def _details(series: Series) -> str:
    """Return the site, the unit where that is a word, and the period of a figure."""
    return parts.row_line(series, "" if series.indicator.unit == PERCENT else parts.unit_name(series.indicator))


def _places(series: Series) -> tuple[float, float, float, float] | None:
    summary = series.summary
    known = [
        each
        for each in (summary.lowest, summary.lower_quartile, summary.upper_quartile, summary.highest)
        if each is not None
    ]
    has_middle = parts.middle_of(series) is not None
    return (known[0], known[1], known[2], known[3]) if has_middle and len(known) == 4 else None


def _spine_cells(series: Series, country_code: str) -> list[Any]:
    figure, summary = estimate_cell(series, series.estimate(country_code)), series.summary
    ends = (summary.lowest, parts.middle_of(series), summary.highest)
    spread: list[Any] = [
        "" if each is None else Figure(words.number(each, series.decimals), is_number=True) for each in ends
    ]
    link = parts.series_link(series, ROOT)
    word = say(words.STANDING_WORDS[parts.standing_of(series, country_code)])
    return [link, figure.with_interval, parts.reference_figure(series).with_interval, word, *spread]


def _in_row(series: Series, value: float) -> str:
    """Return a value as it stands in a row: with its unit where that is a sign; words stand below the name."""
    return parts.with_unit(series, value) if series.indicator.unit == PERCENT else words.number(value, series.decimals)


def _distance(series: Series, country_code: str) -> float:
    """Return how far a country is from the EU value, as a share of the range of countries; to order rows."""
    comparison, summary = series.comparisons.get(country_code), series.summary
    if comparison is None or comparison.gap_to_eu is None or summary.lowest is None or summary.highest is None:
        return 0.0
    return abs(comparison.gap_to_eu) / ((summary.highest - summary.lowest) or 1.0)


def widest_gaps(
    release: Release, dimension: Dimension, country_code: str, most: int, *, name: str = ""
) -> Chart | None:
    """Return the largest gaps by one dimension among indicators in percent, as one chart; None if there is none."""
    gaps = largest_gaps(release, dimension, country_code)
    if not gaps:
        return None
    largest = [series for _, series in gaps[:most]]
    groups = _groups_of(dimension, largest, country_code)
    named, country = name or f"by-{dimension.code}", release.countries[country_code]
    title = say(
        SOME_GAPS if len(largest) < len(gaps) else ALL_GAPS,
        country=country.country_name,
        shown=len(largest),
        gaps=len(gaps),
        dimension=dimension.in_sentence,
    )
    return Chart(
        name=named,
        address=f"{country_code}-{named}",
        title=title,
        description=f"{title}. {say('Indicators in percent, latest expected period.')}",
        drawing=charts.equiplot(
            [_equity_row(series, dimension, country_code, groups) for series in largest],
            [dimension.groups[code] for code in groups],
        ),
        head=[
            say("Indicator"),
            gap_head("percent"),
            *(dimension.groups[code] for code in groups),
        ],
        rows=[_equity_cells(series, dimension, country_code, groups) for series in largest],
        records=lambda: [
            each for series in largest for each in equity.equity_records(release, series, dimension, country_code)
        ],
        is_synthetic=any(series.summary.has_synthetic for series in largest),
        notes=[
            say(
                "Figures in percent, gaps in percentage points. A gap is shown only if every group that it needs may "
                "be shown."
            )
        ],
    )


def largest_gaps(release: Release, dimension: Dimension, country_code: str) -> list[tuple[float, Series]]:
    """Return (gap, series) of the indicators in percent, the widest first."""
    gaps = [
        (size, series)
        for each in release.series.values()
        for series in each
        if series.indicator.unit == PERCENT
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
    gap = series.gap(dimension.code, country_code, "d")
    return charts.EquityRow(
        code=series.page_name,
        name=series.indicator.indicator_name,
        groups=[equity.group_point(series, dimension, by_group.get(code), code) for code in groups],
        gap_text=parts.gap_figure_of(series, gap).text,
        lineage=parts.gap_lineage(series, gap, ROOT),
        details=_details(series),
    )


def _equity_cells(series: Series, dimension: Dimension, country_code: str, groups: list[str]) -> list[Any]:
    by_group = {row.group_code: row for row in series.groups[dimension.code][country_code]}
    gap = gap_cell(series, series.gap(dimension.code, country_code, "d"))
    figures = [parts.figure_of(series, by_group.get(code)) for code in groups]
    return [parts.series_link(series, ROOT), gap.with_interval, *figures]
