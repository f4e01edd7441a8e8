"""Read a file: its content decides what it is, its name is only what its sender calls it."""

import zipfile
from pathlib import Path

from ingestion.catalogue import rows
from ingestion.reading.delimited import read_delimited
from ingestion.reading.table import RawTable, Unreadable
from ingestion.reading.workbook import read_workbook

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK"
# An encrypted workbook is an OLE file with this stream (ECMA-376, agile encryption).
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
WORKBOOK_PART = "xl/workbook.xml"
FOREIGN_KINDS = {
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"{\\rtf": "a text document (RTF)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a database",
}
MARKUP_STARTS = (b"<!doctype", b"<html", b"<?xml", b"<table")
ZIP_KINDS = (
    ("word/document.xml", "a Word document"),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
    ("ppt/presentation.xml", "a presentation"),
    ("content.xml", "an OpenDocument file"),
)


def read_table(path: Path, *, country_code: str) -> RawTable:
    """Return the table in a CSV or XLSX file; the country's habits settle encodings.

    Errors: `Unreadable` with the rule of the check registry that says why.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start:
        raise Unreadable("EMPTY_FILE", found="0 bytes")
    _refuse_foreign(path, start)
    if start.startswith(ZIP_MAGIC):
        _refuse_other_archives(path)
        return read_workbook(path)
    return read_delimited(path.read_bytes(), legacy_encoding=_legacy_encoding(country_code))


def _refuse_foreign(path: Path, start: bytes) -> None:
    if start.startswith(OLE_MAGIC):
        is_encrypted = ENCRYPTED_STREAM in path.read_bytes()
        raise Unreadable("PASSWORD" if is_encrypted else "OLD_EXCEL")
    for magic, kind in FOREIGN_KINDS.items():
        if start.startswith(magic):
            raise Unreadable("NOT_A_TABLE", found=kind)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP_STARTS):
        raise Unreadable("NOT_A_TABLE", found="a web page or XML document")


def _refuse_other_archives(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Unreadable("TRUNCATED_FILE", found="a workbook without its end") from None
    if WORKBOOK_PART in names:
        return
    for part, kind in ZIP_KINDS:
        if part in names:
            raise Unreadable("NOT_A_TABLE", found=kind)
    raise Unreadable("NOT_A_TABLE", found="a zip archive")


def _legacy_encoding(country_code: str) -> str:
    encodings = {row["country_code"]: row["legacy_encoding"] for row in rows("countries")}
    return encodings.get(country_code, "cp1252")
