"""The rows of a template are those that the pipeline expects."""

import csv
import shutil
import subprocess
import sys
from collections import Counter

import duckdb
import pytest

from ingestion.catalogue import load_into, rows
from ingestion.errors import UsageError
from ingestion.measures.models import run_model
from ingestion.settings import PROJECT_ROOT
from ingestion.templates import Asked, expected_figures, fingerprint_of, judge_fingerprint, require_asked

ROSTER = [row["country_code"] for row in rows("roster")]
ROUND = rows("rounds")[-1]["round_id"]
ALL_SITES = next(row["total_code"] for row in rows("dimensions") if row["dimension_code"] == "SITE")
# The relatives of a patient of one sex are of either sex: the template asks for them, the pipeline only keeps them.
OF_EITHER_SEX = {row["indicator_code"] for row in rows("check_exceptions") if row["rule"] == "P05"}
MODELS = ("int_roster", "int_expected_periods", "int_expected_sites", "int_groups")


def dimension(figure):
    return next((name for name, _ in figure.groups), "TOTAL")


def grid():
    return {country: expected_figures(Asked(country, ROUND)) for country in ROSTER}


def pipeline(totals_sent):
    """{(country, indicator, period, dimension): expected rows} by the SQL of the pipeline, once some totals arrived."""
    with duckdb.connect() as connection:
        load_into(connection)
        connection.execute("set search_path = 'main,catalogue'")
        connection.execute(f"create table stg_releases as select '{ROUND}' as round_id, true as is_this_release")
        columns = "country_code varchar, indicator_code varchar, period varchar, site_code varchar, stratum_id varchar"
        connection.execute(f"create table fct_observations ({columns})")
        if totals_sent:
            columns = ", ".join(f"unnest(${number}::varchar[])" for number in range(1, 5))
            connection.execute(
                f"insert into fct_observations select {columns}, 'TOTAL'",
                [list(column) for column in zip(*totals_sent, strict=True)],
            )
        for name in MODELS:
            run_model(connection, name)
        connection.execute(
            "create table fct_estimates as select *, 'TOTAL' as stratum_id, 'TOTAL' as dimension_code, "
            "'TOTAL' as group_code, 'not_reported' as publication_status, null::varchar as null_reason "
            "from int_expected_sites"
        )
        run_model(connection, "int_expected_figures")
        counted = "select country_code, indicator_code, period, dimension_code, count(*) from int_expected_figures"
        return {tuple(row[:4]): row[4] for row in connection.execute(f"{counted} group by all").fetchall()}


def test_what_the_pipeline_expects_is_in_the_grid():
    asked = {
        (country, figure.indicator_code, figure.period, dimension(figure))
        for country, figures in grid().items()
        for figure in figures
    }
    expected = {key for key in pipeline([]) if key[3] != "SITE"}
    assert len(expected) > 10_000
    assert expected <= asked


def test_who_fills_the_grid_has_sent_all_that_is_expected_and_nothing_else():
    found = Counter()
    totals = []
    required_by_site = {
        row["indicator_code"]
        for row in rows("indicator_disaggregations")
        if (row["dimension_code"], row["requirement"]) == ("SITE", "required")
    }
    for country, figures in grid().items():
        for figure in figures:
            key = (country, figure.indicator_code, figure.period)
            if dimension(figure) == "TOTAL":
                totals.append((*key, figure.site_code or ALL_SITES))
                found[*key, "SITE"] += figure.indicator_code in required_by_site
                found[*key, "TOTAL"] = 1
            elif dimension(figure) != "SEX" or figure.indicator_code not in OF_EITHER_SEX:
                found[*key, dimension(figure)] += 1
    expected = {key: count for key, count in pipeline(totals).items() if key[3] != "SEX" or key[1] not in OF_EITHER_SEX}
    assert {key: count for key, count in found.items() if count} == expected


def test_regions_are_those_of_the_country_and_only_where_there_are_several():
    for country, figures in grid().items():
        regions = {code for figure in figures for name, code in figure.groups if name == "NUTS2"}
        listed = {row["code"] for row in rows("codes_nuts2") if row["country_code"] == country}
        assert regions == (listed if len(listed) > 1 else set())


def test_a_site_of_one_sex_is_not_asked_for_by_sex_but_relatives_are():
    figures = expected_figures(Asked("AT", ROUND))
    by_sex = {(figure.indicator_code, figure.site_code) for figure in figures if dimension(figure) == "SEX"}
    assert ("MTB_01", "C50") in by_sex
    assert ("MTB_01", "C61") not in by_sex
    assert ("CPS_04", "C56_C57_C48") in by_sex


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked("GR", ROUND), "GR is not on the roster. Countries: AT BE"),
        (Asked("LU", "1999"), "There is no round 1999. Rounds: 2026."),
        (Asked("LU", ROUND, "XYZ"), "There is no theme XYZ. Themes: CPS DRM"),
    ],
)
def test_what_nobody_is_asked_for_is_one_sentence(asked, said):
    with pytest.raises(UsageError) as refused:
        require_asked(asked)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize("country", ROSTER)
def test_a_new_template_is_current_for_its_country_alone(country):
    text = fingerprint_of(Asked(country, ROUND, "RSM"))
    other = "AT" if country == "LU" else "LU"
    assert judge_fingerprint(text, country_code=country)["state"] == "current"
    assert judge_fingerprint(text, country_code=other)["rule"] == "FOREIGN_TEMPLATE"


@pytest.mark.parametrize("text", ["1;LU;2026;all;000000000000", "1;LU;2025;all;000000000000", "1;LU;2026;XYZ;0"])
def test_an_old_template_is_recognised(text):
    assert judge_fingerprint(text, country_code="LU")["rule"] == "OLD_TEMPLATE"


@pytest.mark.parametrize("text", ["", "Jo's workbook", "2;LU;2026;all;0", "1;LU;2026;all"])
def test_what_is_no_fingerprint_of_ours_says_nothing(text):
    assert judge_fingerprint(text, country_code="LU") is None


def change(folder, table, edit):
    path = folder / "ingestion" / "catalogue" / f"{table}.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        lines = list(csv.DictReader(stream))
    edit(lines)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


def row_of(lines, indicator):
    return next(line for line in lines if line["indicator_code"] == indicator)


@pytest.mark.parametrize(
    ("table", "edit", "state"),
    [
        ("indicators", lambda lines: row_of(lines, "RSM_01").update(soft_max="6", indicator_name="Other"), "current"),
        ("indicators", lambda lines: row_of(lines, "RSM_01").update(numerator_definition="Other people"), "old"),
        ("indicators", lambda lines: row_of(lines, "MTB_01").update(numerator_definition="Other people"), "current"),
        ("indicator_sites", lambda lines: lines.append({"indicator_code": "RSM_01", "site_code": "C50"}), "old"),
        ("submission_columns", lambda lines: lines[-1].update(column_name="SOURCE"), "old"),
    ],
    ids=["a wider range", "a new definition", "another theme", "a new site", "a new column"],
)
def test_a_template_is_old_once_it_would_ask_for_something_else(tmp_path, table, edit, state):
    shutil.copytree(PROJECT_ROOT / "ingestion", tmp_path / "ingestion", ignore=shutil.ignore_patterns("__pycache__"))
    change(tmp_path, table, edit)
    text = fingerprint_of(Asked("LU", ROUND, "RSM"))
    code = "import sys; from ingestion.templates import judge_fingerprint as judge; "
    code += f"print(judge('{text}', country_code='LU')['state'])"
    told = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == state
