"""What changed between two periods? One line for each country, from the first period of its unbroken series."""

from collections.abc import Sequence
from typing import NamedTuple

from dashboards.charts.drawing import WIDTH, Drawing, Scale, exact, fitted, row_of, scale_to, text
from dashboards.charts.palette import CHANGE_MARKS, GREY

LEFT, RIGHT, TOP, LINE = 200, 520, 30, 13


class SlopeLine(NamedTuple):
    """One country: what it was, what it is, and how the change is judged (`improving`, `worsening`, …).

    `lineage` is the address that says where what it is comes from.
    """

    code: str
    name: str
    before: float
    after: float
    before_text: str
    after_text: str
    direction: str
    lineage: str = ""


def slope(lines: Sequence[SlopeLine], *, before_words: str, after_words: str) -> Drawing:
    """Return the chart of these lines; dashed grey is no clear change."""
    bottom = TOP + max(220, LINE * len(lines) + 10)
    scale = scale_to([each for line in lines for each in (line.before, line.after)], bottom, TOP)
    left = _spread([scale.at(line.before) for line in lines], bottom)
    right = _spread([scale.at(line.after) for line in lines], bottom)
    heads = text(LEFT, 14, before_words, anchor="end", more='font-weight="600"')
    heads += text(RIGHT, 14, after_words, more='font-weight="600"')
    leaders = "".join(_leaders(*each, scale) for each in zip(lines, left, right, strict=True))
    drawn = f'<path d="{leaders}" stroke="{GREY}" stroke-width="0.5"/>' if leaders else ""
    drawn += "".join(_line(*each, scale) for each in zip(lines, left, right, strict=True))
    return Drawing(WIDTH, round(bottom + 12), heads + drawn)


def _leaders(line: SlopeLine, left: float, right: float, scale: Scale) -> str:
    """Return the ways from the words of a line to its ends, as part of a path."""
    before, after = scale.at(line.before), scale.at(line.after)
    return f"M{LEFT - 10},{left:g}L{LEFT},{before}M{RIGHT},{after}L{RIGHT + 10},{right:g}"


def _line(line: SlopeLine, left: float, right: float, scale: Scale) -> str:
    colour = CHANGE_MARKS[line.direction]
    is_clear = line.direction in ("improving", "worsening")
    dash = "" if is_clear else ' stroke-dasharray="3 3"'
    before, after = scale.at(line.before), scale.at(line.after)
    return row_of(
        line.code,
        f'<path d="M{LEFT},{before}L{RIGHT},{after}" stroke="{colour}" stroke-width="{2 if is_clear else 1.2}"{dash} '
        f'data-v="{exact(line.before)} {exact(line.after)}"/>'
        f"{fitted(LEFT - 14, left + 4, f'{line.name}  {line.before_text}', room=LEFT - 14, size=11, anchor='end')}"
        f"{fitted(RIGHT + 14, right + 4, f'{line.after_text}  {line.name}', room=WIDTH - RIGHT - 14, size=11)}",
        lineage=line.lineage,
    )


def _spread(places: Sequence[float], bottom: float) -> list[float]:
    """Return where words can stand beside these places, in the same order, none over another."""
    order = sorted(range(len(places)), key=lambda each: places[each])
    found = [0.0] * len(places)
    last = -1e9
    for each in order:
        last = found[each] = max(places[each], last + LINE)
    over = bottom
    for each in reversed(order):
        over = found[each] = min(found[each], over)
        over -= LINE
    return found
