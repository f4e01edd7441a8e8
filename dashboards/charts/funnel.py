"""Is it more than chance? Value against size, with the limits within which chance alone would leave a country."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from dashboards.charts.drawing import (
    WIDTH,
    Drawing,
    Scale,
    exact,
    fitted,
    horizontal_grid,
    row_of,
    scale_to,
    shape,
    text,
)
from dashboards.charts.palette import GREY, GRID, INK, STANDING_MARKS
from dashboards.charts.points import Point
from dashboards.speech import say
from dashboards.words import tick

LEFT, RIGHT, TOP, BOTTOM = 48, 690, 16, 380
LIMITS = 160  # from one limit of the legend to the other
LETTER, LINE = 7.4, 12.0


class FunnelLimits(NamedTuple):
    """The limits for one denominator, in the unit of the indicator."""

    denominator: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float


def funnel(
    points: Sequence[Point], limits: Sequence[FunnelLimits], *, middle: float, middle_words: str, size_words: str
) -> Drawing:
    """Return the funnel of the points that have a value and a denominator. `middle` is the value of the EU."""
    drawn = [point for point in points if point.value is not None and point.denominator]
    ordered = sorted(limits)
    ends = [each for limit in ordered for each in limit[1:]] + [
        point.value for point in drawn if point.value is not None
    ]
    scale = scale_to([*ends, middle], BOTTOM, TOP)
    sizes = [point.denominator for point in drawn if point.denominator]
    low, high = math.log10(min(sizes)), math.log10(max(sizes))
    across = Scale(low, high if high > low else low + 1, LEFT + 24, RIGHT - 24)
    lines = "".join(
        _limit([(across.at(math.log10(each[0])), scale.at(each[column])) for each in ordered], is_dashed=column < 3)
        for column in (1, 2, 3, 4)
    )
    at = scale.at(middle)
    eu = f'<path d="M{LEFT},{at}H{RIGHT}" stroke="{INK}" stroke-width="1.3"/>'
    eu += text(LEFT + 4, at - 5, middle_words, size=11)
    marks = _marks(drawn, across, scale)
    legend = (
        f'<path d="M{LEFT},{BOTTOM + 52}h26" stroke="{GREY}" stroke-width="1.4" stroke-dasharray="4 3"/>'
        f"{fitted(LEFT + 32, BOTTOM + 56, say('95 % limits'), room=LIMITS - 44, size=11.5)}"
        f'<path d="M{LEFT + LIMITS},{BOTTOM + 52}h26" stroke="{GREY}" stroke-width="1.4"/>'
        f"{fitted(LEFT + LIMITS + 32, BOTTOM + 56, say('99.8 % limits'), room=LIMITS, size=11.5)}"
    )
    size_axis = _size_axis(across, low, high) + text(
        (LEFT + RIGHT) / 2, BOTTOM + 34, size_words, size=11.5, anchor="middle"
    )
    return Drawing(WIDTH, BOTTOM + 64, horizontal_grid(scale, LEFT, RIGHT) + size_axis + lines + eu + marks + legend)


def _limit(places: Sequence[tuple[float, float]], *, is_dashed: bool) -> str:
    line = " ".join(f"{x:g},{y:g}" for x, y in places)
    dash = ' stroke-dasharray="4 3"' if is_dashed else ""
    return f'<polyline points="{line}" fill="none" stroke="{GREY}" stroke-width="1.4"{dash}/>'


def _size_axis(across: Scale, low: float, high: float) -> str:
    powers = range(math.floor(low), math.ceil(high) + 1)
    sizes = [size * 10.0**power for power in powers for size in (1, 3)]
    return "".join(
        f'<path d="M{across.at(math.log10(size))},{TOP}V{BOTTOM}" stroke="{GRID}"/>'
        + text(across.at(math.log10(size)), BOTTOM + 16, tick(size), size=11, colour=GREY, anchor="middle")
        for size in sizes
        if low <= math.log10(size) <= high
    )


def _marks(points: Sequence[Point], across: Scale, scale: Scale) -> str:
    """Return the marks with their countries' codes, each where it covers neither a mark nor another code."""
    places = [(across.at(math.log10(point.denominator or 1)), scale.at(point.value or 0.0)) for point in points]
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in places]
    parts = []
    for point, (x, y) in zip(points, places, strict=True):
        name, colour = STANDING_MARKS[point.standing]
        mark = shape(name, colour, x, y, is_hollow=point.is_hollow, data=exact(point.value or 0.0))
        label, box = _label(point.code, x, y, taken)
        taken.append(box)
        parts.append(row_of(point.code, mark + label, tip=point.tip, lineage=point.lineage))
    return "".join(parts)


Box = tuple[float, float, float, float]


def _label(code: str, x: float, y: float, taken: Sequence[Box]) -> tuple[str, Box]:
    width = LETTER * len(code)
    tried = [
        (x + away_x if away_x >= 0 else x + away_x - width, y + away_y)
        for away in (8, 16, 26)
        for away_x, away_y in (
            (away, 4), (-away, 4), (-width / 2, -away), (-width / 2, away + 8), (away, -away), (away, away + 4),
            (-away, -away), (-away, away + 4),
        )
    ]  # fmt: skip
    boxes = [(left, base - LINE + 2, left + width, base + 2) for left, base in tried]
    free = next((place for place, box in enumerate(boxes) if not any(_meet(box, each) for each in taken)), 0)
    left, base = tried[free]
    leader = f'<path d="M{x:g},{y:g}L{left + width / 2:g},{base - 4:g}" stroke="{GREY}" stroke-width="0.6"/>'
    return (leader if free >= 8 else "") + text(round(left, 1), round(base, 1), code, size=11), boxes[free]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
