"""Workbooks as their senders dress them up, and the same sheet as other programs write it."""

import io
import re
import zipfile
from collections.abc import Callable

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from tests.files import SHEET_PART, with_sheet

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPREADSHEET_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml"
COLUMNS = ["INDICATOR", "REF_AREA", "TIME_PERIOD", "SITE", "SEX", "NUMERATOR", "DENOMINATOR", "OBS_COMMENT"]
HEADER_ROW = 3
PICTURE = bytes(range(256)) * 8


def _cells(sheet, row_count: int) -> None:
    sheet["A1"] = "Figures of Luxembourg"
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(COLUMNS)
    for number in range(row_count):
        sex = ("T", "F", "M")[number % 3]
        sheet.append(["RSM_02", "LU", "2025", "C_SOLID_ADV", sex, 40 + number, 200.5, f"ä <&> {number}"])


def _dress(sheet, last: int) -> None:
    thin = Side(style="thin", color="FF336699")
    for cell in sheet[HEADER_ROW]:
        cell.font = Font(bold=True, color="FFFFFFFF", name="Arial")
        cell.fill = PatternFill("solid", fgColor="FF1F4E79")
    for row in sheet.iter_rows(min_row=HEADER_ROW + 1, max_row=last):
        for index, cell in enumerate(row):
            cell.border = Border(left=thin, right=thin, bottom=thin)
            cell.number_format = ("General", "@", "0.00", "#,##0")[index % 4]
            cell.font = Font(italic=bool(index % 2), name="Times New Roman", size=9 + index)
            cell.alignment = Alignment(horizontal="center")
    sheet.column_dimensions["B"].width = 30
    sheet.column_dimensions["J"].fill = PatternFill("solid", fgColor="FFEEEEEE")
    sheet.row_dimensions[5].hidden = True


def _equip(book: Workbook, sheet, last: int) -> None:
    validation = DataValidation(type="list", formula1='"T,F,M"')
    validation.add(f"E4:E{last}")
    sheet.add_data_validation(validation)
    red = PatternFill(bgColor="FFFF0000")
    sheet.conditional_formatting.add(f"F4:F{last}", CellIsRule(operator="greaterThan", formula=["45"], fill=red))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=6, min_row=HEADER_ROW, max_row=last), titles_from_data=True)
    sheet.add_chart(chart, "L2")
    sheet.add_table(Table(displayName="Figures", ref=f"A{HEADER_ROW}:H{last}"))
    sheet["K3"] = f"=SUM(F4:F{last})"
    sheet["K4"] = "see the guide"
    sheet["K4"].hyperlink = "https://example.org/guide"
    sheet.freeze_panes = "A4"
    book.defined_names["Total"] = DefinedName("Total", attr_text="'Données'!$K$3")
    book.create_sheet("Notes")["A1"] = "=1+1"


def rich_workbook(*, row_count: int = 8, with_comments: bool = False, is_protected: bool = False) -> bytes:
    """A workbook with everything that a round trip through a library would change or lose."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Données"
    last = HEADER_ROW + row_count
    _cells(sheet, row_count)
    _dress(sheet, last)
    _equip(book, sheet, last)
    if with_comments:
        sheet["E5"].comment = Comment("ask the registry", "Anna")
        sheet["H6"].comment = Comment("provisional", "Anna")
    if is_protected:
        sheet.protection.sheet = True
        book.security.lockStructure = True
    stream = io.BytesIO()
    book.save(stream)
    # What no library keeps.
    return with_parts(stream.getvalue(), {"xl/media/image1.png": PICTURE, "customXml/item1.xml": b"<as it='is'/>"})


def with_parts(workbook: bytes, added: dict[str, bytes]) -> bytes:
    """The same archive with more parts."""
    stream = io.BytesIO(workbook)
    with zipfile.ZipFile(stream, "a") as archive:
        for name, data in added.items():
            archive.writestr(name, data)
    return stream.getvalue()


def with_shared_texts(workbook: bytes) -> bytes:
    """The same workbook with the texts of its first sheet in a part of their own, as Excel writes them."""
    texts: dict[bytes, int] = {}

    def share(match: re.Match[bytes]) -> bytes:
        number = texts.setdefault(match[2], len(texts))
        return match[1] + b't="s"><v>%d</v></c>' % number

    inline = re.compile(rb"(<c [^>]*?)t=\"inlineStr\"><is>(.*?)</is></c>")
    workbook = with_sheet(workbook, lambda xml: inline.sub(share, xml))
    items = b"".join(b"<si>" + text + b"</si>" for text in texts)
    workbook = with_relation(workbook, "sharedStrings")
    return with_parts(workbook, {"xl/sharedStrings.xml": b'<sst xmlns="%s">%s</sst>' % (MAIN, items)})


def with_relation(workbook: bytes, kind: str) -> bytes:
    """The same workbook, saying that it has a part of a kind."""
    relation = b'<Relationship Id="rId99" Type="%s/%s" Target="%s.xml"/></Relationships>'
    relation %= (OFFICE, kind.encode(), kind.encode())
    override = b'<Override PartName="/xl/%s.xml" ContentType="%s.%s+xml"/></Types>'
    override %= (kind.encode(), SPREADSHEET_TYPE, kind.encode())
    end, part = b"</Relationships>", "xl/_rels/workbook.xml.rels"
    workbook = with_sheet(workbook, lambda xml: xml.replace(end, relation), part=part)
    return with_sheet(workbook, lambda xml: xml.replace(b"</Types>", override), part="[Content_Types].xml")


def bare(rows: bytes, *, data: bytes | None = None, before: bytes = b"", after: bytes = b"") -> bytes:
    """A small workbook whose sheet holds the XML given."""
    inside = b"<sheetData>" + rows + b"</sheetData>" if data is None else data
    xml = b'<?xml version="1.0"?>\n<worksheet xmlns="' + MAIN + b'">' + before + inside + after + b"</worksheet>"
    return with_sheet(_plain(), lambda _: xml)


def prefixed(workbook: bytes) -> bytes:
    """The same sheet under a prefix, as some programs write it."""

    def change(xml: bytes) -> bytes:
        start, _, rest = xml.partition(b"<worksheet")
        rest = rest.replace(b"</", b"</\0").replace(b"<", b"<x:").replace(b"<x:/\0", b"</x:")
        return start + b"<x:worksheet" + rest.replace(b"xmlns=", b"xmlns:x=", 1)

    return with_sheet(workbook, change)


def strict(workbook: bytes) -> bytes:
    """The same workbook in the strict variant of the format."""

    def change(xml: bytes) -> bytes:
        xml = xml.replace(MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        return xml.replace(OFFICE, b"http://purl.oclc.org/ooxml/officeDocument/relationships")

    return every_part(workbook, change)


def without_styles(workbook: bytes) -> bytes:
    """The same workbook without a style sheet."""

    def change(xml: bytes) -> bytes:
        start = xml.find(b"styles")
        if start < 0:
            return xml
        first, last = xml.rindex(b"<", 0, start), xml.index(b">", start)
        return change(xml[:first] + xml[last + 1 :])

    changed = with_sheet(workbook, change, part="[Content_Types].xml")
    changed = with_sheet(changed, change, part="xl/_rels/workbook.xml.rels")
    return _only(changed, lambda name: name != "xl/styles.xml")


def every_part(workbook: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with each of its XML parts changed."""
    for name in parts(workbook):
        if name.endswith((".xml", ".rels")):
            workbook = with_sheet(workbook, change, part=name)
    return workbook


def parts(workbook: bytes) -> dict[str, bytes]:
    """{name: contents} of an archive."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet_xml(workbook: bytes) -> bytes:
    """The XML of the first sheet."""
    return parts(workbook)[SHEET_PART]


def _plain() -> bytes:
    stream = io.BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


def _only(workbook: bytes, keep: Callable[[str], bool]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts(workbook).items():
            if keep(name):
                archive.writestr(name, data)
    return stream.getvalue()
