"""Values and intervals of estimates, against reference values computed elsewhere."""

import duckdb
import pytest

from ingestion.catalogue import load_into
from ingestion.measures.models import run_model
from ingestion.measures.quantiles import add_quantile_functions
from tests.spec.reference import reference_cases

DIGITS = 1e-9
# Newcombe, Statistics in Medicine 1998;17:857-872, table I, method 3: Wilson limits to four decimals.
NEWCOMBE_1998 = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


def _numbers(case: dict[str, str], *names: str) -> list[float | None]:
    return [float(case[name]) if case[name] else None for name in names]


PROPORTIONS = reference_cases("proportions")
RATES = reference_cases("rates")


def _estimate(measure_type: str, observed: list[tuple[str, float, float]]) -> dict[str, tuple]:
    """Return (value, lower, upper, method) by case, as the warehouse's own SQL computes them from counts."""
    with duckdb.connect() as connection:
        load_into(connection)
        for table in ("poisson_limits", "check_parameters", "codes_age", "esp2013"):
            connection.execute(f"create table {table} as from catalogue.{table}")
        connection.execute(
            "create table indicators as select 'I' as indicator_code, ? as measure_type_code, "
            "null::bigint as minimum_denominator_count, false as allows_published_value",
            [measure_type],
        )
        connection.execute(
            "create table cases (country_code varchar, numerator double, denominator double);"
            "create table int_expected_sites "
            "(country_code varchar, indicator_code varchar, period varchar, site_code varchar)"
        )
        connection.executemany("insert into cases values (?, ?, ?)", observed)
        # A rate is computed with the population of the country, so each case is a country.
        connection.execute(
            "create table populations as "
            "select country_code, 2025 as population_year, denominator as population_count from cases"
        )
        connection.execute(
            "create table fct_observations as select *, 'I' as indicator_code, '2025' as period, 'C50' as site_code, "
            "'TOTAL' as stratum_id, 'TOTAL' as dimension_code, 'TOTAL' as group_code, 'A' as obs_status, "
            "null::double as obs_value, null::double as p25, null::double as p75, false as is_suppressed, "
            "false as is_synthetic, '' as reference, '' as submission_id from cases"
        )
        add_quantile_functions(connection)
        for model in ("int_measured_observations", "int_standard_population", "int_age_standardised", "fct_estimates"):
            run_model(connection, model)
        found = connection.execute(
            "select country_code, value, lower_ci, upper_ci, method from fct_estimates"
        ).fetchall()
    return {case: figures for case, *figures in found}


@pytest.fixture(scope="module")
def proportions() -> dict[str, tuple]:
    cases = [(case["case_id"], *_numbers(case, "numerator", "denominator")) for case in PROPORTIONS]
    return _estimate("PROP", cases + [(f"N{x}/{n}", x, n) for x, n, _, _ in NEWCOMBE_1998])


@pytest.fixture(scope="module")
def rates() -> dict[str, tuple]:
    return _estimate("RATE100K", [(case["case_id"], *_numbers(case, "numerator", "denominator")) for case in RATES])


@pytest.mark.parametrize("case", PROPORTIONS, ids=lambda case: case["case_id"])
def test_proportion(proportions, case):
    *figures, method = proportions[case["case_id"]]
    assert figures == pytest.approx(_numbers(case, "value", "lower_ci", "upper_ci"), rel=DIGITS)
    assert method == "wilson"


@pytest.mark.parametrize(("numerator", "denominator", "lower", "upper"), NEWCOMBE_1998)
def test_proportion_as_printed_by_newcombe(proportions, numerator, denominator, lower, upper):
    _, lower_ci, upper_ci, _ = proportions[f"N{numerator}/{denominator}"]
    assert (round(lower_ci / 100, 4), round(upper_ci / 100, 4)) == (lower, upper)


@pytest.mark.parametrize("case", RATES, ids=lambda case: case["case_id"])
def test_rate(rates, case):
    *figures, method = rates[case["case_id"]]
    assert figures == pytest.approx(_numbers(case, "value", "lower_ci", "upper_ci"), rel=DIGITS)
    assert method == ("exact_poisson" if float(case["numerator"]) < 10 else "byar")


def test_both_ends_of_the_scale_are_exact(proportions):
    """Rounding must not put a limit beyond the value that it belongs to."""
    for case in PROPORTIONS:
        value, lower, upper, _ = proportions[case["case_id"]]
        assert 0 <= lower <= value <= upper <= 100
