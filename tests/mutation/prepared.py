"""A desk that holds a case as a rule finds it: read, typed, and laid out in the tables of its stage."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingestion.checks import examination
from ingestion.checks.cells import type_cells
from ingestion.checks.comparison import load_earlier
from ingestion.checks.earlier import NOTHING_EARLIER, Earlier
from ingestion.checks.raw import load_raw
from ingestion.checks.rules import _Rules
from ingestion.checks.tables import compare_rows, create_tables, set_aside
from ingestion.reading import RawTable, read_table
from tests.earlier_figures import released, sent_before
from tests.files import csv_text, write
from tests.mutation.cases import Case, Found

UNREADABLE = "?"  # a cell that is to hold a number
FORMULA = "=B2"


@contextmanager
def prepared(case: Case, *, stage: str, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which the queries of a stage can be asked about a case."""
    folder.mkdir()
    table = read_table(write(folder, "case.csv", csv_text(case.lines)), country_code=case.country)
    earlier = _earlier(case, folder)
    with examination._desk() as connection, _changed(connection, case):
        load_raw(connection, table, folder)
        findings, _ = type_cells(connection, table, country_code=case.country)
        misread = [finding.found for finding in findings if finding.is_error]
        assert set(misread) <= {UNREADABLE, FORMULA}, (case.title, misread)
        load_earlier(connection, earlier, country_code=case.country)
        create_tables(connection, country_code=case.country)
        _run_stages_before(connection, table, stage)
        yield connection


@contextmanager
def _changed(connection: duckdb.DuckDBPyConnection, case: Case) -> Iterator[None]:
    """Let the catalogue have changed as a case says, which today's has not."""
    for change in case.changes:
        connection.execute("insert into catalogue.indicator_changes values (?, ?, ?, ?, null)", change)
    try:
        yield
    finally:
        connection.execute("delete from catalogue.indicator_changes")


def answers(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Found]:
    """What a query finds, in the form in which cases say it."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    found = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    return sorted(
        (
            (
                answer["source_row"],
                answer["column_name"],
                answer.get("proposal"),
                bool(answer.get("is_certain")),
                answer.get("advice") or "",
            )
            for answer in found
        ),
        key=str,
    )


def _earlier(case: Case, folder: Path) -> Earlier:
    if case.peers:
        return released(folder / "release", case.peers)
    if case.before:
        return sent_before(folder / "before", case.before, country=case.country, is_published=case.is_published)
    return NOTHING_EARLIER


def _run_stages_before(connection: duckdb.DuckDBPyConnection, table: RawTable, stage: str) -> None:
    """As `ingestion.checks.rules.check_table` does."""
    if stage == "keys":
        return
    rules = _Rules(connection, table)
    answers = rules.ask("keys")
    set_aside(connection, rules.torn_rows)
    if stage == "duplicates":
        return
    answers += rules.ask("duplicates")
    set_aside(connection, rules.rows_of(answers))
    compare_rows(connection)
