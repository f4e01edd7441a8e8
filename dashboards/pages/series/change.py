"""Is the gap closing, and how did the level change? A panel for each country, and then against now."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dashboards import charts, sentences, words
from dashboards.charts import Chart
from dashboards.figures import Dimension, Release, Series
from dashboards.marts import Estimate, GroupEstimate
from dashboards.pages import parts
from dashboards.pages.series.common import ROOT, absent, estimate_cell, gap_cell, named, row_head, subject
from dashboards.speech import say
from ingestion.languages import phrase

LETTERS = {"suppressed": "s", "suppressed_group": "s", "not_reported": "N", "not_applicable": "–"}
PANEL_MARKS = (("up", "#8A2B06"), ("circle", "#1D4273"))
ONE_MARK = (("circle", "#1D4273"),)
NOT_ASSESSED = phrase("not assessed")
# direction of a change: how it is said of a figure, and of a gap
CHANGE_WORDS = {
    "improving": phrase("{change}, improved (since {period})"),
    "worsening": phrase("{change}, worsened (since {period})"),
    "no_clear_change": phrase("{change}, no clear change (since {period})"),
    "not_assessed": phrase("{change}, not assessed (since {period})"),
}
GAP_CHANGE_WORDS = CHANGE_WORDS | {
    "improving": phrase("{change}, narrowed (since {period})"),
    "worsening": phrase("{change}, widened (since {period})"),
}


def followed_dimension(release: Release, series: Series) -> Dimension | None:
    """Return the dimension whose gap is followed over time: the first ordered one by which any country has a gap."""
    for dimension in release.dimensions.values():
        if dimension.code in series.history and sentences.shown_gaps(release, series, dimension):
            return dimension
    return None


def gap_panels(release: Release, series: Series, dimension: Dimension) -> Chart:
    """Return the two ends of an ordered dimension over the periods of the round, a panel for each country."""
    present = {group for by in series.history[dimension.code].values() for group, _ in by}
    ends = [code for code in dimension.groups if code in present]
    ends = [ends[0], ends[-1]]
    labels = [dimension.groups[code] for code in ends]
    panels = [_gap_panel(release, series, dimension, code, ends) for code in release.countries]
    title = sentences.gap_change(release, series, dimension)
    return Chart(
        **named(series, "closing"),
        ranks=[0] * len(release.countries),
        title=title,
        description=f"{subject(series)}. {_ends_followed(labels, series)} {title}.",
        drawing=charts.small_multiples(panels, series.periods, labels, PANEL_MARKS, name="closing"),
        head=[say("Country"), *(say("Gap {period}", period=period) for period in series.periods), _change_head(series)],
        rows=[_gap_cells(release, series, dimension, code) for code in release.countries],
        records=lambda: [
            each for code in release.countries for each in _history_records(release, series, dimension, code, ends)
        ],
        notes=[
            say(
                "The same scale in every panel; the number is the latest gap. Lines that come together: the gap "
                "closes. s: hidden; N: not reported. A line ends where the series breaks or a figure is missing, and "
                "is never drawn across."
            ),
        ],
    )


def _ends_followed(labels: Sequence[str], series: Series) -> str:
    return say(
        "The two ends since {period}: {first_group}; {last_group}.",
        period=series.periods[0],
        first_group=labels[0],
        last_group=labels[1],
    )


def _gap_panel(
    release: Release, series: Series, dimension: Dimension, country_code: str, ends: Sequence[str]
) -> charts.Panel:
    found = series.history[dimension.code].get(country_code, {})
    breaks = [parts.has_broken(series.estimate(country_code, period)) for period in series.periods]
    lines = [
        charts.Line([_step(found.get((group, period)), is_break) for period, is_break in _with(series.periods, breaks)])
        for group in ends
    ]
    gap = series.gap(dimension.code, country_code, "d")
    has_any = any(step.value is not None for line in lines for step in line.steps)
    hidden = any(row.publication_status == "suppressed" for row in found.values())
    return charts.Panel(
        country_code,
        release.countries[country_code].country_name,
        lines,
        figure=parts.gap_figure_of(series, gap).short,
        without=""
        if has_any
        else (words.hidden() if hidden else absent(release, series, dimension, country_code).text),
        lineage=parts.gap_lineage(series, gap, ROOT),
    )


def _with(periods: Sequence[str], breaks: Sequence[bool]) -> list[tuple[str, bool]]:
    return list(zip(periods, breaks, strict=True))


def _step(row: Estimate | GroupEstimate | None, is_break: bool) -> charts.Step:
    value = parts.shown_value(row)
    letter = "" if value is not None else LETTERS.get(row.publication_status if row else "not_reported", "")
    return charts.Step(value, letter, is_break)


def _gap_cells(release: Release, series: Series, dimension: Dimension, country_code: str) -> list[Any]:
    gaps = [series.gap(dimension.code, country_code, "d", period) for period in series.periods]
    return [
        row_head(release, series, country_code),
        *(parts.gap_figure_of(series, gap) for gap in gaps[:-1]),
        gap_cell(series, gaps[-1]),
        change_words(series, dimension.code, country_code),
    ]


def change_words(series: Series, dimension_code: str, country_code: str, unit: str = "") -> str:
    """Return the change of the figure (`TOTAL`) or of a gap since the first period of its unbroken series, in words.

    Its 95 % interval stands behind it; the unit too, where the head of the column does not say it.
    """
    trend = series.trends.get((dimension_code, country_code))
    if trend is None or trend.change is None or series.indicator.is_binary:
        return say(NOT_ASSESSED)
    sign = "+" if trend.change > 0 else ""
    said = CHANGE_WORDS if dimension_code == "TOTAL" else GAP_CHANGE_WORDS
    limits = words.interval(trend.lower_ci, trend.upper_ci, series.decimals)
    number = f"{sign}{words.number(trend.change, series.decimals)}"
    change = " ".join(filter(None, (number, unit, limits and f"({limits})")))
    return say(said[trend.direction], change=change, period=trend.baseline_period)


def _change_head(series: Series) -> str:
    unit = words.gap_unit(series.indicator.unit)
    return say("{figure} (95 % interval)", figure=say("Change, {unit}", unit=unit))


def _history_records(
    release: Release, series: Series, dimension: Dimension, country_code: str, ends: Sequence[str]
) -> list[dict[str, Any]]:
    found = series.history[dimension.code].get(country_code, {})
    return [
        {
            "country_code": country_code,
            "country_name": release.countries[country_code].country_name,
            "indicator_code": series.indicator.indicator_code,
            "site_code": series.site_code,
            "period": period,
            "dimension_code": dimension.code,
            "group_code": group,
            "group_name": dimension.groups[group],
            "value": parts.shown_value(found.get((group, period))),
            "publication_status": row.publication_status if (row := found.get((group, period))) else "not_reported",
            "is_break_in_series": parts.has_broken(series.estimate(country_code, period)),
        }
        for group in ends
        for period in series.periods
    ]


def gap_slope(release: Release, series: Series, dimension: Dimension) -> Chart | None:
    """Return the gap then and now, for countries whose change can be told; None for fewer than two.

    Then is the period that most of their changes are measured from.
    """
    trends = {code: series.trends.get((dimension.code, code)) for code in release.countries}
    starts = Counter(trend.baseline_period for trend in trends.values() if trend and trend.change is not None)
    since = max(starts, key=lambda period: (starts[period], period or ""), default=None)
    lines = []
    for code, trend in trends.items():
        gap = series.gap(dimension.code, code, "d")
        now = parts.shown_gap(gap)
        if trend is None or trend.change is None or now is None or trend.baseline_period != since:
            continue
        before = now - trend.change
        texts = [words.number(value, series.decimals) for value in (before, now)]
        name = release.countries[code].country_name
        lineage = parts.gap_lineage(series, gap, ROOT)
        lines.append(charts.SlopeLine(code, name, before, now, texts[0], texts[1], trend.direction, lineage))
    if len(lines) < 2:
        return None
    return Chart(
        **named(series, "slope"),
        title=say(
            "The gap by {dimension} in {before} and in {now}",
            dimension=dimension.in_sentence,
            before=since,
            now=series.latest,
        ),
        description=f"{subject(series)}. {sentences.gap_change(release, series, dimension)}.",
        drawing=charts.slope(lines, before_words=since or "", after_words=series.latest),
        head=[],
        rows=[],
        records=lambda: [
            {"country_code": line.code, "country_name": line.name, "gap_before": line.before, "gap_after": line.after,
             "direction": line.direction}
            for line in lines
        ],
        notes=[
            say("Blue: narrowed; brown: widened, both beyond chance. Dashed grey: no clear change. Only countries with "
                "both gaps shown and no break between them; all others stand in the panels above."),
        ],
        table_of="closing",
    )  # fmt: skip


def level_panels(release: Release, series: Series) -> Chart:
    """Return the headline figure over all periods, a panel for each country."""
    title = sentences.level_change(release, series)
    periods = series.all_periods
    return Chart(
        **named(series, "trend"),
        ranks=[0] * len(release.countries),
        title=title,
        description=f"{subject(series)}. {say('Every period since {period}.', period=periods[0])} {title}.",
        drawing=charts.small_multiples(
            [_level_panel(release, series, code) for code in release.countries],
            periods,
            [say("all people")],
            ONE_MARK,
            name="trend",
        ),
        head=[say("Country"), *series.periods, _change_head(series)],
        rows=[
            [
                row_head(release, series, code),
                *(parts.figure_of(series, series.estimate(code, period)) for period in series.periods[:-1]),
                estimate_cell(series, series.estimate(code)),
                change_words(series, "TOTAL", code),
            ]
            for code in release.countries
        ],
        records=lambda: [
            _level_record(release, series, code, period) for code in release.countries for period in periods
        ],
        notes=[
            f"{words.capital(words.direction(series.indicator.direction))}.",
            say(
                "The same scale in every panel. s: hidden; N: not reported; dashed tick: the series breaks, and no "
                "line leads across."
            ),
        ],
    )


def _level_panel(release: Release, series: Series, country_code: str) -> charts.Panel:
    rows = [series.estimate(country_code, period) for period in series.all_periods]
    steps = [_step(row, parts.has_broken(row)) for row in rows]
    estimate = series.estimate(country_code)
    latest = parts.figure_of(series, estimate)
    has_any = any(step.value is not None for step in steps)
    name = release.countries[country_code].country_name
    without = "" if has_any else latest.text
    return charts.Panel(
        country_code,
        name,
        [charts.Line(steps)],
        figure=latest.short,
        without=without,
        lineage=parts.estimate_lineage(series, estimate, ROOT),
    )


def _level_record(release: Release, series: Series, country_code: str, period: str) -> dict[str, Any]:
    row = series.estimate(country_code, period)
    return {
        "country_code": country_code,
        "country_name": release.countries[country_code].country_name,
        "indicator_code": series.indicator.indicator_code,
        "site_code": series.site_code,
        "period": period,
        "value": parts.shown_value(row),
        "publication_status": row.publication_status if row else "not_expected",
        "is_break_in_series": parts.has_broken(row),
    }
