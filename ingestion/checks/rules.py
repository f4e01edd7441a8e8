"""Run the table rules: every SQL file over the tables of one file, each answer turned into findings."""

from collections.abc import Iterable

import duckdb

from ingestion.checks.cells import KEY_COLUMNS, TypedTable
from ingestion.checks.findings import Finding
from ingestion.checks.proposals import propose_code, propose_period
from ingestion.checks.registry import table_rules
from ingestion.checks.vocabulary import periodicity_of
from ingestion.reading import RawTable, cell_address, cell_text

SENDER_RULE = "P27"


def check_table(connection: duckdb.DuckDBPyConnection, table: RawTable, typed: TypedTable) -> list[Finding]:
    """Return the findings of every table rule; the tables of `ingestion.checks.tables` must exist.

    A file in which no row is of its sender gets that one answer, not five thousand.
    """
    if misdirected := _wrong_country(connection, table, typed):
        return misdirected
    torn = {fault.row for fault in table.faults}
    findings = []
    for rule, query in table_rules():
        findings += [
            finding for finding in _run(connection, rule, query, table=table, typed=typed) if finding.row not in torn
        ]
    return findings


def is_of_another_country(findings: Iterable[Finding], typed: TypedTable, country_code: str) -> bool:
    """Say whether the file names other countries, and its sender in no row."""
    has_own_row = country_code in typed.columns["REF_AREA"]
    return not has_own_row and any(finding.rule == SENDER_RULE for finding in findings)


def _wrong_country(connection: duckdb.DuckDBPyConnection, table: RawTable, typed: TypedTable) -> list[Finding]:
    [country_code] = connection.execute("select country_code from sender").fetchone() or ("",)
    query = dict(table_rules())[SENDER_RULE]
    findings = _run(connection, SENDER_RULE, query, table=table, typed=typed)
    if not is_of_another_country(findings, typed, country_code):
        return []
    first_of_each = {finding.found: finding for finding in reversed(findings)}
    return sorted(first_of_each.values(), key=lambda finding: finding.row or 0)


def _run(
    connection: duckdb.DuckDBPyConnection, rule: str, query: str, *, table: RawTable, typed: TypedTable
) -> list[Finding]:
    cells = dict(table.rows)
    indicators = dict(zip(typed.source_rows, typed.columns["INDICATOR"], strict=True))
    cursor = connection.execute(f"select * from ({query}) order by source_row, column_name, found, expected")
    names = [column[0] for column in cursor.description or ()]
    findings = []
    for values in cursor.fetchall():
        answer = dict(zip(names, values, strict=True))
        row, column = answer["source_row"], answer["column_name"]
        index = table.header.positions.get(column)
        found = answer["found"]
        if found is None:
            found = cell_text(cells[row][index]) if index is not None and index < len(cells[row]) else ""
        indicator = str(indicators[row] or "")
        findings.append(
            Finding(
                rule,
                row=row,
                column=column,
                # A column that the file does not have is shown by the row's first key.
                cell=cell_address(row, table.header.positions[KEY_COLUMNS[0]] if index is None else index),
                found=found,
                expected=answer["expected"],
                proposal=answer.get("proposal") or _propose(rule, column, found, indicator),
                indicator=indicator,
            )
        )
    return findings


def _propose(rule: str, column: str, found: str, indicator: str) -> str | None:
    if rule == "P01":
        return propose_code(column, found)
    if rule == "P26":
        return propose_period(found, periodicity_of(indicator))
    return None
