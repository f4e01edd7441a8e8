"""Invitations, sessions and tokens: long random texts, of which only the hash is kept."""

import time

from sqlalchemy import delete, insert, select, update

from ingestion.ledger.account_tables import SECRETS
from ingestion.ledger.tables import ledger_engine
from ingestion.settings import Settings
from ingestion.store.secret_texts import new_secret, secret_sha256

HOUR, DAY = 3600, 24 * 3600
INVITATION, SESSION, TOKEN = "invitation", "session", "token"
LIFETIME_SECONDS = {INVITATION: 7 * DAY, SESSION: 12 * HOUR, TOKEN: 365 * DAY}
# Whoever does nothing for so long is signed out.
IDLE_SECONDS = LIFETIME_SECONDS | {SESSION: HOUR}
# The time of use is written at most this often: a page has several parts.
NOTED_EVERY_SECONDS = 60


def issue(settings: Settings, kind: str, account_id: str) -> str:
    """Make a secret for an account and return it; it can be read this once."""
    secret, now = new_secret(), time.time()
    row = {
        "secret_sha256": secret_sha256(secret),
        "kind": kind,
        "account_id": account_id,
        "expires_at_unix": now + LIFETIME_SECONDS[kind],
        "used_at_unix": now,
    }
    with ledger_engine(settings).begin() as connection:
        connection.execute(insert(SECRETS).values(row))
    return secret


def account_id_of(settings: Settings, kind: str, secret: str) -> str | None:
    """Return whose secret this is; None for one that was never given out, was used up, revoked or is too old."""
    now = time.time()
    known = select(SECRETS).where(SECRETS.c.secret_sha256 == secret_sha256(secret), SECRETS.c.kind == kind)
    with ledger_engine(settings).connect() as connection:
        row = connection.execute(known).mappings().first()
    if row is None or now > row["expires_at_unix"] or now > row["used_at_unix"] + IDLE_SECONDS[kind]:
        return None
    if now > row["used_at_unix"] + NOTED_EVERY_SECONDS:
        noted = update(SECRETS).where(SECRETS.c.secret_sha256 == row["secret_sha256"]).values(used_at_unix=now)
        with ledger_engine(settings).begin() as connection:
            connection.execute(noted)
    return str(row["account_id"])


def use_up(settings: Settings, kind: str, secret: str) -> bool:
    """Make a secret worthless and say whether it was one: of two who use it at once, one has it."""
    used = delete(SECRETS).where(SECRETS.c.secret_sha256 == secret_sha256(secret), SECRETS.c.kind == kind)
    with ledger_engine(settings).begin() as connection:
        return bool(connection.execute(used).rowcount)


def revoke_all(settings: Settings, account_id: str, *kinds: str) -> None:
    """Make all secrets of an account of these kinds worthless."""
    with ledger_engine(settings).begin() as connection:
        connection.execute(delete(SECRETS).where(SECRETS.c.account_id == account_id, SECRETS.c.kind.in_(kinds)))
