"""What is said of the public tables is complete, and says one thing once."""

import re

import pytest

from ingestion.catalogue import table_types
from ingestion.metadata.sdmx import codes_of, flows
from ingestion.metadata.tables import COLUMNS_FILE, _yaml, documented_tables
from ingestion.settings import PROJECT_ROOT

IMPORTED = re.compile(r"^\s*(?:import|from) (\w+)", re.MULTILINE)
TABLES = documented_tables()
ESTIMATES = TABLES["marts", "fct_estimates"]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: f"{table.schema}.{table.name}")
def test_every_table_and_column_has_a_description(table):
    assert table.description.endswith((".", "?"))
    assert [column.name for column in table.columns if not column.description.endswith(".")] == []


def test_every_meaning_is_used_by_the_catalogue():
    names = {name for columns in table_types().values() for name in columns}
    places = {f"{table}.{name}" for table, columns in table_types().items() for name in columns}
    assert set(_yaml(COLUMNS_FILE)) <= names | places


def test_keys_and_references_are_those_that_the_tests_of_the_models_hold():
    assert ESTIMATES.key == ("country_code", "indicator_code", "period", "site_code", "stratum_id")
    assert ESTIMATES.references["country_code"] == ("dim_country", "country_code")
    assert ESTIMATES.references["site_code"] == ("codes_site", "code")
    assert TABLES["marts", "fct_inequalities"].references["dimension_code"] == ("dimensions", "dimension_code")


@pytest.mark.parametrize(
    ("table", "column", "unit"),
    [
        ("fct_estimates", "value", "unit of the indicator"),
        ("fct_estimates", "numerator", "count"),
        ("fct_estimates", "unknown_pct", "percent"),
        ("fct_estimates", "country_code", ""),
        ("fct_country_comparisons", "gap_to_best_se", "unit of the indicator"),
        ("fct_country_comparisons", "country_count", "count"),
        ("fct_eu_values", "country_count", "count"),
        ("fct_eu_values", "country_median", "unit of the indicator"),
        ("fct_inequalities", "estimate", "unit of the measure"),
        ("fct_convergence", "lower_ci", "unit of the measure"),
        ("fct_country_comparisons", "funnel_position", ""),
    ],
)
def test_units_follow_the_names(table, column, unit):
    [found] = [each.unit for each in TABLES["marts", table].columns if each.name == column]
    assert found == unit


def test_the_codes_of_sdmx_are_the_catalogues_with_a_total_for_every_dimension():
    lists = {part.name: dict(codes_of(part)) for flow in flows() for part in flow.components if part.code_list}
    assert lists["SEX"] == {"T": "Total", "F": "Females", "M": "Males"} | {"UNK": lists["SEX"]["UNK"]}
    assert lists["NUTS2"]["_T"] == "Total"
    assert "AGE_STANDARDISED" in lists["AGE"]


def test_the_product_imports_no_validator():
    files = [
        path for room in ("ingestion", "expectations", "dashboards") for path in (PROJECT_ROOT / room).rglob("*.py")
    ]
    found = {match for path in files for match in IMPORTED.findall(path.read_text(encoding="utf-8"))}
    assert found & {"csvw", "datacite", "frictionless", "lxml", "prov", "pyshacl", "pysdmx", "rdflib"} == set()
