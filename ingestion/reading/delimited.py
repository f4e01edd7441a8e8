"""Read CSV as its senders write it: any of their encodings and separators, titles above, ends torn off."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from ingestion.reading.header import HEADER_SEARCH_ROWS, count_names, find_header
from ingestion.reading.table import Cell, Header, RawTable, RowFault, Unreadable, is_blank_row

DELIMITERS = (";", ",", "\t", "|")
MARKED_ENCODINGS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
LAST_RESORT_ENCODING = "cp1252"
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
LONGEST_FIELD = 100_000  # characters; a longer one is a quote that was never closed

# Row number, fields, how many lines it spans (0: cut back to its first line).
Record = tuple[int, list[str], int]


def read_delimited(data: bytes, *, legacy_encoding: str) -> RawTable:
    """Return the table in the bytes of a text file.

    Errors: `Unreadable` when it is not text, or when no row names our columns.
    """
    text, encoding = decode(data, legacy_encoding=legacy_encoding)
    if not text.strip():
        raise Unreadable("EMPTY_FILE", found="only blanks")
    if CONTROL_CHARACTERS.search(text):
        raise Unreadable("NOT_A_TABLE", found="bytes that are not text")
    lines = list(io.StringIO(text, newline=""))
    delimiter = _delimiter_of(lines)
    header = find_header((number, fields) for number, fields, _ in _records(lines[:HEADER_SEARCH_ROWS], delimiter, 0))
    if header is None:
        raise Unreadable("NO_HEADER", found=lines[0].strip()[:80])
    table = RawTable("csv", header, [], encoding=encoding, delimiter=delimiter)
    table.is_last_line_open = not lines[-1].endswith(("\n", "\r"))
    is_quote_open = lines[-1].count('"') % 2 == 1
    _fill(table, _records(lines, delimiter, len(header.texts)), is_quote_open=is_quote_open)
    return table


def decode(data: bytes, *, legacy_encoding: str) -> tuple[str, str]:
    """Return the text of a file and its encoding: byte-order mark, NUL pattern, strict UTF-8, then the country's own.

    A last character that is torn in half is dropped: it must not make a UTF-8 file look like another.
    Errors: `Unreadable` when no encoding fits.
    """
    for mark, encoding in MARKED_ENCODINGS.items():
        if data.startswith(mark):
            return _required(_decode_all_but_torn_end(data[len(mark) :], encoding)), encoding
    if utf16 := _utf16_by_nul_pattern(data):
        return _required(_decode_all_but_torn_end(data, utf16)), utf16
    text = _decode_all_but_torn_end(data, "utf-8")
    # In a file of plain letters, a last byte that is none may as well be a letter of the old encoding.
    if text is not None and (not text.isascii() or data.isascii()):
        return text, "utf-8"
    for encoding in (legacy_encoding, LAST_RESORT_ENCODING):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return _required(None), ""


def _required(text: str | None) -> str:
    if text is None:
        raise Unreadable("NOT_A_TABLE", found="bytes that are not text")
    return text


def _utf16_by_nul_pattern(data: bytes) -> str | None:
    """Our column names are ASCII: in UTF-16 every second byte of them is NUL."""
    sample = data[:2000]
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    if max(odd, even) < len(sample) * 0.3:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_all_but_torn_end(data: bytes, encoding: str) -> str | None:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        return decoder.decode(data, final=False)
    except UnicodeDecodeError:
        return None


def _delimiter_of(lines: Sequence[str]) -> str:
    """Return the separator under which some row names most of our columns."""
    start = lines[:HEADER_SEARCH_ROWS]

    def most_names(delimiter: str) -> int:
        return max((count_names(fields) for _, fields, _ in _records(start, delimiter, 0)), default=0)

    return max(DELIMITERS, key=most_names)


def _records(lines: Sequence[str], delimiter: str, width: int) -> list[Record]:
    """Return the records; the row number counts records, as a spreadsheet that opens the file does.

    A record over several lines that has not `width` fields comes from a quote that was not closed: it is cut
    back to its first line, so that one slip never swallows the rows after it.
    """
    records: list[Record] = []
    start = 0
    while start < len(lines):
        reader = csv.reader(lines[start:], delimiter=delimiter)
        line = 0
        try:
            for fields in reader:
                span = reader.line_num - line
                if span > 1 and _is_swallowed(fields, lines[start + line : start + reader.line_num], width):
                    break
                records.append((len(records) + 1, fields, span))
                line = reader.line_num
            else:
                return records
        except csv.Error:
            pass
        bare = lines[start + line].rstrip("\r\n").split(delimiter)
        records.append((len(records) + 1, bare, 0))
        start += line + 1
    return records


def _is_swallowed(fields: list[str], lines: Sequence[str], width: int) -> bool:
    return (width > 0 and len(fields) != width) or "".join(lines).count('"') % 2 == 1


def _fill(table: RawTable, records: list[Record], *, is_quote_open: bool) -> None:
    """Move the records under the header into the table, and note the rows of the wrong width."""
    body = [record for record in records if record[0] > table.header.row and not is_blank_row(list(record[1]))]
    never_filled = _columns_never_filled(body, len(table.header.texts))
    # Some programs end every row with a separator; a row longer than all others has one too many inside.
    usual_width = Counter(len(fields) for _, fields, _ in body).most_common(1)[0][0] if body else 0
    widest = max(len(records[table.header.row - 1][1]), usual_width)
    last_row = records[-1][0]
    for number, fields, span in body:
        is_torn = table.is_last_line_open and number == last_row
        fault = _fault_of(table.header, number, fields, span, is_torn=is_torn, never_filled=never_filled)
        if not fault and len(fields) > widest:
            fault = _too_wide(table.header, number, fields)
        if is_torn and is_quote_open and not fault:
            fault = RowFault("TRUNCATED_ROW", number, len(fields) - 1, fields[-1][:80], "the rest of this text")
        if fault:
            table.faults.append(fault)
        cells: list[Cell] = [*fields, *[""] * (len(table.header.texts) - len(fields))]
        table.rows.append((number, cells))


def _columns_never_filled(body: list[Record], width: int) -> set[int]:
    filled = {index for _, fields, _ in body for index, text in enumerate(fields) if text and text.strip()}
    return set(range(width)) - filled


def _fault_of(
    header: Header, number: int, fields: list[str], span: int, *, is_torn: bool, never_filled: set[int]
) -> RowFault | None:
    width = len(header.texts)
    expected = f"{_cells(width)}, as in the header"
    if span == 0:
        return _open_quote(number, fields)
    if len(fields) < width:
        # Spreadsheet programs leave out separators at the end of a row where a column is empty throughout.
        if not is_torn and set(range(len(fields), width)) <= never_filled:
            return None
        return RowFault("TRUNCATED_ROW", number, len(fields) - 1, _cells(len(fields)), expected)
    if any(text.strip() for text in fields[width:]):
        return _too_wide(header, number, fields)
    return None


def _too_wide(header: Header, number: int, fields: list[str]) -> RowFault:
    width = len(header.texts)
    return RowFault("EXTRA_CELLS", number, width, _cells(len(fields)), f"{_cells(width)}, as in the header")


def _cells(count: int) -> str:
    return f"{count} cell{'' if count == 1 else 's'}"


def _open_quote(number: int, fields: list[str]) -> RowFault:
    index = next((index for index, text in enumerate(fields) if text.count('"') % 2 == 1), 0)
    return RowFault("UNCLOSED_QUOTE", number, index, fields[index][:80], 'a closing " in the same cell')


csv.field_size_limit(LONGEST_FIELD)
