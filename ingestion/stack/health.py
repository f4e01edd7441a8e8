"""Whether the parts of a running observatory are well, as their own pages say."""

import json
from typing import Any

from ingestion.ports import ask_port
from ingestion.settings import LOOPBACK, Settings

ANSWER_SECONDS = 5.0
AIRFLOW_SAYS = ("metadatabase", "scheduler", "triggerer", "dag_processor")


def unhealthy_parts(settings: Settings) -> list[str]:
    """Return the names of the parts that are not well or do not say so; empty when all are."""
    said = _airflow_health(settings)
    missing = [part for part in AIRFLOW_SAYS if said.get(part, {}).get("status") != "healthy"]
    servers = {
        # What tasks speak to. Its first answer takes seconds, for which no file is to wait.
        "api_server": f"{settings.airflow_port}/execution/health",
        "site": f"{settings.site_port}/healthy",
        "portal": f"{settings.portal_port}/healthy",
    }
    return [*missing, *(name for name, place in servers.items() if _get(place) is None)]


def _airflow_health(settings: Settings) -> dict[str, Any]:
    return dict(json.loads(_get(f"{settings.airflow_port}/api/v2/monitor/health") or "{}"))


def _get(place: str) -> bytes | None:
    """Return what a port and path of this machine answer; None for no answer, or one that says that all is not well."""
    try:
        return ask_port(f"http://{LOOPBACK}:{place}", seconds=ANSWER_SECONDS)
    except (OSError, ValueError):  # urllib's errors are OSErrors
        return None
