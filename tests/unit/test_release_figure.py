"""The id of a figure: put together by SQL, taken apart by Python."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.errors import UsageError
from ingestion.release.figure import Figure, add_figure_id, parse_figure_id


@pytest.mark.parametrize(
    ("rest", "expected", "kind"),
    [
        ("'AGE:Y40-64+SEX:F'", {"stratum_id": "AGE:Y40-64+SEX:F"}, "estimate"),
        ("'SEX' || '/' || 'd'", {"dimension_code": "SEX", "measure": "d"}, "inequality"),
        ("null", {}, "comparison"),
    ],
)
def test_what_sql_puts_together_is_taken_apart(rest, expected, kind):
    with duckdb.connect() as connection:
        add_figure_id(connection)
        sql = f"select figure_id('EL', 'MTB_07', '2025-S1', 'C00-C97_X_C44', {rest})"
        [figure_id] = connection.execute(sql).fetchone()
    figure = parse_figure_id(figure_id)
    assert figure == Figure("EL", "MTB_07", "2025-S1", "C00-C97_X_C44", **expected)
    assert figure.kind == kind


@given(st.text())
def test_any_other_text_is_refused_with_a_sentence(text):
    try:
        assert parse_figure_id(text).kind
    except UsageError as error:
        assert "is not the id of a figure" in str(error)
