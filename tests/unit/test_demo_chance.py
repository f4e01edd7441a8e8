"""The arithmetic under the demonstration round: whole parts of whole numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.demo.chance import apportion, stream
from ingestion.demo.crosses import cross
from ingestion.demo.situation import TOTAL, Cell

WEIGHTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=40)


@given(total=st.integers(0, 20_000_000), weights=WEIGHTS)
def test_parts_add_up_whatever_the_weights(total, weights):
    parts = apportion(total, weights)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)


@given(data=st.data(), caps=st.lists(st.integers(0, 5_000_000), min_size=1, max_size=20))
def test_parts_stay_within_their_caps(data, caps):
    total = data.draw(st.integers(0, sum(caps)))
    weights = data.draw(st.lists(st.floats(0, 1e6), min_size=len(caps), max_size=len(caps)))
    parts = apportion(total, weights, caps=caps)
    assert sum(parts) == total
    assert all(0 <= part <= cap for part, cap in zip(parts, caps, strict=True))


def test_parts_follow_the_weights():
    assert apportion(10, [1, 2, 2]) == [2, 4, 4]
    assert apportion(7, [1, 0, 1]) == [4, 0, 3]


def test_caps_without_room_are_our_own_fault():
    with pytest.raises(ValueError, match="no room for 5"):
        apportion(5, [1, 1], caps=[2, 2])


def test_streams_depend_on_their_names_alone():
    first = stream(1, "LU", "MTB_01").random()
    stream(1, "LU", "something else").random()
    assert stream(1, "LU", "MTB_01").random() == first
    assert stream(2, "LU", "MTB_01").random() != first


@given(data=st.data())
def test_cross_classified_cells_add_up_to_both_breakdowns(data):
    cells = {  # drawn cell by cell, so that the margins fit by construction
        (sex, age): sorted(data.draw(st.tuples(st.integers(0, 400), st.integers(0, 400))))
        for sex in ("F", "M")
        for age in ("young", "middle", "old")
    }
    block = {TOTAL: _sum(cells.values())}
    for index, dimension in enumerate(("SEX", "AGE")):
        for code in dict.fromkeys(key[index] for key in cells):
            block[(dimension, code),] = _sum(numbers for key, numbers in cells.items() if key[index] == code)
    crossed = cross(block, ("SEX", "AGE"))
    for margin in (stratum for stratum in block if stratum != TOTAL and crossed):
        inside = [cell for stratum, cell in crossed.items() if margin[0] in stratum and not cell.is_empty]
        assert sum(cell.denominator for cell in inside) == (block[margin].denominator or 0)
        assert sum(cell.numerator for cell in inside) == (block[margin].numerator or 0)
        assert all(0 <= cell.numerator <= cell.denominator for cell in inside)


def test_cross_classification_is_found_in_an_ordinary_case():
    block = {
        TOTAL: Cell(numerator=30, denominator=100),
        (("SEX", "F"),): Cell(numerator=12, denominator=45),
        (("SEX", "M"),): Cell(numerator=18, denominator=55),
        (("AGE", "Y40-64"),): Cell(numerator=20, denominator=60),
        (("AGE", "Y65-74"),): Cell(numerator=10, denominator=40),
    }
    assert len(cross(block, ("SEX", "AGE"))) == 4


def _sum(numbers):
    numerators, denominators = zip(*numbers, strict=True)
    people = sum(denominators)
    return Cell(numerator=sum(numerators), denominator=people) if people else Cell()
