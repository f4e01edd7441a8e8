"""Can I trust this? One letter for each indicator and country; what is not there is a place of its own."""

from collections.abc import Sequence

from markupsafe import escape

from dashboards.charts.drawing import LETTER, Drawing, text, wrapped
from dashboards.charts.palette import BROWN, GRID, INK, NAVY, PALE, RAMP, WHITE
from dashboards.drafting import longest
from dashboards.ordering import HERE, in_order

CELL, NAMES, TOP, HEAD_SIZE = 18, 270, 96, 11
# status: (letter, fill, ink)
LETTERS = {
    "complete": ("C", NAVY, WHITE),
    "partial": ("P", RAMP[1], INK),
    "suppressed": ("S", PALE, INK),
    "not_reported": ("N", WHITE, BROWN),
    "not_applicable": ("–", WHITE, INK),
}


def completeness_matrix(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> Drawing:
    """Return the matrix: the columns (countries) by their names, the rows (indicators) in their order.

    Each row has its name and the statuses of the columns.
    """
    top = max(TOP, round(max(map(longest, columns), default=0) * HEAD_SIZE * LETTER) + 12)
    heads = "".join(
        wrapped(NAMES - 8, top + CELL * place + 13, words, letters=46, size=10.5)
        for place, (words, _) in enumerate(rows)
    )
    body = in_order(
        [
            (column, _column(column, [statuses[place] for _, statuses in rows], top))
            for place, column in enumerate(columns)
        ],
        [f"{NAMES + CELL * place}" for place in range(len(columns))],
    )
    size = (NAMES + CELL * len(columns) + 8, top + CELL * len(rows) + 8)
    return Drawing(*size, heads + body)


def _column(words: str, statuses: Sequence[str], top: float) -> str:
    head = f'<text transform="translate(13,{top - 6}) rotate(-90)" font-size="{HEAD_SIZE}">{escape(words)}</text>'
    cells = "".join(_cell(status, 0, top + CELL * place) for place, status in enumerate(statuses))
    return f'<g transform="translate({HERE})">{head}{cells}</g>'


def _cell(status: str, x: float, y: float) -> str:
    letter, fill, ink = LETTERS[status]
    weight = 'font-weight="700"' if status == "not_reported" else ""
    return (
        f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{fill}" stroke="{GRID}"/>'
        f"{text(x + CELL / 2, y + 13, letter, size=11, colour=ink, anchor='middle', more=weight)}"
    )
