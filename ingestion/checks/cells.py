"""From raw cells to typed columns: codes in the catalogue's spelling, numbers by the habit of the whole column.

Each distinct text is looked at once, in Python; DuckDB carries its meaning to the rows.

- `used_code`: the codes that stand in each column, each once; for regions beside the country of the row.
- `submission`: one row per row of figures, columns as in the format (lower case), `source_row` and `is_damaged`:
  a cell of it could not be read, so rules about missing figures pass over it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from ingestion.catalogue import rows
from ingestion.checks.cell_checks import (
    NumberMeaning,
    check_broken_cells,
    check_comments,
    check_faults,
    check_formulas,
    check_last_line,
    check_numbers,
    note_readings,
)
from ingestion.checks.findings import Finding
from ingestion.checks.number_cells import home_sign_of, number_meanings
from ingestion.checks.parsed import run
from ingestion.checks.raw import holds_numbers, is_large
from ingestion.checks.rows_of_figures import (
    SECOND_HEADER,
    set_aside_what_is_no_figure,
    set_aside_what_is_not_filled,
)
from ingestion.checks.side_by_side import at_once
from ingestion.checks.template_checks import check_row_meanings, is_template
from ingestion.checks.vocabulary import (
    BLOCK_COLUMNS,
    REGION_COLUMNS,
    STATUS_COLUMN,
    code_lists,
    code_spellings,
    doubtful_flags,
    stratum_columns,
)
from ingestion.checks.words_around import check_words_around
from ingestion.reading import RawTable, cell_text
from ingestion.reading.header import number_columns

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from ingestion.checks.coded import CodedText

YEAR_SUFFIX = "-A1"  # SDMX may write the year 2025 as 2025-A1
REST = 1e-9  # what computers leave of a difference that is nothing, such as -1e-17, is smaller


def type_cells(
    connection: duckdb.DuckDBPyConnection, table: RawTable, coded: "CodedText | None" = None, *, country_code: str
) -> "tuple[list[Finding], pa.Table | None]":
    """Create `submission` from `raw`; return what was found on the way, and of a coded text its rows in Arrow.

    The country's habits settle how numbers are read. For a coded text, `submission` numbers its blocks and strata
    too, and `block_row` and `stratum_row` hold one row of each.
    """
    home_sign = home_sign_of(country_code)
    findings = check_last_line(connection, table)
    passed_over = set_aside_what_is_no_figure(connection, table)
    notes = [each for each in passed_over if not each.is_error]
    said = check_words_around(connection, table, notes, country_code=country_code)
    findings += said + [each for each in passed_over if each.row not in {other.row for other in said}]
    if is_template(table):
        findings += set_aside_what_is_not_filled(connection, table)
        findings += check_row_meanings(connection, table)
    if coded is not None:
        coded = _without_what_was_taken_out(connection, coded)
    texts = _distinct_texts(connection, table, coded)
    meanings = number_meanings(connection, table, coded, country_code=country_code)
    misread = {name for name, found in meanings.items() if any(rule for _, _, rule in found)}
    for name, found in meanings.items():
        # A large text is typed outside DuckDB: here only its faults are looked up.
        if found if coded is None else name in misread:
            kinds = {"text": "varchar", "number": "double", "rule": "varchar"}
            _create(connection, f"digits_{table.header.positions[name]}", kinds, found)
    findings += check_faults(connection, table)
    findings += check_broken_cells(connection, table)
    findings += check_comments(connection, table)
    findings += check_formulas(connection, table, texts)
    findings += check_numbers(connection, table, [name for name in meanings if name in misread], home_sign=home_sign)
    findings += note_readings(connection, table, meanings)
    damaged = {finding.row for finding in findings if finding.row and finding.is_error}
    submission = None
    if coded is None:
        columns = [*_text_columns(connection, table, texts), *_number_columns(table, meanings)]
        _create_submission(connection, columns, damaged)
    else:
        submission = _register_submission(connection, table, coded, meanings, damaged)
    _create_used_codes(connection, texts, region_row="submission" if coded is None else "region_row")
    if run(connection, "select count(*) from submission").fetchone() == (0,):
        findings.append(Finding("NO_ROWS", row=table.header.row))
    return _above_second_header(findings), submission


def _above_second_header(findings: list[Finding]) -> list[Finding]:
    """Leave out what was found under a second header: it was read as what it is not."""
    end = next((finding.row for finding in findings if finding.rule == SECOND_HEADER), None)
    return [finding for finding in findings if end is None or (finding.row or 0) <= end]


@dataclass(frozen=True)
class _Column:
    """How a column of the format is computed from `raw`."""

    name: str
    sql: str
    join: str = ""


def _without_what_was_taken_out(connection: duckdb.DuckDBPyConnection, coded: "CodedText") -> "CodedText":
    # All of the answer is fetched: tables of Arrow cannot be registered while some of it may follow.
    if connection.execute("select count(*) from raw").fetchall() == [(len(coded.source_rows),)]:
        return coded
    left_out = connection.execute("select source_row from line anti join raw using (source_row)").fetchall()
    return coded.without([row for (row,) in left_out])


def _distinct_texts(
    connection: duckdb.DuckDBPyConnection, table: RawTable, coded: "CodedText | None"
) -> dict[str, list[str]]:
    """Return {column of the format: its texts, each once} for the columns that hold no numbers."""
    numbers = number_columns(table.header)
    texts: dict[str, list[str]] = {name: [] for name in table.header.positions if name not in numbers}
    if coded is not None:
        return {name: [text for text in coded.columns[table.header.positions[name]].texts if text] for name in texts}
    each = [f"select distinct '{name}', c{table.header.positions[name]} from raw" for name in texts]
    for name, text in connection.execute(" union all ".join(each)).fetchall() if each else ():
        if text:
            texts[name].append(text)
    return texts


def _create_used_codes(
    connection: duckdb.DuckDBPyConnection, texts: Mapping[str, Iterable[str]], *, region_row: str
) -> None:
    """Only of a region it matters in whose rows it stands."""
    lists = [name for name in texts if name in code_lists() and name != "NUTS2"]
    used = sorted({(name, code) for name in lists for code in map(_meaning_in(name), texts[name]) if code})
    run(
        connection,
        "create table used_code as "
        "select unnest(?::varchar[]) as column_name, unnest(?::varchar[]) as code, cast(null as varchar) as ref_area "
        f"union all select 'NUTS2', nuts2, ref_area from {region_row} where nuts2 is not null group by all",
        [[name for name, _ in used], [code for _, code in used]],
    )


def _text_columns(
    connection: duckdb.DuckDBPyConnection, table: RawTable, texts: dict[str, list[str]]
) -> Iterable[_Column]:
    for column in rows("submission_columns"):
        name = column["column_name"]
        if name in texts:
            yield _text_column(connection, name, table.header.positions[name], texts[name])
        elif column["column_kind"] != "number":
            yield _Column(name, "cast(null as varchar)")


def _text_column(connection: duckdb.DuckDBPyConnection, name: str, index: int, texts: list[str]) -> _Column:
    meaning = _meaning_in(name)
    other = [(text, meant) for text in texts if (meant := meaning(text)) != text]
    if not other:
        return _Column(name, f"nullif(raw.c{index}, '')")
    words = f"words_{index}"
    _create(connection, words, {"text": "varchar", "meaning": "varchar"}, other)
    sql = f"case when {words}.text is null then nullif(raw.c{index}, '') else {words}.meaning end"
    return _Column(name, sql, f"left join {words} on raw.c{index} = {words}.text")


def _meaning_in(name: str) -> Callable[[str], str | None]:
    spellings = code_spellings(name)
    doubtful = doubtful_flags() if name == STATUS_COLUMN else ()

    def meaning(text: str) -> str | None:
        text = cell_text(text)
        if text in doubtful:
            return text
        if name == "TIME_PERIOD":
            text = text.upper().removesuffix(YEAR_SUFFIX)
        return spellings.get(text.casefold(), text) or None

    return meaning


def _number_columns(table: RawTable, meanings: Mapping[str, Sequence[NumberMeaning]]) -> Iterable[_Column]:
    for column in rows("submission_columns"):
        name = column["column_name"]
        if name in meanings:
            yield _number_column(table, name, meanings[name])
        elif column["column_kind"] == "number":
            yield _Column(name, "cast(null as double)")


def _number_column(table: RawTable, name: str, meanings: Sequence[NumberMeaning]) -> _Column:
    index = table.header.positions[name]
    plain = f"try_cast(nullif(raw.c{index}, '') as double)"
    numbers = f"raw.n{index}, " if holds_numbers(table) else ""
    if not meanings:
        return _Column(name, _without_rest(f"coalesce({numbers}{plain})"))
    digits = f"digits_{index}"
    sql = f"coalesce({numbers}if({digits}.text is null, {plain}, {digits}.number))"
    return _Column(name, _without_rest(sql), f"left join {digits} on raw.c{index} = {digits}.text")


def _without_rest(sql: str) -> str:
    return f"if(abs({sql}) < {REST}, 0, {sql})"


def _create(
    connection: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], values: Sequence[tuple[object, ...]]
) -> None:
    selected = ", ".join(f"unnest(?::{kind}[]) as {column}" for column, kind in columns.items())
    lists = [list(column) for column in zip(*values, strict=True)] or [[] for _ in columns]
    connection.execute(f"create temp table {name} as select {selected}", lists)


def _create_submission(connection: duckdb.DuckDBPyConnection, columns: Iterable[_Column], damaged: set[int]) -> None:
    is_damaged = "false"
    if damaged:
        _create(connection, "damaged", {"source_row": "integer"}, [(row,) for row in sorted(damaged)])
        is_damaged = "raw.source_row in (from damaged)"
    selected = ", ".join(f"{column.sql} as {column.name.lower()}" for column in columns)
    joins = " ".join(column.join for column in columns if column.join)
    connection.execute(
        f"create table submission as select raw.source_row, {is_damaged} as is_damaged, {selected} from raw {joins}"
    )


def _register_submission(
    connection: duckdb.DuckDBPyConnection,
    table: RawTable,
    coded: "CodedText",
    meanings: Mapping[str, Sequence[NumberMeaning]],
    damaged: set[int],
) -> "pa.Table":
    """As `_create_submission`, of Arrow's columns, which are returned; of a large text it is a view of these."""
    from pyarrow import float64, nulls, string

    from ingestion.checks.coded import as_arrow, as_table, combinations, some_rows

    row_count = len(coded.source_rows)
    cells = {"source_row": as_arrow(coded.source_rows), "is_damaged": as_arrow(coded.are_in(damaged))}

    def typed(column: Mapping[str, str]) -> "pa.Array":
        name = column["column_name"]
        index = table.header.positions.get(name)
        if index is None:
            return nulls(row_count, float64() if column["column_kind"] == "number" else string())
        if name in meanings:
            return coded.columns[index].numbers(_number_of(meanings[name]))
        return coded.columns[index].meant(_meaning_in(name))

    columns = rows("submission_columns")
    arrays = at_once(typed, columns, is_large=is_large(table))
    names = [column["column_name"].lower() for column in columns]
    submission = as_table(cells | dict(zip(names, arrays, strict=True)))

    def of_rows(keys: Sequence[str]) -> "tuple[np.ndarray, np.ndarray]":
        there = [coded.columns[table.header.positions[name]] for name in keys if name in table.header.positions]
        return combinations(there, row_count=row_count)

    for of, keys in (("block", BLOCK_COLUMNS), ("stratum", stratum_columns())):
        number, first = of_rows(keys)
        submission = submission.append_column(f"{of}_number", as_arrow(number))
        connection.register(f"{of}_row", some_rows(submission, first))
    connection.register("region_row", some_rows(submission, of_rows(REGION_COLUMNS)[1]))
    if is_large(table):
        connection.register("submission", submission)
    else:
        # What is written of it then has the same bytes as if DuckDB had read the text.
        connection.register("typed", submission)
        connection.execute("create table submission as from typed")
    return submission


def _number_of(meanings: Sequence[NumberMeaning]) -> Callable[[str], float | None]:
    known = {text: number for text, number, _ in meanings}

    def number(text: str) -> float | None:
        found = known[text] if text in known else float(text) if text else None
        return 0.0 if found is not None and abs(found) < REST else found

    return number
