"""Where do countries stand? One line for each, the best first: a mark, its 95 % interval, the figure and the word."""

from collections.abc import Sequence

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

NAMES, PLOT_START, PLOT_END, FIGURES = 128, 140, 560, 612
WORDS = WIDTH - FIGURES - 12
TOP, ROW = 26, 18


def ranked_dots(points: Sequence[Point], *, reference: float | None = None, reference_words: str = "") -> Drawing:
    """Return the chart of these points, in their order; `reference` is drawn as a dashed line with its words below."""
    ends = [each for point in points for each in (point.value, point.lower, point.upper) if each is not None]
    scale = scale_to([*ends, reference] if reference is not None else ends, PLOT_START, PLOT_END)
    bottom = TOP + ROW * len(points)
    rows = "".join(_row(point, TOP + ROW * place + ROW / 2, scale) for place, point in enumerate(points))
    line = _reference(scale.at(reference), bottom, reference_words) if reference is not None else ""
    height = bottom + (22 if line else 6)
    return Drawing(WIDTH, height, vertical_grid(scale, TOP, bottom) + line + rows)


def _reference(x: float, bottom: float, words: str) -> str:
    return (
        f'<path d="M{x},{TOP}V{bottom + 4}" stroke="{INK}" stroke-width="1.3" stroke-dasharray="4 3"/>'
        f"{text(x, bottom + 17, words, size=11.5, anchor='middle')}"
    )


def _row(point: Point, y: float, scale: Scale) -> str:
    name = fitted(NAMES, y + 4, point.name, room=NAMES, anchor="end")
    if point.value is None:
        word = text(PLOT_START + 4, y + 4, point.text, more=NOT_A_NUMBER_STYLE)
        return row_of(point.code, name + word, lineage=point.lineage)
    mark, colour = STANDING_MARKS[point.standing]
    bar = ""
    if point.lower is not None and point.upper is not None:
        bar = f'<path d="M{scale.at(point.lower)},{y:g}H{scale.at(point.upper)}" stroke="{colour}" stroke-width="2"/>'
    drawn = shape(mark, colour, scale.at(point.value), y, is_hollow=point.is_hollow, data=exact(point.value))
    figure = text(FIGURES, y + 4, point.text, anchor="end", more='font-weight="600"')
    word = fitted(FIGURES + 10, y + 4, point.standing_words, room=WORDS) if point.standing else ""
    return row_of(point.code, name + bar + drawn + figure + word, lineage=point.lineage)
