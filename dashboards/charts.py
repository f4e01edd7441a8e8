"""Charts as text: each row of a table carries a small SVG, so the table is the chart and the chart is the table.

Positions are percentages of the drawing's width, so a chart fits a telephone, a screen and a printed page without
stretching its marks. Colours stand in attributes, because some printers of PDF ignore style sheets in drawings.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

INK = "#1F2933"
NAVY = "#1D4273"
BROWN = "#8A2B06"
GREY = "#6B7280"
PALE = "#E3E8EE"
MIDDLE_GREY = "#B9C4D0"
GRID = "#DDE2E8"
RAMP = ("#E8F1C9", "#A9D3A0", "#5FAE9B", "#2F7D94", "#1D4273")  # five classes, light to dark
RAMP_INK = (INK, INK, INK, "#FFFFFF", "#FFFFFF")

ROW_HEIGHT = 24
MIDLINE = ROW_HEIGHT / 2
MARGIN_PCT = 3.0  # room for half a mark at both ends
TICK_COUNT = 4

# Colours of groups, from the most disadvantaged to the least where the dimension is ordered.
GROUP_COLOURS = {
    1: (NAVY,),
    2: (BROWN, NAVY),
    3: (BROWN, "#8C8C8C", NAVY),
    4: (BROWN, "#D08A4E", "#5C97B8", NAVY),
    5: (BROWN, "#D08A4E", "#8C8C8C", "#5C97B8", NAVY),
}
SHAPES = {
    "up": "M0,-6 L5.5,4.5 L-5.5,4.5 Z",
    "down": "M0,6 L5.5,-4.5 L-5.5,-4.5 Z",
    "square": "M-4.5,-4.5 H4.5 V4.5 H-4.5 Z",
    "diamond": "M0,-6 L6,0 L0,6 L-6,0 Z",
    "circle": "M-5,0 A5,5 0 1 1 5,0 A5,5 0 1 1 -5,0 Z",
    "dot": "M-3,0 A3,3 0 1 1 3,0 A3,3 0 1 1 -3,0 Z",
}
GROUP_SHAPES = {
    1: ("circle",),
    2: ("up", "circle"),
    3: ("up", "square", "circle"),
    4: ("up", "diamond", "square", "circle"),
    5: ("up", "diamond", "square", "down", "circle"),
}
MANY_MARK = ("dot", NAVY)  # more than five groups: no mark of their own
STANDING_MARKS = {
    "better": ("up", NAVY),
    "worse": ("down", BROWN),
    "similar": ("circle", GREY),
    "higher": ("up", GREY),
    "lower": ("down", GREY),
    "": ("circle", NAVY),
}


@dataclass(frozen=True)
class Scale:
    """A horizontal axis from zero to `maximum`, with its ticks; values in the unit of the indicator."""

    maximum: float
    ticks: tuple[float, ...]

    def x(self, value: float) -> str:
        """Return the place of a value, in percent of the drawing's width."""
        share = min(1.0, max(0.0, value / self.maximum))
        return f"{MARGIN_PCT + share * (100 - 2 * MARGIN_PCT):.2f}%"


def scale_to(highest: float) -> Scale:
    """Return an axis from zero that holds `highest` and has round ticks."""
    rough = max(highest, 1e-9) / TICK_COUNT
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough - 1e-12)
    count = max(1, math.ceil(highest / step - 1e-9))
    return Scale(maximum=step * count, ticks=tuple(step * place for place in range(count + 1)))


def axis(scale: Scale) -> Markup:
    """Return the tick labels that stand in the head of a chart's column."""
    labels = "".join(
        f'<text x="{scale.x(tick)}" y="11" font-size="11" fill="{GREY}" text-anchor="middle">{tick:g}</text>'
        for tick in scale.ticks
    )
    return _drawing(labels, height=14)


def grid(scale: Scale, name: str, *, reach: int = 4) -> Markup:
    """Return the grid lines of a chart; its rows refer to them by `name`, which is unique on a page.

    `reach`: how many pixels the lines go beyond a row's drawing, so that they meet where rows of the table are higher.
    """
    lines = "".join(
        f'<line x1="{scale.x(tick)}" x2="{scale.x(tick)}" y1="{-reach}" y2="{ROW_HEIGHT + reach}" stroke="{GRID}"/>'
        for tick in scale.ticks
    )
    return Markup(f'<svg class="defs" width="0" height="0" aria-hidden="true"><g id="{escape(name)}">{lines}</g></svg>')


@dataclass(frozen=True)
class Mark:
    """One mark of a row: a shape, filled, or hollow where the reliability is low."""

    value: float
    shape: str
    colour: str
    is_hollow: bool = False

    def draw(self, scale: Scale) -> str:
        """Return the mark at its place."""
        name = _mark_name(self.shape, self.colour, is_hollow=self.is_hollow)
        return f'<use href="#{name}" x="{scale.x(self.value)}" y="{MIDLINE:g}"/>'


def mark_definitions() -> Markup:
    """Return every mark once; the rows of a page's charts refer to them, so that a page stays light."""
    groups = [mark for count in GROUP_SHAPES for mark in zip(GROUP_SHAPES[count], GROUP_COLOURS[count], strict=True)]
    marks = sorted({*groups, *STANDING_MARKS.values(), MANY_MARK})
    drawn = "".join(
        f'<g id="{_mark_name(*mark, is_hollow=is_hollow)}">{shape(*mark, is_hollow=is_hollow)}</g>'
        for mark in marks
        for is_hollow in (False, True)
    )
    return Markup(f'<svg class="defs" width="0" height="0" aria-hidden="true">{drawn}</svg>')


def _mark_name(shape_name: str, colour: str, *, is_hollow: bool) -> str:
    return f"{shape_name}-{colour[1:]}{'-hollow' if is_hollow else ''}"


def shape(name: str, colour: str, *, is_hollow: bool = False) -> str:
    """Return one shape around the origin. The dark outline keeps light colours legible."""
    fill, stroke, width = ("#FFFFFF", colour, 1.8) if is_hollow else (colour, INK, 0.7)
    return f'<path d="{SHAPES[name]}" fill="{fill}" stroke="{stroke}" stroke-width="{width}"/>'


def legend_mark(name: str, colour: str, *, is_hollow: bool = False) -> Markup:
    """Return a shape as a small picture of its own, for legends and heads of columns."""
    return Markup(
        '<svg class="key" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">'
        f"{shape(name, colour, is_hollow=is_hollow)}</svg>"
    )


def group_marks(count: int) -> list[tuple[str, str]]:
    """Return (shape, colour) for each of `count` groups; beyond five groups all look alike."""
    known = min(count, 5)
    if count > 5:
        return [MANY_MARK] * count
    return list(zip(GROUP_SHAPES.get(known, ()), GROUP_COLOURS.get(known, ()), strict=True))


def rank_row(
    scale: Scale,
    *,
    grid_name: str,
    value: float,
    limits: tuple[float | None, float | None],
    middle: float | None,
    standing: str,
    is_low_reliability: bool,
    title: str,
) -> Markup:
    """Return one country's dot with its 95 % interval, the middle country as a dashed line."""
    shape_name, colour = STANDING_MARKS[standing]
    lower, upper = limits
    parts = [_middle_line(scale, middle)]
    if lower is not None and upper is not None:
        parts.append(_bar(scale, lower, upper, colour=colour, width=2))
    parts.append(Mark(value, shape_name, colour, is_low_reliability).draw(scale))
    return _drawing("".join(parts), title=title, grid_name=grid_name)


def equity_row(scale: Scale, marks: Sequence[Mark], *, grid_name: str) -> Markup:
    """Return the groups of one country (or indicator) on one line, joined from the lowest to the highest."""
    values = [mark.value for mark in marks]
    joined = _bar(scale, min(values), max(values), colour="#9AA5B1", width=3) if len(values) > 1 else ""
    return _drawing(joined + "".join(mark.draw(scale) for mark in marks), grid_name=grid_name)


def spread_row(
    scale: Scale,
    *,
    lowest: float,
    lower_quartile: float,
    middle: float | None,
    upper_quartile: float,
    highest: float,
    title: str,
) -> Markup:
    """Return how countries spread: the range, the middle half and the middle country."""
    parts = [
        _bar(scale, lowest, highest, colour=MIDDLE_GREY, width=2),
        _bar(scale, lower_quartile, upper_quartile, colour=NAVY, width=8),
    ]
    if middle is not None:
        at = scale.x(middle)
        parts.append(f'<line x1="{at}" x2="{at}" y1="5" y2="19" stroke="#FFFFFF" stroke-width="4"/>')
        parts.append(f'<line x1="{at}" x2="{at}" y1="4" y2="20" stroke="{INK}" stroke-width="2"/>')
    return _drawing("".join(parts), title=title)


def position_row(
    places: tuple[float, float, float, float, float],
    value: float | None,
    *,
    is_flipped: bool,
    standing: str,
    title: str,
    is_low_reliability: bool = False,
) -> Markup:
    """Return where a country stands between the lowest and the highest of all.

    `places`: lowest, lower quartile, middle, upper quartile, highest. Flipped where lower is better, so that right is
    better in every row.
    """
    lowest, lower_quartile, middle, upper_quartile, highest = places
    held = [*places] if value is None else [*places, value]
    bottom, top = min(held), max(held)
    width = (top - bottom) or 1.0

    def place(of: float) -> float:
        return (top - of) / width if is_flipped else (of - bottom) / width

    scale = Scale(maximum=1.0, ticks=())
    at = scale.x(place(middle))
    parts = [
        _bar(scale, place(lowest), place(highest), colour=PALE, width=12),
        _bar(scale, place(lower_quartile), place(upper_quartile), colour=MIDDLE_GREY, width=12),
        f'<line x1="{at}" x2="{at}" y1="4" y2="20" stroke="{INK}" stroke-width="2"/>',
    ]
    if value is not None:
        shape_name, colour = STANDING_MARKS[standing]
        parts.append(Mark(place(value), shape_name, colour, is_low_reliability).draw(scale))
    return _drawing("".join(parts), title=title)


SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 110, 24, 4


def spark(values: Sequence[float | None], *, lowest: float, highest: float, breaks: Sequence[bool] = ()) -> Markup:
    """Return a small line over time between `lowest` and `highest`, the same for every row of a table.

    None leaves a hole; a break in the series starts a new line. The thin line is zero.
    """
    bottom, top = min(0.0, lowest), max(highest, 0.0)
    step = (SPARK_WIDTH - 2 * SPARK_MARGIN) / max(1, len(values) - 1)
    rise = (SPARK_HEIGHT - 2 * SPARK_MARGIN) / ((top - bottom) or 1.0)

    def y(value: float) -> str:
        return f"{SPARK_HEIGHT - SPARK_MARGIN - (value - bottom) * rise:.1f}"

    lines: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None or (place < len(breaks) and breaks[place]):
            lines.append([])
        if value is not None:
            lines[-1].append(f"{SPARK_MARGIN + place * step:.1f},{y(value)}")
    drawn = "".join(_spark_line(line) for line in lines if line)
    zero = f'<line x1="0" x2="{SPARK_WIDTH}" y1="{y(0)}" y2="{y(0)}" stroke="{MIDDLE_GREY}"/>'
    return Markup(
        f'<svg class="spark" width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" '
        f'aria-hidden="true">{zero}{drawn}</svg>'
    )


def _spark_line(points: Sequence[str]) -> str:
    x, y = points[-1].split(",")
    line = f'<polyline points="{" ".join(points)}" fill="none" stroke="{NAVY}" stroke-width="1.6"/>'
    return f'{line if len(points) > 1 else ""}<circle cx="{x}" cy="{y}" r="2.2" fill="{NAVY}"/>'


def _middle_line(scale: Scale, middle: float | None) -> str:
    if middle is None:
        return ""
    at = scale.x(middle)
    return f'<line x1="{at}" x2="{at}" y1="-2" y2="{ROW_HEIGHT + 3}" stroke="{INK}" stroke-dasharray="3 3"/>'


def _bar(scale: Scale, start: float, end: float, *, colour: str, width: float) -> str:
    return (
        f'<line x1="{scale.x(start)}" x2="{scale.x(end)}" y1="{MIDLINE:g}" y2="{MIDLINE:g}" '
        f'stroke="{colour}" stroke-width="{width:g}"/>'
    )


def _drawing(parts: str, *, title: str = "", grid_name: str | None = None, height: int = ROW_HEIGHT) -> Markup:
    """Return the drawing of one row. It is hidden from screen readers: its row of the table says the same in words."""
    named = f"<title>{escape(title)}</title>" if title else ""
    lines = f'<use href="#{escape(grid_name)}"/>' if grid_name else ""
    return Markup(f'<svg class="row" width="100%" height="{height}" aria-hidden="true">{named}{lines}{parts}</svg>')
