"""Read and check one file: the work of the desk's child process."""

from pathlib import Path
from typing import Any

import duckdb

from ingestion.catalogue import rows
from ingestion.checks.cells import type_cells
from ingestion.checks.findings import Finding, finding_as_dict, group_findings
from ingestion.checks.header_checks import check_header
from ingestion.checks.registry import rules_version
from ingestion.checks.rules import check_table, is_of_another_country
from ingestion.checks.tables import create_tables
from ingestion.checks.verdict import Fates, decide_fates, decide_verdict, refuse_all
from ingestion.reading import RawTable, Unreadable, read_table

ACCEPTED_FILE = "accepted.parquet"


def examine_here(path: Path, *, country_code: str, work_folder: Path) -> dict[str, Any]:
    """Return the result for a file, all but the facts of the submission that only the parent knows.

    Writes `work_folder/accepted.parquet` if any row was accepted. To be run in the child process only.
    """
    try:
        table = read_table(path, country_code=country_code)
    except Unreadable as refusal:
        return unreadable(Finding(refusal.rule, found=refusal.found, expected=refusal.expected, given=refusal.given))
    findings = check_header(table)
    typed = type_cells(table, country_code=country_code)
    if any(finding.is_error for finding in findings):
        return _result(table, findings, refuse_all(typed.source_rows))
    with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False}) as connection:
        create_tables(connection, typed, country_code=country_code)
        found = check_table(connection, table, typed)
        if is_of_another_country(found, typed, country_code):
            return _result(table, found, refuse_all(typed.source_rows))
        findings = sorted(findings + typed.findings + found, key=_in_file_order)
        fates = decide_fates(typed, findings)
        if fates.accepted:
            _write_accepted(connection, fates, work_folder / ACCEPTED_FILE)
    return _result(table, findings, fates)


def unreadable(finding: Finding) -> dict[str, Any]:
    """Return the result for a file that could not be read at all."""
    return _result(None, [finding], Fates())


def _in_file_order(finding: Finding) -> tuple[int, int, str, str]:
    cell = finding.cell or ""
    return finding.row or 0, len(cell), cell, finding.rule


def _result(table: RawTable | None, findings: list[Finding], fates: Fates) -> dict[str, Any]:
    shown = [finding_as_dict(finding, sheet=table.sheet if table else None) for finding in findings]
    return {
        "submission": {
            "file_format": table.file_format if table else None,
            "encoding": table.encoding if table else None,
            "delimiter": table.delimiter if table else None,
            "sheet": table.sheet if table else None,
        },
        "verdict": decide_verdict(fates, findings),
        "rows": fates.counts(),
        "rules_version": rules_version(),
        "findings": shown,
        "groups": group_findings(shown),
        "indicators": fates.indicators,
    }


def _write_accepted(connection: duckdb.DuckDBPyConnection, fates: Fates, path: Path) -> None:
    """Write the accepted rows, in the order of the file and with its row numbers."""
    columns = ", ".join(row["column_name"].lower() for row in rows("submission_columns"))
    connection.execute("create table accepted as select unnest(?::integer[]) as source_row", [fates.accepted])
    target = str(path).replace("'", "''")
    connection.execute(
        f"copy (select {columns}, source_row from submission where source_row in (from accepted) order by source_row) "
        f"to '{target}' (format parquet)"
    )
