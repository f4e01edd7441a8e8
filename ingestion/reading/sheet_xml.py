"""One worksheet of an XLSX file, looked through as a stream before it is parsed.

Patterns over each chunk and no XML parser: a sheet of 200 MB costs a second or two. No pattern may try a text twice
over: each of them stops at the next `<`, so that its cost grows with the text and not with its square.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from ingestion.reading.cell import cell_address, column_index
from ingestion.reading.table import Unreadable

# A sheet is parsed into a rectangle from A1 to its last cell.
MOST_RECTANGLE_CELLS = 1_000_000
MOST_EMPTY_SHARE = 50
MOST_BLANK_CELLS = 300_000
MOST_BLANK_SHARE = 10
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
# The longest row that is kept waiting for its end.
LONGEST_ROW_BYTES = 4 << 20
OVERLAP_BYTES = 1 << 12
ROW_ENDS = (b"</row>", b":row>")

Area = tuple[int, int, int, int]  # first and last row, first and last column

# Nearly every writer writes cells so; a pattern that begins with a fixed text is ten times faster than the general one.
USUAL_START = b'<c r="'
USUAL_CELL = re.compile(rb"<c r=\"([A-Z]{1,3})([0-9]{1,7})\"")
CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br=[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
IS_HIDDEN = rb"(?=[^<>]*\b(?:hidden=[\"'](?:1|true)|ht=[\"']0)[\"'])"
HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s" + IS_HIDDEN + rb"[^<>]*?\br=[\"']([0-9]{1,7})[\"']")
HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\s" + IS_HIDDEN + rb"([^<>]*)")
BOUND_NAMES = (b"min", b"max")
BOUND = re.compile(rb"\b(min|max)=[\"']([0-9]{1,7})[\"']")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*\bref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']")
FORMULA_PART = rb"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>([^<]*)</(?:\w+:)?f>)"
ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?=[^<>]*\bt=[\"']e[\"'])[^<>]*?\br=[\"']([A-Z]{1,3}[0-9]{1,7})[\"'][^<>]*>\s*"
    rb"(?:" + FORMULA_PART + rb")?\s*<(?:\w+:)?v>([^<]*)<"
)
# A formula may well give an empty text (t="str"): that is a result.
FORMULA_WITHOUT_RESULT = re.compile(
    rb"<(?:\w+:)?c\s(?![^<>]*\bt=[\"']str[\"'])[^<>]*?\br=[\"']([A-Z]{1,3}[0-9]{1,7})[\"'][^<>]*>\s*"
    + FORMULA_PART
    + rb"\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
FORMULA_START = re.compile(rb"<(?:\w+:)?f[\s/>]")
FORMULA = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^<>]*>\s*" + FORMULA_PART)
STYLED_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?=[^<>]*\bs=[\"']([0-9]{1,6})[\"'])[^<>]*?\br=[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']"
)
CELL_TAG = re.compile(rb"<(?:\w+:)?c(?=[\s/>])([^<>]*+)>")
ROW_OR_CELL = re.compile(rb"(<(?:\w+:)?(row|c))(?=[\s/>])([^<>]*+>)")
ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"']([0-9]{1,9})[\"']")
ADDRESS = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
ANY_ADDRESS = re.compile(rb"\sr\s*=")
KIND = re.compile(rb"\bt=[\"'](\w+)[\"']")


@dataclass
class SheetFacts:
    """What a sheet holds besides its values. `broken_cells` are those that show an error or have no result."""

    broken_cells: dict[str, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    has_formulas: bool = False
    last_row: int = 0
    last_column: int = 0
    cell_count: int = 0
    blank_count: int = 0


def look_through(chunks: Iterable[bytes]) -> SheetFacts:
    """Return the facts of a sheet.

    Errors: `Unreadable` for cells far apart, for masses of empty ones, and for faults that have no address.
    """
    facts = SheetFacts()
    for rows in whole_rows(chunks):
        cells = _Cells(rows)
        facts.cell_count += cells.count
        # Only a cell that is filled has an end of its own.
        facts.blank_count += max(0, cells.count - rows.count(b"</c>") - (0 if cells.is_usual else rows.count(b":c>")))
        _guard_count(facts)
        _measure(facts, cells)
        _guard_extent(facts)
        _note_faults(facts, cells)
    return facts


class _Cells:
    """The cells of a piece of a sheet: how many there are, and (letters, row) of each that has an address."""

    def __init__(self, rows: bytes) -> None:
        self.rows = rows
        self.addresses: list[tuple[bytes, bytes]] = USUAL_CELL.findall(rows)
        self.count = len(self.addresses)
        self.is_usual = rows.count(b"<c") == self.count and b":c" not in rows
        if not self.is_usual:
            self.addresses = CELL.findall(rows)
            self.count = len(ANY_CELL.findall(rows))

    @property
    def have_errors(self) -> bool:
        return b't="e"' in self.rows or (not self.is_usual and b"t='e'" in self.rows)

    @property
    def have_formulas(self) -> bool:
        return b"<f" in self.rows if self.is_usual else FORMULA_START.search(self.rows) is not None


def formulas_in(chunks: Iterable[bytes], columns: set[str]) -> dict[str, str]:
    """Return {address: formula} of the cells with a formula in some columns, given as letters."""
    found = {}
    for rows in whole_rows(chunks):
        for column, row, formula in FORMULA.findall(rows):
            if column.decode() in columns:
                found[f"{column.decode()}{row.decode()}"] = "=" + formula.decode("utf-8", "replace")
    return found


def cells_of_styles(chunks: Iterable[bytes], styles: Collection[int], columns: set[int]) -> dict[tuple[int, int], int]:
    """Return {(row, column): style} of the cells in some columns that have one of some styles."""
    found = {}
    for rows in whole_rows(chunks):
        for style, letters, row in STYLED_CELL.findall(rows):
            if int(style) in styles and (column := column_index(letters.decode().upper())) in columns:
                found[int(row), column] = int(style)
    return found


def cells_of_columns(
    chunks: Iterable[bytes], columns: Collection[int]
) -> Iterator[tuple[tuple[int, int], bytes, bytes]]:
    """Yield ((row, column), kind, XML up to the next cell) of each cell in some columns."""
    for rows in whole_rows(chunks):
        tags = list(CELL_TAG.finditer(rows))
        for tag, following in zip_longest(tags, tags[1:]):
            address, kind = ADDRESS.search(tag[1]), KIND.search(tag[1])
            if address and (column := column_index(address[1].decode().upper())) in columns:
                inside = rows[tag.end() : following.start() if following else len(rows)]
                yield (int(address[2]), column), kind[1] if kind else b"", inside


def whole_rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the text of a sheet in pieces that end where a row ends, whatever prefix its tags have.

    Each cell has an address: one that is written without stands behind the one before, in the row after the one before.
    """
    places = _Places()
    return map(places.written_in, whole_pieces(chunks, ROW_ENDS))


class _Places:
    """Follows rows and cells, and writes its address into each cell that has none."""

    def __init__(self) -> None:
        self.row = self.column = 0

    def written_in(self, rows: bytes) -> bytes:
        """Return some rows with the address of each cell in it."""
        last = USUAL_CELL.match(rows, max(rows.rfind(USUAL_START), 0))
        has_others = rows.count(USUAL_START) < rows.count(b"<c") or b":c" in rows or b":row" in rows
        if has_others or not last or b"<row" in rows[last.end() :]:
            return ROW_OR_CELL.sub(self._written_in, rows)
        self.row = int(last[2])
        return rows

    def _written_in(self, tag: re.Match[bytes]) -> bytes:
        start, attributes = tag[1], tag[3]
        if tag[2] == b"row":
            number = ROW_NUMBER.search(attributes)
            self.row, self.column = int(number[1]) if number else self.row + 1, -1
            return tag[0]
        address = ADDRESS.search(attributes)
        if not address and ANY_ADDRESS.search(attributes):
            raise Unreadable("UNREADABLE", found="<c>")  # what such a cell shows could not be told
        self.column = column_index(address[1].decode().upper()) if address else self.column + 1
        if address and b" " not in address[0]:
            return tag[0]
        row = int(address[2]) if address else min(self.row, LAST_ROW + 1)  # which is too far, as others are
        return b'%s r="%s"%s' % (start, cell_address(row, self.column).encode(), attributes)


def whole_pieces(chunks: Iterable[bytes], ends: Sequence[bytes]) -> Iterator[bytes]:
    """Yield a text in pieces that end with one of some marks, or are very long."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        end = max((place + len(mark) for mark in ends if (place := rest.rfind(mark)) >= 0), default=0)
        if end:
            yield rest[:end]
            rest = rest[end:]
        elif len(rest) > LONGEST_ROW_BYTES:
            yield rest
            rest = rest[-OVERLAP_BYTES:]
    yield rest


def _measure(facts: SheetFacts, cells: _Cells) -> None:
    letters, numbers = map(set, zip(*cells.addresses, strict=True)) if cells.addresses else (set(), set())
    facts.last_row = max([facts.last_row, *map(int, numbers)])
    facts.last_column = max([facts.last_column, *(column_index(column.decode().upper()) + 1 for column in letters)])


def _guard_count(facts: SheetFacts) -> None:
    filled = facts.cell_count - facts.blank_count
    if facts.blank_count > MOST_BLANK_CELLS and facts.blank_count > MOST_BLANK_SHARE * filled:
        raise Unreadable("BLANK_CELLS", given={"count": facts.blank_count})


def _guard_extent(facts: SheetFacts) -> None:
    rectangle = facts.last_row * max(facts.last_column, 1)
    is_far = rectangle > MOST_RECTANGLE_CELLS and rectangle > MOST_EMPTY_SHARE * facts.cell_count
    if is_far or facts.last_row > LAST_ROW or facts.last_column > LAST_COLUMN:
        given = {"count": facts.cell_count, "rows": facts.last_row, "columns": facts.last_column}
        raise Unreadable("FAR_CELLS", given=given)


def _note_faults(facts: SheetFacts, cells: _Cells) -> None:
    rows, has_errors, has_formulas = cells.rows, cells.have_errors, cells.have_formulas
    if has_errors:
        errors = ERROR_CELL.findall(rows)
        facts.broken_cells |= {address.decode(): text.decode("utf-8", "replace") for address, _, text in errors}
    if has_formulas:
        facts.has_formulas = True
        without_result = FORMULA_WITHOUT_RESULT.findall(rows)
        facts.broken_cells |= {cell.decode(): "=" + text.decode("utf-8", "replace") for cell, text in without_result}
    if b"hidden=" in rows or b' ht="0' in rows:
        facts.hidden_rows += map(int, HIDDEN_ROW.findall(rows))
        facts.hidden_columns.update(_hidden_columns(rows))
    if b"mergeCell" in rows:
        facts.merged += [_area(*match) for match in MERGED.findall(rows)]


def _area(left: bytes, first: bytes, right: bytes, last: bytes) -> Area:
    return int(first), int(last), column_index(left.decode()), column_index(right.decode())


def _hidden_columns(rows: bytes) -> Iterator[int]:
    """Yield the columns that a sheet hides; a program may hide all that it never fills."""
    for tag in HIDDEN_COLUMNS.findall(rows):
        bounds = dict(BOUND.findall(tag))
        if len(bounds) == len(BOUND_NAMES):
            first, last = (int(bounds[name]) for name in BOUND_NAMES)
            yield from range(first - 1, min(last, LAST_COLUMN))
