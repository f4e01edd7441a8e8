"""Sign-in by the provider of an organisation: OpenID Connect, code flow with PKCE, state and nonce, done by Authlib.

Who may come in is decided here, not there: by the accounts table, in which a verified address was invited, or, where
the operator trusts a claim of the provider with it, by that claim. The first sign-in ties the provider's subject to the
account; from then on the subject decides, so that an address which is given to somebody else opens nothing.
"""

import hashlib
import hmac
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import insert, select

from ingestion.errors import UsageError
from ingestion.ledger.account_tables import IDENTITIES
from ingestion.ledger.audit_log import record
from ingestion.ledger.tables import ledger_engine
from ingestion.portal.entrance import accounts
from ingestion.portal.roles import ROLES, ROLES_OF_ALL_COUNTRIES, Account
from ingestion.settings import Settings

if TYPE_CHECKING:
    from authlib.integrations.starlette_client import StarletteOAuth2App

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
DISCOVERY = "/.well-known/openid-configuration"


class NotInvited(Exception):
    """The provider knows this person, and we do not."""


def is_configured(settings: Settings) -> bool:
    """Say whether sign-in by a provider is offered. Errors: `UsageError` for settings that do not fit together."""
    if not settings.oidc_issuer:
        return False
    address = urlsplit(settings.oidc_issuer)
    if address.scheme != "https" and address.hostname not in LOOPBACK_HOSTS:
        raise UsageError(f"PCM_OIDC_ISSUER is {settings.oidc_issuer}; it must begin with https://.")
    if not settings.oidc_client_id or not _secret(settings):
        raise UsageError("PCM_OIDC_ISSUER needs PCM_OIDC_CLIENT_ID and PCM_OIDC_SECRET_FILE, a file with the secret.")
    return True


def cookie_key(settings: Settings) -> str:
    """Return the key that signs the cookie of a sign-in under way; all processes of a portal have the same."""
    return hmac.new(_secret(settings).encode(), b"sign-in under way", hashlib.sha256).hexdigest()


@cache
def client_of(settings: Settings) -> "StarletteOAuth2App":
    """Return Authlib's client of the provider."""
    import httpx
    from authlib.integrations.starlette_client import OAuth

    kept = httpx.create_ssl_context()  # a tenth of a second, otherwise spent again for each request
    return OAuth().register(
        "oidc",
        server_metadata_url=settings.oidc_issuer.rstrip("/") + DISCOVERY,
        client_id=settings.oidc_client_id,
        client_secret=_secret(settings),
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "verify": kept},
    )


def issuer_only(settings: Settings) -> dict[str, Any]:
    """Return what Authlib must ask of a token beside its signature, audience, times and nonce."""
    return {"iss": {"essential": True, "value": settings.oidc_issuer}}


def account_for(settings: Settings, claims: dict[str, Any]) -> Account:
    """Return the account of whom a validated ID token speaks. Errors: `NotInvited`."""
    subject = str(claims["sub"])
    account_id = _tied_to(settings, subject) or _by_address(settings, claims)
    if settings.oidc_claim in claims:
        account_id = _by_claim(settings, claims, account_id)
    found = accounts.account(settings, account_id) if account_id else None
    if found is None:
        record(settings, "sign-in refused", account_id=account_id or "", reason="not invited or disabled")
        raise NotInvited
    _tie(settings, subject, found.account_id)
    record(settings, "sign in", account_id=found.account_id, by=settings.oidc_issuer)
    return found


def _by_address(settings: Settings, claims: dict[str, Any]) -> str | None:
    """Return the account of a verified address, unless another subject has it."""
    found = accounts.find_by_address(settings, str(claims.get("email", "")))
    if claims.get("email_verified") is not True or found is None:
        return None
    with ledger_engine(settings).connect() as connection:
        tied = select(IDENTITIES).where(IDENTITIES.c.account_id == found, IDENTITIES.c.issuer == settings.oidc_issuer)
        return None if connection.execute(tied).first() else found


def _by_claim(settings: Settings, claims: dict[str, Any], known: str | None) -> str | None:
    """Make or change an account as the claim says: texts such as `contact:LU`, or `steward`; one role for all."""
    told = claims[settings.oidc_claim]
    parts = [str(part).partition(":") for part in ([told] if isinstance(told, str) else told)]
    roles = {role for role, _, _ in parts}
    countries = tuple(sorted({country for _, _, country in parts if country}))
    [role] = roles if len(roles) == 1 else [""]
    if role not in ROLES or not (countries or role in ROLES_OF_ALL_COUNTRIES):
        return None
    now = accounts.account(settings, known) if known else None
    if known and (now is None or (now.role == role and (role in ROLES_OF_ALL_COUNTRIES or now.countries == countries))):
        return known  # nothing to change, or shut out here whatever the provider says
    address = now.email if now else str(claims.get("email", "")) if claims.get("email_verified") is True else ""
    if not known and accounts.find_by_address(settings, address):
        return None  # it is another subject's
    try:
        accounts.invite(settings, address, role=role, countries=countries)
    except UsageError:
        return None
    return accounts.find_by_address(settings, address)


def _tied_to(settings: Settings, subject: str) -> str | None:
    tied = select(IDENTITIES.c.account_id).where(
        IDENTITIES.c.issuer == settings.oidc_issuer, IDENTITIES.c.subject == subject
    )
    with ledger_engine(settings).connect() as connection:
        return connection.execute(tied).scalar()


def _tie(settings: Settings, subject: str, account_id: str) -> None:
    row = {"issuer": settings.oidc_issuer, "subject": subject, "account_id": account_id}
    if _tied_to(settings, subject) is None:
        with ledger_engine(settings).begin() as connection:
            connection.execute(insert(IDENTITIES).values(row))


def _secret(settings: Settings) -> str:
    path = Path(settings.oidc_secret_file)
    return path.read_text(encoding="utf-8").strip() if settings.oidc_secret_file and path.is_file() else ""
