"""How the observatory is doing: what the looks see, what Prometheus reads, who may see the page, who is told."""

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from ingestion import ledger
from ingestion.cli.status import status_text
from ingestion.doors.site import make_site
from ingestion.ledger.messages import unsent_mails
from ingestion.ledger.tables import _engine_of, ledger_engine
from ingestion.portal import upkeep
from ingestion.portal.app import make_portal
from ingestion.portal.correspondence import mail
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.status import looks, reporting
from ingestion.status.airflow import AirflowSays, ask_airflow
from ingestion.status.metrics import metrics_text
from ingestion.status.overview import observatory_status
from ingestion.store.home import Home
from ingestion.store.published import point_at
from tests.portal_visits import bearer, invited, signed_in
from tests.unit import test_portal as portal
from tests.unit import test_stewardship as small

cheap_hashes = portal.cheap_hashes
METRIC = re.compile(r"\bpcm_\w+")


@pytest.fixture
def settings(tmp_path):
    settings = Settings(home=tmp_path / "home")
    Home(settings.home).create()
    return settings


def figures_of(settings):
    """{metric, with its state where it has one: value} as Prometheus' own parser reads them."""
    families = text_string_to_metric_families(metrics_text(settings).decode())
    return {(sample.name, sample.labels.get("state")): sample.value for family in families for sample in family.samples}


def published(settings, release_id="2026.1", submissions=()):
    folder = Home(settings.home).releases / release_id
    folder.mkdir()
    told = {"release_id": release_id, "release_sequence": 1, "published_at": "2026-11-25T10:00:00+00:00"}
    (folder / "release.json").write_text(json.dumps(told))
    manifest = {"inputs_hash": "1", "releases": [{"release_id": release_id, "submissions": list(submissions)}]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    point_at(settings, release_id)
    return folder


def waits(settings, submission_id):
    arrival = {
        "submission_id": submission_id,
        "country_code": submission_id[:2],
        "sha256": "0" * 64,
        "size_bytes": 1,
        "original_name": "Jane Doe.csv",
        "received_at": (datetime.now(UTC) - timedelta(minutes=30)).isoformat(timespec="seconds"),
        "arrived_via": "inbox",
    }
    ledger.record_arrival(settings, arrival, modified_ns=1)


def test_a_queue_tells_what_waits_from_what_is_read_and_what_failed(settings):
    settings = replace(settings, settle_seconds=0)
    for submission_id in ("BE-1", "FR-1"):
        waits(settings, submission_id)
    ledger.announce_waiting(settings)
    ledger.record_fault(settings, "FR-1", "OSError: no room")
    waits(settings, "LU-1")
    folder = Home(settings.home).inbox / "LU"
    folder.mkdir()
    (folder / "figures.csv").write_bytes(b"1")
    found = looks.queue(settings)
    assert (found.waiting, found.reading, found.failed) == (2, 1, 1)
    assert found.oldest_seconds == pytest.approx(1800, abs=60)


def test_figures_that_landed_wait_until_a_release_has_them_or_the_gate_holds_them(settings):
    small._send(settings, "FR", 1)
    assert looks.unreleased_seconds(settings) > 0
    small._hold(settings, "FR-1")
    assert looks.unreleased_seconds(settings) == 0
    published(settings, submissions=["FR-1"])
    ledger.release_hold(settings, "FR-1", by="Ada", reason="Right")
    assert looks.unreleased_seconds(settings) == 0


def test_figures_that_were_set_aside_wait_for_no_release_and_are_no_report(settings):
    small._send(settings, "FR", 1)
    small._send(settings, "PL", 1)
    ledger.set_aside(settings, "FR-1", by="Ada", reason="Wrong year")
    assert "FR" in reporting.silent_countries(settings)
    published(settings, submissions=["PL-1"])
    assert looks.unreleased_seconds(settings) == 0
    assert "- FR-1, by Ada on " in status_text(observatory_status(settings))


def test_countries_are_late_from_the_day_after_the_deadline(settings, let_round_close):
    small._send(settings, "FR", 1)
    for days, is_late in ((0, False), (-1, True)):
        let_round_close(datetime.now(UTC).date() + timedelta(days=days))
        found = looks.reporting_deadline(settings)
        assert found.expected_count - len(found.silent) == 1
        assert ("BE" in found.late, "FR" in found.late) == (is_late, False)


def test_room_is_needed_for_three_of_the_newest_release(settings):
    assert looks.disk_room(Home(settings.home)).needed_bytes == 0
    folder = published(settings)
    (folder / "warehouse.duckdb").write_bytes(b"1" * 1000)
    size = sum(path.stat().st_size for path in folder.iterdir())
    assert looks.disk_room(Home(settings.home)).needed_bytes == 3 * size


def test_prometheus_reads_the_figures_and_no_name_is_among_them(settings):
    waits(settings, "FR-1")
    published(settings)
    figures = figures_of(settings)
    assert figures["pcm_queue_files", "waiting"] == 1
    assert figures["pcm_releases", None] == 1
    published_at = datetime(2026, 11, 25, 10, tzinfo=UTC).timestamp()
    assert figures["pcm_release_published_timestamp_seconds", None] == published_at
    assert figures["pcm_countries_silent", None] == figures["pcm_countries_expected", None] > 0
    text = TestClient(make_site(settings)).get("/metrics").text
    assert "pcm_releases 1.0" in text
    assert not {"FR", "Jane"} & set(re.findall(r"\w+", text))


def test_every_metric_of_an_alert_exists(settings):
    published(settings)
    rules = yaml.safe_load((PROJECT_ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))
    asked = {name for group in rules["groups"] for rule in group["rules"] for name in METRIC.findall(rule["expr"])}
    assert asked
    assert asked <= {name for name, _ in figures_of(settings)}


def test_the_page_is_for_stewards_and_says_what_failed(settings, cheap_hashes):
    waits(settings, "FR-1")
    ledger.record_fault(settings, "FR-1", "OSError: <no> room")
    for name in ("steward", "contact"):
        invited(settings, f"{name}@example.org", name)
    app = make_portal(settings)
    steward, contact = (signed_in(app, f"{name}@example.org") for name in ("steward", "contact"))
    shown = steward.get("/status").text
    assert "OSError: &lt;no&gt; room" in shown
    assert "0 waiting, 0 being read, 1 failed" in shown
    assert contact.get("/status").status_code == 403
    client = TestClient(app)
    answer = client.get("/api/v1/status", headers=bearer(settings, "steward@example.org")).json()
    assert answer["queue"]["failed"] == 1
    assert answer["airflow"]["not_asked"] == "no Airflow was started for this home"
    assert client.get("/api/v1/status", headers=bearer(settings, "contact@example.org")).status_code == 403
    assert client.get("/api/v1/status").status_code == 401


def test_an_airflow_that_is_not_there_is_not_waited_for(settings):
    Home(settings.home).airflow_passwords.write_text('{"viewer": "secret"}')
    assert ask_airflow(replace(settings, airflow_port=9)).not_asked == "it does not answer (URLError)"


def test_a_task_that_failed_again_and_again_is_one_line():
    failed = [
        {"dag_id": "build_release", "task_id": "build", "end_date": f"2026-11-26T07:{minute}:00Z"}
        for minute in (40, 39, 38)
    ]
    said = AirflowSays("", failed, ["dags/x.py"]).sentences
    assert said == [
        "build_release.build failed, last on 2026-11-26T07:40 UTC.",
        "The DAG file dags/x.py does not load.",
    ]


def test_stewards_are_told_once_a_day_of_what_failed_and_of_what_is_late(settings, cheap_hashes, monkeypatch):
    from types import SimpleNamespace

    from ingestion.bells.notifier import StewardNotifier

    for name in ("steward", "contact"):
        invited(settings, f"{name}@example.org", name)
    # A mail server that is down: what is queued stays in the queue, where it can be seen.
    monkeypatch.setenv("PCM_HOME", str(settings.home))
    for name, value in {"HOST": "127.0.0.1", "PORT": "9", "FROM": "o@x.org"}.items():
        monkeypatch.setenv(f"PCM_MAIL_{name}", value)
    task = SimpleNamespace(dag_id="build_release", task_id="gate")
    for _ in range(2):
        StewardNotifier()({"task_instance": task})

    async def miss():
        await StewardNotifier(context={"dag_run": {"dag_id": "build_release"}})

    asyncio.run(miss())
    queued = unsent_mails(settings, most_attempts=9)
    assert [each["occasion"].rpartition(" ")[0] for each in queued] == ["build_release.gate", "build_release is late"]
    assert len({each["account_id"] for each in queued}) == 1


def test_the_clock_tells_stewards_of_a_release_that_does_not_come(settings, cheap_hashes, monkeypatch):
    invited(settings, "steward@example.org", "steward")
    told = []
    monkeypatch.setattr(mail, "deliver", lambda _: told.append(unsent_mails(settings, most_attempts=9)))
    small._send(settings, "FR", 1)
    for overdue in (timedelta(days=9999), timedelta()):
        monkeypatch.setattr(upkeep, "OVERDUE", overdue)
        upkeep.sweep(settings)
    assert [[each["kind"] for each in mails] for mails in told] == [[], ["trouble"]]


def test_opening_the_ledger_rings_no_bell(settings):
    ledger.submissions(settings)
    path = Home(settings.home).ledger
    with closing(sqlite3.connect(path)) as kept_open_by_another:
        kept_open_by_another.execute("select * from submissions").fetchall()
        before = path.stat().st_mtime_ns
        ledger_engine(settings).dispose()
        _engine_of.cache_clear()
        ledger.submissions(settings)
        assert path.stat().st_mtime_ns == before
