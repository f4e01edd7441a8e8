"""What reading gives to the checks: raw cells with addresses, and what was wrong with the file itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ingestion.reading.cell import Cell
from ingestion.reading.plain import PlainBody

Given = Mapping[str, str | float]


class Unreadable(Exception):
    """The file is not what was agreed. `rule` is a row of the check registry; nothing of the file is used.

    `found` is a text of the file, `expected` a message with placeholders, `given` what fills them.
    """

    def __init__(self, rule: str, *, found: str = "", expected: str = "", given: Given | None = None) -> None:
        super().__init__(rule)
        self.rule = rule
        self.found = found
        self.expected = expected
        self.given = dict(given or {})


@dataclass(frozen=True)
class RowFault:
    """Something wrong with the shape of one row; `rule` is a row of the check registry.

    `found` is the cell's own text or empty, `expected` a message with placeholders, `given` what fills them.
    """

    rule: str
    row: int
    column_index: int
    found: str = ""
    expected: str = ""
    given: Given = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """Something to say about the file or its header that reading found; the fields are those of a `RowFault`."""

    rule: str
    row: int | None = None
    column_index: int | None = None
    found: str = ""
    expected: str = ""
    given: Given = field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    """The row of column names: where it is, and which of the file's columns is which of the format's.

    `passed_over` are columns that a format brings along and we do not use, such as ACTION of SDMX-CSV.
    """

    row: int
    texts: tuple[str, ...]
    positions: dict[str, int]  # column of the submission format -> index in the file
    passed_over: frozenset[int] = frozenset()


@dataclass
class RawTable:
    """One table as it stands in the file, with its rows either listed or, in a large plain file, still as text."""

    file_format: str
    header: Header
    listed_rows: list[tuple[int, list[Cell]]]
    titles: list[tuple[int, Sequence[Cell]]] = field(default_factory=list)  # the rows above the header
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    faults: list[RowFault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    broken_cells: dict[str, str] = field(default_factory=dict)  # address -> "#N/A", or the formula without a result
    formula_cells: dict[str, str] = field(default_factory=dict)  # address -> formula, where a code belongs
    percent_cells: set[tuple[int, int]] = field(default_factory=set)  # (row, column index) of numbers shown as percent
    is_last_line_open: bool = False  # the last line has no line end: perhaps the file was cut there
    plain: PlainBody | None = None
    fingerprint: str | None = None  # the workbook's own property `pcm_template`

    @cached_property
    def rows(self) -> list[tuple[int, list[Cell]]]:
        """The row number that a person sees and the cells from column A on, of each row that is not blank."""
        return self.listed_rows if self.plain is None else self.plain.rows()

    @property
    def doubtful_rows(self) -> frozenset[int]:
        """The rows that are damaged or perhaps cut: what they hold proves nothing about the others."""
        damaged = frozenset(fault.row for fault in self.faults)
        return damaged | {self._last_row} if self.is_last_line_open else damaged

    @property
    def _last_row(self) -> int:
        if self.plain:
            return self.plain.first_row + self.plain.row_count - 1
        return self.listed_rows[-1][0] if self.listed_rows else self.header.row
