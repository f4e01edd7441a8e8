"""Whether the parts of a running observatory are well, as their own pages say."""

import json
import urllib.error
import urllib.request
from typing import Any

from ingestion.serving.ports import LOOPBACK
from ingestion.settings import Settings

ANSWER_SECONDS = 5.0
AIRFLOW_SAYS = ("metadatabase", "scheduler", "triggerer", "dag_processor")


def unhealthy_parts(settings: Settings) -> list[str]:
    """Return the names of the parts that are not well; empty when all are."""
    said = _airflow_health(settings)
    if said is None:
        missing = ["api_server"]
    else:
        missing = [part for part in AIRFLOW_SAYS if said.get(part, {}).get("status") != "healthy"]
    servers = {"site": settings.site_port, "portal": settings.portal_port}
    return [*missing, *(name for name, port in servers.items() if not _answers(port))]


def _airflow_health(settings: Settings) -> dict[str, Any] | None:
    body = _get(f"http://{LOOPBACK}:{settings.airflow_port}/api/v2/monitor/health")
    return None if body is None else dict(json.loads(body))


def _answers(port: int) -> bool:
    return _get(f"http://{LOOPBACK}:{port}/healthy") is not None


def _get(address: str) -> bytes | None:
    # Straight to this machine, whatever proxy leads out of it.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=ANSWER_SECONDS) as answer:
            return bytes(answer.read())
    except (urllib.error.URLError, OSError, ValueError):
        return None
