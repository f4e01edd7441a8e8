"""How the cells of a template look; a colour never says anything alone, the first sheet explains each in words."""

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

TEXT, SOFT, LINK, WHITE = "262626", "6B6B6B", "1F4E79", "FFFFFF"
NAVY, GOLD, GREY = "1F3864", "7F6000", "595959"
BANDS = ("DCE6F1", "EEF3F8")  # keys of one indicator, keys of the next
ENTRY, OPEN, CLOSED, REFERENCE = "FFF2CC", "FFFFFF", "D9D9D9", "F5F5F5"
LINE = Side(style="thin", color="BFBFBF")
START_LINE = Side(style="medium", color=NAVY)
GRID = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
START_GRID = Border(left=LINE, right=LINE, top=START_LINE, bottom=LINE)
WRAPPED = Alignment(wrap_text=True, vertical="top")
HEADED = Alignment(horizontal="center", vertical="center", wrap_text=True)
# The names of a style and of the same style on the first row of an indicator.
START = " start"


def add_styles(book: Workbook) -> None:
    """Register the named styles that the sheets use."""
    cells = {
        "entry": (ENTRY, Font(color=TEXT)),
        "open": (OPEN, Font(color=TEXT)),
        "closed": (CLOSED, Font(color=SOFT)),
        "reference": (REFERENCE, Font(color=SOFT, italic=True)),
    }
    for number, band in enumerate(BANDS):
        cells[f"key {number}"] = (band, Font(color=TEXT))
        cells[f"link {number}"] = (band, Font(color=LINK))
        cells[f"total key {number}"] = (band, Font(color=TEXT, bold=True))
        cells[f"total link {number}"] = (band, Font(color=LINK, bold=True))
    for name, (colour, font) in cells.items():
        book.add_named_style(_style(name, colour, font, border=GRID))
        book.add_named_style(_style(name + START, colour, font, border=START_GRID))
    for name, colour in (("key head", NAVY), ("entry head", GOLD), ("reference head", GREY)):
        book.add_named_style(_style(name, colour, Font(color=WHITE, bold=True), border=GRID, alignment=HEADED))
    book.add_named_style(_style("title", None, Font(color=NAVY, bold=True, size=20)))
    book.add_named_style(_style("heading", None, Font(color=NAVY, bold=True, size=13)))
    book.add_named_style(_style("words", None, Font(color=TEXT, size=11), alignment=WRAPPED))
    book.add_named_style(_style("strong words", None, Font(color=TEXT, size=11, bold=True), alignment=WRAPPED))
    book.add_named_style(_style("note", OPEN, Font(color=TEXT), border=GRID, alignment=WRAPPED))
    book.add_named_style(_style("note link", OPEN, Font(color=LINK, bold=True), border=GRID, alignment=WRAPPED))


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
