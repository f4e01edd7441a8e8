"""The audit of a build's figures, block by block: what two releases tell together."""

import pandas as pd
import pytest

from ingestion.disclosure.audit_build import audit_figures

BLOCK = ("MTB_01", "2025")


def row(submission_id, sex, numerator, denominator, *, hidden):
    dimensions = ("site", "age", "nuts2", "degurba", "isced11", "quantile", "c_birth")
    return dict.fromkeys(dimensions) | {
        "submission_id": submission_id,
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
