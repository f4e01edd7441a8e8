"""Long random texts that let somebody in, and the hash by which they are known again."""

import hashlib
import secrets

RANDOM_BYTES = 32


def new_secret() -> str:
    """Return a new random text, fit for an address."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def secret_sha256(secret: str) -> str:
    """Return the hash that is kept of a secret."""
    # Random texts of 256 bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", errors="replace")).hexdigest()
