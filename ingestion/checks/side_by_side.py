"""Work on the desk at the same time: each piece of work has a cursor and a thread of its own.

DuckDB works in one thread here (see `ingestion.checks.examination.prepare`), but lets other threads of Python go on
meanwhile, and each of them may ask it something.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from typing import TypeVar

import duckdb

DESK = "desk"
MOST_AT_ONCE = 2  # what they need of memory adds up
S = TypeVar("S")
T = TypeVar("T")
Work = Callable[[duckdb.DuckDBPyConnection], T]


def look_at_desk(connection: duckdb.DuckDBPyConnection) -> None:
    """Let a name in a statement be one of the desk, or of the database of the catalogue."""
    connection.execute(f"set search_path = '{DESK},memory'")


def at_once(work: Callable[[S], T], things: Iterable[S], *, is_large: bool) -> list[T]:
    """Return what work gives for each thing, in their order; a small file would only wait for threads."""
    if not is_large:
        return [work(thing) for thing in things]
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        return list(pool.map(work, things))


def side_by_side(connection: duckdb.DuckDBPyConnection, works: Sequence[Work[T]], *, is_large: bool) -> list[T]:
    """Return what each piece of work gives, in their order.

    A table is seen by all, but not what is temporary or registered: that belongs to one connection.
    """
    if not is_large:
        return [work(connection) for work in works]
    cursors: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()

    def done(work: Work[T]) -> T:
        cursor = cursors.get()
        try:
            return work(cursor)
        finally:
            cursors.put(cursor)

    with ExitStack() as stack:
        for _ in range(MOST_AT_ONCE):
            cursor = stack.enter_context(connection.cursor())
            look_at_desk(cursor)
            cursors.put(cursor)
        return at_once(done, works, is_large=True)
