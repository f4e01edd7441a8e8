"""How is my country doing? Each indicator on its own line from the worst to the best country; right is better."""

from collections.abc import Sequence
from typing import NamedTuple

from dashboards.charts.drawing import (
    NOT_A_NUMBER_STYLE,
    WIDTH,
    Drawing,
    Scale,
    exact,
    fitted,
    row_of,
    shape,
    text,
    wrapped,
)
from dashboards.charts.palette import GREY, INK, MIDDLE_GREY, PALE, STANDING_MARKS
from dashboards.charts.points import Point

NAMES, PLOT_START, PLOT_END, FIGURES = 262, 276, 560, 624
TOP, ROW = 20, 24


class SpineRow(NamedTuple):
    """One indicator: the country's point (its name is the indicator's) and how the countries spread.

    `places`: lowest, lower quartile, middle, upper quartile, highest; None where too few countries have a figure.
    """

    point: Point
    places: tuple[float, float, float, float, float] | None
    is_higher_better: bool | None


def spine(rows: Sequence[SpineRow], *, worst: str, best: str) -> Drawing:
    """Return the chart of these rows, in their order; `worst` and `best` are the words above its ends."""
    half = (PLOT_END - PLOT_START) / 2
    ends = fitted(PLOT_START, 12, worst, room=half, size=11, colour=GREY)
    ends += fitted(PLOT_END, 12, best, room=half, size=11, colour=GREY, anchor="end")
    drawn = "".join(_row(row, TOP + ROW * place + ROW / 2) for place, row in enumerate(rows))
    return Drawing(WIDTH, TOP + ROW * len(rows) + 4, ends + drawn)


def _row(row: SpineRow, y: float) -> str:
    point = row.point
    name = wrapped(NAMES, y + 4, point.name, letters=40, size=11)
    if point.value is None:
        figure = text(FIGURES, y + 4, point.text, size=11.5, anchor="end", more=NOT_A_NUMBER_STYLE)
    else:
        figure = text(FIGURES, y + 4, point.text, anchor="end", more='font-weight="600"')
        figure += fitted(FIGURES + 8, y + 4, point.standing_words, room=WIDTH - FIGURES - 10) if point.standing else ""
    return row_of(point.code, name + _line(row, y) + figure, lineage=point.lineage)


def _line(row: SpineRow, y: float) -> str:
    if row.places is None:
        return ""
    point = row.point
    held = [*row.places] if point.value is None else [*row.places, point.value]
    low, high = min(held), max(held)
    start, end = (PLOT_END, PLOT_START) if row.is_higher_better is False else (PLOT_START, PLOT_END)
    scale = Scale(low, high if high > low else low + 1, start, end)
    lowest, lower_quartile, middle, upper_quartile, highest = (scale.at(place) for place in row.places)
    parts = [
        f'<path d="M{lowest},{y:g}H{highest}" stroke="{PALE}" stroke-width="13"/>',
        f'<path d="M{lower_quartile},{y:g}H{upper_quartile}" stroke="{MIDDLE_GREY}" stroke-width="13"/>',
        f'<path d="M{middle},{y - 8:g}v16" stroke="{INK}" stroke-width="2"/>',
    ]
    if point.value is not None:
        mark, colour = STANDING_MARKS[point.standing]
        at = scale.at(point.value)
        parts.append(shape(mark, colour, at, y, is_hollow=point.is_hollow, data=exact(point.value)))
    return "".join(parts)
