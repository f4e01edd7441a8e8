"""Gaps: all indicators by one dimension; one page for each dimension."""

from typing import Any

from dashboards import sentences, words
from dashboards.figures import Dimension, Release, Series
from dashboards.pages import parts, rows
from dashboards.speech import say


def context(release: Release, dimension: Dimension) -> dict[str, Any]:
    """Return what the page of one dimension shows: the middle gap of each indicator, and the gap of each country."""
    listed = [series for series in release.headlines if series.groups.get(dimension.code)]
    return {
        "dimension": dimension,
        "rows": [_row(release, series, dimension) for series in listed],
        "says": _says(release, listed, dimension),
        "pages": [(each, page_name(release, each)) for each in release.dimensions.values()],
    }


def page_name(release: Release, dimension: Dimension) -> str:
    """Return the name of a dimension's page; the first dimension's is that of all gaps."""
    return "gaps.html" if dimension == rows.gap_dimension(release) else f"gaps-{dimension.code}.html"


def _row(release: Release, series: Series, dimension: Dimension) -> dict[str, Any]:
    gaps = sentences.shown_gaps(release, series, dimension)
    sizes = [gap.estimate or 0.0 for gap in gaps.values()]
    return {
        "series": series,
        "line": parts.row_line(series, words.gap_unit(series.indicator.unit)),
        "mark": parts.mark(parts.synthetic_word(series.summary)),
        "count": words.part_of(len(sizes), len(release.countries)),
        "middle": rows.middle_gap(series, sizes),
        "cells": [
            (each.country_name, _cell(release, series, dimension, code)) for code, each in release.countries.items()
        ],
    }


def _cell(release: Release, series: Series, dimension: Dimension, country_code: str) -> dict[str, Any]:
    gap = series.gap(dimension.code, country_code, "d")
    figure = parts.gap_figure_of(series, gap)
    if gap is None:
        without = words.not_applicable() if country_code in dimension.undivided else words.not_reported()
        return {"text": without.short, "class": "word"}
    if not figure.is_number:
        return {"text": figure.short, "class": "word"}
    is_clear = dimension.is_ordered and gap.lower_ci is not None and gap.lower_ci > 0
    is_turned = dimension.is_ordered and gap.upper_ci is not None and gap.upper_ci < 0
    is_judged = series.indicator.is_higher_better is not None
    name = ("worse" if is_clear else "better" if is_turned else "") if is_judged else ""
    return {"text": figure.text, "class": name}


def _says(release: Release, listed: list[Series], dimension: Dimension) -> str:
    if not dimension.is_ordered:
        return ""
    judged = [series for series in listed if series.indicator.is_higher_better is not None]
    gaps = [gap for series in judged for gap in sentences.shown_gaps(release, series, dimension).values()]
    counts = sentences.judged_gaps(gaps)
    said = say(
        "In {worse} of {judged} gaps that have an interval those with less stand worse beyond chance, in {better} "
        "better",
        worse=counts.worse,
        judged=counts.judged,
        better=counts.better,
    )
    return f"{sentences.with_unclear(said, counts.unclear)}."
