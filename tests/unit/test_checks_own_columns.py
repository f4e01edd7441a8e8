"""Columns that are not of the format: which of them are the sender's own, and which change what the figures mean."""

import pytest

from ingestion.checks.examination import examine_here
from tests.files import COLUMNS, as_lines, csv_text, figures, write

KEYS = ["INDICATOR", "REF_AREA", "TIME_PERIOD"]


def rules_of(folder, lines):
    path = write(folder, "figures.csv", csv_text(lines))
    result = examine_here(path, country_code="LU", work_folder=folder)
    return [finding["rule"] for finding in result["findings"]]


def with_column(name, cells, without=""):
    """The figures beside a column of the sender's own, and without one of the format."""
    columns = [column for column in COLUMNS if column != without]
    return as_lines([{**figure, name: cell} for figure, cell in zip(figures(), cells, strict=True)], [*columns, name])


@pytest.mark.parametrize(
    ("dimension", "groups"),
    [
        ("SEX", ["T", "f", "Frauen", ""]),
        ("SEX", ["", "F", "M", "M"]),
        ("SITE", ["C50", "C61", "C62", "C61"]),
        ("AGE", ["75+", "15-39", "Total", ""]),
    ],
)
@pytest.mark.parametrize("is_there", [True, False])
def test_a_breakdown_under_another_name_is_no_column_of_the_sender(tmp_path, dimension, groups, is_there):
    lines = with_column("Patients", groups, without="SEX")
    if dimension != "SEX":
        there = lines[0].index(dimension)
        lines = [[*line[:there], *line[there + 1 :]] for line in lines]
    if is_there:
        lines = [[dimension, *lines[0]], *(["", *line] for line in lines[1:])]
    assert rules_of(tmp_path, lines) == ["BREAKDOWN_COLUMN"]


@pytest.mark.parametrize(
    ("name", "cells", "rule"),
    [
        ("Quarter", ["Q1", "Q1", "Q1", "Q1"], "PART_OF_YEAR"),
        ("QUARTAL", ["1", "2", "3", "4"], "PART_OF_YEAR"),  # no quintile, although Q1 may be one
        ("Mês", ["maio", "", "", ""], "PART_OF_YEAR"),
        ("Month", ["", "", "", ""], "UNKNOWN_COLUMN"),
        ("Month of the report", ["May", "May", "May", "May"], "UNKNOWN_COLUMN"),
    ],
)
def test_quarters_and_months_are_told_of(tmp_path, name, cells, rule):
    assert rules_of(tmp_path, with_column(name, cells, without="QUANTILE")) == [rule]


@pytest.mark.parametrize(
    ("without", "text", "rules"),
    [
        ("SEX", "women", ["POSSIBLE_BREAKDOWN"]),
        ("SEX", "nur Frauen", ["POSSIBLE_BREAKDOWN"]),
        ("AGE", "50-69", ["POSSIBLE_BREAKDOWN"]),
        ("AGE", "40 bis 64 Jahre", ["POSSIBLE_BREAKDOWN"]),
        ("AGE", "65 und älter", ["POSSIBLE_BREAKDOWN"]),
        ("DEGURBA", "Städte", ["POSSIBLE_BREAKDOWN"]),
        ("NUTS2", "Wien", ["POSSIBLE_BREAKDOWN"]),
        ("NUTS2", "Luxembourg", ["UNKNOWN_COLUMN"]),  # called like its only region
        ("SEX", "F", ["UNKNOWN_COLUMN"]),
        ("SEX", "T", ["UNKNOWN_COLUMN"]),
        ("SEX", "unknown", ["UNKNOWN_COLUMN"]),
        ("QUANTILE", "Q1", ["UNKNOWN_COLUMN"]),
    ],
)
def test_a_column_that_says_the_same_in_every_row_may_say_whose_figures_these_are(tmp_path, without, text, rules):
    [header, *lines] = with_column("Group", [text] * 4, without=without)
    found = rules_of(tmp_path, [header, lines[0], lines[3]])
    assert [rule for rule in found if rule != "P28"] == rules


@pytest.mark.parametrize(
    ("labels", "rule"),
    [
        (["Insgesamt", "Frauen", "Männer", "Insgesamt"], "UNKNOWN_COLUMN"),
        (["Insgesamt", "Männer", "Frauen", "Insgesamt"], "OTHER_LABEL"),
        (["total", "females", "", ""], "UNKNOWN_COLUMN"),
        (["Anna", "women", "men", "Otto"], "UNKNOWN_COLUMN"),  # not a column of labels
        (["women"] * 4, "UNKNOWN_COLUMN"),
    ],
)
def test_names_beside_codes_must_mean_the_same(tmp_path, labels, rule):
    assert rules_of(tmp_path, with_column("Label", labels)) == [rule]


def test_the_letters_of_a_frequency_are_no_names_of_statuses(tmp_path):
    marked = [{**figure, "OBS_STATUS": "P", "FREQ": letter} for figure, letter in zip(figures(), "ASAS", strict=True)]
    assert rules_of(tmp_path, as_lines(marked, [*COLUMNS, "FREQ"])) == ["UNKNOWN_COLUMN"]


@pytest.mark.parametrize("texts", [["T", "T", "T", "total"], ["F", "checked", "M", "twice"], ["", "", "", ""]])
def test_a_column_of_totals_or_remarks_is_the_sender_s_own(tmp_path, texts):
    [header, *lines] = with_column("Checked", texts, without="SEX")
    assert rules_of(tmp_path, [header, lines[0], lines[3]]) == ["UNKNOWN_COLUMN"]


@pytest.mark.parametrize(
    ("name", "without", "text", "rule"),
    [
        ("AGEE", "AGE", "75+", "MISSPELT_COLUMN"),
        ("Page", "AGE", "12", "UNKNOWN_COLUMN"),
        ("Sites", "SITE", "3", "UNKNOWN_COLUMN"),
        ("NUTS3", "NUTS2", "LU000", "UNKNOWN_COLUMN"),
        ("P97,5", "P75", "300", "UNKNOWN_COLUMN"),
        ("P2.5", "P25", "30", "UNKNOWN_COLUMN"),
        ("NUMERATOR (%)", "NUMERATOR", "30", "OTHER_NUMBERS"),
        ("Valeur (semaines)", "OBS_VALUE", "30", "OTHER_NUMBERS"),
        ("NUMERATOR: women", "", "30", "UNKNOWN_COLUMN"),
        ("Referent", "REFERENCE", "A. Muller", "UNKNOWN_COLUMN"),
        ("REFERENC", "REFERENCE", "A law", "MISSPELT_COLUMN"),
        ("Som van NUMERATOR", "NUMERATOR", "30", "MISSPELT_COLUMN"),
        ("Sum of DENOMINATOR", "DENOMINATOR", "30", "MISSPELT_COLUMN"),
        ("SUM(NUMERATOR)", "NUMERATOR", "30", "MISSPELT_COLUMN"),
        ("SUM(OBS_VALUE)", "OBS_VALUE", "30", "MISSPELT_COLUMN"),
        ("Summa / SEX", "SEX", "F", "MISSPELT_COLUMN"),
        ("Sum of NUMERATOR", "", "30", "UNKNOWN_COLUMN"),
        ("Sum of NUMERATOR", "NUMERATOR", "see below", "UNKNOWN_COLUMN"),
        ("Sum of numerator", "NUMERATOR", "30", "UNKNOWN_COLUMN"),
        ("NUMERATOR of whom", "NUMERATOR", "30", "UNKNOWN_COLUMN"),
        ("NUMERATOR per DENOMINATOR", "DENOMINATOR", "30", "UNKNOWN_COLUMN"),
        ("women (sum of NUMERATOR)", "NUMERATOR", "30", "UNKNOWN_COLUMN"),
        ("Women, sum of NUMERATOR", "NUMERATOR", "30", "UNKNOWN_COLUMN"),
        ("Share in % of the NUMERATOR", "NUMERATOR", "30", "UNKNOWN_COLUMN"),
        ("2024 sum of NUMERATOR", "NUMERATOR", "30", "UNKNOWN_COLUMN"),
    ],
)
def test_a_column_is_misspelt_where_its_cells_may_be_those_of_the_right_name(tmp_path, name, without, text, rule):
    [header, *lines] = with_column(name, [text] * 4, without=without)
    assert rule in rules_of(tmp_path, [header, lines[0], lines[3]])


def test_a_column_that_sums_up_another_is_proposed_as_that_one(tmp_path):
    [header, *lines] = as_lines(figures())
    summed = {"NUMERATOR": "Som van NUMERATOR", "DENOMINATOR": "Som van DENOMINATOR"}
    path = write(tmp_path, "pivot.csv", csv_text([[summed.get(name, name) for name in header], *lines]))
    findings = examine_here(path, country_code="LU", work_folder=tmp_path)["findings"]
    found = {finding["found"]: finding["proposal"] for finding in findings if finding["rule"] == "MISSPELT_COLUMN"}
    assert found == {text: name for name, text in summed.items()}


@pytest.mark.parametrize(
    ("name", "other_name", "column", "texts", "rules"),
    [
        ("Year", "Reference period", "TIME_PERIOD", ["2024"] * 4, ["DUPLICATE_COLUMN"]),
        ("Year", "Reference period", "TIME_PERIOD", ["2025"] * 4, ["UNKNOWN_COLUMN"]),
        ("Country", "Land", "REF_AREA", ["Luxemburg"] * 4, ["UNKNOWN_COLUMN"]),
    ],
)
def test_two_words_for_one_column_must_not_disagree(tmp_path, name, other_name, column, texts, rules):
    [header, *lines] = with_column(other_name, texts)
    header = [name if each == column else each for each in header]
    assert [rule for rule in rules_of(tmp_path, [header, *lines]) if rule != "HEADER_SYNONYM"] == rules


def test_beside_the_column_of_the_format_labels_are_the_sender_s_own(tmp_path):
    assert rules_of(tmp_path, with_column("Label", ["T", "F", "M", "T"])) == ["UNKNOWN_COLUMN"]


@pytest.mark.parametrize(
    ("name", "texts", "rule"),
    [
        ("UNIT_MULT", ["0", "0", "0", ""], "UNKNOWN_COLUMN"),
        ("UNIT_MULT", ["0", "0", "3", "3"], "MULTIPLIED"),
        ("Einheit", ["in Tsd.", "", "", "Tage"], "MULTIPLIED"),
        ("Jednostka", ["tys."] * 4, "MULTIPLIED"),
        ("Remark", ["about 2 thousand letters went out", "none came back", "asked again", "done"], "UNKNOWN_COLUMN"),
        ("Unit", ["persons", "", "", "days"], "UNKNOWN_COLUMN"),
        ("UNIT_MULT", ["0.0"] * 4, "UNKNOWN_COLUMN"),
        ("unit multiplier", ["3"] * 4, "MULTIPLIED"),
        ("Unit", ["1000 persons", "x 1000", "'000", "10^3"], "MULTIPLIED"),
        ("Einheit", ["1", "1", "1000", "1000"], "MULTIPLIED"),
        ("Nr.", ["999", "1000", "1001", "1002"], "UNKNOWN_COLUMN"),
        ("Unit", ["per 1000", "pro Million Einwohner", "1000km", "10003"], "UNKNOWN_COLUMN"),
        ("Responsible", ["Mila Novak", "Dr A. Mille", "M. Mil", "2 million insured people"], "UNKNOWN_COLUMN"),
    ],
)
def test_figures_in_thousands_are_not_taken_for_figures(tmp_path, name, texts, rule):
    assert rules_of(tmp_path, with_column(name, texts)) == [rule]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("weeks", "OTHER_UNIT"),
        ("in Wochen", "OTHER_UNIT"),
        ("‰", "OTHER_UNIT"),
        ("per 1000", "OTHER_UNIT"),
        ("pro 10 000 Einwohner", "OTHER_UNIT"),
        ("/1.000.000", "OTHER_UNIT"),
        ("(0–1)", "OTHER_UNIT"),
        ("per 100 000", "UNKNOWN_COLUMN"),
        ("per 100.000 abitanti", "UNKNOWN_COLUMN"),
        ("days", "UNKNOWN_COLUMN"),
        ("%", "UNKNOWN_COLUMN"),
        ("within 12 months", "UNKNOWN_COLUMN"),
    ],
)
def test_values_in_another_unit_are_not_taken_for_values(tmp_path, text, rule):
    assert rules_of(tmp_path, with_column("Unit", ["", "", "", text])) == [rule]
    # Counts have no unit: what stands beside them is about something else.
    assert rules_of(tmp_path, with_column("Unit", [text, text, text, ""])) == ["UNKNOWN_COLUMN"]


@pytest.mark.parametrize(
    "names",
    [
        [*KEYS[:2], "2024", "2025"],
        [*KEYS[:2], "SITE", "NUMERATOR 2024", "DENOMINATOR_2024"],
        [*KEYS, "SITE", "NUMERATOR_F", "NUMERATOR_M"],
        [*KEYS, "SITE", "Zähler Frauen", "Zähler Männer", "Nenner Frauen"],
    ],
)
def test_years_and_groups_beside_each_other_are_one_answer(tmp_path, names):
    figure = dict(zip(KEYS, ("RSM_02", "LU", "2025"), strict=True)) | {"SITE": "C_SOLID_ADV"}
    assert rules_of(tmp_path, as_lines([figure | dict.fromkeys(names[4:], "7")], names)) == ["WIDE_TABLE"]


def test_figures_of_other_years_beside_those_of_a_row_are_the_sender_s_own(tmp_path):
    [header, *lines] = as_lines(figures())
    rules = rules_of(tmp_path, [[*header, "Value 2023", "Value 2024"], *[[*line, "1", "2"] for line in lines]])
    assert rules == ["UNKNOWN_COLUMN", "UNKNOWN_COLUMN"]


def long_form(names, *, measure="MEASURE", value="OBS_VALUE", more=()):
    """A figure by sex with a row for each of its numbers."""
    keys = ["RSM_02", "LU", "2025", "C_SOLID_ADV"]
    rows = [[*keys, sex, name, "12", *([""] * len(more))] for sex in ("", "F", "M") for name in names]
    return [[*KEYS, "SITE", "SEX", measure, value, *more], *rows]


@pytest.mark.parametrize("names", [["NUMERATOR", "DENOMINATOR"], ["Zähler", "Nenner"], ["NUMERATOR", "OBS_STATUS"]])
@pytest.mark.parametrize("measure", ["MEASURE", "Concept", "Kennzahl"])
def test_a_row_for_each_number_of_a_figure_is_one_answer(tmp_path, names, measure):
    assert rules_of(tmp_path, long_form(names, measure=measure)) == ["LONG_TABLE"]
    assert rules_of(tmp_path, long_form(names, measure=measure, more=["DENOMINATOR"])) == ["LONG_TABLE"]


def test_remarks_that_name_filled_columns_are_the_sender_s_own(tmp_path):
    assert rules_of(tmp_path, with_column("Corrected", ["NUMERATOR", "", "DENOMINATOR", ""])) == ["UNKNOWN_COLUMN"]
    header, *rows = long_form(["NUMERATOR", "OBS_VALUE"])
    assert "LONG_TABLE" not in rules_of(tmp_path, [header, *rows[::3]])  # each figure has one row
    assert "LONG_TABLE" not in rules_of(tmp_path, long_form(["NUMERATOR"]))
    assert "LONG_TABLE" not in rules_of(tmp_path, long_form(["NUMERATOR", "yes"]))


@pytest.mark.parametrize(("numbers", "is_count"), [("1234", True), ("0123", True), ("1243", False), ("2345", False)])
def test_numbers_of_the_rows_in_front_want_no_name(tmp_path, numbers, is_count):
    header, *lines = as_lines(figures())
    numbered = [["", *header], *([number, *line] for number, line in zip(numbers, lines, strict=True))]
    assert rules_of(tmp_path, numbered) == ([] if is_count else ["UNNAMED_COLUMN"])
    behind = [[*line[1:], line[0]] for line in numbered]
    assert rules_of(tmp_path, behind) == ["UNNAMED_COLUMN"]
