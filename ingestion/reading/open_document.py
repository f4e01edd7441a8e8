"""The sheets of an OpenDocument spreadsheet (OpenDocument 1.3, part 3), looked through as a stream before it is parsed.

One empty cell may stand for seventeen thousand million of them there, so what is repeated is counted, not written out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from ingestion.reading.cell import cell_address
from ingestion.reading.number_formats import no_number_in
from ingestion.reading.sheet_xml import LAST_COLUMN, MOST_RECTANGLE_CELLS, Area, SheetFacts
from ingestion.reading.table import Unreadable
from ingestion.reading.text_marks import Marks

CONTENT_PART = "content.xml"
META_PART = "meta.xml"
LINKS = frozenset(("table:table-source", "table:cell-range-source", "office:dde-source", "table:dde-link"))
EMBEDDED = frozenset(("draw:object", "draw:object-ole", "draw:applet", "draw:plugin", "draw:floating-frame"))
MACROS = frozenset(("script:event-listener", "office:script"))
HIDDEN = frozenset(("collapse", "filter"))
ERROR_TEXTS = ("#", "Err:")
CELLS = ("table:table-cell", "table:covered-table-cell")
NOTE = "office:annotation"
SPAN = "text:span"
MOST_STYLES = 100_000


@dataclass
class DocumentSheet:
    """A sheet and its facts; formulas stand in `formulas`, {(row, column): formula}.

    `percents` are the cells that show a percentage, `no_numbers` what others show that hold a number and show none,
    `struck` those that are struck through as a whole; `marked` gives the text of those of which some characters are
    raised, lowered or struck, as it is shown.
    """

    name: str
    facts: SheetFacts = field(default_factory=SheetFacts)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: list[Area] = field(default_factory=list)
    no_numbers: list[tuple[Area, str]] = field(default_factory=list)
    struck: list[Area] = field(default_factory=list)
    marked: list[tuple[Area, str]] = field(default_factory=list)


def look_through_document(chunks: Iterable[bytes]) -> list[DocumentSheet]:
    """Return the sheets of `content.xml`, in the order of their tabs.

    Errors: `Unreadable` for links, objects, programs and cells far apart; `expat.ExpatError` for broken XML.
    """
    reader = _Reader()
    for chunk in chunks:
        reader.parser.Parse(chunk, False)
    reader.parser.Parse(b"", True)
    return reader.sheets


class _Reader:
    """Follows rows and cells through the elements of a document."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.sheets: list[DocumentSheet] = []
        self.row = self.column = 0
        self.row_repeat = self.cell_repeat = 1
        self.is_row_filled = False
        self.cell: dict[str, str] | None = None
        self.text = self.shown = ""
        self.styles = _Styles()
        self.row_style = ""
        self.struck_columns = set[int]()
        self.spans = [Marks()]
        self.is_in_note = self.is_marked = False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in LINKS:
            raise Unreadable("EXTERNAL_LINKS", found=CONTENT_PART)
        if tag in EMBEDDED:
            raise Unreadable("EMBEDDED_OBJECT", found=CONTENT_PART)
        if tag in MACROS:
            raise Unreadable("MACROS", found=CONTENT_PART)
        if tag == "table:table" and self.cell is None:
            self.sheets.append(DocumentSheet(attributes.get("table:name", "")))
            self.row = self.column = 0
            self.struck_columns = set()
        elif tag == "table:table-row" and self.cell is None:
            self._start_row(attributes)
        elif tag in CELLS and self.cell is None:
            self._start_cell(attributes)
        elif self.cell is None:
            self._start_style(tag, attributes)
        elif tag == NOTE:
            self.is_in_note = True
        elif tag == SPAN:
            self.spans.append(self.spans[-1] | self.styles.marks("text", attributes.get("text:style-name", "")))

    def _start_style(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table-column":
            end = self.column + _count(attributes.get("table:number-columns-repeated"))
            if self.styles.marks("table-cell", attributes.get("table:default-cell-style-name", "")).is_struck:
                self.struck_columns.update(range(self.column, min(end, LAST_COLUMN)))
            if attributes.get("table:visibility") in HIDDEN and self.sheets:
                self.sheets[-1].facts.hidden_columns.update(range(self.column, min(end, LAST_COLUMN)))
            self.column = end
        else:
            self.styles.start(tag, attributes)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.cell, self.text, self.shown = attributes, "", ""
        self.cell_repeat = _count(attributes.get("table:number-columns-repeated"))
        self.spans = [Marks()]
        self.is_in_note = self.is_marked = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        self.column = 0
        self.is_row_filled = False
        self.row_style = attributes.get("table:default-cell-style-name", "")
        self.row_repeat = _count(attributes.get("table:number-rows-repeated"))
        if attributes.get("table:visibility") in HIDDEN and self.sheets and self.row_repeat < MOST_RECTANGLE_CELLS:
            self.sheets[-1].facts.hidden_rows += range(self.row + 1, self.row + self.row_repeat + 1)

    def _characters(self, text: str) -> None:
        if self.cell is not None and len(self.text) < 100:
            self.text += text
        if self.cell is not None and not self.is_in_note and len(self.shown) < 100:
            shown = self.spans[-1].shown(text)
            self.shown += shown
            self.is_marked |= shown != text

    def _end(self, tag: str) -> None:
        if tag == "table:table-row" and self.cell is None:
            self._end_row()
        elif tag in CELLS and self.cell is not None:
            self._end_cell(self.cell)
            self.cell = None
        elif tag == NOTE:
            self.is_in_note = False
        elif tag == SPAN and self.cell is not None:
            self.spans.pop()

    def _end_row(self) -> None:
        if self.sheets and self.is_row_filled:
            facts = self.sheets[-1].facts
            facts.last_row = self.row + self.row_repeat
            rectangle = facts.last_row * facts.last_column
            if rectangle > MOST_RECTANGLE_CELLS and rectangle > 50 * facts.cell_count:
                given = {"count": facts.cell_count, "rows": facts.last_row, "columns": facts.last_column}
                raise Unreadable("FAR_CELLS", given=given)
        self.row += self.row_repeat

    def _end_cell(self, cell: dict[str, str]) -> None:
        if self.sheets and ("office:value-type" in cell or self.text.strip() or "table:formula" in cell):
            self._note_cell(self.sheets[-1], cell)
        self.column += self.cell_repeat

    def _note_cell(self, sheet: DocumentSheet, cell: dict[str, str]) -> None:
        facts = sheet.facts
        self.is_row_filled = True
        facts.cell_count += 1
        facts.last_column = max(facts.last_column, self.column + self.cell_repeat)
        address = cell_address(self.row + 1, self.column)
        height, width = (_count(cell.get(f"table:number-{of}-spanned")) - 1 for of in ("rows", "columns"))
        if height or width:
            facts.merged.append((self.row + 1, self.row + 1 + height, self.column, self.column + width))
        area = self.row + 1, self.row + self.row_repeat, self.column, self.column + self.cell_repeat - 1
        if cell.get("office:value-type") == "percentage":
            sheet.percents.append(area)
        if text := _no_number_in(cell, self.text):
            sheet.no_numbers.append((area, text))
        # The text of a number is what its format makes of it, and has no marks of its own.
        if self.is_marked and cell.get("office:value-type", "string") == "string":
            sheet.marked.append((area, self.shown))
        elif self._is_struck(cell):
            sheet.struck.append(area)
        formula = cell.get("table:formula", "")
        if formula:
            facts.has_formulas = True
            sheet.formulas[self.row + 1, self.column] = "=" + formula.partition("=")[2]
        if cell.get("calcext:value-type") == "error" or (formula and self.text.startswith(ERROR_TEXTS)):
            facts.broken_cells[address] = self.text.strip() or "#"
        elif formula and "office:value-type" not in cell:
            facts.broken_cells[address] = "=" + formula.partition("=")[2]

    def _is_struck(self, cell: dict[str, str]) -> bool:
        """Say whether the style of a cell strikes it: its own, else that of its row, else that of its column."""
        style = cell.get("table:style-name") or self.row_style
        return self.styles.marks("table-cell", style).is_struck if style else self.column in self.struck_columns


class _Styles:
    """The styles of a document that raise, lower or strike characters."""

    def __init__(self) -> None:
        self._open = ("", "")
        self._marks: dict[tuple[str, str], Marks] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take notice of a style, or of what the style before says of characters."""
        if tag == "style:style":
            self._open = (attributes.get("style:family", ""), attributes.get("style:name", ""))
        elif tag == "style:text-properties" and len(self._marks) < MOST_STYLES:
            marks = _marks_of(attributes)
            if marks != Marks():
                self._marks[self._open] = marks

    def marks(self, family: str, name: str) -> Marks:
        """Return the marks that a style gives to characters."""
        return self._marks.get((family, name), Marks())


def _marks_of(properties: dict[str, str]) -> Marks:
    position = properties.get("style:text-position", "").split(" ")[0]
    is_moved = position.strip("+-0.%") != ""  # "super", "sub" or a share of the height
    is_lowered = position == "sub" or position.startswith("-")
    return Marks(
        is_raised=is_moved and not is_lowered,
        is_lowered=is_moved and is_lowered,
        is_struck=properties.get("style:text-line-through-style", "none") != "none",
    )


def _no_number_in(cell: dict[str, str], text: str) -> str | None:
    """Return what a cell shows that holds a number and shows something else."""
    if cell.get("office:value-type") != "float":
        return None
    try:
        return no_number_in(text, float(cell.get("office:value", "")))
    except ValueError:
        return None


def _count(text: str | None) -> int:
    try:
        return max(1, min(int(text or 1), 1 << 24))
    except ValueError:
        return 1
