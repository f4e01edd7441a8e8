"""The charts of one series, each with its title, its table and its data: pages choose among them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from dashboards import charts, sentences, words
from dashboards.charts import Chart, Classes, Point
from dashboards.figures import Dimension, Estimate, Gap, GroupEstimate, Release, Series
from dashboards.pages import parts
from dashboards.pages.sources import Sources
from dashboards.words import Figure

BASIS_WORDS = {"published_value": "as published", "reported_value": "as sent"}  # where there are no counts to show
REGIONS = "NUTS2"
MOST_GROUPS = 6  # a dimension with more groups (regions) is drawn as dots, without a column for each group
LETTERS = {"suppressed": "s", "suppressed_group": "s", "not_reported": "N", "not_applicable": "–"}
PANEL_MARKS = (("up", "#8A2B06"), ("circle", "#1D4273"))
ONE_MARK = (("circle", "#1D4273"),)


def named(release: Release, series: Series, chart: str) -> dict[str, Any]:
    """Return what all charts of a series have in common: the address of their files, the mark of synthetic."""
    return {
        "name": chart,
        "address": f"{series.page_name}-{chart}",
        "is_synthetic": series.summary.has_synthetic,
    }


def subject(series: Series) -> str:
    """Return what a chart is about: the indicator, its site, the period."""
    site = f", {series.site_name}" if series.site_name else ""
    return f"{series.indicator.indicator_name}{site}, {series.latest}"


def points(release: Release, series: Series) -> list[Point]:
    """Return the countries in order: the best first (the highest where no direction is agreed), no number last."""
    found = [parts.point_of(release, series, code) for code in release.countries]
    return sorted(found, key=lambda point: _rank_key(series, point))


def _rank_key(series: Series, point: Point) -> tuple[int, float, str]:
    if point.value is None:
        without = ["suppressed", "not_applicable", "not_reported", "not_expected"]
        return (1 + without.index(point.status) if point.status in without else len(without), 0.0, point.name)
    return (0, point.value if series.indicator.is_higher_better is False else -point.value, point.name)


def heading(series: Series) -> str:
    """Return what a legend begins with: the unit, and which way is better."""
    said = words.RAMP_WORDS[series.indicator.is_higher_better]
    if series.indicator.is_binary:
        said = words.direction(series.indicator.direction, is_binary=True)
    return f"{words.capital(words.unit(series.indicator.unit))}\n{said}"


def classes(series: Series, drawn: Sequence[Point]) -> Classes | None:
    """Return the classes of a map; None where there is no value at all."""
    values = [point.value for point in drawn if point.value is not None]
    is_higher_better = series.indicator.is_higher_better
    if not values:
        return None
    if series.indicator.is_binary:
        return charts.yes_or_no("yes", "no", is_higher_better=is_higher_better)
    return charts.classes_of(values, decimals=series.decimals, is_higher_better=is_higher_better)


# Where do countries stand?


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
        **named(release, series, "ranking"),
        title=sentences.standing(release, series),
        description=f"{subject(series)}. {sentences.reporting(release, series)} {sentences.spread(release, series)}.",
        drawing=drawing,
        head=["Country", _unit_head(series), "95 % interval", "Against the EU value", "Rank may be", "From", "Source"],
        rows=[_ranking_row(release, series, point, sources) for point in drawn],
        records=[record(release, series, point.code) for point in drawn],
        notes=_ranking_notes(series),
    )


def _unit_head(series: Series) -> str:
    return "Answer" if series.indicator.is_binary else words.capital(words.unit(series.indicator.unit))


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
        _link(release, series, point.code),
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
        **named(release, series, "map"),
        title=sentences.spread(release, series),
        description=f"{subject(series)}. {sentences.reporting(release, series)}",
        drawing=drawing,
        head=["Country", _unit_head(series)],
        rows=[[parts.country_link(release, point.code, root), _figure(series, point.code)] for point in drawn],
        records=[record(release, series, point.code) for point in drawn],
        notes=[MAP_NOTE],
        table_of=table_of,
    )


MAP_NOTE = (
    "Shapes: Natural Earth, made simpler. The designations and the presentation do not imply any opinion on the legal "
    "status of a territory or on its frontiers. Islands far from Europe belong to their countries and are not drawn."
)


def _link(release: Release, series: Series, country_code: str) -> Markup:
    """Return the name of a country as rows begin: a link, and the mark of what is synthetic."""
    return parts.country_link(release, country_code, "../", parts.mark_of(series.estimate(country_code)))


def _figure(series: Series, country_code: str) -> Figure:
    return parts.figure_of(series, series.estimate(country_code))


def region_map(release: Release, series: Series) -> Chart | None:
    """Return the map of regions; None without their shapes, or where no region was reported."""
    rows = [row for held in series.groups.get(REGIONS, {}).values() for row in held]
    if release.region_shapes is None or not rows:
        return None
    dimension = release.dimensions[REGIONS]
    drawn = [
        point._replace(code=row.group_code)
        for row in rows
        if (point := group_point(series, dimension, row, row.group_code)) is not None
    ]
    title = sentences.gap(release, series, dimension)
    return Chart(
        **named(release, series, "regions"),
        title=title,
        description=f"{subject(series)}, by region. {title}.",
        drawing=charts.choropleth(
            drawn, classes(series, drawn), name="regions", heading=heading(series), regions=release.region_shapes
        ),
        head=["Region"],
        rows=[],
        records=[each for code in release.countries for each in equity_records(release, series, dimension, code)],
        notes=[MAP_NOTE, "Grey: no regions were reported, or the country has one."],
        table_of=f"by-{REGIONS}",
    )


def tiles(release: Release, series: Series) -> Chart:
    """Return the tile grid, with the table of the ranking."""
    drawn = points(release, series)
    return Chart(
        **named(release, series, "tiles"),
        title=sentences.spread(release, series),
        description=f"{subject(series)}. {sentences.reporting(release, series)}",
        drawing=charts.tile_grid(drawn, classes(series, drawn), name="tiles", heading=heading(series)),
        head=["Country", _unit_head(series)],
        rows=[[parts.country_link(release, point.code, "../"), _figure(series, point.code)] for point in drawn],
        records=[record(release, series, point.code) for point in drawn],
        notes=["Every country has the same size: a tile grid orients, it shows no areas."],
        table_of="ranking",
    )


# Who is left behind?


def reported_dimensions(release: Release, series: Series) -> list[Dimension]:
    """Return the dimensions by which any country reported this series, the ordered ones first."""
    return [dimension for code, dimension in release.dimensions.items() if series.groups.get(code)]


def equity(release: Release, series: Series, dimension: Dimension) -> Chart:
    """Return the equiplot of one dimension: the widest gap first, then those without a gap, then who sent nothing."""
    by_country = series.groups[dimension.code]
    present = {row.group_code for rows in by_country.values() for row in rows}
    groups = [code for code in dimension.groups if code in present]
    codes = sorted(release.countries, key=lambda code: _gap_key(release, series, dimension, code))
    labels = [dimension.groups[code] for code in groups]
    drawing = charts.equiplot([_equity_row(release, series, dimension, code, groups) for code in codes], labels)
    is_many = len(groups) > MOST_GROUPS
    head = ["Country", f"Gap, {words.gap_unit(series.indicator.unit)}", "95 % interval"]
    return Chart(
        **named(release, series, f"by-{dimension.code}"),
        title=sentences.gap(release, series, dimension),
        description=f"{subject(series)}, by {dimension.name.lower()}. {sentences.gap(release, series, dimension)}.",
        drawing=drawing,
        head=[*head, *(["Between"] if is_many else labels), "Ratio"],
        rows=[_equity_cells(release, series, dimension, code, groups, is_many=is_many) for code in codes],
        records=[each for code in codes for each in equity_records(release, series, dimension, code)],
        notes=_equity_notes(series, dimension, is_many=is_many),
    )


def _equity_notes(series: Series, dimension: Dimension, *, is_many: bool) -> list[str]:
    direction = words.capital(words.direction(series.indicator.direction))
    notes = [f"{direction}. A gap is shown only if every group that it needs may be shown; s: a group is hidden."]
    if dimension.is_ordered:
        notes.append("The gap lies between the two ends; it is positive where those with less stand worse.")
    else:
        notes.append("The gap lies between the highest and the lowest group; it grows with the number of groups.")
    return ["One dot for each region.", *notes] if is_many else notes


def _gap_key(release: Release, series: Series, dimension: Dimension, country_code: str) -> tuple[int, float, str]:
    size = parts.shown_gap(series.gap(dimension.code, country_code, "d"))
    name = release.countries[country_code].country_name
    if size is not None:
        return 0, -size, name
    return 1 if series.groups[dimension.code].get(country_code) else 2, 0.0, name


def _equity_row(
    release: Release, series: Series, dimension: Dimension, country_code: str, groups: Sequence[str]
) -> charts.EquityRow:
    by_group = {row.group_code: row for row in series.groups[dimension.code].get(country_code, [])}
    country = release.countries[country_code]
    own = list(by_group) if len(groups) > MOST_GROUPS else groups
    marks = [group_point(series, dimension, by_group.get(code), code) for code in own]
    figure = parts.gap_figure_of(series, series.gap(dimension.code, country_code, "d"))
    return charts.EquityRow(
        code=country_code,
        name=country.country_name,
        groups=marks,
        gap_text=_short(figure) if by_group else "",
        without=_without(release, series, dimension, country_code, marks),
    )


def _short(figure: Figure) -> str:
    return figure.text if figure.is_number or len(figure.text) < 3 else words.NOTHING


def _without(
    release: Release, series: Series, dimension: Dimension, country_code: str, marks: Sequence[Point | None]
) -> str:
    """Return what is said of a country without any mark."""
    if any(mark and mark.value is not None for mark in marks):
        return ""
    if any(mark and mark.status == "suppressed" for mark in marks):
        return "s (hidden)"
    return absent(release, series, dimension, country_code).text


def absent(release: Release, series: Series, dimension: Dimension, country_code: str) -> Figure:
    """Return what is said of a country that sent no groups: not applicable with one region, else not reported."""
    estimate = series.estimate(country_code)
    if country_code in dimension.undivided or (estimate and estimate.publication_status == "not_applicable"):
        return words.ONE_GROUP
    return Figure("not reported", is_number=False, meaning=words.HIDDEN_WORDS["not_reported"][1])


def group_point(series: Series, dimension: Dimension, row: GroupEstimate | None, group_code: str) -> Point | None:
    """Return a group of a country as charts draw it; None where it was not sent."""
    if row is None:
        return None
    return Point(
        code=row.country_code,
        name=dimension.groups[group_code],
        value=parts.shown_value(row),
        text=parts.figure_of(series, row).plain,
        status=row.publication_status,
    )


def _equity_cells(
    release: Release,
    series: Series,
    dimension: Dimension,
    country_code: str,
    groups: Sequence[str],
    *,
    is_many: bool,
) -> list[Any]:
    by_group = {row.group_code: row for row in series.groups[dimension.code].get(country_code, [])}
    link = _link(release, series, country_code)
    if not by_group:
        none = absent(release, series, dimension, country_code)
        return [link, none, "", *([""] * (1 if is_many else len(groups))), ""]
    gap, ratio = (series.gap(dimension.code, country_code, measure) for measure in ("d", "r"))
    figure, times = parts.gap_figure_of(series, gap), parts.gap_figure_of(series, ratio)
    if is_many:
        return [link, figure, figure.interval, between(dimension, gap), times]
    figures = [parts.figure_of(series, by_group.get(code)) for code in groups]
    return [link, figure, figure.interval, *figures, times]


def between(dimension: Dimension, gap: Gap | None) -> str:
    """Return which two groups a gap compares."""
    if gap is None or parts.shown_gap(gap) is None:
        return ""
    return " and ".join(
        dimension.groups.get(code or "", code or "") for code in (gap.reference_group, gap.compared_group)
    )


def equity_records(release: Release, series: Series, dimension: Dimension, country_code: str) -> list[dict[str, Any]]:
    gap = series.gap(dimension.code, country_code, "d")
    size = parts.shown_gap(gap)
    rest = {
        "gap": size,
        "gap_lower_ci": gap.lower_ci if gap and size is not None else None,
        "gap_upper_ci": gap.upper_ci if gap and size is not None else None,
        "gap_null_reason": gap.null_reason if gap else "not_reported",
    }
    base = {
        "country_code": country_code,
        "country_name": release.countries[country_code].country_name,
        "indicator_code": series.indicator.indicator_code,
        "site_code": series.site_code,
        "period": series.latest,
        "dimension_code": dimension.code,
    }
    rows = series.groups.get(dimension.code, {}).get(country_code, [])
    if not rows:
        empty = dict.fromkeys(("group_code", "group_name", "value", "lower_ci", "upper_ci"))
        return [base | empty | {"publication_status": "not_reported", "obs_status": None} | rest]
    return [base | _group_record(dimension, row) | rest for row in rows]


def _group_record(dimension: Dimension, row: GroupEstimate) -> dict[str, Any]:
    is_shown = parts.shown_value(row) is not None
    return {
        "group_code": row.group_code,
        "group_name": dimension.groups[row.group_code],
        "value": row.value if is_shown else None,
        "lower_ci": row.lower_ci if is_shown else None,
        "upper_ci": row.upper_ci if is_shown else None,
        "publication_status": row.publication_status,
        "obs_status": row.obs_status,
    }


# Is the gap closing? How did it change?


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
        **named(release, series, "closing"),
        title=title,
        description=f"{subject(series)}: {labels[0]} and {labels[1]} since {series.periods[0]}. {title}.",
        drawing=charts.small_multiples(panels, series.periods, labels, PANEL_MARKS),
        head=["Country", *(f"Gap {period}" for period in series.periods), "Change", "Since"],
        rows=[_gap_cells(release, series, dimension, code) for code in release.countries],
        records=[
            each for code in release.countries for each in _history_records(release, series, dimension, code, ends)
        ],
        notes=[
            "The same scale in every panel; the number is the latest gap. Lines that come together: the gap closes. "
            "s: hidden; N: not reported. A line ends where the series breaks or a figure is "
            "missing, and is never drawn across.",
        ],
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
    gap = parts.gap_figure_of(series, series.gap(dimension.code, country_code, "d"))
    has_any = any(step.value is not None for line in lines for step in line.steps)
    hidden = any(row.publication_status == "suppressed" for row in found.values())
    return charts.Panel(
        country_code,
        release.countries[country_code].country_name,
        lines,
        figure=_short(gap),
        without="" if has_any else ("s (hidden)" if hidden else absent(release, series, dimension, country_code).text),
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
        _link(release, series, country_code),
        *(parts.gap_figure_of(series, gap) for gap in gaps),
        *change_cells(series, dimension.code, country_code, improved="narrowed", worsened="widened"),
    ]


def change_cells(
    series: Series, dimension_code: str, country_code: str, *, improved: str = "improved", worsened: str = "worsened"
) -> tuple[Any, str]:
    """Return the change since the first period of the unbroken series in words, and that period."""
    trend = series.trends.get((dimension_code, country_code))
    if trend is None or trend.change is None:
        return words.NO_CHANGE, ""
    said = {"improving": improved, "worsening": worsened}.get(trend.direction, words.CHANGE_WORDS[trend.direction])
    sign = "+" if trend.change > 0 else ""
    return f"{sign}{words.number(trend.change, series.decimals)}, {said}", trend.baseline_period or ""


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
    lines, cells = [], []
    for code, trend in trends.items():
        now = parts.shown_gap(series.gap(dimension.code, code, "d"))
        if trend is None or trend.change is None or now is None or trend.baseline_period != since:
            continue
        before = now - trend.change
        texts = [words.number(value, series.decimals) for value in (before, now)]
        name = release.countries[code].country_name
        lines.append(charts.SlopeLine(code, name, before, now, texts[0], texts[1], trend.direction))
        said = change_cells(series, dimension.code, code, improved="narrowed", worsened="widened")[0]
        figures = [Figure(text, is_number=True) for text in texts]
        cells.append([_link(release, series, code), *figures, said])
    if len(lines) < 2:
        return None
    return Chart(
        **named(release, series, "slope"),
        title=f"The gap by {dimension.name.lower()} in {since} and in {series.latest}",
        description=f"{subject(series)}. {sentences.gap_change(release, series, dimension)}.",
        drawing=charts.slope(lines, before_words=since or "", after_words=series.latest),
        head=["Country", f"Gap {since}", f"Gap {series.latest}", "Change"],
        rows=cells,
        records=[
            {"country_code": line.code, "country_name": line.name, "gap_before": line.before, "gap_after": line.after,
             "direction": line.direction}
            for line in lines
        ],
        notes=[
            "Blue: narrowed; brown: widened, both beyond chance. Dashed grey: no clear change. Only countries with "
            "both gaps shown and no break between them; all others stand in the panels above.",
        ],
    )  # fmt: skip


def level_panels(release: Release, series: Series) -> Chart:
    """Return the headline figure over all periods, a panel for each country."""
    title = sentences.level_change(release, series)
    periods = series.all_periods
    return Chart(
        **named(release, series, "trend"),
        title=title,
        description=f"{subject(series)}, since {periods[0]}. {title}.",
        drawing=charts.small_multiples(
            [_level_panel(release, series, code) for code in release.countries], periods, ["all people"], ONE_MARK
        ),
        head=["Country", *series.periods, "Change", "Since"],
        rows=[
            [
                _link(release, series, code),
                *(parts.figure_of(series, series.estimate(code, period)) for period in series.periods),
                *change_cells(series, "TOTAL", code),
            ]
            for code in release.countries
        ],
        records=[_level_record(release, series, code, period) for code in release.countries for period in periods],
        notes=[
            f"{words.capital(words.direction(series.indicator.direction))}. The same scale in every panel. s: hidden; "
            "N: not reported; dashed tick: the series breaks, and no line leads across.",
        ],
    )


def _level_panel(release: Release, series: Series, country_code: str) -> charts.Panel:
    rows = [series.estimate(country_code, period) for period in series.all_periods]
    steps = [_step(row, parts.has_broken(row)) for row in rows]
    latest = parts.figure_of(series, series.estimate(country_code))
    has_any = any(step.value is not None for step in steps)
    name = release.countries[country_code].country_name
    without = "" if has_any else latest.text
    return charts.Panel(country_code, name, [charts.Line(steps)], figure=_short(latest), without=without)


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


# Is it more than chance?


def funnel(release: Release, series: Series) -> Chart | None:
    """Return the funnel around the value of the EU; None where there is none, or nobody to show."""
    eu = parts.eu_value_of(series)
    drawn = [point for point in points(release, series) if point.value is not None and point.denominator]
    drawn = [
        point for point in drawn if (row := series.comparisons.get(point.code)) and row.funnel_lower_95 is not None
    ]
    if eu is None or eu.value is None or not drawn:
        return None
    rows = [series.comparisons[point.code] for point in drawn]
    limits = [
        charts.FunnelLimits(
            point.denominator or 0.0,
            *(
                limit or 0.0
                for limit in (row.funnel_lower_95, row.funnel_upper_95, row.funnel_lower_998, row.funnel_upper_998)
            ),
        )
        for point, row in zip(drawn, rows, strict=True)
    ]
    title = sentences.chance(release, series)
    return Chart(
        **named(release, series, "funnel"),
        title=title,
        description=f"{subject(series)}, value against size. {title}.",
        drawing=charts.funnel(
            drawn,
            limits,
            middle=eu.value,
            middle_words=f"EU value {parts.with_unit(series, eu.value)}",
            size_words="cases or people counted (logarithmic)",
        ),
        head=["Country", _unit_head(series), "Counted", "95 % limits", "99.8 % limits", "Place"],
        rows=[_funnel_cells(release, series, point) for point in drawn],
        records=[
            {"country_code": point.code, "country_name": point.name,
             "value": point.value, "denominator": point.denominator,
             "funnel_lower_95": row.funnel_lower_95, "funnel_upper_95": row.funnel_upper_95,
             "funnel_lower_998": row.funnel_lower_998, "funnel_upper_998": row.funnel_upper_998,
             "funnel_position": row.funnel_position}
            for point, row in zip(drawn, rows, strict=True)
        ],
        notes=[
            "Within the limits, chance alone could leave a country of this size there. Beyond them the difference is "
            "more than chance, but not for that reason important: large countries pass the limits easily. Countries "
            "without counts that may be shown are in the ranking only.",
        ],
    )  # fmt: skip


def _funnel_cells(release: Release, series: Series, point: Point) -> list[Any]:
    row = series.comparisons[point.code]
    return [
        _link(release, series, point.code),
        _figure(series, point.code),
        Figure(words.number(point.denominator or 0.0), is_number=True),
        words.interval(row.funnel_lower_95, row.funnel_upper_95, series.decimals),
        words.interval(row.funnel_lower_998, row.funnel_upper_998, series.decimals),
        words.FUNNEL_WORDS[row.funnel_position],
    ]
