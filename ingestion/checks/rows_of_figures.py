"""Which rows of a file hold figures: titles, footnotes, sums, repeated headers and untouched rows of a template do not.

They are taken out of `raw`, each with a word to the sender: no row is dropped in silence.
"""

import re
from collections.abc import Iterable, Sequence

import duckdb

from ingestion.checks.findings import Finding
from ingestion.checks.raw import BLANKS, is_filled, take_out
from ingestion.checks.vocabulary import codes, total_words
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.reading.cell import column_letters
from ingestion.reading.header import (
    DELIMITERS,
    FEWEST_KEYS,
    KEY_COLUMNS,
    column_meant,
    header_of,
    number_columns,
    weight_of,
)
from ingestion.reading.table import Header
from ingestion.sql_text import quoted

STATUS_COLUMNS = ("OBS_STATUS", "CONF_STATUS")
SECOND_HEADER, ACTION_RULE = "SECOND_HEADER", "SDMX_ACTION"
RULED = re.compile(r"[-=_+~*|:‐-―−\u2500-\u257f\s]*")
# Total, TOTAL: and Total général; RSM_02 Total, as Excel adds below each group.
TOTAL = f"(?:.*[{BLANKS}])?(?:{'|'.join(total_words())})(?:[{BLANKS}:].*)?"


def set_aside_what_is_no_figure(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Take titles, footnotes, repeated headers and ruled lines out of `raw`, and note each row that is passed over."""
    positions = table.header.positions
    keys = {name: positions[name] for name in KEY_COLUMNS if name in positions}
    headers, lines = _headers_and_lines_below(connection, table, keys.values())
    torn_rows = _torn_rows(table)
    connection.execute("create temp table torn as select unnest(?::integer[]) as source_row", [torn_rows])
    numbers = number_columns(table.header)
    is_figure = _is_figure(keys, numbers)
    if torn_rows and KEY_COLUMNS[0] in keys:
        is_figure = f"({is_figure} or {_is_torn(connection, table)})"
    found = connection.execute(
        f"from raw where source_row in (select unnest(?::integer[])) or not {is_figure} order by source_row",
        [[*(header.row for header in headers), *lines]],
    ).fetchall()
    if found:
        rows_found = [row[0] for row in found]
        connection.execute("create temp table no_figure as select unnest(?::integer[]) as source_row", [rows_found])
        take_out(connection, "no_figure")
    # A large plain text still holds its blank lines, which want no word.
    passed_over = [_passed_over(row[0], row[1 : 1 + len(table.header.texts)], numbers.values()) for row in found]
    refused = _check_headers(table, headers)
    refused_rows = {finding.row for finding in refused}
    return [*refused, *(finding for finding in passed_over if finding.found and finding.row not in refused_rows)]


def _headers_and_lines_below(
    connection: duckdb.DuckDBPyConnection, table: RawTable, keys: Iterable[int]
) -> tuple[list[Header], set[int]]:
    """Return the rows under the header that name columns once more, and those that are ruled or count the columns."""
    headers, lines = dict[int, Header](), set[int]()
    for index in keys:
        texts = [text for (text,) in connection.execute(f"select distinct c{index} from raw").fetchall()]
        count = str(index + 1), column_letters(index)
        if suspects := [text for text in texts if column_meant(text) or _is_ruled(text) or text in count]:
            query = f"from raw where c{index} in (select unnest(?::varchar[]))"
            for number, *cells in connection.execute(query, [suspects]).fetchall():
                cells = cells[: len(table.header.texts)]
                if weight_of(cells):
                    headers[number] = header_of(number, cells)
                elif all(_is_ruled(cell) for cell in cells if cell_text(cell)) or _count_the_columns(cells):
                    lines.add(number)
    return [headers[number] for number in sorted(headers)], lines


def _is_ruled(text: str) -> bool:
    """Say whether a text is a piece of a ruled line; dots may say that rows were left out."""
    return text != "" and not text.isspace() and RULED.fullmatch(text) is not None


def _count_the_columns(cells: Sequence[str]) -> bool:
    """Say whether a row numbers the columns, 1, 2, 3 or A, B, C, as forms do below their header."""
    counts = [(str(index + 1), column_letters(index)) for index in range(len(cells))]
    return any(all(cell == count[way] for cell, count in zip(cells, counts, strict=True)) for way in (0, 1))


def _check_headers(table: RawTable, headers: Iterable[Header]) -> list[Finding]:
    """Refuse a file at the first header that names its columns otherwise: what stands under it is of another table."""
    named = {index: name for name, index in table.header.positions.items()}
    for header in headers:
        named_here = {index: name for name, index in header.positions.items()}
        # A name that we do not know, over a column of ours, names something else, too.
        there = named_here.keys() | {index for index in named if index < len(header.texts) and header.texts[index]}
        if moved := [index for index in there if named.get(index) != named_here.get(index)]:
            found, cell = header.texts[min(moved)], cell_address(header.row, min(moved))
            given = {"header_row": str(table.header.row)}
            return [Finding(SECOND_HEADER, row=header.row, cell=cell, found=found, given=given)]
    return []


def set_aside_what_is_not_filled(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Take the untouched rows of a template out of `raw`, and count them by indicator."""
    positions = table.header.positions
    statuses = (positions[name] for name in STATUS_COLUMNS if name in positions)
    entered = [*number_columns(table.header).values(), *statuses]
    if KEY_COLUMNS[0] not in positions or not entered:
        return []  # the missing columns have their own answer
    is_untouched = " and ".join(f"not {is_filled(index)}" for index in entered)
    indicator = f"c{positions[KEY_COLUMNS[0]]}"
    connection.execute(f"create temp table not_filled as from raw where {is_untouched}")
    counted = connection.execute(
        f"select min(source_row) as first_row, {indicator}, count(*), "
        f"(select count(*) from raw as every where every.{indicator} = not_filled.{indicator}) "
        f"from not_filled group by {indicator} order by first_row"
    ).fetchall()
    take_out(connection, "not_filled")
    return [
        Finding(
            "NOT_FILLED",
            row=row,
            cell=cell_address(row, positions[KEY_COLUMNS[0]]),
            given={"count": count, "row_count": row_count},
            indicator=cell_text(code),
        )
        for row, code, count, row_count in counted
    ]


def _is_figure(keys: dict[str, int], numbers: dict[str, int]) -> str:
    filled_keys = " + ".join(f"cast({is_filled(index)} as integer)" for index in keys.values()) or "0"
    any_number = " or ".join(is_filled(index) for index in numbers.values()) or "false"
    looked_into = f"{filled_keys} >= {FEWEST_KEYS} or (({any_number}) and not {_is_total_line(keys.values())})"
    if len(keys) < FEWEST_KEYS:
        return f"({looked_into})"
    # Nearly every row is told by a glance at its keys: to trim the cells of a million rows takes seconds.
    glance = " and ".join(_is_plainly_filled(index) for index in keys.values())
    return f"if({glance}, true, {looked_into})"


def _is_torn(connection: duckdb.DuckDBPyConnection, table: RawTable) -> str:
    """A short row may be the torn start of a figure, such as MTB_0, or have another separator: no footnote is so.

    A row with an action is none, either.
    """
    acting = [fault.row for fault in table.faults if fault.rule == ACTION_RULE]
    connection.execute("create temp table acting as select unnest(?::integer[]) as source_row", [acting])
    connection.execute("create temp table begins as select unnest(?::varchar[]) as code", [list(codes("INDICATOR"))])
    index, last = table.header.positions[KEY_COLUMNS[0]], len(table.header.texts) - 1
    begins = f"{is_filled(index)} and exists (select 1 from begins where starts_with(code, upper(trim(c{index}))))"
    separated = " or ".join(
        f"len(c0) - len(replace(c0, '{each}', '')) >= {last} "
        f"and exists (select 1 from begins where starts_with(upper(c0), code || '{each}'))"
        for each in DELIMITERS
    )
    return f"(source_row in (from torn) and ({begins} or {separated} or source_row in (from acting)))"


def _is_total_line(keys: Iterable[int]) -> str:
    """A row with a word for a total in place of its keys is what a spreadsheet adds up below a table."""
    # A regular expression, because DuckDB would put a million cells into small letters first.
    are_totals = " or ".join(f"regexp_full_match(c{index}, '{quoted(TOTAL)}', 'i')" for index in keys)
    return f"({are_totals or 'false'})"


def _is_plainly_filled(index: int) -> str:
    """A text that begins with a visible ASCII character is no blank."""
    return f"c{index} between '!' and '~'"


def _torn_rows(table: RawTable) -> list[int]:
    return sorted({fault.row for fault in table.faults})


def _passed_over(number: int, cells: Sequence[str], numbers: Iterable[int]) -> Finding:
    index, text = next(((index, text) for index, cell in enumerate(cells) if (text := cell_text(cell))), (0, ""))
    is_sum = re.fullmatch(TOTAL, text, re.IGNORECASE) and any(cell_text(cells[each]) for each in numbers)
    return Finding("TOTAL_LINE" if is_sum else "NOT_DATA", row=number, cell=cell_address(number, index), found=text)
