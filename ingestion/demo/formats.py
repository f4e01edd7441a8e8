"""A list of rows becomes the bytes of a file, with the habits of its sender."""

import csv
import io
from collections.abc import Sequence

from ingestion.demo.chance import stream
from ingestion.demo.rows import COLUMNS, NUMBER_COLUMNS, Row, Value
from ingestion.demo.senders import Sender
from ingestion.demo.workbook import workbook_bytes

Table = list[list[Value]]


def file_bytes(rows: Sequence[Row], sender: Sender) -> bytes:
    """Return the bytes of a contact's file: titles, header, rows and footnote in the contact's format."""
    table = _table(rows, sender)
    if sender.file_format == "xlsx":
        cover: dict[str, Table] = {"Info": [[sender.title]]} if sender.has_cover else {}
        return workbook_bytes({**cover, sender.sheet: table})
    return _delimited(table, sender).encode(sender.encoding)


def _table(rows: Sequence[Row], sender: Sender) -> Table:
    columns = _columns(sender)
    ordered = sorted(rows, key=lambda row: str(row["TIME_PERIOD"])) if sender.sorted_by == "period" else rows
    table: Table = []
    if sender.title and not sender.has_cover:
        table += [_line(sender.title, columns), _line(None, columns)]
    table.append([_header(name, sender) for name in columns])
    written = set() if sender.number_style == "typed" else set(NUMBER_COLUMNS)
    for row in ordered:
        cells = ((name, row.get(name)) for name in columns)
        table.append([value if name not in written else _number_text(value, sender) for name, value in cells])
    if sender.footnote:
        table += [_line(None, columns), _line(sender.footnote, columns)]
    return table


def _line(text: str | None, columns: Sequence[str]) -> list[Value]:
    """Return a row with one text: a spreadsheet program writes all its cells, filled or not."""
    return [text, *[None for _ in columns[1:]]]


def _columns(sender: Sender) -> list[str]:
    """Return the columns in the contact's order, with a column of its own where it keeps one."""
    columns = list(COLUMNS)
    if sender.column_order == "numbers_first":
        columns.sort(key=lambda name: name not in NUMBER_COLUMNS)
    if sender.own_column:
        columns.insert(stream(sender.country_code, "own column").randrange(3, len(columns)), sender.own_column)
    return columns


def _header(name: str, sender: Sender) -> str:
    if sender.header_style == "lower":
        return name.lower()
    return name.replace("_", " ").capitalize() if sender.header_style == "title" else name


def _number_text(value: Value, sender: Sender) -> str | None:
    if value is None:
        return None
    text = f"{value:,}" if sender.number_style == "grouped" else f"{value}"
    return text.removesuffix(".0").translate({ord(","): sender.thousands_sign, ord("."): sender.decimal_sign})


def _delimited(table: Table, sender: Sender) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=sender.delimiter, lineterminator=sender.line_end)
    writer.writerows(table)
    return text.getvalue()
