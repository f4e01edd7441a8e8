"""How Alembic reaches the ledger: by the program's connection, or from a shell by the settings."""

from alembic import context
from sqlalchemy import Connection

from ingestion.ledger import METADATA
from ingestion.ledger.tables import open_engine
from ingestion.settings import load_settings


def run(connection: Connection) -> None:
    """Do the steps that were asked for."""
    # SQLite changes a column by making the table anew.
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


if "connection" in context.config.attributes:
    run(context.config.attributes["connection"])
else:
    with open_engine(load_settings()).begin() as ours:
        run(ours)
