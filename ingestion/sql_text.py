"""Texts and paths as they stand in SQL where a statement takes no parameter, and DuckDB that calls nobody."""

# Nothing is fetched from elsewhere while a statement runs.
CALLS_NOBODY: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def quoted(value: object) -> str:
    """Return a text or a path as it may stand between single quotes in SQL."""
    return str(value).replace("'", "''")
