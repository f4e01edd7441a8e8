"""Read a file: its content decides what it is, its name is only what its sender calls it."""

from pathlib import Path

from ingestion.catalogue import rows
from ingestion.languages import phrase
from ingestion.reading.delimited import read_delimited
from ingestion.reading.encoding import guard_text
from ingestion.reading.plain import Foresee
from ingestion.reading.table import RawTable, Unreadable
from ingestion.reading.workbook import read_workbook

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")  # with parts, and without any; a text may begin with PK, too
# An encrypted workbook is an OLE file with this stream (ECMA-376, agile encryption).
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
MARKUP_STARTS = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<workbook")
MARKUP = phrase("a web page or XML document")
WORKBOOK_ENDINGS = (".xlsx", ".xls", ".ods")
CHUNK_BYTES = 1 << 20


def read_table(path: Path, *, country_code: str, foresee: Foresee | None = None) -> RawTable:
    """Return the table in a CSV, XLSX or ODS file; the country's habits settle encodings.

    `foresee` is told of the body of a large text as soon as it is found.
    Errors: `Unreadable` with the rule of the check registry that says why.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start:
        raise Unreadable("EMPTY_FILE", expected=phrase("not a single byte"))
    _refuse_foreign(path, start)
    if start.startswith(ZIP_MAGICS):
        return read_workbook(path)
    guard_text(path)
    try:
        return read_delimited(path.read_bytes(), legacy_encoding=_legacy_encoding(country_code), foresee=foresee)
    except Unreadable as refusal:
        kind_name = _kind_of_text(refusal.found, path)
        if refusal.rule != "NO_HEADER" or kind_name is None:
            raise
        raise Unreadable("NOT_A_TABLE", given={"kind_name": kind_name}) from None


def _refuse_foreign(path: Path, start: bytes) -> None:
    if start.startswith(OLE_MAGIC):
        raise Unreadable("PASSWORD" if _holds(path, ENCRYPTED_STREAM) else "OLD_EXCEL")
    for row in rows("file_kinds"):
        if row["told_by"] == "start" and start.startswith(bytes.fromhex(row["mark"])):
            raise Unreadable("NOT_A_TABLE", given={"kind_name": row["kind_name"]})
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP_STARTS):
        raise Unreadable("NOT_A_TABLE", given={"kind_name": MARKUP})


def _kind_of_text(first_line: str, path: Path) -> str | None:
    """Say what a text is that does not name our columns, if its first line tells, or if it is called a workbook."""
    if first_line.startswith("<"):
        return MARKUP
    for row in rows("file_kinds"):
        if row["told_by"] == "text" and first_line.casefold().startswith(row["mark"]):
            return row["kind_name"]
    return phrase("a text under the name of a workbook") if path.suffix.lower() in WORKBOOK_ENDINGS else None


def _holds(path: Path, mark: bytes) -> bool:
    rest = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            if mark in rest + chunk:
                return True
            rest = chunk[-len(mark) :]
    return False


def _legacy_encoding(country_code: str) -> str:
    encodings = {row["country_code"]: row["legacy_encoding"] for row in rows("countries")}
    return encodings.get(country_code, "cp1252")
