"""The archive that a workbook is: measured before anything parses it, because a tiny one can ask for all memory.

Nothing here is taken from the archive's own word alone: a part is read as a stream, and never past its limit.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ingestion.languages import phrase
from ingestion.reading.table import Unreadable

KILOBYTE, MEGABYTE = 1 << 10, 1 << 20
CHUNK_BYTES = MEGABYTE
# A workbook of 5 000 rows unpacks to about 2.5 MB, at a ratio of 20 to 40.
MOST_UNPACKED_BYTES = 1024 * MEGABYTE
MOST_RATIO = 100
RATIO_COUNTS_FROM_BYTES = 10 * MEGABYTE
MOST_PARTS = 5_000
MOST_SMALL_PART_BYTES = 8 * MEGABYTE  # parts that name other parts, or describe the workbook
LOCAL_HEADER_BYTES = 30
END_RECORD_BYTES = 22
END_RECORD = b"PK\x05\x06"
ENCRYPTED_FLAG = 0x1
KNOWN_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
XML_PARTS = (".xml", ".rels", ".vml", ".rdf")
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")
DECLARED_ENCODING = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
READABLE_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
DOCUMENT_TYPES = (b"<!DOCTYPE", b"<!ENTITY")
LONGEST_MARK = 16  # a mark that lies across two chunks is found by reading so many bytes twice


class Archive:
    """A ZIP archive whose outside has been checked; parts are read as streams.

    Errors: `Unreadable` for whatever a plain workbook does not have.
    """

    def __init__(self, path: Path) -> None:
        self._size = path.stat().st_size
        with path.open("rb") as stream:
            stream.seek(max(0, self._size - END_RECORD_BYTES))
            self._tail = stream.read()
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeDecodeError):
            raise Unreadable("TRUNCATED_FILE") from None
        self.names = [part.filename for part in self._zip.infolist()]
        self._guard_outside()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a part, about a megabyte at a time."""
        with self._zip.open(name) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk

    def read_small(self, name: str) -> bytes:
        """Return a part that only names other parts, or describes the workbook."""
        if self._zip.getinfo(name).file_size > MOST_SMALL_PART_BYTES:
            raise _unsafe(phrase("a description of its own parts of {count} MB"), count=self._megabytes(name))
        return self._zip.read(name)

    def guard_parts(self, *, besides: tuple[str, ...]) -> None:
        """Refuse what would harm a parser in every part that is XML, besides those that start so; small ones first."""
        for name in sorted(self.names, key=lambda name: self._zip.getinfo(name).file_size):
            if name.lower().endswith(XML_PARTS) and not name.startswith(besides):
                for _ in self.guarded_chunks(name):
                    pass

    def guarded_chunks(self, name: str) -> Iterator[bytes]:
        """Yield the chunks of a part of XML, and refuse it as soon as one holds what would harm a parser."""
        rest = b""
        for index, chunk in enumerate(self.chunks(name)):
            if index == 0 and not _is_utf8(chunk):
                raise _unsafe(phrase("a part in an encoding that is not UTF-8: {part}"), part=name)
            if b"<!" in chunk or b"<!" in rest:
                seen = rest + chunk
                if any(mark in seen for mark in DOCUMENT_TYPES):
                    raise _unsafe(phrase("a document type declaration in {part}"), part=name)
            rest = chunk[-LONGEST_MARK:]
            yield chunk

    def _megabytes(self, name: str) -> float:
        return round(self._zip.getinfo(name).file_size / MEGABYTE, 1)

    def _guard_outside(self) -> None:
        parts = self._zip.infolist()
        if len(parts) > MOST_PARTS:
            raise _unsafe(phrase("{count} parts"), count=len(parts))
        self._guard_size(parts)
        self._guard_names(parts)
        self._guard_places(parts)
        if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
            raise Unreadable("PASSWORD")
        if any(part.compress_type not in KNOWN_COMPRESSIONS for part in parts):
            raise _unsafe(phrase("parts that are packed in an unusual way"))

    def _guard_size(self, parts: list[zipfile.ZipInfo]) -> None:
        unpacked = sum(part.file_size for part in parts)
        is_bomb = unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > MOST_RATIO * self._size
        if is_bomb or unpacked > MOST_UNPACKED_BYTES:
            raise _unsafe(
                phrase("{unpacked} MB packed into {packed} kB"),
                unpacked=unpacked // MEGABYTE,
                packed=self._size // KILOBYTE,
            )

    def _guard_names(self, parts: list[zipfile.ZipInfo]) -> None:
        for part in parts:
            is_trick = ".." in re.split(r"[/\\]", part.filename) or part.filename.startswith(("/", "\\"))
            if is_trick or part.orig_filename != part.filename or ":" in part.filename:
                raise _unsafe(phrase("a part whose name leads out of the archive"))
        # Readers differ in which of two parts of one name they take.
        if len({name.casefold() for name in self.names}) < len(parts):
            raise _unsafe(phrase("two parts of the same name"))

    def _guard_places(self, parts: list[zipfile.ZipInfo]) -> None:
        """Every byte belongs to one part: nothing before the first, behind the last, or shared by two."""
        end = 0
        for part in sorted(parts, key=lambda part: part.header_offset):
            if part.header_offset < end or (end == 0 and part.header_offset > 0):
                raise _unsafe(phrase("parts that share their bytes, or another file in front of them"))
            end = part.header_offset + LOCAL_HEADER_BYTES + len(part.filename) + part.compress_size
        if not self._tail.startswith(END_RECORD) or end > self._size:
            raise _unsafe(phrase("another file behind its end"))


def _unsafe(expected: str, **given: str | float) -> Unreadable:
    return Unreadable("UNSAFE_FILE", expected=expected, given=given)


def _is_utf8(start: bytes) -> bool:
    if start.startswith(BYTE_ORDER_MARKS):
        return False
    declared = DECLARED_ENCODING.match(start[:400])
    return declared is None or declared[1].lower() in READABLE_ENCODINGS
