"""One at a time: locks that a dead process cannot keep, on one machine or on many."""

import fcntl
import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ingestion.errors import PcmError
from ingestion.settings import Settings
from ingestion.store.home import Home
from ingestion.store.ledger_place import (
    IDLE_SECONDS,
    INTERVAL_SECONDS,
    PROBES,
    connect_options,
    ledger_file,
    libpq_address,
)

# What a server may have set must not end the wait for a lock, nor the hold of one that works long without a question.
# The server ends the session, and with it the lock, when the machine at its other end is gone.
SESSION = {
    "statement_timeout": 0,
    "lock_timeout": 0,
    "idle_session_timeout": 0,
    "tcp_keepalives_idle": IDLE_SECONDS,
    "tcp_keepalives_interval": INTERVAL_SECONDS,
    "tcp_keepalives_count": PROBES,
}


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Wait for, and hold, the lock that a file stands for. The kernel frees it when the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextmanager
def exclusively_everywhere(settings: Settings, name: str) -> Iterator[Callable[[], None]]:
    """Wait for, and hold, the lock of this name among all workers that share the ledger.

    Yields a function that raises `PcmError` when the lock was lost since, to be asked just before others see what was
    done. Errors: `PcmError` when the ledger's server cannot be reached.
    """
    if ledger_file(settings):
        with exclusively(Home(settings.home).lock(name)):
            yield lambda: None
    else:
        with closing(_session_with_lock(settings, name)) as connection:
            yield lambda: _require_alive(connection, name)


def _session_with_lock(settings: Settings, name: str) -> Any:
    """Return a connection of our own to the ledger's server, whose lock ends with it."""
    import psycopg

    try:
        connection = psycopg.connect(libpq_address(settings), autocommit=True, **connect_options(settings))
        for option, value in SESSION.items():
            connection.execute(f"set {option} = {value}")
        connection.execute("select pg_advisory_lock(%s)", [_key(name)])
    except psycopg.OperationalError as error:
        raise PcmError(f"The ledger cannot be reached. {str(error).splitlines()[0]}") from None
    return connection


def _require_alive(connection: Any, name: str) -> None:
    """The lock is held exactly as long as the session that took it."""
    import psycopg

    try:
        connection.execute("select 1")
    except psycopg.Error:
        raise PcmError(
            f"The connection to the ledger broke, and with it the lock `{name}`: somebody else may have it now. "
            "Nothing was published; the next run does what is due."
        ) from None


def _key(name: str) -> int:
    """Return the number that stands for a name in PostgreSQL: 64 bits with a sign."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
