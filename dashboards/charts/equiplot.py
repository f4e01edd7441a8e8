"""Who is left behind? One line for each country (or indicator), one mark for each group, the widest gap first."""

from collections.abc import Sequence
from typing import NamedTuple

from dashboards.charts.drawing import (
    NOT_A_NUMBER_STYLE,
    WIDTH,
    Drawing,
    Scale,
    exact,
    legend_marks,
    row_of,
    scale_to,
    shape,
    text,
    vertical_grid,
    wrapped,
)
from dashboards.charts.palette import GREY, group_marks
from dashboards.charts.points import Point

GAPS = 712
LONG_NAME = 20  # letters: from here on names take two lines
JOIN = "#9AA5B1"


class EquityRow(NamedTuple):
    """One line: its groups in the order of the legend, a word where a group has no number, and the gap or why none."""

    code: str
    name: str
    groups: Sequence[Point | None]
    gap_text: str
    without: str = ""  # what is said in the place of all marks


def equiplot(rows: Sequence[EquityRow], groups: Sequence[str]) -> Drawing:
    """Return the chart of these rows, in their order; `groups` are the names of the groups."""
    marks = group_marks(len(groups))
    is_long = any(len(row.name) > LONG_NAME for row in rows)
    height, names = (30, 214) if is_long else (18, 124)
    values = [point.value for row in rows for point in row.groups if point and point.value is not None]
    scale = scale_to(values, names + 14, 634)
    is_many = len(groups) > len(set(marks))  # every row then has groups of its own
    legend = [] if is_many else [(*mark, False, words) for mark, words in zip(marks, groups, strict=True)]
    legend += [(*(marks[0] if is_many else ("circle", GREY)), True, "hollow: low reliability")]
    drawn_legend, legend_bottom = legend_marks(legend)
    top = round(legend_bottom) + 33
    bottom = top + height * len(rows)
    drawn = "".join(
        _row(
            row,
            marks[:1] * len(row.groups) if is_many else marks,
            scale,
            top + height * place + height / 2,
            names,
            32 if is_long else 99,
        )
        for place, row in enumerate(rows)
    )
    heading = text(GAPS, top - 5, "gap", size=11, anchor="end", more='font-weight="600"')
    content = drawn_legend + vertical_grid(scale, top, bottom) + heading + drawn
    return Drawing(WIDTH, bottom + 6, content)


def _row(row: EquityRow, marks: Sequence[tuple[str, str]], scale: Scale, y: float, names: float, letters: int) -> str:
    name = wrapped(names, y + 4, row.name, letters=letters)
    gap = text(GAPS, y + 4, row.gap_text, anchor="end", more='font-weight="600"')
    if row.without:
        return row_of(row.code, name + text(names + 18, y + 4, row.without, more=NOT_A_NUMBER_STYLE) + gap)
    shown = [
        (mark, point)
        for mark, point in zip(marks, row.groups, strict=True)
        if point is not None and point.value is not None
    ]
    places = [scale.at(point.value) for _, point in shown if point.value is not None]
    join = f'<path d="M{min(places)},{y:g}H{max(places)}" stroke="{JOIN}" stroke-width="3"/>' if len(places) > 1 else ""
    drawn = "".join(
        shape(*mark, place, y, is_hollow=point.is_hollow, data=exact(point.value), tip=point.tip)
        for (mark, point), place in zip(shown, places, strict=True)
        if point.value is not None
    )
    return row_of(row.code, name + join + drawn + gap)
