"""The suites of revision and drift on small marts whose verdict can be seen by eye."""

from pathlib import Path

import duckdb
import pytest

from expectations.gate import SUITES_FOLDER
from expectations.suites import Suite, load_suites

pytestmark = pytest.mark.integration

FIGURES = 40


@pytest.fixture
def warehouse(tmp_path) -> Path:
    """Two releases: FR corrects a little, PL sends another unit, DE loses what it had, LU turns a gap round.

    ES multiplies both counts, so that each value stays.
    """
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create schema marts; create table marts.dim_release as select * from "
            "(values ('2026.1', 1), ('2026.2', 2)) as releases (release_id, release_sequence)"
        )
        connection.execute(
            "create table marts.obs_vintages as select *, last_release_id = '2026.2' as is_current from "
            "(select '' as country_code, 'MTB_01' as indicator_code, '2025' as period, '' as site_code, "
            "'' as stratum_id, 0::double as numerator, 100::double as denominator, null::double as obs_value, "
            "'' as first_release_id, '' as last_release_id, '' as submission_id) limit 0"
        )
        insert = "insert into marts.obs_vintages by name select ? as country_code, 'MTB_01' as indicator_code, "
        insert += "'2025' as period, 'S' || number as site_code, ? as stratum_id, ?::double as numerator, "
        insert += "?::double as denominator, ? as first_release_id, ? as last_release_id, ? as submission_id, "
        insert += "? = '2026.2' as is_current from range(?::integer, ?::integer) as numbers (number)"

        def stand(country, stratum, numerator, first, last, start, end, denominator=100):
            values = [country, stratum, numerator, denominator, first, last, f"{country}-1", last, start, end]
            connection.execute(insert, values)

        for country in ("FR", "PL", "LU"):
            stand(country, "TOTAL", 5, "2026.1", "2026.2", 0, 10)
        stand("FR", "TOTAL", 5, "2026.1", "2026.1", 10, 12)
        stand("FR", "TOTAL", 5.5, "2026.2", "2026.2", 10, 12)
        stand("FR", "TOTAL", 5, "2026.1", "2026.2", 12, FIGURES)
        stand("PL", "TOTAL", 5, "2026.1", "2026.1", 10, FIGURES)
        stand("PL", "TOTAL", 50, "2026.2", "2026.2", 10, FIGURES)
        stand("DE", "TOTAL", 5, "2026.1", "2026.1", 1, FIGURES)
        stand("DE", "TOTAL", 5, "2026.1", "2026.2", 0, 1)
        stand("ES", "TOTAL", 5, "2026.1", "2026.1", 0, FIGURES)
        stand("ES", "TOTAL", 50, "2026.2", "2026.2", 0, FIGURES, denominator=1000)
        stand("LU", "SEX:F", 40, "2026.1", "2026.1", 0, 1)
        stand("LU", "SEX:M", 20, "2026.1", "2026.2", 0, 1)
        stand("LU", "SEX:F", 10, "2026.2", "2026.2", 0, 1)
        # The same raw values in both groups, as before: their gap comes from elsewhere, such as their ages.
        for stratum in ("SEX:F", "SEX:M"):
            stand("IT", stratum, 20, "2026.1", "2026.2", 0, 1)
        connection.execute(
            "create table marts.fct_inequalities as select unnest(['LU', 'IT']) as country_code, "
            "'MTB_01' as indicator_code, '2025' as period, 'S0' as site_code, 'SEX' as dimension_code, 'd' as measure, "
            "5.0 as lower_ci, 15.0 as upper_ci, 'M' as reference_group, 'F' as compared_group"
        )
        connection.execute(
            "create table marts.fct_estimates as select country_code, 'I' || indicator as indicator_code, "
            "'ALL' as site_code, period::varchar as period, 'TOTAL' as stratum_id, "
            "'published' as publication_status, false as is_break_in_series, "
            "if(country_code = 'PL' and period = 2025, 90.0, 9.0 + indicator / 10) as value "
            "from (values ('FR'), ('PL')) as countries (country_code), range(10) as indicators (indicator), "
            "range(2022, 2026) as periods (period)"
        )
    return path


def _failed(name: str, warehouse: Path, current_release_id: str | None = "2026.1") -> dict[str, list[dict]]:
    from expectations.run import run_suite

    [suite] = [each for each in load_suites(SUITES_FOLDER) if each.name == name]
    given = {"current_release_id": current_release_id, "built_on": "2026-11-25"}
    results = run_suite(suite, warehouse, given=given)
    return {result["expectation"]: result["failures"] for result in results if not result["success"]}


def _countries(failed: dict[str, list[dict]]) -> dict[str, list[str]]:
    return {name: [failure["country_code"] for failure in failures] for name, failures in failed.items()}


def test_a_revision_is_told_apart_by_country(warehouse):
    assert _countries(_failed("revision", warehouse)) == {
        "REV_CHANGED": ["PL"],
        "REV_GONE": ["DE"],
        "REV_EMPTIED": ["DE"],
        "REV_SIZE": ["PL"],
        "REV_UNIT": ["PL"],
        "REV_BASE": ["ES"],
        "REV_FLIPPED": ["LU"],
    }


def test_nothing_is_revised_before_the_first_release(warehouse):
    assert _failed("revision", warehouse, None) == {}


def test_a_country_that_leaves_its_past_has_drifted(warehouse):
    assert _countries(_failed("drift", warehouse)) == {"DRF_SOME": ["PL"], "DRF_MOST": ["PL"]}


def test_the_hash_of_what_failed_changes_with_a_figure_and_not_with_its_submission(warehouse):
    def hash_of_poland() -> str:
        return _failed("revision", warehouse)["REV_UNIT"][0]["cells_sha256"]

    def change(assignment: str) -> None:
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(f"update marts.obs_vintages set {assignment} where country_code = 'PL' and is_current")

    first = hash_of_poland()
    change("submission_id = 'PL-2'")
    assert hash_of_poland() == first
    change("numerator = numerator * 1.1")
    assert hash_of_poland() != first


def test_the_hash_of_what_failed_in_a_country_does_not_depend_on_another_country(tmp_path):
    from expectations.run import run_suite

    expectation = {"id": "X", "severity": "critical", "scope": "country", "sentence": "No country is named."}
    expectation |= {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "country_code", "value_set": []}}
    with duckdb.connect(str(tmp_path / "empty.duckdb")):
        pass

    def hash_of_luxembourg(figures: str) -> str:
        suite = Suite("made", "nobody", f"from (values {figures}) as made (country_code, event_count)", (expectation,))
        [result] = run_suite(suite, tmp_path / "empty.duckdb", given={})
        return next(each["cells_sha256"] for each in result["failures"] if each["country_code"] == "LU")

    assert hash_of_luxembourg("('LU', 3), ('BE', null)") == hash_of_luxembourg("('LU', 3)")
