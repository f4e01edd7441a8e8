"""A small landing, written by hand: three countries, a correction, a refused file, and figures of every kind."""

from typing import Any

import duckdb
import pyarrow

from ingestion.catalogue import rows
from ingestion.warehouse.landing import LANDING_DDL

ALL_SITES = "C00-C97_X_C44"
# What a sender wrote beside figures that must be hidden.
SECRET = "four women of one village"
SUBMISSIONS = {
    # submission_id: (country, order of arrival, verdict)
    "AT-1": ("AT", 1, "accepted"),
    "LU-1": ("LU", 2, "accepted"),
    "SI-1": ("SI", 3, "refused"),
    "LU-2": ("LU", 4, "accepted_with_warnings"),
    "MT-1": ("MT", 5, "accepted"),
}
RELEASES = {"2026.1": ("AT-1", "LU-1"), "2026.3": ("AT-1", "LU-1", "LU-2", "MT-1")}


def _row(submission_id: str, indicator: str, time_period: str, **columns: Any) -> dict[str, Any]:
    return {
        "submission_id": submission_id,
        "ref_area": SUBMISSIONS[submission_id][0],
        "indicator": indicator,
        "time_period": time_period,
        "reference": "SYNTHETIC, for a test",
        **columns,
    }


def _counts(numerator: float, denominator: float | None = None) -> dict[str, float | None]:
    return {"numerator": numerator, "denominator": denominator}


def regions_of(country: str) -> list[str]:
    """Return the regions of a country, in the order of the catalogue."""
    return [row["code"] for row in rows("codes_nuts2") if row["country_code"] == country]


# Ages of a rate with their populations: what age standardisation needs.
EVENTS_BY_AGE = {
    "Y_LT15": (12, 1_300_000),
    "Y15-39": (31, 2_800_000),
    "Y40-64": (90, 3_200_000),
    "Y65-74": (64, 950_000),
    "Y_GE75": (53, 947_213),
}


def _observations() -> list[dict[str, Any]]:
    austria = [
        _row("AT-1", "MTB_01", "2025", site="C50", **_counts(400, 800)),
        _row("AT-1", "MTB_01", "2025", site="C50", sex="F", **_counts(396, 790)),
        _row("AT-1", "MTB_01", "2025", site="C50", sex="M", obs_comment=SECRET, **_counts(4, 10)),
        _row("AT-1", "MTB_01", "2025", site="C61", sex="T", **_counts(300, 700)),
        _row("AT-1", "MTB_01", "2025", site="C61", sex="M", **_counts(300, 700)),
        *(_row("AT-1", "MTB_01", "2025", site="C50", nuts2=code, **_counts(50, 100)) for code in regions_of("AT")[2:]),
        _row("AT-1", "MTB_01", "2025", site="C50", nuts2=regions_of("AT")[0], **_counts(20, 100)),
        _row("AT-1", "MTB_01", "2025", site="C50", nuts2=regions_of("AT")[1], **_counts(80, 100)),
        _row("AT-1", "MTB_02", "2025", site="C_SOLID_ADV", sex="F", age="Y40-64", **_counts(60, 90)),
        _row("AT-1", "MTB_07", "2025-S1", site="C_SOLID_ADV", **_counts(57)),
        _row("AT-1", "MTB_07", "2025-S2", site="C_SOLID_ADV", **_counts(7)),
        _row("AT-1", "PRS_04", "2025-S1", site="C50", obs_value=31, denominator=20, p25=20, p75=44),
        _row("AT-1", "PRS_04", "2025-S2", site="C50", obs_value=33, denominator=19, p25=22, p75=46),
        _row("AT-1", "RSM_01", "2025", site="C_SOLID_ADV", **_counts(250)),
        _row("AT-1", "RSM_01", "2025", site="C_SOLID_ADV", sex="F", **_counts(120)),
        *(_row("AT-1", "RSM_01", "2025", site="C_SOLID_ADV", age=a, **_counts(*n)) for a, n in EVENTS_BY_AGE.items()),
        _row("AT-1", "EDU_01", "2025", **_counts(4)),
        _row("AT-1", "DRM_01", "2025", conf_status="C", obs_comment=SECRET, **_counts(500, 900)),
        _row("AT-1", "HTA_01", "2025", obs_status="O"),
        _row("AT-1", "HTA_02", "2025", obs_status="M"),
        _row("AT-1", "LBX_05", "2025", site="C50", obs_value=1),
        _row("AT-1", "CPS_01", "2025", site="C56_C57_C48", **_counts(100, 200)),
        _row("AT-1", "CPS_01", "2025", site="C56_C57_C48", age="Y50-54", **_counts(60, 100)),
        _row("AT-1", "CPS_01", "2025", site="C56_C57_C48", age="Y55-59", **_counts(40, 100)),
        _row("AT-1", "RIP_05", "2019", site="C50", isced11="ED0-2", **_counts(160, 400)),
        _row("AT-1", "RIP_05", "2019", site="C50", isced11="ED3_4", **_counts(90, 300)),
        _row("AT-1", "RIP_05", "2019", site="C50", isced11="ED5-8", **_counts(60, 300)),
        _row("AT-1", "CTX_01", "2010", obs_value=3.1, reference="Eurostat"),
        _row("AT-1", "CTX_01", "2025", obs_value=2.5, obs_status="U", reference="Eurostat"),
    ]
    luxembourg = [
        _row("LU-1", "MTB_01", "2024", site="C50", **_counts(100, 200)),
        _row("LU-1", "MTB_01", "2025", site="C50", **_counts(110, 210)),
        _row("LU-1", "MTB_01", "2025", site="C18-C21", **_counts(70, 90)),
        _row("LU-1", "MTB_01", "2025", site="C50", nuts2="LU00", **_counts(110, 210)),
        _row("LU-2", "MTB_01", "2025", site="C50", **_counts(112, 210)),
        _row("LU-2", "MTB_01", "2025", site="C61", obs_comment=SECRET, **_counts(52, 55)),
        _row("LU-2", "MTB_01", "2025", site="C50", nuts2="LU00", **_counts(112, 210)),
    ]
    malta = [_row("MT-1", "MTB_01", "2025", site="C50", **_counts(0, 0))]
    sent = austria + luxembourg + malta
    return [{**row, "source_row": number} for number, row in enumerate(sent, start=2)]


def _insert(connection: duckdb.DuckDBPyConnection, table: str, records: list[dict[str, Any]]) -> None:
    columns = {name for record in records for name in record}
    frame = pyarrow.Table.from_pylist([dict.fromkeys(columns) | record for record in records])
    connection.register("frame", frame)
    connection.execute(f"insert into landing.{table} by name from frame")
    connection.unregister("frame")


def fill_landing(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the schema `landing` with two releases: the second has the correction, and a country more."""
    connection.execute(LANDING_DDL.read_text(encoding="utf-8"))
    _insert(connection, "observations", _observations())
    for submission_id, (country, sequence_number, verdict) in SUBMISSIONS.items():
        record = {"submission_id": submission_id, "country_code": country, "sequence_number": sequence_number}
        _insert(connection, "submissions", [record | {"verdict": verdict}])
    _insert(connection, "findings", [{"submission_id": "SI-1", "rule": "P01", "severity": "error", "finding_count": 3}])
    for sequence, (release_id, submissions) in enumerate(RELEASES.items(), start=1):
        record = {"release_id": release_id, "release_sequence": 2 * sequence, "round_id": "2026"}
        _insert(connection, "releases", [record])
        made_of = [{"release_id": release_id, "submission_id": each} for each in submissions]
        _insert(connection, "release_submissions", made_of)
