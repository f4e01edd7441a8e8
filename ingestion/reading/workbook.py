"""Read XLSX and ODS: the archive is measured, looked through, and only then given to its parser."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path

from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

from ingestion.catalogue import column_kinds, columns_of_kind, count_columns
from ingestion.catalogue import rows as catalogue_rows
from ingestion.languages import phrase
from ingestion.reading.archive import Archive
from ingestion.reading.cell import Cell, cell_address, cell_text, column_index, column_letters, is_blank_row
from ingestion.reading.contents import guard_contents
from ingestion.reading.header import (
    FEWEST_KEYS,
    HEADER_SEARCH_ROWS,
    KEY_COLUMNS,
    find_header,
    header_in_one_cell,
    header_notes,
)
from ingestion.reading.number_formats import as_shown, number_formats, shown_by
from ingestion.reading.numbers import is_number
from ingestion.reading.open_document import CONTENT_PART, META_PART, Area, DocumentSheet, look_through_document
from ingestion.reading.rich_text import have_marks, marked_cells, struck_formats
from ingestion.reading.sheet_xml import SheetFacts, cells_of_styles, formulas_in, look_through
from ingestion.reading.table import Header, Note, RawTable, RowFault, Unreadable
from ingestion.reading.text_marks import struck
from ingestion.reading.xml_elements import elements_named

PREFERRED_SHEET = "data"
LONGEST_SHOWN = 200
MOST_SHEETS = 100
MOST_MERGED = 1000
WORKBOOK_PART = "xl/workbook.xml"
RELATIONS_PART = "xl/_rels/workbook.xml.rels"
STYLES_PART = "xl/styles.xml"
STRINGS_PART = "xl/sharedStrings.xml"
PROPERTIES_PART = "docProps/custom.xml"
MIMETYPE_PART = "mimetype"
SPREADSHEET_TYPES = (b"application/vnd.oasis.opendocument.spreadsheet",)
WORKSHEETS = "xl/worksheets/"
# The template writes what it was made for into a property of this name.
FINGERPRINT_PROPERTY = "pcm_template"
Place = tuple[int, int]  # row, index of the column


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


def read_workbook(path: Path) -> RawTable:
    """Return the table of the best sheet: with figures, visible, called `data`, first of the tabs, in this order.

    Errors: `Unreadable` for archives that are unsafe, damaged, locked, or hold no such sheet.
    """
    with closing(Archive(path)) as archive:
        with _blaming_the_file():
            file_format = _format_of(archive)
            guard_contents(archive)
            sheets = _sheets(archive, file_format)
            candidates = _candidates(path, sheets)
        table = _table(file_format, candidates)
        with _blaming_the_file():
            table.formula_cells = _formulas_for_codes(archive, candidates[0])
            table.fingerprint = _fingerprint(archive)
            _read_formats_as_shown(table, *_formatted_cells(archive, candidates[0]))
            _read_marks_as_shown(table, archive, candidates[0])
    return table


def _table(file_format: str, candidates: Sequence[Candidate]) -> RawTable:
    chosen = candidates[0]
    sheet, header = chosen.sheet, chosen.header
    broken_rows = {int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for address in sheet.facts.broken_cells}
    body = [
        (number, cells)
        for number, cells in enumerate(chosen.rows[header.row :], start=header.row + 1)
        if number in broken_rows or not is_blank_row(cells)
    ]
    table = RawTable(file_format, header, body, sheet=sheet.name, broken_cells=sheet.facts.broken_cells)
    first = max(header.row - 2, 0)
    neighbours = [row for row in enumerate(chosen.rows[first : header.row + 1], first + 1) if row[0] != header.row]
    table.faults = _merged_faults(chosen)
    table.titles = list(enumerate(chosen.rows[: header.row - 1], start=1))
    table.notes = [*_sheet_notes(candidates, body), *header_notes(header, neighbours), *_merged_notes(chosen, body)]
    return table


def _candidates(path: Path, sheets: Sequence[Sheet]) -> list[Candidate]:
    """Return the sheets that name our columns, the best one first; no rows are kept of the others.

    Errors: `Unreadable` if there is none.
    """
    workbook = CalamineWorkbook.from_path(str(path))
    hidden = {sheet.name for sheet in workbook.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible}

    def rank(sheet: Sheet) -> tuple[bool, bool]:
        return sheet.name in hidden, sheet.name.strip().casefold() != PREFERRED_SHEET

    candidates: list[Candidate] = []
    whole_header: str | None = None
    for sheet in sorted(sheets[:MOST_SHEETS], key=rank):
        rows: list[list[Cell]] = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        header = find_header(enumerate(rows[:HEADER_SEARCH_ROWS], start=1))
        if header is None:
            whole_header = whole_header or header_in_one_cell(enumerate(rows[:HEADER_SEARCH_ROWS], start=1))
        else:
            found = Candidate(sheet, header, rows, sheet.name in hidden, _holds_figures(sheet, header, rows))
            _put(found, candidates)
    if not candidates and whole_header:
        raise Unreadable("ONE_CELL", found=whole_header[:LONGEST_SHOWN])
    if not candidates:
        raise Unreadable("NO_HEADER", found=", ".join(sheet.name for sheet in sheets)[:LONGEST_SHOWN])
    return candidates


def _put(found: Candidate, candidates: list[Candidate]) -> None:
    """Put a sheet before the others if it alone holds figures, else behind them."""
    is_best = not candidates or (found.has_figures and not candidates[0].has_figures)
    for lesser in candidates[:1] if is_best else [found]:
        lesser.rows.clear()
    candidates.insert(0 if is_best else len(candidates), found)


def _holds_figures(sheet: Sheet, header: Header, rows: Sequence[Sequence[Cell]]) -> bool:
    """Say whether a number or a status stands in its column; code lists, definitions and empty templates have none."""
    numbers = _number_columns(header)
    if not numbers or len(set(KEY_COLUMNS) & set(header.positions)) < FEWEST_KEYS:
        return False
    # A formula that fails, or was never calculated, reads like an empty cell.
    broken = {column_index(address.rstrip("0123456789")) for address in sheet.facts.broken_cells}
    body = rows[header.row :]
    return (
        not broken.isdisjoint(numbers)
        or any(is_number(text) for row in body for text in _texts(row, numbers))
        or any(_answers_by_status(row, header, numbers) for row in body)
    )


def _answers_by_status(row: Sequence[Cell], header: Header, numbers: Iterable[int]) -> bool:
    """Say whether a row with its keys has a status in place of its numbers.

    A row of definitions tells of each column in words; a status that is no code counts beside empty numbers alone.
    """
    keys = list(_texts(row, [header.positions[name] for name in KEY_COLUMNS if name in header.positions]))
    is_without_words = not any(_texts(row, numbers))
    return all(keys) and any(
        text and (is_without_words or text.upper() in codes)
        for name, codes in _status_codes().items()
        for text in _texts(row, [header.positions[name]] if name in header.positions else [])
    )


@cache
def _status_codes() -> dict[str, frozenset[str]]:
    """Return the codes of each column of statuses."""
    return {
        row["column_name"]: frozenset(code["code"] for code in catalogue_rows(row["code_list"]))
        for row in catalogue_rows("submission_columns")
        if row["column_kind"] == "attribute"
    }


def _texts(row: Sequence[Cell], indices: Iterable[int]) -> Iterator[str]:
    """Yield the texts of some cells of a row, as far as it has them."""
    return (cell_text(row[index]) for index in indices if index < len(row))


def _number_columns(header: Header) -> set[int]:
    numbers = columns_of_kind("number")
    return {index for name, index in header.positions.items() if name in numbers}


def _sheet_notes(candidates: Sequence[Candidate], body: Sequence[tuple[int, list[Cell]]]) -> Iterator[Note]:
    chosen = candidates[0]
    if chosen.is_hidden:
        yield Note("HIDDEN_SHEET", found=chosen.sheet.name)
    unread = [candidate.sheet.name for candidate in candidates[1:] if candidate.has_figures]
    if unread:
        yield Note("SEVERAL_SHEETS", found=chosen.sheet.name, given={"sheets": ", ".join(unread)})
    hidden = sorted(set(chosen.sheet.facts.hidden_rows) & {number for number, _ in body})
    if hidden:
        yield Note("HIDDEN_ROWS", row=hidden[0], given={"count": len(hidden)})
    names = {index: name for name, index in chosen.header.positions.items()}
    hidden_columns = chosen.sheet.facts.hidden_columns & names.keys()
    for index in sorted(index for index in hidden_columns if any(any(_texts(cells, [index])) for _, cells in body)):
        yield Note("HIDDEN_COLUMN", chosen.header.row, index, found=chosen.header.texts[index], expected=names[index])


def _merged_notes(chosen: Candidate, body: Sequence[tuple[int, list[Cell]]]) -> Iterator[Note]:
    """Note a column name that is merged over several columns, of which more than the first holds something."""
    names = {index: name for name, index in chosen.header.positions.items()}
    for row, _, first, last in chosen.sheet.facts.merged:
        if row == chosen.header.row and first in names:
            covered = range(first + 1, last + 1)
            if any(cell_text(cell) for _, cells in body for cell in cells[covered.start : covered.stop]):
                yield Note("MERGED_HEADER", row, first, found=chosen.header.texts[first], expected=names[first])


def _merged_faults(chosen: Candidate) -> list[RowFault]:
    """Return the rows whose group is shown by a cell that is merged with the one above: they do not hold it."""
    kinds, names = column_kinds(), {index: name for name, index in chosen.header.positions.items()}
    groups = {index for index, name in names.items() if kinds[name] == "dimension" and name not in KEY_COLUMNS}
    faults: dict[int, RowFault] = {}
    for first, last, left, right in chosen.sheet.facts.merged[:MOST_MERGED]:
        covered = groups.intersection(range(left, right + 1)) if first > chosen.header.row else set()
        text = next(_texts(chosen.rows[first - 1], [left]), "") if covered and first <= len(chosen.rows) else ""
        for row in range(first + 1, min(last, len(chosen.rows)) + 1) if text else ():
            given = {"column": names[min(covered)], "above": text}
            faults[row] = RowFault("MERGED_CELL", row, min(covered), given=given)
    return [faults[row] for row in sorted(faults)]


def _formulas_for_codes(archive: Archive, chosen: Candidate) -> dict[str, str]:
    """Return {address: formula} where a code belongs: a code that is computed is not the sender's own."""
    kinds = column_kinds()
    columns = {index for name, index in chosen.header.positions.items() if kinds[name] not in ("number", "text")}
    facts = chosen.sheet.facts
    if not facts.has_formulas:
        return {}
    if document := chosen.sheet.document:
        found = {cell_address(*place): text for place, text in document.formulas.items() if place[1] in columns}
    else:
        found = formulas_in(archive.chunks(chosen.sheet.part), {column_letters(index) for index in columns})
    return {address: text for address, text in found.items() if address not in facts.broken_cells}


def _formatted_cells(archive: Archive, chosen: Candidate) -> tuple[Collection[Place], dict[Place, str]]:
    """Return the cells in columns of numbers that show a percentage, and the texts of those that show no number."""
    columns = _number_columns(chosen.header)
    if document := chosen.sheet.document:
        row_count = len(chosen.rows)
        percents = {place for area in document.percents for place in _places(area, columns, row_count)}
        texts = {place: text for area, text in document.no_numbers for place in _places(area, columns, row_count)}
        return percents, texts
    formats = number_formats(_chunks_of(archive, STYLES_PART))
    styles = formats.percents | formats.codes.keys()
    cells = cells_of_styles(archive.chunks(chosen.sheet.part), styles, columns) if styles else {}
    shown = {
        place: shown_by(formats.codes[style], number)
        for place, style in cells.items()
        if style in formats.codes and (number := _number_at(chosen.rows, place)) is not None
    }
    percents = {place for place, style in cells.items() if style in formats.percents}
    return percents, {place: text for place, text in shown.items() if text is not None}


def _number_at(rows: Sequence[Sequence[Cell]], place: Place) -> float | None:
    row, index = place
    cell = rows[row - 1][index] if row <= len(rows) and index < len(rows[row - 1]) else None
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None


def _read_formats_as_shown(table: RawTable, percents: Collection[Place], texts: Mapping[Place, str]) -> None:
    """Put what the sheet shows in place of the numbers in some cells, and note the first percentage of each column.

    A count of 12 % or of 12 Tsd. is none: it is read as the text that is shown, and asked about.
    """
    names = {index: name for name, index in table.header.positions.items()}
    notes: dict[int, Note] = {}
    rows = table.listed_rows if percents or texts else []
    for row, index, cells in ((row, index, cells) for row, cells in rows for index in names if index < len(cells)):
        held = cells[index]
        if not isinstance(held, int | float) or isinstance(held, bool):
            continue
        if (row, index) in texts:
            cells[index] = texts[row, index]
        elif (row, index) in percents and names[index] in count_columns():
            cells[index] = f"{cell_text(as_shown(held))}%"
        elif (row, index) in percents:
            cells[index] = shown = as_shown(held)
            note = Note("PERCENT_FORMAT", row, index, cell_text(held), names[index], {"value": shown})
            notes.setdefault(index, note)
            table.percent_cells.add((row, index))
    table.notes += notes.values()


def _read_marks_as_shown(table: RawTable, archive: Archive, chosen: Candidate) -> None:
    """Put what the sheet shows in place of cells that are raised, lowered or struck, in part or as a whole."""
    marked, struck_cells = _marked_cells(archive, chosen)
    columns = _number_columns(table.header)
    rows = table.listed_rows if marked or struck_cells else []
    for row, index, cells in ((row, index, cells) for row, cells in rows for index in columns):
        if (row, index) in marked:
            cells[index] = marked[row, index]
        elif (row, index) in struck_cells:
            cells[index] = struck(cell_text(cells[index]))


def _marked_cells(archive: Archive, chosen: Candidate) -> tuple[dict[Place, str], Collection[Place]]:
    """Return the texts with marks by (row, column), and what is struck as a whole, in columns of numbers."""
    columns = _number_columns(chosen.header)
    part, row_count = chosen.sheet.part, len(chosen.rows)
    if document := chosen.sheet.document:
        texts = {place: text for area, text in document.marked for place in _places(area, columns, row_count)}
        return texts, {place for area in document.struck for place in _places(area, columns, row_count)}
    styles = struck_formats(_chunks_of(archive, STYLES_PART))
    struck_cells = cells_of_styles(archive.chunks(part), styles, columns) if styles else {}
    if not any(have_marks(_chunks_of(archive, name)) for name in (STRINGS_PART, part)):
        return {}, struck_cells
    return marked_cells(archive.chunks(part), lambda: _chunks_of(archive, STRINGS_PART), columns), struck_cells


def _places(area: Area, columns: Iterable[int], row_count: int) -> Iterator[Place]:
    """Yield (row, column) of the cells of an area that lie in some columns, as far as the sheet has rows."""
    first, last, left, right = area
    rows = range(first, min(last, row_count) + 1)
    return ((row, column) for column in columns if left <= column <= right for row in rows)


def _chunks_of(archive: Archive, part: str) -> Iterator[bytes]:
    """Return the chunks of a part that a workbook need not have, whose name is written in any case."""
    return chain.from_iterable(archive.chunks(name) for name in archive.names if name.casefold() == part.casefold())


@contextmanager
def _blaming_the_file() -> Iterator[None]:
    """Whatever fails while an archive is taken apart is the archive's doing, a panic of the parser included."""
    try:
        yield
    except (Unreadable, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except PasswordError:
        raise Unreadable("PASSWORD") from None
    except BaseException as error:
        raise Unreadable("UNREADABLE", found=str(error)[:200] or type(error).__name__) from None


def _format_of(archive: Archive) -> str:
    if WORKBOOK_PART in archive.names:
        return "xlsx"
    if CONTENT_PART in archive.names and MIMETYPE_PART in archive.names:
        if archive.read_small(MIMETYPE_PART).strip() in SPREADSHEET_TYPES:
            return "ods"
        raise Unreadable("NOT_A_TABLE", given={"kind_name": phrase("an OpenDocument file that is not a spreadsheet")})
    for row in catalogue_rows("file_kinds"):
        if row["told_by"] == "part" and row["mark"] in archive.names:
            raise Unreadable("NOT_A_TABLE", given={"kind_name": row["kind_name"]})
    raise Unreadable("NOT_A_TABLE", given={"kind_name": phrase("a zip archive")})


def _sheets(archive: Archive, file_format: str) -> list[Sheet]:
    """Return the sheets in the order of their tabs, each looked through; no part is left unguarded."""
    archive.guard_parts(besides=(WORKSHEETS, CONTENT_PART))
    if file_format == "ods":
        found = look_through_document(archive.guarded_chunks(CONTENT_PART))
        return [Sheet(sheet.name, CONTENT_PART, sheet.facts, sheet) for sheet in found]
    named = _sheets_of_workbook(archive)
    facts = {name: look_through(archive.guarded_chunks(name)) for name in archive.names if _is_worksheet(name)}
    return [Sheet(name, part, facts[part]) for name, part in named if part in facts]


def _is_worksheet(part: str) -> bool:
    return part.startswith(WORKSHEETS) and part.endswith(".xml")


def _sheets_of_workbook(archive: Archive) -> list[tuple[str, str]]:
    """Return (name, part) of the sheets in the order of their tabs."""
    relations = elements_named(archive.read_small(RELATIONS_PART), "Relationship")
    targets = {relation.attributes.get("Id"): relation.attributes.get("Target", "") for relation in relations}
    named = []
    for sheet in elements_named(archive.read_small(WORKBOOK_PART), "sheet"):
        # The prefix of this attribute is whatever the writer calls the namespace of relationships.
        relation = next((text for name, text in sheet.attributes.items() if name.endswith(":id")), None)
        target = targets.get(relation, "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        named.append((sheet.attributes.get("name", ""), part))
    return named


def _fingerprint(archive: Archive) -> str | None:
    """Return the text of the workbook's own property, wherever its format keeps it."""
    for part, name in ((PROPERTIES_PART, "property"), (META_PART, "user-defined")):
        for element in elements_named(archive.read_small(part), name) if part in archive.names else ():
            if FINGERPRINT_PROPERTY in element.attributes.values():
                return element.text.strip() or None
    return None
