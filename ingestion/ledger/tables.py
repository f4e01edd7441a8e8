"""The ledger's tables and its connection. A change of a table needs a step in `migrations/versions/`, too."""

import os
import sqlite3
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from ingestion.errors import PcmError
from ingestion.ledger.schema import bring_up_to_date
from ingestion.settings import Settings
from ingestion.store.ledger_place import connect_options, ledger_file
from ingestion.store.locks import exclusively_everywhere

LOCK_WAIT_SECONDS = 60
METADATA = MetaData()

# One row per submission: one file of one country. The sequence number is the order of arrival.
SUBMISSIONS = Table(
    "submissions",
    METADATA,
    Column("sequence_number", Integer, primary_key=True, autoincrement=True),
    Column("submission_id", String, nullable=False, unique=True),
    Column("country_code", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("original_name", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("arrived_via", String, nullable=False),
    Column("status", String, nullable=False, default="received"),
    Column("announced_at_unix", Float),
    Column("attempts", Integer, nullable=False, default=0),
    Column("last_error", String),
    Column("answered_at", String),
    Column("verdict", String),
    Column("rows_read", Integer),
    Column("rows_accepted", Integer),
    Column("rows_held", Integer),
    Column("rows_refused", Integer),
    Column("rules_version", String),
    Column("landing_sha256", String),
    sqlite_autoincrement=True,
)

# One row per arrival of a file: the same bytes may be sent many times.
ARRIVALS = Table(
    "arrivals",
    METADATA,
    Column("arrival_id", Integer, primary_key=True),
    Column("submission_id", String, ForeignKey("submissions.submission_id"), nullable=False),
    Column("original_name", String, nullable=False),
    Column("modified_ns", BigInteger, nullable=False),
    Column("arrived_at", String, nullable=False),
    Column("inbox_folder", String),  # of what came another way there is none
    UniqueConstraint("submission_id", "original_name", "modified_ns"),
)

# One row per (submission, build that it was held in, expectation that it failed).
HOLDS = Table(
    "holds",
    METADATA,
    Column("hold_id", Integer, primary_key=True),
    Column("submission_id", String, ForeignKey("submissions.submission_id"), nullable=False),
    Column("country_code", String, nullable=False),
    Column("build_id", String, nullable=False),
    Column("expectation", String, nullable=False),
    Column("sentence", String, nullable=False),
    Column("held_at", String, nullable=False),
    # The last arrival of that build: what came later may end the hold.
    Column("last_sequence_number", Integer, nullable=False),
    Column("released_at", String),
    UniqueConstraint("submission_id", "build_id", "expectation"),
)

# One row per failure that a steward excuses: an expectation, a place, and the hash of the figures that failed.
WAIVERS = Table(
    "waivers",
    METADATA,
    Column("waiver_id", Integer, primary_key=True),
    Column("build_id", String, nullable=False),
    Column("expectation", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("country_code", String),
    Column("indicator_code", String),
    Column("cells_sha256", String, nullable=False),
    Column("waived_by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("until_on", String, nullable=False),
    Column("waived_at", String, nullable=False),
)

# One row per answer of a contact to the findings of a rule in a submission.
JUSTIFICATIONS = Table(
    "justifications",
    METADATA,
    Column("justification_id", Integer, primary_key=True),
    Column("submission_id", String, ForeignKey("submissions.submission_id"), nullable=False),
    Column("rule", String, nullable=False),
    Column("text", String, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("cells_sha256", String, nullable=False),
    Column("justified_at", String, nullable=False),
)

# One row per decision of a steward. Each holds the hash of the one before it, so that none can be changed unseen.
DECISIONS = Table(
    "decisions",
    METADATA,
    Column("decision_id", Integer, primary_key=True),
    Column("decided_at", String, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("details", String, nullable=False),
    Column("previous_sha256", String, nullable=False, unique=True),
    Column("sha256", String, nullable=False),
)


def ledger_engine(settings: Settings) -> Engine:
    """Return the connection pool of this observatory's ledger, its tables as this program needs them.

    Errors: `PcmError` when its server cannot be reached, or when a newer program has changed its tables.
    """
    place = Settings(home=settings.home, ledger=settings.ledger, ledger_password_file=settings.ledger_password_file)
    return _engine_of(place)


@cache
def _engine_of(settings: Settings) -> Engine:
    engine = open_engine(settings)
    bring_up_to_date(settings, engine)
    return engine


def open_engine(settings: Settings) -> Engine:
    """Return the connection pool of a ledger whatever its tables are like."""
    path = ledger_file(settings)
    if path is None:
        return _postgresql_engine(settings)
    with exclusively_everywhere(settings, "ledger"):
        _make_sqlite_file(path)
    return _sqlite_engine(path)


def read_rows(settings: Settings, query: Select[Any]) -> list[dict[str, Any]]:
    """Return the rows that a query finds."""
    with ledger_engine(settings).connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def insert_into(connection: Connection, table: Table) -> Any:
    """Return an INSERT that may say what happens on a conflict, in the words of the connection's database."""
    return {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name](table)


def _make_sqlite_file(path: Path) -> None:
    """Make the file of a ledger if it is not there, for its owner alone, with a journal that lets readers read.

    SQLite changes the journal only of a file that nobody else has open, and does not wait for that: one at a time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():  # a touch would ring the bells that listen to its time
        path.touch(0o600)
    for each in path.parent.glob(f"{path.name}*"):  # SQLite gives its other files the mode of this one
        with suppress(FileNotFoundError):  # and takes them away when the last one leaves
            each.chmod(0o600)
    with closing(sqlite3.connect(path, timeout=LOCK_WAIT_SECONDS)) as connection:
        connection.execute("pragma journal_mode=wal")


def _sqlite_engine(path: Path) -> Engine:
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": LOCK_WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _durable(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.execute("pragma synchronous=full")  # survives a power cut

    return engine


def _postgresql_engine(settings: Settings) -> Engine:
    # A connection that a restart of the server broke is made anew.
    engine = create_engine(settings.ledger, connect_args=connect_options(settings), pool_pre_ping=True)

    @event.listens_for(engine, "handle_error")
    def _say_plainly(context) -> None:  # type: ignore[no-untyped-def]
        if isinstance(context.sqlalchemy_exception, OperationalError) and not context.is_pre_ping:
            raise PcmError(f"The ledger cannot be reached. {str(context.original_exception).splitlines()[0]}") from None

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def _without_nul(_connection, _cursor, statement, parameters, _context, _is_many):  # type: ignore[no-untyped-def]
        # PostgreSQL keeps no NUL: who asks for an id with one finds nothing, instead of an error.
        rows = parameters if isinstance(parameters, list) else [parameters]
        cleaned = [{name: _storable(value) for name, value in row.items()} for row in rows]
        return statement, cleaned if isinstance(parameters, list) else cleaned[0]

    # A child must not speak through its parent's connections.
    os.register_at_fork(after_in_child=lambda: engine.dispose(close=False))
    return engine


def _storable(value: Any) -> Any:
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value
