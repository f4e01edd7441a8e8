"""Checks of single cells and of the shape of rows, before anyone says what a row describes."""

from collections.abc import Iterable, Mapping

import duckdb

from ingestion.catalogue import columns_of_kind
from ingestion.checks.findings import Finding
from ingestion.checks.proposals import is_mark, propose_number
from ingestion.checks.raw import holds_numbers
from ingestion.checks.vocabulary import STATUS_COLUMN, says_no_figure
from ingestion.formulas import starts_a_formula
from ingestion.languages import phrase
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.reading.numbers import COMMA, bare, both_readings

ENDS_IN_SEPARATORS = phrase(
    "The cells too many are empty. If rows only end in a separator too many, delete it, or put one behind the header, "
    "too. If a decimal comma is taken for the separator, put such cells in double quotes, or save with semicolons or "
    "as .xlsx."
)
# A text, the number that it means, or the rule that says why there is none.
NumberMeaning = tuple[str, float | None, str | None]


def _data_rows(connection: duckdb.DuckDBPyConnection, source_rows: Iterable[int]) -> set[int]:
    """Return those of the rows that are rows of figures."""
    wanted = sorted(set(source_rows))
    if not wanted:
        return set()
    query = "select source_row from raw where source_row in (select unnest(?::integer[]))"
    return {row for (row,) in connection.execute(query, [wanted]).fetchall()}


def check_faults(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    data_rows = _data_rows(connection, [fault.row for fault in table.faults])
    return [
        Finding(
            fault.rule,
            row=fault.row,
            cell=cell_address(fault.row, fault.column_index),
            found=fault.found,
            expected=fault.expected,
            given=fault.given,
            advice=ENDS_IN_SEPARATORS if fault.rule == "EXTRA_CELLS" and not fault.found else "",
        )
        for fault in table.faults
        if fault.row in data_rows
    ]


def check_last_line(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Note an open last line, unless its row has a fault that says more."""
    if not table.is_last_line_open:
        return []
    [last] = connection.execute("select max(source_row) from raw").fetchone() or (None,)
    if last is None or any(fault.row == last for fault in table.faults):
        return []
    return [Finding("LAST_LINE", row=last, cell=cell_address(last, 0))]


def check_broken_cells(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
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


def check_formulas(
    connection: duckdb.DuckDBPyConnection, table: RawTable, texts: Mapping[str, Iterable[str]]
) -> list[Finding]:
    """Report formulas where a code belongs: computed in a workbook, or a text that a spreadsheet would compute.

    `texts` are those of each column.
    """
    findings = []
    for name, index in _code_columns(table).items():
        letters = cell_address(1, index)[:-1]
        computed = {row: text for place, text in table.formula_cells.items() if (row := _row_in(place, letters))}
        formulas = [text for text in texts[name] if starts_a_formula(text)]
        found = _rows_with(connection, index, formulas) if formulas else {}
        data_rows = _data_rows(connection, computed) if computed else set()
        findings += [
            Finding("FORMULA_IN_CODE", row=row, column=name, cell=cell_address(row, index), found=text)
            for row, text in sorted((found | computed).items())
            if row in found or row in data_rows
        ]
    return findings


def _rows_with(connection: duckdb.DuckDBPyConnection, index: int, texts: list[str]) -> dict[int, str]:
    """Return {row: text} of the cells of a column that hold one of some texts."""
    query = f"select source_row, c{index} from raw where c{index} in (select unnest(?::varchar[]))"
    return dict(connection.execute(query, [texts]).fetchall())


def _code_columns(table: RawTable) -> dict[str, int]:
    coded = columns_of_kind("dimension", "attribute")
    return {name: index for name, index in table.header.positions.items() if name in coded}


def _row_in(address: str, letters: str) -> int | None:
    """Return the row of an address if it is in the column, else None."""
    digits = address.removeprefix(letters)
    return int(digits) if digits.isdigit() else None


def check_numbers(
    connection: duckdb.DuckDBPyConnection, table: RawTable, columns: Iterable[str], *, home_sign: str
) -> list[Finding]:
    """Report the texts of some columns that are no numbers, or may be more than one.

    A mark beside a status that says why there is no figure says it once more.
    """
    findings = []
    indicator, status = (
        f"coalesce(c{table.header.positions[name]}, '')" if name in table.header.positions else "''"
        for name in ("INDICATOR", STATUS_COLUMN)
    )
    for name in columns:
        index = table.header.positions[name]
        is_text = f"and n{index} is null" if holds_numbers(table) else ""
        query = (
            f"select source_row, c{index}, rule, {indicator}, {status} "
            f"from raw inner join digits_{index} on c{index} = text "
            f"where rule is not null and source_row not in (from torn) {is_text} order by source_row"
        )
        for row, text, rule, code, said in connection.execute(query).fetchall():
            found, cell = cell_text(text), cell_address(row, index)
            if is_mark(name, found) and says_no_figure(cell_text(said)):
                continue
            findings.append(_number_finding(rule, found, home_sign, cell_text(code), row=row, column=name, cell=cell))
    return findings


def check_comments(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Report remarks of digits alone in a text whose separator is a comma: they are what is left of numbers."""
    findings = []
    for name in columns_of_kind("text") if table.delimiter == COMMA else ():
        if (index := table.header.positions.get(name)) is not None:
            query = f"select source_row, c{index} from raw where regexp_full_match(c{index}, '[0-9]+') order by 1"
            findings += [
                Finding("SPLIT_NUMBER", row=row, column=name, cell=cell_address(row, index), found=text)
                for row, text in connection.execute(query).fetchall()
            ]
    return findings


def note_readings(
    connection: duckdb.DuckDBPyConnection, table: RawTable, meanings: Mapping[str, Iterable[NumberMeaning]]
) -> list[Finding]:
    """Note of each column one number that another country would read otherwise, and how it was read here."""
    findings = []
    for name, found in meanings.items():
        index = table.header.positions[name]
        two_ways = [(text, number) for text, number, _ in found if number is not None and len(both_readings(text)) == 2]
        if not two_ways:
            continue
        text, number = min(two_ways)
        is_text = f"and n{index} is null" if holds_numbers(table) else ""
        query = f"select min(source_row) from raw where c{index} = ? and source_row not in (from torn) {is_text}"
        [(row,)] = connection.execute(query, [text]).fetchall()
        if row:
            other = next(each for each in both_readings(text) if each != number)
            given = {"reading": bare(number), "other_reading": bare(other)}
            cell = cell_address(row, index)
            findings.append(Finding("NUMBER_READING", row=row, column=name, cell=cell, found=text, given=given))
    return findings


def _number_finding(rule: str, found: str, home_sign: str, code: str, *, row: int, column: str, cell: str) -> Finding:
    if rule == "AMBIGUOUS_NUMBER":
        expected, given = _readings(found)
        return Finding(rule, row=row, column=column, cell=cell, found=found, expected=expected, given=given)
    if rule in ("SHORTENED_NUMBER", "SPLIT_NUMBER"):
        return Finding(rule, row=row, column=column, cell=cell, found=found)
    proposal = propose_number(column, found, home_sign, code)
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
    """Return what an ambiguous text may mean, as a message and the numbers in it."""
    numbers = [bare(number) for number in both_readings(text)]
    if len(numbers) == 2:
        return phrase("{reading} or {other_reading}"), {"reading": numbers[0], "other_reading": numbers[1]}
    return phrase("{reading}, or a mistyped number"), {"reading": numbers[0]}
