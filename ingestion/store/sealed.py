"""Sealed JSON objects: each holds the hash of all else in it, so that a changed one is told from the one written."""

import hashlib
import json
from typing import Any

SEAL = "sealed_sha256"


def sealed(value: dict[str, Any]) -> dict[str, Any]:
    """Return an object that can be written as JSON, with its seal; an earlier one is replaced."""
    content = _content(value)
    return {**content, SEAL: json_sha256(content)}


def is_intact(value: dict[str, Any]) -> bool:
    """Say whether an object that was read still has the content that was sealed."""
    return value.get(SEAL) == json_sha256(_content(value))


def json_sha256(value: Any) -> str:
    """Return the SHA-256 of a value as JSON; equal values have equal hashes, whatever order they were written in."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _content(value: dict[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in value.items() if key != SEAL}
