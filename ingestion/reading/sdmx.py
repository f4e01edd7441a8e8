"""SDMX-CSV, as statistical offices write it: its own leading columns, codes with labels, and actions.

Field guides of versions 1.0 and 2.0: https://github.com/sdmx-twg/sdmx-csv
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingestion.catalogue import columns_of_kind
from ingestion.reading.cell import Cell, cell_text
from ingestion.reading.header import expected_names, labelled_column, name_key
from ingestion.reading.plain import PlainBody
from ingestion.reading.table import Header, RowFault

VERSION_1 = "sdmx-csv 1.0"
VERSION_2 = "sdmx-csv 2.0"
STRUCTURE = re.compile(r"^STRUCTURE(\[.\])?$")
LEADING_COLUMNS = {
    VERSION_1: ("DATAFLOW",),
    VERSION_2: ("STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "SERIES_KEY", "OBS_KEY"),
}
# Information, append, merge, replace: the row holds figures. Delete does not.
KNOWN_ACTIONS = frozenset(("I", "A", "M", "R"))
CODE_OF_COLUMN = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)+")  # UNIT_MULT is no label
LABEL_MARK = ": "


def version_of(texts: Sequence[str]) -> str | None:
    """Return the version of SDMX-CSV that a header is of, None for another format."""
    if texts[:1] == ("DATAFLOW",):
        return VERSION_1
    return VERSION_2 if len(texts) > 1 and STRUCTURE.match(texts[0]) and texts[1] == "STRUCTURE_ID" else None


def with_leading_columns(header: Header, version: str) -> Header:
    """Return the header with the columns marked that the format brings along: its own, and those of labels."""
    texts = header.texts
    own = {index for index, text in enumerate(texts) if text.partition("[")[0] in LEADING_COLUMNS[version]}
    # With `labels=name`, a column of names follows each column of codes.
    beside = {index + 1 for index in header.positions.values()} if "STRUCTURE_NAME" in texts else set()
    labels = {index for index in beside if index < len(texts) and not CODE_OF_COLUMN.fullmatch(texts[index])}
    passed_over = (own | labels) - set(header.positions.values())
    return replace(header, passed_over=frozenset(passed_over))


def columns_with_labels(header: Header) -> list[int]:
    """Return the positions whose cells are `F: Female`: columns of codes that have their own label in the header."""
    coded = columns_of_kind("dimension", "attribute")
    return [
        index
        for name, index in header.positions.items()
        if name in coded
        and name_key(header.texts[index]) not in expected_names()
        and labelled_column(header.texts[index])
    ]


def without_labels(cells: list[Cell], columns: Sequence[int]) -> list[Cell]:
    """Return the cells of a row with the labels behind the codes taken off."""
    return [
        cell.partition(LABEL_MARK)[0] if index in columns and isinstance(cell, str) else cell
        for index, cell in enumerate(cells)
    ]


def action_fault(number: int, cells: Sequence[Cell], column: int) -> RowFault | None:
    """Return what is wrong with the action of a row, or None if the row holds figures to be taken in."""
    action = cell_text(cells[column]) if column < len(cells) else ""
    if not action or action.partition(LABEL_MARK)[0].upper() in KNOWN_ACTIONS:
        return None
    return RowFault("SDMX_ACTION", number, column, found=action)


def action_column(header: Header) -> int | None:
    """Return the position of the column of actions, or None if all rows are for information."""
    return next((index for index in sorted(header.passed_over) if header.texts[index] == "ACTION"), None)


def has_known_actions(plain: PlainBody, header: Header) -> bool:
    """Say whether every row of a plain text holds figures to be taken in."""
    column = action_column(header)
    if column is None:
        return True
    cell = rf"[^{re.escape(plain.delimiter)}\r\n]*"
    action = re.compile(rf"^(?:{cell}{re.escape(plain.delimiter)}){{{column}}}({cell})", re.MULTILINE)
    known = KNOWN_ACTIONS | {""}
    return not plain.has_quotes and all(match[1] in known for match in action.finditer(plain.text))
