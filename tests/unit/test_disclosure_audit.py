"""The audit of a build's figures, block by block: what two releases tell together."""

import duckdb
import pandas as pd
import pytest

from ingestion.disclosure.audit_build import audit_figures, with_what_is_shown
from ingestion.disclosure.errors import AuditUnfinishedError, WrongTotalsError

BLOCK = ("MTB_01", "2025")


def row(submission_id, sex, numerator, denominator, *, hidden):
    dimensions = ("site", "age", "nuts2", "degurba", "isced11", "quantile", "c_birth")
    return dict.fromkeys(dimensions) | {
        "submission_id": submission_id,
        "source_row": " FM".index(sex or " "),
        "country_code": "AT",
        "indicator_code": BLOCK[0],
        "period": BLOCK[1],
        "version_number": " AB".index(submission_id),
        "sex": sex,
        "numerator": numerator,
        "denominator": denominator,
        "shown_numerator": None if hidden else numerator,
        "shown_denominator": None if hidden else denominator,
        "is_proportion": True,
        "threshold_count": 11.0,
        "hides_zero": False,
        "count_treatment": "exact",
        "is_marked": False,
    }


def exposed_in(*versions):
    [audited] = audit_figures(pd.DataFrame([figure for version in versions for figure in version]))
    return audited.exposed_blocks


@pytest.mark.parametrize(
    ("women", "hidden", "exposed"),
    [
        ((396.0, 780.0), True, ()),
        # The women did not change: shown with the correction, they tell how many the men were in the release before.
        ((396.0, 780.0), False, (BLOCK,)),
        # They changed too, and what they were stays unknown.
        ((416.0, 800.0), False, ()),
    ],
    ids=["hidden", "shown and the same", "shown and changed"],
)
def test_a_correction_that_reveals_what_the_release_before_it_hid_is_seen(women, hidden, exposed):
    first = [
        row("A", None, 400.0, 800.0, hidden=False),
        row("A", "F", 396.0, 780.0, hidden=True),
        row("A", "M", 4.0, 20.0, hidden=True),
    ]
    second = [
        row("B", None, women[0] + 40, women[1] + 220, hidden=False),
        row("B", "F", *women, hidden=hidden),
        row("B", "M", 40.0, 220.0, hidden=hidden),
    ]
    assert exposed_in(first) == ()
    assert exposed_in(first, second) == exposed


def halves(men, *, women_hidden=True, **changes):
    """A total and its halves; the men are hidden."""
    made = [
        row("A", None, 396.0 + men, 780.0 + 400, hidden=False),
        row("A", "F", 396.0, 780.0, hidden=women_hidden),
        row("A", "M", men, 400.0, hidden=True),
    ]
    return [figure | changes for figure in made]


def test_what_an_earlier_release_shows_is_known_although_this_build_would_have_hidden_it(tmp_path):
    figures = pd.DataFrame(halves(4.0))
    observations = tmp_path / "fct_observations.parquet"
    duckdb.sql(
        "select 'A' as submission_id, 1 as source_row, 396.0 as numerator, 780.0 as denominator, false as is_suppressed"
    ).write_parquet(str(observations))
    [before], [after] = audit_figures(figures), audit_figures(with_what_is_shown(figures, observations))
    assert (before.exposed_blocks, after.exposed_blocks) == ((), (BLOCK,))


@pytest.mark.parametrize(("hides_zero", "exposed"), [(False, ()), (True, (BLOCK,))], ids=["shown", "hidden"])
def test_a_zero_is_protected_where_the_policy_hides_zeros(hides_zero, exposed):
    assert exposed_in(halves(0.0, women_hidden=False, hides_zero=hides_zero)) == exposed


@pytest.mark.parametrize(("treatment", "exposed"), [("exact", (BLOCK,)), ("rounded", ()), ("noise", ())])
def test_nothing_is_computed_from_sums_of_counts_that_were_changed_before_they_were_sent(treatment, exposed):
    assert exposed_in(halves(4.0, women_hidden=False, count_treatment=treatment)) == exposed


def test_a_small_count_that_is_shown_is_seen_whatever_was_done_to_the_counts():
    shown = [figure | {"shown_numerator": figure["numerator"]} for figure in halves(4.0, count_treatment="rounded")]
    assert exposed_in(shown) == (BLOCK,)


def test_a_sender_who_marks_everything_leaves_nothing_to_compute():
    marked = [figure | {"shown_numerator": None, "shown_denominator": None} for figure in halves(40.0, is_marked=True)]
    assert exposed_in(marked) == ()


@pytest.mark.parametrize("figures", [[(0.0, 0.0)], [(400.0, 800.0)]], ids=["zero", "a single figure"])
def test_a_block_without_anything_small_is_accepted(figures):
    assert exposed_in([row("A", None, *counts, hidden=False) for counts in figures]) == ()


def test_parts_that_are_more_than_their_total_are_an_error_in_the_figures():
    wrong = halves(40.0)
    wrong[0] |= {"numerator": 400.0, "shown_numerator": 400.0}
    with pytest.raises(WrongTotalsError, match="AT MTB_01 2025: the parts by SEX are more than their total"):
        exposed_in(wrong)


def test_an_audit_without_time_does_not_end():
    with pytest.raises(AuditUnfinishedError, match="ran out of time"):
        audit_figures(pd.DataFrame(halves(4.0)), seconds=0)
