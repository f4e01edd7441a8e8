"""Tables that are only added to: each row holds the hash of the row before it, so that none is changed unseen.

That the database itself refuses a change is in the migration that made the table.
"""

import hashlib
import json
from typing import Any

BEGINNING = "0" * 64


def canonical_sha256(value: Any) -> str:
    """Return the SHA-256 of a row, or of any other value, as JSON."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def canonical_json(value: Any) -> str:
    """Return a value as JSON in the one form that is hashed: keys sorted, no spaces, nothing escaped in vain."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
