"""A group that is written once above its rows: read as totals these stand twice, or lack a total of their own.

If neither is so with the value above in each of them, they are no slips: the table is written as people read it.
"""

from collections.abc import Collection, Iterator
from typing import Any

import duckdb

from ingestion.checks.groups import GROUPED_COLUMNS
from ingestion.checks.vocabulary import BLOCK_COLUMNS, STATUS_COLUMN, number_names, stratum_columns

WRITTEN_ONCE, REPEATED_RULE, TOTAL_RULE = "WRITTEN_ONCE", "P02", "P03"
# A rule, and one row of what it says.
RuleAnswer = tuple[str, dict[str, Any]]
BLOCK = ", ".join(BLOCK_COLUMNS)
KEYS = (*BLOCK_COLUMNS, *stratum_columns())
IS_TOTAL = " and ".join(f"{name} is null" for name in stratum_columns())
OF_TOLD = "indicator in (select indicator from submission semi join told using (source_row))"
MOST_ROWS = 20_000  # for people to read; more are not written so, and would take seconds
# Of two groups with two rows each a quarter stands twice; a few rows in a hundred are slips, and not worth a look.
LEAST_SHARE = 0.1
TOLD = f"""
    create or replace temp table told as
    with
    asked as (select unnest(?::integer[]) as source_row),
    often as (
        select indicator
        from submission left join asked using (source_row)
        group by indicator
        having count(asked.source_row) >= {LEAST_SHARE} * count(*)
    )
    select source_row from submission semi join asked using (source_row) semi join often using (indicator)
"""
NONE_REPEATED = f"count_if(is_sent) = count(distinct if(is_sent, ({', '.join(KEYS)}), null))"
NONE_WITHOUT_TOTAL = (
    f"not bool_or(source_row in (from told) and ({BLOCK}) not in (select ({BLOCK}) from filled where {IS_TOTAL}))"
)
FITTING = {REPEATED_RULE: NONE_REPEATED, TOTAL_RULE: f"{NONE_REPEATED} and {NONE_WITHOUT_TOTAL}"}


def with_groups_written_once(connection: duckdb.DuckDBPyConnection, answers: list[RuleAnswer]) -> list[RuleAnswer]:
    """Return the answers, with one for each blank below its group in place of those that follow from such blanks."""
    for rule in FITTING:
        told = sorted({answer["source_row"] for said, answer in answers if said == rule})
        if told and (blanks := _blanks(connection, rule, told)):
            explained = set(connection.execute("from told semi join filled using (source_row)").fetchall())
            answers = [each for each in answers if each[0] != rule or (each[1]["source_row"],) not in explained]
            answers += [
                (WRITTEN_ONCE, {"source_row": row, "column_name": name, "given": {"above": above}, "proposal": above})
                for row, name, above in blanks
            ]
    return answers


def _blanks(connection: duckdb.DuckDBPyConnection, rule: str, told: list[int]) -> list[tuple[int, str, str]]:
    """Return row, column and the value above of each blank, if those of one column explain what is told of, or of all.

    A pivot table writes the values of all its columns once. Leaves `filled` behind, with the indicators in question.
    """
    connection.execute(TOLD, [told])
    for columns in _may_be_written_once(connection):
        connection.execute(f"create or replace temp table filled as {_filled(columns)}")
        # A value that is written once stands above as many blanks, or more.
        often = (f"count_if({_is_below(name)}) not between 1 and count_if(not {name}_is_blank) - 1" for name in columns)
        connection.execute(
            "delete from filled where indicator not in "
            f"(select indicator from filled group by all having {FITTING[rule]} and {' and '.join(often)})"
        )
        each = (f"select source_row, '{name}', {name} from filled where {_is_below(name)}" for name in columns)
        if blanks := connection.execute(f"{' union all '.join(each)} order by all").fetchall():
            return blanks
    return []


def _may_be_written_once(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, ...]]:
    """Yield each column that is filled somewhere and blank in a row that is told of, then all of them."""
    is_found = "count({0}) > 0 and count_if({0} is null and source_row in (from told)) > 0"
    asked = ", ".join(is_found.format(name) for name in GROUPED_COLUMNS)
    count, *are_found = connection.execute(f"select count(*), {asked} from submission where {OF_TOLD}").fetchall()[0]
    columns = tuple(name for name, found in zip(GROUPED_COLUMNS, are_found, strict=True) if found)
    if columns and count <= MOST_ROWS:
        yield from ((name,) for name in columns)
        yield columns


def _is_below(name: str) -> str:
    return f"(is_sent and {name}_is_blank and {name} is not null)"


def _filled(columns: Collection[str]) -> str:
    """Return the query for the rows of the indicators that are told of, with the value above in each blank."""
    above = "coalesce({0}, last_value({0} ignore nulls) over (partition by indicator order by source_row)) as {0}"
    keys = ", ".join(above.format(name) if name in columns else name for name in KEYS)
    blank = ", ".join(f"{name} is null as {name}_is_blank" for name in columns)
    sent = " or ".join(f"{name} is not null" for name in (*number_names(), STATUS_COLUMN))
    return f"select source_row, {keys}, {blank}, {sent} as is_sent from submission where {OF_TOLD}"
