"""The tables of accounts: who may come in by the portal, and by which secret."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, String, Table

from ingestion.ledger.tables import METADATA

# One row per person or machine that has an account. Without a password hash the invitation was not accepted yet.
ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("account_id", String, primary_key=True),
    Column("email", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("password_hash", String),
    Column("is_disabled", Boolean, nullable=False, default=False),
    Column("failed_count", Integer, nullable=False, default=0),
    Column("locked_until_unix", Float, nullable=False, default=0),
    Column("created_at", String, nullable=False),
)

# One row per (account, country that it acts for).
ACCOUNT_COUNTRIES = Table(
    "account_countries",
    METADATA,
    Column("account_id", String, ForeignKey("accounts.account_id"), primary_key=True),
    Column("country_code", String, primary_key=True),
)

# One row per subject of a sign-in provider that has come in, and is known by it from then on.
IDENTITIES = Table(
    "identities",
    METADATA,
    Column("issuer", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("account_id", String, ForeignKey("accounts.account_id"), nullable=False),
)

# One row per invitation, session or token that was given out. Only its hash is here: who reads it cannot come in.
SECRETS = Table(
    "secrets",
    METADATA,
    Column("secret_sha256", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("account_id", String, ForeignKey("accounts.account_id"), nullable=False),
    Column("expires_at_unix", Float, nullable=False),
    Column("used_at_unix", Float, nullable=False),
)
