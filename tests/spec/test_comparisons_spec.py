"""Comparisons between countries, convergence and trends, against reference values and examples worked by hand.

The worked examples are those of docs/methods/comparisons.md.
"""

import math
from statistics import NormalDist

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ingestion.catalogue import rows
from ingestion.measures.models import call_macro, run_model
from tests.comparisons import ask, compare, converge, create, follow, proportion, rate, warehouse
from tests.spec.reference import reference_cases

DIGITS = 1e-9
EU = [row["country_code"] for row in rows("countries") if row["is_eu"] == "true"]


# Convergence

CONVERGENCE = reference_cases("convergence")


@pytest.fixture(scope="module")
def converged():
    """The reference cases; each is an indicator."""
    cases = reference_cases("convergence_panel")
    with warehouse() as connection:
        codes = sorted({case["case_id"] for case in cases})
        create(connection, "indicators", [{"indicator_code": code, "hard_max": None} for code in codes])
        names = ("country_code", "period", "value", "population_count")
        sign = {"higher_better": 1, "lower_better": -1}
        figures = [
            {name: case[name] for name in names}
            | {"indicator_code": case["case_id"], "better_sign": sign[case["direction"]]}
            for case in cases
        ]
        converge(connection, figures)
        yield connection


def _converged(connection, case: dict[str, str]) -> float:
    if case["measure"] in ("beta_intercept", "beta_adjusted_r2"):
        sql = f"select {case['measure']} as estimate from int_beta_convergence where indicator_code = ?"
        [found] = connection.execute(sql, [case["case_id"]]).fetchall()
    elif case["measure"] == "mean":
        sql = "select mean from int_dispersions where (indicator_code, period) = (?, ?)"
        [found] = connection.execute(sql, [case["case_id"], case["period"]]).fetchall()
    else:
        column = "se" if case["measure"] == "beta_se" else "estimate"
        measure = case["measure"].removesuffix("_se")
        sql = f"select {column} from fct_convergence where indicator_code = ? and measure = ? and last_period like ?"
        [found] = connection.execute(sql, [case["case_id"], measure, case["period"] or "%"]).fetchall()
    return found[0]


def _period_count(case: dict[str, str]) -> int:
    return len({figure["period"] for figure in reference_cases("convergence_panel", case_id=case["case_id"])})


def test_convergence_as_other_programs_compute_it(converged):
    compared = [case for case in CONVERGENCE if case["measure"] != "beta_p_value"]
    assert len(compared) > 150
    for case in compared:
        expected = float(case["expected"])
        if case["measure"] == "gamma":
            # Theirs divides by one period too many: it is below 1 even where no country ever changes its place.
            expected *= ((_period_count(case) + 1) / _period_count(case)) ** 2
        assert _converged(converged, case) == pytest.approx(expected, rel=DIGITS), case


def test_the_interval_of_beta_excludes_zero_where_its_p_value_is_small(converged):
    for case in CONVERGENCE:
        if case["measure"] == "beta_p_value":
            sql = "select lower_ci, upper_ci from fct_convergence where indicator_code = ? and measure = 'beta'"
            [(lower, upper)] = converged.execute(sql, [case["case_id"]]).fetchall()
            assert (lower > 0 or upper < 0) == (float(case["expected"]) < 0.05)


def test_sigma_is_the_slope_and_the_difference_of_the_dispersions(converged):
    for code in ("P-CV01", "P-CV02", "P-CV03", "P-CV04"):
        for measure in ("sd", "cv"):
            [(years, found)] = converged.execute(
                "select list(last_period::integer order by last_period), list(estimate order by last_period) "
                "from fct_convergence where indicator_code = ? and measure = ?",
                [code, measure],
            ).fetchall()
            sql = (
                "select estimate from fct_convergence "
                "where indicator_code = ? and starts_with(measure, ?) order by measure"
            )
            (difference,), (slope,) = converged.execute(sql, [code, f"sigma_{measure}"]).fetchall()
            assert difference == pytest.approx(found[-1] - found[0], rel=DIGITS)
            assert slope == pytest.approx(stats.linregress(years, found).slope, rel=DIGITS)


CATCHING_UP = {
    ("AT", "2023"): 10,
    ("BE", "2023"): 20,
    ("DE", "2023"): 40,
    ("AT", "2025"): 20,
    ("BE", "2025"): 30,
    ("DE", "2025"): 40,
}


def _values(values, **columns):
    populations = {"AT": 1, "BE": 1, "DE": 2}
    return [
        {"country_code": country, "period": period, "value": value, "population_count": populations.get(country)}
        | columns
        for (country, period), value in values.items()
    ]


def _measures(connection) -> dict:
    found = ask(connection, "from fct_convergence")
    return {(row["measure"], row["last_period"]): row for row in found}


def test_three_countries_of_which_two_catch_up():
    with warehouse() as connection:
        converge(connection, _values(CATCHING_UP))
        found = _measures(connection)
    estimates = {key: row["estimate"] for key, row in found.items()}
    expected = {
        ("sd", "2023"): math.sqrt(1400 / 9),
        ("sd", "2025"): math.sqrt(200 / 3),
        ("cv", "2023"): math.sqrt(1400 / 9) / (70 / 3),
        ("gini", "2023"): 2 / 7,
        ("gini", "2025"): 4 / 27,
        ("gini_weighted", "2023"): 0.25,
        ("delta", "2023"): 50,
        ("delta", "2025"): 30,
        ("sigma_sd_difference", "2025"): math.sqrt(200 / 3) - math.sqrt(1400 / 9),
        ("sigma_sd_slope", "2025"): (math.sqrt(200 / 3) - math.sqrt(1400 / 9)) / 2,
        ("beta", "2025"): -0.25,
        ("gamma", "2025"): 1,
    }
    assert {key: estimates[key] for key in expected} == pytest.approx(expected, rel=DIGITS)
    beta = found["beta", "2025"]
    assert (round(beta["se"], 4), beta["country_count"], beta["panel"]) == (0.0245, 3, "AT BE DE")
    assert beta["upper_ci"] - beta["estimate"] == pytest.approx(stats.t.ppf(0.975, 1) * beta["se"], rel=DIGITS)


def test_half_years_are_half_of_a_year():
    halves = {(country, f"2025-S{1 if year == '2023' else 2}"): value for (country, year), value in CATCHING_UP.items()}
    with warehouse() as connection:
        converge(connection, _values(halves))
        assert _measures(connection)["beta", "2025-S2"]["estimate"] == pytest.approx(-1, rel=DIGITS)


def test_equal_values_share_the_middle_rank_in_gamma():
    """First ranks 1.5, 1.5, 3, last ranks 1, 2, 3: the sums vary by 13/6, twice the first ranks by 2."""
    with warehouse() as connection:
        converge(connection, _values(CATCHING_UP | {("BE", "2023"): 10}))
        assert _measures(connection)["gamma", "2025"]["estimate"] == pytest.approx(13 / 12, rel=DIGITS)


NO_CONVERGENCE = [
    # values, columns of all, measure: reason
    ({("AT", "2023"): 1, ("BE", "2023"): 2}, {}, "sd", "fewer_than_3_countries"),
    ({(country, "2023"): 9 for country in ("AT", "BE", "DE")}, {}, "sigma_sd_slope", "fewer_than_2_periods"),
    ({(country, "2023"): 9 for country in ("AT", "BE", "DE")}, {}, "beta", "fewer_than_2_periods"),
    ({**CATCHING_UP, ("AT", "2025"): 0}, {}, "beta", "nonpositive_value"),
    ({key: 7 for key in CATCHING_UP}, {}, "beta", "no_differences"),
    ({key: 7 for key in CATCHING_UP}, {}, "gamma", "no_differences"),
    ({key: 0 for key in CATCHING_UP}, {}, "cv", "nonpositive_mean"),
    ({key: 0 for key in CATCHING_UP}, {}, "gini", "nonpositive_mean"),
    ({key: 0 for key in CATCHING_UP}, {}, "sigma_cv_slope", "nonpositive_mean"),
    ({**CATCHING_UP, ("AT", "2023"): -1}, {}, "theil", "negative_value"),
    (CATCHING_UP, {"population_count": None}, "gini_weighted", "missing_population"),
    (CATCHING_UP, {"better_sign": None}, "delta", "neutral_direction"),
]


@pytest.mark.parametrize(("values", "columns", "measure", "reason"), NO_CONVERGENCE)
def test_what_is_not_defined_has_a_reason(values, columns, measure, reason):
    with warehouse() as connection:
        converge(connection, _values(values, **columns))
        found = [row for row in ask(connection, "from fct_convergence") if row["measure"] == measure]
        numbers = {row[name] for row in found for name in ("estimate", "se", "lower_ci", "upper_ci")}
        assert {row["null_reason"] for row in found if row["null_reason"]} == {reason}
        assert None in numbers and all(math.isfinite(number) for number in numbers if number is not None)


def test_the_panel_is_fixed():
    """A country that comes later, or whose series breaks, would change the dispersion without any catching up."""
    others = {("FI", "2025"): 90, ("FR", "2023"): 1, ("FR", "2025"): 80}
    with warehouse() as connection:
        converge(connection, _values(CATCHING_UP | others), [{"country_code": "FR", "period": "2025"}])
        found = _measures(connection)
    assert found["sd", "2025"]["panel"] == "AT BE DE"
    assert found["delta", "2025"]["estimate"] == 30


def test_a_break_in_the_first_period_of_the_window_is_behind_it():
    with warehouse() as connection:
        converge(connection, _values(CATCHING_UP), [{"country_code": "AT", "period": "2023"}])
        assert _measures(connection)["sd", "2025"]["country_count"] == 3


def test_a_period_that_few_have_reported_is_not_in_the_window():
    with warehouse() as connection:
        converge(connection, _values(CATCHING_UP | {("AT", "2019"): 1}))
        found = _measures(connection)
    assert ("sd", "2019") not in found
    assert (found["beta", "2025"]["first_period"], found["beta", "2025"]["country_count"]) == ("2023", 3)


# Funnel limits


@pytest.mark.parametrize("case_id", ["P-FUNP1", "P-FUNR1"])
def test_places_in_a_funnel_as_another_program_sees_them(case_id):
    cases = reference_cases("funnel_positions", case_id=case_id)
    figure = proportion if case_id == "P-FUNP1" else rate
    with warehouse() as connection:
        create(connection, "countries", [{"country_code": case["area"], "is_eu": True} for case in cases])
        found = compare(
            connection,
            [figure(float(case["numerator"]), float(case["denominator"]), country_code=case["area"]) for case in cases],
        )
    assert len(cases) == 29
    assert {area: row["funnel_position"] for area, row in found.items()} == {
        case["area"]: case["funnel_position"] for case in cases
    }


def test_funnel_limits_of_proportions_as_another_program_prints_them():
    cases = reference_cases("funnel_proportion_limits")
    names = ("lower_95", "upper_95", "lower_998", "upper_998")
    with warehouse() as connection:
        place = {"indicator_code": "SHARE", "period": "2025", "site_code": "C50"}
        create(connection, "int_eu_values", [place | {"value": float(cases[0]["centre"])}])
        figures = [
            place | {"country_code": case["denominator"], "value": 0, "denominator": float(case["denominator"])}
            for case in cases
        ]
        filled = [figure | {"is_counted": True, "method": "wilson", "scale": 100} for figure in figures]
        create(connection, "int_country_values", filled)
        run_model(connection, "int_funnel_limits")
        found = {row["country_code"]: row for row in ask(connection, "from int_funnel_limits")}
    for case in cases:
        limits = [found[case["denominator"]][f"funnel_{name}"] for name in names]
        assert limits == pytest.approx([float(case[name]) for name in names], rel=DIGITS)


def test_around_nothing_there_is_no_funnel():
    with warehouse() as connection:
        found = compare(connection, [rate(0, 1e6, country_code=code) for code in ("AT", "BE", "DE")])
    assert {row["funnel_position"] for row in found.values()} == {"not_assessed"}
    assert {(row["rank"], row["rank_lower"], row["rank_upper"]) for row in found.values()} == {(1, 1, 3)}


@given(expected=st.floats(1e-3, 1e8), z=st.sampled_from([1.959963984540054, 3.090232306167813]))
@settings(max_examples=30, deadline=None)
def test_the_interval_of_a_count_on_a_funnel_limit_just_touches_the_expected_count(expected, z):
    lower, upper = (call_macro(f"funnel_count_{end}", expected="e", z="z") for end in ("lower", "upper"))
    sql = f"select {lower} as lower, {upper} as upper from (select ?::double as e, ?::double as z)"
    with duckdb.connect() as connection:
        [(lower, upper)] = connection.execute(sql, [expected, z]).fetchall()
    assert 0 <= lower < expected < upper
    assert _byar(upper, -z) == pytest.approx(expected, rel=DIGITS)
    assert _byar(lower + 1, z) == pytest.approx(expected, rel=DIGITS) if lower else _byar(1, z) >= expected


def _byar(count: float, z: float) -> float:
    return count * (1 - 1 / (9 * count) + z / (3 * math.sqrt(count))) ** 3


# Gaps to the best, to the EU, to the target

THREE_MEMBERS = [
    proportion(50, 100, country_code="AT"),
    proportion(80, 200, country_code="BE"),
    proportion(420, 700, country_code="DE"),
]


def test_a_gap_to_the_eu_counts_the_country_within_the_eu():
    with warehouse() as connection:
        found = compare(connection, [*THREE_MEMBERS, proportion(30, 100, country_code="NO")])
        [eu] = ask(connection, "from fct_eu_values")
    assert (eu["eu_basis"], eu["country_count"]) == ("pooled", 3)
    assert (eu["value"], eu["se"]) == pytest.approx((55, math.sqrt(2.41)), rel=DIGITS)
    assert found["AT"]["gap_to_eu"] == pytest.approx(-5, rel=DIGITS)
    assert found["AT"]["gap_to_eu_se"] == pytest.approx(
        math.sqrt(0.9**2 * 25 + 0.2**2 * 12 + 0.7**2 * 24 / 7), rel=DIGITS
    )
    # A country outside the EU is not part of what it is compared with.
    assert found["NO"]["gap_to_eu_se"] == pytest.approx(math.sqrt(2.41 + 21), rel=DIGITS)
    positions = {country: row["eu_position"] for country, row in found.items()}
    assert positions == {"AT": "similar", "BE": "worse", "DE": "better", "NO": "worse"}


def test_the_value_of_the_eu_has_the_interval_of_its_pooled_counts():
    # Wilson's interval of 550 of 1000, as `fct_estimates` would compute it.
    with warehouse() as connection:
        compare(connection, THREE_MEMBERS)
        [eu] = ask(connection, "from fct_eu_values")
    z = NormalDist().inv_cdf(0.975)
    middle, width = (550 + z**2 / 2) / (1000 + z**2), z * math.sqrt(247.5 + z**2 / 4) / (1000 + z**2)
    assert (eu["lower_ci"], eu["upper_ci"]) == pytest.approx(
        (100 * (middle - width), 100 * (middle + width)), rel=DIGITS
    )


def test_few_events_in_all_of_the_eu_have_exact_limits():
    with warehouse() as connection:
        compare(connection, [rate(3, 1e6, country_code=code) for code in ("AT", "BE", "DE")])
        [eu] = ask(connection, "from fct_eu_values")
    exact = stats.chi2.ppf(0.025, 18) / 2, stats.chi2.ppf(0.975, 20) / 2
    assert (eu["value"], eu["se"]) == pytest.approx((0.3, 0.1), rel=DIGITS)
    assert (30 * eu["lower_ci"], 30 * eu["upper_ci"]) == pytest.approx(exact, rel=DIGITS)


def test_gaps_to_the_best_and_to_the_target():
    with warehouse(target=45) as connection:
        found = compare(connection, THREE_MEMBERS)
    austria, belgium, germany = (found[country] for country in ("AT", "BE", "DE"))
    assert (austria["gap_to_best"], austria["best_country_code"]) == (10, "DE")
    assert austria["gap_to_best_se"] == pytest.approx(math.sqrt(25 + 24 / 7), rel=DIGITS)
    assert (germany["gap_to_best"], germany["gap_to_best_se"]) == (0, None)
    # The interval of the gap to a fixed number is the country's own, here its value and 10 on either side.
    assert (austria["gap_to_target"], austria["gap_to_target_lower_ci"], austria["gap_to_target_upper_ci"]) == (
        5,
        -5,
        15,
    )
    positions = [country["target_position"] for country in (austria, belgium, germany)]
    assert positions == ["similar", "similar", "better"]


def test_where_lower_is_better_the_words_turn_round():
    with warehouse(direction="lower_better") as connection:
        found = compare(connection, THREE_MEMBERS)
    assert {country: row["rank"] for country, row in found.items()} == {"AT": 2, "BE": 1, "DE": 3}
    assert (found["AT"]["gap_to_best"], found["AT"]["gap_to_eu"]) == pytest.approx((10, -5))
    assert (found["BE"]["eu_position"], found["DE"]["eu_position"]) == ("better", "worse")


def test_without_a_direction_nobody_is_best_but_the_gap_to_the_eu_remains():
    with warehouse(direction="neutral") as connection:
        found = compare(connection, THREE_MEMBERS)["AT"]
    assert (found["rank"], found["gap_to_best"], found["null_reason"]) == (None, None, "neutral_direction")
    assert (found["gap_to_eu"], found["eu_position"]) == (pytest.approx(-5), "not_assessed")
    assert found["funnel_position"] == "within"


def test_figures_without_counts_have_a_distribution_and_no_value_of_the_eu():
    medians = [{"country_code": code, "value": value} for code, value in zip(EU, (10, 20, 40, 50), strict=False)]
    with warehouse() as connection:
        found = compare(connection, [*medians, {"country_code": "NO", "value": 90}])
        [eu] = ask(connection, "from fct_eu_values")
    assert (eu["eu_basis"], eu["value"], eu["se"], eu["country_count"]) == ("distribution", None, None, 4)
    figures = [eu[f"country_{name}"] for name in ("minimum", "p25", "median", "p75", "maximum")]
    assert figures == [10, 17.5, 30, 42.5, 50]
    assert found["NO"]["rank"] == 1
    assert (found["NO"]["gap_to_eu"], found["NO"]["rank_lower"], found["NO"]["funnel_position"]) == (
        None,
        None,
        "not_assessed",
    )


def test_published_values_are_never_pooled():
    published = {"country_code": "FR", "value": 99}
    with warehouse() as connection:
        compare(connection, [*THREE_MEMBERS, published])
        [eu] = ask(connection, "from fct_eu_values")
    assert (eu["value"], eu["country_count"], eu["country_maximum"]) == (pytest.approx(55), 3, 60)


def test_two_members_are_not_the_eu():
    with warehouse() as connection:
        found = compare(connection, [*THREE_MEMBERS[:2], proportion(30, 100, country_code="NO")])
        [eu] = ask(connection, "from fct_eu_values")
    assert (eu["value"], eu["country_median"], eu["null_reason"]) == (None, None, "fewer_than_3_countries")
    assert (found["AT"]["rank"], found["AT"]["gap_to_eu"], found["AT"]["eu_position"]) == (1, None, "not_assessed")


def test_the_share_of_the_eu_that_is_covered():
    people = {
        row["country_code"]: int(row["population_count"])
        for row in rows("populations")
        if row["population_year"] == "2025"
    }
    with warehouse() as connection:
        compare(connection, THREE_MEMBERS)
        [eu] = ask(connection, "from fct_eu_values")
    covered = sum(people[code] for code in ("AT", "BE", "DE")) / sum(people[code] for code in EU)
    assert eu["population_share"] == pytest.approx(covered, rel=DIGITS)


def test_all_or_none_is_not_taken_for_certainty():
    with warehouse() as connection:
        found = compare(connection, [*THREE_MEMBERS, proportion(30, 30, country_code="FR")])
    assert (found["FR"]["gap_to_eu_lower_ci"], found["FR"]["eu_position"]) == (None, "not_assessed")
    assert found["FR"]["funnel_position"] == "above_998"
    assert (found["AT"]["gap_to_best"], found["AT"]["gap_to_best_lower_ci"]) == (50, None)
    assert found["AT"]["gap_to_eu_se"] is not None


NOT_COMPARED = {
    "not_reported": {"publication_status": "not_reported", "null_reason": "not_reported"},
    "suppressed": {"publication_status": "suppressed", "null_reason": "suppressed"},
    "low_reliability": proportion(9, 12) | {"publication_status": "low_reliability"},
}


@pytest.mark.parametrize("reason", NOT_COMPARED)
def test_a_country_that_cannot_be_compared_is_a_row_with_a_reason_and_counts_nowhere(reason):
    with warehouse() as connection:
        alone = compare(connection, THREE_MEMBERS)
    with warehouse() as connection:
        found = compare(connection, [*THREE_MEMBERS, NOT_COMPARED[reason] | {"country_code": "FR"}])
    left_out = found.pop("FR")
    assert found == alone
    assert left_out["null_reason"] == reason
    numbers = {left_out[name] for name in left_out if name.startswith(("value", "rank", "gap", "funnel_lower"))}
    assert numbers == {None}


# Ranks


def test_ranks_and_what_they_may_be():
    """70 and 50 of 100 are apart at 95 % each, but not at 95 % for all four; a value without counts may be anywhere."""
    figures = [
        proportion(95, 100, country_code="AT"),
        proportion(70, 100, country_code="BE"),
        proportion(50, 100, country_code="DE"),
        proportion(5, 100, country_code="FR"),
    ]
    with warehouse() as connection:
        found = compare(connection, figures)
    ranks = {country: (row["rank"], row["rank_lower"], row["rank_upper"]) for country, row in found.items()}
    assert ranks == {"AT": (1, 1, 1), "BE": (2, 2, 3), "DE": (3, 2, 3), "FR": (4, 4, 4)}
    with warehouse() as connection:
        found = compare(connection, [*figures, {"country_code": "FI", "value": 60}])
    ranks = {country: (row["rank"], row["rank_lower"], row["rank_upper"]) for country, row in found.items()}
    assert ranks == {"AT": (1, 1, 2), "BE": (2, 2, 4), "FI": (3, None, None), "DE": (4, 2, 4), "FR": (5, 4, 5)}


def test_ranks_turn_round_with_their_intervals_where_lower_is_better():
    figures = [proportion(count, 100, country_code=code) for code, count in zip("ABCD", (5, 50, 70, 95), strict=True)]
    with warehouse(direction="lower_better") as connection:
        create(connection, "countries", [{"country_code": code, "is_eu": True} for code in "ABCD"])
        found = compare(connection, figures)
    ranks = [(row["rank"], row["rank_lower"], row["rank_upper"]) for row in found.values()]
    assert ranks == [(1, 1, 1), (2, 2, 3), (3, 2, 3), (4, 4, 4)]


def test_equal_values_share_the_lowest_rank():
    figures = [proportion(count, 100, country_code=code) for code, count in zip(EU, (50, 70, 50, 20), strict=False)]
    with warehouse() as connection:
        assert [row["rank"] for row in compare(connection, figures).values()] == [2, 1, 2, 4]


def test_joint_quantiles_are_those_of_independent_intervals():
    for row in rows("joint_quantiles"):
        level = 0.95 ** (1 / int(row["country_count"]))
        assert float(row["quantile"]) == pytest.approx(NormalDist().inv_cdf((1 + level) / 2), rel=1e-12)


def test_there_is_a_joint_quantile_for_every_number_of_countries():
    numbers = [int(row["country_count"]) for row in rows("joint_quantiles")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= len(rows("countries"))


COUNTS = st.integers(1, 10_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@given(counts=st.lists(COUNTS, min_size=1, max_size=29), is_rate=st.booleans(), is_lower_better=st.booleans())
@settings(max_examples=12, deadline=None)
def test_every_rank_lies_in_its_interval_and_every_number_is_finite(counts, is_rate, is_lower_better):
    figure = rate if is_rate else proportion
    codes = [row["country_code"] for row in rows("countries")]
    figures = [figure(*pair, country_code=code) for code, pair in zip(codes, counts, strict=False)]
    with warehouse(direction="lower_better" if is_lower_better else "higher_better", target=50) as connection:
        found = compare(connection, figures)
        [eu] = ask(connection, "from fct_eu_values")
    assert min(row["rank"] for row in found.values()) == 1
    for row in found.values():
        assert 1 <= row["rank_lower"] <= row["rank"] <= row["rank_upper"] <= len(counts)
        assert row["gap_to_best"] >= 0
    for row in [*found.values(), eu]:
        assert all(math.isfinite(number) for number in row.values() if isinstance(number, float))


@given(counts=st.lists(COUNTS, min_size=2, max_size=12), newcomer=COUNTS)
@settings(max_examples=10, deadline=None)
def test_one_country_more_moves_a_rank_by_one_at_most_and_makes_none_surer(counts, newcomer):
    figures = [proportion(*pair, country_code=code) for code, pair in zip(EU, counts, strict=False)]
    joined = [*figures, proportion(*newcomer, country_code="NO")]
    with warehouse() as connection:
        compare(
            connection,
            [{**row, "site_code": "C50"} for row in figures] + [{**row, "site_code": "C61"} for row in joined],
        )
        found = {
            (row["site_code"], row["country_code"]): row for row in ask(connection, "from fct_country_comparisons")
        }
    for row in figures:
        before, after = found["C50", row["country_code"]], found["C61", row["country_code"]]
        assert after["rank"] - before["rank"] in (0, 1)
        assert after["rank_lower"] <= before["rank_lower"] + 1
        assert after["rank_upper"] >= before["rank_upper"]


# Trends


def _trends(connection) -> dict:
    found = ask(connection, "from fct_trends")
    return {(row["period"], row["baseline"]): row for row in found}


SERIES = [
    proportion(50, 100, period="2022"),
    {"period": "2023", "publication_status": "suppressed", "null_reason": "suppressed"},
    proportion(55, 100, period="2024"),
    proportion(180, 200, period="2025"),
]


def test_changes_since_the_first_and_the_previous_period():
    with warehouse() as connection:
        follow(connection, SERIES)
        found = _trends(connection)
    first, previous = found["2025", "first"], found["2025", "previous"]
    assert (first["baseline_period"], previous["baseline_period"]) == ("2022", "2024")
    assert (first["change"], first["se"]) == pytest.approx((40, math.sqrt(25 + 4.5)), rel=DIGITS)
    assert (previous["change"], previous["se"]) == pytest.approx((35, math.sqrt(24.75 + 4.5)), rel=DIGITS)
    assert (first["is_significant"], first["direction"]) == (True, "improving")
    # A period without a value is stepped over.
    assert (found["2024", "previous"]["baseline_period"], found["2024", "previous"]["direction"]) == (
        "2022",
        "no_clear_change",
    )
    assert found["2022", "first"]["null_reason"] == "no_earlier_period"
    assert found["2023", "first"]["null_reason"] == "suppressed"


def test_a_break_starts_another_series():
    with warehouse() as connection:
        follow(connection, SERIES, breaks=[{"period": "2024"}])
        found = _trends(connection)
    for baseline in ("first", "previous"):
        assert (found["2024", baseline]["change"], found["2024", baseline]["null_reason"]) == (None, "break_in_series")
        assert found["2025", baseline]["baseline_period"] == "2024"


def test_a_break_counts_also_where_its_number_is_hidden():
    with warehouse() as connection:
        follow(connection, SERIES, breaks=[{"period": "2023"}])
        found = _trends(connection)
    assert found["2023", "first"]["null_reason"] == "suppressed"
    assert found["2024", "first"]["null_reason"] == "break_in_series"
    assert found["2025", "first"]["baseline_period"] == "2024"


def test_where_lower_is_better_a_rise_is_worse():
    with warehouse(direction="lower_better") as connection:
        follow(connection, SERIES)
        assert _trends(connection)["2025", "first"]["direction"] == "worsening"


def test_without_a_direction_or_an_interval_a_change_is_not_judged():
    with warehouse(direction="neutral") as connection:
        follow(connection, SERIES)
        assert _trends(connection)["2025", "first"]["direction"] == "not_assessed"
    with warehouse() as connection:
        follow(connection, [{"period": "2022", "value": 30}, {"period": "2025", "value": 20}])
        row = _trends(connection)["2025", "first"]
    assert (row["change"], row["is_significant"], row["direction"]) == (-10, None, "not_assessed")


@pytest.mark.parametrize("counts", [((30, 30), (50, 100)), ((50, 100), (30, 30))])
def test_a_change_from_or_to_all_is_not_taken_for_certainty(counts):
    first, last = counts
    with warehouse() as connection:
        follow(connection, [proportion(*first, period="2022"), proportion(*last, period="2025")])
        row = _trends(connection)["2025", "first"]
    assert (abs(row["change"]), row["se"], row["direction"]) == (50, None, "not_assessed")


GAPS = [
    # measure, first gap, last gap, standard error of each: change, word
    ("d", 20, 5, 3, -15, "improving"),
    ("d", -20, -5, 3, 15, "improving"),
    ("d", 5, 20, 3, 15, "worsening"),
    ("d", 20, 17, 3, -3, "no_clear_change"),
    ("r", 4, 2, 0.1, -math.log(2), "improving"),
    ("r", 0.5, 0.25, 0.1, -math.log(2), "worsening"),
]


@pytest.mark.parametrize(("measure", "first", "last", "error", "change", "direction"), GAPS)
def test_a_gap_improves_when_it_comes_closer_to_none(measure, first, last, error, change, direction):
    gaps = [
        {"measure": measure, "period": "2022", "estimate": first, "se": error},
        {"measure": measure, "period": "2025", "estimate": last, "se": error},
    ]
    with warehouse() as connection:
        follow(connection, [], gaps=gaps)
        row = _trends(connection)["2025", "first"]
    assert (row["change"], row["se"]) == pytest.approx((change, error * math.sqrt(2)), rel=DIGITS)
    assert row["direction"] == direction


def test_a_gap_has_the_breaks_of_its_dimension_and_of_the_headline():
    gaps = [{"period": period, "estimate": 9, "se": 1} for period in ("2022", "2023", "2024", "2025")]
    breaks = [
        {"period": "2023", "dimension_code": "SEX"},
        {"period": "2024", "dimension_code": "AGE"},
        {"period": "2025", "dimension_code": "TOTAL"},
    ]
    with warehouse() as connection:
        follow(connection, [], gaps=gaps, breaks=breaks)
        found = _trends(connection)
    reasons = [found[period, "first"]["null_reason"] for period in ("2022", "2023", "2024", "2025")]
    assert reasons == ["no_earlier_period", "break_in_series", None, "break_in_series"]


def test_a_ratio_of_zero_has_no_logarithm():
    gaps = [{"measure": "r", "period": period, "estimate": value} for period, value in (("2022", 0), ("2025", 2))]
    with warehouse() as connection:
        follow(connection, [], gaps=gaps)
        found = _trends(connection)
    assert found["2022", "first"]["null_reason"] == "zero_ratio"
    assert found["2025", "first"]["null_reason"] == "no_earlier_period"
