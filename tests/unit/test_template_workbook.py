"""The workbook of a template: what can be entered where, what is said, and that it harms nothing."""

import io
import re
import zipfile
from functools import cache

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.cell_range import CellRange

from ingestion.catalogue import rows
from ingestion.checks.vocabulary import codes
from ingestion.languages import Language, language_for
from ingestion.reading import read_table
from ingestion.templates import Asked, expected_figures
from ingestion.templates.workbook import template_bytes
from tests.files import COLUMNS, write

ROUND = rows("rounds")[-1]["round_id"]
CODE_COLUMNS = [row["column_name"] for row in rows("submission_columns") if row["code_list"]]


class Backwards(Language):
    """A language in which every text is written backwards, to see what is not said in it."""

    def say(self, text, **values):
        return super().say(text, **values)[::-1]

    def word(self, text):
        return text[::-1]


@cache
def made(country="LU", theme="", words=None):
    return template_bytes(Asked(country, ROUND, theme), words=words or language_for("en"))


@cache
def book_of(*arguments):
    return load_workbook(io.BytesIO(made(*arguments)))


def rules_at(sheet, row, column):
    cell = CellRange(min_col=column, max_col=column, min_row=row, max_row=row)
    return [rule for rule in sheet.data_validations.dataValidation if any(cell <= place for place in rule.sqref.ranges)]


def row_of(sheet, indicator):
    return next(cell.row for cell in sheet["A"] if cell.value == indicator)


def column_of(name):
    return COLUMNS.index(name) + 1


def choices_of(book, column):
    sheet_name, place = next(iter(book.defined_names[f"pcm_{column}"].destinations))
    found = book[sheet_name][place.replace("$", "")]
    return [str(cell.value) for line in (found if isinstance(found, tuple) else ((found,),)) for cell in line]


def test_the_reader_finds_the_columns_of_the_format_first_and_all_rows(tmp_path):
    table = read_table(write(tmp_path, "template.xlsx", made()), country_code="LU")
    assert (table.sheet, table.header.row) == ("data", 1)
    assert list(table.header.texts[: len(COLUMNS)]) == COLUMNS
    assert [number for number, _ in table.rows] == list(range(2, len(expected_figures(Asked("LU", ROUND))) + 2))


@pytest.mark.parametrize("column", CODE_COLUMNS)
def test_every_code_column_has_a_list_of_codes_that_a_sender_may_use(column):
    book = book_of()
    [rule] = rules_at(book["data"], 2, column_of(column))
    assert (rule.type, rule.formula1) == ("list", f"pcm_{column}")
    assert rules_at(book["data"], book["data"].max_row + 100, column_of(column)) == [rule], "rows may be added"
    assert set(choices_of(book, column)) <= set(codes(column))


def test_what_belongs_to_others_is_not_offered():
    book = book_of("AT", "MTB")
    assert choices_of(book, "REF_AREA") == ["AT"]
    assert {code for code in choices_of(book, "NUTS2") if not code.startswith("AT")} == {"UNK"}
    assert not {"F", "H", "I", "V"} & set(choices_of(book, "OBS_STATUS"))
    assert not {"S", "X"} & set(choices_of(book, "CONF_STATUS"))
    assert "C53" not in choices_of(book, "SITE")


@pytest.mark.parametrize(
    ("indicator", "column", "kind", "limits"),
    [
        ("RIP_01", "NUMERATOR", "whole", ("greaterThanOrEqual", "0", None)),
        ("CPS_06", "NUMERATOR", "decimal", ("greaterThanOrEqual", "0", None)),
        ("CPS_05", "OBS_VALUE", "decimal", ("between", "0", "3650")),
        ("HTA_03", "OBS_VALUE", "decimal", ("between", "-3650", "3650")),
        ("CPS_05", "DENOMINATOR", "whole", ("greaterThanOrEqual", "0", None)),
        ("LBX_05", "OBS_VALUE", "whole", ("between", "0", "1")),
    ],
)
def test_numbers_have_the_limits_of_their_indicator(indicator, column, kind, limits):
    sheet = book_of()["data"]
    [rule] = rules_at(sheet, row_of(sheet, indicator), column_of(column))
    assert (rule.type, (rule.operator, rule.formula1, rule.formula2)) == (kind, limits)


@pytest.mark.parametrize(
    ("indicator", "asked_for", "open_to"),
    [
        ("RIP_01", {"NUMERATOR", "DENOMINATOR"}, {"OBS_VALUE", "REFERENCE"}),
        ("CTX_01", {"NUMERATOR", "DENOMINATOR", "OBS_VALUE"}, {"REFERENCE"}),
        ("CPS_05", {"DENOMINATOR", "OBS_VALUE"}, {"P25", "P75", "REFERENCE"}),
        ("LBX_05", {"OBS_VALUE", "REFERENCE"}, set()),
        ("MTB_07", {"NUMERATOR"}, {"OBS_VALUE", "REFERENCE"}),
    ],
)
def test_cells_to_fill_are_those_of_the_measure(indicator, asked_for, open_to):
    sheet = book_of()["data"]
    names = ["NUMERATOR", "DENOMINATOR", "OBS_VALUE", "P25", "P75", "REFERENCE"]
    row = row_of(sheet, indicator)
    looks = {name: sheet.cell(row, column_of(name)).style.split()[1] for name in names}
    assert {name for name, look in looks.items() if look == "entry"} == asked_for
    assert {name for name, look in looks.items() if look == "open"} == open_to


def test_texts_beside_cells_are_no_longer_than_programs_take():
    for rule in book_of()["data"].data_validations.dataValidation:
        assert len(rule.promptTitle or "") <= 32 and len(rule.errorTitle or "") <= 32
        assert len(rule.prompt or "") <= 255 and len(rule.error or "") <= 225


def test_breakdowns_that_no_row_has_are_folded_and_can_be_unfolded():
    sheet = book_of("AT", "MTB")["data"]
    letters = {cell.value: cell.column_letter for cell in sheet[1]}
    folded = {name for name, letter in letters.items() if sheet.column_dimensions[letter].hidden}
    assert folded == {"AGE", "DEGURBA", "ISCED11", "QUANTILE", "C_BIRTH"}
    assert sheet.sheet_format.outlineLevelCol == 1
    assert sheet.freeze_panes == "D2"


def test_links_lead_from_the_figures_to_their_notes_and_back():
    book = book_of("LU", "MTB")
    data, notes = book["data"], book["indicators"]
    for cell in data["A"][1:]:
        target = re.fullmatch(r"'indicators'!A(\d+)", cell.hyperlink.location)
        assert notes.cell(int(target[1]), 1).value == cell.value
    for cell in notes["A"][1:]:
        assert data[cell.hyperlink.location.split("!")[1]].value == cell.value


def test_it_leads_to_the_portal_first_and_names_it_where_it_is_known():
    data = template_bytes(Asked("LU", ROUND, "MTB"), words=language_for("en"), portal="https://portal.example.org")
    lines = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()]
    assert ["Portal", "https://portal.example.org"] in lines
    steps = [text for number, text in lines if isinstance(number, int)]
    assert "upload the file at the portal" in steps[3]
    assert ["inbox/" in step for step in steps] == [False] * 5 + [True]
    assert "Portal" not in [row[0].value for row in book_of().worksheets[0].iter_rows()]


def test_nothing_in_the_workbook_points_outside_or_runs():
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not any(b"TargetMode" in data for data in parts.values())
    assert not any(b"<f>" in data or b"<f " in data for name, data in parts.items() if "/worksheets/" in name)


def test_every_text_for_people_is_said_in_their_language():
    words = Backwards("en")
    book = book_of("AT", "CPS", words)
    assert book.sheetnames == ["em daer", "data", "srotacidni", "sedoc"]
    plain = [text for text in _texts(book_of("AT", "CPS")) if len(text) > 25]
    places = {row["label"] for row in rows("codes_nuts2")}
    left = {text for text in _texts(book) if text in plain} - places - {"OBS_COMMENT", "CONF_STATUS"}
    assert left == set()


def _texts(book):
    for sheet in book:
        for rule in sheet.data_validations.dataValidation:
            yield from filter(None, (rule.prompt, rule.error))
        for line in sheet.iter_rows(values_only=True):
            yield from (value for value in line if isinstance(value, str))
