"""The sheet with the figures: keys filled in, cells to fill marked, what was last accepted beside them.

It is not protected: a protected sheet takes no pasted columns and no added rows, and the desk finds a changed key
anyway.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.catalogue import columns_of_kind
from ingestion.templates.code_sheet import as_cell
from ingestion.templates.contents import COLUMNS, Contents, entry_kind, meaning_of
from ingestion.templates.grid import ExpectedFigure
from ingestion.templates.styles import BANDS, START, print_on_a4

# The reader looks for a sheet of this name, in whatever language the rest is.
DATA_SHEET = "data"
KEYS = columns_of_kind("dimension")
FROZEN_AT = "D2"  # indicator, country and period stay in sight
NARROWEST, WIDEST, FILTER_ARROW = 9, 34, 4
WIDTHS = {"NUMERATOR": 15, "DENOMINATOR": 16, "OBS_COMMENT": 20, "REFERENCE": 20, "ROW_MEANING": 84}
INDICATOR, COUNTRY = "INDICATOR", "REF_AREA"


@dataclass(frozen=True)
class Block:
    """The rows of one indicator: they stand together, from `first` to `last`."""

    indicator_code: str
    first: int
    last: int


def blocks_of(figures: Iterable[ExpectedFigure]) -> list[Block]:
    """Return where the rows of each indicator stand; the header is row 1."""
    blocks, row = [], 2
    for code, found in groupby(figures, key=lambda figure: figure.indicator_code):
        count = len(list(found))
        blocks.append(Block(code, row, row + count - 1))
        row += count
    return blocks


def add_data_sheet(book: Workbook, contents: Contents, *, notes_title: str) -> Worksheet:
    """Add the sheet `data`; each indicator's rows link to its notes on the sheet `notes_title`."""
    sheet = book.create_sheet(DATA_SHEET)
    extra = [row["column_name"] for row in contents.reference_columns]
    _write_header(sheet, extra)
    figures = iter(contents.figures)
    for number, block in enumerate(blocks_of(contents.figures)):
        for row in range(block.first, block.last + 1):
            _write_row(sheet, row, next(figures), contents, band=number % len(BANDS), is_start=row == block.first)
        # One link serves all rows of the indicator; the first row of the notes is their header.
        link = Hyperlink(ref="", location=f"{quote_sheetname(notes_title)}!A{number + 2}")
        sheet.cell(block.first, 1).hyperlink = link
        link.ref = f"A{block.first}:A{block.last}"
    _set_widths(sheet, [*COLUMNS, *extra])
    _fold_unused(sheet)
    _set_up(sheet)
    return sheet


def _write_header(sheet: Worksheet, extra: list[str]) -> None:
    for index, name in enumerate([*COLUMNS, *extra], start=1):
        kind = "reference" if name in extra else "key" if name in KEYS else "entry"
        sheet.cell(1, index, name).style = f"pcm {kind} head"
    sheet.row_dimensions[1].height = 32


def _write_row(
    sheet: Worksheet, row: int, figure: ExpectedFigure, contents: Contents, *, band: int, is_start: bool
) -> None:
    for index, (value, style) in enumerate(_cells(figure, contents, band), start=1):
        sheet.cell(row, index, value).style = f"pcm {style}{START if is_start else ''}"


def _cells(figure: ExpectedFigure, contents: Contents, band: int) -> Iterator[tuple[object, str]]:
    """Yield the value and the style of each cell of a row."""
    codes = {**figure.codes, COUNTRY: contents.asked.country_code}
    total = "" if figure.groups else "total "
    for name in COLUMNS:
        if name in KEYS:
            yield as_cell(codes.get(name, "")) or None, f"{total}{'link' if name == INDICATOR else 'key'} {band}"
        else:
            yield None, entry_kind(figure.indicator_code, name)
    last = contents.references.get(figure, {})
    for column in contents.reference_columns:
        name = column["reference_column"]
        value = last.get(name) if name else meaning_of(figure, contents.words)
        yield as_cell(value) if isinstance(value, str) else value, "reference"


def _set_widths(sheet: Worksheet, names: list[str]) -> None:
    for index, name in enumerate(names, start=1):
        longest = max((len(str(cell.value)) for cell in sheet[get_column_letter(index)] if cell.value), default=0)
        width = WIDTHS.get(name, min(WIDEST, max(NARROWEST, longest + FILTER_ARROW)))
        sheet.column_dimensions[get_column_letter(index)].width = width


def _fold_unused(sheet: Worksheet) -> None:
    """Fold away the breakdowns that no row of this template has; a plus sign above them unfolds them."""
    for index, name in enumerate(KEYS, start=1):
        letter = get_column_letter(index)
        if name not in KEYS[:3] and not any(cell.value for cell in sheet[letter][1:]):
            sheet.column_dimensions[letter].outlineLevel = 1
            sheet.column_dimensions[letter].hidden = True
            # Without it Excel shows no plus sign; openpyxl counts the levels too late to write it.
            sheet.column_dimensions.max_outline = 1


def _set_up(sheet: Worksheet) -> None:
    sheet.freeze_panes = FROZEN_AT
    sheet.auto_filter.ref = sheet.dimensions
    sheet.sheet_properties.tabColor = "BF9000"
    sheet.print_title_rows = "1:1"
    print_on_a4(sheet, "landscape")
