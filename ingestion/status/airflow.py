"""What the Airflow of this machine says of its tasks, if it answers at once; nobody waits for it."""

import json
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from ingestion.ports import ask_port
from ingestion.settings import LOOPBACK, Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home

# Whoever asks for the status should not wait longer than a moment.
ANSWER_SECONDS = 1.0
SINCE = timedelta(days=1)
MOST_TASKS = 10
READER = "viewer"


@dataclass(frozen=True)
class AirflowSays:
    """What Airflow said. `not_asked`: why it was not asked, or did not answer; empty when it did.

    `failed`: the tasks that failed within a day, the latest first; `broken`: the DAG files that do not load.
    """

    not_asked: str
    failed: list[dict[str, Any]]
    broken: list[str]

    @property
    def sentences(self) -> list[str]:
        """What needs a look, one line for each."""
        # The latest comes first: each task is named once, with the last time.
        latest = {(each["dag_id"], each["task_id"]): each["end_date"] for each in reversed(self.failed)}
        tasks = [f"{dag}.{task} failed, last on {moment[:16]} UTC." for (dag, task), moment in latest.items()]
        return [*tasks, *(f"The DAG file {path} does not load." for path in self.broken)]


def ask_airflow(settings: Settings) -> AirflowSays:
    """Ask Airflow of this machine for the tasks that failed for good, by its REST API, as its user who only looks.

    See https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html
    """
    passwords = Home(settings.home).airflow_passwords
    if not passwords.exists():
        return AirflowSays("no Airflow was started for this home", [], [])
    address = f"http://{LOOPBACK}:{settings.airflow_port}"
    credentials = {"username": READER, "password": read_json(passwords)[READER]}
    since = (datetime.now(UTC) - SINCE).isoformat()
    which = urlencode({"state": "failed", "end_date_gte": since, "order_by": "-end_date", "limit": MOST_TASKS})
    try:
        token = _ask(f"{address}/auth/token", body=credentials)["access_token"]
        tasks = _ask(f"{address}/api/v2/dags/~/dagRuns/~/taskInstances?{which}", token=token)["task_instances"]
        broken = _ask(f"{address}/api/v2/importErrors", token=token)["import_errors"]
    except (OSError, ValueError, KeyError) as error:  # urllib's errors are OSErrors
        return AirflowSays(f"it does not answer ({type(error).__name__})", [], [])
    shown = ("dag_id", "task_id", "dag_run_id", "end_date")
    failed = [{name: task[name] for name in shown} for task in tasks]
    return AirflowSays("", failed, [each["filename"] for each in broken])


def _ask(address: str, *, token: str = "", body: dict[str, str] | None = None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = json.dumps(body).encode() if body else None
    return dict(json.loads(ask_port(urllib.request.Request(address, data, headers), seconds=ANSWER_SECONDS)))
