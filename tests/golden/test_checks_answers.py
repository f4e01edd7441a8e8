"""One bad file for each check, and the exact answer that its sender reads.

`checks/<RULE>.csv` is the bad file, `checks/<RULE>.txt` the answer, `checks/<RULE>.fr.txt` the same in French.
Files that no text can hold are made below.
"""

from pathlib import Path

import pytest

from ingestion.checks.earlier import NOTHING_EARLIER, Earlier
from ingestion.checks.examination import examine_here, unreadable
from ingestion.checks.findings import Finding
from ingestion.checks.registry import checks
from ingestion.intake.misdirected import refuse_misdirected
from ingestion.languages import language_for
from ingestion.receipts import as_text, localise
from tests.earlier_figures import released, sent_before
from tests.files import as_lines, figures, with_sheet, workbook_bytes, write

FOLDER = Path(__file__).parent / "checks"
WORKBOOK = workbook_bytes(as_lines(figures()))
FAR_CELL = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def put(cell: bytes, instead: bytes) -> bytes:
    return with_sheet(WORKBOOK, lambda xml: xml.replace(cell, instead))


MADE_FILES = {
    "EMPTY_FILE": b"",
    "NOT_A_TABLE": b"%PDF-1.7",
    "OLD_EXCEL": OLE + bytes(100),
    "PASSWORD": OLE + "EncryptedPackage".encode("utf-16-le"),
    "TRUNCATED_FILE": WORKBOOK[:2000],
    "UNREADABLE": with_sheet(WORKBOOK, lambda xml: xml[: len(xml) // 2], part="xl/workbook.xml"),
    "UNSAFE_FILE": put(b"</sheetData>", b" " * 40_000_000),
    "FAR_CELLS": put(b"</sheetData>", FAR_CELL),
    "CELL_ERROR": put(b'<c r="L2" t="inlineStr"><is><t>100</t></is></c>', b'<c r="L2" t="e"><v>#DIV/0!</v></c>'),
    "NO_RESULT": put(b'<c r="L3" t="inlineStr"><is><t>60</t></is></c>', b'<c r="L3"><f>SUM(L4:L9)</f></c>'),
}
# Answers about files that no test should have to make; how they come about is in tests/unit/test_checks_desk.py.
MADE_FINDINGS = {
    "TOO_LARGE": Finding("TOO_LARGE", given={"size_mb": 912.4, "most_mb": 200}),
    "TOOK_TOO_LONG": Finding("TOOK_TOO_LONG", given={"seconds": 120}),
    "OUT_OF_MEMORY": Finding("OUT_OF_MEMORY", given={"memory_mb": 4096}),
    "READER_DIED": Finding("READER_DIED", given={"signal": "SIGSEGV"}),
}
ARRIVAL = {"country_code": "ZZ", "original_name": "figures.xlsx", "sha256": "0" * 64, "size_bytes": 5120}
SENDERS = {"P29": "NL", "SEX_LETTERS": "ES"}
COUNTRIES = ("AT", "BE", "CZ", "DE", "DK", "ES", "FI", "FR")
STRATA = {"TOTAL": (100, 400), "SEX:F": (60, 200), "SEX:M": (40, 200), "AGE:Y65-74": (50, 190), "AGE:Y_GE75": (20, 80)}


def compared_with(rule: str, folder: Path) -> Earlier:
    """What has been sent or published before, for the rules that ask for it."""
    if rule == "P33":
        return sent_before(folder / "before", figures()[:3])
    key = ("RSM_02", "2025", "C_SOLID_ADV")
    if rule == "P22":
        values = [(country, *key, "TOTAL", 20.0 + place, None, None) for place, country in enumerate(COUNTRIES)]
        return released(folder / "release", values)
    if rule == "P20":
        same = [("MT", *key, stratum, 100 * n / d, n, d) for stratum, (n, d) in STRATA.items()]
        return released(folder / "release", same)
    return NOTHING_EARLIER


def result_for(rule: str, folder: Path):
    if rule == "NO_COUNTRY":
        return refuse_misdirected(ARRIVAL)
    if rule in MADE_FINDINGS:
        return unreadable(MADE_FINDINGS[rule])
    content = MADE_FILES[rule] if rule in MADE_FILES else (FOLDER / f"{rule}.csv").read_bytes()
    path = write(folder, "figures", content)
    earlier = compared_with(rule, folder)
    return examine_here(path, country_code=SENDERS.get(rule, "LU"), work_folder=folder, earlier=earlier)


@pytest.mark.parametrize("rule", checks())
def test_the_answer_to_a_bad_file(rule, tmp_path, request):
    result = result_for(rule, tmp_path)
    assert rule in {finding["rule"] for finding in result["findings"]}
    # Every rule that changes makes a new version: it must not change every answer.
    result["rules_version"] = "0123456789ab"
    for code, ending in (("en", "txt"), ("fr", "fr.txt")):
        golden = FOLDER / f"{rule}.{ending}"
        language = language_for(code)
        answer = as_text(localise(result, language), language) + "\n"
        if request.config.getoption("--update-golden"):
            golden.write_text(answer, encoding="utf-8")
        assert answer == golden.read_text(encoding="utf-8")


def test_no_bad_file_is_left_without_a_check():
    known = set(checks())
    assert {path.name.split(".")[0] for path in FOLDER.iterdir()} <= known
