"""Is the gap closing? One small panel for each country, all on the same scale; a line never leads over a break."""

from collections.abc import Sequence
from typing import NamedTuple

from dashboards.charts.drawing import (
    NOT_A_NUMBER_STYLE,
    WIDTH,
    Drawing,
    Scale,
    exact,
    fitted,
    legend_marks,
    row_of,
    scale_to,
    shape,
    text,
)
from dashboards.charts.palette import GREY, GRID, INK, MIDDLE_GREY
from dashboards.drafting import longest
from dashboards.ordering import HERE, in_order
from dashboards.words import tick

COLUMNS = 5
PANEL_WIDTH, PANEL_HEIGHT, GUTTER = 116, 62, 26
LEFT, TOP = 32, 44


_Place = tuple[float, float, float]  # x, y and the value that is there


class Step(NamedTuple):
    """One period of a line: its value, or the letter that says why there is none; `is_break`: a new line begins."""

    value: float | None
    letter: str = ""
    is_break: bool = False


class Line(NamedTuple):
    """One line, in the order of the legend: one step for each period."""

    steps: Sequence[Step]


class Panel(NamedTuple):
    """The lines of one country with its latest figure; `without` is said where there is no line.

    `lineage` is the address that says where the latest figure comes from.
    """

    code: str
    name: str
    lines: Sequence[Line]
    figure: str = ""
    without: str = ""
    lineage: str = ""


def small_multiples(
    panels: Sequence[Panel],
    periods: Sequence[str],
    legend: Sequence[str],
    marks: Sequence[tuple[str, str]],
    *,
    name: str,
) -> Drawing:
    """Return the panels, in the order of their names. `legend` and `marks` are those of the lines."""
    values = [step.value for panel in panels for line in panel.lines for step in line.steps if step.value is not None]
    rows = (len(panels) + COLUMNS - 1) // COLUMNS
    scale = scale_to(values, PANEL_HEIGHT, 0)
    entries = [(*mark, False, words) for mark, words in zip(marks, legend, strict=True)]
    corners = [(LEFT + place % COLUMNS * (PANEL_WIDTH + GUTTER), TOP + _row_top(place)) for place in range(len(panels))]
    drawn = in_order(
        [(panel.name, _panel(panel, len(periods), scale, marks, name)) for panel in panels],
        [f"{x:g},{y:g}" for x, y in corners],
    )
    ground = _ends(marks, name) + _frames(corners, scale) + _axes(corners, periods, scale)
    return Drawing(WIDTH, TOP + rows * (PANEL_HEIGHT + 42), legend_marks(entries)[0] + ground + drawn)


def _ends(marks: Sequence[tuple[str, str]], name: str) -> str:
    """Return the marks at the ends of lines, which belong to their lines: an element of its own each would be many."""
    return f"<defs>{''.join(_end(*mark, f'{name}-end-{place}') for place, mark in enumerate(marks))}</defs>"


def _end(mark: str, colour: str, name: str) -> str:
    box = 'markerUnits="userSpaceOnUse" markerWidth="10" markerHeight="10" viewBox="-7 -7 14 14"'
    return f'<marker id="{name}" {box}>{shape(mark, colour, 0, 0)}</marker>'


def _row_top(place: int) -> float:
    return place // COLUMNS * (PANEL_HEIGHT + 42)


def _frames(corners: Sequence[tuple[float, float]], scale: Scale) -> str:
    frames = "".join(f"M{x:g},{y:g}h{PANEL_WIDTH}v{PANEL_HEIGHT}h-{PANEL_WIDTH}z" for x, y in corners)
    zeros = "".join(f"M{x:g},{y + scale.at(0):g}h{PANEL_WIDTH}" for x, y in corners)
    return f'<path d="{frames}" fill="none" stroke="{GRID}"/><path d="{zeros}" stroke="{MIDDLE_GREY}"/>'


def _axes(corners: Sequence[tuple[float, float]], periods: Sequence[str], scale: Scale) -> str:
    """Return the numbers left of each row of panels, and the periods below each column: all panels share them."""
    drawn = ""
    for place, (x, y) in enumerate(corners):
        if place % COLUMNS == 0:
            drawn += text(x - 4, y + scale.at(0) + 4, tick(0), size=9.5, colour=GREY, anchor="end")
            highest = scale.ticks[-1]
            drawn += text(x - 4, y + scale.at(highest) + 8, tick(highest), size=9.5, colour=GREY, anchor="end")
        if place + COLUMNS >= len(corners):
            below = y + PANEL_HEIGHT + 12
            drawn += text(x, below, periods[0], size=9.5, colour=GREY)
            drawn += text(x + PANEL_WIDTH, below, periods[-1], size=9.5, colour=GREY, anchor="end")
    return drawn


def _panel(panel: Panel, period_count: int, scale: Scale, marks: Sequence[tuple[str, str]], chart_name: str) -> str:
    across = Scale(0, max(1, period_count - 1), 8, PANEL_WIDTH - 8)
    figure = "" if panel.without else panel.figure
    name = fitted(0, -6, panel.name, room=PANEL_WIDTH - 7 * longest(figure), more='font-weight="600"')
    name += text(PANEL_WIDTH, -6, figure, size=11, anchor="end") if figure else ""
    middle = (PANEL_WIDTH / 2, PANEL_HEIGHT / 2 + 4)
    inside = (
        fitted(*middle, panel.without, room=PANEL_WIDTH - 4, size=11, anchor="middle", more=NOT_A_NUMBER_STYLE)
        if panel.without
        else "".join(
            _line(line, across, scale, mark, f"{chart_name}-end-{place}")
            for place, (line, mark) in enumerate(zip(panel.lines, marks, strict=True))
        )
        + _letters(panel, across)
    )
    return row_of(panel.code, name + inside, place=HERE, lineage=panel.lineage)


def _line(line: Line, across: Scale, scale: Scale, mark: tuple[str, str], end: str) -> str:
    """Return a line in as many pieces as breaks and missing figures leave, with its mark at the last figure."""
    pieces: list[list[_Place]] = [[]]
    breaks = ""
    for place, step in enumerate(line.steps):
        x = across.at(place)
        if step.value is None or step.is_break:
            pieces.append([])
        if step.is_break and step.value is not None:
            breaks += f'<path d="M{x - 3:g},{scale.at(step.value) - 7:g}v14" stroke="{INK}" stroke-dasharray="2 2"/>'
        if step.value is not None:
            pieces[-1].append((x, scale.at(step.value), step.value))
    held = [piece for piece in pieces if piece]
    drawn = "".join(_piece(piece, mark[1]) for piece in held[:-1])
    return drawn + (_last(held[-1], mark, end) if held else "") + breaks


def _last(piece: Sequence[_Place], mark: tuple[str, str], end: str) -> str:
    """Return the last piece of a line with its mark."""
    if len(piece) == 1:
        [(x, y, value)] = piece
        return shape(*mark, x, y, scale=" scale(.72)", data=exact(value))
    return _piece(piece, mark[1], f' marker-end="url(#{end})"')


def _letters(panel: Panel, across: Scale) -> str:
    """Return why there is no figure, once where several lines have none for the same reason."""
    found = {
        (place, step.letter)
        for line in panel.lines
        for place, step in enumerate(line.steps)
        if step.value is None and step.letter
    }
    return "".join(
        text(across.at(place), PANEL_HEIGHT - 3, letter, size=9.5, anchor="middle", more=NOT_A_NUMBER_STYLE)
        for place, letter in sorted(found)
    )


def _piece(points: Sequence[_Place], colour: str, more: str = "") -> str:
    values = " ".join(exact(value) for *_, value in points)
    if len(points) == 1:
        [(x, y, _)] = points
        return f'<circle cx="{x:g}" cy="{y:g}" r="2" fill="{colour}" data-v="{values}"/>'
    places = " ".join(f"{x:g},{y:g}" for x, y, _ in points)
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.7" data-v="{values}"{more}/>'
