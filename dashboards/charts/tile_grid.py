"""Where do countries stand? One tile for each country, near its place in Europe: Malta is as large as Germany."""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from dashboards.charts.choropleth import entries_of
from dashboards.charts.classes import Classes
from dashboards.charts.drawing import NARROW, Drawing, exact, fitted, no_number_fill, patterns, row_of, swatches, text
from dashboards.charts.palette import INK, WHITE, ink_on
from dashboards.charts.points import Point
from dashboards.speech import say
from dashboards.words import SHORT_WORDS
from ingestion.languages import phrase

PLACES_FILE = Path(__file__).resolve().parent.parent / "tiles.csv"
TILE, STEP = 54, NARROW // 8
NO_NUMBER_WORDS = {
    "not_reported": phrase("N: not reported"),
    "suppressed": phrase("s: hidden"),
    "not_applicable": phrase("n.a.: not applicable"),
}


@cache
def places() -> dict[str, tuple[int, int]]:
    """Return {country: (column, row)}, from zero."""
    with PLACES_FILE.open(newline="", encoding="utf-8") as stream:
        return {
            row["country_code"]: (int(row["column_number"]), int(row["row_number"])) for row in csv.DictReader(stream)
        }


def tile_grid(points: Sequence[Point], classes: Classes | None, *, name: str, heading: str) -> Drawing:
    """Return the tiles of these points. Countries without a place of their own stand in a row below."""
    placed = _placed([point.code for point in points])
    height = (max((row for _, row in placed.values()), default=0) + 1) * STEP
    entries = entries_of(points, classes, name, NO_NUMBER_WORDS)
    legend, bottom = swatches(2, height + 18, heading, entries, room=NARROW - 4)
    tiles = "".join(_tile(point, classes, name, *placed[point.code]) for point in points)
    return Drawing(NARROW, round(bottom), patterns(name) + tiles + legend)


def _placed(codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    known = places()
    placed = {code: known[code] for code in codes if code in known}
    last_row = max((row for _, row in placed.values()), default=-1) + 1
    others = [code for code in codes if code not in known]
    return placed | {code: (column, last_row) for column, code in enumerate(others)}


def _tile(point: Point, classes: Classes | None, name: str, column: int, row: int) -> str:
    x, y, middle = column * STEP + 1, row * STEP + 1, column * STEP + 1 + TILE / 2
    has_number = point.value is not None and classes is not None
    fill = classes.fill(point.value) if has_number else no_number_fill(name, point.status)  # type: ignore[union-attr,arg-type]
    value = f' data-v="{exact(point.value)}"' if point.value is not None else ""
    words = point.text if point.value is not None else say(SHORT_WORDS.get(point.status, point.text))
    ink = ink_on(fill) if has_number else INK
    # Words on a pattern need a ground of their own.
    plate = "" if has_number else f'<rect x="{x + 4}" y="{y + 6}" width="{TILE - 8}" height="42" fill="{WHITE}"/>'
    code = text(middle, y + 23, point.code, size=13, colour=ink, anchor="middle", more='font-weight="600"')
    return row_of(
        point.code,
        f'<rect x="{x}" y="{y}" width="{TILE}" height="{TILE}" rx="3" fill="{fill}" stroke="{INK}" '
        f'stroke-width="0.8"{value}/>{plate}{code}'
        f"{fitted(middle, y + 42, words, room=TILE - 4, colour=ink, anchor='middle')}",
        tip=point.tip,
        lineage=point.lineage,
    )
