"""How the cells of a template look; a colour never says anything alone, the first sheet explains each in words."""

import math

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

TEXT, SOFT, LINK, WHITE = "262626", "6B6B6B", "1F4E79", "FFFFFF"
NAVY, GOLD, GREY = "1F3864", "7F6000", "595959"
BANDS = ("DCE6F1", "EEF3F8")  # keys of one indicator, keys of the next
ENTRY, OPEN, CLOSED, REFERENCE = "FFF2CC", "FFFFFF", "D9D9D9", "F5F5F5"
LINE = Side(style="thin", color="BFBFBF")
START_LINE = Side(style="medium", color=NAVY)
GRID = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
START_GRID = Border(left=LINE, right=LINE, top=START_LINE, bottom=LINE)
WRAPPED = Alignment(wrap_text=True, vertical="top", horizontal="left")
LEFT = Alignment(horizontal="left")
HEADED = Alignment(horizontal="center", vertical="center", wrap_text=True)
# The names of a style and of the same style on the first row of an indicator.
START = " start"
# Spreadsheet programs leave the height of a row to whoever writes the file.
POINTS_PER_LINE = 15.5
A4 = 9
MARGINS_IN_INCHES = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}


def add_styles(book: Workbook) -> None:
    """Register the named styles that the sheets use."""
    cells: dict[str, tuple[str, Font, Alignment | None]] = {
        "entry": (ENTRY, _font(TEXT), None),
        "open": (OPEN, _font(TEXT), None),
        "closed": (CLOSED, _font(SOFT), None),
        "reference": (REFERENCE, _font(SOFT, italic=True), None),
    }
    for number, band in enumerate(BANDS):
        cells[f"key {number}"] = (band, _font(TEXT), LEFT)
        cells[f"link {number}"] = (band, _font(LINK), LEFT)
        cells[f"total key {number}"] = (band, _font(TEXT, bold=True), LEFT)
        cells[f"total link {number}"] = (band, _font(LINK, bold=True), LEFT)
    for name, (colour, font, alignment) in cells.items():
        book.add_named_style(_style(name, colour, font, border=GRID, alignment=alignment))
        book.add_named_style(_style(name + START, colour, font, border=START_GRID, alignment=alignment))
    for name, colour in (("key head", NAVY), ("entry head", GOLD), ("reference head", GREY)):
        book.add_named_style(_style(name, colour, _font(WHITE, bold=True), border=GRID, alignment=HEADED))
    book.add_named_style(_style("title", None, _font(NAVY, bold=True, size=20)))
    book.add_named_style(_style("heading", None, _font(NAVY, bold=True, size=13)))
    book.add_named_style(_style("words", None, _font(TEXT), alignment=WRAPPED))
    book.add_named_style(_style("strong words", None, _font(TEXT, bold=True), alignment=WRAPPED))
    book.add_named_style(_style("note", OPEN, _font(TEXT), border=GRID, alignment=WRAPPED))
    book.add_named_style(_style("note link", OPEN, _font(LINK, bold=True), border=GRID, alignment=WRAPPED))


def _font(colour: str, *, size: int = 11, bold: bool = False, italic: bool = False) -> Font:
    return Font(name="Calibri", size=size, bold=bold, italic=italic, color=colour)


def _style(
    name: str, colour: str | None, font: Font, *, border: Border | None = None, alignment: Alignment | None = None
) -> NamedStyle:
    style = NamedStyle(name=f"pcm {name}", font=font)
    if colour:
        style.fill = PatternFill("solid", fgColor=colour)
    if border:
        style.border = border
    if alignment:
        style.alignment = alignment
    return style


def print_on_a4(sheet: Worksheet, orientation: str) -> None:
    """Make a sheet as wide as a page, `portrait` or `landscape`, with its name and the page below."""
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = orientation, A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins = PageMargins(**MARGINS_IN_INCHES)
    sheet.oddFooter.center.text = "&A  &P / &N"


def fit_height(sheet: Worksheet, row: int) -> None:
    """Make a row as high as its longest text, broken into lines as wide as its column, needs it."""
    lines = 1
    for cell in sheet[row]:
        width = sheet.column_dimensions[cell.column_letter].width
        lines = max(lines, math.ceil(len(str(cell.value or "")) / width))
    sheet.row_dimensions[row].height = lines * POINTS_PER_LINE + 2
