"""One worksheet of an XLSX file, looked through as a stream before it is parsed.

Patterns over each chunk and no XML parser: a sheet of 200 MB costs a second or two. No pattern may try a text twice
over: each of them stops at the next `<`, so that its cost grows with the text and not with its square.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ingestion.reading.cell import column_index
from ingestion.reading.table import Unreadable

# A sheet is parsed into a rectangle from A1 to its last cell.
MOST_RECTANGLE_CELLS = 1_000_000
MOST_EMPTY_SHARE = 50
MOST_BLANK_CELLS = 500_000
MOST_BLANK_SHARE = 10
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
# The longest row that is kept waiting for its end.
LONGEST_ROW_BYTES = 4 << 20
OVERLAP_BYTES = 1 << 12

CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br=[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
BLANK_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*/>")
CELL_WITHOUT_ADDRESS = re.compile(rb"<(?:\w+:)?c(?:\s(?![^<>]*\br=)[^<>]*)?>")
ROW_WITH_CELLS = re.compile(rb"<(?:\w+:)?row\s[^<>]*?\br=[\"']([0-9]{1,9})[\"'][^<>]*(?<!/)>")
HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s(?=[^<>]*\bhidden=[\"'](?:1|true)[\"'])[^<>]*?\br=[\"']([0-9]{1,7})[\"']")
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


@dataclass
class SheetFacts:
    """What a sheet holds besides its values. `broken_cells` are those that show an error or have no result."""

    broken_cells: dict[str, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)  # row, first column, last column
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
        _measure(facts, rows)
        _guard_extent(facts)
        _note_faults(facts, rows)
    return facts


def formulas_in(chunks: Iterable[bytes], columns: set[str]) -> dict[str, str]:
    """Return {address: formula} of the cells with a formula in some columns, given as letters."""
    found = {}
    for rows in whole_rows(chunks):
        for column, row, formula in FORMULA.findall(rows):
            if column.decode() in columns:
                found[f"{column.decode()}{row.decode()}"] = "=" + formula.decode("utf-8", "replace")
    return found


def whole_rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the text of a sheet in pieces that end where a row ends, whatever prefix its tags have."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = max(rest.rfind(b"</row>"), rest.rfind(b":row>"))
        if cut < 0 and len(rest) > LONGEST_ROW_BYTES:
            yield rest
            rest = rest[-OVERLAP_BYTES:]
        elif cut >= 0:
            yield rest[: cut + 6]
            rest = rest[cut + 6 :]
    yield rest


def _measure(facts: SheetFacts, rows: bytes) -> None:
    addresses = CELL.findall(rows)
    letters = {column for column, _ in addresses}
    columns = [column_index(column.decode().upper()) + 1 for column in letters]
    numbers = [int(row) for row in {row for _, row in addresses}] + [int(row) for row in ROW_WITH_CELLS.findall(rows)]
    facts.last_row = max([facts.last_row, *numbers])
    facts.last_column = max([facts.last_column, *columns])
    facts.cell_count += len(addresses)
    facts.blank_count += len(BLANK_CELL.findall(rows))


def _guard_extent(facts: SheetFacts) -> None:
    rectangle = facts.last_row * max(facts.last_column, 1)
    is_far = rectangle > MOST_RECTANGLE_CELLS and rectangle > MOST_EMPTY_SHARE * facts.cell_count
    if is_far or facts.last_row > LAST_ROW or facts.last_column > LAST_COLUMN:
        given = {"count": facts.cell_count, "rows": facts.last_row, "columns": facts.last_column}
        raise Unreadable("FAR_CELLS", given=given)
    filled = facts.cell_count - facts.blank_count
    if facts.blank_count > MOST_BLANK_CELLS and facts.blank_count > MOST_BLANK_SHARE * filled:
        raise Unreadable("BLANK_CELLS", given={"count": facts.blank_count})


def _note_faults(facts: SheetFacts, rows: bytes) -> None:
    has_errors = b't="e"' in rows or b"t='e'" in rows
    has_formulas = FORMULA_START.search(rows) is not None
    if (has_errors or has_formulas) and CELL_WITHOUT_ADDRESS.search(rows):
        # Such a fault could not be told from an empty cell, and its cell could not be named.
        raise Unreadable("UNREADABLE", found="<c>")
    if has_errors:
        errors = ERROR_CELL.findall(rows)
        facts.broken_cells |= {address.decode(): text.decode("utf-8", "replace") for address, _, text in errors}
    if has_formulas:
        facts.has_formulas = True
        without_result = FORMULA_WITHOUT_RESULT.findall(rows)
        facts.broken_cells |= {cell.decode(): "=" + text.decode("utf-8", "replace") for cell, text in without_result}
    if b"hidden=" in rows:
        facts.hidden_rows += map(int, HIDDEN_ROW.findall(rows))
    if b"mergeCell" in rows:
        facts.merged += [_merged(*match) for match in MERGED.findall(rows)]


def _merged(first: bytes, row: bytes, last: bytes, _: bytes) -> tuple[int, int, int]:
    return int(row), column_index(first.decode()), column_index(last.decode())
