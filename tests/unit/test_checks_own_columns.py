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
        ("SEX", ["", "", "", "kobiety"]),
        ("SITE", ["C50", "C50", "C_SOLID_ADV", "C61"]),
        ("NUTS2", ["LU00", "", "", ""]),
        ("AGE", ["75+", "15-39", "Total", ""]),
    ],
)
def test_a_breakdown_under_another_name_is_no_column_of_the_sender(tmp_path, dimension, groups):
    assert rules_of(tmp_path, with_column("Patients", groups, without=dimension)) == ["BREAKDOWN_COLUMN"]


@pytest.mark.parametrize("texts", [["T", "T", "T", "total"], ["F", "checked", "M", "twice"], ["", "", "", ""]])
def test_a_column_of_totals_or_remarks_is_the_sender_s_own(tmp_path, texts):
    [header, *lines] = with_column("Checked", texts, without="SEX")
    assert rules_of(tmp_path, [header, lines[0], lines[3]]) == ["UNKNOWN_COLUMN"]


def test_beside_the_column_of_the_format_labels_are_the_sender_s_own(tmp_path):
    assert rules_of(tmp_path, with_column("Label", ["T", "F", "M", "T"])) == ["UNKNOWN_COLUMN"]


@pytest.mark.parametrize(
    ("name", "texts", "rule"),
    [
        ("UNIT_MULT", ["0", "0", "0", ""], "UNKNOWN_COLUMN"),
        ("UNIT_MULT", ["0", "0", "3", "3"], "MULTIPLIED"),
        ("Einheit", ["in Tsd.", "", "", "Tage"], "MULTIPLIED"),
        ("Jednostka", ["tys."] * 4, "MULTIPLIED"),
        ("Remark", ["a thousand letters", "none came back", "asked again", "done"], "UNKNOWN_COLUMN"),
        ("Unit", ["persons", "", "", "days"], "UNKNOWN_COLUMN"),
    ],
)
def test_figures_in_thousands_are_not_taken_for_figures(tmp_path, name, texts, rule):
    assert rules_of(tmp_path, with_column(name, texts)) == [rule]


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
