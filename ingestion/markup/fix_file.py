"""A corrected copy of a contact's file: the certain fixes written into it, and every other byte as it was."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.checks.findings import LONGEST_FOUND
from ingestion.errors import UsageError
from ingestion.languages import phrase
from ingestion.markup.fix_delimited import fix_delimited
from ingestion.markup.fix_workbook import fix_workbook
from ingestion.markup.fixes import CHANGED, Fix, Fixed, NotApplied, cells_at
from ingestion.markup.places import Place
from ingestion.markup.plain import SHEET, plain_workbook
from ingestion.reading import RawTable, Unreadable, cell_text, read_table

CONTRADICTED = phrase("The rules propose different values for this cell.")


def fix_file(original: Path, fixes: Sequence[Fix], *, country_code: str) -> Fixed:
    """Return a corrected copy of a file that the desk has read; no row is ever added or taken away.

    Errors: `UsageError` if the file cannot be read.
    """
    try:
        table = read_table(original, country_code=country_code)
    except Unreadable:
        raise UsageError("There is nothing to fix: the file could not be read.") from None
    wanted, left_out = _sorted_out(fixes, table)
    if table.file_format == "xlsx":
        fixed = fix_workbook(original.read_bytes(), wanted, sheet=str(table.sheet), table=table)
    elif table.delimiter:
        fixed = fix_delimited(original.read_bytes(), wanted, table=table)
    else:
        fixed = fix_workbook(plain_workbook(table), wanted, sheet=SHEET, table=table)
        fixed = replace(fixed, is_converted=True)
    return replace(fixed, not_applied=left_out + fixed.not_applied)


def _sorted_out(fixes: Sequence[Fix], table: RawTable) -> tuple[list[Fix], list[NotApplied]]:
    """Return one fix for each cell that holds what was found in it, and the fixes that are left out."""
    values: dict[Place, set[str]] = {}
    for fix in fixes:
        values.setdefault(fix.place, set()).add(fix.new)
    held = cells_at(table, values)
    wanted: dict[Place, Fix] = {}
    left_out = []
    for fix in fixes:
        if len(values[fix.place]) > 1:
            left_out.append(NotApplied(fix, CONTRADICTED))
        elif not _is_found(cell_text(held.get(fix.place, "")), fix.old):
            left_out.append(NotApplied(fix, CHANGED))
        else:
            wanted.setdefault(fix.place, fix)
    return list(wanted.values()), left_out


def _is_found(text: str, found: str) -> bool:
    """Say whether a cell holds what a finding shows of it; a finding shows a long text in part."""
    is_part = len(found) == LONGEST_FOUND and found.endswith("…")
    return text == found or (is_part and text.startswith(found[:-1]))
