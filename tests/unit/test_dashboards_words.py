"""Numbers and words for readers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import words

FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.0, 1, "0.0"),
        (-0.04, 1, "0.0"),
        (-3.25, 2, "\u22123.25"),
        (1234567.0, 0, "1,234,567"),
        (-1234.5, 1, "\u22121,234.5"),
    ],
)
def test_numbers(value, decimals, text):
    assert words.number(value, decimals) == text


@pytest.mark.parametrize(
    ("values", "decimals"),
    [([12.0, 90.0], 0), ([12.5], 1), ([12.3456], 1), ([0.7, 3.2], 1), ([1.2345], 2), ([], 0), ([2.0], 0)],
)
def test_a_series_has_as_many_decimals_as_it_needs_and_no_more(values, decimals):
    assert words.decimals_for(values) == decimals


@given(
    value=FINITE,
    status=st.sampled_from(["suppressed", "not_reported", "not_applicable", "something new"]),
    limits=st.tuples(FINITE, FINITE),
)
def test_a_hidden_figure_never_holds_a_number(value, status, limits):
    figure = words.figure(status, value, decimals=1, limits=limits, obs_status="A")
    assert not figure.is_number and not re.search(r"\d", figure.text + figure.interval + figure.cell)


@given(estimate=FINITE, reason=st.sampled_from([*words.GAP_WORDS, "something new"]))
def test_a_gap_with_a_reason_never_holds_a_number(estimate, reason):
    figure = words.gap_figure(estimate, (estimate, estimate), reason, 1)
    assert not figure.is_number and not re.search(r"\d", figure.text + figure.interval)


def test_a_missing_value_is_not_a_zero():
    assert words.figure("published", None, decimals=1).text == "not reported"


def test_flags_are_letters_after_the_figure():
    assert words.figure("published", 1.0, decimals=0, obs_status="P").flags == "p"
    assert words.figure("low_reliability", 1.0, decimals=0, obs_status="A").flags == "u"
    assert words.figure("low_reliability", 1.0, decimals=0, obs_status="U").flags == "u"
    assert words.figure("low_reliability", 1.0, decimals=0, obs_status="B").flags == "bu"


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("Tertiary education (levels 5-8)", "Tertiary education"),
        ("First quintile (lowest income)", "First quintile (lowest income)"),
        ("Breast", "Breast"),
    ],
)
def test_codes_in_brackets_are_left_out_of_labels(label, short):
    assert words.short(label) == short


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("None", ""),
        ("0.0", "0"),
        (0.899425, "0.899"),
        ("0 of 5 rows", '<span lang="en">0 of 5 rows</span>'),
        ("2 of 5 rows not as expected", "2 of 5 rows not as expected"),
    ],
)
def test_what_an_expectation_saw(value, text):
    assert words.observed(value) == text
