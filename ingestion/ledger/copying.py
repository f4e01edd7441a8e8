"""A ledger copied as of one moment, from one kind of database into another: what a backup holds is always SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table, insert, select, text

from ingestion.errors import UsageError
from ingestion.ledger.schema import bring_up_to_date
from ingestion.ledger.tables import METADATA, open_engine
from ingestion.settings import Settings

ROWS_AT_ONCE = 1000


def copy_ledger(source: Settings, target: Settings) -> None:
    """Copy every row of a ledger into one that holds nothing, all of them or none.

    Errors: `UsageError` when the target holds something.
    """
    with (
        _opened(source) as from_engine,
        _opened(target) as to_engine,
        _as_of_one_moment(from_engine) as reading,
        to_engine.begin() as writing,
    ):
        _require_empty(writing)
        for table in METADATA.sorted_tables:
            found = reading.execute(select(table), execution_options={"yield_per": ROWS_AT_ONCE}).mappings()
            for rows in found.partitions():
                writing.execute(insert(table), [dict(row) for row in rows])
        _go_on_counting(writing)


def require_empty_ledger(settings: Settings) -> None:
    """Errors: `UsageError` when the ledger holds something already."""
    with _opened(settings) as engine, engine.connect() as connection:
        _require_empty(connection)


@contextmanager
def _opened(settings: Settings) -> Iterator[Engine]:
    """Give a ledger's engine that lasts no longer than it is needed: the file of a copy is moved after that."""
    engine = open_engine(settings)
    try:
        bring_up_to_date(settings, engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _as_of_one_moment(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def _require_empty(connection: Connection) -> None:
    for table in METADATA.sorted_tables:
        if connection.execute(select(table).limit(1)).first():
            raise UsageError(
                f"The ledger of PCM_LEDGER holds {table.name} already. A backup is restored into an empty one: "
                "make a new database, or name it."
            )


def _go_on_counting(connection: Connection) -> None:
    """Let the next row of each table have the number after the last one; SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        for table in filter(_is_numbered, METADATA.sorted_tables):
            [column] = table.primary_key
            connection.execute(
                text(
                    f"select setval(pg_get_serial_sequence('{table.name}', '{column.name}'), max({column.name})) "
                    f"from {table.name} having count(*) > 0"
                )
            )


def _is_numbered(table: Table) -> bool:
    return table.autoincrement_column is not None
