"""The order of names in the reader's alphabet: CLDR collation, as DuckDB's ICU sorts."""

from functools import cache
from html import unescape

import duckdb


@cache
def sort_key(name: str, language_code: str) -> str:
    """Return the text by which a name is sorted in a language; one that ICU does not know is sorted as most are."""
    asked = _collator().cursor()  # one of its own for each thread
    [(key,)] = asked.execute("select icu_sort_key(?, ?)", [unescape(name), language_code]).fetchall()
    return str(key)


@cache
def _collator() -> duckdb.DuckDBPyConnection:
    # Without threads: forks that draw pages have none of them.
    return duckdb.connect(config={"threads": 1, "async_threads": 0})
