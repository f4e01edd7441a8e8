"""Read an analyst's tidy CSV into DuckDB: known columns by their name, every other column as a key of its rows.

Any encoding and separator that the desk reads is read here; numbers have a decimal point. Nothing is guessed and no
row is left out: what cannot be used is refused, with its row and column.
"""

import csv
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ingestion.errors import UsageError
from ingestion.reading.encoding import decode, guard_text
from ingestion.reading.table import Unreadable
from ingestion.sql_text import quoted
from ingestion.store.atomic import TEMPORARY_PREFIX, settle_file

if TYPE_CHECKING:
    import duckdb

SEPARATORS = (",", ";", "\t", "|")
ROW = "row_number"  # the record of the file, as a spreadsheet counts it: the header is row 1
NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
MISSING_WORDS = ("", "NA")  # blank, or as R writes it
BLOCK_BYTES = 1 << 24
SHOWN_PROBLEMS = 20

Problem = tuple[int, str, str]  # row, column, what is wrong


@dataclass(frozen=True)
class Column:
    """A column that is known: its name and kind, whether the file must have it, whether a cell may be blank."""

    name: str
    kind: Literal["number", "text"] = "number"
    is_required: bool = True
    may_be_blank: bool = False


def optional(name: str, kind: Literal["number", "text"] = "number") -> Column:
    """Return a column that the file may do without, in whole or cell by cell."""
    return Column(name, kind, is_required=False, may_be_blank=True)


@dataclass(frozen=True)
class Demand:
    """What no row may be: an SQL condition over the columns, the column to blame, and the words for it."""

    condition: str
    column: str
    words: str


def read_tidy(
    connection: "duckdb.DuckDBPyConnection",
    path: Path,
    columns: Sequence[Column],
    *,
    table: str,
    reserved: Sequence[str] = (),
    report: Callable[[str], None] = lambda sentence: None,
) -> list[str]:
    """Create `table` from a CSV file and return its keys: the columns that are not known, in the order of the file.

    The table has `row_number`, the known columns that the file has or that are not required (double or text, NULL
    where blank), and the keys as text. Columns named in `reserved` are left out, and `report` is told so.
    Errors: `UsageError` naming the column that is missing, or the rows and columns that cannot be used.
    """
    text = _text_of(path)
    separator, header = _header_of(text, path, columns)
    _refuse_header(path, header, columns)
    _load(connection, text, separator, header, path=path, report=report)
    left_out = [name for name in header if name in reserved and name not in {column.name for column in columns}]
    if left_out:
        report(f"Left out, because the result has columns of these names: {', '.join(left_out)}.")
    keys = [name for name in header if name not in {column.name for column in columns} | set(left_out)]
    refuse(connection, "tidy_text", path, [demand for column in columns for demand in _cell_demands(column, header)])
    _type(connection, columns, keys, header, table=table)
    return keys


def refuse(connection: "duckdb.DuckDBPyConnection", table: str, path: Path, demands: Sequence[Demand]) -> None:
    """Refuse the file if a row of a table of it, with its `row_number`, meets one of the conditions.

    Errors: `UsageError` with each row and column, at most twenty of them.
    """
    if not demands:
        return
    asked = " union all ".join(
        f"select {ROW}, {_literal(demand.column)}, {identifier(demand.column)}::varchar, {_literal(demand.words)} "
        f"from {table} where {demand.condition}"
        for demand in demands
    )
    found = connection.execute(f"select * from ({asked}) order by all").fetchall()
    if found:
        refuse_problems(
            path, [(row, column, words.replace("{found}", cell or "")) for row, column, cell, words in found]
        )


def write_tidy(connection: "duckdb.DuckDBPyConnection", table: str, path: Path | None) -> None:
    """Write a table as CSV, all digits and NULL as blank, whole or not at all: to a file, or to the terminal."""
    with tempfile.TemporaryDirectory(dir=path and path.parent, prefix=TEMPORARY_PREFIX) as folder:
        made = Path(folder) / "result.csv"
        connection.execute(f"copy {identifier(table)} to {_literal(str(made))} (format csv, header)")
        if path:
            settle_file(made, path)
            return
        with made.open(encoding="utf-8", newline="") as stream:
            shutil.copyfileobj(stream, sys.stdout)


def refuse_problems(path: Path, problems: Sequence[Problem]) -> None:
    """Refuse a file for these problems. Errors: `UsageError`, always."""
    lines = [f"  row {row}, column {column}: {words}" for row, column, words in problems[:SHOWN_PROBLEMS]]
    if len(problems) > SHOWN_PROBLEMS:
        lines.append(f"  and {len(problems) - SHOWN_PROBLEMS} more")
    raise UsageError("\n".join([f"{path.name} cannot be used as it is (the header is row 1):", *lines]))


def identifier(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return f"'{quoted(text)}'"


def _text_of(path: Path) -> str:
    try:
        guard_text(path)
        text, _ = decode(path.read_bytes(), legacy_encoding="cp1252")
    except Unreadable:
        raise UsageError(f"{path} is not a text file. Save the table as CSV.") from None
    if not text.strip():
        raise UsageError(f"{path} is empty.")
    return text


def _header_of(text: str, path: Path, columns: Sequence[Column]) -> tuple[str, list[str]]:
    """Return the separator under which the first line has most of the known names, and the names."""
    known = {column.name for column in columns}
    line = text.splitlines()[0]

    def names(separator: str) -> list[str]:
        return [_name(cell, known) for cell in next(csv.reader([line], delimiter=separator))]

    separator = max(SEPARATORS, key=lambda each: len(known & set(names(each))))
    return separator, names(separator)


def _name(cell: str, known: set[str]) -> str:
    """Return a column's name as the file writes it; the known ones are known in capitals too."""
    name = cell.strip()
    return name.lower() if name.lower() in known else name


def _refuse_header(path: Path, header: Sequence[str], columns: Sequence[Column]) -> None:
    missing = [column.name for column in columns if column.is_required and column.name not in header]
    if missing:
        raise UsageError(
            f"{path.name} has no column {' and no column '.join(missing)}. Its columns are: {', '.join(header)}."
        )
    if "" in header:
        place = header.index("") + 1
        raise UsageError(f"Column {place} of {path.name} has no name (R: write.csv with row.names = FALSE).")
    folded = [name.lower() for name in header]
    doubled = sorted({name for name in header if folded.count(name.lower()) > 1} | ({ROW} & set(folded)))
    if doubled:
        raise UsageError(f"{path.name} has more than one column of the name {doubled[0]}. Rename one of them.")


def _load(
    connection: "duckdb.DuckDBPyConnection",
    text: str,
    separator: str,
    header: Sequence[str],
    *,
    path: Path,
    report: Callable[[str], None],
) -> None:
    """Create `tidy_text`: the cells as text, with their row numbers; blank lines count as rows and are left out."""
    import pyarrow

    torn: list[Problem] = []
    names = ", ".join(f"{identifier(name)} varchar" for name in header)
    connection.execute(f"create or replace temp table tidy_text ({ROW} bigint, {names})")
    count = 0
    for batch in _batches(text, separator, header, torn):
        numbers = pyarrow.array(range(count + 2, count + 2 + batch.num_rows), pyarrow.int64())
        block = pyarrow.table([numbers, *batch.columns], names=[ROW, *header])
        connection.register("block", block)
        connection.execute("insert into tidy_text from block")
        connection.unregister("block")
        count += batch.num_rows
        if batch.nbytes > BLOCK_BYTES // 2:  # a block of a large file
            report(f"{count} rows read")
    if torn:
        refuse_problems(path, torn)
    cells = ", ".join(map(identifier, header))
    connection.execute(f"delete from tidy_text where trim(concat({cells})) = ''")
    refuse(connection, "tidy_text", path, [_open_quote(name) for name in header])
    if connection.execute("select count(*) from tidy_text").fetchone() == (0,):
        raise UsageError(f"{path.name} has no rows under its header.")


def _batches(text: str, separator: str, header: Sequence[str], torn: list[Problem]) -> Iterable[Any]:
    """Return the rows in batches of Arrow, all cells as text; those that are no whole row are added to `torn`."""
    import pyarrow
    from pyarrow import csv as arrow_csv

    def note_torn(row: arrow_csv.InvalidRow) -> str:
        torn.append((row.number, header[-1], f"the row has {row.actual_columns} of {row.expected_columns} cells"))
        return "skip"

    return arrow_csv.open_csv(
        pyarrow.BufferReader(text.encode()),
        read_options=arrow_csv.ReadOptions(
            use_threads=False, block_size=BLOCK_BYTES, column_names=list(header), skip_rows=1
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note_torn
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(header, pyarrow.string()), strings_can_be_null=False
        ),
    )


def _open_quote(name: str) -> Demand:
    return Demand(f"contains({identifier(name)}, chr(10))", name, "a quote is opened and not closed")


def _cell_demands(column: Column, header: Sequence[str]) -> list[Demand]:
    """Return what the cells of a known column may not be."""
    if column.name not in header:
        return []
    name, demands = identifier(column.name), []
    if not column.may_be_blank:
        demands.append(Demand(f"{_is_missing(column)}", column.name, "the cell is empty"))
    if column.kind == "number":
        is_number = f"regexp_full_match(trim({name}), {_literal(NUMBER)}) and isfinite(try_cast({name} as double))"
        words = "'{found}' is not a number (a decimal point, no separators of thousands)"
        demands.append(Demand(f"not {_is_missing(column)} and not coalesce({is_number}, false)", column.name, words))
    return demands


def _is_missing(column: Column) -> str:
    words = MISSING_WORDS if column.kind == "number" else MISSING_WORDS[:1]
    return f"trim({identifier(column.name)}) in ({', '.join(map(_literal, words))})"


def _type(
    connection: "duckdb.DuckDBPyConnection",
    columns: Sequence[Column],
    keys: Sequence[str],
    header: Sequence[str],
    *,
    table: str,
) -> None:
    types = {"number": "double", "text": "varchar"}
    known = [
        f"if({_is_missing(column)}, null, trim({identifier(column.name)}))::{types[column.kind]} as {column.name}"
        if column.name in header
        else f"null::{types[column.kind]} as {column.name}"
        for column in columns
    ]
    names = ", ".join([ROW, *map(identifier, keys), *known])
    connection.execute(
        f"create or replace temp table {identifier(table)} as select {names} from tidy_text order by {ROW}"
    )
    connection.execute("drop table tidy_text")
