"""Numbers: what 29 countries write is read back exactly, and what can mean two things is never guessed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.catalogue import rows
from ingestion.checks.number_cells import DECIMAL_SIGNS
from ingestion.reading.numbers import both_readings, decide_columns, is_shortened, number_in

GROUPING_SIGNS = {"comma": ",", "point": ".", "nbsp": "\u00a0", "nnbsp": "\u202f"}
HABITS = sorted({(row["decimal_separator"], row["thousands_separator"]) for row in rows("countries")})


def written(number: float, decimals: int, *, decimal_sign: str, grouping_sign: str) -> str:
    plain = f"{number:,.{decimals}f}"
    return plain.translate(str.maketrans({",": grouping_sign, ".": decimal_sign}))


@given(
    st.sampled_from(HABITS),
    st.lists(st.tuples(st.integers(-(10**12), 10**12), st.integers(0, 2)), min_size=1, max_size=20),
)
def test_numbers_in_a_country_s_habit_are_read_back(habit, numbers):
    decimal_sign, grouping_sign = DECIMAL_SIGNS[habit[0]], GROUPING_SIGNS[habit[1]]
    values = [round(whole / 10**decimals, decimals) for whole, decimals in numbers]
    texts = [
        written(value, decimals, decimal_sign=decimal_sign, grouping_sign=grouping_sign)
        for value, (_, decimals) in zip(values, numbers, strict=True)
    ]
    reading = decide_columns({"NUMERATOR": texts}, home_sign=decimal_sign)["NUMERATOR"]
    assert not reading.ambiguous
    assert [number_in(text, reading.decimal_sign) for text in texts] == values


@given(st.text(max_size=30), st.sampled_from([",", "."]))
def test_any_text_is_a_finite_number_or_none(text, sign):
    number = number_in(text, sign)
    assert number is None or math.isfinite(number)


@given(st.lists(st.text(alphabet="0123456789.,- \u00a0", max_size=9), max_size=8))
def test_an_ambiguous_text_means_two_numbers(texts):
    readings = decide_columns({"A": texts, "B": ["12,5"]}, home_sign=".")
    for text in readings["A"].ambiguous:
        assert number_in(text, ",") != number_in(text, ".")


@pytest.mark.parametrize(
    ("text", "sign", "number"),
    [
        ("1.234", ",", 1234.0),
        ("1.234", ".", 1.234),
        ("0.123", ",", None),  # no group of thousands begins with 0
        ("1.23", ",", None),
        ("12.345,6", ",", 12345.6),
        ("1 234,5", ",", 1234.5),
        ("1'234.5", ".", 1234.5),
        ("1’234’567", ",", 1234567.0),  # as in Switzerland
        ("1\u202f234,5", ",", 1234.5),
        ("1\u00a0234", ",", 1234.0),
        ("–5,5", ",", -5.5),
        ("１２", ",", None),  # digits of full width
        ("−5", ",", -5.0),
        ("1,5E+03", ",", 1500.0),
        ("1.234.567", ",", 1234567.0),
        ("12.34.567", ",", None),
        ("", ",", None),
        ("١٢", ",", None),
        ("1e999", ".", None),
    ],
)
def test_a_number_under_a_decimal_sign(text, sign, number):
    assert number_in(text, sign) == number


@pytest.mark.parametrize(
    ("column", "sign", "ambiguous"),
    [
        (["1.234", "12"], ",", set()),  # the country's habit
        (["12.5", "3"], ".", set()),  # the column proves the other sign
        (["12.5", "1.234"], ".", set()),  # only one sign reads them all
        (["12.5", "12,5", "1.234", "7"], ",", {"12.5", "12,5", "1.234"}),  # both signs: nothing is settled
    ],
)
def test_the_decimal_sign_is_decided_for_the_column(column, sign, ambiguous):
    reading = decide_columns({"OBS_VALUE": column}, home_sign=",")["OBS_VALUE"]
    assert (reading.decimal_sign, set(reading.ambiguous)) == (sign, ambiguous)


@pytest.mark.parametrize(
    ("column", "doubtful", "sign", "ambiguous"),
    [
        (["1.234", "12"], ["1."], ".", {"1.234"}),  # perhaps 1.000: then 1.234 is a thousand
        (["12"], ["12.5"], ".", set()),  # nothing else hangs on it
        (["12.5"], ["1,"], ".", set()),  # the whole rows have settled it
        (["1.234", "3,5"], ["1.0"], ",", set()),
    ],
)
def test_a_row_that_was_perhaps_cut_proves_nothing(column, doubtful, sign, ambiguous):
    columns = {"OBS_VALUE": column}
    reading = decide_columns(columns, home_sign=",", doubtful={"OBS_VALUE": doubtful})["OBS_VALUE"]
    assert (reading.decimal_sign, set(reading.ambiguous)) == (sign, ambiguous)


def test_another_column_that_proves_the_other_sign_makes_thousands_doubtful():
    readings = decide_columns({"OBS_VALUE": ["12.5"], "NUMERATOR": ["1.234", "80"]}, home_sign=",")
    assert readings["NUMERATOR"].ambiguous == {"1.234"}


@pytest.mark.parametrize(
    ("columns", "ambiguous"),
    [
        ({"NUMERATOR": ["150.000", "80.000", "7"]}, {"150.000", "80.000"}),  # a statistical program's 150
        ({"OBS_VALUE": ["30.500", "20,5"]}, set()),
        ({"OBS_VALUE": ["30.500"], "NUMERATOR": ["9,5"]}, set()),  # the file writes decimals as its country does
        ({"OBS_VALUE": ["30.500", "20"]}, {"30.500"}),
        ({"OBS_VALUE": ["30,500", "20"]}, set()),
        ({"NUMERATOR": ["73.904", "80.000"]}, set()),
    ],
)
def test_a_point_is_no_sign_of_thousands_where_a_blank_is(columns, ambiguous):
    readings = decide_columns(columns, home_sign=",", groups_by_sign=False, counts={"NUMERATOR"})
    assert set().union(*(reading.ambiguous for reading in readings.values())) == ambiguous
    usual = decide_columns(columns, home_sign=",", counts={"NUMERATOR"})
    assert not any(reading.ambiguous for reading in usual.values())


@pytest.mark.parametrize(
    ("text", "readings"),
    [("1.234", (1234.0, 1.234)), ("1,234", (1.234, 1234.0)), ("12.5", (12.5,)), ("12", (12.0,)), ("about 12", ())],
)
def test_both_readings_of_a_text_are_shown(text, readings):
    assert both_readings(text) == readings


@pytest.mark.parametrize(
    ("texts", "home_sign", "numbers"),
    [
        (["73,904", "930"], ",", [73904, 930]),  # no count has three decimals
        (["1.684", "12.000"], ".", [1684, 12000]),
        (["1.684", "12.000"], ",", [1684, 12000]),
        (["12,500", "9,5"], ",", [12.5, 9.5]),  # full-time equivalents
    ],
)
def test_what_is_a_count_under_one_sign_only_decides_a_column_of_counts(texts, home_sign, numbers):
    reading = decide_columns({"NUMERATOR": texts}, home_sign=home_sign, counts={"NUMERATOR"})["NUMERATOR"]
    assert [number_in(text, reading.decimal_sign) for text in texts] == numbers
    assert not reading.ambiguous


@pytest.mark.parametrize("texts", [["12,500", "9,500"], ["1,000", "2,000", "7"]])
def test_counts_that_may_be_thousands_or_have_decimals_are_not_guessed(texts):
    reading = decide_columns({"NUMERATOR": texts}, home_sign=",", counts={"NUMERATOR"})["NUMERATOR"]
    assert reading.ambiguous == {text for text in texts if "," in text}
    assert not decide_columns({"NUMERATOR": texts}, home_sign=".", counts={"NUMERATOR"})["NUMERATOR"].ambiguous


def test_counts_that_contradict_each_other_are_not_guessed():
    reading = decide_columns({"NUMERATOR": ["1,684", "1.684"]}, home_sign=",", counts={"NUMERATOR"})["NUMERATOR"]
    assert reading.ambiguous == {"1,684", "1.684"}


@pytest.mark.parametrize(
    ("text", "is_without_digits"),
    [
        ("3,20E+06", True),
        ("1.23457E12", True),
        ("3E+06", True),
        ("3,20E+02", False),
        ("-1.5E-03", False),
        ("3.2e+06", False),  # R and pandas leave out zeros, but no digit
        ("3200000", False),
        ("E+06", False),
    ],
)
def test_a_number_that_a_spreadsheet_shortened_has_lost_digits(text, is_without_digits):
    assert is_shortened(text) == is_without_digits
