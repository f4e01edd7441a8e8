"""A round through Celery workers that share a ledger in PostgreSQL, one of which dies in the middle of it."""

import shutil

import pytest

from ingestion import ledger
from ingestion.release.rebuild import rebuild
from ingestion.settings import load_settings
from ingestion.store.home import Home
from ingestion.store.published import release_ids
from tests.e2e.running_cluster import running_cluster
from tests.rounds import COUNTRIES, prepare_round, send_to

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("redis-server"), reason="needs Debian's redis-server"),
]

ROUND_SECONDS = 600


def test_a_round_of_two_workers_is_that_of_one_machine(tmp_path, postgresql):
    round_folder = prepare_round(tmp_path / "round")
    with running_cluster(tmp_path / "cluster", postgresql) as cluster:
        worker = cluster.environment("worker", "worker-1")
        assert not any("SQL_ALCHEMY" in name or "FERNET" in name for name in worker)
        settings = load_settings(environ={name: value for name, value in worker.items() if name.startswith("PCM_")})
        send_to(Home(settings.home), round_folder, "wave1")
        cluster.wait_for(lambda: cluster.who_runs("dbt"), ROUND_SECONDS)
        cluster.kill(str(cluster.who_runs("dbt")))
        cluster.wait_for(lambda: release_ids(settings) == ["2026.1"], ROUND_SECONDS)
        answered = ledger.submissions(settings)
    assert {each["country_code"] for each in answered} == set(COUNTRIES)
    assert {each["status"] for each in answered} == {"answered"}
    assert [each["sequence_number"] for each in answered] == list(range(1, len(answered) + 1))
    # Made again without Airflow, from the files that arrived: the same rows and the same bytes in every table.
    assert rebuild(settings, Home(settings.home).releases / "2026.1") == []
