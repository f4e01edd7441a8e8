"""Texts that let somebody in: made, known again by their hash, or read from a file that an operator names."""

import hashlib
import secrets
from pathlib import Path

from ingestion.errors import UsageError

RANDOM_BYTES = 32


def new_secret() -> str:
    """Return a new random text, fit for an address."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def secret_sha256(secret: str) -> str:
    """Return the hash that is kept of a secret."""
    # Random texts of 256 bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", errors="replace")).hexdigest()


def read_secret(setting: str, path: str) -> str:
    """Return what the file that a setting names holds. Errors: `UsageError` when it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UsageError(f"{setting} names {path}, which cannot be read: {error.strerror}.") from None
