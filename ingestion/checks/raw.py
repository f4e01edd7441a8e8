"""Put the cells of a file into DuckDB as they stand, before anyone says what they mean.

- `raw`: one row per row under the header that is not blank. `source_row` is the row that the sender sees; `c0`, `c1`,
  ... are the file's columns as texts; `n0`, `n1`, ... hold the cells of a workbook that are numbers, for the columns
  that are to hold numbers.

A plain text that is large, or meets a process that has imported Arrow already, stays outside DuckDB
(`ingestion.checks.coded`); `raw` is a view of it then.
"""

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from ingestion.reading import RawTable, cell_text
from ingestion.reading.header import number_columns
from ingestion.reading.plain import marked
from ingestion.reading.table import Cell, PlainBody

if TYPE_CHECKING:
    from ingestion.checks.coded import CodedText

BODY_FILE = "body.csv"
CODED = "ingestion.checks.coded"
MOST_ROWS_OF_SMALL = 50_000  # for these, to import Arrow costs more than it saves
# No cell of a text that passed the reader holds this character: an empty cell stays an empty text.
NEVER = "\x01"
BLANKS = " \t\r\n\u00a0\u202f\u2009"


class ReadAhead:
    """Arrow's reading of a large text, which begins while it is still being proven that each line is one row."""

    def __init__(self) -> None:
        self._reading: Future[CodedText] | None = None

    def foresee(self, body: PlainBody) -> None:
        """Begin to read a large body; what comes of it counts only if the body is plain."""
        if body.row_count > MOST_ROWS_OF_SMALL:
            self._reading = ThreadPoolExecutor(1).submit(_coded_text, body, is_large=True)

    def take(self) -> "Future[CodedText] | None":
        """Return what has begun, and let go of it: neither the text nor what is read of it is kept for longer."""
        reading, self._reading = self._reading, None
        return reading


def load_raw(
    connection: duckdb.DuckDBPyConnection, table: RawTable, work_folder: Path, ahead: ReadAhead | None = None
) -> "CodedText | None":
    """Create `raw`; a plain text goes through a reader of its own, anything else cell by cell.

    A text that Arrow reads is returned as well, and `raw` is a view of it.
    """
    coded = None
    reading = ahead.take() if ahead else None
    if table.plain is None:
        _load_rows(connection, table)
    elif is_large(table) or is_arrow_here():
        coded = reading.result() if reading else _coded_text(table.plain, is_large=False)
        _require_all(table.plain, len(coded.source_rows))
        connection.register("line", coded.as_table())
        # The text has been handed on: it is not kept twice.
        table.plain = replace(table.plain, data=b"")
    else:
        _load_plain(connection, table.plain, work_folder)
    connection.execute("create view raw as from line")
    return coded


def is_large(table: RawTable) -> bool:
    """Say whether a table is a plain text of so many rows that Arrow is worth its import, and threads are theirs."""
    return table.plain is not None and table.plain.row_count > MOST_ROWS_OF_SMALL


def is_arrow_here() -> bool:
    """Say whether the process has imported Arrow already."""
    return CODED in sys.modules


def take_out(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Take the rows of another table out of `raw`."""
    connection.execute("create table if not exists taken_out (source_row integer)")
    connection.execute(f"insert into taken_out select source_row from {name}")
    connection.execute("create or replace view raw as from line where source_row not in (from taken_out)")


def is_filled(index: int) -> str:
    """Return the condition of SQL that a column of `raw` holds more than blanks."""
    return f"trim(c{index}, '{BLANKS}') <> ''"


def holds_numbers(table: RawTable) -> bool:
    """Say whether cells may be numbers, as those of a workbook; the cells of a text are all texts."""
    return table.delimiter is None


def _load_plain(connection: duckdb.DuckDBPyConnection, body: PlainBody, work_folder: Path) -> None:
    """Each line is one record (the reader proved it), so a row's number follows from its place."""
    path = work_folder / BODY_FILE
    [text] = body.parts(1)
    path.write_bytes(bytes(marked(text)).replace(b"\r\n", b"\n"))
    columns = ", ".join(f"'c{index}': 'varchar'" for index in range(body.width))
    quote = '"' if body.has_quotes else ""
    connection.execute(
        f"create table line as select cast({body.first_row - 1} + row_number() over () as integer) as source_row, * "
        f"from read_csv(?, auto_detect=false, header=false, delim=?, quote='{quote}', escape='{quote}', "
        # Without the line end DuckDB 2.0 guesses it; with a wrong one it reads no row at all, and says nothing.
        f"new_line='\\n', nullstr=?, strict_mode=true, null_padding=false, columns={{{columns}}})",
        [str(path), body.delimiter, NEVER],
    )
    path.unlink()
    [count] = connection.execute("select count(*) from line").fetchone() or (0,)
    _require_all(body, count)


def _coded_text(body: PlainBody, *, is_large: bool) -> "CodedText":
    from ingestion.checks.coded import coded_text

    return coded_text(body, is_large=is_large)


def _require_all(body: PlainBody, count: int) -> None:
    if count != body.row_count:
        raise RuntimeError(f"{body.row_count} lines were read as {count} rows")


def _load_rows(connection: duckdb.DuckDBPyConnection, table: RawTable) -> None:
    columns = [
        [row[index] if index < len(row) else "" for _, row in table.rows] for index in range(len(table.header.texts))
    ]
    numbers = sorted(number_columns(table.header).values()) if holds_numbers(table) else []
    values: dict[str, tuple[str, object]] = {"source_row": ("integer", [number for number, _ in table.rows])}
    for index, cells in enumerate(columns):
        values[f"c{index}"] = ("varchar", [cell if isinstance(cell, str) else cell_text(cell) for cell in cells])
    for index in numbers:
        values[f"n{index}"] = ("double", [_number(cell) for cell in columns[index]])
    selected = ", ".join(f"unnest(${name}::{kind}[]) as {name}" for name, (kind, _) in values.items())
    connection.execute(f"create table line as select {selected}", {name: cells for name, (_, cells) in values.items()})


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None
