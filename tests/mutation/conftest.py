"""One thread for all queries of these tests."""

from collections.abc import Iterator

import pytest

from ingestion.checks.examination import MOST_THREADS, prepare


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """With more threads DuckDB 2.0 gives up the whole database over some mutants (like its issue 24807)."""
    prepare().execute("set threads = 1")
    yield
    prepare().execute(f"set threads = {MOST_THREADS}")
