"""Where the ledger is: a file, or a database that workers on several machines share.

No library of databases is imported here: `pcm check` asks, and has no need of one.
"""

from pathlib import Path
from typing import Any

from ingestion.settings import POSTGRESQL, SQLITE, Settings
from ingestion.store.home import Home
from ingestion.store.secret_texts import read_secret

# A machine that is gone is noticed within half a minute, at either end.
IDLE_SECONDS, INTERVAL_SECONDS, PROBES = 10, 5, 3
CONNECT_SECONDS = 10


def ledger_file(settings: Settings) -> Path | None:
    """Return the file of an SQLite ledger; None where the ledger is in PostgreSQL."""
    if not settings.ledger:
        return Home(settings.home).ledger
    return Path(settings.ledger.removeprefix(SQLITE)) if settings.ledger.startswith(SQLITE) else None


def has_ledger(settings: Settings) -> bool:
    """Say whether there is a ledger that can be asked, without making one."""
    path = ledger_file(settings)
    return path is None or path.exists()


def libpq_address(settings: Settings) -> str:
    """Return the address of the PostgreSQL ledger as libpq reads it."""
    return f"postgresql://{settings.ledger.removeprefix(POSTGRESQL)}"


def connect_options(settings: Settings) -> dict[str, Any]:
    """Return what libpq is told beside the address. Errors: `UsageError` when the password cannot be read."""
    options: dict[str, Any] = {
        "client_encoding": "utf8",  # a database that was made without a language of its own would answer in bytes
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": IDLE_SECONDS,
        "keepalives_interval": INTERVAL_SECONDS,
        "keepalives_count": PROBES,
        "tcp_user_timeout": 1000 * (IDLE_SECONDS + INTERVAL_SECONDS * PROBES),
    }
    if settings.ledger_password_file:
        options["password"] = read_secret("PCM_LEDGER_PASSWORD_FILE", settings.ledger_password_file)
    return options
