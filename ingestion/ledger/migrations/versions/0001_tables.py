"""The tables, as every observatory had them before there were revisions.

A ledger of those days has them already, some of them if it is old: what is there stays as it is.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Integer, String, UniqueConstraint

from ingestion.errors import PcmError

revision = "0001"
down_revision = None

# In the order in which they can be made; what refers to another table comes after it.
TABLES = {
    "submissions": (
        Column("sequence_number", Integer, primary_key=True, autoincrement=True),
        Column("submission_id", String, nullable=False, unique=True),
        Column("country_code", String, nullable=False),
        Column("sha256", String, nullable=False),
        Column("size_bytes", BigInteger, nullable=False),
        Column("original_name", String, nullable=False),
        Column("received_at", String, nullable=False),
        Column("arrived_via", String, nullable=False),
        Column("status", String, nullable=False),
        Column("announced_at_unix", Float),
        Column("attempts", Integer, nullable=False),
        Column("last_error", String),
        Column("answered_at", String),
        Column("verdict", String),
        Column("rows_read", Integer),
        Column("rows_accepted", Integer),
        Column("rows_held", Integer),
        Column("rows_refused", Integer),
        Column("rules_version", String),
        Column("landing_sha256", String),
    ),
    "arrivals": (
        Column("arrival_id", Integer, primary_key=True),
        Column("submission_id", String, ForeignKey("submissions.submission_id"), nullable=False),
        Column("original_name", String, nullable=False),
        Column("modified_ns", BigInteger, nullable=False),
        Column("arrived_at", String, nullable=False),
        UniqueConstraint("submission_id", "original_name", "modified_ns"),
    ),
    "holds": (
        Column("hold_id", Integer, primary_key=True),
        Column("submission_id", String, ForeignKey("submissions.submission_id"), nullable=False),
        Column("country_code", String, nullable=False),
        Column("build_id", String, nullable=False),
        Column("expectation", String, nullable=False),
        Column("sentence", String, nullable=False),
        Column("held_at", String, nullable=False),
        Column("last_sequence_number", Integer, nullable=False),
        Column("released_at", String),
        UniqueConstraint("submission_id", "build_id", "expectation"),
    ),
    "waivers": (
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
    ),
    "justifications": (
        Column("justification_id", Integer, primary_key=True),
        Column("submission_id", String, ForeignKey("submissions.submission_id"), nullable=False),
        Column("rule", String, nullable=False),
        Column("text", String, nullable=False),
        Column("is_public", Boolean, nullable=False),
        Column("cells_sha256", String, nullable=False),
        Column("justified_at", String, nullable=False),
    ),
    "decisions": (
        Column("decision_id", Integer, primary_key=True),
        Column("decided_at", String, nullable=False),
        Column("decided_by", String, nullable=False),
        Column("action", String, nullable=False),
        Column("subject", String, nullable=False),
        Column("reason", String, nullable=False),
        Column("details", String, nullable=False),
        Column("previous_sha256", String, nullable=False, unique=True),
        Column("sha256", String, nullable=False),
    ),
    "audit_log": (
        Column("sequence_number", Integer, primary_key=True),
        Column("recorded_at", String, nullable=False),
        Column("account_id", String, nullable=False),
        Column("action", String, nullable=False),
        Column("subject", String, nullable=False),
        Column("details", String, nullable=False),
        Column("previous_hash", String, nullable=False, unique=True),
        Column("hash", String, nullable=False, unique=True),
    ),
    "accounts": (
        Column("account_id", String, primary_key=True),
        Column("email", String, nullable=False, unique=True),
        Column("role", String, nullable=False),
        Column("password_hash", String),
        Column("is_disabled", Boolean, nullable=False),
        Column("failed_count", Integer, nullable=False),
        Column("locked_until_unix", Float, nullable=False),
        Column("created_at", String, nullable=False),
    ),
    "account_countries": (
        Column("account_id", String, ForeignKey("accounts.account_id"), primary_key=True),
        Column("country_code", String, primary_key=True),
    ),
    "identities": (
        Column("issuer", String, primary_key=True),
        Column("subject", String, primary_key=True),
        Column("account_id", String, ForeignKey("accounts.account_id"), nullable=False),
    ),
    "secrets": (
        Column("secret_sha256", String, primary_key=True),
        Column("kind", String, nullable=False),
        Column("account_id", String, ForeignKey("accounts.account_id"), nullable=False),
        Column("expires_at_unix", Float, nullable=False),
        Column("used_at_unix", Float, nullable=False),
    ),
    "four_eyes": (Column("country_code", String, primary_key=True),),
    "messages": (
        Column("message_id", Integer, primary_key=True),
        Column("submission_id", String, ForeignKey("submissions.submission_id"), nullable=False),
        Column("account_id", String, nullable=False),
        Column("is_steward", Boolean, nullable=False),
        Column("text", String, nullable=False),
        Column("written_at", String, nullable=False),
    ),
    "mails": (
        Column("mail_id", Integer, primary_key=True),
        Column("account_id", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("occasion", String, nullable=False),
        Column("queued_at", String, nullable=False),
        Column("sent_at", String),
        Column("attempts", Integer, nullable=False),
        UniqueConstraint("account_id", "kind", "occasion"),
    ),
}
ONLY_ADDED_TO = ("decisions", "audit_log")

REFUSE_IN_POSTGRESQL = """
    create function refuse_change() returns trigger language plpgsql as $$
    begin raise exception '% is only added to', tg_table_name; end $$
"""


def upgrade() -> None:
    """Make the tables that are not there, and let the database refuse every change of a row that must stand."""
    for name, columns in TABLES.items():
        # A number that was given once is never given again.
        op.create_table(name, *columns, if_not_exists=True, sqlite_autoincrement=name == "submissions")
    if op.get_bind().dialect.name == "sqlite":
        _refuse_in_sqlite()
    else:
        _refuse_in_postgresql()


def downgrade() -> None:
    """Remove the tables of a ledger that holds nothing. Errors: `PcmError` when it holds anything."""
    for name in TABLES:
        if op.get_bind().scalar(sa.select(sa.exists(sa.select(sa.literal(1)).select_from(sa.table(name))))):
            raise PcmError(f"The ledger holds {name}; a step back would lose them. Nothing was touched.")
    for name in reversed(TABLES):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function refuse_change()")


def _refuse_in_sqlite() -> None:
    for table in ONLY_ADDED_TO:
        for change in ("update", "delete"):
            op.execute(
                f"create trigger if not exists {table}_no_{change} before {change} on {table} "
                f"begin select raise(abort, '{table} is only added to'); end"
            )


def _refuse_in_postgresql() -> None:
    op.execute(REFUSE_IN_POSTGRESQL)
    for table in ONLY_ADDED_TO:
        for change, each in (("update", "row"), ("delete", "row"), ("truncate", "statement")):
            op.execute(
                f"create trigger {table}_no_{change} before {change} on {table} "
                f"for each {each} execute function refuse_change()"
            )
