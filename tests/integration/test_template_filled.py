"""A template that is filled without touching its keys passes the checks, in every country's habits."""

import io

import pytest
from openpyxl import load_workbook

from ingestion.catalogue import rows
from ingestion.checks.examination import examine_here
from ingestion.templates import PROPERTY_NAME, Asked, expected_figures, judge_fingerprint
from tests.files import write
from tests.filled_template import ROUND, as_csv, as_xlsx, filled_book, write_as_text

pytestmark = pytest.mark.integration

ROSTER = [row["country_code"] for row in rows("roster")]
# Counts with thousands, medians with decimals, breakdowns: what can go wrong in a habit goes wrong here.
# The small one for most countries, because each is examined three times.
THEMES = ("CPS", "PRS", "PRS", "PRS")
# What the desk says of right figures, too: how they were read, few events, few people.
INFORMATION = {"NUMBER_READING", "P15", "P31"}
# Invented figures are spread evenly over regions and ages, hardly change, and are as many in Iceland as elsewhere.
INVENTED = {"P19", "P20", "P24", "UNLIKELY_AGE"}
# Many regions and a decimal comma; one region and a decimal point.
WHOLE = ("AT", "MT")
# A decimal point, a comma with spaces, one with full stops; Latin, Greek and Cyrillic names.
SOME = ("IE", "FR", "DE", "EL", "BG")
EVERY = [pytest.param(country, marks=() if country in SOME else pytest.mark.thorough, id=country) for country in ROSTER]


def examine(content, folder, country):
    return examine_here(write(folder, "figures", content), country_code=country, work_folder=folder)


def assert_nothing_wrong(result, asked):
    found = [finding for finding in result["findings"] if finding["rule"] not in INFORMATION | INVENTED]
    assert found == []
    count = len(expected_figures(asked))
    assert result["rows"] == {"read": count, "accepted": count, "held": 0, "refused": 0}


@pytest.mark.parametrize("country", EVERY)
def test_a_filled_template_passes_in_every_habit(country, tmp_path):
    theme = THEMES[ROSTER.index(country) % len(THEMES)]
    asked = Asked(country, ROUND, theme)
    book = filled_book(country, theme=theme)
    assert_nothing_wrong(examine(as_xlsx(book), tmp_path, country), asked)
    write_as_text(book, country)
    for content in (as_xlsx(book), as_csv(book, country)):
        assert_nothing_wrong(examine(content, tmp_path, country), asked)


@pytest.mark.parametrize("country", WHOLE)
def test_a_filled_template_of_all_themes_passes(country, tmp_path):
    assert_nothing_wrong(examine(as_xlsx(filled_book(country)), tmp_path, country), Asked(country, ROUND))


def findings_of(sheet_change, folder, *, language="en"):
    """What is said of a filled template after a change of its sheet: rule and row."""
    book = filled_book("AT", theme="PRS", language=language)
    sheet_change(book["data"], {cell.value: cell.column for cell in book["data"][1]})
    result = examine(as_xlsx(book), folder, "AT")
    told = (found for found in result["findings"] if found["rule"] not in INFORMATION | INVENTED)
    return [(found["rule"], found["row"]) for found in told]


def rows_by_sex(sheet, columns):
    """The cells of SEX that are filled."""
    index = columns["SEX"]
    return [cell for (cell,) in sheet.iter_rows(min_row=2, min_col=index, max_col=index) if cell.value]


@pytest.mark.parametrize("language", ["en", "de"])
def test_codes_that_were_moved_without_their_row_are_refused(tmp_path, language):
    def swap(sheet, columns):
        first, second, *_ = rows_by_sex(sheet, columns)
        first.value, second.value = second.value, first.value
        swap.rows = [first.row, second.row]

    assert findings_of(swap, tmp_path, language=language) == [("MOVED_CODES", row) for row in swap.rows]


def test_a_row_that_was_copied_may_keep_its_description(tmp_path):
    def copy_row(sheet, columns):
        sheet.append([cell.value for cell in sheet[rows_by_sex(sheet, columns)[0].row]])
        sheet.cell(sheet.max_row, columns["SEX"]).value = "UNK"

    assert "MOVED_CODES" not in {rule for rule, _ in findings_of(copy_row, tmp_path)}


def test_a_description_of_the_sender_s_own_says_nothing(tmp_path):
    def describe(sheet, columns):
        sheet.cell(2, columns["ROW_MEANING"]).value = "asked again on 3 March"

    assert findings_of(describe, tmp_path) == []


def test_a_saved_template_still_bears_its_fingerprint():
    saved = load_workbook(io.BytesIO(as_xlsx(filled_book("LU", theme="RSM"))))
    judged = judge_fingerprint(saved.custom_doc_props[PROPERTY_NAME].value, country_code="LU")
    assert judged == {"state": "current", "rule": None, "country_code": "LU", "round_id": ROUND, "theme_code": "RSM"}
