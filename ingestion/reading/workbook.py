"""Read XLSX and ODS: the archive is measured, looked through, and only then given to its parser."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from python_calamine import PasswordError

from ingestion.catalogue import column_kinds
from ingestion.catalogue import rows as catalogue_rows
from ingestion.languages import phrase
from ingestion.reading.archive import Archive
from ingestion.reading.cell import Cell, cell_address, cell_text, column_letters, is_blank_row
from ingestion.reading.contents import guard_contents
from ingestion.reading.header import KEY_COLUMNS, header_notes
from ingestion.reading.open_document import CONTENT_PART, META_PART, look_through_document
from ingestion.reading.sheet_choice import Candidate, Sheet, candidates_in, texts_at
from ingestion.reading.sheet_xml import formulas_in, look_through
from ingestion.reading.shown_cells import read_as_shown
from ingestion.reading.table import Note, RawTable, RowFault, Unreadable
from ingestion.reading.xml_elements import elements_named

MOST_MERGED = 1000
WORKBOOK_PART = "xl/workbook.xml"
RELATIONS_PART = "xl/_rels/workbook.xml.rels"
PROPERTIES_PART = "docProps/custom.xml"
MIMETYPE_PART = "mimetype"
SPREADSHEET_TYPES = (b"application/vnd.oasis.opendocument.spreadsheet",)
WORKSHEETS = "xl/worksheets/"
# The template writes what it was made for into a property of this name.
FINGERPRINT_PROPERTY = "pcm_template"


def read_workbook(path: Path) -> RawTable:
    """Return the table of the best sheet: with figures, visible, called `data`, first of the tabs, in this order.

    Errors: `Unreadable` for archives that are unsafe, damaged, locked, or hold no such sheet.
    """
    with closing(Archive(path)) as archive:
        with _blaming_the_file():
            file_format = _format_of(archive)
            guard_contents(archive)
            sheets = _sheets(archive, file_format)
            candidates = candidates_in(path, sheets)
        table = _table(file_format, candidates)
        with _blaming_the_file():
            table.formula_cells = _formulas_for_codes(archive, candidates[0])
            table.fingerprint = _fingerprint(archive)
            read_as_shown(table, archive, candidates[0].sheet)
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
    for index in sorted(index for index in hidden_columns if any(any(texts_at(cells, [index])) for _, cells in body)):
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
        text = next(texts_at(chosen.rows[first - 1], [left]), "") if covered and first <= len(chosen.rows) else ""
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
