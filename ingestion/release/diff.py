"""What changed from one release to another: every figure that is not the same, and why."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingestion.release.figure import add_figure_id
from ingestion.settings import PROJECT_ROOT
from ingestion.sql_text import CALLS_NOBODY, quoted
from ingestion.store.atomic import read_json

DIFF = PROJECT_ROOT / "ingestion" / "release" / "diff.sql"
KEY = "country_code, indicator_code, period, site_code"
# What each cause means, in the order in which they are asked for: a change has the first that applies.
CAUSES = {
    "rule": "the file was there before; what the rules or a steward say of it is new",
    "new_data": "reported now, and not in the earlier release",
    "removed": "the file that is in force now does not have it",
    "suppression": "became hidden, or is hidden no more",
    "correction": "its country sent another file",
    "other_figures": "a figure that it is computed from or compared with changed",
    "code": "the code that computes it changed",
    "catalogue": "the catalogue changed",
    "code_or_catalogue": "the code and the catalogue changed",
}

# Sums of the same numbers in another order differ in their last digits.
IS_SAME = """
    create temp macro is_same(one, other) as
    one is not distinct from other or coalesce(abs(one - other) <= 1e-9 * greatest(abs(one), abs(other), 1), false)
"""


@dataclass(frozen=True)
class Kind:
    """A kind of figure: its table, what stands behind the site in its id, its value, its status, the rest."""

    table: str
    rest: str
    value: str
    status: str
    numbers: tuple[str, ...]
    marks: tuple[str, ...] = ()


INTERVAL = ("se", "lower_ci", "upper_ci")
COUNTS = ("numerator", "denominator", "p25", "p75")
KINDS = {
    "observation": Kind(
        "fct_observations",
        "stratum_id",
        "coalesce(numerator, obs_value)",
        "if(is_suppressed, 'suppressed', 'published')",
        (*COUNTS, "obs_value"),
        ("obs_status",),
    ),
    "estimate": Kind(
        "fct_estimates", "stratum_id", "value", "publication_status", (*INTERVAL, *COUNTS), ("obs_status",)
    ),
    "inequality": Kind(
        "fct_inequalities",
        "dimension_code || '/' || measure",
        "estimate",
        "coalesce(null_reason, 'published')",
        INTERVAL,
    ),
    "comparison": Kind(
        "fct_country_comparisons",
        "null",
        "value",
        "coalesce(null_reason, 'published')",
        ("rank", "rank_lower", "rank_upper", "gap_to_best", "gap_to_eu", "gap_to_target"),
        ("funnel_position",),
    ),
}


@contextmanager
def diff(
    earlier: Path, later: Path, *, country_code: str | None = None, indicator_code: str | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection with the table `changes` between two releases, or a release and a draft, by their folders.

    One row per (kind, figure). Only what is public is read, and what either release hides has no value.
    """
    with duckdb.connect(config=CALLS_NOBODY) as connection:
        for name, folder in (("earlier", earlier), ("later", later)):
            connection.execute(f"attach '{quoted(folder / 'warehouse.duckdb')}' as {name} (read_only)")
        add_figure_id(connection)
        connection.execute(IS_SAME)
        for name in ("earlier", "later"):
            connection.execute(f"create temp table {name}_figures as {_figures(connection, name)}")
        _load_landings(connection, earlier, later)
        before, after = (_described(folder) for folder in (earlier, later))
        connection.execute(
            f"create temp table changes as {DIFF.read_text(encoding='utf-8')}",
            {
                "has_other_code": before["code_version"] != after["code_version"],
                "has_other_catalogue": before["catalogue_hash"] != after["catalogue_hash"],
            },
        )
        for column, code in (("country_code", country_code), ("indicator_code", indicator_code)):
            if code:
                connection.execute(f"delete from changes where {column} <> ?", [code])
        yield connection


def _described(folder: Path) -> dict[str, Any]:
    release = folder / "release.json"
    return dict(read_json(release if release.exists() else folder / "manifest.json"))


def _figures(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return SQL for all figures of a release; columns that one of the two does not have are not compared."""
    selects = []
    for kind, what in KINDS.items():
        common = _common_columns(connection, what.table)
        numbers, marks = ([column for column in columns if column in common] for columns in (what.numbers, what.marks))
        selects.append(
            f"select '{kind}' as kind, figure_id({KEY}, {what.rest}) as figure_id, {KEY}, "
            f"{what.value} as value, {what.status} as status, "
            f"[{', '.join([what.value, *numbers])}]::double[] as numbers, "
            f"[{', '.join(marks)}]::varchar[] as marks from {name}.marts.{what.table}"
        )
    return " union all by name ".join(selects)


def _common_columns(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    found = connection.execute(
        "select column_name from duckdb_columns() where schema_name = 'marts' and table_name = ? "
        "and database_name in ('earlier', 'later') group by column_name having count(*) = 2",
        [table],
    ).fetchall()
    return {column for (column,) in found}


def _load_landings(connection: duckdb.DuckDBPyConnection, earlier: Path, later: Path) -> None:
    """Note which submissions of both releases have other accepted rows now than then."""
    before, after = (
        {each["submission_id"]: each["landing_sha256"] for each in read_json(folder / "manifest.json")["submissions"]}
        for folder in (earlier, later)
    )
    both = sorted(before.keys() & after.keys())
    connection.execute(
        "create temp table landings as "
        "select unnest(?::varchar[]) as submission_id, unnest(?::boolean[]) as is_changed",
        [both, [before[each] != after[each] for each in both]],
    )
