"""Formulas: what a spreadsheet program would compute is told from codes, and no export hands it on."""

import pytest

from ingestion.formulas import neutralised, starts_a_formula


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_what_may_be_computed_is_written_as_a_text(text):
    assert starts_a_formula(text)
    assert neutralised(text) == f"'{text}"
    assert not starts_a_formula(neutralised(text))


@pytest.mark.parametrize("text", ["", "F", "-", "=", "Y40-64", "a=b", 5, -5.0, None])
def test_codes_dashes_and_numbers_are_no_formulas(text):
    assert not starts_a_formula(text)
