"""What a file would change: its rows beside the figures of its country that are in force.

A file replaces whole blocks (country, indicator, period): what it leaves out of a block disappears.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from ingestion.catalogue import column_kinds, rows
from ingestion.checks.comparison import load_earlier
from ingestion.checks.earlier import Earlier, earlier_figures
from ingestion.settings import Settings
from ingestion.sql_text import CALLS_NOBODY, quoted

MOST_CHANGES_SHOWN = 100
KINDS = {name.lower(): kind for name, kind in column_kinds().items()}
KEYS = [name for name, kind in KINDS.items() if kind == "dimension"]
VALUES = [name for name in KINDS if name not in KEYS]
SAID = [name for name in VALUES if KINDS[name] != "text"]  # of the figure itself; the rest are remarks about it
NUMBERS = [name for name in VALUES if KINDS[name] == "number"]
TOTALS = {row["dimension_code"].lower(): row["total_code"] for row in rows("dimensions")}

# A blank and the code of the total are the same key. Of what is in force, only the blocks of the file are looked at.
COMPARED = """
create temp table compared as
with
file_side as (
    select {keys}, true as is_in_file, {file_values} from file
),
earlier_side as (
    select {keys}, true as is_in_force, {earlier_values}
    from earlier
    semi join (select distinct indicator, ref_area, time_period from file) as blocks
        using (indicator, ref_area, time_period)
),
final as (
    select
        {names},
        case
            when is_in_force is null then 'new'
            when is_in_file is null then 'deleted'
            when {is_same} then 'same'
            when {is_same_figure} then 'remarked'
            else 'changed'
        end as change,
        columns('before_.*'),
        columns('after_.*'),
    from file_side
    full join earlier_side using ({names})
)
from final
"""
COUNTS = """
select
    indicator,
    count_if(change = 'new') as new_count,
    count_if(change = 'changed') as changed_count,
    count_if(change = 'remarked') as remarked_count,
    count_if(change = 'deleted') as deleted_count,
    count_if(change = 'same') as same_count
from compared
group by indicator
order by indicator
"""
CHANGES = """
from compared where change in ('changed', 'remarked', 'deleted') order by change = 'remarked', {keys} limit {most}
"""
# What may happen to a row, as `COUNTS` counts it; `remarked`: only the comment or the reference is another.
CHANGE_KINDS = ("new", "changed", "remarked", "deleted", "same")


@dataclass(frozen=True)
class Change:
    """One row in force that would change or disappear: its key, and {column: (before, after)} of what differs.

    Of a row that would disappear, its numbers.
    """

    change: str
    indicator: str
    key: str
    values: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Effect:
    """What sending a file would do. `counts`: {indicator: {kind of `CHANGE_KINDS`: rows}}."""

    counts: dict[str, dict[str, int]]
    changes: list[Change]

    @property
    def totals(self) -> dict[str, int]:
        """The rows of all indicators together, by what would happen to them."""
        return {kind: sum(each[kind] for each in self.counts.values()) for kind in CHANGE_KINDS}


def effect_of(settings: Settings, accepted: Path, *, country_code: str) -> Effect:
    """Compare the rows of a file that would be accepted with what is in force now.

    Errors: `PcmError` when landed rows no longer have the hash that the ledger recorded.
    """
    if not accepted.exists():
        return Effect({}, [])
    own = Earlier(earlier_figures(settings, country_code=country_code).landed)  # what others published does not matter
    with _database() as connection:
        load_earlier(connection, own, country_code=country_code)
        connection.execute(f"create temp view file as from read_parquet('{quoted(accepted)}')")
        _compare(connection)
        counted = connection.execute(COUNTS).fetchall()
        cursor = connection.execute(CHANGES.format(keys=", ".join(KEYS), most=MOST_CHANGES_SHOWN))
        names = [column[0] for column in cursor.description or ()]
        changes = [_change(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    counts = {code: dict(zip(CHANGE_KINDS, each, strict=True)) for code, *each in counted}
    return Effect(counts, changes)


@contextmanager
def _database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection with an empty database of its own; DuckDB has started before, which is a third of the work."""
    name = f"of_{secrets.token_hex(8)}"
    with _started().cursor() as connection:
        connection.execute(f"attach ':memory:' as {name}")
        try:
            connection.execute(f"use {name}")
            yield connection
        finally:
            connection.execute("use memory")
            connection.execute(f"detach {name}")


@cache
def _started() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1, **CALLS_NOBODY})


def _compare(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        COMPARED.format(
            keys=", ".join(f"coalesce(nullif({key}, ''), '{TOTALS.get(key, '')}') as {key}" for key in KEYS),
            names=", ".join(KEYS),
            file_values=", ".join(f"{name} as after_{name}" for name in VALUES),
            earlier_values=", ".join(f"{name} as before_{name}" for name in VALUES),
            is_same=_are_alike(VALUES),
            is_same_figure=_are_alike(SAID),
        )
    )


def _are_alike(names: list[str]) -> str:
    return " and ".join(f"before_{name} is not distinct from after_{name}" for name in names)


def _change(row: dict[str, Any]) -> Change:
    shown = NUMBERS if row["change"] == "deleted" else VALUES
    values = {name.upper(): (row[f"before_{name}"], row[f"after_{name}"]) for name in shown}
    different = {name: (_text(before), _text(after)) for name, (before, after) in values.items() if before != after}
    parts = (row[key] for key in KEYS if key not in ("indicator", "ref_area") and row[key] != TOTALS.get(key))
    return Change(row["change"], row["indicator"], " ".join(parts), different)


def _text(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value or "")
