"""Who is left behind? The groups of each dimension, and the map of regions."""

from collections.abc import Sequence
from typing import Any

from dashboards import charts, sentences, words
from dashboards.charts import Chart, Point
from dashboards.figures import Dimension, Release, Series
from dashboards.marts import Gap, GroupEstimate
from dashboards.pages import parts
from dashboards.pages.series.common import (
    MAP_NOTE,
    ROOT,
    absent,
    classes,
    gap_cell,
    gap_head,
    heading,
    named,
    row_head,
    subject,
)
from dashboards.speech import say

REGIONS = "NUTS2"
MOST_GROUPS = 6  # a dimension with more groups (regions) is drawn as dots, without a column for each group


def reported_dimensions(release: Release, series: Series) -> list[Dimension]:
    """Return the dimensions by which any country reported this series, the ordered ones first."""
    return [dimension for code, dimension in release.dimensions.items() if series.groups.get(code)]


def equity(release: Release, series: Series, dimension: Dimension) -> Chart:
    """Return the equiplot of one dimension: the widest gap first, then those without a gap, then who sent nothing."""
    by_country = series.groups[dimension.code]
    present = {row.group_code for rows in by_country.values() for row in rows}
    groups = [code for code in dimension.groups if code in present]
    rank = {code: _rank(series, dimension, code) for code in release.countries}
    codes = sorted(release.countries, key=lambda code: rank[code])
    ranks = [rank[code] for code in codes]
    labels = [dimension.groups[code] for code in groups]
    drawn = [_equity_row(release, series, dimension, code, groups) for code in codes]
    is_many = len(groups) > MOST_GROUPS
    title = sentences.gap(release, series, dimension)
    head = [say("Country"), gap_head(series.indicator.unit)]
    return Chart(
        **named(series, f"by-{dimension.code}"),
        title=title,
        description=f"{subject(series)}. {title}.",
        drawing=charts.equiplot(drawn, labels, ranks),
        head=[*head, *([say("Between")] if is_many else labels)],
        rows=[_equity_cells(release, series, dimension, code, groups, is_many=is_many) for code in codes],
        records=lambda: [each for code in codes for each in equity_records(release, series, dimension, code)],
        notes=_equity_notes(series, dimension, is_many=is_many),
        ranks=ranks,
    )


def _equity_notes(series: Series, dimension: Dimension, *, is_many: bool) -> list[str]:
    direction = words.capital(words.direction(series.indicator.direction))
    notes = [
        f"{direction}.",
        say("A gap is shown only if every group that it needs may be shown; s: a group is hidden."),
    ]
    if dimension.is_ordered:
        notes.append(say("The gap lies between the two ends; it is positive where those with less stand worse."))
    else:
        notes.append(say("The gap lies between the highest and the lowest group; it grows with the number of groups."))
    return [" ".join([say("One dot for each region."), *notes] if is_many else notes)]


def _rank(series: Series, dimension: Dimension, country_code: str) -> tuple[int, float]:
    """Return what countries stand in the order of; those of the same rank stand in the order of their names."""
    size = parts.shown_gap(series.gap(dimension.code, country_code, "d"))
    if size is not None:
        return 0, -size
    return 1 if series.groups[dimension.code].get(country_code) else 2, 0.0


def _equity_row(
    release: Release, series: Series, dimension: Dimension, country_code: str, groups: Sequence[str]
) -> charts.EquityRow:
    by_group = {row.group_code: row for row in series.groups[dimension.code].get(country_code, [])}
    country = release.countries[country_code]
    own = list(by_group) if len(groups) > MOST_GROUPS else groups
    marks = [group_point(series, dimension, by_group.get(code), code) for code in own]
    gap = series.gap(dimension.code, country_code, "d")
    return charts.EquityRow(
        code=country_code,
        name=country.country_name,
        groups=marks,
        gap_text=parts.gap_figure_of(series, gap).short if by_group else "",
        without=_without(release, series, dimension, country_code, marks),
        lineage=parts.gap_lineage(series, gap, ROOT),
    )


def _without(
    release: Release, series: Series, dimension: Dimension, country_code: str, marks: Sequence[Point | None]
) -> str:
    """Return what is said of a country without any mark."""
    if any(mark and mark.value is not None for mark in marks):
        return ""
    if any(mark and mark.status == "suppressed" for mark in marks):
        return words.hidden()
    return absent(release, series, dimension, country_code).text


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
        lineage=parts.estimate_lineage(series, row, ROOT),
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
    head = row_head(release, series, country_code)
    if not by_group:
        return [head, absent(release, series, dimension, country_code)]
    gap = series.gap(dimension.code, country_code, "d")
    figure = gap_cell(series, gap)
    if is_many:
        return [head, figure.with_interval, between(dimension, gap)]
    figures = [parts.figure_of(series, by_group.get(code)) for code in groups]
    return [head, figure.with_interval, *figures]


def between(dimension: Dimension, gap: Gap | None) -> str:
    """Return which two groups a gap compares."""
    if gap is None or parts.shown_gap(gap) is None:
        return ""
    names = [dimension.groups.get(code or "", code or "") for code in (gap.reference_group, gap.compared_group)]
    return say("{first_group} and {last_group}", first_group=names[0], last_group=names[1])


def equity_records(release: Release, series: Series, dimension: Dimension, country_code: str) -> list[dict[str, Any]]:
    """Return the groups of a country with its gap as data."""
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
        **named(series, "regions"),
        title=title,
        description=f"{subject(series)}. {title}.",
        drawing=charts.choropleth(
            drawn, classes(series, drawn), name="regions", heading=heading(series), regions=release.region_shapes
        ),
        head=[],
        rows=[],
        records=lambda: [
            each for code in release.countries for each in equity_records(release, series, dimension, code)
        ],
        notes=[say(MAP_NOTE), say("Grey: no regions were reported, or the country has one.")],
        table_of=f"by-{REGIONS}",
    )
