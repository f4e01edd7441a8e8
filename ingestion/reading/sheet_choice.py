"""Which sheet of a workbook is read: of those that name our columns, the one with figures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from ingestion.catalogue import rows as catalogue_rows
from ingestion.reading.cell import Cell, cell_text, column_index
from ingestion.reading.header import (
    FEWEST_KEYS,
    HEADER_SEARCH_ROWS,
    KEY_COLUMNS,
    find_header,
    number_columns,
    refusal_without_header,
)
from ingestion.reading.numbers import is_number
from ingestion.reading.open_document import DocumentSheet
from ingestion.reading.sheet_xml import SheetFacts
from ingestion.reading.table import Header, Unreadable

PREFERRED_SHEET = "data"
LONGEST_SHOWN = 200
MOST_SHEETS = 100


@dataclass
class Sheet:
    """One worksheet: its name and what is known of it, and what more an OpenDocument says of it at once."""

    name: str
    part: str
    facts: SheetFacts = field(default_factory=SheetFacts)
    document: DocumentSheet | None = None


@dataclass(frozen=True)
class Candidate:
    """A sheet that names our columns; `rows` are kept of the best one only."""

    sheet: Sheet
    header: Header
    rows: list[list[Cell]]
    is_hidden: bool
    has_figures: bool


def candidates_in(path: Path, sheets: Sequence[Sheet]) -> list[Candidate]:
    """Return the sheets that name our columns, the best one first; no rows are kept of the others.

    Errors: `Unreadable` if there is none.
    """
    workbook = CalamineWorkbook.from_path(str(path))
    hidden = {sheet.name for sheet in workbook.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible}

    def rank(sheet: Sheet) -> tuple[bool, bool]:
        return sheet.name in hidden, sheet.name.strip().casefold() != PREFERRED_SHEET

    candidates: list[Candidate] = []
    refusal: Unreadable | None = None
    for sheet in sorted(sheets[:MOST_SHEETS], key=rank):
        rows: list[list[Cell]] = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        header = find_header(enumerate(rows[:HEADER_SEARCH_ROWS], start=1))
        if header is None:
            refusal = refusal or refusal_without_header(enumerate(rows[:HEADER_SEARCH_ROWS], start=1))
        else:
            found = Candidate(sheet, header, rows, sheet.name in hidden, _holds_figures(sheet, header, rows))
            _put(found, candidates)
    if not candidates:
        raise refusal or Unreadable("NO_HEADER", found=", ".join(sheet.name for sheet in sheets)[:LONGEST_SHOWN])
    return candidates


def _put(found: Candidate, candidates: list[Candidate]) -> None:
    """Put a sheet before the others if it alone holds figures, else behind them."""
    is_best = not candidates or (found.has_figures and not candidates[0].has_figures)
    for lesser in candidates[:1] if is_best else [found]:
        lesser.rows.clear()
    candidates.insert(0 if is_best else len(candidates), found)


def _holds_figures(sheet: Sheet, header: Header, rows: Sequence[Sequence[Cell]]) -> bool:
    """Say whether a number or a status stands in its column; code lists, definitions and empty templates have none."""
    numbers = set(number_columns(header).values())
    if not numbers or len(set(KEY_COLUMNS) & set(header.positions)) < FEWEST_KEYS:
        return False
    # A formula that fails, or was never calculated, reads like an empty cell.
    broken = {column_index(address.rstrip("0123456789")) for address in sheet.facts.broken_cells}
    body = rows[header.row :]
    return (
        not broken.isdisjoint(numbers)
        or any(is_number(text) for row in body for text in texts_at(row, numbers))
        or any(_answers_by_status(row, header, numbers) for row in body)
    )


def _answers_by_status(row: Sequence[Cell], header: Header, numbers: Iterable[int]) -> bool:
    """Say whether a row with its keys has a status in place of its numbers.

    A row of definitions tells of each column in words; a status that is no code counts beside empty numbers alone.
    """
    keys = list(texts_at(row, [header.positions[name] for name in KEY_COLUMNS if name in header.positions]))
    is_without_words = not any(texts_at(row, numbers))
    return all(keys) and any(
        text and (is_without_words or text.upper() in codes)
        for name, codes in _status_codes().items()
        for text in texts_at(row, [header.positions[name]] if name in header.positions else [])
    )


@cache
def _status_codes() -> dict[str, frozenset[str]]:
    """Return the codes of each column of statuses."""
    return {
        row["column_name"]: frozenset(code["code"] for code in catalogue_rows(row["code_list"]))
        for row in catalogue_rows("submission_columns")
        if row["column_kind"] == "attribute"
    }


def texts_at(row: Sequence[Cell], indices: Iterable[int]) -> Iterator[str]:
    """Yield the texts of some cells of a row, as far as it has them."""
    return (cell_text(row[index]) for index in indices if index < len(row))
