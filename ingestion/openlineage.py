"""OpenLineage events of each step (intake, build, gate, publish). The lineage of a figure: `release/explain.py`.

They are written to `lineage/<step>/<what it works on>.jsonl`, one JSON object a line, kept in the store, and posted to
`PCM_OPENLINEAGE_URL` if it is set. What cannot be written, kept or posted stops nothing.
https://openlineage.io/spec/2-0-2/OpenLineage.json
"""

import json
import logging
import urllib.request
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion.errors import PcmError
from ingestion.settings import Settings
from ingestion.store.home import Home
from ingestion.store.objects import keep

log = logging.getLogger(__name__)

NAMESPACE = "pcm-observatory"
PRODUCER = "urn:pcm-observatory:lineage"
SCHEMA_URL = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
POST_SECONDS = 2.0
RUN_IDS = uuid.uuid5(uuid.NAMESPACE_URL, PRODUCER)


@contextmanager
def step(settings: Settings, job: str, thing: str, *, inputs: Iterable[str] = ()) -> Iterator[list[str]]:
    """Tell when a step begins and how it ends; the step adds the names of what it made to the list that it is given.

    `thing` is what the step works on, a submission or a build: its run has the same id however often it is done again.
    """
    file = Home(settings.home).lineage / job / f"{thing}.jsonl"
    run = {"runId": str(uuid.uuid5(RUN_IDS, f"{job}/{thing}"))}
    event = {"run": run, "job": {"namespace": NAMESPACE, "name": job}, "inputs": [_dataset(name) for name in inputs]}
    made: list[str] = []
    _tell(settings, file, "START", event, made)
    try:
        yield made
    except BaseException:
        _tell(settings, file, "FAIL", event, made)
        raise
    _tell(settings, file, "COMPLETE", event, made)


def _dataset(name: str) -> dict[str, str]:
    return {"namespace": NAMESPACE, "name": name}


def _tell(settings: Settings, file: Path, kind: str, event: dict[str, Any], made: list[str]) -> None:
    told = {
        "eventType": kind,
        "eventTime": datetime.now(UTC).isoformat(),
        **event,
        "outputs": [_dataset(name) for name in made],
        "producer": PRODUCER,
        "schemaURL": SCHEMA_URL,
    }
    data = json.dumps(told, ensure_ascii=False).encode()
    try:
        _append(file, data)
        if kind != "START":
            keep(settings, file)
        if settings.openlineage_url:
            _post(settings.openlineage_url, data)
    except (OSError, ValueError, PcmError) as error:
        log.warning("An OpenLineage event (%s %s) could not be passed on: %s", event["job"]["name"], kind, error)


def _append(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # One write of a whole line: those of a step that is done twice at once do not mix.
    with path.open("ab", buffering=0) as stream:
        stream.write(data + b"\n")


def _post(url: str, data: bytes) -> None:
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=POST_SECONDS):
        pass
