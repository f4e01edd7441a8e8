"""Protection and audit of additive tables, against other programs' attacker bounds and costs."""

from collections import defaultdict

import numpy as np
import pytest

from ingestion.disclosure.own_table import OwnTable, bounds_of, exposed_cells, protect_table
from ingestion.disclosure.primary import beyond_threshold, is_small, reference_levels
from tests.spec.reference import reference_cases

DIMENSIONS = ("region", "sex", "age")
THRESHOLD = 5
MOST_COSTLY = 1.25  # times the least that any method reached


def _grouped(name: str, *by: str) -> dict[tuple[str, ...], list[dict[str, str]]]:
    found = defaultdict(list)
    for row in reference_cases(name):
        found[tuple(row[column] for column in by)].append(row)
    return found


TABLES = _grouped("disclosure_cells", "case_id")
PATTERNS = _grouped("disclosure_attacker_bounds", "case_id", "pattern")
COSTS = {case: rows[0] for (case,), rows in _grouped("disclosure_costs", "case_id").items()}


def _cell(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in DIMENSIONS)


def _table(case: str, hidden: frozenset[tuple[str, ...]] = frozenset()) -> OwnTable:
    rows = TABLES[case,]
    cells = tuple(map(_cell, rows))
    counts = np.array([float(row["freq"]) for row in rows])
    return OwnTable(case, DIMENSIONS, cells, counts, np.array([cell in hidden for cell in cells]), np.arange(len(rows)))


@pytest.mark.parametrize(("case", "pattern"), PATTERNS)
def test_the_attackers_interval_of_every_hidden_cell_is_that_of_the_reference(case, pattern):
    expected = {_cell(row): (float(row["attacker_lo"]), float(row["attacker_hi"])) for row in PATTERNS[case, pattern]}
    table = _table(case, frozenset(expected))
    found = dict(zip(table.cells, zip(*bounds_of(table), strict=True), strict=True))
    np.testing.assert_allclose([found[cell] for cell in expected], list(expected.values()), atol=1e-6)


@pytest.mark.parametrize("case", COSTS)
def test_the_reference_level_is_reached_at_a_cost_near_the_least(case):
    table = _table(case)
    hidden, small = protect_table(table, THRESHOLD, reference_levels), is_small(table.counts, THRESHOLD)
    assert small.sum() == int(COSTS[case]["small_count"])
    assert hidden[small].all()
    assert not len(exposed_cells(table, hidden, small, reference_levels(table.counts)))
    assert table.counts[hidden & ~small].sum() <= MOST_COSTLY * float(COSTS[case]["least_hidden_people"])


@pytest.mark.parametrize("case", COSTS)
def test_in_production_every_interval_passes_the_threshold(case):
    table = _table(case)
    small = is_small(table.counts, THRESHOLD)
    hidden = protect_table(table, THRESHOLD, lambda counts: beyond_threshold(counts, THRESHOLD))
    shown = OwnTable(case, DIMENSIONS, table.cells, table.counts, hidden, table.rows)
    lower, upper = bounds_of(shown)
    assert (lower[small] <= np.maximum(table.counts[small] - 1, 0) + 1e-6).all()
    assert (upper[small] >= THRESHOLD - 1e-6).all()
