"""Cells whose format shows a percentage or a unit: read as they are shown, and written back as they are held."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from ingestion.checks.examination import examine_here
from ingestion.markup import Fix, fix_file
from ingestion.reading import read_table
from ingestion.reading.number_formats import as_shown, number_formats
from tests.files import as_lines, figures, workbook_bytes, write
from tests.hostile.corpus import ods, table_row

STYLES = '<s:styleSheet xmlns:s="x"><s:numFmts>{}</s:numFmts><s:cellStyleXfs><s:xf numFmtId="9"/></s:cellStyleXfs>{}'


def workbook(*, number_format="0.0%", **cells) -> bytes:
    """The figures with some cells that hold numbers under a format."""
    book = load_workbook(BytesIO(workbook_bytes(as_lines(figures()))))
    for address, value in cells.items():
        book.active[address] = value
        book.active[address].number_format = number_format
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(folder, content):
    return read_table(write(folder, "figures", content), country_code="LU")


def cell_of(table, address):
    return dict(table.rows)[int(address[1:])][ord(address[0]) - ord("A")]


def notes_of(table):
    return [(note.rule, note.row, note.expected, note.found, note.given) for note in table.notes]


@pytest.mark.parametrize(("held", "shown"), [(0.031, 3.1), (0.07, 7), (0.1 + 0.2, 30), (1, 100), (-0.5, -50)])
def test_a_number_is_read_as_it_is_shown_without_dust(held, shown):
    assert as_shown(held) == shown


@pytest.mark.parametrize("number_format", ["0%", "0.00%", "0.0 %", '0.0"p"\\%%', "[Red]-0%;[>=1]0%"])
def test_a_percentage_is_read_as_it_is_shown_and_noted(tmp_path, number_format):
    table = read(tmp_path, workbook(N2=0.25, number_format=number_format))
    assert cell_of(table, "N2") == 25
    assert notes_of(table) == [("PERCENT_FORMAT", 2, "OBS_VALUE", "0.25", {"value": 25})]


@pytest.mark.parametrize("number_format", ["General", "0.0", '0.0" % of all"', "0.0\\%", "0.0_%", "[$%]0.0"])
def test_a_percent_sign_that_only_stands_there_changes_nothing(tmp_path, number_format):
    table = read(tmp_path, workbook(N2=0.25, number_format=number_format))
    assert (cell_of(table, "N2"), table.notes) == (0.25, [])


def test_only_numbers_in_columns_of_numbers_are_read_as_shown(tmp_path):
    table = read(tmp_path, workbook(C2=2025, N2="25", N3=0.3, N4=0.2, O5=0.6))
    assert [cell_of(table, place) for place in ("C2", "N2", "N3", "N4", "O5")] == [2025, "25", 30, 20, 60]
    assert [(note.rule, note.row, note.expected) for note in table.notes] == [
        ("PERCENT_FORMAT", 3, "OBS_VALUE"),
        ("PERCENT_FORMAT", 5, "P25"),
    ]


def test_a_percentage_counts_as_it_is_shown(tmp_path):
    path = write(tmp_path, "figures", workbook(N2=0.25, N3=0.3))
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert result["verdict"] == "accepted"
    assert [(found["rule"], found["cell"], found["column"]) for found in result["findings"]] == [
        ("PERCENT_FORMAT", "N2", "OBS_VALUE")
    ]


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ('0.0" Tsd."', "12 Tsd."),
        ('0\\ "tys."', "12 tys."),
        ('0 "in Tausend";-0', "12 in Tausend"),
        ("0.0\\‰", "12 ‰"),
        ('0" weeks"', "12 weeks"),
        ('0.0," Tsd."', 12),  # held in full
        ('0" patients"', 12),
        ('0;0" Tsd."', 12),  # only below zero
        ("0 [$Tsd.]", 12),
        ('[<15]"<15";0', "<15"),
        ('[<5]"<5";0', 12),
        ('[>=20]0;[<0]-0;"c"', "c"),
        (";;;", ";;;"),  # shows nothing
        ('"secret"', "secret"),
        ('0;-0;"-"', 12),
        ("General;-General", 12),
        ("@", 12),
    ],
)
def test_a_number_that_is_not_shown_as_one_is_read_as_it_is_shown(tmp_path, number_format, shown):
    table = read(tmp_path, workbook(L2=12, number_format=number_format))
    assert (cell_of(table, "L2"), table.notes) == (shown, [])


@pytest.mark.parametrize(
    ("held", "shown", "read_as"),
    [
        ("3", "&lt;5", "<5"),
        ("3", "c", "c"),
        ("0", "-", 0),
        ("3", "", 3),
        ("-3", "-3", -3),
        ("12.5", "12,5 Tsd.", "12.5 Tsd."),
        ("12500", "12,5 Tsd.", 12500),
        ("12", "12 Personen", 12),
        ("12", "12", 12),
    ],
)
def test_a_number_of_open_document_with_a_unit_behind_it_is_read_as_it_is_shown(tmp_path, held, shown, read_as):
    attributes = f'office:value-type="float" office:value="{held}"'
    cell = f"<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>"
    row = table_row('<table:table-cell table:number-columns-repeated="11"/>', cell)
    assert cell_of(read(tmp_path, ods(rows=row)), "L6") == read_as


def test_a_zero_may_be_shown_as_a_dash(tmp_path):
    assert cell_of(read(tmp_path, workbook(L2=0, number_format='0;-0;"-"')), "L2") == 0


def test_a_count_that_is_shown_as_a_percentage_is_asked_about(tmp_path):
    path = write(tmp_path, "figures", workbook(L2=31))
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert [(each["rule"], each["cell"], each["found"], each["proposal"]) for each in result["findings"]] == [
        ("NOT_A_NUMBER", "L2", "3100%", None)
    ]


def test_a_percentage_beyond_all_numbers_has_an_answer(tmp_path):
    path = write(tmp_path, "figures", workbook(N2=1e308))
    assert examine_here(path, country_code="LU", work_folder=tmp_path)["verdict"] == "held"


def test_a_percentage_of_open_document_is_read_as_it_is_shown_wherever_it_is_repeated(tmp_path):
    percent = (
        '<table:table-cell table:number-columns-repeated="2" office:value-type="percentage" office:value="0.031">'
        "<text:p>3,1 %</text:p></table:table-cell>"
    )
    row = table_row('<table:table-cell table:number-columns-repeated="12"/>', percent)
    table = read(tmp_path, ods(rows=row.replace("row>", 'row table:number-rows-repeated="2">', 1) + row))
    assert [cell_of(table, place) for place in ("M6", "N6", "M7", "N7", "M8", "N8")] == ["3.1%", 3.1] * 3  # M counts
    assert [(note.row, note.expected) for note in table.notes] == [(6, "OBS_VALUE")]


def test_formats_are_counted_among_those_of_cells_in_whatever_pieces_they_come():
    own = '<s:numFmt formatCode="[&gt;1]0%" numFmtId="170"/><s:numFmt numFmtId="171" formatCode=\'[>1]0.0"%"\'/>'
    xfs = "".join(f'<s:xf numFmtId="{number}"><s:alignment/></s:xf>' for number in (0, 9, 10, 11, 170, 171))
    cells = f'<s:cellXfs count="7">{xfs}<s:xf/></s:cellXfs><s:dxfs><s:xf numFmtId="9"/></s:dxfs>'
    xml = STYLES.format(own, cells).encode()
    for size in (1, 7, len(xml)):
        chunks = [xml[place : place + size] for place in range(0, len(xml), size)]
        assert number_formats(chunks).percents == {1, 2, 4}


def test_a_format_of_brackets_that_never_close_is_soon_looked_through():
    number = f'<s:numFmt numFmtId="170" formatCode="{"[" * 500_000}%"/>'
    styles = STYLES.format(number, '<s:cellXfs><s:xf numFmtId="170"/>').encode()
    assert not number_formats([styles]).percents


def test_masses_of_formats_are_looked_through_no_longer_than_a_program_writes_them():
    flood = b"<cellXfs>" + b'<xf numFmtId="0"/>' * 300_000 + b'<xf numFmtId="9"/>'
    assert number_formats([flood, b"x" * 3_000_000, b'<xf numFmtId="9"']) == number_formats([])


def fixed(folder, content, *, old, new, row=2):
    facts = {"sheet": None, "row": row, "column_index": 13, "cell": f"N{row}", "column": "OBS_VALUE", "rule": "P07"}
    fix = Fix(**facts, old=old, new=new)
    result = fix_file(write(folder, "before", content), [fix], country_code="LU")
    assert not result.not_applied
    return result.content


@pytest.mark.parametrize(
    ("new", "held", "shown"), [("48,9", 0.489, 48.9), ("7", 0.07, 7), ("0.0001", 0.000001, 0.0001)]
)
def test_a_number_is_written_into_a_percentage_as_it_is_held(tmp_path, new, held, shown):
    content = fixed(tmp_path, workbook(N2=0.25), old="25", new=new)
    assert load_workbook(BytesIO(content)).active["N2"].value == held
    assert cell_of(read(tmp_path, content), "N2") == shown


def test_a_text_and_a_number_without_percent_are_written_as_they_are(tmp_path):
    assert cell_of(read(tmp_path, fixed(tmp_path, workbook(N2=0.25), old="25", new="C50")), "N2") == "C50"
    content = fixed(tmp_path, workbook(N2=0.25, number_format="0.0"), old="0.25", new="25")
    assert cell_of(read(tmp_path, content), "N2") == 25


def test_a_percentage_of_open_document_is_written_as_the_number_that_was_read(tmp_path):
    percent = '<table:table-cell office:value-type="percentage" office:value="0.25"/>'
    content = ods(rows=table_row('<table:table-cell table:number-columns-repeated="13"/>', percent))
    assert cell_of(read(tmp_path, fixed(tmp_path, content, old="25", new="48,9", row=6)), "N6") == 48.9
