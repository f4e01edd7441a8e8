"""Read CSV as its senders write it: any of their encodings and separators, titles above, ends torn off."""

import csv
import io
import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from ingestion.languages import phrase
from ingestion.reading.cell import Cell, cell_text, is_blank_row
from ingestion.reading.encoding import decode
from ingestion.reading.header import (
    COMMA,
    DELIMITERS,
    HEADER_SEARCH_ROWS,
    LONGEST_SHOWN,
    find_header,
    header_notes,
    refusal_without_header,
    weight_of,
)
from ingestion.reading.plain import LEAST_CHARACTERS, Foresee, PlainBody, plain_body
from ingestion.reading.sdmx import (
    action_column,
    action_fault,
    columns_with_labels,
    has_known_actions,
    version_of,
    with_leading_columns,
    without_labels,
)
from ingestion.reading.table import Header, RawTable, RowFault, Unreadable

# Excel's own way to name the separator; spreadsheet programs do not show this line, and do not count it.
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\n|\r)', re.IGNORECASE)
HEAD_CHARACTERS = 1_000_000
UNEXPECTED_END = "unexpected end of data"  # what Python's csv says of a quote that is open at the end
LONGEST_FIELD = 400_000  # characters; a longer one is a quote that was never closed
FEWEST_COLUMNS = 2
FIRST_NO_ASCII = 128

# Row number, fields, how many lines it spans (0: cut back to its first line).
Record = tuple[int, list[str], int]


def read_delimited(data: bytes, *, legacy_encoding: str, foresee: Foresee | None = None) -> RawTable:
    """Return the table in the bytes of a text file.

    `foresee` is told of a large body as soon as it is found.
    Errors: `Unreadable` when it is not text, or when no row names our columns.
    """
    whole, encoding = decode(data, legacy_encoding=legacy_encoding)
    text, told_delimiter = _without_separator_line(whole)
    if not text or text.isspace():
        raise Unreadable("EMPTY_FILE", expected=phrase("only blanks"))
    head = _lines(text[:HEAD_CHARACTERS], stop=HEADER_SEARCH_ROWS)
    delimiter = told_delimiter or _delimiter_of(head)
    records = _records(head, delimiter)
    header = find_header((number, fields) for number, fields, _ in records)
    if header is None:
        raise _refusal(head, first_line=text.lstrip().partition("\n")[0].strip())
    table = _table(header, encoding, delimiter)
    table.notes += header_notes(header, _neighbours(records, header))
    table.is_last_line_open = not text.endswith(("\n", "\r"))
    table.titles = [(number, fields) for number, fields, _ in records if number < header.row]
    records = [record for record in records if record[0] <= header.row]
    # The rows are read on from here: what stands above the header is read in one way only.
    line_count = sum(span or 1 for _, _, span in records)
    header_width = len(records[-1][1])
    if header_width == len(header.texts):
        utf8 = _utf8_of(data, encoding, len(whole) - len(text))
        table.plain = _plain_body(text, utf8, table, line_count, foresee)
    if table.plain is None:
        _fill(table, _lines(text, skip=line_count), header_width=header_width)
    return table


def _table(header: Header, encoding: str, delimiter: str) -> RawTable:
    version = version_of(header.texts)
    header = with_leading_columns(header, version) if version else header
    return RawTable(version or "csv", header, [], encoding=encoding, delimiter=delimiter)


def _lines(text: str, *, skip: int = 0, stop: int | None = None) -> list[str]:
    return list(islice(io.StringIO(text, newline=""), skip, stop))


def _without_separator_line(text: str) -> tuple[str, str | None]:
    told = SEPARATOR_LINE.match(text)
    if told is None or told[1] not in DELIMITERS:
        return text, None
    return text[told.end() :], told[1]


def _delimiter_of(head: Sequence[str]) -> str:
    """Return the separator under which some row looks most like a header."""

    def most_names(delimiter: str) -> int:
        if not any(delimiter in line for line in head):
            return 0
        return max((weight_of(fields) for _, fields, _ in _records(head, delimiter)), default=0)

    return max(DELIMITERS, key=most_names)


def _refusal(head: Sequence[str], *, first_line: str) -> Unreadable:
    """Return what is to say of a text of which no row is a header, whatever separates its cells."""
    tables = (_records(head, delimiter) for delimiter in DELIMITERS)
    refusals = (refusal_without_header((number, fields) for number, fields, _ in records) for records in tables)
    return next(filter(None, refusals), Unreadable("NO_HEADER", found=first_line[:LONGEST_SHOWN]))


def _neighbours(records: Sequence[Record], header: Header) -> Iterator[tuple[int, list[str]]]:
    return ((number, fields) for number, fields, _ in records if abs(number - header.row) == 1)


def _utf8_of(data: bytes, encoding: str, skipped: int) -> tuple[bytes, int] | None:
    """Return the bytes of a file, and where its text begins behind a line of plain letters, if they are it in UTF-8.

    A file that ends in a plain letter does not end in a half one, which was left out of its text.
    """
    if encoding != "utf-8" or data[-1] >= FIRST_NO_ASCII:
        return None
    return data, (len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0) + skipped


def _plain_body(
    text: str, utf8: tuple[bytes, int] | None, table: RawTable, line_count: int, foresee: Foresee | None
) -> PlainBody | None:
    """Return the lines under the header as one text, if the file is large and each of them is provably one row."""
    header = table.header
    if len(text) < LEAST_CHARACTERS or len(header.texts) < FEWEST_COLUMNS or columns_with_labels(header):
        return None
    data, start = (text.encode(), 0) if utf8 is None else utf8
    head = "".join(_lines(text[:HEAD_CHARACTERS], stop=line_count))
    plain = plain_body(
        data,
        start=start + len(head.encode()),
        first_row=header.row + 1,
        delimiter=str(table.delimiter),
        width=len(header.texts),
        foresee=foresee,
    )
    return plain if plain and has_known_actions(plain, header) else None


def _records(lines: Sequence[str], delimiter: str, *, width: int = 0, first: int = 1) -> list[Record]:
    """Return the records; the row number counts records, as a spreadsheet that opens the file does.

    A record over several lines that has not `width` fields comes from a quote that was not closed: it is cut
    back to its first line, so that one slip never swallows the rows after it.
    """
    records: list[Record] = []
    start = 0
    while start < len(lines):
        reader = csv.reader(map(lines.__getitem__, range(start, len(lines))), delimiter=delimiter)
        line = 0
        try:
            for fields in reader:
                span = reader.line_num - line
                swallowed = lines[start + line : start + reader.line_num] if span > 1 else []
                if swallowed and _is_swallowed(fields, swallowed, delimiter=delimiter, width=width):
                    break
                records.append((first + len(records), fields, span))
                line = reader.line_num
            else:
                return records
        except csv.Error:
            pass
        bare = lines[start + line].rstrip("\r\n").split(delimiter)
        records.append((first + len(records), bare, 0))
        start += line + 1
    return records


def _is_swallowed(fields: list[str], lines: Sequence[str], *, delimiter: str, width: int) -> bool:
    """Say whether several lines became one record by a slip: a text over lines is quoted as RFC 4180 asks for it."""
    if width and len(fields) != width:
        return True
    try:
        return len(list(csv.reader(lines, delimiter=delimiter, strict=True))) != 1
    except csv.Error:
        return True


def _ends_within_quotes(lines: Sequence[str], delimiter: str) -> bool:
    """Say whether the last record of a file opens a text that the file does not close: it may have been cut off."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return UNEXPECTED_END in str(error)
    return False


def _fill(table: RawTable, lines: Sequence[str], *, header_width: int) -> None:
    """Put the rows under the header into the table, and note those of the wrong shape."""
    first = table.header.row + 1
    records = _records(lines, str(table.delimiter), width=len(table.header.texts), first=first)
    rows = [fields for _, fields, _ in records if not is_blank_row(fields)]
    table.header = _with_row_names(_with_unnamed_columns(table.header, rows, header_width), rows, header_width)
    is_quote_open = bool(records) and _ends_within_quotes(lines[-(records[-1][2] or 1) :], str(table.delimiter))
    judge = _Judge(table, records, rows, header_width=header_width, is_quote_open=is_quote_open)
    labelled, actions = columns_with_labels(table.header), action_column(table.header)
    for record in records:
        number, fields, _ = record
        if is_blank_row(fields):
            continue
        fault = judge.fault_of(record)
        if fault is None and actions is not None:
            fault = action_fault(number, fields, actions)
        if fault:
            table.faults.append(fault)
        cells: list[Cell] = [*fields, *[""] * (len(table.header.texts) - len(fields))]
        table.listed_rows.append((number, without_labels(cells, labelled) if labelled else cells))


def _with_unnamed_columns(header: Header, rows: Sequence[Sequence[str]], width: int) -> Header:
    """Count the columns that a header leaves without a name at its end, if most rows hold something in them."""
    named = len(header.texts)
    if width == named:
        return header
    held = [any(map(cell_text, fields[named:])) for fields in rows]
    if any(len(fields) != width for fields in rows) or 2 * sum(held) <= len(rows):
        return header
    return replace(header, texts=header.texts + ("",) * (width - named))


def _with_row_names(header: Header, rows: Sequence[Sequence[str]], width: int) -> Header:
    """Count a first column that the header leaves out: R numbers the rows in it, others leave it empty."""
    if not rows or not header.texts[0] or any(len(fields) != width + 1 for fields in rows):
        return header
    firsts = [fields[0] for fields in rows]
    if any(firsts) and firsts != [str(number) for number in range(1, len(rows) + 1)]:
        return header
    positions = {name: index + 1 for name, index in header.positions.items()}
    return replace(header, texts=("", *header.texts), positions=positions)


class _Judge:
    """Tells rows of the wrong shape from the habits of the program that wrote the file; `rows` are not blank."""

    def __init__(
        self,
        table: RawTable,
        records: Sequence[Record],
        rows: Sequence[Sequence[str]],
        *,
        header_width: int,
        is_quote_open: bool,
    ) -> None:
        self.width = len(table.header.texts)
        self.counts = {number: len(fields) for number, fields, _ in records}
        filled = {index for fields in rows for index, text in enumerate(fields) if text and not text.isspace()}
        self.never_filled = set(range(self.width)) - filled
        # Some programs end every row with a separator; a row longer than all others has one too many inside.
        usual_width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
        # Where it is a comma, all rows may have one too many inside: each number such as 3,5 has become two cells.
        self.widest = max(header_width, self.width, 0 if table.delimiter == COMMA else usual_width)
        self.torn_row = records[-1][0] if records and (table.is_last_line_open or is_quote_open) else 0
        self.is_quote_open = is_quote_open

    def fault_of(self, record: Record) -> RowFault | None:
        """Return what is wrong with the shape of a row, if anything is."""
        number, fields, span = record
        given = {"count": len(fields), "width": self.width}
        if span == 0:
            return _open_quote(number, fields)
        if len(fields) < self.width and not self._may_be_short(number, len(fields)):
            expected = phrase("it has {count} of {width} cells")
            rest = self.counts.get(number + 1, 0)
            if rest < self.width and len(fields) + rest == self.width + 1:
                expected = phrase(
                    "it has {count} of {width} cells and the row below has the rest; remove the line break between them"
                )
            return RowFault("TRUNCATED_ROW", number, len(fields) - 1, fields[-1][:LONGEST_SHOWN], expected, given)
        if len(fields) > self.widest or any(cell_text(text) for text in fields[self.width :]):
            extra = next(filter(None, map(cell_text, fields[self.width :])), "")
            return RowFault("EXTRA_CELLS", number, self.width, extra[:LONGEST_SHOWN], given=given)
        if number == self.torn_row and self.is_quote_open:
            expected = phrase("its last text has no end")
            return RowFault("TRUNCATED_ROW", number, len(fields) - 1, fields[-1][:LONGEST_SHOWN], expected, given)
        return None

    def _may_be_short(self, number: int, count: int) -> bool:
        """Spreadsheet programs leave out separators at the end of a row where a column is empty throughout."""
        return number != self.torn_row and set(range(count, self.width)) <= self.never_filled


def _open_quote(number: int, fields: list[str]) -> RowFault:
    index = next((index for index, text in enumerate(fields) if text.count('"') % 2 == 1), 0)
    return RowFault("UNCLOSED_QUOTE", number, index, fields[index][:LONGEST_SHOWN])


csv.field_size_limit(LONGEST_FIELD)
