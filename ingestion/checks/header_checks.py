"""Checks of the header: are the columns there that we need, once each, under names that we know?"""

from collections.abc import Iterable

import duckdb

from ingestion.catalogue import rows
from ingestion.checks.findings import Finding
from ingestion.checks.own_columns import check_own_columns
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.reading.header import expected_names
from ingestion.reading.table import Note


def check_header(connection: duckdb.DuckDBPyConnection, table: RawTable, *, country_code: str) -> list[Finding]:
    """Return what is wrong with the column names, and what reading noted; an error among it refuses the file."""
    findings = [
        *map(_noted, table.notes),
        *check_own_columns(connection, table, country_code=country_code),
        *_check_unnamed_columns(connection, table),
    ]
    if any(finding.rule == "LONG_TABLE" for finding in findings):
        # What seems to be a second row of names is the first row of figures.
        findings = [finding for finding in findings if finding.rule != "SPLIT_HEADER"]
    explained = {finding.expected for finding in findings if finding.rule == "MISSPELT_COLUMN"}
    if any(finding.rule == "WIDE_TABLE" for finding in findings):
        explained.add("TIME_PERIOD")
    findings += [
        Finding("MISSING_COLUMN", row=table.header.row, column=name, expected=name)
        for name in _required_columns()
        if name not in table.header.positions and name not in explained
    ]
    return findings


def _noted(note: Note) -> Finding:
    cell = cell_address(note.row, note.column_index) if note.row and note.column_index is not None else None
    column = note.expected if note.expected in expected_names().values() else None
    return Finding(
        note.rule, row=note.row, column=column, cell=cell, found=note.found, expected=note.expected, given=note.given
    )


def _check_unnamed_columns(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Find columns that hold something without a name; in a text, cells behind the header have their own answer."""
    unnamed = [index for index, text in enumerate(table.header.texts) if not text]
    first = _first_below(connection, unnamed) | ({} if table.delimiter else _first_beyond(table))
    return [
        Finding("UNNAMED_COLUMN", row=row, cell=cell_address(row, index), found=text)
        for index, (row, text) in sorted(first.items(), key=lambda item: (item[1][0], item[0]))
    ]


def _first_below(connection: duckdb.DuckDBPyConnection, columns: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Return {column: row and text of its first cell that is not blank}, but for a first column of running numbers."""
    first: dict[int, tuple[int, str]] = {}
    for index in columns:
        query = f"select min(source_row), c{index} from raw group by c{index} order by 1"
        texts = ((row, cell_text(cell)) for row, cell in connection.execute(query).fetchall())
        found = next(((row, text) for row, text in texts if text), None)
        if found and not (index == 0 and _counts_the_rows(connection, *found)):
            first[index] = found
    return first


def _counts_the_rows(connection: duckdb.DuckDBPyConnection, row: int, text: str) -> bool:
    """Say whether the first column numbers the rows, from 0 or 1 on: statistical programs write it without a name."""
    query = "select bool_and(c0 = cast(source_row - ? as varchar)) from raw"
    return text in ("0", "1") and connection.execute(query, [row - int(text)]).fetchone() == (True,)


def _first_beyond(table: RawTable) -> dict[int, tuple[int, str]]:
    """As `_first_below`, of the columns of a sheet beyond its header."""
    width = len(table.header.texts)
    first: dict[int, tuple[int, str]] = {}
    for row, cells in table.rows:
        for index in set(range(width, len(cells))) - first.keys():
            if text := cell_text(cells[index]):
                first[index] = (row, text)
    return first


def _required_columns() -> list[str]:
    return [row["column_name"] for row in rows("submission_columns") if row["is_required"] == "true"]
