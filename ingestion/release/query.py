"""Ask a release: read-only SQL over a published warehouse."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ingestion.errors import PcmError, UsageError
from ingestion.settings import Settings
from ingestion.sql_text import search_public_schemas
from ingestion.store.home import Home
from ingestion.store.packed import restore
from ingestion.store.published import current_release_id, release_facts, release_ids

WAREHOUSE = "warehouse.duckdb"
NOTHING_PUBLISHED = "Nothing is published yet. `pcm status` says what is under way."


def release_folder(settings: Settings, release_id: str | None = None, *, wanted: str = "") -> Path:
    """Return the folder of a release, the current one by default, with the wanted file in it, or with all of them.

    Errors: `UsageError` when there is no such release, `PcmError` when it is packed and cannot be read back.
    """
    chosen = release_id or current_release_id(settings)
    if chosen is None:
        raise UsageError(NOTHING_PUBLISHED)
    folders = [path for path in Home(settings.home).releases.glob("*") if path.is_dir()]
    for folder in folders:
        if folder.name == chosen:
            restore(folder, wanted)
            return folder
    raise UsageError(f"There is no release {chosen}. Published: {', '.join(release_ids(settings)) or 'none'}.")


def warehouse_of(settings: Settings, release_id: str | None = None) -> Path:
    """Return the warehouse file of a release, the current one by default.

    Errors: `UsageError` when there is no such release, `PcmError` when its warehouse is gone.
    """
    path = release_folder(settings, release_id, wanted=WAREHOUSE) / WAREHOUSE
    if not path.exists():
        raise PcmError(f"The warehouse of release {path.parent.name} is gone. Restore {path} from a backup.")
    return path


def release_as_of(settings: Settings, day: date) -> str:
    """Return the id of the newest release that was published by the end of a day (UTC).

    Errors: `UsageError` when nothing was published by then.
    """
    published_on = {name: _published_on(settings, name) for name in release_ids(settings)}
    earlier = [name for name, published in published_on.items() if published <= day]
    if earlier:
        return earlier[-1]
    if not published_on:
        raise UsageError(NOTHING_PUBLISHED)
    first, first_day = next(iter(published_on.items()))
    raise UsageError(f"Nothing was published by {day}; the first release, {first}, is of {first_day}.")


def _published_on(settings: Settings, release_id: str) -> date:
    return date.fromisoformat(release_facts(settings, release_id)["published_at"][:10])


def query(settings: Settings, sql: str, *, release_id: str | None = None) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the column names and rows of a query on a release.

    Tables and views need no prefix. Errors: `UsageError` with DuckDB's words for a wrong query.
    """
    with duckdb.connect(str(warehouse_of(settings, release_id)), read_only=True) as connection:
        try:
            search_public_schemas(connection)
            result = connection.execute(sql)
            return [column[0] for column in result.description or []], result.fetchall()
        except duckdb.Error as error:
            raise UsageError(f"DuckDB cannot answer this query.\n{error}") from None
