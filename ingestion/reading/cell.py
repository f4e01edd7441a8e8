"""One cell: what it may hold, how its sender sees it, and its address."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Cell = str | float | int | bool | date | datetime | time | timedelta
# The marks of the direction of writing among them.
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202d\u2060\u00ad"))


@lru_cache(maxsize=1000)
def column_letters(index: int) -> str:
    """Return the letters of a column as spreadsheets write them: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the position of a column written in letters: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def cell_address(row: int, index: int) -> str:
    """Return an address such as B7; `index` counts columns from 0, `row` counts rows from 1."""
    return f"{column_letters(index)}{row}"


def cell_text(cell: Cell) -> str:
    """Return a cell as its sender sees it, without blanks around it and without invisible characters."""
    if isinstance(cell, str):
        return cell.strip() if cell.isascii() else cell.translate(INVISIBLE).strip()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def is_blank_row(cells: Sequence[Cell]) -> bool:
    """Say whether no cell of the row holds anything."""
    return not any(cell_text(cell) for cell in cells)
