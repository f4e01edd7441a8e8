"""The text in the bytes of a file: byte-order mark, NUL pattern, strict UTF-8, then the country's own code page."""

import codecs
from pathlib import Path

from ingestion.languages import phrase
from ingestion.reading.table import Unreadable

MARKED_ENCODINGS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
LAST_RESORT_ENCODING = "cp1252"
# A row of figures has a few hundred characters; a comment may be long, but no line of a table is longer than this.
LONGEST_LINE_BYTES = 200_000
NUL = b"\0"
NO_TEXT = NUL * 4  # no encoding of ours has four NUL bytes in a row
CONTROL_BYTES = bytes([*range(9), *range(14, 32), 127])


def guard_text(path: Path) -> None:
    """Refuse a file that is no text of lines, looking at one stretch of it at a time.

    Errors: `Unreadable` for a stretch without a line end, or with bytes that no text has.
    """
    with path.open("rb") as stream:
        while stretch := stream.read(LONGEST_LINE_BYTES):
            if NUL in stretch and NO_TEXT in stretch:  # to look for one byte takes a tenth of the time
                raise _not_text()
            if len(stretch) == LONGEST_LINE_BYTES and b"\n" not in stretch and b"\r" not in stretch:
                raise Unreadable("ENDLESS_LINE", given={"count": LONGEST_LINE_BYTES})


def _not_text() -> Unreadable:
    return Unreadable("NOT_A_TABLE", given={"kind_name": phrase("a file of bytes that are not text")})


def decode(data: bytes, *, legacy_encoding: str) -> tuple[str, str]:
    """Return the text of a file and its encoding: byte-order mark, NUL pattern, strict UTF-8, then the country's own.

    A last character that is torn in half is dropped: it must not make a UTF-8 file look like another.
    Errors: `Unreadable` when no encoding fits, or when the text holds control characters.
    """
    text, encoding = _decode(data, legacy_encoding)
    if text is None or _has_control_characters(data if encoding == "utf-8" else text.encode("utf-8")):
        raise _not_text()
    return text, encoding


def _decode(data: bytes, legacy_encoding: str) -> tuple[str | None, str]:
    for mark, encoding in MARKED_ENCODINGS.items():
        if data.startswith(mark):
            return _all_but_torn_end(data[len(mark) :], encoding), encoding
    if utf16 := _utf16_by_nul_pattern(data):
        return _all_but_torn_end(data, utf16), utf16
    text = _all_but_torn_end(data, "utf-8")
    # In a file of plain letters, a last byte that is none may as well be a letter of the old encoding.
    if text is not None and (not text.isascii() or data.isascii()):
        return text, "utf-8"
    for encoding in (legacy_encoding, LAST_RESORT_ENCODING):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return None, ""


def _utf16_by_nul_pattern(data: bytes) -> str | None:
    """Our column names are ASCII: in UTF-16 every second byte of them is NUL."""
    sample = data[:2000]
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    if max(odd, even) < len(sample) * 0.3:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _all_but_torn_end(data: bytes, encoding: str) -> str | None:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        return decoder.decode(data, final=False)
    except UnicodeDecodeError:
        return None


def _has_control_characters(data: bytes) -> bool:
    stretches = (data[start : start + LONGEST_LINE_BYTES] for start in range(0, len(data), LONGEST_LINE_BYTES))
    return any(len(stretch.translate(None, CONTROL_BYTES)) < len(stretch) for stretch in stretches)
