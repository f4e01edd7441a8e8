"""`pcm estimates`: every kind, at both levels of confidence, against reference values printed by other programs."""

import csv
import math

import duckdb
import pytest

from ingestion.measures.estimates import Choices, estimate
from ingestion.measures.tidy import write_tidy
from tests.spec.reference import read_rows, reference_cases

DIGITS = {"rel": 1e-9, "abs": 1e-6}
LEVELS = {0.95: ("lower_ci", "upper_ci"), 0.998: ("lower_99_8_ci", "upper_99_8_ci")}
# The peer takes a missing count for zero events; a count that is missing gives no rate here.
MISSING_AS_ZERO = "P-DSR18"
# The peer prints a negative rate as the lower 99.8 % limit: three people of 90 and over carry most of the variance.
BELOW_ZERO = "P-DSR19"


def _number(text: str) -> float | None:
    return float(text) if text else None


@pytest.fixture
def estimated(tmp_path):
    """Write rows to a file, have them estimated, and return the result by its key columns."""

    def estimating(kind: str, rows: list[dict[str, str]], *columns: str, renamed=None, key=("case_id",), **choices):
        given, made = tmp_path / "given.csv", tmp_path / "made.csv"
        names = {column: (renamed or {}).get(column, column) for column in columns}
        with given.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(names.values())
            writer.writerows([row[column] for column in columns] for row in rows)
        with duckdb.connect(config={"threads": 1}) as connection:
            estimate(connection, given, kind, Choices(**choices))
            write_tidy(connection, "estimates", made)
        found = read_rows(made)
        for row in found:
            assert not {"nan", "inf", "-inf"} & {text.lower() for text in row.values()}, row
        return {tuple(row[column] for column in key): row for row in found}

    return estimating


def _compare(found: dict, expected: list[dict[str, str]], pairs: dict[str, str], key=("case_id",)) -> None:
    assert set(found) == {tuple(case[column] for column in key) for case in expected}
    for case in expected:
        row = found[tuple(case[column] for column in key)]
        for ours, theirs in pairs.items():
            value, wanted = _number(row[ours]), _number(case[theirs])
            assert (value is None) == (wanted is None), (case["case_id"], ours)
            assert value is None or value == pytest.approx(wanted, **DIGITS), (case["case_id"], ours)


def _interval(confidence: float, prefix: str = "") -> dict[str, str]:
    lower, upper = LEVELS[confidence]
    return {f"{prefix}lower_ci": prefix + lower, f"{prefix}upper_ci": prefix + upper}


@pytest.mark.parametrize("confidence", LEVELS)
@pytest.mark.parametrize(("kind", "name"), [("proportion", "proportions"), ("rate", "rates")])
def test_proportions_and_rates(estimated, kind, name, confidence):
    cases = reference_cases(name)
    renamed = {"numerator": "x", "denominator": "n"}
    found = estimated(kind, cases, "case_id", "numerator", "denominator", renamed=renamed, confidence=confidence)
    _compare(found, cases, {"value": "value", **_interval(confidence)})
    assert {row["null_reason"] for row in found.values()} == {""}


AGES = ("case_id", "ageband", "eventfreq", "x", "n", "stdpop")


@pytest.mark.parametrize("confidence", LEVELS)
def test_direct_standardisation(estimated, confidence):
    found = estimated("dsr", reference_cases("standardised_ages"), *AGES, confidence=confidence)
    cases = reference_cases("standardised")
    for case in cases:
        if case["case_id"] == MISSING_AS_ZERO:
            case.update(dict.fromkeys(["value", *LEVELS[0.95], *LEVELS[0.998]], ""))
        if case["case_id"] == BELOW_ZERO:
            assert float(case["lower_99_8_ci"]) < 0
            case["lower_99_8_ci"] = "0"
    _compare(found, cases, {"value": "value", **_interval(confidence)})
    reasons = {case: row["null_reason"] for (case,), row in found.items() if row["null_reason"]}
    few = "fewer_than_ten_events"
    assert reasons == {"P-DSR15": few, "P-DSR17": few, MISSING_AS_ZERO: "missing_count"}


def test_gamma_limits_of_direct_standardisation(estimated):
    found = estimated("dsr", reference_cases("standardised_ages"), *AGES)
    for case in reference_cases("standardised"):
        if not case["fay_feuer_upper_ci"] or case["case_id"] == MISSING_AS_ZERO:
            continue
        row = found[case["case_id"],]
        # Of no events at all the peer prints no lower limit; it is zero.
        wanted = (float(case["fay_feuer_lower_ci"] or 0), float(case["fay_feuer_upper_ci"]))
        assert (float(row["fay_feuer_lower_ci"]), float(row["fay_feuer_upper_ci"])) == pytest.approx(wanted, **DIGITS)
    sparse = {case for (case,), row in found.items() if row["is_sparse"] == "true"}
    assert sparse == {"P-DSR15", "P-DSR16", "P-DSR17", BELOW_ZERO}


@pytest.mark.parametrize("confidence", LEVELS)
def test_indirect_standardisation(estimated, confidence):
    ages = reference_cases("indirectly_standardised_ages")
    found = estimated("isr", ages, "case_id", "ageband", "x", "n", "x_ref", "n_ref", confidence=confidence)
    pairs = {"value": "value", "ratio": "ratio", **_interval(confidence), **_interval(confidence, "ratio_")}
    _compare(found, reference_cases("indirectly_standardised"), pairs)


@pytest.mark.parametrize("confidence", LEVELS)
def test_means(estimated, confidence):
    found = estimated("mean", reference_cases("mean_values"), "case_id", "value", confidence=confidence)
    _compare(found, reference_cases("means"), {"value": "value", **_interval(confidence)})


QUANTILE_COLUMNS = ("case_id", "quantile", "population", "value", "lower_cl", "upper_cl", "value_type")


@pytest.mark.parametrize("is_transformed", [False, True])
@pytest.mark.parametrize(("confidence", "errors"), [(0.95, 0.03), (0.998, 0.09)])
def test_slope_indices(estimated, is_transformed, confidence, errors):
    cases = reference_cases("slope_indices", is_transformed=str(is_transformed).lower())
    known = {case["case_id"] for case in cases}
    rows = [row for row in reference_cases("slope_quantiles") if row["case_id"] in known]
    found = estimated("sii", rows, *QUANTILE_COLUMNS, confidence=confidence, is_transformed=is_transformed)
    _compare(found, cases, {"value": "value", "rii": "rii", "intercept": "intercept"})
    for case in cases:
        # The peer's limits are those of 100 000 draws: ours lie within a part of a standard error of them.
        row = found[case["case_id"],]
        for ours, theirs in _interval(confidence).items():
            assert abs(float(row[ours]) - float(case[theirs])) < errors * float(row["se"]), (case["case_id"], ours)
        half_width = (float(row["rii_upper_ci"]) - float(row["rii_lower_ci"])) / 2
        for ours, theirs in _interval(confidence, "rii_").items():
            assert abs(float(row[ours]) - float(case[theirs])) < 0.045 * half_width, (case["case_id"], ours)


@pytest.mark.parametrize("is_inverted", [False, True])
def test_quantiles(estimated, is_inverted):
    cases = reference_cases("quantiles", is_inverted=str(is_inverted).lower())
    found = estimated(
        "quantile", cases, "case_id", "area", "value", key=("case_id", "area"), quantiles=5, is_inverted=is_inverted
    )
    _compare(found, cases, {"quantile": "quantile"}, key=("case_id", "area"))


# The words of analysts for the places that `fct_country_comparisons` names.
SIGNIFICANCE = {
    "within": "Not significant",
    "below_95": "Low (0.025)",
    "below_998": "Low (0.001)",
    "above_95": "High (0.025)",
    "above_998": "High (0.001)",
}
FUNNEL_COLUMNS = ("case_id", "area", "numerator", "denominator")


@pytest.mark.parametrize(("case_id", "is_rate"), [("P-FUNP1", False), ("P-FUNR1", True)])
def test_significance_in_funnels(estimated, case_id, is_rate):
    cases = reference_cases("funnel_positions", case_id=case_id)
    found = estimated("funnel", cases, *FUNNEL_COLUMNS, key=("area",), is_rate=is_rate)
    assert {area: row["significance"] for (area,), row in found.items()} == {
        case["area"]: SIGNIFICANCE[case["funnel_position"]] for case in cases
    }
    for row in found.values():
        is_inside = float(row["lower_95_limit"]) <= float(row["value"]) <= float(row["upper_95_limit"])
        assert is_inside == (row["significance"] == "Not significant")


def test_a_file_without_keys_is_one_case(estimated):
    found = estimated("mean", [{"value": "1"}, {"value": "2"}, {"value": "6"}], "value", key=())
    assert float(found[()]["value"]) == pytest.approx(3)
    assert float(found[()]["se"]) == pytest.approx(math.sqrt(7 / 3))
