"""A real PostgreSQL for tests, with a new and empty ledger for whoever asks for one."""

import itertools
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from ingestion.stack import postgres
from ingestion.store.home import Home
from ingestion.store.sockets import make_socket_folder, remove_socket_folder, socket_folder
from tests.e2e.running_stack import free_port

START_SECONDS = 60
USER, PASSWORD = "pcm", "a password with % and : and @"
# By its socket whoever may open it, by the network who knows the password.
WHO_MAY = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
# What is lost in a power cut is a test.
HASTE = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=600")  # every test keeps some open


class Server:
    """A running server that makes databases."""

    def __init__(self, home: Home) -> None:
        self.port = free_port()
        self._home = home
        self._numbers = itertools.count()
        self._network = ("-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, or start again, and wait until it takes connections."""
        command = [*postgres.server_command(self._home), *HASTE, *self._network]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.execute("select 1")
                return
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "PostgreSQL does not start"
                time.sleep(0.05)

    @property
    def pid(self) -> int:
        """The process that starts all others of the server."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Stop at once, ending every session."""
        assert self._process is not None
        self._process.send_signal(2)
        self._process.wait(START_SECONDS)

    def execute(self, statement: str) -> int:
        """Execute a statement as the server's owner and return how many rows it gave or changed."""
        address = {"host": str(socket_folder(self._home)), "port": self.port, "user": postgres.OWNER}
        with psycopg.connect(dbname=postgres.DATABASE, autocommit=True, **address) as connection:
            return connection.execute(statement).rowcount

    def end_sessions_with_locks(self) -> None:
        """Wait for somebody who holds a lock, and end their session."""
        deadline = time.monotonic() + START_SECONDS
        ended = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
        while not self.execute(ended):
            assert time.monotonic() < deadline, "nobody takes a lock"
            time.sleep(0.02)

    def new_database(self, options: str = "") -> str:
        """Return the address of a new database, by the socket, as PCM_LEDGER has it; `options` are of its SQL."""
        name = f"ledger_{next(self._numbers)}"
        self.execute(f"create database {name} owner {USER} {options}")
        host = quote(str(socket_folder(self._home)), safe="/")
        return f"postgresql+psycopg://{USER}@/{name}?host={host}&port={self.port}"

    def copy_of(self, address: str) -> str:
        """Return the address of a new database with all that another one has, which nobody may use meanwhile."""
        name, copy = _name_in(address), f"ledger_{next(self._numbers)}"
        self.execute(f"create database {copy} owner {USER} template {name}")
        return address.replace(f"@/{name}?", f"@/{copy}?")

    def end_sessions(self, address: str) -> None:
        """End every session of a database, and wait for their end."""
        ended = f"pg_terminate_backend(pid, {START_SECONDS * 1000})"
        self.execute(f"select {ended} from pg_stat_activity where datname = '{_name_in(address)}'")

    def drop(self, address: str) -> None:
        """Remove a database and end its sessions."""
        self.execute(f"drop database {_name_in(address)} with (force)")

    def by_network(self, address: str) -> str:
        """Return the same address by the network, without the password."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{_name_in(address)}"


def _name_in(address: str) -> str:
    return address.split("@/")[1].split("?")[0]


@contextmanager
def running_server(folder: Path) -> Iterator[Server]:
    """Serve from a new folder."""
    home = Home(folder)
    make_socket_folder(home)
    postgres.prepare_database(home)
    (postgres.data_folder(home) / "pg_hba.conf").write_text(WHO_MAY, encoding="utf-8")
    server = Server(home)
    server.start()
    try:
        server.execute(f"create role {USER} login password '{PASSWORD}'")
        yield server
    finally:
        server.stop()
        remove_socket_folder(home)
