"""Groups that are written once above their rows, told from rows that stand twice and from totals that are not there."""

import pytest

from ingestion.checks.examination import examine_here
from tests.files import csv_text, write

COLUMNS = ["INDICATOR", "REF_AREA", "TIME_PERIOD", "SITE", "SEX", "AGE", "NUMERATOR", "DENOMINATOR"]
ASKED = ("WRITTEN_ONCE", "P02", "P03")


def found_in(folder, *figures, **more):
    """Row, rule, column and proposal of what is asked here, in a file of figures given as `site sex age`."""
    cells = [["" if text == "." else text for text in figure.split()] for figure in figures]
    lines = [
        ["MTB_01", "LU", "2025", *groups, *(["", ""] if number == more.get("heading") else ["40", "80"])]
        for number, groups in enumerate(cells)
    ]
    path = write(folder, "figures.csv", csv_text([COLUMNS, *lines]))
    findings = examine_here(path, country_code="LU", work_folder=folder)["findings"]
    asked = [finding for finding in findings if finding["rule"] in ASKED]
    return [(each["row"], each["rule"], each["column"], each["proposal"]) for each in asked]


def once(row, column, above):
    return row, "WRITTEN_ONCE", column, above


def test_a_site_written_once_above_its_groups_is_told_and_not_that_rows_stand_twice(tmp_path):
    found = found_in(tmp_path, "C50 . .", ". F .", ". M .", "C61 . .", ". F .", ". M .")
    assert found == [once(row, "SITE", site) for row, site in ((3, "C50"), (4, "C50"), (6, "C61"), (7, "C61"))]


def test_a_site_written_once_in_the_whole_file_explains_totals_that_are_not_there(tmp_path):
    assert found_in(tmp_path, "C50 . .", ". F .", ". M .") == [once(3, "SITE", "C50"), once(4, "SITE", "C50")]


def test_rows_of_all_sites_above_those_of_single_sites_are_not_told_of(tmp_path):
    found = found_in(tmp_path, ". . .", ". F .", "C50 . .", ". F .", "C61 . .", ". F .")
    assert found == [once(5, "SITE", "C50"), once(7, "SITE", "C61")]


def test_a_heading_with_keys_and_without_numbers_is_no_figure(tmp_path):
    found = found_in(tmp_path, ". F .", "C50 . .", "C61 . .", ". M .", "C50 . .", "C61 . .", heading=0)
    assert [each[:2] for each in found if each[1] == "P02"] == []
    assert found[0] == once(3, "SEX", "F")


def test_a_pivot_table_writes_all_its_groups_once(tmp_path):
    found = found_in(tmp_path, "C50 F Y15-39", ". . Y40-64", ". M Y15-39", ". . Y40-64", "C61 M Y15-39", ". . Y40-64")
    assert [each for each in found if each[2] == "SITE"] == [
        once(3, "SITE", "C50"),
        once(4, "SITE", "C50"),
        once(5, "SITE", "C50"),
        once(7, "SITE", "C61"),
    ]
    assert [each for each in found if each[2] == "SEX"] == [
        once(3, "SEX", "F"),
        once(5, "SEX", "M"),
        once(7, "SEX", "M"),
    ]


@pytest.mark.parametrize(
    "figures",
    [
        ["C50 . .", "C50 F .", "C50 . .", "C50 F ."],  # pasted twice
        [". . .", ". F .", ". M .", ". . .", ". F .", ". M ."],
        ["C50 . .", ". F .", ". F ."],  # twice also with the site above
        [". . .", ". F Y40-64", ". M Y40-64", ". . ."],  # a total that slipped in again below two groups
    ],
)
def test_rows_that_stand_twice_are_told_so(tmp_path, figures):
    assert {rule for _, rule, _, _ in found_in(tmp_path, *figures)} >= {"P02"}
    assert "WRITTEN_ONCE" not in {rule for _, rule, _, _ in found_in(tmp_path, *figures)}


@pytest.mark.parametrize(
    "figures",
    [
        ["C50 . .", "C50 F .", ". F ."],  # of C50 there are women already
        ["C50 F .", ". M ."],  # nor has C50 a total
        [". F .", ". M ."],
    ],
)
def test_a_total_that_is_not_there_is_asked_for(tmp_path, figures):
    assert {rule for _, rule, _, _ in found_in(tmp_path, *figures)} == {"P03"}
