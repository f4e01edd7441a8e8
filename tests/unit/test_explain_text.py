"""The path of a figure in words: numbers as people write them, a rank never without its limits."""

from ingestion.release.explain_text import ends_of, facts_of, figure_facts, numbers_of


def test_a_figure_has_its_unit_its_interval_and_its_counts():
    figure = {"value": 70.967741935, "lower_ci": 62.5, "upper_ci": 78.25, "numerator": 1234567.0, "denominator": 2e6}
    found = {"figure": figure, "names": {"unit": "percent"}}
    assert figure_facts(found) == "70.9677 %, 95 % interval 62.5 to 78.25, 1,234,567 of 2,000,000"


def test_a_difference_of_percentages_is_in_percentage_points_and_a_ratio_has_no_unit():
    names = {"unit": "percent"}
    assert figure_facts({"figure": {"estimate": 2.5, "measure": "d"}, "names": names}) == "2.5 percentage points"
    assert figure_facts({"figure": {"estimate": 2.5, "measure": "r"}, "names": names}) == "2.5"


def test_a_rank_is_said_with_its_limits_or_not_at_all():
    limits = {"rank": 3, "rank_lower": 2, "rank_upper": 9, "country_count": 27}
    assert "2 to 9 of 27" in facts_of(limits)
    assert facts_of({"rank": 3, "country_count": 27}) == ""


def test_counts_without_a_whole_are_cases():
    assert numbers_of({"is_suppressed": False, "numerator": 12.0}) == "from 12 cases"
    assert numbers_of({"is_suppressed": False, "obs_value": 50.5, "denominator": 1637.0}) == "50.5, from 1,637 cases"


def test_a_change_has_values_or_what_is_said_in_their_place():
    change = {"earlier_value": "64.51612903225806", "later_value": "", "later_status": "suppressed"}
    assert ends_of(change) == ("64.5161", "suppressed")
