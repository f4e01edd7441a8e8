"""A plain text in columns of whole numbers, each of which stands for one of the few texts of its column.

What is said of a text is then said once, not for each of a million cells. Imported for large files, and by a process
that is ready for many: NumPy and Arrow cost a quarter of a second that a single small file need not spend. Pandas would
cost as much again: `pyarrow.array` and `to_numpy` import it to see whether they meet something of its own, so that
buffers are handed on as they are.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import compute, csv, parquet

from ingestion.checks.side_by_side import MOST_AT_ONCE, at_once
from ingestion.reading.plain import PlainBody, marked

BLOCK_BYTES = 1 << 22  # each has texts of its own, which are then put together
ROWS_OF_A_GROUP = 122_880  # as DuckDB writes them
MOST_TO_TABULATE = 1 << 24  # combinations of texts; of more, those that occur are sorted


@dataclass(frozen=True)
class CodedColumn:
    """One column: `codes` holds for each row the position of its text in `texts`."""

    codes: np.ndarray
    texts: list[str]

    def as_texts(self) -> pa.Array:
        """Return the cells as they stand."""
        return pa.DictionaryArray.from_arrays(as_arrow(self.codes), _text_array(self.texts))

    def meant(self, meaning: Callable[[str], str | None]) -> pa.Array:
        """Return the texts that the cells mean."""
        meanings = [meaning(text) for text in self.texts]
        is_nothing = np.array([each is None for each in meanings], dtype="bool")[self.codes]
        return pa.DictionaryArray.from_arrays(
            as_arrow(self.codes, is_nothing), _text_array([each or "" for each in meanings])
        )

    def numbers(self, number: Callable[[str], float | None]) -> pa.Array:
        """Return the numbers that the cells mean."""
        numbers = np.array([number(text) for text in self.texts], dtype="float64")[self.codes]
        return as_arrow(numbers, np.isnan(numbers))

    def _without(self, is_out: np.ndarray) -> "CodedColumn":
        codes = self.codes[~is_out]
        is_used = np.bincount(codes, minlength=len(self.texts)) > 0
        # A text that stands nowhere else says nothing about its column.
        return CodedColumn(codes, [text if used else "" for text, used in zip(self.texts, is_used, strict=True)])


@dataclass(frozen=True)
class CodedText:
    """The rows of a text, with the row numbers that its sender sees."""

    source_rows: np.ndarray
    columns: list[CodedColumn]

    def without(self, source_rows: Collection[int]) -> "CodedText":
        """Return the text without some rows."""
        is_out = self.are_in(source_rows)
        return CodedText(self.source_rows[~is_out], [column._without(is_out) for column in self.columns])

    def are_in(self, source_rows: Collection[int]) -> np.ndarray:
        """Say of each row whether it is one of some."""
        return np.isin(self.source_rows, np.fromiter(source_rows, dtype="int32"))

    def texts_of(self, index: int, doubtful_rows: Collection[int]) -> list[tuple[str, bool]]:
        """Return the texts of a column, each with whether it stands in doubtful rows only."""
        column = self.columns[index]
        sure = np.bincount(column.codes[~self.are_in(doubtful_rows)], minlength=len(column.texts))
        return [(text, count == 0) for text, count in zip(column.texts, sure.tolist(), strict=True) if text]

    def as_table(self) -> pa.Table:
        """Return all cells as they stand."""
        columns = {f"c{index}": column.as_texts() for index, column in enumerate(self.columns)}
        return as_table({"source_row": as_arrow(self.source_rows), **columns})


def as_arrow(values: np.ndarray, is_nothing: np.ndarray | None = None) -> pa.Array:
    """Return whole numbers, decimal numbers or truth values as Arrow holds them, some of them left out."""
    kind = pa.from_numpy_dtype(values.dtype)
    buffers = [None if is_nothing is None else _bits(~is_nothing)]
    buffers.append(_bits(values) if kind == pa.bool_() else pa.py_buffer(np.ascontiguousarray(values)))
    return pa.Array.from_buffers(kind, len(values), buffers)


def as_numbers(column: pa.Array) -> np.ndarray:
    """Return whole numbers, none of which is left out, as NumPy holds them."""
    numbers = np.frombuffer(column.buffers()[1], dtype=column.type.to_pandas_dtype())
    return numbers[column.offset : column.offset + len(column)]


def as_table(columns: dict[str, pa.Array]) -> pa.Table:
    """Return columns of one length as a table."""
    return pa.Table.from_arrays(list(columns.values()), list(columns))


def some_rows(table: pa.Table, places: np.ndarray) -> pa.Table:
    """Return the rows of a table that stand in some places, counted from 0."""
    return compute.take(table, as_arrow(places))


def write_rows(table: pa.Table, source_rows: pa.ChunkedArray, path: Path) -> None:
    """Write the rows of a table that have some row numbers, in their order, as plain columns that anyone can read."""
    found = table.filter(compute.is_in(table["source_row"], source_rows))
    parquet.write_table(found, path, row_group_size=ROWS_OF_A_GROUP, store_schema=False)


def _bits(values: np.ndarray) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little"))


def _text_array(texts: Sequence[str]) -> pa.Array:
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype="int32")
    return pa.Array.from_buffers(pa.string(), len(texts), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))])


def coded_text(body: PlainBody, *, is_large: bool) -> CodedText:
    """Return the lines of a body, each of which is one row; a large one is read in parts at the same time."""
    parts = at_once(partial(_read, body), body.parts(MOST_AT_ONCE if is_large else 1), is_large=is_large)
    lines = pa.concat_tables(parts).unify_dictionaries()
    source_rows = np.arange(body.first_row, body.first_row + lines.num_rows, dtype="int32")
    return CodedText(source_rows, at_once(_coded, lines.columns, is_large=is_large))


def _read(body: PlainBody, data: memoryview) -> pa.Table:
    kinds = {f"c{index}": pa.dictionary(pa.int32(), pa.string()) for index in range(body.width)}
    return csv.read_csv(
        pa.py_buffer(marked(data)),
        # Where memory ends, a thread of Arrow's ends the process instead of saying so.
        csv.ReadOptions(column_names=list(kinds), use_threads=False, block_size=BLOCK_BYTES),
        csv.ParseOptions(
            delimiter=body.delimiter, quote_char='"' if body.has_quotes else False, ignore_empty_lines=False
        ),
        csv.ConvertOptions(column_types=kinds, null_values=[], strings_can_be_null=False),
    )


def _coded(column: pa.ChunkedArray) -> CodedColumn:
    """Put the parts of a column together, which have the same texts; few texts have small numbers."""
    texts = column.chunk(0).dictionary.to_pylist()
    codes = [as_numbers(part.indices) for part in column.chunks]
    return CodedColumn(np.concatenate(codes, dtype=np.min_scalar_type(-len(texts)), casting="unsafe"), texts)


def combinations(columns: Iterable[CodedColumn], *, row_count: int) -> tuple[np.ndarray, np.ndarray]:
    """Number the combinations of texts that occur, from 0; return the number of each row, and the first row of each."""
    number, count = np.zeros(row_count, dtype="int64"), 1
    for column in columns:
        number, count = number * len(column.texts) + column.codes, count * len(column.texts)
        if count > MOST_TO_TABULATE:
            found, number = np.unique(number, return_inverse=True)
            count = len(found)
    first = np.full(count, -1)
    first[number[::-1]] = np.arange(row_count)[::-1]
    occurs = first >= 0
    return (np.cumsum(occurs, dtype="int32") - 1)[number], first[occurs]
