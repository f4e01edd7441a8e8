"""XLSX: the right sheet, the sender's addresses, and no archive that harms its reader."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ingestion.reading import Unreadable, read_table
from tests.files import COLUMNS, as_lines, csv_text, figures, with_sheet, workbook_bytes, write
from tests.hostile.corpus import archive

WORKBOOK = workbook_bytes(as_lines(figures()))
FAR_CELL = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'


def read(folder: Path, content: bytes, name: str = "figures.xlsx"):
    return read_table(write(folder, name, content), country_code="LU")


def refusal_of(folder: Path, content: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(folder, content)
    return caught.value


def test_titles_above_the_header_keep_the_row_numbers_of_the_sheet(tmp_path):
    lines = [["Figures of Luxembourg"], [], *as_lines(figures())]
    table = read(tmp_path, workbook_bytes(lines))
    assert table.header.row == 3
    assert [number for number, _ in table.rows] == [4, 5, 6, 7]


def test_the_content_decides_and_not_the_name(tmp_path):
    assert read(tmp_path, WORKBOOK, name="figures.csv").file_format == "xlsx"


def test_a_cover_sheet_before_the_figures_is_passed_over(tmp_path):
    assert read(tmp_path, workbook_bytes(as_lines(figures()), first="Read me")).sheet == "Sheet1"


def test_the_sheet_called_data_goes_before_the_first_one(tmp_path):
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(WORKBOOK))
    second = book.create_sheet("Data")
    for line in as_lines(figures()[:1]):
        second.append(line)
    stream = BytesIO()
    book.save(stream)
    table = read(tmp_path, stream.getvalue())
    assert (table.sheet, len(table.rows)) == ("Data", 1)


def test_numbers_and_dates_keep_their_kind(tmp_path):
    lines = as_lines([{**figures()[0], "NUMERATOR": 100, "OBS_VALUE": 25.5, "P25": date(2025, 1, 2)}])
    table = read(tmp_path, workbook_bytes(lines))
    [(_, cells)] = table.rows
    positions = table.header.positions
    assert [cells[positions[name]] for name in ("NUMERATOR", "OBS_VALUE", "P25")] == [100, 25.5, date(2025, 1, 2)]


def test_errors_and_formulas_without_a_result_are_told_from_empty_cells(tmp_path):
    def spoil(xml: bytes) -> bytes:
        xml = xml.replace(b'<c r="L2" t="inlineStr"><is><t>100</t></is></c>', b'<c r="L2" t="e"><v>#N/A</v></c>')
        return xml.replace(b'<c r="L3" t="inlineStr"><is><t>60</t></is></c>', b'<c r="L3"><f>B1+C1</f><v/></c>')

    table = read(tmp_path, with_sheet(WORKBOOK, spoil))
    assert table.broken_cells == {"L2": "#N/A", "L3": "=B1+C1"}


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell(tmp_path):
    old = b'<c r="L3" t="inlineStr"><is><t>60</t></is></c>'
    new = b'<c r="L3" t="str"><f>IF(1=1,"","x")</f><v></v></c>'
    assert read(tmp_path, with_sheet(WORKBOOK, lambda xml: xml.replace(old, new))).broken_cells == {}


@pytest.mark.parametrize(
    ("rule", "content"),
    [
        ("TRUNCATED_FILE", WORKBOOK[: len(WORKBOOK) // 2]),
        ("TRUNCATED_FILE", b"PK\x03\x04 and nothing else"),
        ("FAR_CELLS", with_sheet(WORKBOOK, lambda xml: xml.replace(b"</sheetData>", FAR_CELL))),
        ("UNSAFE_FILE", with_sheet(WORKBOOK, lambda xml: xml.replace(b"</sheetData>", b" " * 40_000_000))),
        ("UNSAFE_FILE", with_sheet(WORKBOOK, lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml)),
        ("NO_HEADER", workbook_bytes([["Region", "2024"], ["Luxembourg", 12]])),
        ("NO_HEADER", workbook_bytes([["Luxembourg, and what it sent, in 2024"], ["a;b;c"]])),
        ("ONE_CELL", workbook_bytes([["Luxembourg"], ["INDICATOR,REF_AREA,TIME_PERIOD"], ["RSM_02,LU,2025"]])),
        (
            "ONE_CELL",
            b"INDICATOR REF_AREA TIME_PERIOD SEX\n--------- -------- ----------- ---\nRSM_02    LU       2025\n",
        ),
        (
            "ONE_CELL",
            b"  +----+\n  | indicator   ref_area   time_period   sex |\n  |----|\n  | RSM_02   LU   2025   F |\n",
        ),
        ("ONE_CELL", b"INDICATOR^REF_AREA^TIME_PERIOD\nRSM_02^LU^2025\n"),
        ("NOT_A_TABLE", b'{"INDICATOR": "RSM_02", "REF_AREA": "LU", "TIME_PERIOD": "2025"}\n'),
        ("NOT_A_TABLE", b"CREATE TABLE obs (INDICATOR text, REF_AREA text, TIME_PERIOD text);\n"),
        ("NOT_A_TABLE", b"Figures by sex and age in each area\nRSM_02 LU 2025\n"),
        ("NAMES_BELOW", b"ID,CONCEPT,VALUE\n1,INDICATOR,RSM_02\n1,REF_AREA,LU\n1,TIME_PERIOD,2025\n"),
        ("NAMES_BELOW", workbook_bytes([["Country", "LU"], *[[name, "x"] for name in COLUMNS]])),
        ("NOT_A_TABLE", b"Question;Answer\nSex;F\nAge;50\n"),
        ("NOT_A_TABLE", b'{"INDICATOR": "RSM_02",\n "REF_AREA": "LU",\n "TIME_PERIOD": 2025}\n'),
        ("OLD_EXCEL", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)),
        ("PASSWORD", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
        ("NOT_A_TABLE", b"%PDF-1.7"),
        ("NOT_A_TABLE", b"<html><table><tr><td>INDICATOR</td></tr></table></html>"),
        ("EMPTY_FILE", b""),
    ],
)
def test_what_is_no_workbook_of_figures_has_its_own_refusal(tmp_path, rule, content):
    assert refusal_of(tmp_path, content).rule == rule


@pytest.mark.parametrize(
    ("kind_name", "name", "content"),
    [
        (
            "a web page or XML document",
            "figures.xls",
            "<div><table><tr><td>INDICATOR</td></tr></table>".encode("utf-16"),
        ),
        ("an e-mail or a web archive", "figures.xls", b"\r\nMIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"),
        ("a PDF document", "figures.xlsx", b"\n%PDF-1.4\n"),
        ("a SYLK file (.slk)", "figures.xls", b"ID;PWXL;N;E\r\nC;Y1;X1;KINDICATOR\r\n"),
        ("a link to a web page", "figures.url", b"[InternetShortcut]\r\nURL=https://example.org/figures.xlsx\r\n"),
        ("a JSON file", "figures.csv", b'[{"INDICATOR": "RSM_02", "REF_AREA": "LU"}]'),
        ("an Apple document (Numbers, Pages or Keynote)", "figures.ods", archive({"Index/Document.iwa": b""})),
        ("a text under the name of a workbook", "Figures.XLSX", b"Dear colleagues,\nplease find our figures below.\n"),
    ],
)
def test_a_file_under_a_false_name_is_told_what_it_is(tmp_path, kind_name, name, content):
    with pytest.raises(Unreadable) as caught:
        read_table(write(tmp_path, name, content), country_code="LU")
    assert (caught.value.rule, caught.value.given) == ("NOT_A_TABLE", {"kind_name": kind_name})


@pytest.mark.parametrize("title", ["PKM 2026", "<5 is suppressed", "{draft}"])
def test_a_table_is_read_whatever_its_name_and_its_title_look_like(tmp_path, title):
    content = csv_text([[title], *as_lines(figures())])
    assert read_table(write(tmp_path, "figures.xlsx", content), country_code="LU").header.row == 2


@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.integers(0, len(WORKBOOK) - 1), flip=st.integers(1, 255), length=st.integers(1, 40))
def test_a_damaged_workbook_gives_a_table_or_a_refusal_and_nothing_else(tmp_path, place, flip, length):
    damaged = bytearray(WORKBOOK)
    for index in range(place, min(place + length, len(damaged))):
        damaged[index] ^= flip
    try:
        read(tmp_path, bytes(damaged))
    except Unreadable as refusal:
        assert refusal.rule
