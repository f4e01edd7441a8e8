"""An Excel workbook whose bytes depend on its content alone: no clock, no machine.

Written part by part: the usual libraries stamp the time into a workbook, and take six times as long.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

# The time that every part of every workbook bears.
MADE_AT = (2026, 10, 15, 9, 0, 0)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PART_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
LETTER_COUNT = 26

Cells = Iterable[Sequence[str | int | float | None]]


class Texts:
    """The shared texts of a workbook: each is stored once, cells hold its number."""

    def __init__(self) -> None:
        """Start without texts."""
        self.numbers: dict[str, int] = {}

    def number_of(self, text: str) -> int:
        """Return the number of a text, a new one if it is new."""
        return self.numbers.setdefault(text, len(self.numbers))

    def xml(self) -> str:
        """Return the part that holds the texts."""
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in self.numbers)
        return f'{XML}<sst xmlns="{MAIN}" uniqueCount="{len(self.numbers)}">{items}</sst>'


def workbook_bytes(sheets: dict[str, Cells]) -> bytes:
    """Return a workbook with one sheet per name: numbers as numbers, all else as text."""
    texts = Texts()
    parts = {f"xl/worksheets/sheet{number}.xml": _sheet(rows, texts) for number, rows in enumerate(sheets.values(), 1)}
    parts |= {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _book(list(sheets)),
        "xl/_rels/workbook.xml.rels": _relations(_book_parts(len(sheets))),
        "xl/sharedStrings.xml": texts.xml(),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, date_time=MADE_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # The same on every system: made on Unix, readable by all.
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            target.writestr(entry, parts[name].encode())
    return archive.getvalue()


def _sheet(rows: Cells, texts: Texts) -> str:
    lines = [f'{XML}<worksheet xmlns="{MAIN}"><sheetData>']
    names: list[str] = []
    for number, row in enumerate(rows, 1):
        names += [_column_name(index) for index in range(len(names), len(row))]
        cells = [_cell(f"{names[index]}{number}", value, texts) for index, value in enumerate(row) if value is not None]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join([*lines, "</sheetData></worksheet>"])


def _cell(address: str, value: str | int | float | None, texts: Texts) -> str:
    if isinstance(value, str):
        return f'<c r="{address}" t="s"><v>{texts.number_of(value)}</v></c>'
    return f'<c r="{address}"><v>{value!r}</v></c>'


def _column_name(index: int) -> str:
    """Return A for 0, Z for 25, AA for 26."""
    before, letter = divmod(index, LETTER_COUNT)
    return (_column_name(before - 1) if before else "") + chr(ord("A") + letter)


def _book(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, 1)
    )
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets></workbook>'


def _book_parts(sheet_count: int) -> dict[str, tuple[str, str]]:
    """Return {relation: (kind, part)} of the workbook, its sheets first."""
    found = {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, sheet_count + 1)}
    return found | {f"rId{sheet_count + 1}": ("sharedStrings", "sharedStrings.xml")}


def _relations(parts: dict[str, tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in parts.items()
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def _content_types(sheet_count: int) -> str:
    kinds = {"/xl/workbook.xml": "sheet.main", "/xl/sharedStrings.xml": "sharedStrings"}
    kinds |= {f"/xl/worksheets/sheet{number}.xml": "worksheet" for number in range(1, sheet_count + 1)}
    items = "".join(
        f'<Override PartName="{name}" ContentType="{PART_TYPE}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'{XML}<Types xmlns="{PACKAGE}/content-types">{relations}{items}</Types>'
