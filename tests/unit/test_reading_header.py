"""Headers: the words of many languages, names in two rows, and titles that must not be taken for a header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.catalogue import rows
from ingestion.checks.examination import examine_here
from ingestion.reading.delimited import read_delimited
from ingestion.reading.header import (
    column_meant,
    column_named,
    find_header,
    name_key,
    remarked_column,
    synonym_of,
    synonyms,
)
from tests.files import COLUMNS, as_lines, csv_text, figures, write

SYNONYMS = rows("header_synonyms")
LANGUAGES = sorted({row["language"] for row in SYNONYMS})


def read(lines):
    return read_delimited(csv_text(lines).encode(), legacy_encoding="cp1252")


def rules_of(folder, lines):
    path = write(folder, "figures.csv", csv_text(lines))
    result = examine_here(path, country_code="LU", work_folder=folder)
    return result["verdict"], sorted({finding["rule"] for finding in result["findings"]})


def test_a_synonym_means_one_column_and_is_no_name_of_the_format():
    meanings = {}
    for row in SYNONYMS:
        assert row["column_name"] in COLUMNS
        assert column_named(row["synonym"]) is None, row
        meanings.setdefault(name_key(row["synonym"]), set()).add(row["column_name"])
    assert all(len(columns) == 1 for columns in meanings.values())
    assert set(synonyms()) == set(meanings)


def test_the_languages_that_are_complete_know_a_word_for_every_column():
    for language in ("fr", "de", "es", "it", "pl", "pt", "nl"):
        named = {row["column_name"] for row in SYNONYMS if row["language"] == language}
        # AGE, SITE and the like are the same word in some languages.
        assert {"REF_AREA", "TIME_PERIOD", "SEX", "NUMERATOR", "DENOMINATOR", "OBS_VALUE"} <= named
    assert len(LANGUAGES) >= 24


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_header_in_a_language_is_read_and_noted(language):
    words = {row["column_name"]: row["synonym"] for row in SYNONYMS if row["language"] == language}
    header, *lines = as_lines(figures())
    table = read([[words.get(name, name) for name in header], *lines])
    assert table.header.positions == {name: index for index, name in enumerate(COLUMNS)}
    assert {(note.rule, note.expected) for note in table.notes} == {("HEADER_SYNONYM", name) for name in words}


def test_a_header_in_german_is_accepted_with_notes(tmp_path):
    header, *lines = as_lines(figures())
    words = {"SEX": "Geschlecht", "REF_AREA": "Land", "NUMERATOR": "Zähler"}
    assert rules_of(tmp_path, [[words.get(name, name) for name in header], *lines]) == ("accepted", ["HEADER_SYNONYM"])


def test_beside_the_name_of_the_format_a_synonym_is_a_column_of_the_sender(tmp_path):
    header, *lines = as_lines(figures())
    table = read([["Sexe", *header], *[["Femmes", *line] for line in lines]])
    assert table.header.positions["SEX"] == COLUMNS.index("SEX") + 1


@pytest.mark.parametrize(
    "title",
    [
        ["Country", "Luxembourg"],
        ["Sex", "Age"],
        ["Pays", "Année", "Sexe"],
        ["Indicator", "Country", "Period", "by sex and age"],
        ["Figures of the year", "Year", "2025"],
    ],
)
def test_a_title_is_never_taken_for_the_header(title):
    assert read([title, [], *as_lines(figures())]).header.row == 3


@given(st.lists(st.sampled_from([row["synonym"] for row in SYNONYMS]), min_size=1, max_size=2))
def test_two_words_of_a_language_are_no_header(words):
    assert find_header([(1, words)]) is None


@pytest.mark.parametrize("is_above", [True, False])
def test_names_in_two_rows_are_refused_and_never_misread(tmp_path, is_above):
    header, *lines = as_lines(figures())
    counts = {"NUMERATOR", "DENOMINATOR"}
    upper = ["Persons" if name in counts else name for name in header]
    lower = [name if name in counts else "" for name in header]
    two_rows = [upper, lower] if is_above else [lower, upper]
    assert rules_of(tmp_path, [*two_rows, *lines])[0] == "refused"
    assert "SPLIT_HEADER" in rules_of(tmp_path, [*two_rows, *lines])[1]


def test_a_merged_heading_above_the_names_is_a_title(tmp_path):
    heading = ["" if index != 11 else "Counts" for index in range(len(COLUMNS))]
    assert rules_of(tmp_path, [heading, *as_lines(figures())]) == ("accepted", [])


def test_a_name_over_two_lines_in_one_cell_is_one_name():
    header, *lines = as_lines(figures())
    table = read([["Figures\nof Luxembourg"], [name.replace("_", "\n") for name in header], *lines])
    assert set(table.header.positions) == set(COLUMNS)
    assert [number for number, _ in table.rows] == [3, 4, 5, 6]


def test_what_stands_under_no_name_is_pointed_out(tmp_path):
    header, *lines = as_lines(figures())
    wider = [[*header[:4], "", *header[4:]], *[[*line[:4], "12", *line[4:]] for line in lines]]
    assert rules_of(tmp_path, wider) == ("accepted_with_warnings", ["UNNAMED_COLUMN"])


def test_merged_key_cells_are_not_filled_down(tmp_path):
    header, *lines = as_lines(figures())
    lines[1] = ["", "", "", *lines[1][3:]]
    verdict, rules = rules_of(tmp_path, [header, *lines])
    assert (verdict, rules) == ("held", ["MISSING_KEY"])


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Value (‰)", None),
        ("Value (%)", "OBS_VALUE"),
        ("NUMERATOR (%)", None),
        ("NUMERATOR %", None),
        ("NUMERATOR: in thousands", None),
        ("NUMERATOR[thousand]", None),
        ("NUMERATOR: women", None),
        ("Zähler Tsd", None),
        ("P2.5", None),
        ("P 25", "P25"),
        ("SEX: women and men", "SEX"),
    ],
)
def test_the_name_of_other_numbers_is_not_that_of_ours(name, column):
    assert column_meant(name) == column


def test_no_synonym_says_that_its_numbers_are_others():
    assert [row for row in SYNONYMS if synonym_of(row["synonym"]) != row["column_name"]] == []


SECOND = ["INDICATOR", "REF_AREA", "TIME_PERIOD", "SITE", "SEX", "DENOMINATOR", "OBS_VALUE", "P25", "P75"]


@pytest.mark.parametrize(
    "second",
    [
        SECOND,
        [*SECOND[:2], "TIME_PERIOD", "NUMERATOR in thousands", "DENOMINATOR"],
        ["REF_AREA", "INDICATOR", *SECOND[2:]],
        ["Land", "Indikator", *SECOND[2:]],
    ],
)
def test_figures_under_a_second_header_are_not_read_by_the_first(tmp_path, second):
    first = ["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE", "DENOMINATOR"]
    lines = [first, ["HTA_02", "LU", "2025", "120", "22"], second, ["HTA_02", "LU", "2024", "", "", "22", "120"]]
    assert rules_of(tmp_path, lines) == ("refused", ["SECOND_HEADER"])


def test_the_header_may_stand_above_each_block_again(tmp_path):
    header, *lines = as_lines(figures())
    assert rules_of(tmp_path, [header, *lines[:3], header, *lines[3:]]) == ("accepted", ["NOT_DATA"])


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("Zähler (Anzahl)", "NUMERATOR"),
        ("Nenner (N)", "DENOMINATOR"),
        ("NUMERATOR (count)", "NUMERATOR"),
        ("Geschlecht (m/w)", "SEX"),
        ("Land (ISO)", "REF_AREA"),
        ("Region (NUTS 2)", "NUTS2"),
        ("Zähler (Frauen)", None),
        ("Zähler (in Tausend)", None),
        ("Zähler (2024)", None),
        ("Land der Geburt (ISO)", None),
        ("(Zähler)", None),
    ],
)
def test_a_remark_in_brackets_is_passed_over_unless_it_says_which_figures_are_meant(written, column):
    assert remarked_column(written) == column


def test_a_name_with_a_remark_is_read_and_noted():
    header, *lines = as_lines(figures())
    table = read([["Geschlecht (m/w)" if name == "SEX" else name for name in header], *lines])
    assert table.header.positions["SEX"] == COLUMNS.index("SEX")
    assert [(note.rule, note.expected) for note in table.notes] == [("HEADER_SYNONYM", "SEX")]


def test_of_two_columns_that_differ_in_their_remark_neither_is_read():
    header, *lines = as_lines(figures())
    there = header.index("NUMERATOR")
    wider = [[*header[:there], "Zähler (n)", "Zähler (Fälle)", *header[there + 1 :]]]
    table = read([*wider, *[[*line[:there], "1", *line[there:]] for line in lines]])
    assert "NUMERATOR" not in table.header.positions


@pytest.mark.parametrize(
    ("written", "column"),
    [("Género", "SEX"), ("NUTS II", "NUTS2"), ("Localização do tumor", "SITE"), ("Województwo", "NUTS2")],
)
def test_the_usual_words_of_statistical_offices_are_known(written, column):
    assert synonyms()[name_key(written)] == column
