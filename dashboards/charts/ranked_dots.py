"""Where do countries stand? One line for each, the best first: a mark, its 95 % interval, the figure and the word."""

from collections.abc import Sequence
from typing import Any

from dashboards.charts.drawing import (
    NOT_A_NUMBER_STYLE,
    WIDTH,
    Drawing,
    Scale,
    exact,
    fitted,
    row_of,
    scale_to,
    shape,
    text,
    vertical_grid,
)
from dashboards.charts.palette import INK, STANDING_MARKS
from dashboards.charts.points import Point
from dashboards.ordering import HERE, in_order

NAMES, PLOT_START, PLOT_END, FIGURES = 128, 140, 560, 612
WORDS = WIDTH - FIGURES - 12
TOP, ROW = 26, 18
MARK = 4  # from the middle of a mark to where its bar begins


def ranked_dots(
    points: Sequence[Point], *, reference: float | None = None, reference_words: str = "", ranks: Sequence[Any] = ()
) -> Drawing:
    """Return the chart of these points, in their order; `reference` is drawn as a dashed line with its words below.

    `ranks`, one for each point: points of the same rank stand in the order of their names.
    """
    ends = [each for point in points for each in (point.value, point.lower, point.upper) if each is not None]
    scale = scale_to([*ends, reference] if reference is not None else ends, PLOT_START, PLOT_END)
    bottom = TOP + ROW * len(points)
    rows = in_order(
        [(point.name, _row(point, scale)) for point in points],
        [f"{TOP + ROW * place + ROW / 2:g}" for place in range(len(points))],
        ranks or range(len(points)),
    )
    line = _reference(scale.at(reference), bottom, reference_words) if reference is not None else ""
    height = bottom + (22 if line else 6)
    return Drawing(WIDTH, height, vertical_grid(scale, TOP, bottom) + line + rows)


def _reference(x: float, bottom: float, words: str) -> str:
    return (
        f'<path d="M{x},{TOP}V{bottom + 4}" stroke="{INK}" stroke-width="1.3" stroke-dasharray="4 3"/>'
        f"{text(x, bottom + 17, words, size=11.5, anchor='middle')}"
    )


def _row(point: Point, scale: Scale) -> str:
    name = fitted(NAMES, 4, point.name, room=NAMES, anchor="end")
    place = f"0,{HERE}"
    if point.value is None:
        word = text(PLOT_START + 4, 4, point.text, more=NOT_A_NUMBER_STYLE)
        return row_of(point.code, name + word, place=place, lineage=point.lineage)
    mark, colour = STANDING_MARKS[point.standing]
    at = scale.at(point.value)
    bar = ""
    if point.lower is not None and point.upper is not None:
        bar = _bar(scale.at(point.lower) - at, scale.at(point.upper) - at)
    drawn = shape(mark, colour, at, 0, is_hollow=point.is_hollow, data=exact(point.value), bar=bar)
    figure = text(FIGURES, 4, point.text, anchor="end", more='font-weight="600"')
    word = fitted(FIGURES + 10, 4, point.standing_words, room=WORDS) if point.standing else ""
    return row_of(point.code, name + drawn + figure + word, place=place, lineage=point.lineage)


def _bar(lower: float, upper: float) -> str:
    """Return the interval left and right of a mark as part of its path; in between a hollow mark stays hollow."""
    left = f"M{lower:g},0H{-MARK}" if lower < -MARK else ""
    return left + (f"M{MARK},0H{upper:g}" if upper > MARK else "")
