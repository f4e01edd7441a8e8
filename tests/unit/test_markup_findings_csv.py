"""The findings as CSV: one row each, in order, and no cell that a spreadsheet program would run."""

import csv
import io

import pytest

from ingestion.markup import findings_csv
from ingestion.markup.findings_csv import COLUMNS

FINDING = dict.fromkeys(COLUMNS, "x") | {"row": 4, "is_certain": True, "proposal": None}


def table(result):
    text = findings_csv(result)
    assert text.startswith("\ufeff")
    delimiter = text[len("\ufeffseverity")]
    return delimiter, list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=delimiter))


@pytest.mark.parametrize(("country", "delimiter"), [("LU", ";"), ("EL", ";"), ("IE", ","), ("MT", ","), (None, ";")])
def test_the_separator_is_that_of_the_country(country, delimiter):
    assert table({"submission": {"country_code": country}, "findings": [FINDING]})[0] == delimiter


def test_each_finding_is_a_row_with_its_public_columns():
    _, rows = table({"submission": {}, "findings": [FINDING | {"words": {}}, FINDING | {"found": 'a";\nb'}]})
    assert rows[0] == dict.fromkeys(COLUMNS, "x") | {"row": "4", "is_certain": "true", "proposal": ""}
    assert rows[1]["found"] == 'a";\nb'


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd", "'+cmd"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-x", "'-x"),
        ("-5", "-5"),
        ("-1.234,5", "-1.234,5"),
        ("+3.5", "+3.5"),
        ("a=1", "a=1"),
    ],
)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(found, shown):
    _, [row] = table({"submission": {}, "findings": [FINDING | {"found": found}]})
    assert row["found"] == shown
