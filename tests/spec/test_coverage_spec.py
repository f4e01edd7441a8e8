"""How often intervals of 95 % hold the truth: counted over every possible count, or over many drawn ones."""

import duckdb
import numpy
import pyarrow
import pytest
from scipy import stats

from ingestion.catalogue import load_into
from ingestion.measures.models import call_macro
from ingestion.measures.quantiles import add_quantile_functions

EVENTS = 2_000  # more than any Poisson count below is
DRAWS = 4_000
STANDARD = numpy.array([16_000, 31_000, 33_500, 10_500, 9_000])  # ESP 2013 by the ages that are reported
PEOPLE = numpy.array([16_000, 30_000, 32_000, 12_000, 9_000])
RATES = numpy.array([0.0002, 0.0005, 0.0015, 0.004, 0.008])


@pytest.fixture
def limits():
    """Return the limits that a macro gives for a table of cases, in the order of its key, as an array."""
    with duckdb.connect() as connection:
        load_into(connection)
        connection.execute("create table poisson_limits as from catalogue.poisson_limits")
        add_quantile_functions(connection)

        def limiting(macro: str, key: str, columns: str, **cases) -> numpy.ndarray:
            connection.register("cases", pyarrow.table(cases))
            sql = call_macro(macro, table="cases", keys=[key], confidence=0.95, scale=1)
            found = connection.execute(f"select {columns} from ({sql}) order by {key}").fetchall()
            return numpy.array(found, dtype=float)

        yield limiting


def _coverage(limits: numpy.ndarray, probabilities: numpy.ndarray, truth: float) -> float:
    return float(probabilities[(limits[:, 0] <= truth) & (truth <= limits[:, 1])].sum())


@pytest.mark.parametrize("total", [30, 100, 300, 1_000])
def test_wilson(limits, total):
    counts = numpy.arange(total + 1.0)
    found = limits("proportions", "x", "lower_ci, upper_ci", x=counts, n=numpy.full(total + 1, float(total)))
    shares = numpy.linspace(0.05, 0.95, 181)
    coverages = [_coverage(found, stats.binom.pmf(counts, total, share), share) for share in shares]
    assert 0.94 < numpy.mean(coverages) < 0.96
    assert min(coverages) > 0.92


@pytest.mark.parametrize(("mean", "most"), [(5, 0.99), (20, 0.97), (100, 0.961), (1_000, 0.954)])
def test_exact_and_byar(limits, mean, most):
    """Of few events the limits are wider than they need be; they are never narrower."""
    counts = numpy.arange(float(EVENTS))
    found = limits("rates", "x", "lower_ci, upper_ci", x=counts, n=numpy.ones(EVENTS))
    means = numpy.linspace(0.9 * mean, 1.1 * mean, 41)
    coverages = [_coverage(found, stats.poisson.pmf(counts, each), each) for each in means]
    assert 0.95 <= min(coverages) <= max(coverages) < most


@pytest.mark.parametrize(
    ("size", "dobson", "fay_feuer"), [(1.0, (0.94, 0.96), (0.94, 0.96)), (0.1, None, (0.95, 0.98))]
)
def test_direct_standardisation(limits, size, dobson, fay_feuer):
    people = PEOPLE * size
    events = numpy.random.default_rng(20261125).poisson(RATES * people, size=(DRAWS, len(PEOPLE)))
    found = limits(
        "directly_standardised",
        "draw",
        "lower_ci, upper_ci, fay_feuer_lower_ci, fay_feuer_upper_ci",
        draw=numpy.repeat(numpy.arange(DRAWS), len(PEOPLE)),
        ageband=numpy.tile(list("abcde"), DRAWS),
        x=events.ravel().astype(float),
        n=numpy.tile(people, DRAWS),
        stdpop=numpy.tile(STANDARD, DRAWS),
        eventfreq=numpy.ones(DRAWS * len(PEOPLE)),
    )
    truth = float((STANDARD * RATES).sum() / STANDARD.sum())
    each = numpy.full(DRAWS, 1 / DRAWS)
    for columns, expected in ((found[:, :2], dobson), (found[:, 2:], fay_feuer)):
        if expected:
            assert expected[0] < _coverage(columns, each, truth) < expected[1]
