"""The tile map: one tile for each country, near its place in Europe. It orients; Malta is as large as Germany."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

from dashboards.charts import INK, RAMP, RAMP_INK

PLACES_FILE = Path(__file__).resolve().parent / "tiles.csv"
TILE, STEP = 46, 50
CLASS_LIMITS = (0.5, 0.7, 0.85, 0.95)  # most shares are high: finer classes where they differ


@dataclass(frozen=True)
class Tile:
    """One country on the tile map; `share` from 0 to 1, None where nothing is known."""

    country_code: str
    country_name: str
    share: float | None
    text: str
    href: str


@cache
def places() -> dict[str, tuple[int, int]]:
    """Return {country: (column, row)}, from zero."""
    with PLACES_FILE.open(newline="", encoding="utf-8") as stream:
        return {
            row["country_code"]: (int(row["column_number"]), int(row["row_number"])) for row in csv.DictReader(stream)
        }


def tile_map(tiles: Sequence[Tile], *, title: str, description: str) -> Markup:
    """Return the map as one drawing, each tile a link. Countries without a place of their own stand in a row below."""
    placed = _placed([tile.country_code for tile in tiles])
    columns = max((column for column, _ in placed.values()), default=0) + 1
    rows = max((row for _, row in placed.values()), default=0) + 1
    drawn = "".join(_tile(tile, *placed[tile.country_code]) for tile in tiles)
    return Markup(
        f'<svg class="tiles" viewBox="-1 -1 {columns * STEP} {rows * STEP}" role="group" '
        f'aria-labelledby="tiles-title tiles-description"><title id="tiles-title">{escape(title)}</title>'
        f'<desc id="tiles-description">{escape(description)}</desc>{drawn}</svg>'
    )


def class_of(share: float) -> int:
    """Return the class of a share among the five of the ramp."""
    return sum(share >= limit for limit in CLASS_LIMITS)


def _placed(country_codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    known = places()
    placed = {code: known[code] for code in country_codes if code in known}
    last_row = max((row for _, row in placed.values()), default=-1) + 1
    others = [code for code in country_codes if code not in known]
    return placed | {code: (column, last_row) for column, code in enumerate(others)}


def _tile(tile: Tile, column: int, row: int) -> str:
    fill, ink = ("#FFFFFF", INK) if tile.share is None else (RAMP[class_of(tile.share)], RAMP_INK[class_of(tile.share)])
    x, y, middle = column * STEP, row * STEP, column * STEP + TILE / 2
    return (
        f'<a href="{escape(tile.href)}"><title>{escape(tile.country_name)}: {escape(tile.text)}</title>'
        f'<rect x="{x}" y="{y}" width="{TILE}" height="{TILE}" rx="3" fill="{fill}" stroke="{INK}" stroke-width="0.8"/>'
        f'<text x="{middle:g}" y="{y + 20}" font-size="14" font-weight="600" fill="{ink}" text-anchor="middle">'
        f"{escape(tile.country_code)}</text>"
        f'<text x="{middle:g}" y="{y + 36}" font-size="12" fill="{ink}" text-anchor="middle">'
        f"{escape(tile.text)}</text></a>"
    )
