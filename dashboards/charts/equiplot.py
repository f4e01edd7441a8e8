"""Who is left behind? One line for each country (or indicator), one mark for each group, the widest gap first."""

from collections.abc import Sequence
from typing import Any, NamedTuple

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
    shapes,
    text,
    titled,
    vertical_grid,
    wrapped,
)
from dashboards.charts.palette import GREY, group_marks
from dashboards.charts.points import Point
from dashboards.drafting import longest
from dashboards.ordering import HERE, in_order
from dashboards.speech import say

GAPS = 712
LONG_NAME = 20  # letters: from here on names take two lines
JOIN = "#9AA5B1"

_Shown = tuple[tuple[str, str], Point, float]  # a mark, its point and its value


class EquityRow(NamedTuple):
    """One line: its groups in the order of the legend, a word where a group has no number, and the gap or why none.

    `lineage` is the address that says where the gap comes from; each group has its own. `details` stand below the name.
    """

    code: str
    name: str
    groups: Sequence[Point | None]
    gap_text: str
    without: str = ""  # what is said in the place of all marks
    lineage: str = ""
    details: str = ""


def equiplot(rows: Sequence[EquityRow], groups: Sequence[str], ranks: Sequence[Any] = ()) -> Drawing:
    """Return the chart of these rows, in their order; `groups` are the names of the groups.

    `ranks`, one for each row: rows of the same rank stand in the order of their names.
    """
    marks = group_marks(len(groups))
    is_long = any(longest(row.name) > LONG_NAME for row in rows)
    is_detailed = any(row.details for row in rows)
    height, names = (30, 288) if is_detailed else (30, 214) if is_long else (18, 124)
    values = [point.value for row in rows for point in row.groups if point and point.value is not None]
    scale = scale_to(values, names + 14, 634)
    is_many = len(groups) > len(set(marks))  # every row then has groups of its own
    legend = [] if is_many else [(*mark, False, words) for mark, words in zip(marks, groups, strict=True)]
    legend += [(*(marks[0] if is_many else ("circle", GREY)), True, say("hollow: low reliability"))]
    drawn_legend, legend_bottom = legend_marks(legend)
    top = round(legend_bottom) + 33
    bottom = top + height * len(rows)
    row = _Rows(scale, names, 32 if is_long else 99, marks[:1] if is_many else marks, is_many)
    middles = [f"{top + height * place + height / 2:g}" for place in range(len(rows))]
    ranks = ranks or range(len(rows))
    joins = in_order([(each.name, row.join(each)) for each in rows], middles, ranks)
    drawn = f'<path d="{joins}" stroke="{JOIN}" stroke-width="3"/>' if joins else ""
    drawn += in_order([(each.name, row.drawn(each)) for each in rows], middles, ranks)
    heading = text(GAPS, top - 5, say("gap"), size=11, anchor="end", more='font-weight="600"')
    content = drawn_legend + vertical_grid(scale, top, bottom) + heading + drawn
    return Drawing(WIDTH, bottom + 6, content)


class _Rows(NamedTuple):
    """What all rows of a chart have in common: the axis, where names end and how long they are, the marks."""

    scale: Scale
    names: float
    letters: int
    marks: Sequence[tuple[str, str]]
    is_many: bool

    def drawn(self, row: EquityRow) -> str:
        """Return one row: its name and its gap lead to where the gap comes from, each mark to where it comes from."""
        name = (
            titled(self.names, 4, row.name, row.details, room=self.names - 24)
            if row.details
            else wrapped(self.names, 4, row.name, letters=self.letters, most=3)
        )
        gap = text(GAPS, 4, row.gap_text, anchor="end", more='font-weight="600"') if row.gap_text else ""
        without = ""
        if row.without:
            room = GAPS - self.names - 60
            without = fitted(self.names + 18, 4, row.without, room=room, more=NOT_A_NUMBER_STYLE)
        shown = self._shown(row)
        marks = self._dots(shown) if self.is_many else ""
        words = row_of(row.code, name + marks + without + gap, place=f"0,{HERE}", lineage=row.lineage)
        return words if self.is_many else words + "".join(self._mark(row, *each) for each in shown)

    def _mark(self, row: EquityRow, mark: tuple[str, str], point: Point, value: float) -> str:
        drawn = shape(*mark, 0, 0, is_hollow=point.is_hollow, data=exact(value))
        tip = f"{row.name}, {point.name}: {point.text}"
        return row_of(row.code, drawn, tip=tip, place=f"{self.scale.at(value):g},{HERE}", lineage=point.lineage)

    def join(self, row: EquityRow) -> str:
        """Return the line between the outermost marks of a row, as part of a path."""
        places = [self.scale.at(value) for _, _, value in self._shown(row)]
        return f"M{min(places)},{HERE}H{max(places)}" if len(places) > 1 else ""

    def _shown(self, row: EquityRow) -> list[_Shown]:
        marks = [*self.marks] * len(row.groups) if self.is_many else self.marks
        held = zip(marks, row.groups, strict=True)
        return [(mark, point, point.value) for mark, point in held if point is not None and point.value is not None]

    def _dots(self, shown: Sequence[_Shown]) -> str:
        """Return marks that all look alike: one path for those that are filled, one for those that are hollow."""
        drawn = ""
        for is_hollow in (False, True):
            values = [value for _, point, value in shown if point.is_hollow == is_hollow]
            places = [(self.scale.at(value), 0) for value in values]
            data = " ".join(map(exact, values))
            drawn += shapes(*self.marks[0], places, is_hollow=is_hollow, data=data)
        return drawn
