"""The golden corpus: one bad file for each check, and what is sent or published before it where the check asks.

`checks/<RULE>.csv` is the bad file; those that no text can hold are made here.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook

from ingestion.checks.earlier import NOTHING_EARLIER, Earlier
from ingestion.languages import language_for
from ingestion.templates import PROPERTY_NAME, Asked
from ingestion.templates.workbook import template_bytes
from tests.earlier_figures import released, sent_before
from tests.files import as_lines, figures, with_sheet, workbook_bytes, write
from tests.hostile.corpus import CORPUS

FOLDER = Path(__file__).parent / "checks"
WORKBOOK = workbook_bytes(as_lines(figures()))
FAR_CELL = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def put(cell: bytes, instead: bytes) -> bytes:
    return with_sheet(WORKBOOK, lambda xml: xml.replace(cell, instead))


def remade(change: Callable[[Workbook], None], workbook: bytes = WORKBOOK) -> bytes:
    """A workbook after a change, as a spreadsheet program would save it."""
    book = load_workbook(BytesIO(workbook))
    change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def hide_sheet(book: Workbook) -> None:
    book.active.sheet_state = "hidden"
    book.active = book.create_sheet("Read me")


def add_table(book: Workbook) -> None:
    sheet = book.create_sheet("Second theme")
    for line in as_lines(figures()):
        sheet.append(line)


def hide_row(book: Workbook) -> None:
    book.active.row_dimensions[3].hidden = True


def hide_column(book: Workbook) -> None:
    book.active.column_dimensions["E"].hidden = True


def merge_group(book: Workbook) -> None:
    book.active["E4"] = None
    book.active.merge_cells("E3:E4")


def merge_name(book: Workbook) -> None:
    book.active.insert_cols(13)
    book.active["M2"] = 7
    book.active.merge_cells("L1:M1")


def show_percent(book: Workbook) -> None:
    book.active["N2"] = 0.25
    book.active["N2"].number_format = "0.0%"


def bear_another_hash(book: Workbook) -> None:
    fingerprint = next(each for each in book.custom_doc_props.props if each.name == PROPERTY_NAME)
    fingerprint.value = fingerprint.value.rpartition(";")[0] + ";0123456789ab"


def template_of(country: str) -> bytes:
    return template_bytes(Asked(country, "2026", "EDU"), words=language_for("en"))


MADE_FILES = {
    "EMPTY_FILE": b"",
    "NOT_A_TABLE": b"%PDF-1.7",
    "OLD_EXCEL": OLE + bytes(100),
    "PASSWORD": OLE + "EncryptedPackage".encode("utf-16-le"),
    "TRUNCATED_FILE": WORKBOOK[:2000],
    "UNREADABLE": with_sheet(WORKBOOK, lambda xml: xml[: len(xml) // 2], part="xl/workbook.xml"),
    "UNSAFE_FILE": put(b"</sheetData>", b" " * 40_000_000),
    "FAR_CELLS": put(b"</sheetData>", FAR_CELL),
    "MACROS": CORPUS["macros"].make(),
    "EXTERNAL_LINKS": CORPUS["link to another workbook"].make(),
    "EMBEDDED_OBJECT": CORPUS["embedded object"].make(),
    "BLANK_CELLS": CORPUS["a million styled blanks in wide rows"].make(),
    "ENDLESS_LINE": b"x" * 300_000,
    "HIDDEN_SHEET": remade(hide_sheet),
    "SEVERAL_SHEETS": remade(add_table),
    "HIDDEN_ROWS": remade(hide_row),
    "HIDDEN_COLUMN": remade(hide_column),
    "MERGED_HEADER": remade(merge_name),
    "MERGED_CELL": remade(merge_group),
    "PERCENT_FORMAT": remade(show_percent),
    "OLD_TEMPLATE": remade(bear_another_hash, template_of("LU")),
    "FOREIGN_TEMPLATE": template_of("MT"),
    "NOT_FILLED": template_of("LU"),
    "CELL_ERROR": put(b'<c r="L2" t="inlineStr"><is><t>100</t></is></c>', b'<c r="L2" t="e"><v>#DIV/0!</v></c>'),
    "NO_RESULT": put(b'<c r="L3" t="inlineStr"><is><t>60</t></is></c>', b'<c r="L3"><f>SUM(L4:L9)</f></c>'),
}
SENDERS = {"P29": "NL", "SEX_LETTERS": "ES", "CONF_LETTERS": "FR"}
COUNTRIES = ("AT", "BE", "CZ", "DE", "DK", "ES", "FI", "FR")
STRATA = {"TOTAL": (100, 400), "SEX:F": (60, 200), "SEX:M": (40, 200), "AGE:Y65-74": (70, 320), "AGE:Y_GE75": (30, 80)}


def compared_with(rule: str, folder: Path) -> Earlier:
    """What has been sent or published before, for the rules that ask for it."""
    if rule in ("P33", "LOST_ROWS"):
        return sent_before(folder / "before", figures()[:3])
    if rule == "MARK_LOST":
        return sent_before(folder / "before", figures()[3:])
    key = ("RSM_02", "2025", "C_SOLID_ADV")
    if rule == "P22":
        values = [(country, *key, "TOTAL", 20.0 + place, None, None) for place, country in enumerate(COUNTRIES)]
        return released(folder / "release", values)
    if rule == "P20":
        same = [("MT", *key, stratum, 100 * n / d, n, d) for stratum, (n, d) in STRATA.items()]
        return released(folder / "release", same)
    return NOTHING_EARLIER


def sender_of(rule: str) -> str:
    """The country that sends the bad file of a check."""
    return SENDERS.get(rule, "LU")


def write_bad_file(rule: str, folder: Path) -> Path:
    """Write the bad file of a check and return its path."""
    content = MADE_FILES[rule] if rule in MADE_FILES else (FOLDER / f"{rule}.csv").read_bytes()
    return write(folder, "figures", content)
