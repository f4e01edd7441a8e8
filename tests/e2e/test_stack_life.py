"""One observatory through its life: started, killed in the middle of the round, started again, disturbed, stopped.

The tests tell one story and run in this order.
"""

import signal
import subprocess
import time
import urllib.error
import urllib.request

import psutil
import pytest

from ingestion import ledger
from ingestion.release.query import query
from ingestion.stack.health import unhealthy_parts
from ingestion.store.published import release_ids
from tests.e2e.running_stack import PCM, RunningStack, is_free
from tests.rounds import COUNTRIES, prepare_round

pytestmark = pytest.mark.e2e

RECOVERY_SECONDS = 180


def _wait_until(is_so, seconds: float = RECOVERY_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """An observatory that lost its head while it checked the first files, then all power while it made the release."""
    made = RunningStack(tmp_path_factory.mktemp("observatory"))
    prepare_round(made.home.demo)
    try:
        made.start("--demo")
        made.wait_for_line("rows accepted")
        made.kill_those_who_watch()
        made.start("--demo")
        made.wait_for_line("Stopped ")
        _wait_until(lambda: any(made.home.builds.iterdir()))
        made.kill()
        made.start("--demo")
        made.wait_for_line("Serving until Ctrl-C.")
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.kill()


def test_a_killed_round_ends_in_both_releases(stack):
    assert release_ids(stack.settings) == ["2026.1", "2026.2"]
    _, rows = query(stack.settings, "select distinct country_code from fct_observations order by all")
    assert [country for (country,) in rows] == sorted(COUNTRIES)
    vintages = "select max(vintage_number) from obs_vintages where country_code = 'LU' and indicator_code = 'MTB_01'"
    assert query(stack.settings, vintages)[1] == [(2,)]


def test_it_says_what_can_be_done_now(stack):
    said = "".join(stack.printed)
    assert f"Warehouse:  {stack.home.releases}/current/warehouse.duckdb" in said
    assert "pcm sql" in said
    assert "gap_pct_points" in said.split("pcm sql")[1].split("\n\n")[1]
    assert f"http://127.0.0.1:{stack.settings.site_port}/" in said
    assert str(stack.home.run / "airflow-passwords.json") in said


def test_each_submission_had_a_run_of_its_own(stack):
    # And a second one where a kill kept the first from answering within a minute.
    runs = stack.ask_airflow("/dags/ingest_upload/dagRuns?limit=100")["dag_runs"]
    keys = [run["partition_key"] for run in runs]
    assert set(keys) == {entry["submission_id"] for entry in ledger.submissions(stack.settings)}
    assert {run["state"] for run in runs} == {"success"}


def test_only_an_operator_may_start_a_run(stack):
    order = {"logical_date": None}
    with pytest.raises(urllib.error.HTTPError, match="403"):
        stack.ask_airflow("/dags/build_release/dagRuns", user="viewer", body=order)
    assert stack.ask_airflow("/dags/build_release/dagRuns", user="steward", body=order)["state"] == "queued"


def test_everything_listens_on_the_loopback(stack):
    listening = [
        connection.laddr
        for process in stack.members()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert {address.ip for address in listening} == {"127.0.0.1"}
    assert {address.port for address in listening} == {
        stack.settings.airflow_port,
        stack.settings.site_port,
        stack.settings.portal_port,
    }


def test_the_site_shows_the_current_release(stack):
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.settings.site_port}/", timeout=30) as answer:
        assert answer.url.endswith("/r/2026.2/en/")


def test_a_home_that_is_served_is_not_served_again(stack):
    again = subprocess.run([PCM, "--home", stack.home.root, "up"], capture_output=True, text=True)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == f"pcm: The observatory at {stack.home.root} is running already.\n"


def test_a_port_in_use_is_one_sentence(stack, tmp_path):
    environment = {"PATH": "/usr/bin:/bin", "PCM_AIRFLOW_PORT": str(stack.settings.airflow_port)}
    other = subprocess.run([PCM, "--home", tmp_path, "up"], capture_output=True, text=True, env=environment)
    assert other.returncode == 2
    assert other.stderr.startswith(f"pcm: Port {stack.settings.airflow_port}, meant for Airflow, is in use")
    assert other.stderr.count("\n") == 1


@pytest.mark.parametrize("part", ["site", "triggerer", "scheduler", "postgres"])
def test_a_killed_part_comes_back(stack, part):
    words = {"site": "ingestion.doors.site", "postgres": "postgres -D"}.get(part, f"airflow {part}")
    before = {process.pid for process in stack.members()}
    [victim] = [process for process in _parts(stack) if words in " ".join(process.cmdline())]
    workers = victim.children(recursive=True)
    victim.kill()
    _wait_until(lambda: any(words in _command_of(process) for process in _newcomers(stack, before)))
    _wait_until(lambda: not unhealthy_parts(stack.settings))
    assert [worker for worker in workers if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE] == []


def _parts(stack: RunningStack) -> list[psutil.Process]:
    """Return the processes that the supervisor itself started."""
    return [process for process in stack.members() if process.ppid() == stack.session]


def _newcomers(stack: RunningStack, before: set[int]) -> list[psutil.Process]:
    return [process for process in stack.members() if process.pid not in before]


def _command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def test_it_still_answers_files_after_all_that(stack):
    folder = stack.home.inbox / "MT"
    (folder / "not a table.csv").write_bytes(b"\x00\x01\x02 rubbish")
    receipt = folder / "receipts" / "not a table.csv.receipt.html"
    _wait_until(receipt.exists)
    assert release_ids(stack.settings) == ["2026.1", "2026.2"], "a file without accepted rows makes no release"


def test_sigterm_stops_all_of_it(stack):
    members = stack.members()
    assert stack.stop(signal.SIGTERM) == 0
    assert [process for process in members if process.is_running() and process.status() != psutil.STATUS_ZOMBIE] == []
    assert is_free(stack.settings.airflow_port)
    assert is_free(stack.settings.site_port)
    assert is_free(stack.settings.portal_port)


def test_playing_the_round_again_does_nothing_twice(stack):
    stack.start("--demo", "--once")
    assert stack.wait_for_end() == 0
    assert "0 of them sent now" in "".join(stack.printed)
    assert release_ids(stack.settings) == ["2026.1", "2026.2"]
