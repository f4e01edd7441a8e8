"""What surrounds the stack: ports, sockets, leftovers, configuration, environment. The stack itself: tests/e2e."""

import configparser
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from ingestion.errors import UsageError
from ingestion.ports import require_free_ports
from ingestion.settings import LOOPBACK, Settings, load_settings
from ingestion.stack import leftovers, postgres
from ingestion.stack.airflow_home import USERS, write_airflow_home
from ingestion.stack.programs import environment_of, programs_of
from ingestion.stack.supervision import write_supervision
from ingestion.stack.up import _alone
from ingestion.store import sockets
from ingestion.store.atomic import read_json
from ingestion.store.home import Home

DATABASE_URL = "postgresql+psycopg2://airflow@/postgres?host=/run/100%25"
PATIENCE_SECONDS = 10


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def taken():
    """A port that another program listens on."""
    with socket.create_server((LOOPBACK, 0)) as server:
        yield server


def _with_ports(settings: Settings, taken: socket.socket) -> Settings:
    """Return settings with free ports for Airflow and the portal and the taken one for the site."""
    with socket.socket() as one, socket.socket() as other:
        for probe in (one, other):
            probe.bind((LOOPBACK, 0))
        free, portal = one.getsockname()[1], other.getsockname()[1]
    return Settings(home=settings.home, airflow_port=free, site_port=taken.getsockname()[1], portal_port=portal)


def test_a_port_in_use_is_one_sentence_that_names_the_setting(settings, taken):
    wanted = _with_ports(settings, taken)
    with pytest.raises(UsageError) as error:
        require_free_ports(wanted)
    assert str(error.value) == (
        f"Port {wanted.site_port}, meant for the site, is in use by another program. "
        f"Stop that program, or choose another port, for example PCM_SITE_PORT={wanted.site_port + 1}."
    )


def test_a_port_that_becomes_free_in_time_is_waited_for(settings, taken):
    threading.Timer(0.3, taken.close).start()
    require_free_ports(_with_ports(settings, taken), patience_seconds=PATIENCE_SECONDS)


def test_sockets_stand_in_the_home_if_its_path_is_short():
    assert sockets.socket_folder(Home(Path("/srv/pcm"))) == Path("/srv/pcm/run/sockets")


def test_sockets_of_a_home_with_a_long_path_stand_in_a_short_folder_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(sockets.tempfile, "gettempdir", lambda: str(tmp_path))
    home = Home(tmp_path / ("x" * 100))
    sockets.make_socket_folder(home)
    [made] = tmp_path.iterdir()
    assert made == sockets.socket_folder(home) != sockets.socket_folder(Home(tmp_path / ("y" * 100)))
    assert _mode(made) == 0o700
    sockets.remove_socket_folder(home)
    assert list(tmp_path.iterdir()) == []


def test_a_socket_folder_that_others_may_enter_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sockets.tempfile, "gettempdir", lambda: str(tmp_path))
    home = Home(tmp_path / ("x" * 100))
    sockets.socket_folder(home).mkdir(mode=0o755)
    with pytest.raises(UsageError, match="not a folder of this user alone"):
        sockets.make_socket_folder(home)


def test_one_home_is_served_once(settings):
    home = Home(settings.home)
    with _alone(home), pytest.raises(UsageError, match="is running already"), _alone(home):
        pass
    with _alone(home):
        pass


@pytest.fixture
def family():
    """A process in a session of its own, with a child that does not heed SIGTERM."""
    child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE)
    parent.stdout.readline()
    members = leftovers.members(parent.pid)
    assert len(members) == 2
    yield parent
    for member in members:
        if member.is_running():
            member.kill()
    parent.stdout.close()
    parent.wait()


def test_leftovers_of_a_killed_stack_are_stopped(settings, family, monkeypatch):
    monkeypatch.setattr(leftovers, "STOP_SECONDS", 0.5)
    record = Home(settings.home).run / "session.json"
    leftovers.remember_session(record, family.pid)
    family.kill()
    family.wait()
    assert leftovers.stop_leftovers(record) == 1
    assert leftovers.members(family.pid) == []
    assert leftovers.stop_leftovers(record) == 0


@pytest.mark.parametrize("change", [{"boot": 1.0}, {"started": 1.0}])
def test_a_number_that_belongs_to_someone_else_by_now_is_left_alone(settings, family, change):
    record = Home(settings.home).run / "session.json"
    leftovers.remember_session(record, family.pid)
    leftovers.write_json(record, {**read_json(record), **change})
    assert leftovers.stop_leftovers(record) == 0
    assert len(leftovers.members(family.pid)) == 2


def test_only_the_orphans_of_a_session_are_stopped(family, monkeypatch):
    monkeypatch.setattr(leftovers, "STOP_SECONDS", 0.5)
    leftovers.stop_orphans(family.pid)
    assert len(leftovers.members(family.pid)) == 2
    os.kill(family.pid, signal.SIGKILL)
    family.wait()
    leftovers.stop_orphans(family.pid)
    assert leftovers.members(family.pid) == []


@pytest.fixture
def airflow_configuration(settings):
    Home(settings.home).airflow.mkdir()
    write_airflow_home(settings, database_url=DATABASE_URL)
    parser = configparser.ConfigParser()  # interpolates, as Airflow does
    parser.read(Home(settings.home).airflow / "airflow.cfg")
    return parser


def test_airflow_listens_on_the_loopback_and_calls_nobody(airflow_configuration):
    assert airflow_configuration["api"]["host"] == LOOPBACK
    assert airflow_configuration["core"]["execution_api_server_url"].startswith(f"http://{LOOPBACK}:")
    assert airflow_configuration["usage_data_collection"]["enabled"] == "False"


def test_a_per_cent_sign_in_an_address_survives(airflow_configuration):
    assert airflow_configuration["database"]["sql_alchemy_conn"] == DATABASE_URL


def test_what_is_secret_is_for_this_user_alone_and_long_enough(settings, airflow_configuration):
    home = Home(settings.home)
    for path in (home.airflow_passwords, home.airflow / "airflow.cfg", home.airflow / "secrets.json"):
        assert _mode(path) == 0o600, path
    assert len(airflow_configuration["api_auth"]["jwt_secret"]) >= 64
    passwords = read_json(home.airflow_passwords)
    assert set(passwords) == set(USERS)
    assert len(set(passwords.values())) == len(USERS)
    assert all(len(password) >= 16 for password in passwords.values())


def test_secrets_stay_the_same_from_start_to_start_and_differ_from_home_to_home(settings, tmp_path):
    def secrets_of(home: Home) -> tuple:
        home.airflow.mkdir(parents=True, exist_ok=True)
        write_airflow_home(Settings(home=home.root), database_url=DATABASE_URL)
        return read_json(home.airflow / "secrets.json"), read_json(home.airflow_passwords)

    first = secrets_of(Home(settings.home))
    assert secrets_of(Home(settings.home)) == first
    assert secrets_of(Home(tmp_path / "other"))[0] != first[0]


def test_every_process_sees_our_settings_and_no_other_airflow(settings, monkeypatch):
    for name in ("AIRFLOW__CORE__EXECUTOR", "AIRFLOW_HOME", "PCM_HOME"):
        monkeypatch.setenv(name, "someone else's")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid")
    found = environment_of(settings)
    assert load_settings(environ=found) == settings
    assert "AIRFLOW__CORE__EXECUTOR" not in found
    assert found["AIRFLOW_HOME"] == str(Home(settings.home).airflow)
    assert LOOPBACK in found["NO_PROXY"]


def test_the_supervisor_understands_what_is_written_for_it(tmp_path):
    from supervisor.options import ServerOptions

    home = Home(Path(os.path.relpath(tmp_path)) / "all of us").create()
    (home.run / "logs").mkdir()
    settings = Settings(home=home.root)
    options = ServerOptions()
    options.realize(["--configuration", str(write_supervision(home, programs_of(settings)))])
    started = {process.name: process for group in options.process_group_configs for process in group.process_configs}
    assert set(started) == {
        *("site", "portal", "desk", "migration", "postgres"),
        *("api-server", "scheduler", "dag-processor", "triggerer"),
    }
    assert {name for name, process in started.items() if process.autostart} == {"site", "portal", "desk", "postgres"}
    assert str(postgres.data_folder(home)) in started["postgres"].command.replace("'", "")
    first, _ = sorted(options.process_group_configs, key=lambda group: group.priority)
    assert [process.name for process in first.process_configs] == ["postgres"]  # the lowest priority stops last


@pytest.mark.parametrize("name", ["data ;old", "data #old", "50%"])
def test_a_home_that_the_supervisor_would_misread_is_refused(tmp_path, name):
    home = Home(Path(os.path.relpath(tmp_path)) / name).create()
    with pytest.raises(UsageError, match="Choose a home folder without"):
        write_supervision(home, programs_of(Settings(home=home.root)))


def test_a_database_elsewhere_needs_no_embedded_one(settings):
    elsewhere = Settings(home=settings.home, airflow_db="postgresql+psycopg2://someone@elsewhere/airflow")
    assert "postgres" not in {program.name for program in programs_of(elsewhere)}


def test_the_embedded_database_serves_this_user_through_a_socket_only(settings):
    home = Home(settings.home)
    home.airflow.mkdir()
    sockets.make_socket_folder(home)
    postgres.prepare_database(home)
    made = (postgres.data_folder(home) / "PG_VERSION").stat().st_mtime_ns
    postgres.prepare_database(home)
    assert (postgres.data_folder(home) / "PG_VERSION").stat().st_mtime_ns == made, "a database is made once"
    server = subprocess.Popen(postgres.server_command(home), stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not postgres.is_database_ready(home):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert psutil.Process(server.pid).net_connections("inet") == []
        assert _mode(sockets.socket_folder(home)) == 0o700
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(PATIENCE_SECONDS)
        sockets.remove_socket_folder(home)
