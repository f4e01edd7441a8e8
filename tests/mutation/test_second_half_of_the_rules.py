"""The rules that are queries, second half."""

import pytest

from tests.mutation.pinned import SECOND_HALF, assert_pinned

pytestmark = pytest.mark.mutation


@SECOND_HALF
def test_cases_pin_the_rule(stage, query, tmp_path):
    assert_pinned(stage, query, tmp_path)
