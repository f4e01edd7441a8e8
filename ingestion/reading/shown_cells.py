"""What the cells of a workbook show, where it is not what they hold: percent, a unit, a mark, or nothing at all."""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from ingestion.catalogue import count_columns
from ingestion.reading.archive import Archive
from ingestion.reading.cell import Cell, cell_text
from ingestion.reading.header import number_columns
from ingestion.reading.number_formats import as_shown, number_formats, shown_by
from ingestion.reading.open_document import Area
from ingestion.reading.rich_text import have_marks, marked_cells, struck_formats
from ingestion.reading.sheet_choice import Sheet
from ingestion.reading.sheet_xml import cells_of_styles
from ingestion.reading.table import Note, RawTable
from ingestion.reading.text_marks import struck

STYLES_PART = "xl/styles.xml"
STRINGS_PART = "xl/sharedStrings.xml"
Place = tuple[int, int]  # row, index of the column
Rows = Mapping[int, list[Cell]]


def read_as_shown(table: RawTable, archive: Archive, sheet: Sheet) -> None:
    """Put what a sheet shows in place of what it holds, in the columns of numbers."""
    columns = set(number_columns(table.header).values())
    rows = dict(table.listed_rows)
    _read_formats(table, rows, *_formatted_cells(archive, sheet, rows, columns))
    marked, struck_cells = _marked_cells(archive, sheet, columns)
    for row, index in {*marked, *struck_cells}:
        if row in rows:
            rows[row][index] = marked.get((row, index)) or struck(cell_text(rows[row][index]))


def _read_formats(table: RawTable, rows: Rows, percents: Collection[Place], texts: Mapping[Place, str]) -> None:
    """Read formatted numbers as they are shown, and note the first percentage of each column.

    A count of 12 % or of 12 Tsd. is none: it is read as the text that is shown, and asked about.
    """
    names = {index: name for name, index in table.header.positions.items()}
    notes: dict[int, Note] = {}
    for row, index in sorted({*percents, *texts}):
        held = _number_at(rows, (row, index))
        if held is None:
            continue
        if (row, index) in texts:
            rows[row][index] = texts[row, index]
        elif names[index] in count_columns():
            rows[row][index] = f"{cell_text(as_shown(held))}%"
        else:
            rows[row][index] = shown = as_shown(held)
            note = Note("PERCENT_FORMAT", row, index, cell_text(held), names[index], {"value": shown})
            notes.setdefault(index, note)
            table.percent_cells.add((row, index))
    table.notes += notes.values()


def _formatted_cells(
    archive: Archive, sheet: Sheet, rows: Rows, columns: set[int]
) -> tuple[Collection[Place], dict[Place, str]]:
    """Return the cells in some columns that show a percentage, and the texts of those that show no number."""
    if document := sheet.document:
        texts = {place: text for area, text in document.no_numbers for place in _places(area, sheet, columns)}
        return {place for area in document.percents for place in _places(area, sheet, columns)}, texts
    formats = number_formats(_chunks_of(archive, STYLES_PART))
    styles = formats.percents | formats.codes.keys()
    cells = cells_of_styles(archive.chunks(sheet.part), styles, columns) if styles else {}
    shown = {
        place: shown_by(formats.codes[style], number)
        for place, style in cells.items()
        if style in formats.codes and (number := _number_at(rows, place)) is not None
    }
    percents = {place for place, style in cells.items() if style in formats.percents}
    return percents, {place: text for place, text in shown.items() if text is not None}


def _number_at(rows: Rows, place: Place) -> float | None:
    row, index = place
    cell = rows[row][index] if row in rows and index < len(rows[row]) else None
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None


def _marked_cells(archive: Archive, sheet: Sheet, columns: set[int]) -> tuple[dict[Place, str], Collection[Place]]:
    """Return the texts of cells with marks, and the cells that are struck as a whole, in some columns."""
    if document := sheet.document:
        texts = {place: text for area, text in document.marked for place in _places(area, sheet, columns)}
        return texts, {place for area in document.struck for place in _places(area, sheet, columns)}
    styles = struck_formats(_chunks_of(archive, STYLES_PART))
    struck_cells = cells_of_styles(archive.chunks(sheet.part), styles, columns) if styles else {}
    if not any(have_marks(_chunks_of(archive, name)) for name in (STRINGS_PART, sheet.part)):
        return {}, struck_cells
    return marked_cells(archive.chunks(sheet.part), lambda: _chunks_of(archive, STRINGS_PART), columns), struck_cells


def _places(area: Area, sheet: Sheet, columns: set[int]) -> Iterator[Place]:
    """Yield the cells of an area that lie in some columns, as far as the sheet has rows."""
    first, last, left, right = area
    rows = range(first, min(last, sheet.facts.last_row) + 1)
    return ((row, column) for column in columns if left <= column <= right for row in rows)


def _chunks_of(archive: Archive, part: str) -> Iterator[bytes]:
    """Return the chunks of a part that a workbook need not have, whose name is written in any case."""
    return chain.from_iterable(archive.chunks(name) for name in archive.names if name.casefold() == part.casefold())
