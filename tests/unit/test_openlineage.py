"""OpenLineage events: as its schema wants them, in a file and at an endpoint, and never in the way."""

import json
import threading
import uuid
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import jsonschema
import pytest

from ingestion import openlineage
from ingestion.store.home import Home
from ingestion.store.published import fetch_all

SCHEMA = json.loads((Path(__file__).parents[1] / "spec" / "cases" / "openlineage_run_event.json").read_text())


def _events(settings) -> list[dict]:
    """Return the events of all steps, each step's in their order; `build` stands before `gate`."""
    files = sorted(Home(settings.home).lineage.rglob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def _build(settings) -> None:
    with openlineage.step(settings, "build", "b-1", inputs=["landing/LU/LU-1.parquet"]) as made:
        made.append("builds/b-1")


def test_a_step_tells_when_it_begins_and_what_it_made(settings):
    _build(settings)
    start, complete = _events(settings)
    assert (start["eventType"], complete["eventType"]) == ("START", "COMPLETE")
    assert start["outputs"] == []
    assert [each["name"] for each in complete["inputs"] + complete["outputs"]] == [
        "landing/LU/LU-1.parquet",
        "builds/b-1",
    ]
    for event in (start, complete):
        jsonschema.validate(event, SCHEMA)
        assert datetime.fromisoformat(event["eventTime"]).tzinfo and uuid.UUID(event["run"]["runId"])


def test_the_same_thing_done_again_is_the_same_run(settings):
    _build(settings)
    _build(settings)
    with openlineage.step(settings, "gate", "b-1"):
        pass
    *builds, _, gate = [event["run"]["runId"] for event in _events(settings)]
    assert len(set(builds)) == 1 and gate not in builds


def test_what_was_told_comes_back_from_the_store(settings, tmp_path):
    here, there = (replace(settings, home=home, store=f"file://{tmp_path}/store") for home in (settings.home, tmp_path))
    _build(here)
    fetch_all(there)
    assert _events(there) == _events(here) != []
    with pytest.raises(KeyboardInterrupt), openlineage.step(there, "build", "b-1"):
        (there.home / "store" / "lineage" / "build" / "b-1.jsonl").write_text("older")
        fetch_all(there)
        raise KeyboardInterrupt
    assert [event["eventType"] for event in _events(there)][2:] == ["START", "FAIL"]


def test_a_store_that_does_not_answer_stops_nothing(settings, tmp_path):
    (tmp_path / "store").write_text("in the way")
    _build(replace(settings, store=f"file://{tmp_path}/store"))
    assert len(_events(settings)) == 2


def test_a_step_that_fails_says_so_and_fails(settings):
    with pytest.raises(ZeroDivisionError), openlineage.step(settings, "build", "b-1"):
        _ = 1 / 0
    assert [event["eventType"] for event in _events(settings)] == ["START", "FAIL"]


def test_events_are_posted_to_the_endpoint(settings):
    posted = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Endpoint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _build(replace(settings, openlineage_url=f"http://127.0.0.1:{server.server_port}/api/v1/lineage"))
        server.shutdown()
    assert posted == _events(settings)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "no address"])
def test_an_endpoint_that_does_not_answer_stops_nothing(settings, url):
    _build(replace(settings, openlineage_url=url))
    assert len(_events(settings)) == 2


def test_a_file_that_cannot_be_written_stops_nothing(settings):
    (settings.home / "lineage").write_text("in the way")
    _build(settings)
