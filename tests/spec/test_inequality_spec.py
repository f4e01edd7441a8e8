"""Measures of inequality: against reference values computed elsewhere, their own derivatives, and by simulation.

All of it goes through the SQL of the warehouse, most of it by `pcm measures`.
"""

import csv
import math
from collections import defaultdict
from itertools import product

import duckdb
import numpy as np
import pytest

from ingestion.measures.inequality import measure_inequalities, run_measures
from ingestion.measures.models import run_model
from tests.spec.reference import reference_cases

DIGITS = 1e-9
DIGITS_OF_ITERATION = 1e-8
NOISE = 1e-12  # zero, computed in another order
NUMBERS = ("estimate", "se", "lower_ci", "upper_ci")


EXPECTED = defaultdict(list)
for row in reference_cases("inequality_measures"):
    EXPECTED[row["case_id"]].append(row)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What `pcm measures` answers, by case, setting and measure."""
    answers, folder = {}, tmp_path_factory.mktemp("cases")
    for setting, blanked in (
        ("as_given", None),
        ("no_reference", "reference_subgroup"),
        ("setting_average", "population"),
    ):
        given = reference_cases("inequality_groups")
        groups = [{name: cell for name, cell in row.items() if name != blanked} for row in given]
        with (folder / f"{setting}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, groups[0])
            writer.writeheader()
            writer.writerows(groups)
        with duckdb.connect() as connection:
            measure_inequalities(connection, folder / f"{setting}.csv")
            measured = connection.execute(f"select case_id, measure, {', '.join(NUMBERS)}, null_reason from measures")
            answers |= {(case, setting, measure): rest for case, measure, *rest in measured.fetchall()}
    return answers


@pytest.mark.parametrize("case_id", EXPECTED)
def test_reference_case(found, case_id):
    for expected in EXPECTED[case_id]:
        measure = expected["measure"]
        *figures, null_reason = found[case_id, expected["setting"], measure]
        numbers = [float(expected[name]) if expected[name] else None for name in NUMBERS]
        digits = DIGITS_OF_ITERATION if measure.endswith("logit") else DIGITS
        assert null_reason == (expected["null_reason"] or None), expected
        assert [figure is None for figure in figures] == [number is None for number in numbers], expected
        known = [(figure, number) for figure, number in zip(figures, numbers, strict=True) if number is not None]
        assert [one for one, _ in known] == pytest.approx([other for _, other in known], rel=digits, abs=NOISE)


def test_nothing_is_infinite_and_each_estimate_lies_in_its_interval(found):
    for key, (estimate, se, lower, upper, null_reason) in found.items():
        assert (estimate is None) == (null_reason is not None), key
        assert all(math.isfinite(number) for number in (estimate, se, lower, upper) if number is not None), key
        if lower is not None:
            assert lower <= estimate <= upper and se >= 0, key


def _measure(units, *, errors, populations, is_ordered=True, is_favourable=True):
    """Return {(unit, measure): (estimate, se, lower, upper, reason)} for percentages; three arrays, units x groups."""
    count, size = units.shape
    listed = {
        "unit_id": np.repeat(np.arange(count), size),
        "place": np.tile(np.arange(size), count),
        "estimate": units.ravel(),
        "se": errors.ravel(),
        "population": populations.ravel().astype(float),
    }
    with duckdb.connect() as connection:
        connection.register("listed", listed)
        connection.execute(
            "create table int_inequality_groups as select unit_id, 'G' || place as group_code, "
            "if(?, place, null) as group_order, estimate, se, population, ? as is_favourable, "
            "place = 0 as is_reference, true as is_gap_from_reference, 100e0 as scale, 0e0 as lower_bound, "
            "100e0 as upper_bound, null::double as setting_average from listed",
            [is_ordered, is_favourable],
        )
        run_measures(connection)
        measured = connection.execute(f"select unit_id, measure, {', '.join(NUMBERS)}, null_reason from int_measures")
        return {(unit, measure): rest for unit, measure, *rest in measured.fetchall()}


def test_the_last_digits_do_not_depend_on_the_number_of_threads():
    """More groups than DuckDB gives to one thread at a time (122 880), so that two could share an inequality."""
    sums = set()
    for threads in (1, 2):
        with duckdb.connect(config={"threads": threads}) as connection:
            connection.execute(
                "create table int_inequality_groups as select row // 7 as unit_id, row % 7 as group_code, "
                "row % 7 as group_order, hash(row) / 1e18 as estimate, hash(row, 1) / 1e18 as se, "
                "hash(row, 2) / 1e18 as population, true as is_favourable, row % 7 = 0 as is_reference, "
                "true as is_gap_from_reference, 100e0 as scale, 0e0 as lower_bound, 100e0 as upper_bound, "
                "null::double as setting_average from range(130_000) as t(row) order by hash(row, 3)"
            )
            run_model(connection, "int_unit_moments")
            sums |= set(connection.execute("select bit_xor(hash(moments)) from int_unit_moments as moments").fetchall())
    assert len(sums) == 1


@pytest.mark.parametrize("lift", [0, 1e-9])
def test_a_line_that_ends_at_zero_has_no_ratio_and_one_that_ends_just_above_it_no_limits(lift):
    """The line through 50, 30 and 10 of equal groups ends at 0."""
    units = np.array([[50, 30, 10]]) + lift
    estimate, *limits, reason = _measure(units, errors=np.ones((1, 3)), populations=np.ones((1, 3)))[0, "rii"]
    assert limits == [None, None, None]
    assert (reason == "nonpositive_fitted_value") == (estimate is None) == (lift == 0)


STEP = 1e-4
# BGV is quadratic: its exact error holds a term of fourth order that no gradient has.
WITHOUT_GRADIENT = {"bgv"}


@pytest.mark.parametrize("sign", [1, -1])  # scores and medians may lie below zero
@pytest.mark.parametrize("is_favourable", [True, False])
@pytest.mark.parametrize("is_ordered", [True, False])
def test_the_standard_error_is_the_root_of_the_summed_squares_of_the_derivatives(is_ordered, is_favourable, sign):
    chance, count, size = np.random.default_rng(20261125), 20, 5
    shifts = np.array([np.zeros(size), *STEP * np.eye(size), *-STEP * np.eye(size)])
    values = sign * chance.uniform(20, 80, (count, 1, size)) + shifts
    errors = np.broadcast_to(chance.uniform(0.1, 2, (count, 1, size)), values.shape)
    populations = np.broadcast_to(chance.integers(100, 9000, (count, 1, size)), values.shape)
    flat = [array.reshape(-1, size) for array in (values, errors, populations)]
    measured = _measure(
        flat[0], errors=flat[1], populations=flat[2], is_ordered=is_ordered, is_favourable=is_favourable
    )
    compared = 0
    for unit, measure in product(range(0, len(flat[0]), len(shifts)), {measure for _, measure in measured}):
        error = measured[unit, measure][1]
        if error is None or measure in WITHOUT_GRADIENT:
            continue
        at = np.array([measured[unit + offset, measure][0] for offset in range(1, len(shifts))])
        at = np.log(at) if measure in ("r", "rii", "rii_logit") else at
        derivatives = (at[:size] - at[size:]) / (2 * STEP)
        assert error == pytest.approx(np.sqrt(np.sum((derivatives * flat[1][unit]) ** 2)), rel=1e-5), (unit, measure)
        compared += 1
    assert compared > 200


# METHODS: the delta method covers 0.949 where the peer's residual errors cover 0.61 to 0.87.
COVERED = ("d", "r", "sii", "rii", "aci", "rci", "par", "paf", "erreygers", "wagstaff")


@pytest.mark.parametrize("truth", [(50, 55, 60, 65, 70), (40, 50, 70)], ids=["five quintiles", "three levels"])
def test_an_interval_of_95_percent_holds_the_truth_so_often(truth):
    """8 000 samples of 2 000 people in each group: between 0.94 and 0.96 of the intervals."""
    chance, samples, size = np.random.default_rng(1), 8000, 2000
    shares = chance.binomial(size, np.array(truth) / 100, (samples, len(truth))) / size
    errors = np.sqrt(shares * (1 - shares) / size)
    populations = np.full((samples + 1, len(truth)), size)
    units = np.vstack([100 * shares, truth])
    measured = _measure(units, errors=np.vstack([100 * errors, np.zeros(len(truth))]), populations=populations)
    for measure in COVERED:
        right = measured[samples, measure][0]
        intervals = [measured[unit, measure][2:4] for unit in range(samples)]
        coverage = sum(lower <= right <= upper for lower, upper in intervals) / samples
        assert 0.94 <= coverage <= 0.96, (measure, coverage)
