"""`pcm up`: start the whole observatory, keep it alive, and stop all of it on Ctrl-C or SIGTERM."""

import contextlib
import fcntl
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from ingestion.errors import PcmError, UsageError
from ingestion.portal.entrance import accounts
from ingestion.portal.web.addresses import invitation_link, portal_url
from ingestion.ports import require_free_ports
from ingestion.settings import LOOPBACK, Settings
from ingestion.stack import leftovers, postgres
from ingestion.stack.airflow_home import is_migrated, record_migration, write_airflow_home
from ingestion.stack.health import unhealthy_parts
from ingestion.stack.programs import MIGRATION, airflow_programs, environment_of, log_of, programs_of
from ingestion.stack.supervision import HOPELESS, Supervisor, start_supervisor, write_supervision
from ingestion.store.home import Home
from ingestion.store.sockets import make_socket_folder, remove_socket_folder

DEMO_EMAIL, DEMO_COUNTRY = "contact@example.org", "LU"
READY_SECONDS = 180
STOP_SECONDS = 60
DYING_SECONDS = 10
LOOK_SECONDS = 0.2
SHOWN_LOG_LINES = 6
INTERRUPTED = 130
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Someone asked the observatory to stop."""


def up(settings: Settings, *, play_demo: bool, once: bool, say: Callable[[str], object] = click.echo) -> int:
    """Serve everything until asked to stop, or only until the demonstration round is published (`once`).

    Returns the exit code. Errors: `UsageError` when a port is taken or this home is served already, `PcmError` when
    a part does not stay up.
    """
    home = Home(settings.home).create()
    with _alone(home), _stop_requests() as stop:
        stack = Stack(settings, stop=stop)
        try:
            stack.start(say)
            if play_demo:
                from ingestion.demo.play import play

                play(settings, pause=stack.pause, say=say)
            _say_addresses(settings, say)
            if play_demo:
                _say_invitation(settings, say)
            if not once:
                say("Serving until Ctrl-C.")
                stack.serve()
            return 0
        except Stopped:
            return 0 if stack.is_serving else INTERRUPTED
        finally:
            stack.stop(say)


def require_postgresql(settings: Settings) -> None:
    """Errors: `UsageError` for a database that Airflow's burst of questions would break."""
    if settings.airflow_db and not settings.airflow_db.startswith("postgresql"):
        raise UsageError(
            "PCM_AIRFLOW_DB must be the address of a PostgreSQL database, for example "
            "postgresql+psycopg2://airflow:secret@db.example/airflow. Leave it empty for the embedded one."
        )


class Stack:
    """The processes of one observatory, from start to stop."""

    def __init__(self, settings: Settings, *, stop: threading.Event) -> None:
        self.settings = settings
        self.home = Home(settings.home)
        self.is_serving = False
        self._stop_request = stop
        self._supervisor = Supervisor(self.home)
        self._process: subprocess.Popen[bytes] | None = None
        self._session = self.home.run / "session.json"

    def start(self, say: Callable[[str], object]) -> None:
        """Start every part and wait until all are well. Errors: `PcmError` with the log of the part that is not."""
        began = time.monotonic()
        was_killed = self._session.exists()
        if count := leftovers.stop_leftovers(self._session):
            say(f"Stopped {count} processes that an earlier run left behind.")
        # A server that was killed holds its port until the last of its threads is gone.
        require_free_ports(self.settings, patience_seconds=DYING_SECONDS if was_killed else 0)
        require_postgresql(self.settings)
        say("Starting the database ...")
        self._prepare()
        self._supervise()
        if self.settings.airflow_db or not is_migrated(self.home):
            say("Preparing Airflow's tables ...")
            self._migrate()
        say("Starting Airflow, the site and the portal ...")
        for program in airflow_programs():
            self._supervisor.start(program)
        self._wait_for(lambda: not unhealthy_parts(self.settings), what="Airflow")
        say(f"Everything is up after {time.monotonic() - began:.0f} s.")

    def serve(self) -> None:
        """Watch over the parts until asked to stop. Errors: `Stopped`; `PcmError` when a part does not stay up."""
        self.is_serving = True
        while True:
            self.pause(1.0)

    def pause(self, seconds: float) -> None:
        """Wait. Errors: `Stopped` when asked to stop; `PcmError` when a part does not stay up."""
        if self._stop_request.wait(seconds):
            raise Stopped
        self._require_alive()

    def stop(self, say: Callable[[str], object]) -> None:
        """Stop every part in order; whatever is still there after that is ended."""
        if self._process is not None:
            with contextlib.suppress(OSError):  # the terminal may be gone
                say("Stopping ...")
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        leftovers.stop_leftovers(self._session)
        remove_socket_folder(self.home)

    def _prepare(self) -> None:
        for folder in (self.home.airflow, self.home.logs):
            folder.mkdir(parents=True, exist_ok=True)
        make_socket_folder(self.home)
        if not self.settings.airflow_db:
            postgres.prepare_database(self.home)
        url = self.settings.airflow_db or postgres.database_url(self.home)
        write_airflow_home(self.settings, database_url=url)

    def _supervise(self) -> None:
        configuration = write_supervision(self.home, programs_of(self.settings))
        self._process = start_supervisor(configuration, environment_of(self.settings))
        leftovers.remember_session(self._session, self._process.pid)
        self._wait_for(self._supervisor.answers, what="supervisord")
        if not self.settings.airflow_db:
            self._wait_for(lambda: postgres.is_database_ready(self.home), what="PostgreSQL")

    def _migrate(self) -> None:
        self._supervisor.start(MIGRATION)
        self._wait_for(lambda: self._supervisor.states()[MIGRATION.name] == "EXITED", what="Airflow's database")
        if self._supervisor.exit_code(MIGRATION) != 0:
            raise PcmError(f"Airflow could not prepare its database.\n{_end_of_log(self.home, MIGRATION.name)}")
        if not self.settings.airflow_db:
            record_migration(self.home)

    def _wait_for(self, is_ready: Callable[[], bool], *, what: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready():
            if time.monotonic() > deadline:
                raise PcmError(f"{what} is not ready after {READY_SECONDS} s. The logs are in {self.home.logs}.")
            self.pause(LOOK_SECONDS)

    def _require_alive(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            raise PcmError(f"The supervisor ended. Its log is {log_of(self.home, 'supervisord')}.")
        if self._process is None or not self._supervisor.answers():
            return
        for name, state in self._supervisor.states().items():
            if state == HOPELESS:
                raise PcmError(f"The part `{name}` does not stay up.\n{_end_of_log(self.home, name)}")


@contextlib.contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Errors: `UsageError` when this home is served already. The kernel frees the lock when its holder dies."""
    with home.lock("stack").open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"The observatory at {home.root} is running already.") from None
        yield


@contextlib.contextmanager
def _stop_requests() -> Iterator[threading.Event]:
    """Turn signals into an event, so that nothing is interrupted half-way."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in STOP_SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_of_log(home: Home, program: str) -> str:
    path = Path(log_of(home, program))
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    return "\n".join([*lines[-SHOWN_LOG_LINES:], f"The whole log: {path}"])


def _say_addresses(settings: Settings, say: Callable[[str], object]) -> None:
    say(f"Dashboards: http://{LOOPBACK}:{settings.site_port}/")
    say(
        f"Airflow:    http://{LOOPBACK}:{settings.airflow_port}/ "
        f"(user admin; the passwords are in {Home(settings.home).airflow_passwords})"
    )
    say(f"Portal:     {portal_url(settings)}/")
    say(f"Data:       http://{LOOPBACK}:{settings.site_port}/releases/current/parquet/fct_estimates.parquet and others")
    say(f"SQL:        http://{LOOPBACK}:{settings.site_port}/sql (needs a token: `pcm token create NAME`)")
    say(f"Inbox:      {Home(settings.home).inbox}")


def _say_invitation(settings: Settings, say: Callable[[str], object]) -> None:
    """Let whoever plays the demonstration round in by the portal, as a contact of one country."""
    secret = accounts.invite(settings, DEMO_EMAIL, role="contact", countries=(DEMO_COUNTRY,))
    say(f"To come in as a contact of {DEMO_COUNTRY}, once: {invitation_link(settings, secret)}")
