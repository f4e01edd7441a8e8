"""How is my country doing? Each indicator on its own line from the worst to the best country; right is better."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from dashboards.charts.drawing import (
    NOT_A_NUMBER_STYLE,
    WIDTH,
    Drawing,
    Scale,
    exact,
    fitted,
    legend,
    row_of,
    shape,
    text,
    titled,
)
from dashboards.charts.palette import GREY, INK, MIDDLE_GREY, PALE, SOFT, STANDING_MARKS
from dashboards.charts.points import Point
from dashboards.speech import say

NAMES, PLOT_START, PLOT_END, FIGURES, REFERENCES, WORDS = 288, 300, 484, 556, 628, 636
ROW = 30
BAR, LINE = 13, 18  # how high a bar is, and a line across it
WITHOUT_EU = "3 2"  # dashes of the line of the middle country


class Reference(NamedTuple):
    """What a country is read against: the value of the EU, or the middle country where there is none."""

    value: float
    text: str
    is_eu: bool


class SpineRow(NamedTuple):
    """One indicator: the country's point (its name is the indicator's) and how the countries spread.

    `places`: lowest, lower quartile, upper quartile, highest; None where too few countries have a figure. `details`
    stand below the name.
    """

    point: Point
    places: tuple[float, float, float, float] | None
    is_higher_better: bool | None
    details: str = ""
    reference: Reference | None = None


def spine(rows: Sequence[SpineRow]) -> Drawing:
    """Return the chart of these rows, in their order."""
    drawn_legend, bottom = legend(_entries(rows))
    heads = round(bottom) + 20
    top = heads + 4
    drawn = "".join(_row(row, top + ROW * place + ROW / 2) for place, row in enumerate(rows))
    return Drawing(WIDTH, top + ROW * len(rows) + 4, drawn_legend + _heads(heads) + drawn)


def _entries(rows: Sequence[SpineRow]) -> list[tuple[Callable[[float, float], str], str]]:
    """Return the legend: of the lines that are drawn, and of both shades of the bars."""
    kinds = {row.reference.is_eu for row in rows if row.reference and row.places}
    lines = ((True, say("EU value")), (False, say("middle country, {letter}", letter="m")))
    return [
        *((partial(_line, is_eu=is_eu), words) for is_eu, words in lines if is_eu in kinds),
        (lambda x, y: _bar(x - 6, x + 6, y, PALE), say("all countries")),
        (lambda x, y: _bar(x - 6, x + 6, y, MIDDLE_GREY), say("the middle half of the countries")),
    ]


def _heads(y: float) -> str:
    half = (PLOT_END - PLOT_START) / 2
    return (
        fitted(PLOT_START, y, say("worst country"), room=half, size=11, colour=GREY)
        + fitted(PLOT_END, y, say("best country"), room=half, size=11, colour=GREY, anchor="end")
        + fitted(FIGURES, y, say("Figure"), room=FIGURES - PLOT_END - 10, size=11, colour=GREY, anchor="end")
        + fitted(REFERENCES, y, say("EU value"), room=REFERENCES - FIGURES - 8, size=11, colour=GREY, anchor="end")
    )


def _row(row: SpineRow, y: float) -> str:
    point = row.point
    name = titled(NAMES, y + 4, point.name, row.details, room=NAMES - 24)
    if point.value is None:
        room = REFERENCES - PLOT_END - 60
        figure = fitted(PLOT_END + 10, y + 4, point.text, room=room, size=11.5, more=NOT_A_NUMBER_STYLE)
    else:
        figure = text(FIGURES, y + 4, point.text, anchor="end", more='font-weight="600"')
        figure += fitted(WORDS, y + 4, point.standing_words, room=WIDTH - WORDS - 2) if point.standing else ""
    reference = text(REFERENCES, y + 4, row.reference.text, colour=SOFT, anchor="end") if row.reference else ""
    return row_of(point.code, name + _places(row, y) + figure + reference, lineage=point.lineage)


def _places(row: SpineRow, y: float) -> str:
    if row.places is None:
        return ""
    point, reference = row.point, row.reference
    held = [*row.places, *([] if point.value is None else [point.value]), *([reference.value] if reference else [])]
    low, high = min(held), max(held)
    start, end = (PLOT_END, PLOT_START) if row.is_higher_better is False else (PLOT_START, PLOT_END)
    scale = Scale(low, high if high > low else low + 1, start, end)
    lowest, lower_quartile, upper_quartile, highest = (scale.at(place) for place in row.places)
    parts = [_bar(lowest, highest, y, PALE), _bar(lower_quartile, upper_quartile, y, MIDDLE_GREY)]
    if reference:
        parts.append(_line(scale.at(reference.value), y, is_eu=reference.is_eu))
    if point.value is not None:
        mark, colour = STANDING_MARKS[point.standing]
        at = scale.at(point.value)
        parts.append(shape(mark, colour, at, y, is_hollow=point.is_hollow, data=exact(point.value)))
    return "".join(parts)


def _bar(start: float, end: float, y: float, colour: str) -> str:
    return f'<path d="M{start:g},{y:g}H{end:g}" stroke="{colour}" stroke-width="{BAR}"/>'


def _line(x: float, y: float, *, is_eu: bool) -> str:
    dashes = "" if is_eu else f' stroke-dasharray="{WITHOUT_EU}"'
    return f'<path d="M{x:g},{y - LINE / 2:g}v{LINE}" stroke="{INK}" stroke-width="2"{dashes}/>'
