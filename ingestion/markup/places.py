"""Places in a sheet: rows counted from 1 and columns from 0, as reading counts them."""

import re
from collections.abc import Iterable
from functools import cache

from ingestion.reading import cell_address

Place = tuple[int, int]
Range = tuple[int, int, int, int]  # first row, first column, last row, last column
ADDRESS = re.compile(r"\$?([A-Z]{1,6})\$?([0-9]{1,9})")


def place_of(address: str) -> Place:
    """Return the place of an address such as B7.

    Errors: `ValueError` for what is no address.
    """
    match = ADDRESS.fullmatch(address.upper())
    if match is None:
        raise ValueError(address)
    return int(match[2]), index_of(match[1].encode())


@cache
def index_of(letters: bytes) -> int:
    """Return the position of a column written in letters: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1


def range_of(text: str) -> Range:
    """Return the range of a text such as A1:T20; a single cell is a range of one."""
    first, _, last = text.partition(":")
    return (*place_of(first), *place_of(last or first))


def range_text(area: Range) -> str:
    """Return a range as spreadsheets write it."""
    first, last = cell_address(area[0], area[1]), cell_address(area[2], area[3])
    return first if first == last else f"{first}:{last}"


def covering(area: Range | None, places: Iterable[Place]) -> Range | None:
    """Return the smallest range that holds an area and some places."""
    for row, column in places:
        if area is None:
            area = row, column, row, column
        area = min(area[0], row), min(area[1], column), max(area[2], row), max(area[3], column)
    return area
