"""What the columns of the submission format hold."""

from functools import cache

from ingestion.catalogue.load import rows


@cache
def column_kinds() -> dict[str, str]:
    """Return {column: its kind}: dimension, number, attribute or text."""
    return {row["column_name"]: row["column_kind"] for row in rows("submission_columns")}


@cache
def columns_of_kind(*kinds: str) -> tuple[str, ...]:
    """Return the columns of some kinds, in the order of the format."""
    return tuple(name for name, kind in column_kinds().items() if kind in kinds)


@cache
def count_columns() -> frozenset[str]:
    """Return the columns that hold counts."""
    return frozenset(row["column_name"] for row in rows("measure_columns") if row["is_count"] == "true")
