"""Where do countries stand? The map, for orientation; countries too small to be seen stand beside it."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from markupsafe import escape

from dashboards.charts.classes import Classes
from dashboards.charts.drawing import WIDTH, Drawing, exact, no_number_fill, patterns, row_of, text
from dashboards.charts.palette import INK, LAND, SEA
from dashboards.charts.points import Point
from dashboards.maps import SHAPES_FILE

MAP_WIDTH = 500
LEGEND = MAP_WIDTH + 24
SMALL_AREA = 700  # square units of the shapes: about the size of Cyprus
NO_NUMBER_WORDS = (
    ("not_reported", "not reported"),
    ("suppressed", "hidden (s)"),
    ("not_applicable", "not applicable"),
)


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
    scale = MAP_WIDTH / drawn["width"]
    height = round(drawn["height"] * scale)
    ours = {point.code for point in points}
    others = "".join(shape["path"] for code, shape in ground["countries"].items() if code not in ours)
    countries = "".join(
        _country(point, drawn["countries"][point.code], classes, name)
        for point in points
        if point.code in drawn["countries"]
    )
    content = (
        f'{patterns(name)}<svg width="{MAP_WIDTH}" height="{height}" viewBox="0 0 {drawn["width"]} {drawn["height"]}">'
        f'<rect width="{drawn["width"]}" height="{drawn["height"]}" fill="{SEA}" fill-opacity="0.6"/>'
        f'<path d="{ground["land"]}{others}" fill="{LAND}"/>{countries}</svg>'
    )
    legend, bottom = _legend(points, classes, name, heading, reference_words)
    beside = (
        []
        if regions
        else [point for point in points if drawn["countries"].get(point.code, {"area": 0})["area"] < SMALL_AREA]
    )
    listed, bottom = _small(beside, classes, name, bottom + 26)
    return Drawing(WIDTH, max(height, bottom), content + legend + listed)


def _fill(point: Point, classes: Classes | None, name: str) -> str:
    if point.value is None or classes is None:
        return no_number_fill(name, point.status)
    return classes.fill(point.value)


def _country(point: Point, shape: dict[str, Any], classes: Classes | None, name: str) -> str:
    value = f' data-v="{exact(point.value)}"' if point.value is not None else ""
    drawn = (
        f'<path d="{shape["path"]}" fill="{_fill(point, classes, name)}" stroke="{INK}" stroke-width="1.3" '
        f'stroke-linejoin="round"{value}><title>{escape(point.tip)}</title></path>'
    )
    return row_of(point.code, drawn)


def _swatch(y: float, fill: str) -> str:
    return f'<rect x="{LEGEND}" y="{y - 11:g}" width="20" height="13" fill="{fill}" stroke="{INK}" stroke-width="0.8"/>'


def _legend(
    points: Sequence[Point], classes: Classes | None, name: str, heading: str, reference_words: str
) -> tuple[str, float]:
    """Return the legend and where it ends: every class from high to low, what has no number, the value of the EU."""
    y = 18.0
    parts = []
    for place, line in enumerate(heading.split("\n")):
        parts.append(text(LEGEND, y, line, more='font-weight="600"' if place == 0 else ""))
        y += 16
    y += 6
    entries = list(zip(classes.words, classes.fills, strict=True))[::-1] if classes else []
    present = {point.status for point in points if point.value is None}
    entries += [(words, no_number_fill(name, status)) for status, words in NO_NUMBER_WORDS if status in present]
    for words, fill in entries:
        parts.append(_swatch(y, fill) + text(LEGEND + 28, y, words))
        y += 19
    if reference_words:
        parts.append(text(LEGEND, y + 6, reference_words, more='font-weight="600"'))
        y += 22
    return "".join(parts), y


def _small(points: Sequence[Point], classes: Classes | None, name: str, y: float) -> tuple[str, float]:
    if not points:
        return "", y
    parts = [text(LEGEND, y, "Small on the map", more='font-weight="600"')]
    for point in points:
        y += 20
        words = f"{point.name}: {point.text}"
        parts.append(row_of(point.code, _swatch(y, _fill(point, classes, name)) + text(LEGEND + 28, y, words)))
    return "".join(parts), y + 10
