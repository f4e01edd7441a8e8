"""Accounts: invited by a steward, opened by a link that works once, protected against guessing."""

import re
import secrets
import time
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from ingestion.catalogue import require_on_roster
from ingestion.errors import UsageError
from ingestion.ledger.account_tables import ACCOUNT_COUNTRIES, ACCOUNTS, IDENTITIES
from ingestion.ledger.audit_log import record
from ingestion.ledger.tables import ledger_engine, read_rows
from ingestion.portal.entrance import passwords
from ingestion.portal.entrance.secret_keys import INVITATION, SESSION, TOKEN, account_id_of, issue, revoke_all, use_up
from ingestion.portal.roles import ROLES, Account, countries_of
from ingestion.settings import Settings
from ingestion.store.home import Home

if TYPE_CHECKING:
    from argon2 import PasswordHasher

OPERATOR = "operator"  # who acts at the command line of the server
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ATTEMPTS = 5
LOCK_SECONDS = 15 * 60


def invite(settings: Settings, email: str, *, role: str, countries: tuple[str, ...]) -> str:
    """Make an account, or change the one of this address, and return the secret of its invitation.

    A later invitation makes earlier ones worthless; the old password works until the new one is set.
    Errors: `UsageError` for an unknown role, country or a text that is no address.
    """
    _require(email, role, countries)
    Home(settings.home).create()
    email = email.lower()
    known = _find(settings, ACCOUNTS.c.email == email)
    account_id = known["account_id"] if known else f"a-{secrets.token_hex(6)}"
    new = {"account_id": account_id, "email": email, "created_at": datetime.now(UTC).isoformat(timespec="seconds")}
    with ledger_engine(settings).begin() as connection:
        if not known:
            connection.execute(insert(ACCOUNTS).values(**new, role=role))
        this = ACCOUNTS.c.account_id == account_id
        connection.execute(update(ACCOUNTS).where(this).values(role=role, is_disabled=False))
        connection.execute(delete(ACCOUNT_COUNTRIES).where(ACCOUNT_COUNTRIES.c.account_id == account_id))
        # Who is invited anew may come by another identity.
        connection.execute(delete(IDENTITIES).where(IDENTITIES.c.account_id == account_id))
        rows = [{"account_id": account_id, "country_code": country} for country in sorted(set(countries))]
        if rows:  # a steward needs none
            connection.execute(insert(ACCOUNT_COUNTRIES), rows)
    revoke_all(settings, account_id, INVITATION, SESSION)
    record(settings, "invite", account_id=OPERATOR, subject=account_id, role=role, countries=sorted(set(countries)))
    return issue(settings, INVITATION, account_id)


def invited(settings: Settings, secret: str) -> Account | None:
    """Return the account that an invitation is for; None when it is used up, too old or never was."""
    account_id = account_id_of(settings, INVITATION, secret)
    return account(settings, account_id) if account_id else None


def accept(settings: Settings, secret: str, password: str) -> Account | None:
    """Use an invitation up and set the password; None when the invitation is worth nothing (any more)."""
    found = invited(settings, secret)
    if found is None or not use_up(settings, INVITATION, secret):
        return None
    _change(settings, found.account_id, password_hash=_hasher().hash(password), failed_count=0, locked_until_unix=0.0)
    revoke_all(settings, found.account_id, SESSION)
    record(settings, "accept invitation", account_id=found.account_id)
    return found


def sign_in(settings: Settings, email: str, password: str) -> Account | None:
    """Return the account of an address and its password, or None; whatever is wrong, one password is checked.

    After `ATTEMPTS` wrong passwords the account is locked for `LOCK_SECONDS`, also for the right one.
    """
    row = _find(settings, ACCOUNTS.c.email == email.lower().strip())
    is_right = _verifies(row["password_hash"] if row else None, password)
    if row is None:
        record(settings, "sign-in refused", account_id="")
        return None
    if row["locked_until_unix"] > time.time() or row["is_disabled"]:
        record(settings, "sign-in refused", account_id=row["account_id"], reason="locked or disabled")
        return None
    if not is_right:
        _note_failure(settings, row)
        return None
    _change(settings, row["account_id"], failed_count=0, locked_until_unix=0.0)
    record(settings, "sign in", account_id=row["account_id"])
    return account(settings, row["account_id"])


def account(settings: Settings, account_id: str) -> Account | None:
    """Return an account that may come in; None when there is none, or it is disabled."""
    row = _find(settings, ACCOUNTS.c.account_id == account_id)
    if row is None or row["is_disabled"]:
        return None
    return Account(account_id, row["email"], row["role"], countries_of(row["role"], _countries(settings, account_id)))


def find_by_address(settings: Settings, email: str) -> str | None:
    """Return the id of the account of an address."""
    row = _find(settings, ACCOUNTS.c.email == email.lower().strip())
    return str(row["account_id"]) if row else None


def accounts(settings: Settings) -> list[dict[str, Any]]:
    """Return every account for its steward: address, role, countries and state (invited, active, disabled)."""
    return [
        {
            "account_id": row["account_id"],
            "email": row["email"],
            "role": row["role"],
            "countries": " ".join(countries_of(row["role"], _countries(settings, row["account_id"]))),
            "state": "disabled" if row["is_disabled"] else "active" if row["password_hash"] else "invited",
        }
        for row in read_rows(settings, select(ACCOUNTS).order_by(ACCOUNTS.c.email))
    ]


def names_of(settings: Settings) -> dict[str, str]:
    """Return {account id: address}: what somebody did is recorded by the id."""
    return {each["account_id"]: each["email"] for each in accounts(settings)}


def disable(settings: Settings, email: str) -> None:
    """Shut an account out at once, with all its sessions and tokens. Errors: `UsageError` for an unknown address."""
    account_id = _required(settings, email)["account_id"]
    # Whoever has the password must not come back with the next invitation.
    _change(settings, account_id, is_disabled=True, password_hash=None)
    revoke_all(settings, account_id, INVITATION, SESSION, TOKEN)
    record(settings, "disable", account_id=OPERATOR, subject=account_id)


def new_token(settings: Settings, email: str) -> str:
    """Return a new token for the account's programs; it replaces the one before.

    Errors: `UsageError` for an address that is unknown or disabled.
    """
    row = _required(settings, email)
    if row["is_disabled"]:
        raise UsageError(f"The account of {email} is disabled. `pcm contact invite` opens it again.")
    revoke_all(settings, row["account_id"], TOKEN)
    record(settings, "token", account_id=OPERATOR, subject=row["account_id"])
    return issue(settings, TOKEN, row["account_id"])


def _require(email: str, role: str, countries: tuple[str, ...]) -> None:
    require_on_roster(*countries)
    if role not in ROLES:
        raise UsageError(f"There is no role {role}. Roles: {' '.join(ROLES)}.")
    if not ADDRESS.fullmatch(email):
        raise UsageError(f"{email} is not an e-mail address.")


def _required(settings: Settings, email: str) -> dict[str, Any]:
    Home(settings.home).require()
    row = _find(settings, ACCOUNTS.c.email == email.lower())
    if row is None:
        raise UsageError(f"There is no account of {email}. `pcm contact list` names them all.")
    return row


def _find(settings: Settings, condition: Any) -> dict[str, Any] | None:
    return next(iter(read_rows(settings, select(ACCOUNTS).where(condition))), None)


def _countries(settings: Settings, account_id: str) -> tuple[str, ...]:
    query = select(ACCOUNT_COUNTRIES.c.country_code).where(ACCOUNT_COUNTRIES.c.account_id == account_id)
    with ledger_engine(settings).connect() as connection:
        return tuple(sorted(connection.execute(query).scalars()))


def _change(settings: Settings, account_id: str, **values: Any) -> None:
    with ledger_engine(settings).begin() as connection:
        connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.account_id == account_id).values(**values))


def _note_failure(settings: Settings, row: dict[str, Any]) -> None:
    # Counted by the database: attempts at the same moment are attempts too.
    _change(settings, row["account_id"], failed_count=ACCOUNTS.c.failed_count + 1)
    failed = _find(settings, ACCOUNTS.c.account_id == row["account_id"])
    is_locked = failed is not None and failed["failed_count"] >= ATTEMPTS
    if is_locked:
        _change(settings, row["account_id"], failed_count=0, locked_until_unix=time.time() + LOCK_SECONDS)
    record(settings, "sign-in refused", account_id=row["account_id"], reason="locked" if is_locked else "password")


def _verifies(password_hash: str | None, password: str) -> bool:
    """Compare a password with its hash; without one as much work is done in vain, so that time tells nothing."""
    from argon2.exceptions import VerificationError

    try:
        return _hasher().verify(password_hash or _hash_of_nobody(), password[: passwords.LONGEST]) and bool(
            password_hash
        )
    except VerificationError:
        return False


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # argon2id, with the parameters of RFC 9106 for little memory

    return PasswordHasher()


@cache
def _hash_of_nobody() -> str:
    return str(_hasher().hash(secrets.token_urlsafe()))
