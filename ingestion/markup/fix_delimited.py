"""Write fixes into a text file: the bytes of the fixed cells change, and no others."""

import codecs
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ingestion.languages import phrase
from ingestion.markup.fixes import CHANGED, Fix, Fixed, NotApplied
from ingestion.reading import RawTable, cell_text

MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOT_IN_ENCODING = phrase("The file's encoding has no sign for the new value.")
OPEN_QUOTE = phrase("The row has a double quote that is not closed.")

Span = tuple[int, int]


@dataclass(frozen=True)
class Record:
    """One row as it stands in the text. `is_cut`: a quote was not closed, so it was cut back to its first line."""

    start: int
    end: int
    is_cut: bool = False


@dataclass(frozen=True)
class _Edit:
    fix: Fix
    span: Span
    text: str


def fix_delimited(data: bytes, fixes: Sequence[Fix], *, table: RawTable) -> Fixed:
    """Return the file with each fix in place of its cell, in the file's own encoding and quoting."""
    encoding, delimiter = str(table.encoding), str(table.delimiter)
    mark = next((mark for mark in MARKS if data.startswith(mark)), b"")
    body = data[len(mark) :]
    text = codecs.getincrementaldecoder(encoding)().decode(body)
    edits, left_out = _edits(text, fixes, table=table, delimiter=delimiter)
    written, not_written = _split_by_encoding(edits, encoding)
    content = mark + _spliced(body, text, written, encoding)
    applied = [edit.fix for edit in written]
    return Fixed(content, ".csv", applied, left_out + [NotApplied(edit.fix, NOT_IN_ENCODING) for edit in not_written])


def records(text: str, delimiter: str, width: int) -> Iterator[Record]:
    """Yield the rows as reading counts them: a quoted cell may span lines, a quote that is not closed may not."""
    end_of_quoted = 0
    position = 0
    for line in io.StringIO(text, newline=""):
        start, position = position, position + len(line)
        if start < end_of_quoted:
            continue
        end = start + len(line.rstrip("\r\n"))
        if '"' not in line:
            yield Record(start, end)
            continue
        whole = _end_of_record(text, start, delimiter)
        if whole is None or (whole > end and _is_swallowed(text[start:whole], delimiter, width)):
            yield Record(start, end, is_cut=True)
        else:
            end_of_quoted = whole
            yield Record(start, whole)


def fields_of(text: str, record: Record, delimiter: str) -> list[Span]:
    """Return where each cell of a row starts and ends, its quotes included."""
    pattern = _field(delimiter)
    spans, position = [], record.start
    while True:
        match = pattern.match(text, position, record.end)
        assert match is not None  # the pattern matches an empty cell
        spans.append(match.span())
        if match.end() >= record.end:
            return spans
        position = match.end() + 1


def field_text(raw: str) -> str:
    """Return what a cell holds, without its quotes."""
    if not raw.startswith('"'):
        return raw
    quoted = re.match(r'"((?:[^"]++|"")*+)"?', raw)
    assert quoted is not None
    return quoted[1].replace('""', '"') + raw[quoted.end() :]


def _edits(text: str, fixes: Sequence[Fix], *, table: RawTable, delimiter: str) -> tuple[list[_Edit], list[NotApplied]]:
    wanted: dict[int, list[Fix]] = {}
    for fix in fixes:
        wanted.setdefault(fix.row, []).append(fix)
    edits: list[_Edit] = []
    left_out: list[NotApplied] = []
    numbered = _numbered(text, table, delimiter)
    for number, record in numbered:
        for fix in sorted(wanted.pop(number, ()), key=lambda fix: fix.column_index):
            edit = _edit(text, record, fix, delimiter=delimiter)
            if isinstance(edit, _Edit):
                edits.append(edit)
            else:
                left_out.append(edit)
        if not wanted:
            break
    left_out += [NotApplied(fix, CHANGED) for rest in wanted.values() for fix in rest]
    return edits, left_out


def _numbered(text: str, table: RawTable, delimiter: str) -> Iterator[tuple[int, Record]]:
    """Number the rows as reading does; a line that only names the separator may stand before the first."""
    width = len(table.header.texts)
    found = list(islice(records(text, delimiter, width), table.header.row + 1))
    first = 1
    for index, record in enumerate(found):
        texts = [cell_text(field_text(text[slice(*span)])) for span in fields_of(text, record, delimiter)]
        if tuple(texts[:width]) == table.header.texts:
            first = table.header.row - index
            break
    return enumerate(records(text, delimiter, width), first)


def _edit(text: str, record: Record, fix: Fix, *, delimiter: str) -> _Edit | NotApplied:
    if record.is_cut:
        return NotApplied(fix, OPEN_QUOTE)
    spans = fields_of(text, record, delimiter)
    if fix.column_index >= len(spans):
        return NotApplied(fix, CHANGED)
    start, end = spans[fix.column_index]
    raw = text[start:end]
    if not fix.is_found_in(cell_text(field_text(raw))):
        return NotApplied(fix, CHANGED)
    needs_quotes = raw.startswith('"') or any(sign in fix.new for sign in (delimiter, '"', "\r", "\n"))
    doubled = fix.new.replace('"', '""')
    return _Edit(fix, (start, end), f'"{doubled}"' if needs_quotes else fix.new)


def _split_by_encoding(edits: Iterable[_Edit], encoding: str) -> tuple[list[_Edit], list[_Edit]]:
    written, not_written = [], []
    for edit in edits:
        try:
            edit.text.encode(encoding)
        except UnicodeEncodeError:
            not_written.append(edit)
        else:
            written.append(edit)
    return written, not_written


def _spliced(body: bytes, text: str, edits: Sequence[_Edit], encoding: str) -> bytes:
    """Return the bytes with edits in place; what stands between is copied from the original, not encoded anew."""
    pieces, place, position = [], 0, 0
    for edit in edits:
        start, end = edit.span
        between = len(text[position:start].encode(encoding))
        pieces += [body[place : place + between], edit.text.encode(encoding)]
        place += between + len(text[start:end].encode(encoding))
        position = end
    return b"".join([*pieces, body[place:]])


def _end_of_record(text: str, start: int, delimiter: str) -> int | None:
    """Return where the row ends that begins here, or None if a quote in it is never closed."""
    pattern = _field(delimiter)
    position = start
    while True:
        match = pattern.match(text, position)
        assert match is not None
        if match["open"]:
            return None
        position = match.end()
        if text[position : position + 1] != delimiter:
            return position
        position += 1


def _is_swallowed(row: str, delimiter: str, width: int) -> bool:
    return len(fields_of(row, Record(0, len(row)), delimiter)) != width or row.count('"') % 2 == 1


def _field(delimiter: str) -> re.Pattern[str]:
    """Return the pattern of one cell: quoted text and what follows it, or text without a quote at its start."""
    other = rf"[^{re.escape(delimiter)}\r\n]*+"
    return re.compile(rf'"(?:[^"]++|"")*+(?:"{other}|(?P<open>\Z))|{other}')
