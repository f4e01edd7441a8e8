"""Additive tables: wild ones are protected, every cell that was hidden to protect is needed, wrong ones are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.disclosure import audit
from ingestion.disclosure.additive import nested_codes
from ingestion.disclosure.attacker_view import view_of_nested
from ingestion.disclosure.audit import exposed
from ingestion.disclosure.errors import AuditUnfinishedError, UnprotectableError, WrongTotalsError
from ingestion.disclosure.own_table import OwnTable, bounds_of, exposed_cells, protect_table
from ingestion.disclosure.primary import beyond_threshold, is_small
from ingestion.disclosure.protection import Problem, protect

THRESHOLD = 11


def production(counts):
    return beyond_threshold(counts, THRESHOLD)


def table_of(counts: dict[tuple[str, ...], float], dimensions=None) -> OwnTable:
    cells = tuple(counts)
    names = tuple(dimensions or [f"d{number}" for number in range(len(cells[0]))])
    size = len(cells)
    return OwnTable(
        "", names, cells, np.array(list(counts.values()), dtype=float), np.zeros(size, bool), np.arange(size)
    )


def summed(leaves: dict[tuple[str, ...], int]) -> dict[tuple[str, ...], int]:
    """Every total of leaves whose codes nest letter by letter."""
    counts: dict[tuple[str, ...], int] = {}
    for leaf, count in leaves.items():
        cells = [()]
        for code in leaf:
            wholes = ["Total", *(code[:length] for length in range(1, len(code) + 1))]
            cells = [(*cell, whole) for cell in cells for whole in wholes]
        for cell in cells:
            counts[cell] = counts.get(cell, 0) + count
    return counts


@st.composite
def tables(draw):
    """One to three dimensions of two codes, some of them divided again; many counts small, some zero."""
    leaves = [()]
    for _ in range(draw(st.integers(1, 3))):
        codes = [*draw(st.sampled_from([["A"], ["Ax", "Ay"], ["Ax", "Ay", "Az"]])), "B"]
        leaves = [(*leaf, code) for leaf in leaves for code in codes]
    counts = st.one_of(st.integers(0, 15), st.integers(0, 200))
    return table_of(summed({leaf: draw(counts) for leaf in leaves}))


@pytest.mark.thorough
@settings(max_examples=40, deadline=None)
@given(tables())
def test_whatever_the_table_small_counts_are_safe_and_nothing_is_hidden_in_vain(table):
    small = is_small(table.counts, THRESHOLD)
    hidden = protect_table(table, THRESHOLD, production)
    assert hidden[small].all()
    assert not len(exposed_cells(table, hidden, small, production(table.counts)))
    for place in np.flatnonzero(hidden & ~small)[:5]:
        shown = hidden.copy()
        shown[place] = False
        assert len(exposed_cells(table, shown, small, production(table.counts)))


def test_the_same_table_is_protected_the_same_way_again():
    table = table_of(summed({(a, b): (7 * ord(a) + 3 * ord(b)) % 23 for a in "ABCDE" for b in "PQRS"}))
    first, second = (protect_table(table, THRESHOLD, production) for _ in range(2))
    assert (first == second).all()


def test_a_cell_hidden_before_is_hidden_again_although_another_would_do_with_fewer_people():
    counts = {("Total",): 140, ("A",): 5, ("B",): 60, ("C",): 75}
    before = np.array([False, False, False, True])
    table = table_of(counts)
    assert list(protect_table(table, THRESHOLD, production)) == [False, True, True, False]
    remembered = OwnTable("", table.dimensions, table.cells, table.counts, before, table.rows)
    assert list(protect_table(remembered, THRESHOLD, production)) == [False, True, False, True]


@pytest.mark.parametrize(
    "counts",
    [
        {("Total",): 0, ("A",): 0, ("B",): 0},
        {("Total",): 4000},
        {("Total",): 4000, ("A",): 4000},
    ],
    ids=["all zero", "a single cell", "a total of one part"],
)
def test_where_nothing_is_small_nothing_is_hidden(counts):
    assert not protect_table(table_of(counts), THRESHOLD, production).any()


def test_a_single_small_cell_is_all_that_is_hidden_and_nothing_ends_its_interval():
    table = table_of({("Total",): 3})
    hidden = protect_table(table, THRESHOLD, production)
    assert hidden.all()
    lower, upper = bounds_of(OwnTable("", table.dimensions, table.cells, table.counts, hidden, table.rows))
    assert (lower[0], upper[0]) == (0, np.inf)


def test_a_total_of_one_small_part_is_hidden_with_it():
    assert protect_table(table_of({("Total",): 3, ("A",): 3}), THRESHOLD, production).all()


def test_wrong_totals_are_an_error_in_the_figures_and_the_equation_is_named():
    table = table_of({("Total", "Total"): 31, ("A", "Total"): 10, ("B", "Total"): 20}, ["region", "sex"])
    with pytest.raises(WrongTotalsError, match=r"region: Total = A . B .at sex Total.: 31 is not 30"):
        protect_table(table, THRESHOLD, production)


def test_the_audit_finds_wrong_totals_behind_hidden_cells():
    # The hidden cells would have to add up to 10 in their row and to 12 in the rest of the table.
    cells = [("Total",), ("A",), ("Ax",), ("Ay",), ("B",)]
    view = view_of_nested(["region"], cells, np.array([30, 12, np.nan, np.nan, 20]))
    with pytest.raises(WrongTotalsError, match=r"contradict each other: region: (A = Ax . Ay|Total = Ax . Ay . B)"):
        audit.attacker_bounds(view)


def test_an_audit_that_does_not_end_in_time_is_no_audit():
    table = table_of(summed({(a, b): 12 for a in "ABCDE" for b in "PQRS"}))
    view = view_of_nested(table.dimensions, table.cells, np.full(len(table.cells), np.nan))
    with pytest.raises(AuditUnfinishedError, match="ran out of time"):
        audit.attacker_bounds(view, seconds=0)


def test_a_protected_count_that_is_published_is_exposed():
    view = view_of_nested(["region"], [("Total",), ("A",), ("B",)], np.array([30.0, 5.0, 25.0]))
    one = np.ones(3)
    assert list(exposed(view, view.counts, one, one, protected=np.array([False, True, False]))) == [1]


def test_counts_of_one_figure_are_hidden_as_one():
    # Numerator and denominator of A and B and of their total; the numerator of A is small.
    matrix = np.array([[-1, 1, 1, 0, 0, 0], [0, 0, 0, -1, 1, 1.0]])
    counts = np.array([100, 5, 95, 900, 400, 500.0])
    problem = problem_with(matrix, counts, figure=[0, 1, 2, 0, 1, 2], must_hide=[False, True, False], small=[1])
    assert list(protect(problem)) == [False, True, True]


def test_what_was_published_before_stays_published_where_another_choice_protects():
    matrix, counts = np.array([[-1, 1, 1, 1.0]]), np.array([140, 5, 60, 75.0])
    free = problem_with(matrix, counts, figure=range(4), must_hide=[False, True, False, False], small=[1])
    assert list(protect(free)) == [False, True, True, False]
    forced = problem_with(matrix, counts, figure=range(4), must_hide=free.must_hide, small=[1], must_show=[2])
    assert list(protect(forced)) == [False, True, False, True]


def test_where_everything_was_published_before_no_choice_protects_and_that_is_said():
    matrix, counts = np.array([[-1, 1, 1.0]]), np.array([65, 5, 60.0])
    problem = problem_with(matrix, counts, figure=range(3), must_hide=[False, True, False], small=[1], must_show=[0, 2])
    with pytest.raises(UnprotectableError):
        protect(problem)


def problem_with(matrix, counts, *, figure, must_hide, small, must_show=()):
    from scipy import sparse

    figures = len(must_hide)
    size = len(counts)
    return Problem(
        matrix=sparse.csr_matrix(matrix),
        counts=counts,
        figure=np.array(list(figure)),
        is_protected=np.isin(np.arange(size), small),
        levels=production(counts),
        weight=np.array([counts[np.array(list(figure)) == number].max() + 1 for number in range(figures)]),
        must_hide=np.array(must_hide),
        must_show=np.isin(np.arange(figures), must_show),
    )


def test_codes_nest_under_their_longest_prefix():
    found = dict(nested_codes(["Total", "R1", "R11", "R12", "R111", "S"]))
    assert found == {"Total": ("R1", "S"), "R1": ("R11", "R12"), "R11": ("R111",)}
