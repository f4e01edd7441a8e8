"""The DAG files load, hold no logic and wake as they should; seen from a process with an Airflow home of its own."""

import json
import os
import subprocess
import sys

import pytest

from ingestion.settings import PROJECT_ROOT

DAGS = PROJECT_ROOT / "dags"
HEAVY = {"pandas", "numpy", "duckdb", "pyarrow", "great_expectations", "dbt", "openpyxl", "python_calamine"}
LONGEST_DAG_FILE_LINES = 80
DESCRIBE = f"""
import json, sys
import airflow.sdk
from airflow.dag_processing.dagbag import DagBag
before = set(sys.modules)
bag = DagBag(dag_folder={str(DAGS)!r})
loaded = set(sys.modules) - before

def describe(dag):
    asset = getattr(dag.schedule, "asset_condition", None)  # the clock alone wakes one of them
    return {{
        "schedule": type(dag.schedule).__name__,
        "cron": getattr(getattr(dag.schedule, "timetable", None), "expression", None),
        "asset": asset and asset.name,
        "bells": [watcher.trigger.serialize()[0] for watcher in asset.watchers] if asset else [],
        "max_active_runs": dag.max_active_runs,
        "catchup": dag.catchup,
        "tasks": {{
            task.task_id: {{
                "retries": task.retries,
                "retry_seconds": task.retry_delay.total_seconds(),
                "upstream": sorted(task.upstream_task_ids),
                "outlets": [outlet.name for outlet in task.outlets],
            }}
            for task in dag.tasks
        }},
    }}

described = {{dag_id: describe(dag) for dag_id, dag in bag.dags.items()}}
print("RESULT" + json.dumps({{"errors": bag.import_errors, "dags": described, "modules": sorted(loaded)}}))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")},
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": str(DAGS),  # Airflow's own processes add it by themselves
    }
    answer = subprocess.run([sys.executable, "-c", DESCRIBE], capture_output=True, text=True, env=environment)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout.split("RESULT")[1])


def test_every_dag_file_loads(found):
    assert found["errors"] == {}
    assert set(found["dags"]) == {"intake", "ingest_upload", "build_release", "upkeep"}


def test_loading_them_imports_nothing_heavy(found):
    assert {name.split(".")[0] for name in found["modules"]} & HEAVY == set()


def test_loading_them_imports_no_room_that_works(found):
    ours = {name for name in found["modules"] if name.split(".")[0] in ("ingestion", "expectations", "dashboards")}
    rooms = {name.split(".")[1] for name in ours if "." in name}
    assert rooms <= {"bells", "errors", "licences", "settings", "store"}
    assert not {name.split(".")[0] for name in ours} & {"expectations", "dashboards"}


def test_dag_files_are_thin():
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in DAGS.glob("*.py")}
    assert {name for name, length in lengths.items() if length > LONGEST_DAG_FILE_LINES} == set()


def test_the_inbox_wakes_the_intake_one_run_at_a_time(found):
    intake = found["dags"]["intake"]
    assert intake["bells"] == ["ingestion.bells.doorbell.InboxDoorbell"]
    assert intake["max_active_runs"] == 1
    assert intake["tasks"]["drain"]["outlets"] == ["submission"]


def test_each_submission_is_a_run_of_its_own(found):
    ingest = found["dags"]["ingest_upload"]
    assert (ingest["schedule"], ingest["asset"]) == ("PartitionedAssetTimetable", "submission")
    assert list(ingest["tasks"]) == ["ingest"]


def test_what_landed_wakes_one_release_at_a_time(found):
    release = found["dags"]["build_release"]
    assert release["bells"] == ["ingestion.bells.doorbell.LandingDoorbell"]
    assert release["max_active_runs"] == 1
    upstream = {name: task["upstream"] for name, task in release["tasks"].items()}
    assert upstream == {"build": [], "gate": ["build"], "publish": ["gate"], "site": ["publish"]}


@pytest.mark.parametrize("dag_id", ["intake", "build_release"])
def test_a_sweep_backs_up_every_bell(found, dag_id):
    assert found["dags"][dag_id]["schedule"] == "AssetOrTimeSchedule"
    assert found["dags"][dag_id]["cron"] == "*/5 * * * *"


def test_nothing_is_caught_up_and_every_task_is_tried_again_within_seconds(found):
    for dag in found["dags"].values():
        assert dag["catchup"] is False
        assert all(task["retries"] == 2 and task["retry_seconds"] <= 10 for task in dag["tasks"].values())
