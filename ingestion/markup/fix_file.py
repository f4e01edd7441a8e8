"""A corrected copy of a contact's file: the certain fixes written into it, and every other byte as it was."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.errors import UsageError
from ingestion.languages import phrase
from ingestion.markup.fix_delimited import fix_delimited
from ingestion.markup.fix_workbook import fix_workbook
from ingestion.markup.fixes import Fix, Fixed, NotApplied
from ingestion.markup.places import Place
from ingestion.markup.plain import SHEET, plain_workbook
from ingestion.reading import Unreadable, read_table

CONTRADICTED = phrase("The rules propose different values for this cell.")


def fix_file(original: Path, fixes: Sequence[Fix], *, country_code: str) -> Fixed:
    """Return a corrected copy of a file that the desk has read; no row is ever added or taken away.

    Errors: `UsageError` if the file cannot be read.
    """
    try:
        table = read_table(original, country_code=country_code)
    except Unreadable:
        raise UsageError("There is nothing to fix: the file could not be read.") from None
    wanted, left_out = _without_contradictions(fixes)
    if table.file_format == "xlsx":
        fixed = fix_workbook(original.read_bytes(), wanted, sheet=str(table.sheet), table=table)
    elif table.delimiter:
        fixed = fix_delimited(original.read_bytes(), wanted, table=table)
    else:
        # What was shown as percent stands there as the number that was read.
        plain = replace(table, percent_cells=set())
        fixed = fix_workbook(plain_workbook(table), wanted, sheet=SHEET, table=plain)
        fixed = replace(fixed, is_converted=True)
    return replace(fixed, not_applied=left_out + fixed.not_applied)


def _without_contradictions(fixes: Sequence[Fix]) -> tuple[list[Fix], list[NotApplied]]:
    """Return one fix for each cell, and the fixes of cells for which there are several."""
    values: dict[Place, set[str]] = {}
    for fix in fixes:
        values.setdefault(fix.place, set()).add(fix.new)
    wanted = {fix.place: fix for fix in reversed(fixes) if len(values[fix.place]) == 1}
    left_out = [NotApplied(fix, CONTRADICTED) for fix in fixes if fix.place not in wanted]
    return [fix for fix in fixes if wanted.get(fix.place) is fix], left_out
