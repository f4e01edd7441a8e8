"""A file of every country through Celery workers that share a ledger in PostgreSQL and a store; one dies in its middle.

Of each country one theme: the whole demonstration round comes to the same hash, too, for nearly twice the time.
"""

import shutil
from pathlib import Path

import pytest

from ingestion import ledger
from ingestion.catalogue import rows
from ingestion.intake import claim_pending, process_submission
from ingestion.release.contents import content_hash, export_tables
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from ingestion.store.published import fetch_all, release_ids
from ingestion.warehouse.build import build, verified_warehouse
from tests.e2e.running_cluster import STORE_BIN, running_cluster
from tests.rounds import prepare_theme, send_to

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("redis-server"), reason="A cluster needs Debian's redis-server."),
    pytest.mark.skipif(not (STORE_BIN / "weed").exists(), reason="A cluster needs `make .venv-store/.installed`."),
]

ROUND_SECONDS = 1200  # on a busy machine


def content_hash_of_one_machine(home: Path, round_folder: Path) -> str:
    """Take in the same files and build from them in a home of its own: no Airflow, no server, no store."""
    settings = Settings(home=home, settle_seconds=0)
    send_to(Home(home), round_folder, "wave1")
    for submission_id in claim_pending(settings):
        process_submission(settings, submission_id)
    export_tables(verified_warehouse(Home(home), str(build(settings))), home)
    return content_hash(home)


def test_29_files_through_two_workers_are_the_release_of_one_machine(tmp_path, postgresql, monkeypatch):
    round_folder = prepare_theme(tmp_path / "round", "MTB")
    with running_cluster(tmp_path / "cluster", postgresql) as cluster:
        worker = cluster.environment("worker", "worker-1")
        assert not any("SQL_ALCHEMY" in name or "FERNET" in name for name in worker)
        settings = cluster.settings()
        send_to(Home(settings.home), round_folder, "wave1")
        cluster.wait_for(lambda: any(Home(settings.home).builds.iterdir()) and cluster.who_runs("dbt"), ROUND_SECONDS)
        killed = str(cluster.who_runs("dbt"))
        cluster.kill(killed)
        cluster.wait_for(lambda: release_ids(settings) == ["2026.1"], ROUND_SECONDS)
        [other] = {"worker-1", "worker-2"} - {killed}
        cluster.kill(other)  # without its site, of which other tests tell
        answered = ledger.submissions(settings)
        # A machine that has nothing but the store and its keys has the release.
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", worker["AWS_SHARED_CREDENTIALS_FILE"])
        elsewhere = Settings(home=tmp_path / "elsewhere", store=settings.store)
        fetch_all(elsewhere)
    assert {each["country_code"] for each in answered} == {row["country_code"] for row in rows("roster")}
    assert {each["status"] for each in answered} == {"answered"}
    assert [each["sequence_number"] for each in answered] == list(range(1, len(answered) + 1))
    release = Home(elsewhere.home).releases / "2026.1"
    assert content_hash(release) == read_json(release / "release.json")["content_hash"]
    assert content_hash(release) == content_hash_of_one_machine(tmp_path / "alone", round_folder)
