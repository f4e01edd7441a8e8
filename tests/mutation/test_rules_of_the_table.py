"""The rules about the rows of one file are pinned by their cases."""

import pytest

from tests.mutation.pinned import OF_THE_TABLE, assert_pinned, of_stages

pytestmark = pytest.mark.mutation


@of_stages(*OF_THE_TABLE)
def test_cases_pin_the_rule(stage, query, tmp_path):
    assert_pinned(stage, query, tmp_path)
