"""Titles, names of sheets and headings between rows that say what figures are: in which unit, and whose."""

import pytest

from ingestion.checks.examination import examine_here
from ingestion.reading.unit_words import is_multiplier
from tests.files import COLUMNS, MEDIAN, as_lines, csv_text, figures, workbook_bytes, write

VALUE = {**MEDIAN, "OBS_VALUE": "120,5", "P25": "60", "P75": "200", "REFERENCE": "SYNTHETIC figure"}
WOMEN = {"INDICATOR": "RIP_05", "REF_AREA": "LU", "TIME_PERIOD": "2025", "NUMERATOR": "20", "DENOMINATOR": "400"}
TITLE_RULES = {"UNIT_IN_TITLE", "GROUP_IN_TITLE", "GROUP_HEADING"}


def found_in(folder, content):
    result = examine_here(write(folder, "figures", content), country_code="LU", work_folder=folder)
    return [(each["rule"], each["cell"]) for each in result["findings"] if each["rule"] in TITLE_RULES]


def under(titles, rows=(VALUE,), without=()):
    columns = [column for column in COLUMNS if column not in without]
    return csv_text([*titles, *as_lines(rows, columns)]).encode()


@pytest.mark.parametrize(
    "title",
    [
        "in thousands",
        "Fallzahlen (in Tsd.)",
        "Zahl der Fälle in Tausend",
        "Liczba osób, tys.",
        "Patients: x 1000",
        "Effectifs en milliers",
        "Wartezeit in Wochen",
        "Délai (mois)",
        "Cases per 1000",
        "Anteile in ‰",
    ],
)
def test_a_title_that_may_name_a_unit_is_asked_about(tmp_path, title):
    assert found_in(tmp_path, under([[], ["", title]], [*figures(), VALUE])) == [("UNIT_IN_TITLE", "B2")]


@pytest.mark.parametrize(
    "title",
    [
        "Patients who started within 12 months",
        "Fälle pro 100 000 Einwohner",
        "Rates per 100,000 inhabitants",
        "2 million letters went out",
        "Dr. Mille",
        "Period: 2025",
        "One thousand and one tables, from the registry of Luxembourg " + "and others " * 20,
    ],
)
def test_a_title_that_names_a_number_of_something_else_is_a_title(tmp_path, title):
    assert found_in(tmp_path, under([[title]])) == []


def test_a_text_of_many_signs_is_soon_looked_through():
    assert not is_multiplier("x " * 10_000 + "q")
    assert not is_multiplier("in " * 10_000 + "q")


def test_a_unit_of_time_is_no_other_one_where_nothing_is_in_days(tmp_path):
    assert found_in(tmp_path, under([["Follow-up (months)"]], figures()[:3])) == []


@pytest.mark.parametrize(
    ("title", "dimension"),
    [
        ("Nur Frauen", "SEX"),
        ("Women, 2025", "SEX"),
        ("Geschlecht: männlich", "SEX"),
        ("Age: 75+", "AGE"),
        ("15-39", "AGE"),
    ],
)
def test_a_title_that_may_name_a_group_is_asked_about(tmp_path, title, dimension):
    assert found_in(tmp_path, under([[title]])) == [("GROUP_IN_TITLE", "A1")]
    assert found_in(tmp_path, under([[title]], without=[dimension])) == [("GROUP_IN_TITLE", "A1")]
    named = {**VALUE, dimension: {"SEX": "T", "AGE": "TOTAL"}[dimension]}
    assert found_in(tmp_path, under([[title]], [named])) == []


@pytest.mark.parametrize("title", ["Women and men", "Femmes et hommes", "Sex: total", "F", "Luxembourg", "kobiety"])
def test_a_title_of_all_or_in_a_language_of_others_is_a_title(tmp_path, title):
    rules = [] if title != "kobiety" else [("GROUP_IN_TITLE", "A1")]  # a whole title is a name in any language
    assert found_in(tmp_path, under([[title]])) == rules
    assert found_in(tmp_path, under([[f"Table 1, {title}"]])) == []


def test_women_go_without_saying_where_an_indicator_is_about_women(tmp_path):
    assert found_in(tmp_path, under([["Women aged 50-69"]], [WOMEN])) == []
    assert found_in(tmp_path, under([["Women aged 50-69"]], [WOMEN, VALUE])) == [("GROUP_IN_TITLE", "A1")]


def test_the_name_of_a_sheet_is_a_title(tmp_path):
    assert found_in(tmp_path, workbook_bytes(as_lines([VALUE]), sheet="Frauen")) == [("GROUP_IN_TITLE", None)]
    assert found_in(tmp_path, workbook_bytes(as_lines([VALUE]), sheet="in Tsd.")) == [("UNIT_IN_TITLE", None)]


@pytest.mark.parametrize(
    "heading",
    ["Women", "davon Frauen", "Kobiety", "Sex: females", "Frauen, 40 bis 64", "40 bis 64 Jahre", "C50 Breast"],
)
def test_rows_under_the_heading_of_a_group_are_not_those_of_all(tmp_path, heading):
    rows = [VALUE, {"INDICATOR": heading}, {**VALUE, "TIME_PERIOD": "2024"}]
    assert found_in(tmp_path, under([], rows)) == [("GROUP_HEADING", "A3")]


def test_a_heading_of_rows_about_women_may_say_so(tmp_path):
    heading, women = {"INDICATOR": "Frauen ohne Mammographie"}, [{**WOMEN, "TIME_PERIOD": "2019"}, WOMEN]
    assert found_in(tmp_path, under([], [VALUE, heading, *women])) == []
    assert found_in(tmp_path, under([], [*women, heading, VALUE])) == [("GROUP_HEADING", "A4")]


@pytest.mark.parametrize("remark", ["figures in thousands", "Quelle: Register; Werte in Tsd."])
def test_a_remark_between_or_below_the_rows_may_name_a_unit(tmp_path, remark):
    assert found_in(tmp_path, under([], [VALUE, {"INDICATOR": remark}])) == [("UNIT_IN_TITLE", "A3")]


def test_a_heading_ends_where_another_group_or_the_total_begins(tmp_path):
    other = {**VALUE, "TIME_PERIOD": "2024"}
    women, remark, total = ({"INDICATOR": text} for text in ("Frauen", "as of 1 March", "Insgesamt"))
    assert found_in(tmp_path, under([], [women, remark, VALUE])) == [("GROUP_HEADING", "A2")]
    assert found_in(tmp_path, under([], [women, total, VALUE])) == []
    assert found_in(tmp_path, under([], [women, {**VALUE, "SEX": "F"}, total, other])) == []
    assert found_in(tmp_path, under([], [VALUE, women])) == []  # nothing stands below
