"""Workbooks as people keep them: hidden sheets and rows, merged headers, formulas, other writers, and OpenDocument."""

import re
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Font
from python_calamine import CalamineWorkbook

from ingestion.checks.examination import examine_here
from ingestion.languages import language_for
from ingestion.markup import mark_up
from ingestion.reading import cell_address, read_table
from ingestion.reading.open_document import look_through_document
from ingestion.reading.sheet_choice import Sheet, candidates_in
from ingestion.reading.sheet_xml import look_through, whole_rows
from ingestion.receipts import localise
from ingestion.templates import Asked
from ingestion.templates.workbook import template_bytes
from tests.files import COLUMNS, SHEET_PART, as_lines, figures, with_sheet, workbook_bytes, write
from tests.hostile.corpus import TEXT_CELL, ods, parts_of, table_row, with_cell, with_parts

WORKBOOK = workbook_bytes(as_lines(figures()))
FIGURE = figures()[0]
STRICT = (
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)
META = (
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"><office:meta>'
    '<meta:user-defined meta:name="pcm_template">2026 LU abc</meta:user-defined></office:meta></office:document-meta>'
)


def read(folder, content):
    return read_table(write(folder, "figures", content), country_code="LU")


def rules_of(folder, content):
    result = examine_here(write(folder, "figures", content), country_code="LU", work_folder=folder)
    return result["verdict"], [(finding["rule"], finding["cell"]) for finding in result["findings"]]


def changed(change, lines=None) -> bytes:
    """The workbook of the figures after a change with openpyxl."""
    return resaved(workbook_bytes(lines or as_lines(figures())), change)


def resaved(workbook: bytes, change) -> bytes:
    book = load_workbook(BytesIO(workbook))
    change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def second_table(book: Workbook, title: str = "More"):
    sheet = book.create_sheet(title)
    for line in as_lines(figures()[:1]):
        sheet.append(line)
    return sheet


def test_a_spreadsheet_of_open_document_is_read_as_the_same_rows(tmp_path):
    assert read(tmp_path, ods()).file_format == "ods"
    assert read(tmp_path, ods()).rows == read(tmp_path, WORKBOOK).rows
    assert rules_of(tmp_path, ods()) == ("accepted", [])


def test_repeated_rows_and_cells_of_open_document_have_their_own_addresses(tmp_path):
    rest = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    row = table_row(*map(TEXT_CELL.format, ["RSM_02", "LU"])).replace("row>", 'row table:number-rows-repeated="3">', 1)
    wide = '<table:table-cell table:number-columns-repeated="16384"/>'
    end = rest.replace('"2"', '"1048000"').replace("<table:table-cell/>", wide)
    table = read(tmp_path, ods(rows=rest + row + end))
    assert [number for number, _ in table.rows] == [2, 3, 4, 5, 8, 9, 10]


def test_dates_and_numbers_of_open_document_keep_their_kind(tmp_path):
    cells = (
        '<table:table-cell office:value-type="float" office:value="1.5"><text:p>1,5</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2025-01-02"><text:p/></table:table-cell>'
    )
    *_, (_, row) = read(tmp_path, ods(rows=f"<table:table-row>{cells}</table:table-row>")).rows
    assert row[:2] == [1.5, date(2025, 1, 2)]


def test_errors_and_formulas_of_open_document_are_told_from_empty_cells(tmp_path):
    cells = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
        '<table:table-cell table:formula="of:=[.A1]+1"/>'
    )
    table = read(tmp_path, ods(rows=f"<table:table-row>{cells}</table:table-row>"))
    assert table.broken_cells == {"A6": "#DIV/0!", "B6": "=[.A1]+1"}
    assert table.rows[-1][0] == 6


def test_hidden_rows_are_read_and_noted(tmp_path):
    def hide(book):
        book.active.row_dimensions[3].hidden = True

    assert rules_of(tmp_path, changed(hide)) == ("accepted", [("HIDDEN_ROWS", None)])
    hidden = table_row(*map(TEXT_CELL.format, ["RSM_02", "LU"])).replace("row>", 'row table:visibility="filter">', 1)
    [note] = read(tmp_path, ods(rows=hidden)).notes
    assert (note.rule, note.row, note.given) == ("HIDDEN_ROWS", 6, {"count": 1})


def test_a_visible_sheet_goes_before_a_hidden_one(tmp_path):
    def hide_first(book):
        second_table(book)
        book.active.sheet_state = "hidden"
        book.active = 1

    table = read(tmp_path, changed(hide_first))
    assert (table.sheet, [note.rule for note in table.notes]) == ("More", ["SEVERAL_SHEETS"])
    assert table.notes[0].given == {"sheets": "Sheet1"}


def test_an_old_hidden_sheet_called_data_is_not_read_but_told_of(tmp_path):
    def hide_data(book):
        second_table(book, "data").sheet_state = "hidden"

    table = read(tmp_path, changed(hide_data))
    assert (table.sheet, len(table.rows)) == ("Sheet1", 4)
    assert [(note.rule, note.given) for note in table.notes] == [("SEVERAL_SHEETS", {"sheets": "data"})]


def test_a_filled_copy_goes_before_the_untouched_sheet_called_data(tmp_path):
    def copy_and_fill(book):
        filled = book.copy_worksheet(book["data"])
        filled.title = "data (2)"
        filled["L2"] = 12

    template = template_bytes(Asked("LU", "2026", "EDU"), words=language_for("en"))
    table = read(tmp_path, resaved(template, copy_and_fill))
    assert (table.sheet, table.notes, table.fingerprint is None) == ("data (2)", [], False)


def test_a_hidden_sheet_with_figures_goes_before_a_visible_one_without(tmp_path):
    def hide_figures(book):
        book["Sheet1"].sheet_state = "hidden"
        sheet = book.create_sheet("data")
        sheet.append(COLUMNS)
        sheet.append([*list(FIGURE.values())[:3], *[""] * 8, "none", "-"])
        book.active = 1

    table = read(tmp_path, changed(hide_figures))
    assert (table.sheet, [note.rule for note in table.notes]) == ("Sheet1", ["HIDDEN_SHEET"])


STATUSES = {"OBS_STATUS": "L"}, {"CONF_STATUS": "c"}, {"OBS_STATUS": "n/a"}, {"OBS_STATUS": "L", "NUMERATOR": "-"}


@pytest.mark.parametrize("cells", STATUSES)
def test_a_sheet_of_statuses_goes_before_an_archive_of_numbers_and_the_archive_is_told_of(tmp_path, cells):
    keys = dict(list(FIGURE.items())[:3])

    def add_statuses(book):
        sheet = book.create_sheet("data")
        for line in as_lines([keys, keys | cells]):
            sheet.append(line)

    table = read(tmp_path, changed(add_statuses))
    assert (table.sheet, [note.rule for note in table.notes]) == ("data", ["SEVERAL_SHEETS"])


WORDS = {"INDICATOR": "a code", "REF_AREA": "a code", "TIME_PERIOD": "2025", "NUMERATOR": "a count"}


@pytest.mark.parametrize("cells", [WORDS | {"OBS_STATUS": "a status"}, {"INDICATOR": "RSM_02", "OBS_STATUS": "L"}])
def test_definitions_of_statuses_and_statuses_without_keys_are_no_figures(tmp_path, cells):
    def add_list(book):
        sheet = book.create_sheet("data")
        for line in as_lines([cells]):
            sheet.append(line)

    table = read(tmp_path, changed(add_list))
    assert (table.sheet, table.notes) == ("Sheet1", [])


@pytest.mark.parametrize("title", ["data", "Sheet2"])
def test_of_two_sheets_with_figures_the_one_called_data_or_else_the_first_is_read(tmp_path, title):
    table = read(tmp_path, changed(lambda book: second_table(book, title)))
    assert (table.sheet, len(table.rows)) == (("data", 1) if title == "data" else ("Sheet1", 4))


def test_figures_under_a_misspelt_key_and_failed_formulas_are_figures_too(tmp_path):
    def misspell(book):
        book["Sheet1"]["B1"] = "REF_AERA"
        second_table(book, "data").sheet_state = "hidden"

    def fail(xml: bytes) -> bytes:
        return re.sub(rb'<c r="([L-P][2-5])"[^>]*><is><t>[^<]*</t></is></c>', rb'<c r="\1"><f>old!\1</f></c>', xml)

    assert read(tmp_path, changed(misspell)).sheet == "Sheet1"
    table = read(tmp_path, with_sheet(changed(lambda book: second_table(book, "old")), fail))
    assert (table.sheet, len(table.broken_cells)) == ("Sheet1", 10)


def test_the_rows_of_one_sheet_are_kept_however_many_there_are(tmp_path):
    def add_sheets(book):
        book.create_sheet("data", 0).append(COLUMNS)
        second_table(book, "2024")

    path = write(tmp_path, "figures", changed(add_sheets))
    found = candidates_in(path, [Sheet(title, "") for title in ("data", "Sheet1", "2024")])
    assert [(each.sheet.name, len(each.rows)) for each in found] == [("Sheet1", 5), ("data", 0), ("2024", 0)]


def test_one_sheet_for_each_year_is_not_in_order(tmp_path):
    years = changed(lambda book: second_table(book, "2024"))
    assert rules_of(tmp_path, years) == ("accepted_with_warnings", [("SEVERAL_SHEETS", None)])


def test_code_lists_and_definitions_want_no_word(tmp_path):
    lines = {"codes": ["RSM_02", "LU", "2025"], "notes": [*list(FIGURE.values())[:3], *[""] * 8, "in 8 hours"]}

    def add_lists(book):
        for title, line in lines.items():
            sheet = book.create_sheet(title)
            sheet.append(COLUMNS)
            sheet.append(line)

    assert rules_of(tmp_path, changed(add_lists)) == ("accepted", [])


def test_the_workbook_given_back_is_marked_on_the_sheet_that_was_read(tmp_path):
    def hide_data(book):
        second_table(book, "data").sheet_state = "hidden"
        book["Sheet1"]["E3"] = "W"

    path = write(tmp_path, "figures", changed(hide_data))
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    english = language_for("en")
    book = load_workbook(BytesIO(mark_up(path, localise(result, english), say=english.say)))
    assert book["Sheet1"]["E3"].comment is not None
    assert book["data"]["E3"].comment is None


def test_the_only_table_on_a_hidden_sheet_is_read_with_a_note(tmp_path):
    def hide(book):
        book.create_sheet("Read me")["A1"] = "Nothing here"
        book["Sheet1"].sheet_state = "veryHidden"
        book.active = 1

    assert rules_of(tmp_path, changed(hide)) == ("accepted", [("HIDDEN_SHEET", None)])


def test_a_name_merged_over_two_filled_columns_is_refused(tmp_path):
    header, *lines = as_lines(figures())
    place = COLUMNS.index("NUMERATOR") + 1
    wider = [[*header[:place], "", *header[place:]], *[[*line[:place], 7, *line[place:]] for line in lines]]
    content = changed(lambda book: book.active.merge_cells("L1:M1"), wider)
    verdict, found = rules_of(tmp_path, content)
    assert (verdict, found[0]) == ("refused", ("MERGED_HEADER", "L1"))


def test_a_name_merged_over_an_empty_column_is_read(tmp_path):
    content = changed(lambda book: book.active.merge_cells("T1:U1"))
    assert rules_of(tmp_path, content) == ("accepted", [])


def test_key_cells_that_are_merged_downwards_are_asked_for(tmp_path):
    lines = as_lines(figures())
    lines[2] = ["", *lines[2][1:]]
    content = changed(lambda book: book.active.merge_cells("A2:A3"), lines)
    verdict, found = rules_of(tmp_path, content)
    assert (verdict, found) == ("held", [("MISSING_KEY", "A3")])


@pytest.mark.parametrize("merged", ["E3:E4", "E3:F4"])
def test_a_group_that_is_merged_downwards_is_asked_for(tmp_path, merged):
    lines = as_lines(figures())
    lines[3][COLUMNS.index("SEX")] = ""
    verdict, found = rules_of(tmp_path, changed(lambda book: book.active.merge_cells(merged), lines))
    assert (verdict, found) == ("held", [("MERGED_CELL", "E4")])


def test_cells_merged_downwards_that_hold_no_group_are_read(tmp_path):
    content = changed(lambda book: book.active.merge_cells("K2:K4"))
    assert rules_of(tmp_path, content) == ("accepted", [])


def test_a_hidden_column_of_the_format_is_read_with_a_note(tmp_path):
    def hide(book):
        for letters in ("E", "Z"):
            book.active.column_dimensions[letters].hidden = True

    assert rules_of(tmp_path, changed(hide)) == ("accepted", [("HIDDEN_COLUMN", "E1")])


def test_a_row_without_height_is_hidden(tmp_path):
    flat = with_sheet(WORKBOOK, lambda xml: xml.replace(b'<row r="3"', b'<row r="3" ht="0" customHeight="1"'))
    assert rules_of(tmp_path, flat) == ("accepted", [("HIDDEN_ROWS", None)])


def test_figures_beside_the_table_are_pointed_out(tmp_path):
    lines = as_lines(figures())
    lines[1] = [*lines[1], "a side calculation"]
    assert rules_of(tmp_path, workbook_bytes(lines)) == ("accepted_with_warnings", [("UNNAMED_COLUMN", "U2")])


def test_the_strict_variant_of_the_format_is_read(tmp_path):
    def strict(data: bytes) -> bytes:
        for old, new in STRICT:
            data = data.replace(old, new)
        return data

    parts = {name: strict(data) for name, data in parts_of(WORKBOOK).items()}
    assert rules_of(tmp_path, with_parts(parts)) == ("accepted", [])


def test_a_sheet_whose_elements_have_a_prefix_is_read_with_its_faults(tmp_path):
    def prefixed(xml: bytes) -> bytes:
        for name in (b"worksheet", b"sheetData", b"row", b"c", b"is", b"t", b"v"):
            for start in (b"<", b"</"):
                for end in (b">", b" ", b"/>"):
                    xml = xml.replace(start + name + end, start + b"x:" + name + end)
        return xml.replace(b"xmlns=", b"xmlns:x=")

    error = with_cell(b"L2", b'<c r="L2" t="e"><v>#N/A</v></c>')
    table = read(tmp_path, with_sheet(error, prefixed))
    assert (table.broken_cells, len(table.rows)) == ({"L2": "#N/A"}, 4)


def without_addresses(xml: bytes) -> bytes:
    """A sheet as some programs write it: each row, and each cell, follows the one before."""
    return re.sub(rb'<(c|row) r="[A-Z]*\d+"', rb"<\1", xml)


def test_cells_without_addresses_are_read_as_those_with_addresses(tmp_path):
    def fill(book):
        for cells in book.active.iter_rows(min_row=2):
            for cell in cells:
                cell.value = cell.value or " "
        book.active["L2"] = "=50+50"
        book.active["N2"], book.active["N2"].number_format = 0.25, "0%"
        book.active["N3"], book.active["N3"].font = 30, Font(strike=True)

    def show_error(xml: bytes) -> bytes:
        return re.sub(rb'<c r="L3"[^>]*>.*?</c>', b'<c r="L3" t="e"><v>#N/A</v></c>', xml)

    content = with_sheet(changed(fill), show_error)
    one, other = read(tmp_path, content), read(tmp_path, with_sheet(content, without_addresses))
    assert (one.broken_cells, one.percent_cells) == ({"L2": "=50+50", "L3": "#N/A"}, {(2, 13)})
    assert one.rows[1][1][13] != "30"
    assert other == one


@pytest.mark.parametrize("address", [b'r = "L3"', b"r ='L3'"])
def test_an_address_with_blanks_in_it_is_one_and_what_is_none_is_never_guessed(tmp_path, address):
    error = with_cell(b"L3", b'<c %s t="e"><v>#N/A</v></c>' % address)
    assert read(tmp_path, error).broken_cells == {"L3": "#N/A"}
    assert rules_of(tmp_path, with_cell(b"L3", b'<c r="L&#51;" t="e"><v>#N/A</v></c>'))[1] == [("UNREADABLE", None)]


ROW_OF_CELLS = st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=4)


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 2)), ROW_OF_CELLS), max_size=6), st.integers(1, 40))
def test_every_cell_gets_the_address_at_which_the_parser_finds_it(listed, size):
    """Rows and cells follow those before, or say how many are left out."""
    xml, row, value = b"", 0, 0
    for rows_left_out, cells in listed:
        row += 1 + (rows_left_out or 0)
        xml += b"<row>" if rows_left_out is None else b'<row r="%d">' % row
        column = -1
        for left_out in cells:
            column, value = column + 1 + (left_out or 0), value + 1
            address = b"" if left_out is None else b' r="%s"' % cell_address(row, column).encode()
            xml += b"<c%s><v>%d</v></c>" % (address, value)
        xml += b"</row>"
    chunks = [xml[place : place + size] for place in range(0, len(xml), size)]
    written = re.findall(rb'<c r="([A-Z]+\d+)"><v>(\d+)', b"".join(whole_rows(chunks)))
    workbook = with_sheet(WORKBOOK, lambda old: re.sub(rb"(?<=<sheetData>).*(?=</sheetData>)", xml, old))
    sheet = CalamineWorkbook.from_filelike(BytesIO(workbook)).get_sheet_by_index(0)
    found = {
        (cell_address(row, column).encode(), b"%d" % cell)
        for row, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1)
        for column, cell in enumerate(cells)
        if cell != ""
    }
    assert set(written) == found


def test_the_property_of_a_template_is_its_fingerprint(tmp_path):
    content = changed(
        lambda book: book.custom_doc_props.append(StringProperty(name="pcm_template", value="2026 LU abc"))
    )
    assert read(tmp_path, content).fingerprint == "2026 LU abc"
    assert read(tmp_path, WORKBOOK).fingerprint is None
    assert read(tmp_path, ods(more={"meta.xml": META.encode()})).fingerprint == "2026 LU abc"


def test_a_formula_is_reported_where_a_code_belongs_and_nowhere_else(tmp_path):
    code = b'<c r="B2" t="str"><f>A1&amp;"x"</f><v>LU</v></c>'
    number = b'<c r="L3"><f>30+30</f><v>60</v></c>'
    parts = {SHEET_PART: parts_of(with_cell(b"B2", code))[SHEET_PART]}
    parts[SHEET_PART] = parts[SHEET_PART].replace(b'<c r="L3" t="inlineStr"><is><t>60</t></is></c>', number)
    table = read(tmp_path, with_parts(parts))
    assert table.formula_cells == {"B2": '=A1&amp;"x"'}


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_pieces_of_a_sheet_end_where_rows_end_and_nothing_is_lost(size):
    xml = parts_of(WORKBOOK)[SHEET_PART]
    chunks = [xml[place : place + size] for place in range(0, len(xml), size)]
    pieces = list(whole_rows(chunks))
    assert b"".join(pieces) == xml
    assert all(piece.endswith(b"</row>") for piece in pieces[:-1])
    assert look_through(chunks) == look_through([xml])


def test_what_is_repeated_is_counted_and_not_written_out():
    content = parts_of(ods())["content.xml"]
    [sheet] = look_through_document([content])
    assert (sheet.name, sheet.facts.last_row, sheet.facts.last_column) == ("data", 5, len(COLUMNS))
