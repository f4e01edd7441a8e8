"""Tables that are only added to: each row holds the hash of the row before it, so that none is changed unseen."""

import hashlib
import json
from typing import Any

from sqlalchemy import DDL, Table, event

BEGINNING = "0" * 64


def only_added_to(table: Table) -> None:
    """Let the database refuse every change of a row that stands."""
    for change in ("update", "delete"):
        statement = (
            f"create trigger {table.name}_no_{change} before {change} on {table.name} "
            f"begin select raise(abort, '{table.name} is only added to'); end"
        )
        event.listen(table, "after_create", DDL(statement))


def json_sha256(value: Any) -> str:
    """Return the SHA-256 of a row, or of any other value, as JSON."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def canonical_json(value: Any) -> str:
    """Return a value as JSON in the one form that is hashed: keys sorted, no spaces, nothing escaped in vain."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
