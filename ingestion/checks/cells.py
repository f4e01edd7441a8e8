"""From raw cells to typed columns: codes in the catalogue's spelling, numbers by the habit of the whole column.

Each distinct text is looked at once, in Python; DuckDB carries its meaning to the rows.

- `submission`: one row per row of figures, columns as in the format (lower case), `source_row` and `is_damaged`:
  a cell of it could not be read, so rules about missing figures pass over it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import duckdb

from ingestion.catalogue import rows
from ingestion.checks.findings import Finding
from ingestion.checks.proposals import propose_number
from ingestion.checks.raw import number_columns
from ingestion.checks.template_checks import is_template
from ingestion.checks.vocabulary import code_spellings, codes
from ingestion.languages import phrase
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.reading.formulas import FORMULA_STARTS
from ingestion.reading.numbers import COMMA, POINT, ColumnReading, both_readings, decide_columns, number_in

DECIMAL_SIGNS = {"comma": COMMA, "point": POINT}
KEY_COLUMNS = ("INDICATOR", "REF_AREA", "TIME_PERIOD")
STATUS_COLUMNS = ("OBS_STATUS", "CONF_STATUS")
FEWEST_KEYS = 2
YEAR_SUFFIX = "-A1"  # SDMX may write the year 2025 as 2025-A1
BLANKS = " \t\r\n\u00a0\u202f\u2009"
# Both decimal signs read a short row of digits alike: it is not looked at one by one.
PLAIN_NUMBER = "[0-9]{1,15}"


def home_sign_of(country_code: str) -> str:
    """Return the decimal sign of a country, a comma if we do not know it."""
    signs = {row["country_code"]: DECIMAL_SIGNS[row["decimal_separator"]] for row in rows("countries")}
    return signs.get(country_code, COMMA)


def type_cells(connection: duckdb.DuckDBPyConnection, table: RawTable, *, country_code: str) -> list[Finding]:
    """Create `submission` from `raw`, and return what was found on the way.

    The country's habits settle how numbers are read.
    """
    home_sign = home_sign_of(country_code)
    findings = _last_line_findings(connection, table)
    findings += _set_aside_what_is_no_figure(connection, table)
    if is_template(table):
        findings += _set_aside_what_is_not_filled(connection, table)
    columns = [*_text_columns(connection, table), *_number_columns(connection, table, home_sign=home_sign)]
    findings += _fault_findings(connection, table)
    findings += _broken_cell_findings(connection, table)
    findings += _formula_findings(connection, table)
    findings += _number_findings(connection, table, home_sign=home_sign)
    _create_submission(connection, columns, {finding.row for finding in findings if finding.row and finding.is_error})
    if connection.execute("select count(*) from submission").fetchone() == (0,):
        findings.append(Finding("NO_ROWS", row=table.header.row))
    return findings


@dataclass(frozen=True)
class _Column:
    """How a column of the format is computed from `raw`."""

    name: str
    sql: str
    join: str = ""


def _text_columns(connection: duckdb.DuckDBPyConnection, table: RawTable) -> Iterable[_Column]:
    for column in rows("submission_columns"):
        name = column["column_name"]
        if column["column_kind"] != "number":
            yield _text_column(connection, name, table.header.positions.get(name))


def _text_column(connection: duckdb.DuckDBPyConnection, name: str, index: int | None) -> _Column:
    if index is None:
        return _Column(name, "cast(null as varchar)")
    found = _distinct(connection, f"select distinct c{index} from raw where c{index} <> ''")
    meaning = _meaning_in(name)
    other = [(text, meant) for text in found if (meant := meaning(text)) != text]
    if not other:
        return _Column(name, f"nullif(raw.c{index}, '')")
    words = f"words_{index}"
    _create(connection, words, {"text": "varchar", "meaning": "varchar"}, other)
    sql = f"case when {words}.text is null then nullif(raw.c{index}, '') else {words}.meaning end"
    return _Column(name, sql, f"left join {words} on raw.c{index} = {words}.text")


def _meaning_in(name: str) -> Callable[[str], str | None]:
    spellings = code_spellings(name)

    def meaning(text: str) -> str | None:
        text = cell_text(text)
        if name == "TIME_PERIOD":
            text = text.upper().removesuffix(YEAR_SUFFIX)
        return spellings.get(text.casefold(), text) or None

    return meaning


def _number_columns(connection: duckdb.DuckDBPyConnection, table: RawTable, *, home_sign: str) -> Iterable[_Column]:
    positions = number_columns(table)
    texts = {name: _number_texts(connection, index) for name, index in positions.items()}
    stripped = {name: [plain for text in found if (plain := cell_text(text))] for name, found in texts.items()}
    readings = decide_columns(stripped, home_sign=home_sign)
    for column in rows("submission_columns"):
        name = column["column_name"]
        if column["column_kind"] == "number" and name not in positions:
            yield _Column(name, "cast(null as double)")
        elif column["column_kind"] == "number":
            meanings = [(text, *_number(cell_text(text), readings[name])) for text in texts[name]]
            yield _number_column(connection, name, positions[name], meanings)


def _number_column(
    connection: duckdb.DuckDBPyConnection, name: str, index: int, meanings: Sequence[tuple[object, ...]]
) -> _Column:
    plain = f"try_cast(nullif(raw.c{index}, '') as double)"
    numbers = f"raw.n{index}, " if _has_numbers(connection, index) else ""
    if not meanings:
        return _Column(name, f"coalesce({numbers}{plain})")
    digits = f"digits_{index}"
    _create(connection, digits, {"text": "varchar", "number": "double", "rule": "varchar"}, meanings)
    sql = f"coalesce({numbers}if({digits}.text is null, {plain}, {digits}.number))"
    return _Column(name, sql, f"left join {digits} on raw.c{index} = {digits}.text")


def _has_numbers(connection: duckdb.DuckDBPyConnection, index: int) -> bool:
    return (f"n{index}",) in connection.execute("select column_name from (describe raw)").fetchall()


def _number_texts(connection: duckdb.DuckDBPyConnection, index: int) -> list[str]:
    is_text = f"n{index} is null" if _has_numbers(connection, index) else "true"
    return _distinct(
        connection,
        f"select distinct c{index} from raw "
        f"where c{index} <> '' and {is_text} and not regexp_full_match(c{index}, '{PLAIN_NUMBER}')",
    )


def _number(text: str, reading: ColumnReading) -> tuple[float | None, str | None]:
    """Return the number that a text means, or the rule that says why there is none."""
    if not text:
        return None, None
    if text in reading.ambiguous:
        return None, "AMBIGUOUS_NUMBER"
    number = number_in(text, reading.decimal_sign)
    return number, (None if number is not None else "NOT_A_NUMBER")


def _distinct(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return sorted(text for (text,) in connection.execute(query).fetchall())


def _create(
    connection: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], values: Sequence[tuple[object, ...]]
) -> None:
    selected = ", ".join(f"unnest(?::{kind}[]) as {column}" for column, kind in columns.items())
    lists = [list(column) for column in zip(*values, strict=True)] or [[] for _ in columns]
    connection.execute(f"create temp table {name} as select {selected}", lists)


def _set_aside_what_is_no_figure(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Take titles, footnotes and repeated headers out of `raw`, and note each row that is passed over."""
    positions = table.header.positions
    keys = {name: positions[name] for name in KEY_COLUMNS if name in positions}
    filled_keys = " + ".join(f"cast({_is_filled(index)} as integer)" for index in keys.values()) or "0"
    any_number = " or ".join(_is_filled(index) for index in number_columns(table).values()) or "false"
    again = " and ".join(f"c{index} = ${name}" for name, index in keys.items()) or "false"
    first_key = f"upper(trim(c{keys[KEY_COLUMNS[0]]}))" if KEY_COLUMNS[0] in keys else "''"
    connection.execute("create temp table torn as select unnest(?::integer[]) as source_row", [_torn_rows(table)])
    connection.execute("create temp table begins as select unnest(?::varchar[]) as code", [list(codes("INDICATOR"))])
    connection.execute(
        f"create temp table no_figure as from raw where {again} or not ({filled_keys} >= {FEWEST_KEYS} or {any_number} "
        # A short row may be the torn start of a figure, such as MTB_0, and not a footnote.
        f"or (source_row in (from torn) and exists (select 1 from begins where starts_with(code, {first_key}))))",
        {name: table.header.texts[index] for name, index in keys.items()},
    )
    found = connection.execute("from no_figure order by source_row").fetchall()
    if found:
        connection.execute("delete from raw where source_row in (select source_row from no_figure)")
    # A large plain text still holds its blank lines, which want no word.
    passed_over = (_passed_over(row[0], row[1 : 1 + len(table.header.texts)]) for row in found)
    return [finding for finding in passed_over if finding.found]


def _set_aside_what_is_not_filled(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Take the untouched rows of a template out of `raw`, and count them by indicator."""
    positions = table.header.positions
    entered = [*number_columns(table).values(), *(positions[name] for name in STATUS_COLUMNS if name in positions)]
    is_untouched = " and ".join(f"not {_is_filled(index)}" for index in entered)
    indicator = f"c{positions[KEY_COLUMNS[0]]}"
    connection.execute(f"create temp table not_filled as from raw where {is_untouched}")
    counted = connection.execute(
        f"select min(source_row) as first_row, {indicator}, count(*), "
        f"(select count(*) from raw as every where every.{indicator} = not_filled.{indicator}) "
        f"from not_filled group by {indicator} order by first_row"
    ).fetchall()
    connection.execute("delete from raw where source_row in (select source_row from not_filled)")
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


def _is_filled(index: int) -> str:
    return f"trim(c{index}, '{BLANKS}') <> ''"


def _torn_rows(table: RawTable) -> list[int]:
    return sorted({fault.row for fault in table.faults})


def _passed_over(number: int, cells: Iterable[str]) -> Finding:
    index, text = next(((index, text) for index, cell in enumerate(cells) if (text := cell_text(cell))), (0, ""))
    return Finding("NOT_DATA", row=number, cell=cell_address(number, index), found=text)


def _data_rows(connection: duckdb.DuckDBPyConnection, source_rows: Iterable[int]) -> set[int]:
    """Return those of the rows that are rows of figures."""
    wanted = sorted(set(source_rows))
    query = "select source_row from raw where source_row in (select unnest(?::integer[]))"
    return {row for (row,) in connection.execute(query, [wanted]).fetchall()}


def _fault_findings(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    data_rows = _data_rows(connection, [fault.row for fault in table.faults])
    return [
        Finding(
            fault.rule,
            row=fault.row,
            cell=cell_address(fault.row, fault.column_index),
            found=fault.found,
            expected=fault.expected,
            given=fault.given,
        )
        for fault in table.faults
        if fault.row in data_rows
    ]


def _last_line_findings(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Note an open last line, unless its row has a fault that says more."""
    if not table.is_last_line_open:
        return []
    [last] = connection.execute("select max(source_row) from raw").fetchone() or (None,)
    if last is None or any(fault.row == last for fault in table.faults):
        return []
    return [Finding("LAST_LINE", row=last, cell=cell_address(last, 0))]


def _broken_cell_findings(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Report the cells of a workbook that show an error, or hold a formula that was never calculated."""
    names = {cell_address(1, index)[:-1]: name for name, index in table.header.positions.items()}
    broken = [
        (int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), address.rstrip("0123456789"), found)
        for address, found in table.broken_cells.items()
    ]
    data_rows = _data_rows(connection, [row for row, _, _ in broken])
    return [
        Finding(
            "CELL_ERROR" if found.startswith("#") else "NO_RESULT",
            row=row,
            column=names[letters],
            cell=f"{letters}{row}",
            found=found,
        )
        for row, letters, found in broken
        if row in data_rows and letters in names
    ]


def _formula_findings(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Report formulas where a code belongs: computed in a workbook, or a text that a spreadsheet would compute."""
    findings = []
    for name, index in _code_columns(table).items():
        letters = cell_address(1, index)[:-1]
        computed = {row: text for place, text in table.formula_cells.items() if (row := _row_in(place, letters))}
        starts = f"left(c{index}, 1) in (select unnest(?)) and length(c{index}) > 1"
        query = f"select source_row, c{index} from raw where {starts}"
        found = dict(connection.execute(query, [list(FORMULA_STARTS)]).fetchall())
        findings += [
            Finding("FORMULA_IN_CODE", row=row, column=name, cell=cell_address(row, index), found=text)
            for row, text in sorted((found | computed).items())
            if row in _data_rows(connection, [*found, *computed])
        ]
    return findings


def _code_columns(table: RawTable) -> dict[str, int]:
    kinds = {row["column_name"]: row["column_kind"] for row in rows("submission_columns")}
    return {name: index for name, index in table.header.positions.items() if kinds[name] not in ("number", "text")}


def _row_in(address: str, letters: str) -> int | None:
    """Return the row of an address if it is in the column, else None."""
    digits = address.removeprefix(letters)
    return int(digits) if digits.isdigit() else None


def _number_findings(connection: duckdb.DuckDBPyConnection, table: RawTable, *, home_sign: str) -> list[Finding]:
    findings = []
    tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    for name, index in number_columns(table).items():
        if f"digits_{index}" not in tables:
            continue
        query = (
            f"select source_row, c{index}, rule from raw inner join digits_{index} on c{index} = text "
            "where rule is not null and source_row not in (from torn) order by source_row"
        )
        for row, text, rule in connection.execute(query).fetchall():
            cell = cell_address(row, index)
            findings.append(_number_finding(rule, cell_text(text), home_sign, row=row, column=name, cell=cell))
    return findings


def _number_finding(rule: str, found: str, home_sign: str, *, row: int, column: str, cell: str) -> Finding:
    if rule == "AMBIGUOUS_NUMBER":
        expected, given = _readings(found)
        return Finding(rule, row=row, column=column, cell=cell, found=found, expected=expected, given=given)
    proposal = propose_number(column, found, home_sign)
    return Finding(
        rule,
        row=row,
        column=column,
        cell=cell,
        found=found,
        expected=phrase("a number"),
        proposal=proposal.value,
        is_certain=proposal.is_certain,
        advice=proposal.advice,
    )


def _readings(text: str) -> tuple[str, dict[str, str]]:
    """Return what an ambiguous text may mean, as a message and the numbers in it, without signs for thousands."""
    numbers = [f"{number:.10g}" for number in both_readings(text)]
    if len(numbers) == 2:
        return phrase("{reading} or {other_reading}"), {"reading": numbers[0], "other_reading": numbers[1]}
    return phrase("{reading}, or a mistyped number"), {"reading": numbers[0]}


def _create_submission(connection: duckdb.DuckDBPyConnection, columns: Iterable[_Column], damaged: set[int]) -> None:
    connection.execute("create temp table damaged as select unnest(?::integer[]) as source_row", [sorted(damaged)])
    selected = ", ".join(f"{column.sql} as {column.name.lower()}" for column in columns)
    joins = " ".join(column.join for column in columns if column.join)
    connection.execute(
        f"create table submission as select raw.source_row, raw.source_row in (from damaged) as is_damaged, {selected} "
        f"from raw {joins}"
    )
