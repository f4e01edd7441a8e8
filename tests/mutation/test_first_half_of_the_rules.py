"""The rules that are queries, first half."""

import pytest

from ingestion.checks.registry import STAGES, queries
from tests.mutation.cases import FOLDER
from tests.mutation.pinned import FIRST_HALF, assert_pinned

pytestmark = pytest.mark.mutation


def test_every_rule_that_is_a_query_has_its_cases():
    assert {path.stem for path in FOLDER.glob("*.txt")} == {query.rule for stage in STAGES for query in queries(stage)}


@FIRST_HALF
def test_cases_pin_the_rule(stage, query, tmp_path):
    assert_pinned(stage, query, tmp_path)
