"""Which observations are hidden beside those hidden for their own sake, block by block and version by version."""

import json

import numpy as np
import pandas as pd
import pytest

from ingestion.disclosure import countries
from ingestion.disclosure.observations import Codes, Figure, age_breakdowns, hidden_figures

CODES = Codes(("AGE", "NUTS2", "SEX"), {"AGE": {}, "NUTS2": {}, "SEX": {}})


def version(name, *figures, threshold=11.0):
    """Figures as (cell, numerator, denominator[, is marked]); what is small is hidden for its own sake."""
    made = []
    for row, (cell, numerator, denominator, *marked) in enumerate(figures):
        counts = [numerator, denominator, denominator - numerator]
        small = any(0 < count < threshold for count in counts)
        is_hidden, is_headline = small or bool(marked), set(cell) == {"Total"}
        made.append(Figure((name, row), cell, numerator, denominator, True, threshold, False, is_hidden, is_headline))
    return made


def cell(age="Total", nuts2="Total", sex="Total"):
    return age, nuts2, sex


def hidden_of(*versions):
    keys = hidden_figures([versions], CODES)
    return {(key[0], figure.cell) for each in versions for figure in each for key in [figure.key] if key in keys}


def test_the_other_half_of_a_small_half_is_hidden():
    sent = version("A", (cell(), 400, 800), (cell(sex="F"), 396, 780), (cell(sex="M"), 4, 20))
    assert hidden_of(sent) == {("A", cell(sex="F")), ("A", cell(sex="M"))}


def test_a_headline_stays_although_fewer_people_would_be_hidden_with_it():
    sexes = [(cell(sex="F"), 97, 900), (cell(sex="M"), 3, 100)]
    ages = [(cell("Y15-39"), 98, 900), (cell("Y_GE40"), 2, 100)]
    assert hidden_of(version("A", (cell(), 100, 1000), *sexes, *ages)) == {("A", each) for each, *_ in [*sexes, *ages]}


def test_a_small_complement_is_protected_as_a_small_numerator_is():
    sent = version("A", (cell(), 400, 800), (cell(sex="F"), 385, 781), (cell(sex="M"), 15, 19))
    assert hidden_of(sent) == {("A", cell(sex="F")), ("A", cell(sex="M"))}


def test_a_small_group_that_was_not_sent_is_protected_too():
    # Three people of unknown sex can be computed from what was sent.
    sent = version("A", (cell(), 403, 806), (cell(sex="F"), 200, 400), (cell(sex="M"), 200, 400))
    assert len(hidden_of(sent)) == 1


def test_a_group_of_unknown_protects_like_any_other():
    sent = version(
        "A", (cell(), 450, 900), (cell(sex="F"), 396, 780), (cell(sex="M"), 4, 20), (cell(sex="UNK"), 50, 100)
    )
    assert hidden_of(sent) == {("A", cell(sex="M")), ("A", cell(sex="UNK"))}


def test_linked_tables_are_one_problem():
    # The small cell stands in SEX x AGE; hiding its neighbours must not give away the one-way tables.
    ages, sexes = {"Y15-39": 100, "Y_GE40": 300}, {"F": 0.5, "M": 0.5}
    counts = {("Y15-39", "F"): 5, ("Y15-39", "M"): 95, ("Y_GE40", "F"): 195, ("Y_GE40", "M"): 105}
    figures = [(cell(age, sex=sex), count, 10 * count) for (age, sex), count in counts.items()]
    figures += [(cell(age), count, 10 * count) for age, count in ages.items()]
    figures += [(cell(sex=sex), 200, 2000) for sex in sexes]
    sent = version("A", (cell(), 400, 4000), *figures)
    assert hidden_of(sent) == {("A", cell(age, sex=sex)) for age, sex in counts}


def test_a_sender_who_marks_everything_leaves_nothing_to_choose():
    sent = version("A", (cell(), 400, 800, "C"), (cell(sex="F"), 200, 400, "C"), (cell(sex="M"), 200, 400, "C"))
    assert len(hidden_of(sent)) == 3


def test_a_mark_of_the_sender_is_protected_like_a_small_count():
    sent = version("A", (cell(), 400, 800), (cell(sex="F"), 200, 400, "C"), (cell(sex="M"), 200, 400))
    assert hidden_of(sent) == {("A", cell(sex="F")), ("A", cell(sex="M"))}


def test_a_correction_does_not_reveal_what_the_release_before_it_hid():
    # Men were 4; corrected, they are 40. Were the women, who did not change, shown now, the 4 could be computed.
    first = version("A", (cell(), 400, 800), (cell(sex="F"), 396, 780), (cell(sex="M"), 4, 20))
    second = version("B", (cell(), 436, 1000), (cell(sex="F"), 396, 780), (cell(sex="M"), 40, 220))
    assert {("B", cell(sex="F")), ("B", cell(sex="M"))} <= hidden_of(first, second)


def test_what_was_shown_and_did_not_change_stays_shown():
    regions = [(cell(nuts2=code), count, 10 * count) for code, count in (("AT11", 60), ("AT12", 75), ("AT13", 90))]
    first = version("A", (cell(), 225, 2250), *regions)
    assert not hidden_of(first)
    # AT11 is corrected to 6: without the release before it, AT12 would be the one to hide with it.
    second = version("B", (cell(), 171, 1710), (cell(nuts2="AT11"), 6, 60), *regions[1:])
    assert hidden_of(first, second) == {("B", cell()), ("B", cell(nuts2="AT11"))}


def test_age_classes_that_cut_each_other_are_sums_of_the_spans_between():
    found = dict(age_breakdowns(frozenset(["Total", "Y15-39", "Y25-64", "Y_GE65", "UNK"])))
    assert found["Y15-39"] == ("~15-25", "~25-40")
    assert found["Y25-64"] == ("~25-40", "~40-65")
    assert found["Total"] == ("~15-25", "~25-40", "~40-65", "Y_GE65", "UNK", "~")


def test_nested_age_classes_add_up_to_the_one_that_contains_them():
    found = dict(age_breakdowns(frozenset(["Total", "Y_LT15", "Y_LT5", "Y5-9", "Y10-14"])))
    assert found["Y_LT15"] == ("Y_LT5", "Y5-9", "Y10-14")


@pytest.fixture
def figures():
    frame = pd.DataFrame(
        {
            "submission_id": "AT-1",
            "source_row": [1, 2, 3],
            "country_code": "AT",
            "indicator_code": "MTB_01",
            "period": "2025",
            "site": "C50",
            "sex": [None, "F", "M"],
            "numerator": [400.0, 396.0, 4.0],
            "denominator": [800.0, 780.0, 20.0],
            "threshold_count": 11.0,
            "has_complement": True,
            "hides_zero": False,
            "is_primary": [False, False, True],
        }
    )
    return frame.assign(**dict.fromkeys(["age", "c_birth", "degurba", "isced11", "nuts2", "quantile"]))


def test_an_unchanged_country_is_not_computed_again(figures, tmp_path, monkeypatch):
    first = countries.complementary(figures, tmp_path)
    assert first.to_numpy().tolist() == [["AT-1", 2]]
    monkeypatch.setattr(countries, "hidden_figures", None)
    assert countries.complementary(figures, tmp_path).equals(first)
    assert "numerator" not in (tmp_path / "AT.json").read_text()
    assert json.loads((tmp_path / "AT.json").read_text())["hidden"] == [["AT-1", 2]]


def test_a_changed_count_is_computed_again(figures, tmp_path):
    countries.complementary(figures, tmp_path)
    figures.loc[2, ["numerator", "is_primary"]] = [14.0, False]
    figures.loc[0, "numerator"] = 410.0
    figures["denominator"] = np.array([1000.0, 900.0, 100.0])
    assert countries.complementary(figures, tmp_path).empty
