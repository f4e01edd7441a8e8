"""Tokens of the SQL door: made for a name, shown once, kept as hashes."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ingestion.errors import UsageError
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, write_json
from ingestion.store.home import Home
from ingestion.store.locks import exclusively_everywhere
from ingestion.store.secret_texts import new_secret, secret_sha256


def token_file(settings: Settings) -> Path:
    """Return where the hashes are kept."""
    return settings.home / "sql_tokens.json"


def create_token(settings: Settings, name: str) -> str:
    """Return a new token for a name. Errors: `UsageError` when the name has one already."""
    with _kept(settings) as (path, kept):
        if name in kept:
            raise UsageError(f"{name} has a token already. `pcm token revoke {name}` takes it back.")
        token = new_secret()
        created_at = datetime.now(UTC).isoformat(timespec="seconds")
        write_json(path, kept | {name: {"sha256": secret_sha256(token), "created_at": created_at}})
        path.chmod(0o600)
        return token


def revoke_token(settings: Settings, name: str) -> None:
    """Take back the token of a name. Errors: `UsageError` when it has none."""
    with _kept(settings) as (path, kept):
        if name not in kept:
            raise UsageError(f"{name} has no token. `pcm token list` shows who has one.")
        write_json(path, {other: each for other, each in kept.items() if other != name})
        path.chmod(0o600)


def token_names(settings: Settings) -> list[tuple[str, str]]:
    """Return (name, when it was made) for every token."""
    return [(name, each["created_at"]) for name, each in _read(token_file(settings)).items()]


def owner_of(settings: Settings, token: str) -> str | None:
    """Return whose token this is; None when nobody's."""
    given = secret_sha256(token)
    owners = [name for name, each in _read(token_file(settings)).items() if hmac.compare_digest(each["sha256"], given)]
    return owners[0] if owners else None


@contextmanager
def _kept(settings: Settings) -> Iterator[tuple[Path, dict[str, dict[str, str]]]]:
    Home(settings.home).require()
    with exclusively_everywhere(settings, "sql_tokens"):
        path = token_file(settings)
        yield path, _read(path)


def _read(path: Path) -> dict[str, dict[str, str]]:
    return dict(read_json(path)) if path.exists() else {}
