"""One at a time: locks that a dead process cannot keep."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from ingestion.store.home import Home


@contextmanager
def exclusively(home: Home, name: str) -> Iterator[None]:
    """Wait for, and hold, the lock `name` of this observatory. The kernel frees it when the process dies."""
    home.run.mkdir(parents=True, exist_ok=True)
    with (home.run / f"{name}.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
