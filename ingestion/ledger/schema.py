"""The tables of a ledger are made and changed by the steps in `migrations/versions/`, each of which has a revision.

Every process compares one word at its start; Alembic, which takes half a second to import, only does what is due.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from ingestion.errors import PcmError
from ingestion.settings import Settings
from ingestion.store.locks import exclusively_everywhere

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
# The revision of the newest step: what this program needs.
HEAD = "0002"


def bring_up_to_date(settings: Settings, engine: Engine) -> None:
    """Make the tables of a ledger, or change them to those that this program needs.

    A ledger from before there were revisions is adopted: the first step makes only what is not there.
    Errors: `PcmError` when a newer program has changed them, and nothing is touched.
    """
    with engine.connect() as connection:
        if revision_of(connection) == HEAD:
            return
    with exclusively_everywhere(settings, "ledger"):  # else two that start at once would both make a table
        _upgrade(engine)


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a ledger's tables; None when it has none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def migrations(connection: Connection) -> Config:
    """Return what Alembic must know to change the ledger of this connection."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _upgrade(engine: Engine) -> None:
    from alembic import command

    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":  # which else ends a transaction with every table
            connection.exec_driver_sql("begin immediate")
        config = migrations(connection)
        _require_known(config, revision_of(connection))
        command.upgrade(config, HEAD)


def _require_known(config: Config, revision: str | None) -> None:
    from alembic.script import ScriptDirectory

    steps = ScriptDirectory.from_config(config).walk_revisions() if revision else ()
    if revision and revision not in {step.revision for step in steps}:
        raise PcmError(
            f"The ledger was changed by a newer program (its tables have revision {revision}, this program knows up to "
            f"{HEAD}). Nothing was touched: install the newer program."
        )
