"""A large CSV file whose every line is provably one row: its text can be handed on whole, without a list per row."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.reading.cell import Cell, is_blank_row

LEAST_CHARACTERS = 100_000
CHUNK_BYTES = 1 << 20
EVERY_BYTE = bytes(range(256))


@dataclass(frozen=True)
class PlainBody:
    """The lines under a header, each of which is one row of `width` cells, with quotes as RFC 4180 asks for them.

    `data` is their text in UTF-8. The row number of a line is `first_row` plus the lines before it; lines whose cells
    are all blank are still there.
    """

    data: bytes
    first_row: int
    delimiter: str
    width: int
    row_count: int
    has_quotes: bool

    def rows(self) -> list[tuple[int, list[Cell]]]:
        """Return the row number and the cells of each line that is not blank."""
        lines = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
        return [(number, [*cells]) for number, cells in enumerate(lines, self.first_row) if not is_blank_row(cells)]

    def halves(self) -> list[bytes]:
        """Return `data` in two parts of whole lines."""
        middle = self.data.find(b"\n", len(self.data) // 2) + 1
        return [part for part in (self.data[:middle], self.data[middle:]) if part]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return self.data.decode()


def marked(data: bytes) -> bytes:
    """Return a text for a reader that takes away a byte order mark, which may be the beginning of its first cell."""
    return codecs.BOM_UTF8 + data if data.startswith(codecs.BOM_UTF8) else data


def plain_body(data: bytes, *, first_row: int, delimiter: str, width: int) -> PlainBody | None:
    """Return the body if every line is provably one row of `width` cells, else None: it must be looked into.

    `data` is the text in UTF-8.
    Costs a quarter of a second for a million rows, and some times more where many cells are quoted: lines are
    compared, and never taken apart.
    """
    shape = _Shape(delimiter.encode(), width, "\r\n" if b"\r" in data else "\n")
    row_count = 0
    for chunk in _chunks_of_lines(data, shape.line_end):
        count = shape.count_rows(chunk)
        if count is None:
            return None
        row_count += count
    return PlainBody(data, first_row, delimiter, width, row_count, b'"' in data) if row_count else None


class _Shape:
    """What is left of a regular line when all but separators and line ends are taken away."""

    def __init__(self, delimiter: bytes, width: int, line_end: str) -> None:
        self.delimiter = delimiter
        self.line_end = line_end.encode()
        self.line = delimiter * (width - 1) + self.line_end
        self.others = EVERY_BYTE.translate(None, delimiter + b"\n\r")

    def count_rows(self, chunk: bytes) -> int | None:
        """Return how many rows the lines of a chunk are, or None if one of them is not regular."""
        outside = self._outside_quotes(chunk) if b'"' in chunk and not self._is_quoted_throughout(chunk) else chunk
        if outside is None:
            return None
        ends = outside.translate(None, self.others)
        count = len(ends) // len(self.line)
        is_regular = ends == self.line * count
        # No line ends within quotes, and none comes in two pieces.
        return count if is_regular and all(chunk.count(end) == count for end in {b"\n", self.line_end}) else None

    def _is_quoted_throughout(self, chunk: bytes) -> bool:
        """Say whether every cell is quoted, and holds no quote, separator or line end: all quotes are then at edges."""
        if not (chunk.startswith(b'"') and chunk.endswith(b'"' + self.line_end)):
            return False
        rows, separators = chunk.count(b"\n"), chunk.count(self.delimiter)
        edges = b'"' + self.delimiter + b'"', b'"' + self.line_end + b'"'
        are_all = chunk.count(edges[0]) == separators and chunk.count(edges[1]) == rows - 1
        return are_all and chunk.count(b'"') == 2 * (separators + rows)

    def _outside_quotes(self, chunk: bytes) -> bytes | None:
        """Return the chunk without its quoted texts, or None if a quote stays open at its end, or is not at an edge."""
        texts = chunk.split(b'"')
        outside = texts[0::2]
        beside_quotes = {text[-1:] for text in outside[:-1]} | {text[:1] for text in outside[1:]}
        is_closed = len(texts) % 2 == 1
        return b"".join(outside) if is_closed and beside_quotes <= {b"", self.delimiter, b"\n", b"\r"} else None


def _chunks_of_lines(data: bytes, line_end: bytes) -> Iterator[bytes]:
    """Yield whole lines, about a megabyte at a time; a last line without its end is given one."""
    start = 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + CHUNK_BYTES) + 1 if start + CHUNK_BYTES < len(data) else len(data)
        if end <= start:  # a line of a megabyte
            end = (data.find(b"\n", start) + 1) or len(data)
        chunk = data[start:end]
        yield chunk if chunk.endswith(b"\n") else chunk + line_end
        start = end
