"""Two small releases, written by hand: tables, `release.json` and `manifest.json`, nothing else."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

KEYS = "country_code varchar, indicator_code varchar, period varchar, site_code varchar"
TABLES = {
    "dim_submission": "submission_id varchar, country_code varchar",
    "fct_observations": f"{KEYS}, stratum_id varchar, numerator double, denominator double, obs_value double, "
    "p25 double, p75 double, obs_status varchar, is_suppressed boolean, is_synthetic boolean, "
    "submission_id varchar, source_row integer",
    "fct_estimates": f"{KEYS}, stratum_id varchar, value double, se double, lower_ci double, upper_ci double, "
    "numerator double, denominator double, p25 double, p75 double, obs_status varchar, publication_status varchar, "
    "submission_id varchar",
    "fct_inequalities": f"{KEYS}, dimension_code varchar, measure varchar, estimate double, se double, "
    "lower_ci double, upper_ci double, null_reason varchar",
    "fct_country_comparisons": f"{KEYS}, value double, null_reason varchar, rank integer, gap_to_eu double",
}
Figure = dict[str, Any]


def figure(country: str = "LU", stratum: str = "TOTAL", **columns: Any) -> Figure:
    """Return an observation of MTB_01, 2025, C50."""
    key = {"country_code": country, "indicator_code": "MTB_01", "period": "2025", "site_code": "C50"}
    rest = {
        "stratum_id": stratum,
        "denominator": 200.0,
        "is_suppressed": False,
        "is_synthetic": True,
        "obs_status": "A",
    }
    return {**key, **rest, "submission_id": f"{country}-1", **columns}


def write_release(
    folder: Path,
    figures: Sequence[Figure],
    *,
    submissions: dict[str, str],
    code_version: str = "code",
    catalogue_hash: str = "catalogue",
    others: dict[str, Sequence[Figure]] | None = None,
) -> Path:
    """Write a release of these observations, their estimates (in percent) and the rows of `others`.

    `submissions` is {submission id: SHA-256 of its landed rows}.
    """
    folder.mkdir(parents=True)
    tables: dict[str, Sequence[Figure]] = {
        "dim_submission": [{"submission_id": each, "country_code": each[:2]} for each in submissions],
        "fct_observations": figures,
        "fct_estimates": [_estimate(each) for each in figures],
        **(others or {}),
    }
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts")
        for table, columns in TABLES.items():
            connection.execute(f"create table marts.{table} ({columns})")
            if tables.get(table):
                connection.register("frame", pyarrow.Table.from_pylist(list(tables[table])))
                connection.execute(f"insert into marts.{table} by name from frame")
                connection.unregister("frame")
    described = {"release_id": folder.name, "code_version": code_version, "catalogue_hash": catalogue_hash}
    (folder / "release.json").write_text(json.dumps(described))
    listed = [{"submission_id": each, "landing_sha256": landing} for each, landing in submissions.items()]
    (folder / "manifest.json").write_text(json.dumps({"submissions": listed}))
    return folder


def _estimate(observation: Figure) -> Figure:
    kept = ("country_code", "indicator_code", "period", "site_code", "stratum_id", "submission_id", "obs_status")
    if observation["is_suppressed"]:
        return {key: observation[key] for key in kept} | {"publication_status": "suppressed"}
    counts = {key: observation[key] for key in ("numerator", "denominator")}
    value = 100 * counts["numerator"] / counts["denominator"]
    return {key: observation[key] for key in kept} | counts | {"value": value, "publication_status": "published"}
