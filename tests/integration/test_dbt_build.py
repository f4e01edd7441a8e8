"""From a small landing to the marts in one dbt process: unit tests, data tests, and what stands in the marts."""

import json
import shutil
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.catalogue import load_into, rows, table_types
from ingestion.disclosure.audit_build import audit_build
from ingestion.disclosure.errors import WrongTotalsError
from ingestion.warehouse import dbt
from ingestion.warehouse.landing import create_database
from tests.small_landing import ALL_SITES, EVENTS_BY_AGE, SECRET, fill_landing, regions_of

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def build_folder(tmp_path_factory) -> Path:
    """A build of the small landing; dbt's words are printed when it fails."""
    folder = tmp_path_factory.mktemp("build")
    with create_database(folder / "warehouse.duckdb") as connection:
        fill_landing(connection)
    finished = dbt.run(folder, folder / "dbt", "build")
    print(finished.stdout[-20_000:], finished.stderr)
    assert (folder / "dbt" / "run_results.json").exists()
    return folder


@pytest.fixture(scope="module")
def results(build_folder) -> list[dict[str, Any]]:
    return json.loads((build_folder / "dbt" / "run_results.json").read_text())["results"]


@pytest.fixture(scope="module")
def warehouse(build_folder):
    with duckdb.connect(str(build_folder / "warehouse.duckdb"), read_only=True) as connection:
        connection.execute("set search_path = 'marts'")
        yield connection


def _kinds(results: list[dict[str, Any]]) -> dict[str, int]:
    names = [result["unique_id"].split(".")[0] for result in results]
    return {name: names.count(name) for name in names}


def test_every_model_and_test_of_dbt_passes(results):
    wrong = {
        result["unique_id"]: result["message"] for result in results if result["status"] not in ("success", "pass")
    }
    assert wrong == {}
    assert set(_kinds(results)) == {"seed", "model", "test", "unit_test"}


def test_dbt_loads_the_catalogue_that_python_reads(warehouse):
    with duckdb.connect() as here:
        load_into(here)
        for table in table_types():
            expected = here.execute(f"from catalogue.{table}").fetchall()
            assert warehouse.execute(f"from catalogue.{table}").fetchall() == expected, table


def test_what_is_built_again_takes_the_place_of_the_former(build_folder, tmp_path):
    again = shutil.copytree(build_folder, tmp_path / "again")
    view, table, by_python = "stg_releases", "dim_release", "int_complementary_suppression"
    finished = dbt.run(again, again / "dbt", "run", "--select", view, table, by_python)
    assert finished.returncode == 0, finished.stdout
    assert _relations(again) == _relations(build_folder)


def _relations(folder: Path) -> list[tuple[str, str, str]]:
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(
            "select table_schema, table_name, table_type from information_schema.tables order by all"
        ).fetchall()


ESTIMATES = [
    # indicator, period, site, stratum: value, status, reason, method
    ("MTB_01", "2025", "C50", "TOTAL", 50.0, "published", None, "wilson"),
    ("MTB_01", "2025", "C50", "SEX:M", None, "suppressed", "suppressed", "none"),
    ("MTB_01", "2025", "C18-C21", "TOTAL", None, "not_reported", "not_reported", "none"),
    ("MTB_02", "2025", "C_SOLID_ADV", "AGE:Y40-64+SEX:F", 100 * 60 / 90, "published", None, "wilson"),
    ("MTB_02", "2025", "C_SOLID_ADV", "TOTAL", None, "not_reported", "not_reported", "none"),
    ("MTB_07", "2025-S1", "C_SOLID_ADV", "TOTAL", 57.0, "published", None, "none"),
    ("MTB_07", "2025-S2", "C_SOLID_ADV", "TOTAL", None, "suppressed", "suppressed", "none"),
    ("PRS_04", "2025-S1", "C50", "TOTAL", 31.0, "published", None, "none"),
    ("PRS_04", "2025-S2", "C50", "TOTAL", 33.0, "low_reliability", None, "none"),
    ("RSM_01", "2025", "C_SOLID_ADV", "SEX:F", None, "not_applicable", "no_reference_population", "none"),
    ("DRM_01", "2025", ALL_SITES, "TOTAL", None, "suppressed", "suppressed", "none"),
    ("HTA_01", "2025", ALL_SITES, "TOTAL", None, "not_reported", "not_reported", "none"),
    ("HTA_02", "2025", ALL_SITES, "TOTAL", None, "not_applicable", "not_applicable", "none"),
    ("LBX_05", "2025", "C50", "TOTAL", 1.0, "published", None, "none"),
    ("CTX_01", "2010", ALL_SITES, "TOTAL", 3.1, "published", None, "none"),
    ("CTX_01", "2025", ALL_SITES, "TOTAL", 2.5, "low_reliability", None, "none"),
]


@pytest.mark.parametrize("expected", ESTIMATES, ids=lambda row: "-".join(row[:4]))
def test_estimates(warehouse, expected):
    found = warehouse.execute(
        "select value, publication_status, null_reason, method from fct_estimates where country_code = 'AT' "
        "and (indicator_code, period, site_code, stratum_id) = (?, ?, ?, ?)",
        expected[:4],
    ).fetchall()
    assert found == [expected[4:]]


def test_rates_are_of_the_population_of_the_country_and_year(warehouse):
    [population] = [
        int(row["population_count"])
        for row in rows("populations")
        if (row["country_code"], row["population_year"]) == ("AT", "2025")
    ]
    found = warehouse.execute(
        "select value, denominator, method from fct_estimates where country_code = 'AT' and period = '2025' "
        "and indicator_code in ('RSM_01', 'EDU_01') and stratum_id = 'TOTAL' and value is not null order by value"
    ).fetchall()
    assert found == [
        (100000 * 4 / population, population, "exact_poisson"),
        (100000 * 250 / population, population, "byar"),
    ]


def test_a_rate_with_all_ages_and_their_populations_is_standardised(warehouse):
    weights = {"Y_LT15": 16_000, "Y15-39": 31_000, "Y40-64": 33_500, "Y65-74": 10_500, "Y_GE75": 9_000}
    weights = {age: weight / 100_000 for age, weight in weights.items()}
    expected = sum(weights[age] * events / people for age, (events, people) in EVENTS_BY_AGE.items())
    variance = sum(weights[age] ** 2 * events / people**2 for age, (events, people) in EVENTS_BY_AGE.items())
    key = "country_code = 'AT' and indicator_code = 'RSM_01' and dimension_code"
    [found] = warehouse.execute(
        "select value, se, numerator, denominator, method, is_sparse, publication_status from fct_estimates "
        f"where {key} = 'AGE_STANDARDISED'"
    ).fetchall()
    assert found[:2] == pytest.approx((100_000 * expected, 100_000 * variance**0.5))
    assert found[2:] == (250, 9_197_213, "dobson", False, "published")
    rates = warehouse.execute(f"select group_code, value from fct_estimates where {key} = 'AGE'").fetchall()
    assert dict(rates) == {age: 100_000 * events / people for age, (events, people) in EVENTS_BY_AGE.items()}


def test_no_mart_holds_a_number_that_is_none(warehouse):
    columns = warehouse.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where schema_name in ('intermediate', 'marts') and data_type = 'DOUBLE'"
    ).fetchall()
    assert len(columns) > 20
    for table, column in columns:
        found = f"select count(*) from {table} where not isfinite({column})"
        assert warehouse.execute(found).fetchall() == [(0,)], (table, column)


def _expected_headlines(country: str) -> set[tuple[str, str, str]]:
    """Return the headline figures that are expected of a country which sent nothing, from the catalogue alone."""
    requirements = {
        (row["indicator_code"], row["dimension_code"]): row["requirement"] for row in rows("indicator_disaggregations")
    }
    expected = set()
    for indicator in rows("indicators"):
        code = indicator["indicator_code"]
        sites = [row["site_code"] for row in rows("indicator_sites") if row["indicator_code"] == code] or [ALL_SITES]
        if requirements.get((code, "SITE")) != "required":
            sites = sites[:1]
        periods = [
            row["period"] for row in rows("round_periods") if row["periodicity_code"] == indicator["periodicity_code"]
        ]
        expected |= set(product([code], periods, sites))
    return expected


def test_a_country_that_sent_nothing_has_every_headline_as_not_reported(warehouse):
    found = warehouse.execute(
        "select indicator_code, period, site_code, publication_status from fct_estimates where country_code = 'FI'"
    ).fetchall()
    assert {row[:3] for row in found} == _expected_headlines("FI")
    assert {row[3] for row in found} == {"not_reported"}


COMPLETENESS = [
    # country, indicator, period, dimension: expected, reported, status
    ("AT", "MTB_01", "2025", "TOTAL", 1, 1, "complete"),
    ("AT", "MTB_01", "2025", "SITE", 6, 2, "partial"),
    # Four sites have both sexes, ovary and prostate have one.
    ("AT", "MTB_01", "2025", "SEX", 8, 2, "partial"),
    ("AT", "MTB_01", "2025", "NUTS2", 6 * len(regions_of("AT")), len(regions_of("AT")), "partial"),
    ("AT", "MTB_01", "2022", "TOTAL", 1, 0, "not_reported"),
    ("AT", "RSM_01", "2025", "SEX", 2, 1, "partial"),
    ("AT", "DRM_01", "2025", "TOTAL", 1, 1, "suppressed"),
    ("AT", "HTA_01", "2025", "TOTAL", 1, 0, "not_reported"),
    ("AT", "HTA_02", "2025", "TOTAL", 0, 0, "not_applicable"),
    # Ages at another level are what was asked for.
    ("AT", "CPS_01", "2025", "AGE", 2, 2, "complete"),
    ("LU", "MTB_01", "2025", "NUTS2", 0, 0, "not_applicable"),
    ("FI", "MTB_01", "2025", "NUTS2", 6 * len(regions_of("FI")), 0, "not_reported"),
]


@pytest.mark.parametrize("expected", COMPLETENESS, ids=lambda row: "-".join(row[:4]))
def test_completeness(warehouse, expected):
    found = warehouse.execute(
        "select expected_count, reported_count, completeness_status from fct_completeness "
        "where (country_code, indicator_code, period, dimension_code) = (?, ?, ?, ?)",
        expected[:4],
    ).fetchall()
    assert found == [expected[4:]]


GAPS = [
    # country, indicator, period, site, dimension: difference, ratio, reason, better-off group, other group
    ("AT", "MTB_01", "2025", "C50", "NUTS2", 60.0, 4.0, None, regions_of("AT")[1], regions_of("AT")[0]),
    ("AT", "MTB_01", "2025", "C50", "SEX", None, None, "suppressed_group", None, None),
    ("AT", "MTB_01", "2025", "C61", "SEX", None, None, "not_applicable", None, None),
    ("AT", "CPS_01", "2025", "C56_C57_C48", "AGE", 20.0, 1.5, None, "Y50-54", "Y55-59"),
    # Lower is better: the most disadvantaged less the most advantaged.
    ("AT", "RIP_05", "2019", "C50", "ISCED11", 20.0, 2.0, None, "ED5-8", "ED0-2"),
    ("AT", "RSM_01", "2025", "C_SOLID_ADV", "SEX", None, None, "not_applicable", None, None),
    ("LU", "MTB_01", "2025", "C50", "NUTS2", None, None, "single_region", None, None),
]


@pytest.mark.parametrize("expected", GAPS, ids=lambda row: "-".join(row[:5]))
def test_gaps(warehouse, expected):
    found = warehouse.execute(
        "select estimate, null_reason, reference_group, compared_group from fct_inequalities "
        "where (country_code, indicator_code, period, site_code, dimension_code) = (?, ?, ?, ?, ?) "
        "and measure in ('d', 'r') order by measure",
        expected[:5],
    ).fetchall()
    difference, ratio, *rest = expected[5:]
    assert [row[0] for row in found] == pytest.approx([difference, ratio])
    assert [row[1:] for row in found] == [tuple(rest)] * 2


def test_the_error_of_a_gap_is_that_of_its_two_proportions(warehouse):
    [(error,)] = warehouse.execute(
        "select se from fct_inequalities where (indicator_code, dimension_code, measure) = ('RIP_05', 'ISCED11', 'd')"
    ).fetchall()
    assert error == pytest.approx(100 * (0.4 * 0.6 / 400 + 0.2 * 0.8 / 300) ** 0.5)


def test_parts_make_the_table_that_is_made_at_once(build_folder, tmp_path):
    copy = tmp_path / "warehouse.duckdb"
    shutil.copyfile(build_folder / "warehouse.duckdb", copy)
    finished = dbt.run(
        tmp_path, tmp_path / "dbt", "run", "--select", "fct_inequalities", "--vars", "{units_in_part: 7}"
    )
    assert finished.returncode == 0, finished.stdout

    def measures(folder: Path) -> list[Any]:
        with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute("from marts.fct_inequalities").fetchall()

    made = measures(tmp_path)
    assert made == measures(build_folder)
    assert len({row[:5] for row in made}) > 7


def test_a_change_is_that_of_two_proportions(warehouse):
    found = warehouse.execute(
        "select baseline, baseline_period, change, se, direction from fct_trends "
        "where (country_code, indicator_code, period, site_code, measure) = ('LU', 'MTB_01', '2025', 'C50', 'value')"
    ).fetchall()
    share = 112 / 210
    error = 100 * (0.5 * 0.5 / 200 + share * (1 - share) / 210) ** 0.5
    change = pytest.approx(100 * share - 50)
    assert found == [
        (baseline, "2024", change, pytest.approx(error), "no_clear_change") for baseline in ("first", "previous")
    ]


def test_a_correction_replaces_its_block_and_leaves_the_rest(warehouse):
    found = warehouse.execute(
        "select period, site_code, stratum_id, submission_id from fct_observations "
        "where country_code = 'LU' order by all"
    ).fetchall()
    assert found == [
        ("2024", "C50", "TOTAL", "LU-1"),
        ("2025", "C50", "NUTS2:LU00", "LU-2"),
        ("2025", "C50", "TOTAL", "LU-2"),
        ("2025", "C61", "TOTAL", "LU-2"),
    ]


def test_vintages(warehouse):
    found = warehouse.execute(
        "select period, site_code, vintage_number, numerator, is_suppressed, first_release_id, last_release_id, "
        "is_current from obs_vintages where country_code = 'LU' and stratum_id = 'TOTAL' order by all"
    ).fetchall()
    assert found == [
        ("2024", "C50", 1, 100, False, "2026.1", "2026.3", True),
        ("2025", "C18-C21", 1, 70, False, "2026.1", "2026.1", False),
        ("2025", "C50", 1, 110, False, "2026.1", "2026.1", False),
        ("2025", "C50", 2, 112, False, "2026.3", "2026.3", True),
        ("2025", "C61", 1, None, True, "2026.3", "2026.3", True),
    ]


def test_every_submission_is_told_of_and_only_some_are_in_force(warehouse):
    found = dict(warehouse.execute("select submission_id, is_in_force from dim_submission").fetchall())
    assert found == {"AT-1": True, "LU-1": True, "LU-2": True, "MT-1": True, "SI-1": False}
    assert warehouse.execute("select country_code, rule, finding_count from quality.findings").fetchall() == [
        ("SI", "P01", 3)
    ]


def test_periods_and_strata_are_described(warehouse):
    period = "select periodicity_code, period_start_on::varchar, period_end_on::varchar, is_expected from dim_period"
    assert warehouse.execute(f"{period} where period = '2025-S2'").fetchall() == [
        ("S", "2025-07-01", "2025-12-31", True)
    ]
    assert warehouse.execute(f"{period} where period = '2010'").fetchall() == [("A", "2010-01-01", "2010-12-31", False)]
    stratum = "select dimension_code, group_code, group_name, sex, age, nuts2 from dim_stratum where stratum_id = ?"
    assert warehouse.execute(stratum, ["AGE:Y40-64+SEX:F"]).fetchall() == [
        ("CROSS", "Y40-64+F", "From 40 to 64 years, Females", "F", "Y40-64", None)
    ]
    assert warehouse.execute(stratum, ["TOTAL"]).fetchall() == [("TOTAL", "TOTAL", "Total", None, None, None)]


HIDDEN = [
    ("AT", "DRM_01", "2025", ALL_SITES, "TOTAL"),
    ("AT", "MTB_01", "2025", "C50", "SEX:F"),  # protects the next one
    ("AT", "MTB_01", "2025", "C50", "SEX:M"),
    ("AT", "MTB_07", "2025-S2", "C_SOLID_ADV", "TOTAL"),
    ("LU", "MTB_01", "2025", "C61", "TOTAL"),
]


def test_only_what_must_be_hidden_is_hidden(warehouse):
    key = "country_code, indicator_code, period, site_code, stratum_id"
    found = warehouse.execute(f"select {key} from fct_observations where is_suppressed order by all").fetchall()
    assert found == HIDDEN


@pytest.mark.parametrize("table", ["fct_observations", "fct_estimates", "obs_vintages"])
def test_what_is_hidden_has_no_number_in_any_table(warehouse, table):
    described = warehouse.execute(f"describe {table}").fetchall()
    numbers = ", ".join(name for name, kind, *_ in described if kind == "DOUBLE")
    key = "(country_code, indicator_code, period, site_code, stratum_id)"
    for hidden in HIDDEN:
        found = warehouse.execute(
            f"select coalesce({numbers}) from {table} where {key} = (?, ?, ?, ?, ?)", hidden
        ).fetchall()
        assert found == [(None,)], hidden


def test_no_public_table_holds_a_remark_about_what_is_hidden(warehouse):
    tables = warehouse.execute(
        "select schema_name || '.' || table_name, string_agg(column_name, ', ') from duckdb_columns() "
        "where schema_name in ('marts', 'quality') group by all order by all"
    ).fetchall()
    assert "marts.obs_vintages" in dict(tables)
    for table, columns in tables:
        found = f"select count(*) from {table} where contains(concat_ws('|', {columns}), ?)"
        assert warehouse.execute(found, [SECRET]).fetchall() == [(0,)], table


def test_whatever_is_published_is_derived_from_what_is_published(build_folder, warehouse):
    # Counts reach the public tables through the observations from which everything hidden was removed, and only so:
    # no measure, rank, pooled value or difference can tell more of a hidden count than the figures that are shown.
    manifest = json.loads((build_folder / "dbt" / "manifest.json").read_text())
    without_counts = ("int_blocks_in_force", "int_series_breaks", "int_held_blocks")
    safe = ("int_protected_observations", *without_counts)
    [landed] = [name for name in manifest["sources"] if name.endswith(".landing.observations")]
    reached, waiting = set(), [landed]
    while waiting:
        children = {child for child in manifest["child_map"][waiting.pop()] if child.startswith("model.")}
        further = {child for child in children - reached if not child.endswith(safe)}
        reached |= further
        waiting += further
    assert "int_primary_suppression" in {name.split(".")[-1] for name in reached}
    assert {manifest["nodes"][name]["schema"] for name in reached} == {"staging", "intermediate"}
    columns = "select distinct column_name from duckdb_columns() where table_name in (?, ?, ?) order by all"
    assert [name for (name,) in warehouse.execute(columns, without_counts).fetchall()] == [
        "country_code",
        "dimension_code",
        "indicator_code",
        "is_this_release",
        "period",
        "release_id",
        "release_number",
        "site_code",
        "submission_id",
    ]


@pytest.fixture
def tampered(build_folder, tmp_path):
    """A copy of the build and a connection to change it behind its back; the regions of AT, which do not add up, go."""
    copy = tmp_path / "warehouse.duckdb"
    shutil.copyfile(build_folder / "warehouse.duckdb", copy)

    def change(*statements):
        with duckdb.connect(str(copy)) as connection:
            for statement in ("delete from landing.observations where nuts2 is not null", *statements):
                connection.execute(statement)
        return [(each.country_code, *each.exposed_blocks) for each in audit_build(copy) if each.exposed_blocks]

    return change


def test_the_disclosure_audit_accepts_the_build(tampered):
    assert tampered() == []


def test_the_disclosure_audit_sees_the_figure_that_protected_another_one(tampered):
    women = "where site_code = 'C50' and stratum_id = 'SEX:F'"
    shown = f"update marts.obs_vintages set numerator = 396, denominator = 790 {women}"
    assert tampered(shown) == [("AT", ("MTB_01", "2025"))]


def test_the_disclosure_audit_sees_a_small_count_that_is_shown(tampered):
    shown = (
        "update marts.obs_vintages set numerator = 52, denominator = 55 where site_code = 'C61' and numerator is null"
    )
    assert [country for country, *_ in tampered(shown)] == ["LU"]


def test_parts_that_are_more_than_their_total_stop_the_disclosure_audit(build_folder):
    with pytest.raises(WrongTotalsError, match="AT MTB_01 2025: the parts by NUTS2 are more than their total"):
        audit_build(build_folder / "warehouse.duckdb")


TAMPERED = [
    # data test of dbt, what is done to a good build behind its back
    ("no_small_counts_fct_observations_", "update marts.fct_observations set numerator = 10 where numerator = 400"),
    (
        "no_small_counts_fct_estimates_",
        "update marts.fct_estimates set numerator = denominator - 1 where numerator = 400",
    ),
    ("no_small_counts_obs_vintages_", "update marts.obs_vintages set denominator = 1 where numerator = 400"),
    ("no_small_counts_int_protected_observations_", "update intermediate.int_protected_observations set numerator = 1"),
    ("assert_hidden_is_hidden_everywhere", "update marts.fct_observations set obs_value = 3 where is_suppressed"),
    ("assert_hidden_is_hidden_everywhere", "update marts.fct_estimates set publication_status = 'published'"),
    ("assert_estimates_agree_with_their_status", "update marts.fct_estimates set p25 = 1"),
    ("assert_estimates_agree_with_their_status", "update marts.fct_estimates set upper_ci = 0 where value > 0"),
    ("assert_estimates_agree_with_their_status", "update marts.fct_estimates set se = 1 where method = 'none'"),
    ("assert_estimates_agree_with_their_status", "update marts.fct_estimates set has_too_many_unknown = true"),
    ("assert_inequalities_agree_with_their_reason", "update marts.fct_inequalities set estimate = 1"),
    ("finite_fct_estimates", "update marts.fct_estimates set value = 'nan'::double where value > 0"),
    ("finite_fct_estimates", "update marts.fct_estimates set se = 'inf'::double where value > 0"),
    ("finite_fct_inequalities", "update marts.fct_inequalities set estimate = 'inf'::double where estimate > 0"),
    (
        "finite_fct_country_comparisons",
        "update marts.fct_country_comparisons set value = 'nan'::double where value > 0",
    ),
    (
        "assert_comparisons_agree_with_themselves",
        "update marts.fct_country_comparisons set rank_lower = rank + 1, rank_upper = rank + 1 where rank = 1",
    ),
    ("assert_comparisons_agree_with_themselves", "update marts.fct_country_comparisons set eu_position = 'worse'"),
    ("assert_values_of_the_eu_agree_with_their_basis", "update marts.fct_eu_values set value = 50"),
    ("assert_convergence_agrees_with_its_reason", "update marts.fct_convergence set estimate = 1"),
    ("assert_trends_stay_within_their_series", "update marts.fct_trends set null_reason = null"),
    (
        "assert_trends_stay_within_their_series",
        "insert into intermediate.int_series_breaks values ('LU', 'MTB_01', '2025', 'C50', 'TOTAL')",
    ),
    ("grain_fct_observations", "insert into marts.fct_observations from marts.fct_observations limit 1"),
    (
        "known_keys_fct_observations",
        "update marts.fct_observations set stratum_id = 'SEX:X' where stratum_id = 'SEX:F'",
    ),
    ("known_keys_fct_observations", "update marts.fct_observations set site_code = 'C99' where site_code = 'C50'"),
    (
        "assert_completeness_is_the_grid",
        "delete from marts.fct_completeness where country_code = 'FI' and period = '2025'",
    ),
    ("assert_completeness_is_the_grid", "update marts.fct_completeness set reported_count = 99"),
    (
        "assert_completeness_is_the_grid",
        "delete from marts.fct_estimates where country_code = 'FI' and period = '2025'",
    ),
    ("assert_current_vintages_are_the_observations", "update marts.obs_vintages set is_current = not is_current"),
    (
        "assert_every_stratum_dimension_is_read",
        "insert into catalogue.dimensions (dimension_code, is_stratum) values ('WEALTH', true)",
    ),
]


@pytest.mark.parametrize(("name", "tampering"), TAMPERED)
def test_a_data_test_sees_what_is_wrong(build_folder, results, tmp_path, name, tampering):
    [sql] = [each["compiled_code"] for each in results if each["unique_id"].split(".")[2].startswith(name)]
    shutil.copyfile(build_folder / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        assert connection.execute(sql).fetchall() == []
        connection.execute(tampering)
        assert connection.execute(sql).fetchall() != []
