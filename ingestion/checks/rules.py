"""Run the rules that are queries over the tables of one file, and turn their answers into findings."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb

from ingestion.checks.cells import KEY_COLUMNS, TypedTable
from ingestion.checks.findings import Finding
from ingestion.checks.proposals import propose_code, propose_period
from ingestion.checks.registry import queries
from ingestion.checks.tables import set_aside
from ingestion.checks.vocabulary import periodicity_of
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.reading.table import Cell

SENDER_RULE = "P27"


def check_table(connection: duckdb.DuckDBPyConnection, table: RawTable, typed: TypedTable) -> list[Finding]:
    """Return the findings of every rule that is a query; the tables of `ingestion.checks.tables` must exist.

    Rows whose codes are wrong, and rows that stand twice, are left out where rows are compared, so that one slip
    has one answer. A file in which no row is of its sender gets that one answer, not five thousand.
    """
    rules = _Rules(connection, table, typed)
    findings = rules.run("keys")
    [country_code] = connection.execute("select country_code from sender").fetchone() or ("",)
    if is_of_another_country(findings, typed, country_code):
        return _first_of_each_country(findings)
    for stage in ("duplicates", "table"):
        set_aside(connection, rules.torn_rows | {finding.row for finding in findings if finding.row})
        findings += rules.run(stage)
    return findings


def is_of_another_country(findings: Iterable[Finding], typed: TypedTable, country_code: str) -> bool:
    """Say whether the file names other countries, and its sender in no row."""
    has_own_row = country_code in typed.columns["REF_AREA"]
    return not has_own_row and any(finding.rule == SENDER_RULE for finding in findings)


def _first_of_each_country(findings: list[Finding]) -> list[Finding]:
    firsts: dict[str, Finding] = {}
    for finding in findings:
        if finding.rule == SENDER_RULE:
            firsts.setdefault(finding.found, finding)
    return list(firsts.values())


@dataclass
class _Rules:
    """The queries of the registry, and the file whose cells their answers are about."""

    connection: duckdb.DuckDBPyConnection
    table: RawTable
    typed: TypedTable

    @cached_property
    def torn_rows(self) -> set[int]:
        """Rows that stop early or run on: their shape has its own answer, their cells mean nothing."""
        return {fault.row for fault in self.table.faults}

    @cached_property
    def cells(self) -> dict[int, list[Cell]]:
        return dict(self.table.rows)

    @cached_property
    def indicators(self) -> dict[int, str]:
        columns = zip(self.typed.source_rows, self.typed.columns["INDICATOR"], strict=True)
        return {row: str(indicator or "") for row, indicator in columns}

    def run(self, stage: str) -> list[Finding]:
        """Return the findings of all queries of a stage."""
        answers = [(rule, answer) for rule, query in queries(stage) for answer in self._ask(query)]
        return [self._finding(rule, answer) for rule, answer in answers if answer["source_row"] not in self.torn_rows]

    def _ask(self, query: str) -> list[dict[str, Any]]:
        cursor = self.connection.execute(f"select * from ({query}) order by source_row, column_name, found, expected")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def _finding(self, rule: str, answer: dict[str, Any]) -> Finding:
        row, column = answer["source_row"], answer["column_name"]
        found = answer["found"] if answer["found"] is not None else self._text_at(row, column)
        positions = self.table.header.positions
        return Finding(
            rule,
            row=row,
            column=column,
            # A column that the file does not have is shown by the row's first key.
            cell=cell_address(row, positions.get(column, positions[KEY_COLUMNS[0]])),
            found=found,
            expected=answer["expected"],
            proposal=answer.get("proposal") or _propose(rule, column, found, self.indicators[row]),
            indicator=self.indicators[row],
        )

    def _text_at(self, row: int, column: str) -> str:
        index = self.table.header.positions.get(column)
        return cell_text(self.cells[row][index]) if index is not None and index < len(self.cells[row]) else ""


def _propose(rule: str, column: str, found: str, indicator: str) -> str | None:
    if rule == "P01":
        return propose_code(column, found)
    if rule == "P26":
        return propose_period(found, periodicity_of(indicator))
    return None
