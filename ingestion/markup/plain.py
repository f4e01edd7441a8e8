"""A table that came as text or in another format, as a workbook: each cell where its sender's program shows it."""

import io
import zipfile
from collections.abc import Iterable, Iterator

from ingestion.errors import UsageError
from ingestion.markup.package import CONTENT_TYPES, MAIN, OFFICE, RELATIONSHIPS, WORKBOOK, XML
from ingestion.markup.styles import STYLES_TYPE, style_sheet
from ingestion.markup.xml_bytes import shown
from ingestion.reading import RawTable, cell_address, cell_text

# The desk looks for this sheet first: the workbook can be corrected and sent as it is.
SHEET = "data"
# A file of 100 000 rows of 20 cells; its workbook takes about 0.5 GB of memory while it is made.
MOST_CELLS = 2_000_000
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
NARROWEST, WIDEST = 8, 28
ROWS_MEASURED = 200
MADE_AT = (2026, 1, 1, 0, 0, 0)
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PACKAGE_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
BOLD_FONT = '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
# Texts must stay texts when they are edited, so that nobody's 1.2 becomes the first of February.
TEXT_FORMAT = '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
HEADER_FORMAT = '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
NUMBER_STYLE, TEXT_STYLE, HEADER_STYLE = 0, 1, 2

Row = tuple[int, list[str | int | float]]


def plain_workbook(table: RawTable) -> bytes:
    """Return a workbook with the table as it was read: texts stay texts, numbers of a spreadsheet stay numbers.

    Errors: `UsageError` for a table that is larger than a sheet can be.
    """
    row_count = table.plain.row_count if table.plain else len(table.rows)
    _require(row_count * len(table.header.texts) <= MOST_CELLS)
    rows = list(_rows(table))
    last_row, width = rows[-1][0], max(len(cells) for _, cells in rows)
    _require(width <= MOST_COLUMNS and last_row <= MOST_ROWS)
    parts = {
        CONTENT_TYPES: _content_types(),
        "_rels/.rels": _relations({"officeDocument": "xl/workbook.xml"}),
        WORKBOOK: f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews>'
        f'<sheets><sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations({"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml"}),
        "xl/styles.xml": style_sheet(MAIN, fonts=[BOLD_FONT], formats=[TEXT_FORMAT, HEADER_FORMAT]),
        "xl/worksheets/sheet1.xml": _sheet(rows, table.header.row, cell_address(last_row, width - 1)),
    }
    return _archive(parts)


def _require(is_small_enough: bool) -> None:
    if not is_small_enough:
        raise UsageError(
            "The table is too large for a workbook with marks. Ask for the answer as CSV or as a page instead."
        )


def _rows(table: RawTable) -> Iterator[Row]:
    yield table.header.row, list(table.header.texts)
    for number, cells in table.rows:
        yield number, [_value(cell) for cell in cells]


def _value(cell: object) -> str | int | float:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    return cell if isinstance(cell, str) else cell_text(cell)  # type: ignore[arg-type]


def _sheet(rows: list[Row], header_row: int, last: str) -> str:
    written = "".join(
        _row(number, cells, style=HEADER_STYLE if number == header_row else TEXT_STYLE) for number, cells in rows
    )
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(_widths(rows), 1)
    )
    below = header_row + 1
    return (
        f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:{last}"/>'
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{header_row}" topLeftCell="A{below}" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews>"
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{written}</sheetData>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f'<ignoredErrors><ignoredError sqref="A1:{last}" numberStoredAsText="1"/></ignoredErrors></worksheet>'
    )


def _row(number: int, cells: Iterable[str | int | float], *, style: int) -> str:
    written = "".join(_cell(cell_address(number, index), value, style) for index, value in enumerate(cells))
    return f'<row r="{number}">{written}</row>'


def _cell(address: str, value: str | int | float, style: int) -> str:
    if not isinstance(value, str):
        return f'<c r="{address}" s="{NUMBER_STYLE}"><v>{value!r}</v></c>'
    return f'<c r="{address}" s="{style}" t="inlineStr"><is>{shown(value[:LONGEST_TEXT])}</is></c>' if value else ""


def _widths(rows: list[Row]) -> list[int]:
    """Return a width for each column, from the rows at the top."""
    widths: list[int] = []
    for _, cells in rows[:ROWS_MEASURED]:
        widths += [NARROWEST] * (len(cells) - len(widths))
        for index, value in enumerate(cells):
            widths[index] = min(max(widths[index], len(str(value)) + 3), WIDEST)
    return widths


def _relations(parts: dict[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts.items(), 1)
    )
    return f'<Relationships xmlns="{RELATIONSHIPS}">{items}</Relationships>'


def _content_types() -> str:
    kinds = {"xl/workbook.xml": f"{TYPES}.sheet.main+xml", "xl/styles.xml": STYLES_TYPE}
    kinds["xl/worksheets/sheet1.xml"] = f"{TYPES}.worksheet+xml"
    items = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{PACKAGE_TYPES}">{relations}{items}</Types>'


def _archive(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            entry = zipfile.ZipInfo(name, date_time=MADE_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, XML + xml.encode())
    return stream.getvalue()
