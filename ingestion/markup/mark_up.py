"""The contact's own workbook back: marked cells, comments and a sheet of issues, and nothing else in it changed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingestion.errors import UsageError
from ingestion.markup.comments import add_comments
from ingestion.markup.drawings import Comment
from ingestion.markup.issues import add_issues, issues_name
from ingestion.markup.marks import Finding, Mark, Say, comment_of, marks_of
from ingestion.markup.package import Package, sheet_part
from ingestion.markup.plain import SHEET, plain_workbook
from ingestion.markup.sheet import Cell, Sheet
from ingestion.markup.styles import Styles, styles_of
from ingestion.markup.tones import SEVERITIES
from ingestion.markup.xml_bytes import with_attributes
from ingestion.reading import read_table

# Each comment is a drawing of its own, for which LibreOffice needs 3 ms when it opens the file. Beyond these, the worst
# first, a cell is coloured and stands in the list of issues, which holds every finding.
MOST_COMMENTS = 5_000


def mark_up(original: Path, result: dict[str, Any], *, say: Say) -> bytes:
    """Return a file's workbook with everything that a localised result of the desk says of it.

    A file of another format comes back as a workbook of its table, each cell at the same address. It is read again
    for that, so the result must be the desk's own and the file the one that it examined.
    Errors: `UsageError` for a file that could not be read, or is too large for a workbook.
    """
    if result["verdict"] == "unreadable":
        raise UsageError("There is nothing to mark: the file could not be read. The answer as text says why.")
    facts = result["submission"]
    if facts["file_format"] == "xlsx":
        return mark_workbook(original.read_bytes(), result["findings"], sheet=facts["sheet"], say=say)
    table = read_table(original, country_code=facts["country_code"])
    return mark_workbook(plain_workbook(table), result["findings"], sheet=SHEET, say=say)


def mark_workbook(data: bytes, findings: Sequence[Finding], *, sheet: str, say: Say) -> bytes:
    """Return an XLSX workbook with findings about one of its sheets."""
    package = Package(data)
    part, styles, name = sheet_part(package, sheet), styles_of(package), issues_name(package, say)
    found = Sheet(package.read(part))
    marks = marks_of(findings, found.merged)
    marked = _coloured(found, marks, styles)
    worst = sorted(marks, key=lambda mark: SEVERITIES.index(mark.severity))[:MOST_COMMENTS]
    comments = [_comment(mark, say, name) for mark in worst]
    if comments:
        marked = add_comments(package, part, marked, comments)
    package.write(part, marked.xml)
    add_issues(package, styles, findings, name=name, checked_sheet=sheet, say=say)
    styles.save()
    return package.to_bytes()


def _coloured(sheet: Sheet, marks: Sequence[Mark], styles: Styles) -> Sheet:
    severities = {mark.place: mark.severity for mark in marks}

    def marked(cell: Cell) -> bytes:
        style = str(styles.marked_like(cell.style, severities[cell.place]))
        if cell.element is None:
            return b'<%sc r="%s" s="%s"/>' % (cell.prefix, cell.address.encode(), style.encode())
        return cell.element.with_tag(with_attributes(cell.element.tag, {"s": style}))

    return sheet.with_cells(severities, marked) if marks else sheet


def _comment(mark: Mark, say: Say, issues_sheet: str) -> Comment:
    return Comment(mark.place, mark.severity, comment_of(mark, say, issues_sheet=issues_sheet))
