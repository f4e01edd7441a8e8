"""The tables that rules are written over, in a DuckDB that lives only while one file is examined.

What a row describes is numbered once, so that rules over a million rows compare whole numbers, not texts.

- `submission`: one row per row of figures, columns as in the format (lower case); see `ingestion.checks.cells`.
- `sender`: one row, the country that the file comes from.
- `earlier`: one row per figure of the sender that is in force already; see `ingestion.checks.comparison`.
- `block`: one row per (indicator, country, period, site) of the file or of earlier figures, with the indicator's facts.
  `line_id` is the same for all periods of a block.
- `stratum`: one row per combination of groups, each dimension's total written out (`sex_key`, ...).
- `observation`: one row per row of figures of a known indicator, with its block, its stratum and its value.
- `figure`: one row per (observation, number column that its measure uses), empty ones included.
- `repeated`: one row per (block, stratum) of which there are several observations.
- `observed_before`: the same of earlier figures; it exists where there are any.
- `code_cell`: where codes stand; see also `used_code` of `ingestion.checks.cells`.
- `comparable`: the rows of `observation` whose codes are right and that stand once.
- `nameless`: one row per row of figures without an indicator, with the one above it.
- `unclear`: one row per indicator of which a row is not comparable, or a nameless row may be.
- `stratum_part`: one row per (stratum, dimension by which it is broken down), with the stratum of its total.
- `total`: one row per comparable row that others are parts of.
- `part`: one row per (comparable row, dimension by which it is broken down), with the row of that dimension's total.
- `sent_part`: one row per (block, dimension by which it is broken down; none for the block's total).
- `unknown`: one row per comparable row of a group unknown.
- `breakdown`: one row per (block, stratum of the total, dimension, set of codes that together make up the total) whose
  total was sent: its figures, the sums and the range of its parts, and the group unknown.
- `change`: one row per comparable row that has an earlier period, in this file or in earlier figures, beside it.
- `foreign_letter`: one row per letter for a sex that is, in the sender's language, not what it is in ours.
- `peer`: published figures of other countries; see `ingestion.checks.comparison`.

What follows from the catalogue alone is there already: see `ingestion.checks.fixed_tables`.
"""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import duckdb

from ingestion.catalogue import rows
from ingestion.checks.cells import home_sign_of
from ingestion.checks.parsed import run, run_file, sql_of
from ingestion.checks.side_by_side import Work, side_by_side
from ingestion.checks.vocabulary import UNKNOWN_CODE, code_lists, number_names, stratum_dimensions, total_codes

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS_IN_A_TABLE = 100_000
# What a row describes; a blank site or group is the total, so both spellings are one.
BLOCK_KEYS = "indicator, ref_area, time_period, coalesce(site, '{site_total}') as site_key"
SAME_BLOCK = (
    "sent.indicator is not distinct from block.indicator and sent.ref_area is not distinct from block.ref_area and "
    "sent.time_period is not distinct from block.time_period and coalesce(sent.site, '{site_total}') = block.site_key"
)
# What stands beside what was sent: only what rules look at, because every column of a view is planned with the view.
OF_BLOCK = (
    *("line_id", "indicator", "ref_area", "time_period", "site_key", "measure_type_code", "theme_code"),
    *("hard_min", "hard_max", "soft_min", "soft_max", "minimum_denominator_count", "is_person_count"),
    *("allows_published_value", "uses_numerator", "uses_denominator", "counts_numerator", "counts_denominator"),
    "population_count",
)
OF_STRATUM = ("sex_key", "age_key", "nuts2_key", "is_total")
BESIDE = ", ".join([*(f"block.{name}" for name in OF_BLOCK), *(f"stratum.{name}" for name in OF_STRATUM)])


def create_tables(
    connection: duckdb.DuckDBPyConnection,
    *,
    country_code: str,
    coded_rows: "pa.Table | None" = None,
    is_large: bool = False,
) -> None:
    """Create the tables that hold for every stage; `submission`, `used_code` and `earlier` are there already.

    Where the text is coded its rows are numbered: the texts of `block_row` and `stratum_row` speak for them all.
    """
    block_row, stratum_row = ("submission", "submission") if coded_rows is None else ("block_row", "stratum_row")
    run_file(connection, "number_text", sign=home_sign_of(country_code))
    run(connection, "create table sender as select ? as country_code", [country_code])
    _create_nameless(connection)
    _create_code_cells(connection)
    _create_foreign_letters(connection)
    _create_block(connection, block_row)
    _create_stratum(connection, stratum_row)
    _create_observation(connection, coded_rows, is_large=is_large)


def set_aside(connection: duckdb.DuckDBPyConnection, source_rows: set[int]) -> None:
    """Create `comparable` anew without some rows: those whose own codes are wrong.

    Rules about one row still see them in `observation`; rules that compare rows would blame the others.
    """
    run(
        connection,
        "create or replace table aside as select unnest(?::integer[]) as source_row",
        [sorted(source_rows)],
    )
    without = "anti join aside using (source_row)" if source_rows else ""
    run(connection, f"create or replace view comparable as from observation {without}")


def compare_rows(
    connection: duckdb.DuckDBPyConnection, *, is_large: bool = False, beside: Sequence[Work[None]] = ()
) -> None:
    """Create what the rows that are comparable are to each other, from `unclear` to `change`, beside other work."""
    run(
        connection,
        "create table unclear as select indicator from submission semi join aside using (source_row) "
        "union select indicator from nameless",
    )
    run(
        connection,
        "create view part as select comparable.source_row, comparable.block_id, stratum_part.* "
        "from comparable inner join stratum_part on comparable.stratum_id = stratum_part.stratum_id",
    )
    create_change: Work[None] = partial(_create_change, is_large=is_large)
    # The longest one begins.
    side_by_side(connection, [_create_sums, *beside, create_change, _create_sent_parts], is_large=is_large)


def _create_change(connection: duckdb.DuckDBPyConnection, *, is_large: bool) -> None:
    filled = sql_of("filled")
    if _has_rows(connection, "earlier"):
        filled = f"{filled} union all by name {sql_of('filled_before')}"
    if is_large:
        from ingestion.checks.numbered import create_change_of_row

        create_change_of_row(connection, filled)
    else:
        run_file(connection, "change_of_row", filled=filled)
    run_file(connection, "change")


def _create_sums(connection: duckdb.DuckDBPyConnection) -> None:
    run(
        connection,
        "create table total as select source_row, block_id, stratum_id, numerator, denominator, obs_value, value, "
        "uses_denominator, counts_numerator, counts_denominator "
        "from comparable where stratum_id in (select total_stratum_id from stratum_part)",
    )
    run_file(connection, "unknown", unknown=UNKNOWN_CODE)
    run_file(connection, "breakdown")


def _create_sent_parts(connection: duckdb.DuckDBPyConnection) -> None:
    run_file(connection, "sent_part")


def _stratum_keys() -> dict[str, str]:
    """Return {dimension in small letters: its code, the total written out}."""
    names = {row["dimension_code"].lower(): row["total_code"] for row in stratum_dimensions()}
    return {name: f"coalesce({name}, '{total}')" for name, total in names.items()}


def _create_nameless(connection: duckdb.DuckDBPyConnection) -> None:
    if _has_rows(connection, "submission where indicator is null"):
        run_file(connection, "nameless")
    else:
        run(connection, "create table nameless (source_row integer, indicator varchar)")


def _create_code_cells(connection: duckdb.DuckDBPyConnection) -> None:
    cells = [
        f"select source_row, ref_area, '{column}' as column_name, {column.lower()} as code from submission "
        f"where {column.lower()} is not null"
        for column in code_lists()
    ]
    run(connection, f"create view code_cell as {' union all '.join(cells)}")


def _create_foreign_letters(connection: duckdb.DuckDBPyConnection) -> None:
    unknown = "used_code where column_name = 'SEX' and upper(code) not in (from allowed_sex)"
    if _has_rows(connection, unknown):
        run_file(connection, "foreign_letter", total=total_codes()["SEX"], unknown=UNKNOWN_CODE)
    else:
        run(
            connection,
            "create table foreign_letter (letter varchar, code varchar, letters varchar, is_certain boolean)",
        )


def _create_block(connection: duckdb.DuckDBPyConnection, block_row: str) -> None:
    totals = total_codes()
    run_file(
        connection,
        "block",
        block_row=block_row,
        block_keys=BLOCK_KEYS.format(site_total=totals["SITE"]),
        sex_total=totals["SEX"],
    )


def _create_stratum(connection: duckdb.DuckDBPyConnection, stratum_row: str) -> None:
    strata = stratum_dimensions()
    names = [row["dimension_code"].lower() for row in strata]
    run_file(
        connection,
        "stratum",
        stratum_row=stratum_row,
        keys=", ".join(f"{key} as {name}_key" for name, key in _stratum_keys().items()),
        key_names=", ".join(f"{name}_key" for name in names),
        total_stratum="|".join(row["total_code"] for row in strata),
        sex_total=total_codes()["SEX"],
    )
    parts = []
    for index, row in enumerate(strata):
        others = [f"'{row['total_code']}'" if other == index else f"{name}_key" for other, name in enumerate(names)]
        parts.append(
            f"select stratum_id, '{row['dimension_code']}' as dimension, {names[index]}_key as code, "
            f"concat_ws('|', {', '.join(others)}) as total_keys "
            f"from stratum where {names[index]}_key <> '{row['total_code']}'"
        )
    run(
        connection,
        f"create table stratum_part as select part.* exclude (total_keys), total.stratum_id as total_stratum_id "
        f"from ({' union all '.join(parts)}) as part left join "
        "(select all_keys, min(stratum_id) as stratum_id from stratum group by all) as total "
        "on part.total_keys = total.all_keys",
    )


def _create_observation(
    connection: duckdb.DuckDBPyConnection, coded_rows: "pa.Table | None", *, is_large: bool
) -> None:
    same = {
        "block": SAME_BLOCK.format(site_total=total_codes()["SITE"]),
        "stratum": " and ".join(f"{key} = stratum.{name}_key" for name, key in _stratum_keys().items()),
    }
    if _has_rows(connection, "earlier"):
        sent = "(select *, cast(null as integer) as source_row, false as is_damaged from earlier)"
        _observe(connection, "create table observed_before as", sent, same, is_published="is_published", beside=BESIDE)
    # To plan the joins of a view anew costs some milliseconds in each of forty rules; a large table costs memory.
    is_view = _has_rows(connection, f"(from submission limit 1 offset {MOST_ROWS_IN_A_TABLE})")
    narrow, beside = ("observed", "") if is_view else ("observation", BESIDE)
    if coded_rows is None:
        _observe(connection, f"create table {narrow} as", "submission", same, beside=beside)
        run_file(connection, "repeated", observed=narrow)
    else:
        _observe_coded(connection, coded_rows, narrow, same, beside=beside, is_large=is_large)
    if is_view:
        run_file(connection, "observation", beside=BESIDE)
    figures = [
        f"select source_row, '{name}' as column_name, block.needs_{name} as is_required, "
        f"block.counts_{name} as is_count, block.allows_fractional_count, {name} as number, "
        "block.indicator, block.is_person_count, block.hard_min, block.hard_max "
        f"from {narrow} as sent inner join block on sent.block_id = block.block_id "
        f"where block.uses_{name}"
        for name in number_names()
    ]
    run(connection, f"create view figure as {' union all '.join(figures)}")


def _observe_coded(
    connection: duckdb.DuckDBPyConnection,
    coded_rows: "pa.Table",
    table: str,
    same: dict[str, str],
    *,
    beside: str,
    is_large: bool,
) -> None:
    """As `_observe` for coded rows, which are numbered; those of a large text in two halves at the same time."""
    from ingestion.checks.numbered import create_repeated, with_numbers

    rows = with_numbers(connection, coded_rows, same)
    same = {part: f"sent.{part}_id = {part}.{part}_id" for part in same}

    def observe(part: "pa.Table", into: str, connection: duckdb.DuckDBPyConnection) -> None:
        connection.register("numbered_row", part)
        _observe(connection, into, "numbered_row", same, beside=beside)

    middle = len(rows) // 2 if is_large else 0
    observe(rows.schema.empty_table(), f"create table {table} as", connection)
    halves = [rows.slice(0, middle), rows.slice(middle)]
    works: list[Work[None]] = [partial(observe, half, f"insert into {table}") for half in halves if len(half)]
    side_by_side(connection, works, is_large=is_large)
    create_repeated(connection, rows)


def _observe(
    connection: duckdb.DuckDBPyConnection,
    into: str,
    sent: str,
    same: dict[str, str],
    *,
    is_published: str = "false",
    beside: str = "",
) -> None:
    numbers = [name.lower() for name in number_names()]
    run_file(
        connection,
        "observed",
        into=into,
        sent=sent,
        same_block=same["block"],
        same_stratum=same["stratum"],
        is_published=is_published,
        beside=f", {beside}" if beside else "",
        nothing_words=", ".join(f"'{row['word']}'" for row in rows("nothing_words")),
        numbers=", ".join(f"sent.{name}" for name in numbers),
        has_required=" and ".join(f"(not needs_{name} or {name} is not null)" for name in numbers),
        is_empty=" and ".join(f"(not uses_{name} or {name} is null)" for name in numbers),
    )


def _has_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    # All of the answer is fetched: Arrow's tables cannot be asked for while some of it may follow.
    return run(connection, f"select exists (from {table})").fetchall() == [(True,)]
