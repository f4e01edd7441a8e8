"""What reading gives to the checks: raw cells with addresses, and what was wrong with the file itself."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"))


class Unreadable(Exception):
    """The file is not what was agreed. `rule` is a row of the check registry; nothing of the file is used."""

    def __init__(
        self, rule: str, *, found: str = "", expected: str = "", given: dict[str, str | float] | None = None
    ) -> None:
        super().__init__(rule)
        self.given = given or {}
        self.rule = rule
        self.found = found
        self.expected = expected


@dataclass(frozen=True)
class RowFault:
    """Something wrong with the shape of one row; `rule` is a row of the check registry."""

    rule: str
    row: int
    column_index: int
    found: str
    expected: str
    given: dict[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    """The row of column names: where it is, and which of the file's columns is which of the format's."""

    row: int
    texts: tuple[str, ...]
    positions: dict[str, int]  # column of the submission format -> index in the file


@dataclass(frozen=True)
class PlainBody:
    """The text under the header of a large CSV, of which each line is provably one record."""

    text: str
    first_row: int
    delimiter: str
    width: int
    row_count: int
    has_quotes: bool


@dataclass
class RawTable:
    """One table as it stands in the file. Grain of `rows`: one per row under the header that is not blank.

    `rows` pairs the row number that a person sees with the cells from column A on.
    """

    file_format: str
    header: Header
    rows: list[tuple[int, list[Cell]]]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    faults: list[RowFault] = field(default_factory=list)
    broken_cells: dict[str, str] = field(default_factory=dict)  # address -> "#N/A", or the formula without a result
    plain: PlainBody | None = None
    fingerprint: str | None = None
    is_last_line_open: bool = False  # the last line has no line end: perhaps the file was cut there


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


def is_blank_row(cells: list[Cell]) -> bool:
    """Say whether no cell of the row holds anything."""
    return not any(cell_text(cell) for cell in cells)
