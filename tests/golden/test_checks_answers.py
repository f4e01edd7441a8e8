"""One bad file for each check, and the exact answer that its sender reads.

`checks/<RULE>.csv` is the bad file, `checks/<RULE>.txt` the answer. Files that no text can hold are made below.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from ingestion.checks.examination import examine_here, unreadable
from ingestion.checks.findings import Finding
from ingestion.checks.registry import checks
from ingestion.intake.misdirected import refuse_misdirected
from ingestion.receipts import as_text
from tests.files import as_lines, figures, with_sheet, workbook_bytes, write
from tests.hostile.corpus import CORPUS

FOLDER = Path(__file__).parent / "checks"
WORKBOOK = workbook_bytes(as_lines(figures()))
FAR_CELL = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def put(cell: bytes, instead: bytes) -> bytes:
    return with_sheet(WORKBOOK, lambda xml: xml.replace(cell, instead))


def remade(change: Callable[[Workbook], None]) -> bytes:
    """The workbook after a change, as a spreadsheet program would save it."""
    book = load_workbook(BytesIO(WORKBOOK))
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


def merge_name(book: Workbook) -> None:
    book.active.insert_cols(13)
    book.active["M2"] = 7
    book.active.merge_cells("L1:M1")


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
    "MERGED_HEADER": remade(merge_name),
    "CELL_ERROR": put(b'<c r="L2" t="inlineStr"><is><t>100</t></is></c>', b'<c r="L2" t="e"><v>#DIV/0!</v></c>'),
    "NO_RESULT": put(b'<c r="L3" t="inlineStr"><is><t>60</t></is></c>', b'<c r="L3"><f>SUM(L4:L9)</f></c>'),
}
# Answers about files that no test should have to make; how they come about is in tests/unit/test_checks_desk.py.
MADE_FINDINGS = {
    "TOO_LARGE": Finding("TOO_LARGE", found="912.4 MB", expected="200 MB"),
    "TOOK_TOO_LONG": Finding("TOOK_TOO_LONG", found="120 seconds"),
    "OUT_OF_MEMORY": Finding("OUT_OF_MEMORY", found="4096 MB"),
    "READER_DIED": Finding("READER_DIED", found="SIGSEGV"),
}
ARRIVAL = {"country_code": "ZZ", "original_name": "figures.xlsx", "sha256": "0" * 64, "size_bytes": 5120}
SENDERS = {"P29": "NL"}


def result_for(rule: str, folder: Path):
    if rule == "NO_COUNTRY":
        return refuse_misdirected(ARRIVAL)
    if rule in MADE_FINDINGS:
        return unreadable(MADE_FINDINGS[rule])
    content = MADE_FILES[rule] if rule in MADE_FILES else (FOLDER / f"{rule}.csv").read_bytes()
    path = write(folder, "figures", content)
    return examine_here(path, country_code=SENDERS.get(rule, "LU"), work_folder=folder)


@pytest.mark.parametrize("rule", checks())
def test_the_answer_to_a_bad_file(rule, tmp_path, request):
    result = result_for(rule, tmp_path)
    assert rule in {finding["rule"] for finding in result["findings"]}
    golden = FOLDER / f"{rule}.txt"
    answer = as_text(result) + "\n"
    if request.config.getoption("--update-golden"):
        golden.write_text(answer, encoding="utf-8")
    assert answer == golden.read_text(encoding="utf-8")


def test_no_bad_file_is_left_without_a_check():
    known = set(checks())
    assert {path.stem for path in FOLDER.iterdir()} <= known
