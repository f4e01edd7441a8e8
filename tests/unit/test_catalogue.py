"""The catalogue is complete, consistent in itself, and the only place where a list of codes stands."""

import csv
import itertools
import re
from datetime import date

import duckdb
import pytest

from ingestion.catalogue import CATALOGUE_FOLDER, load_into, roster_countries, rows, table_types
from ingestion.settings import PROJECT_ROOT

CODE_LISTS = sorted(path.stem for path in CATALOGUE_FOLDER.glob("codes_*.csv"))
# (table, column, table that it refers to, column there)
REFERENCES = [
    ("indicators", "theme_code", "themes", "theme_code"),
    ("indicators", "measure_type_code", "codes_measure_type", "code"),
    ("indicators", "periodicity_code", "codes_periodicity", "code"),
    ("indicator_sites", "indicator_code", "indicators", "indicator_code"),
    ("indicator_sites", "site_code", "codes_site", "code"),
    ("indicator_disaggregations", "indicator_code", "indicators", "indicator_code"),
    ("indicator_disaggregations", "dimension_code", "dimensions", "dimension_code"),
    ("indicator_changes", "indicator_code", "indicators", "indicator_code"),
    ("indicator_changes", "new_indicator_code", "indicators", "indicator_code"),
    ("targets", "indicator_code", "indicators", "indicator_code"),
    ("benchmarks", "indicator_code", "indicators", "indicator_code"),
    ("roster", "country_code", "countries", "country_code"),
    ("populations", "country_code", "countries", "country_code"),
    ("codes_nuts2", "country_code", "countries", "country_code"),
    ("round_periods", "round_id", "rounds", "round_id"),
    ("round_periods", "periodicity_code", "codes_periodicity", "code"),
    ("submission_columns", "code_list", None, None),
    ("dimensions", "code_list", None, None),
]


def _values(table: str, column: str) -> set[str]:
    return {row[column] for row in rows(table) if row[column]}


def test_every_file_is_described_and_every_described_file_exists():
    assert sorted(table_types()) == sorted(path.stem for path in CATALOGUE_FOLDER.glob("*.csv"))


@pytest.mark.parametrize("table", sorted(table_types()))
def test_columns_are_those_described(table):
    with (CATALOGUE_FOLDER / f"{table}.csv").open(newline="", encoding="utf-8") as stream:
        assert next(csv.reader(stream)) == list(table_types()[table])


def test_an_old_region_leads_to_regions_of_today():
    today, changes = _values("codes_nuts2", "code"), rows("nuts2_changes")
    assert not {row["old_code"] for row in changes} & today
    assert {code for row in changes for code in row["new_codes"].split("|")} <= today
    assert len({row["old_code"] for row in changes}) == len(changes)
    countries = {row["code"]: row["country_code"] for row in rows("codes_nuts2")}
    # Two that became one, or one that became two, are not the same place; one may have been renamed twice.
    new_codes = [(row["nuts_version"], code) for row in changes for code in row["new_codes"].split("|")]
    for row in changes:
        codes = row["new_codes"].split("|")
        assert {countries[code] for code in codes} == {row["old_code"][:2]}, row
        if row["is_same_area"] == "true":
            assert len(codes) == 1 and new_codes.count((row["nuts_version"], codes[0])) == 1, row


@pytest.mark.parametrize(
    ("old_code", "new_codes", "nuts_version", "is_same_area"),
    [
        ("EL14", "EL61", "2013", "true"),
        ("FR91", "FRY1", "2013", "true"),
        ("SI02", "SI04", "2013", "false"),
        ("FR52", "FRH0", "2016", "true"),
        ("HU10", "HU11|HU12", "2016", "false"),
        ("IE01", "IE04|IE06", "2016", "false"),
        ("LT00", "LT01|LT02", "2016", "false"),
        ("PL11", "PL71", "2016", "true"),
        ("PL12", "PL91|PL92", "2016", "false"),
        ("HR04", "HR02|HR05|HR06", "2021", "false"),
        ("NO04", "NO09|NO0A", "2021", "false"),
        ("NL31", "NL35", "2024", "false"),
    ],
)
def test_regions_changed_as_eurostat_says(old_code, new_codes, nuts_version, is_same_area):
    [row] = [row for row in rows("nuts2_changes") if row["old_code"] == old_code]
    assert (row["new_codes"], row["nuts_version"], row["is_same_area"]) == (new_codes, nuts_version, is_same_area)


def test_an_indicator_is_retired_or_redefined():
    assert {row["change"] for row in rows("indicator_changes")} <= {"retired", "redefined"}


def test_every_table_loads_with_its_types():
    with duckdb.connect() as connection:
        load_into(connection)
        for table in table_types():
            [count] = connection.execute(f"select count(*) from catalogue.{table}").fetchone()
            assert count == len(rows(table))
            # No indicator was retired or redefined yet.
            assert count > 0 or table == "indicator_changes"


@pytest.mark.parametrize(("table", "column", "there", "there_column"), REFERENCES)
def test_references_lead_somewhere(table, column, there, there_column):
    targets = set(table_types()) if there is None else _values(there, there_column)
    assert _values(table, column) <= targets


def test_indicators_are_the_fifty_and_the_context_series():
    by_theme = {theme: [] for theme in _values("themes", "theme_code")}
    for row in rows("indicators"):
        by_theme[row["theme_code"]].append(row["indicator_code"])
    assert all(by_theme.values()), "a theme without indicators"
    assert by_theme["CTX"] == [f"CTX_0{number}" for number in range(1, 7)]
    assert sum(map(len, by_theme.values())) == 56


def test_roster_countries_have_a_population_for_every_expected_year():
    years = {period[:4] for period in _values("round_periods", "period") if period >= "2022"}
    known = {(row["country_code"], row["population_year"]) for row in rows("populations")}
    assert set(itertools.product(_values("roster", "country_code"), years)) <= known


def test_every_roster_country_has_regions():
    assert _values("roster", "country_code") <= _values("codes_nuts2", "country_code")


def test_disclosure_policies_only_make_the_default_stricter():
    default, *special = rows("disclosure_policy")
    assert (default["policy_code"], default["country_code"], default["indicator_code"]) == ("default", "", "")
    for row in (default, *special):
        assert int(row["threshold_count"]) >= int(default["threshold_count"]) >= 11, row["policy_code"]
        assert row["count_treatment"] in ("exact", "rounded", "noise"), row["policy_code"]
        assert row["country_code"] in {"", *_values("countries", "country_code")}
        assert row["indicator_code"] in {"", *_values("indicators", "indicator_code")}


def test_the_roster_has_dates():
    assert roster_countries(date(2025, 10, 31)) == []
    everybody = sorted(_values("roster", "country_code"))
    assert roster_countries(date(2025, 11, 1)) == roster_countries(date(2025, 10, 31), date(2025, 11, 1)) == everybody


def _source_files():
    for ending in ("py", "sql", "yml", "html", "css"):
        for path in PROJECT_ROOT.rglob(f"*.{ending}"):
            parts = path.relative_to(PROJECT_ROOT).parts
            if not parts[0].startswith(".") and parts[0] not in ("tests", "build") and "target" not in parts:
                yield path


def _distinctive_codes() -> dict[str, set[str]]:
    """Return {table: codes} for the lists whose codes can be told from other words (F and M cannot)."""
    found = {}
    for table in (*CODE_LISTS, "indicators", "roster", "themes"):
        column = "code" if table in CODE_LISTS else next(iter(table_types()[table]))
        found[table] = {code for code in _values(table, column) if len(code) > 1 and code not in ("TOTAL", "UNK")}
    return {table: codes for table, codes in found.items() if len(codes) >= 3}


@pytest.mark.parametrize(("table", "distinctive"), _distinctive_codes().items())
def test_no_code_list_is_written_a_second_time(table, distinctive):
    """A file that quotes most of a list's codes repeats the list."""
    for path in _source_files():
        quoted = set(re.findall(r"[\"'>]([A-Z][A-Za-z0-9_-]{1,20})[\"'<]", path.read_text(encoding="utf-8")))
        repeated = quoted & distinctive
        assert len(repeated) < max(3, len(distinctive) * 0.6), f"{path} repeats {table}: {sorted(repeated)}"
