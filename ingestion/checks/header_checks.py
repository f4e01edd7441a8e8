"""Checks of the header: are the columns there that we need, once each, under names that we know?"""

import difflib

from ingestion.catalogue import rows
from ingestion.checks.findings import Finding
from ingestion.reading import RawTable, cell_address
from ingestion.reading.header import expected_names, name_key

# "NUMERATER" and "SEXE" are near to one of our names, "Checked by" is not.
NEAR = 0.8


def check_header(table: RawTable) -> list[Finding]:
    """Return what is wrong with the column names; an error among the findings refuses the file."""
    findings = _check_own_columns(table)
    explained = {finding.expected for finding in findings}
    findings += [
        Finding("MISSING_COLUMN", row=table.header.row, column=name, expected=name)
        for name in _required_columns()
        if name not in table.header.positions and name not in explained
    ]
    if not (table.rows or table.plain):
        findings.append(Finding("NO_ROWS", row=table.header.row))
    return findings


def _check_own_columns(table: RawTable) -> list[Finding]:
    names = expected_names()
    ignored = {name_key(row["column_name"]) for row in rows("template_columns")}
    absent = {key: name for key, name in names.items() if name not in table.header.positions}
    findings = []
    for index, text in enumerate(table.header.texts):
        name = names.get(name_key(text))
        if text and name_key(text) not in ignored and table.header.positions.get(name or "") != index:
            rule, expected = _judge(text, name, absent)
            row, cell = table.header.row, cell_address(table.header.row, index)
            findings.append(Finding(rule, row=row, column=text, cell=cell, found=text, expected=expected))
    return findings


def _judge(text: str, name: str | None, absent: dict[str, str]) -> tuple[str, str]:
    """Return the rule for a column that we do not use, and the column that may be meant."""
    if name is not None:
        return "DUPLICATE_COLUMN", name
    near = difflib.get_close_matches(name_key(text), list(absent), n=1, cutoff=NEAR)
    return ("MISSPELT_COLUMN", absent[near[0]]) if near else ("UNKNOWN_COLUMN", "")


def _required_columns() -> list[str]:
    return [row["column_name"] for row in rows("submission_columns") if row["is_required"] == "true"]
