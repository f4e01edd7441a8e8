"""From raw cells to typed columns: codes in the catalogue's spelling, numbers by the habit of the whole column."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingestion.catalogue import rows
from ingestion.checks.findings import Finding
from ingestion.checks.proposals import propose_number
from ingestion.checks.vocabulary import code_spellings, codes
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.reading.formulas import starts_a_formula
from ingestion.reading.numbers import both_readings, decide_columns, number_in
from ingestion.reading.table import Cell

DECIMAL_SIGNS = {"comma": ",", "point": "."}
KEY_COLUMNS = ("INDICATOR", "REF_AREA", "TIME_PERIOD")
FEWEST_KEYS = 2
YEAR_SUFFIX = "-A1"  # SDMX may write the year 2025 as 2025-A1


@dataclass
class TypedTable:
    """The data rows of a file as typed columns of equal length, and what was found on the way."""

    source_rows: list[int]
    columns: dict[str, list[str | None] | list[float | None]]
    findings: list[Finding] = field(default_factory=list)

    @property
    def damaged_rows(self) -> set[int]:
        """Rows of which a cell could not be read: rules about missing figures pass over them."""
        return {finding.row for finding in self.findings if finding.row is not None and finding.is_error}


def home_sign_of(country_code: str) -> str:
    """Return the decimal sign of a country, a comma if we do not know it."""
    signs = {row["country_code"]: DECIMAL_SIGNS[row["decimal_separator"]] for row in rows("countries")}
    return signs.get(country_code, ",")


def type_cells(table: RawTable, *, country_code: str) -> TypedTable:
    """Return the typed data rows of a table; the country's habits settle how its numbers are read."""
    data, skipped = _split_data_rows(table)
    typed = TypedTable([number for number, _ in data], {}, findings=skipped)
    typed.findings += _fault_findings(table, typed.source_rows)
    typed.findings += _broken_cell_findings(table, typed.source_rows)
    typed.findings += _formula_findings(table, data)
    torn = {fault.row for fault in table.faults}
    number_texts: dict[str, list[Cell]] = {}
    for column in rows("submission_columns"):
        name = column["column_name"]
        cells = _cells_of(table, data, name)
        if column["column_kind"] == "number":
            number_texts[name] = cells
        else:
            typed.columns[name] = _texts(name, cells)
    _type_numbers(table, typed, number_texts, home_sign=home_sign_of(country_code), torn=torn)
    return typed


def _cells_of(table: RawTable, data: list[tuple[int, list[Cell]]], name: str) -> list[Cell]:
    index = table.header.positions.get(name)
    if index is None:
        return [""] * len(data)
    return [cells[index] if index < len(cells) else "" for _, cells in data]


def _split_data_rows(table: RawTable) -> tuple[list[tuple[int, list[Cell]]], list[Finding]]:
    """Tell rows of figures from titles, footnotes and repeated headers, and note each row that is passed over."""
    positions = table.header.positions
    keys = [positions[name] for name in KEY_COLUMNS if name in positions]
    numbers = [positions[row["column_name"]] for row in rows("submission_columns") if _is_number_in(row, positions)]
    damaged = {fault.row for fault in table.faults}
    data, findings = [], []
    for number, cells in table.rows:
        names_figure = _count_filled(cells, keys) >= FEWEST_KEYS or _count_filled(cells, numbers) > 0
        if number in damaged:
            names_figure = names_figure or _begins_a_code(cells, keys)
        if names_figure and not _is_header_again(table, cells, keys):
            data.append((number, cells))
        else:
            findings.append(_passed_over(number, cells))
    return data, findings


def _count_filled(cells: list[Cell], indices: list[int]) -> int:
    return sum(1 for index in indices if index < len(cells) and cell_text(cells[index]))


def _begins_a_code(cells: list[Cell], keys: list[int]) -> bool:
    """Say whether a short row is the torn start of a figure, such as `MTB_0`, and not a footnote."""
    start = cell_text(cells[keys[0]]).upper() if keys and keys[0] < len(cells) else ""
    return any(code.startswith(start) for code in codes("INDICATOR"))


def _is_header_again(table: RawTable, cells: list[Cell], keys: list[int]) -> bool:
    return all(index < len(cells) and cells[index] == table.header.texts[index] for index in keys)


def _is_number_in(column: Mapping[str, str], positions: Mapping[str, int]) -> bool:
    return column["column_kind"] == "number" and column["column_name"] in positions


def _passed_over(number: int, cells: list[Cell]) -> Finding:
    index, text = next(((index, text) for index, cell in enumerate(cells) if (text := cell_text(cell))), (0, ""))
    return Finding("NOT_DATA", row=number, cell=cell_address(number, index), found=text)


def _fault_findings(table: RawTable, source_rows: list[int]) -> list[Finding]:
    data_rows = set(source_rows)
    findings = [
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
    is_explained = any(fault.row == table.rows[-1][0] for fault in table.faults) if table.rows else True
    if table.is_last_line_open and not is_explained:
        last = table.rows[-1][0]
        findings.append(Finding("LAST_LINE", row=last, cell=cell_address(last, 0)))
    return findings


def _broken_cell_findings(table: RawTable, source_rows: list[int]) -> list[Finding]:
    """Report the cells of a workbook that show an error, or hold a formula that was never calculated."""
    data_rows = set(source_rows)
    letters = {cell_address(1, index)[:-1]: name for name, index in table.header.positions.items()}
    findings = []
    for address, found in table.broken_cells.items():
        column, row = address.rstrip("0123456789"), int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        if row in data_rows and column in letters:
            rule = "CELL_ERROR" if found.startswith("#") else "NO_RESULT"
            findings.append(Finding(rule, row=row, column=letters[column], cell=address, found=found))
    return findings


def _formula_findings(table: RawTable, data: list[tuple[int, list[Cell]]]) -> list[Finding]:
    """Report formulas where a code belongs: computed in a workbook, or a text that a spreadsheet would compute."""
    damaged = {fault.row for fault in table.faults}
    findings = []
    for column in rows("submission_columns"):
        name, index = column["column_name"], table.header.positions.get(column["column_name"])
        if index is None or column["column_kind"] in ("number", "text"):
            continue
        for row, cells in data:
            address = cell_address(row, index)
            text = cells[index] if index < len(cells) else ""
            found = table.formula_cells.get(address) or (str(text) if starts_a_formula(text) else "")
            if found and row not in damaged:
                findings.append(Finding("FORMULA_IN_CODE", row=row, column=name, cell=address, found=found))
    return findings


def _texts(name: str, cells: list[Cell]) -> list[str | None]:
    spellings = code_spellings(name)

    def meaning(cell: Cell) -> str | None:
        text = cell_text(cell)
        if name == "TIME_PERIOD":
            text = text.upper().removesuffix(YEAR_SUFFIX)
        return spellings.get(text.casefold(), text) or None

    known = {cell: meaning(cell) for cell in {cell for cell in cells if isinstance(cell, str)}}
    return [known[cell] if isinstance(cell, str) else meaning(cell) for cell in cells]


def _type_numbers(
    table: RawTable, typed: TypedTable, columns: Mapping[str, list[Cell]], *, home_sign: str, torn: set[int]
) -> None:
    texts = {name: {cell for cell in cells if isinstance(cell, str)} for name, cells in columns.items()}
    texts = {name: {text for cell in cells if (text := cell_text(cell))} for name, cells in texts.items()}
    readings = decide_columns(texts, home_sign=home_sign)
    for name, cells in columns.items():
        reading = readings[name]
        values: list[float | None] = []
        for row, cell in zip(typed.source_rows, cells, strict=True):
            value, rule = _number(cell, reading.decimal_sign, reading.ambiguous)
            values.append(value)
            if rule and row not in torn:
                typed.findings.append(_number_finding(rule, table, row=row, name=name, cell=cell, sign=home_sign))
        typed.columns[name] = values


def _number(cell: Cell, sign: str, ambiguous: frozenset[str]) -> tuple[float | None, str | None]:
    """Return the number in a cell, or the rule that says why there is none."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell), None
    text = cell_text(cell)
    if not text:
        return None, None
    if text in ambiguous:
        return None, "AMBIGUOUS_NUMBER"
    number = number_in(text, sign) if isinstance(cell, str) else None
    return number, (None if number is not None else "NOT_A_NUMBER")


def _number_finding(rule: str, table: RawTable, *, row: int, name: str, cell: Cell, sign: str) -> Finding:
    text = cell_text(cell)
    expected, given = _readings(text) if rule == "AMBIGUOUS_NUMBER" else ("a number", {})
    return Finding(
        rule,
        row=row,
        column=name,
        cell=cell_address(row, table.header.positions[name]),
        found=text,
        expected=expected,
        proposal=propose_number(text, sign) if rule == "NOT_A_NUMBER" else None,
        given=given,
    )


def _readings(text: str) -> tuple[str, dict[str, float]]:
    """Return what an ambiguous text may mean, as a message and the numbers in it."""
    numbers = both_readings(text)
    if len(numbers) == 2:
        return "{reading} or {other_reading}", {"reading": numbers[0], "other_reading": numbers[1]}
    return "{reading}, or a mistyped number", {"reading": numbers[0]}
