"""Can I trust this? One letter for each indicator and country; what is not there is a place of its own."""

from collections.abc import Sequence

from markupsafe import escape

from dashboards.charts.drawing import LETTER, Drawing, patterns, text, wrapped
from dashboards.charts.palette import BROWN, GRID, INK, NAVY, RAMP, WHITE
from dashboards.drafting import longest

CELL, NAMES, TOP, HEAD_SIZE = 18, 270, 96, 11
# status: (letter, fill, ink)
LETTERS = {
    "complete": ("C", NAVY, WHITE),
    "partial": ("P", RAMP[1], INK),
    "suppressed": ("S", WHITE, INK),
    "not_reported": ("N", WHITE, BROWN),
    "not_applicable": ("–", WHITE, INK),
}


def completeness_matrix(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], *, name: str) -> Drawing:
    """Return the matrix: names of columns (countries), and of each row (indicators) its name and its statuses."""
    top = max(TOP, round(max(map(longest, columns), default=0) * HEAD_SIZE * LETTER) + 12)
    heads = "".join(
        f'<text transform="translate({NAMES + CELL * place + 13},{top - 6}) rotate(-90)" font-size="{HEAD_SIZE}">'
        f"{escape(column)}</text>"
        for place, column in enumerate(columns)
    )
    body = "".join(_row(each, statuses, top + CELL * place, name) for place, (each, statuses) in enumerate(rows))
    size = (NAMES + CELL * len(columns) + 8, top + CELL * len(rows) + 8)
    return Drawing(*size, patterns(name) + heads + body)


def _row(words: str, statuses: Sequence[str], y: float, name: str) -> str:
    cells = "".join(_cell(status, NAMES + CELL * place, y, name) for place, status in enumerate(statuses))
    return wrapped(NAMES - 8, y + 13, words, letters=46, size=10.5) + cells


def _cell(status: str, x: float, y: float, name: str) -> str:
    letter, fill, ink = LETTERS[status]
    ground = f"url(#{name}-dots)" if status == "suppressed" else fill
    plate = f'<rect x="{x + 4}" y="{y + 3}" width="10" height="12" fill="{WHITE}"/>' if status == "suppressed" else ""
    weight = 'font-weight="700"' if status == "not_reported" else ""
    return (
        f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{ground}" stroke="{GRID}"/>{plate}'
        f"{text(x + CELL / 2, y + 13, letter, size=11, colour=ink, anchor='middle', more=weight)}"
    )
