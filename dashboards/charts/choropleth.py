"""Where do countries stand? The map, for orientation; countries too small to be seen stand below it."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from dashboards.charts.classes import Classes
from dashboards.charts.drawing import NARROW, Drawing, exact, fitted, no_number_fill, patterns, row_of, swatch, swatches
from dashboards.charts.palette import INK, LAND, SEA
from dashboards.charts.points import Point
from dashboards.maps import SHAPES_FILE
from dashboards.speech import say
from ingestion.languages import phrase

SMALL = NARROW / 2 + 8  # where the countries begin that stand beside the legend
ROOM = NARROW / 2 - 16
SMALL_AREA = 700  # square units of the shapes: about the size of Cyprus
NO_NUMBER_WORDS = {
    "not_reported": phrase("not reported"),
    "suppressed": phrase("hidden (s)"),
    "not_applicable": phrase("not applicable"),
}


@cache
def shapes() -> dict[str, Any]:
    """Return the shapes as `build_shapes` made them."""
    found: dict[str, Any] = json.loads(SHAPES_FILE.read_text(encoding="utf-8"))
    return found


def choropleth(
    points: Sequence[Point],
    classes: Classes | None,
    *,
    name: str,
    heading: str,
    reference_words: str = "",
    regions: dict[str, Any] | None = None,
) -> Drawing:
    """Return the map of these points. `heading` says unit and direction, `reference_words` the value of the EU.

    `regions`: the shapes of regions, if the points are regions; what is not among them is land.
    """
    ground, drawn = shapes(), regions or shapes()
    scale = NARROW / drawn["width"]
    height = round(drawn["height"] * scale)
    ours = {point.code for point in points}
    others = "".join(shape["path"] for code, shape in ground["countries"].items() if code not in ours)
    countries = "".join(
        _country(point, drawn["countries"][point.code], classes, name)
        for point in points
        if point.code in drawn["countries"]
    )
    content = (
        f'{patterns(name)}<svg width="{NARROW}" height="{height}" viewBox="0 0 {drawn["width"]} {drawn["height"]}">'
        f'<rect width="{drawn["width"]}" height="{drawn["height"]}" fill="{SEA}" fill-opacity="0.6"/>'
        f'<path d="{ground["land"]}{others}" fill="{LAND}"/>{countries}</svg>'
    )
    legend, legend_end = _legend(points, classes, name, heading, reference_words, height + 22)
    beside = (
        []
        if regions
        else [point for point in points if drawn["countries"].get(point.code, {"area": 0})["area"] < SMALL_AREA]
    )
    listed, listed_end = _small(beside, classes, name, height + 22)
    return Drawing(NARROW, round(max(legend_end, listed_end)), content + legend + listed)


def _fill(point: Point, classes: Classes | None, name: str) -> str:
    if point.value is None or classes is None:
        return no_number_fill(name, point.status)
    return classes.fill(point.value)


def _country(point: Point, shape: dict[str, Any], classes: Classes | None, name: str) -> str:
    value = f' data-v="{exact(point.value)}"' if point.value is not None else ""
    drawn = (
        f'<path d="{shape["path"]}" fill="{_fill(point, classes, name)}" stroke="{INK}" stroke-width="1.3" '
        f'stroke-linejoin="round"{value}/>'
    )
    return row_of(point.code, drawn, tip=point.tip, lineage=point.lineage)


def _legend(
    points: Sequence[Point], classes: Classes | None, name: str, heading: str, reference_words: str, y: float
) -> tuple[str, float]:
    """Return the legend and where it ends: every class from high to low, what has no number, the value of the EU."""
    drawn, y = swatches(2, y, heading, entries_of(points, classes, name, NO_NUMBER_WORDS), room=ROOM)
    if reference_words:
        drawn += fitted(2, y + 6, reference_words, room=ROOM, more='font-weight="600"')
        y += 22
    return drawn, y


def entries_of(
    points: Sequence[Point], classes: Classes | None, name: str, no_number_words: dict[str, str]
) -> list[tuple[str, str]]:
    """Return (words, fill) of every class, from high to low, and of what these points have instead of a number."""
    present = {point.status for point in points if point.value is None}
    entries = list(zip(classes.words, classes.fills, strict=True))[::-1] if classes else []
    without = [(say(words), no_number_fill(name, each)) for each, words in no_number_words.items() if each in present]
    return entries + without


def _small(points: Sequence[Point], classes: Classes | None, name: str, y: float) -> tuple[str, float]:
    if not points:
        return "", y
    parts = [fitted(SMALL, y, say("Small on the map"), room=ROOM, more='font-weight="600"')]
    for point in points:
        y += 20
        words = f"{point.name}: {point.text}"
        drawn = swatch(SMALL, y, _fill(point, classes, name)) + fitted(SMALL + 28, y, words, room=ROOM - 28)
        parts.append(row_of(point.code, drawn, lineage=point.lineage))
    return "".join(parts), y + 10
