"""Run by `tests/integration/test_catalogue_changes.py` in a copy of the code whose catalogue is the next version.

Prints, as JSON, what a file made for the last version gets at the desk, what the template asks for, and what stands in
the marts of rows that landed before.
"""

import json
import sys
from pathlib import Path

import duckdb

from ingestion.catalogue import load_into, rows
from ingestion.checks.examination import examine_here
from ingestion.languages import language_for
from ingestion.measures.models import run_model
from ingestion.portal.sending.preview import MODELS_OF_ESTIMATES, NOT_ASKED
from ingestion.receipts import localise
from ingestion.settings import PROJECT_ROOT
from ingestion.templates.grid import periods_of
from ingestion.warehouse.landing import LANDING_DDL

SHARE = {"indicator": "MTB_01", "ref_area": "AT", "site": "C50", "denominator": 100}
LANDED = [
    *({**SHARE, "time_period": year, "numerator": count} for year, count in (("2023", 40), ("2024", 50), ("2025", 70))),
    {**SHARE, "time_period": "2024", "nuts2": "AT11", "numerator": 20},
    {**SHARE, "time_period": "2024", "nuts2": "AT12", "numerator": 15},
    {**SHARE, "time_period": "2024", "nuts2": "AT13", "numerator": 15},
    {"indicator": "EDU_01", "ref_area": "AT", "time_period": "2024", "numerator": 30},
]
EMPTY = """
create table fct_inequalities (
    country_code varchar, indicator_code varchar, site_code varchar, dimension_code varchar, measure varchar,
    period varchar, estimate double, se double, null_reason varchar, is_synthetic boolean
)
"""
MARTS = {
    "estimates": "select indicator_code, period, stratum_id, value, is_break_in_series from fct_estimates order by all",
    "trends": "select period, baseline, change, null_reason from fct_trends "
    "where indicator_code = 'MTB_01' order by all",
    "expected": "select distinct period from int_expected_periods where indicator_code = 'EDU_01' order by all",
}


def main() -> None:
    """Look at a file and at the marts."""
    assert Path(sys.argv[1]).is_relative_to(PROJECT_ROOT)  # else this would be today's catalogue
    said = {"answers": answers(Path(sys.argv[1])), "asked": asked(), **marts()}
    print(json.dumps(said))


def answers(path: Path) -> list[dict[str, str]]:
    """Return what the sender reads, for each cell."""
    result = examine_here(path, country_code="AT", work_folder=path.parent)
    found = localise(result, language_for("en"))["findings"]
    return [{name: each[name] for name in ("row", "message", "what_to_do", "proposal")} for each in found]


def asked() -> list[str]:
    """Return the periods for which the template asks for the retired indicator."""
    [indicator] = [row for row in rows("indicators") if row["indicator_code"] == "EDU_01"]
    return periods_of(indicator, "2026")


def marts() -> dict[str, list[list[object]]]:
    """Return what stands in the marts of rows that landed before the catalogue changed."""
    with duckdb.connect() as connection:
        load_into(connection)
        connection.execute("set search_path = 'main,catalogue'")
        connection.execute(LANDING_DDL.read_text(encoding="utf-8"))
        for number, row in enumerate(LANDED, start=2):
            values = {"submission_id": "AT-1", "source_row": number, **row}
            marks = ", ".join("?" * len(values))
            connection.execute(
                f"insert into landing.observations ({', '.join(values)}) values ({marks})", list(values.values())
            )
        connection.execute("create table stg_releases as select '2026' as round_id, true as is_this_release")
        run_model(connection, "stg_observations")
        connection.execute(
            "create table int_blocks_in_force as select distinct submission_id, country_code, indicator_code, period, "
            "true as is_this_release from stg_observations"
        )
        connection.execute("create table fct_observations as select *, false as is_suppressed from stg_observations")
        connection.execute(NOT_ASKED)
        connection.execute(EMPTY)
        for model in (*MODELS_OF_ESTIMATES, "int_series_breaks", "int_expected_periods", "fct_trends"):
            run_model(connection, model)
        return {name: [list(row) for row in connection.execute(sql).fetchall()] for name, sql in MARTS.items()}


if __name__ == "__main__":
    main()
