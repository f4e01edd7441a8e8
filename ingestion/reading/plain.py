"""A large CSV file whose every line is provably one row: its text can be handed on whole, without a list per row."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ingestion.reading.cell import Cell, is_blank_row

LEAST_CHARACTERS = 100_000
CHUNK_BYTES = 1 << 20
EVERY_BYTE = bytes(range(256))


@dataclass(frozen=True)
class PlainBody:
    """The lines under a header, each of which is one row of `width` cells, with quotes as RFC 4180 asks for them.

    `data` is a text in UTF-8, of which they stand from `start` to `end`. The row number of a line is `first_row` plus
    the lines before it; lines whose cells are all blank are still there.
    """

    data: bytes
    start: int
    end: int
    first_row: int
    delimiter: str
    width: int
    row_count: int
    has_quotes: bool

    def rows(self) -> list[tuple[int, list[Cell]]]:
        """Return the row number and the cells of each line that is not blank."""
        lines = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
        return [(number, [*cells]) for number, cells in enumerate(lines, self.first_row) if not is_blank_row(cells)]

    def parts(self, count: int) -> list[memoryview]:
        """Return the text in at most so many parts of whole lines, about as long as each other."""
        steps = (self.start + (self.end - self.start) * step // count for step in range(1, count))
        edges = [self.start, *(self.data.find(b"\n", step, self.end) + 1 or self.end for step in steps), self.end]
        text = memoryview(self.data)
        return [text[edge:following] for edge, following in pairwise(edges) if edge < following]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return self.data[self.start : self.end].decode()


# Is told of a body before it is proven to be plain, so that it can be read at the same time.
Foresee = Callable[[PlainBody], None]


def marked(data: memoryview) -> bytes | memoryview:
    """Return a text for a reader that takes away a byte order mark, which may be the beginning of its first cell."""
    return codecs.BOM_UTF8 + data if data[: len(codecs.BOM_UTF8)] == codecs.BOM_UTF8 else data


def plain_body(
    data: bytes, *, start: int = 0, first_row: int, delimiter: str, width: int, foresee: Foresee | None = None
) -> PlainBody | None:
    """Return the body if every line is provably one row of `width` cells, else None: it must be looked into.

    `data` is a text in UTF-8, of which the body begins at `start`.
    Costs a quarter of a second for a million rows, and some times more where many cells are quoted: lines are
    compared, and never taken apart.
    """
    end = _without_empty_lines_at_end(data, start)
    if end == start:
        return None
    row_count = data.count(b"\n", start, end) + (not data.endswith(b"\n", start, end))
    has_quotes = data.find(b'"', start, end) >= 0
    body = PlainBody(data, start, end, first_row, delimiter, width, row_count, has_quotes)
    shape = _Shape(delimiter.encode(), width, "\r\n" if data.find(b"\r", start, end) >= 0 else "\n")
    # A file is most often torn at its end: then nobody need begin to read it.
    last = replace(body, start=data.find(b"\n", max(start, end - CHUNK_BYTES), end) + 1 or start)
    if not all(map(shape.is_regular, _chunks_of_lines(last, shape.line_end))):
        return None
    if foresee:
        foresee(body)
    return body if all(map(shape.is_regular, _chunks_of_lines(body, shape.line_end))) else None


def _without_empty_lines_at_end(data: bytes, start: int) -> int:
    """Return where a text ends that has at most one line end behind its last row."""
    end = len(data)
    while end > start and data[end - 1] in b"\r\n":
        end -= 1
    return min(end + (2 if data.startswith(b"\r\n", end) else 1), len(data))


class _Shape:
    """What is left of a regular line when all but separators and line ends are taken away."""

    def __init__(self, delimiter: bytes, width: int, line_end: str) -> None:
        self.delimiter = delimiter
        self.line_end = line_end.encode()
        self.line = delimiter * (width - 1) + self.line_end
        self.others = EVERY_BYTE.translate(None, delimiter + b"\n\r")

    def is_regular(self, chunk: bytes) -> bool:
        """Say whether each line of a chunk is one row."""
        outside = self._outside_quotes(chunk) if b'"' in chunk and not self._is_quoted_throughout(chunk) else chunk
        if outside is None:
            return False
        ends = outside.translate(None, self.others)
        count = len(ends) // len(self.line)
        # No line ends within quotes, and none comes in two pieces.
        return ends == self.line * count and all(chunk.count(end) == count for end in {b"\n", self.line_end})

    def _is_quoted_throughout(self, chunk: bytes) -> bool:
        """Say whether every cell is quoted, and holds no quote, separator or line end: all quotes are then at edges."""
        if not (chunk.startswith(b'"') and chunk.endswith(b'"' + self.line_end)):
            return False
        # A quote at the edge of a line that is also beside a separator within its text would count twice.
        within = b'"' + self.delimiter, self.delimiter + b'"' + self.line_end
        if chunk.startswith(within[0]) or b"\n" + within[0] in chunk or within[1] in chunk:
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


def _chunks_of_lines(body: PlainBody, line_end: bytes) -> Iterator[bytes]:
    """Yield whole lines, about a megabyte at a time; a last line without its end is given one."""
    data, start = body.data, body.start
    while start < body.end:
        end = body.end
        if start + CHUNK_BYTES < body.end:
            end = data.rfind(b"\n", start, start + CHUNK_BYTES) + 1
            if end <= start:  # a line of a megabyte
                end = data.find(b"\n", start, body.end) + 1 or body.end
        chunk = data[start:end]
        yield chunk if chunk.endswith(b"\n") else chunk + line_end
        start = end
