"""Small submissions, made as their senders would make them."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

from ingestion.catalogue import rows

COLUMNS = [row["column_name"] for row in rows("submission_columns")]
PROPORTION = {"INDICATOR": "RSM_02", "REF_AREA": "LU", "TIME_PERIOD": "2025", "SITE": "C_SOLID_ADV"}
MEDIAN = {"INDICATOR": "HTA_02", "REF_AREA": "LU", "TIME_PERIOD": "2025", "DENOMINATOR": "22"}
SHEET_PART = "xl/worksheets/sheet1.xml"

Row = Mapping[str, object]


def figures() -> list[Row]:
    """Two indicators of Luxembourg with nothing wrong in them."""
    sexes: list[Row] = [
        {**PROPORTION, "NUMERATOR": "100", "DENOMINATOR": "400"},
        {**PROPORTION, "SEX": "F", "NUMERATOR": "60", "DENOMINATOR": "200"},
        {**PROPORTION, "SEX": "M", "NUMERATOR": "40", "DENOMINATOR": "200"},
    ]
    return [*sexes, {**MEDIAN, "OBS_VALUE": "120,5", "P25": "60", "P75": "200", "REFERENCE": "SYNTHETIC figure"}]


def as_lines(figures: Sequence[Row], columns: Sequence[str] = COLUMNS) -> list[list[object]]:
    """A header and one line per row."""
    return [list(columns), *[[row.get(column, "") for column in columns] for row in figures]]


def csv_text(lines: Sequence[Sequence[object]], delimiter: str = ";") -> str:
    """Lines as CSV with Windows line ends."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(lines)
    return stream.getvalue()


def workbook_bytes(lines: Sequence[Sequence[object]], *, sheet: str = "Sheet1", first: str | None = None) -> bytes:
    """Lines as a workbook; `first` adds a cover sheet before the figures."""
    book = Workbook()
    table = book.active
    table.title = sheet
    for line in lines:
        table.append([None if value == "" else value for value in line])
    if first:
        book.create_sheet(first, 0)["A1"] = "How to fill in this workbook"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_sheet(workbook: bytes, change: Callable[[bytes], bytes], *, part: str = SHEET_PART) -> bytes:
    """The same archive with the XML of its sheet, or of another part, changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return stream.getvalue()


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
