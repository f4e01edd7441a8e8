"""Characters that are raised, lowered or struck: no number is read that its sender does not see."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from ingestion.checks.examination import examine_here
from ingestion.reading import read_table
from ingestion.reading.cell import cell_text
from ingestion.reading.rich_text import have_marks, marked_cells, struck_formats
from ingestion.reading.text_marks import Marks
from tests.files import as_lines, figures, workbook_bytes, write
from tests.hostile.corpus import TEXT_CELL, archive, ods, parts_of, table_row, with_cell, with_parts

RAISED, LOWERED, STRUCK = (
    InlineFont(vertAlign="superscript"),
    InlineFont(vertAlign="subscript"),
    InlineFont(strike=True),
)
NEITHER = InlineFont(vertAlign="baseline", strike=False)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
UP = '<rPr><sz val="9"/><vertAlign val="superscript"/></rPr>'
STYLES = (
    '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">{}'
    "</office:automatic-styles>"
)
STYLE = '<style:style style:name="{}" style:family="{}"><style:text-properties style:{}="{}"/></style:style>'
NUMBER = '<table:table-cell{} office:value-type="float" office:value="4.5"><text:p>4,5</text:p></table:table-cell>'


def workbook(**cells) -> bytes:
    """The figures with some other cells: a value, or a value and the font of the whole cell."""
    book = load_workbook(BytesIO(workbook_bytes(as_lines(figures()))))
    for address, value in cells.items():
        held, font = value if isinstance(value, tuple) else (value, Font())
        book.active[address] = held
        book.active[address].font = font
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_shared(*items: str, prefix: str = "") -> bytes:
    """The figures with shared texts, of which the last stands in L2."""
    cell = f'<c t="s" r="L2"><v>{len(items) - 1}</v></c>'.encode()
    xml = f'<{prefix}sst xmlns{":" * bool(prefix)}{prefix[:-1]}="{MAIN}">{"".join(items)}</{prefix}sst>'
    return with_parts({"xl/sharedStrings.xml": xml.encode()}, with_cell(b"L2", cell))


def read(folder, content):
    return read_table(write(folder, "figures", content), country_code="LU")


def cell_of(table, address):
    return dict(table.rows)[int(address[1:])][ord(address[0]) - ord("A")]


@pytest.mark.parametrize(
    ("marks", "text", "shown"),
    [
        (Marks(is_raised=True), "12", "¹²"),
        (Marks(is_raised=True), "a1", "^(a1)"),
        (Marks(is_lowered=True), "-2 3", "₋₂ ₃"),
        (Marks(is_lowered=True), "x", "_(x)"),
        (Marks(is_struck=True), "4 5", "4\u0336 5\u0336"),
        (Marks(is_raised=True) | Marks(is_struck=True), "1", "¹\u0336"),
        (Marks(is_raised=True), " ", " "),
        (Marks(), "12", "12"),
    ],
)
def test_marks_are_shown_in_characters_that_no_number_has(marks, text, shown):
    assert marks.shown(text) == shown


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        (["3,1", (RAISED, "2")], "3,1²"),
        (["3,1", (RAISED, "a)")], "3,1^(a))"),
        ([(STRUCK, "1"), "4.5"], "1\u03364.5"),
        (["542", (LOWERED, "2"), "7"], "542₂7"),
        ([(InlineFont(b=True), "54"), (NEITHER, "2")], "542"),
        (["542", (RAISED, " ")], "542"),
    ],
)
def test_a_text_in_a_column_of_numbers_is_read_as_it_is_shown(tmp_path, runs, shown):
    blocks = [run if isinstance(run, str) else TextBlock(*run) for run in runs]
    table = read(tmp_path, workbook(N2=CellRichText(blocks), D2=CellRichText(blocks)))
    assert cell_text(cell_of(table, "N2")) == shown
    assert cell_text(cell_of(table, "D2")) == str(CellRichText(blocks)).strip()


def test_a_number_with_a_raised_mark_is_not_a_number(tmp_path):
    path = write(tmp_path, "figures", workbook(N5=CellRichText("120,5", TextBlock(RAISED, "2"))))
    [found] = examine_here(path, country_code="LU", work_folder=tmp_path)["findings"]
    assert (found["rule"], found["cell"], found["found"]) == ("NOT_A_NUMBER", "N5", "120,5²")


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        (f"<si><r><t>3,1</t></r><r>{UP}<t>2</t></r><r><t>0</t></r></si>", "3,1²0"),
        (f"<si><r><t>3</t></r><r>{UP}<t><![CDATA[2]]></t></r></si>", "3²"),
        (f"<si><r>{UP}<t>&#50;</t></r><rPh sb='0' eb='1'><t>9</t></rPh></si>", "²"),
        ("<si><r><rPr><strike/></rPr><t>1</t></r><r><t>4</t></r></si>", "1\u03364"),
        ("<si><r><rPr><strike val='0'/></rPr><t>14</t></r></si>", "14"),
        ("<si><t>vertAlign strike</t></si>", "vertAlign strike"),
    ],
)
def test_a_shared_text_is_found_by_its_number(tmp_path, item, shown):
    others = "<si><t>1</t></si>", f"<si><r>{UP}<t>7</t></r></si>", "<si><t></t></si>"
    assert cell_of(read(tmp_path, with_shared(*others, item)), "L2") == shown


def test_a_shared_text_is_found_whatever_prefix_its_elements_have(tmp_path):
    item = (
        f"<x:si><x:r><x:t>3</x:t></x:r><x:r>{UP.replace('<', '<x:').replace('<x:/', '</x:')}<x:t>2</x:t></x:r></x:si>"
    )
    content = with_shared("<x:si><x:t>1</x:t></x:si>", item, prefix="x:")
    assert cell_of(read(tmp_path, content), "L2") == "3²"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_shared_texts_are_counted_in_whatever_pieces_they_come_and_lend_each_other_no_marks(size):
    up = f"<si><r><t>3</t></r><r>{UP}<t>2</t></r></si>"
    items = f"<sst><si/>{up}<si><t>strike</t></si><si><r>{UP}<t>7</t></r></si></sst>".encode()
    cells = "".join(f'<c r="L{number}" t="s"><v>{number - 2}</v></c></row>' for number in range(2, 6)).encode()
    pieces = [items[place : place + size] for place in range(0, len(items), size)]
    assert marked_cells([cells], lambda: pieces, {11}) == {(3, 11): "3²", (5, 11): "⁷"}
    assert marked_cells([cells], lambda: pieces, {12}) == {}


def test_the_part_of_the_shared_texts_is_found_in_whatever_case_its_name_is_written(tmp_path):
    parts = parts_of(with_shared(f"<si><r><t>3</t></r><r>{UP}<t>2</t></r></si>"))
    parts["xl/SharedStrings.xml"] = parts.pop("xl/sharedStrings.xml")
    assert cell_of(read(tmp_path, archive(parts)), "L2") == "3²"


def test_a_struck_percentage_is_shown_as_struck(tmp_path):
    book = load_workbook(BytesIO(workbook(N2=(0.25, Font(strike=True)))))
    book.active["N2"].number_format = "0%"
    stream = BytesIO()
    book.save(stream)
    assert cell_of(read(tmp_path, stream.getvalue()), "N2") == "2\u03365\u0336"


def test_a_struck_cell_is_shown_as_struck_and_one_that_is_raised_as_a_whole_is_read(tmp_path):
    struck = Font(strike=True)
    table = read(tmp_path, workbook(L2=(100, struck), M2=("400", struck), M4=(200, Font(vertAlign="superscript"))))
    shown = [cell_of(table, place) for place in ("L2", "M2", "M4", "L3")]
    assert shown == ["1\u03360\u03360\u0336", "4\u03360\u03360\u0336", 200, "60"]
    empty = workbook(P2=("", struck), D2=("C_SOLID_ADV", struck))
    assert examine_here(write(tmp_path, "figures", empty), country_code="LU", work_folder=tmp_path)["findings"] == []


def test_struck_formats_are_counted_among_those_of_cells_in_whatever_pieces_they_come():
    fonts = "<fonts><font><b/></font><font><strike val='1'/></font><font><strike val=\"false\"/></font></fonts>"
    formats = "".join(f'<xf fontId="{number}"/>' for number in (0, 1, 2, 1))
    xml = f"{fonts}<cellStyleXfs><xf fontId='1'/></cellStyleXfs><cellXfs>{formats}<xf/></cellXfs><dxfs><font><strike/>"
    for size in (1, 7, len(xml)):
        chunks = [xml.encode()[place : place + size] for place in range(0, len(xml), size)]
        assert struck_formats(chunks) == {1, 3}
        assert have_marks(chunks)
    assert not have_marks([b"<rPr><b/></rPr>"] * 3)


def in_document(folder, *cells: str, body: str = "", columns: str = "", row: str = "<table:table-row>"):
    """Read an OpenDocument whose sixth row has some cells from NUMERATOR on."""
    styles = [("up", "text", "text-position", "super 58%"), ("low", "text", "text-position", "-33% 58%")]
    styles += [("flat", "text", "text-position", "0% 100%"), ("kept", "text", "text-line-through-style", "none")]
    styles += [("gone", family, "text-line-through-style", "solid") for family in ("text", "table-cell")]
    line = table_row('<table:table-cell table:number-columns-repeated="11"/>', *cells)
    content = parts_of(ods(body, rows=line.replace("<table:table-row>", row)))["content.xml"].decode()
    content = content.replace(
        "<office:body>", STYLES.format("".join(STYLE.format(*each) for each in styles)) + "<office:body>"
    )
    content = content.replace('table:name="data">', f'table:name="data">{columns}')
    return read(folder, with_parts({"content.xml": content.encode()}, ods()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('503<text:span text:style-name="up">1</text:span>', "503¹"),
        ('503<text:span text:style-name="low">1</text:span>2', "503₁2"),
        ('<text:span text:style-name="gone">1</text:span>4,5', "1\u03364,5"),
        ('5<text:span text:style-name="gone"><text:span text:style-name="up">1</text:span></text:span>', "5¹\u0336"),
        ('5<text:span text:style-name="flat">0</text:span><text:span text:style-name="kept">3</text:span>', "503"),
        ('5<text:span text:style-name="unknown">1</text:span>', "51"),
    ],
)
def test_spans_of_open_document_are_read_as_they_are_shown(tmp_path, text, shown):
    assert cell_of(in_document(tmp_path, TEXT_CELL.format(text)), "L6") == shown


def test_a_number_of_open_document_is_the_one_that_it_holds(tmp_path):
    number = NUMBER.format("").replace("4,5", '<text:span text:style-name="up">4,5</text:span>')
    assert cell_of(in_document(tmp_path, number), "L6") == 4.5


def test_a_text_of_open_document_is_read_as_it_is_shown_wherever_it_is_repeated(tmp_path):
    text = TEXT_CELL.format('5<text:span text:style-name="up">1</text:span>')
    cell = text.replace("cell ", 'cell table:number-columns-repeated="2" ', 1)
    table = in_document(tmp_path, cell, row='<table:table-row table:number-rows-repeated="2">')
    assert [cell_of(table, place) for place in ("L6", "M6", "L7", "M7")] == ["5¹"] * 4


def test_what_is_struck_in_a_note_of_open_document_is_not_in_the_cell(tmp_path):
    note = '<office:annotation><text:p><text:span text:style-name="gone">old</text:span></text:p></office:annotation>'
    cells = TEXT_CELL.format("503").replace("<text:p>", f"{note}<text:p>"), TEXT_CELL.format("7")
    table = in_document(tmp_path, *cells)
    assert "\u0336" not in str(cell_of(table, "L6"))
    assert cell_of(table, "M6") == "7"


def test_cells_of_open_document_are_struck_by_their_own_style_or_that_of_their_row_or_column(tmp_path):
    struck, default = "4\u0336.\u03365\u0336", 'table:default-cell-style-name="gone"'
    own, other = NUMBER.format(' table:style-name="gone"'), NUMBER.format(' table:style-name="other"')
    assert [cell_of(in_document(tmp_path, own, NUMBER.format("")), place) for place in ("L6", "M6")] == [struck, 4.5]
    table = in_document(tmp_path, NUMBER.format(""), other, row=f"<table:table-row {default}>")
    assert [cell_of(table, place) for place in ("L6", "M6")] == [struck, 4.5]
    columns = f'<table:table-column table:number-columns-repeated="12"/><table:table-column {default}/>'
    cells = [NUMBER.format("")] * 3
    table = in_document(tmp_path, *cells, columns=columns)
    assert [cell_of(table, place) for place in ("L6", "M6", "N6")] == [4.5, struck, 4.5]
    body = f'<table:table table:name="old">{columns.replace("12", "11")}{table_row(*cells)}</table:table>'
    for more, shown in ((columns, [4.5, struck]), ("", [4.5, 4.5])):
        table = in_document(tmp_path, *cells, columns=more, body=body)
        assert [cell_of(table, place) for place in ("L6", "M6")] == shown
