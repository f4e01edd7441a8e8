"""Read XLSX: the archive is measured before anything parses it, because a tiny one can ask for all memory."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, PasswordError

from ingestion.reading.header import HEADER_SEARCH_ROWS, find_header
from ingestion.reading.table import Cell, Header, RawTable, Unreadable, column_index, is_blank_row

PREFERRED_SHEET = "data"
MEGABYTE = 1 << 20
# A workbook of 5 000 rows unpacks to about 2.5 MB, at a ratio of 20 to 40.
MOST_UNPACKED_BYTES = 1024 * MEGABYTE
MOST_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 20 * MEGABYTE
MOST_PARTS = 5_000
# A sheet is parsed into a rectangle from A1 to its last cell.
MOST_RECTANGLE_CELLS = 5_000_000
MOST_EMPTY_SHARE = 50
SHEET_PART = re.compile(r"^xl/worksheets/[^/]+\.xml$")
XML_PARTS = (".xml", ".rels")
CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*\bt=[\"']e[\"'])[^>]*?\br=[\"']([A-Z]+[0-9]+)[\"'][^>]*>"
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
# A formula may well give an empty text (t="str"): that is a result.
FORMULA_WITHOUT_RESULT = re.compile(
    rb"<(?:\w+:)?c\s(?![^>]*\bt=[\"']str[\"'])[^>]*?\br=[\"']([A-Z]+[0-9]+)[\"'][^>]*>\s*<(?:\w+:)?f[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


@dataclass(frozen=True)
class Sheet:
    """One worksheet of a workbook: its name and the part of the archive that holds it."""

    name: str
    part: str


def read_workbook(path: Path) -> RawTable:
    """Return the table of the sheet `data`, or else of the first sheet that names our columns.

    Errors: `Unreadable` for archives that are unsafe, damaged, locked, or hold no such sheet.
    """
    with _blaming_the_file():
        with zipfile.ZipFile(path) as archive:
            _guard_size(archive)
            broken = {name: _guard_part(archive, name) for name in archive.namelist() if name.endswith(XML_PARTS)}
            sheets = _sheets(archive)
        workbook = CalamineWorkbook.from_path(str(path))
    for sheet in sorted(sheets, key=lambda sheet: sheet.name.strip().casefold() != PREFERRED_SHEET):
        with _blaming_the_file():
            rows: list[list[Cell]] = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        header = find_header(enumerate(rows[:HEADER_SEARCH_ROWS], start=1))
        if header:
            return _table(sheet, header, rows, broken.get(sheet.part, {}))
    names = ", ".join(sheet.name for sheet in sheets)[:200]
    raise Unreadable("NO_HEADER" if sheets else "UNREADABLE", found=f"sheets: {names}" if names else "no sheet")


def _table(sheet: Sheet, header: Header, rows: list[list[Cell]], broken: dict[str, str]) -> RawTable:
    numbered = [(number, cells) for number, cells in enumerate(rows, start=1) if number > header.row]
    broken_rows = {int(re.sub(r"\D", "", address)) for address in broken}
    body = [(number, cells) for number, cells in numbered if number in broken_rows or not is_blank_row(cells)]
    return RawTable("xlsx", header, body, sheet=sheet.name, broken_cells=broken)


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


def _guard_size(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    is_bomb = unpacked > RATIO_COUNTS_FROM_BYTES and unpacked / packed > MOST_RATIO
    if is_bomb or unpacked > MOST_UNPACKED_BYTES or len(parts) > MOST_PARTS:
        raise Unreadable("UNSAFE_FILE", found=f"{unpacked // MEGABYTE} MB packed into {packed / MEGABYTE:.1f} MB")


def _guard_part(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Refuse a part that would harm its parser; return the cells of a sheet that show an error or no result."""
    data = archive.read(name)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Unreadable("UNSAFE_FILE", found=f"a document type declaration in {name}")
    if not SHEET_PART.match(name):
        return {}
    _guard_rectangle(data)
    broken = {address.decode(): text.decode("utf-8", "replace") for address, text in ERROR_CELL.findall(data)}
    if b"<f" in data or b":f" in data:
        without_result = FORMULA_WITHOUT_RESULT.findall(data)
        broken |= {address.decode(): "=" + text.decode("utf-8", "replace") for address, text in without_result}
    return broken


def _guard_rectangle(data: bytes) -> None:
    addresses = CELL.findall(data)
    last_row = max((int(row) for _, row in addresses), default=0)
    letters = {column for column, _ in addresses}
    last_column = max((column_index(column.decode()) + 1 for column in letters), default=0)
    rectangle = last_row * last_column
    if rectangle > MOST_RECTANGLE_CELLS and rectangle > MOST_EMPTY_SHARE * len(addresses):
        found = f"{len(addresses)} cells spread over {last_row} rows and {last_column} columns"
        raise Unreadable("FAR_CELLS", found=found)


def _sheets(archive: zipfile.ZipFile) -> list[Sheet]:
    """Return the worksheets in the order of their tabs."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    sheets = []
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            target = targets.get(_relationship_of(element), "")
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            if SHEET_PART.match(part):
                sheets.append(Sheet(name=element.get("name", ""), part=part))
    return sheets


def _relationship_of(element: ElementTree.Element) -> str | None:
    # The strict variant of the format uses another namespace for the same attribute.
    return next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
