"""The certain fixes of a result, and what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ingestion.languages import phrase
from ingestion.markup.places import Place, place_of
from ingestion.reading import RawTable

CHANGED = phrase("The cell does not hold what was found in it.")


@dataclass(frozen=True)
class Fix:
    """One cell, what it holds and what is to be written into it; an empty `new` empties the cell.

    `row` counts from 1, `column_index` from 0, both as the sender's program shows the file.
    """

    sheet: str | None
    row: int
    column_index: int
    cell: str
    column: str | None
    old: str
    new: str
    rule: str

    @property
    def place(self) -> Place:
        """The place of the cell."""
        return self.row, self.column_index


@dataclass(frozen=True)
class NotApplied:
    """A fix that was left out, and why: a message that is translated where it is shown."""

    fix: Fix
    reason: str


@dataclass(frozen=True)
class Fixed:
    """A corrected copy, the ending of its name, what was written into it and what was not.

    `is_converted` says that the copy is a workbook although the original was a file of another kind.
    """

    content: bytes
    ending: str
    applied: list[Fix]
    not_applied: list[NotApplied]
    is_converted: bool = False


def fixes_of(result: dict[str, Any]) -> list[Fix]:
    """Return the certain fixes of a result, localised or not, in the order of its findings."""
    return [
        _fix(finding)
        for finding in result["findings"]
        if finding["is_certain"] and finding["proposal"] is not None and finding["cell"]
    ]


def cells_at(table: RawTable, places: Iterable[Place]) -> dict[Place, Any]:
    """Return {place: value as it was read} for those of the places that lie in the table."""
    wanted: dict[int, list[int]] = {}
    for row, index in places:
        wanted.setdefault(row, []).append(index)
    header = [(table.header.row, table.header.texts)] if table.header.row in wanted else []
    rows: list[tuple[int, Any]] = [*header, *((row, cells) for row, cells in table.rows if row in wanted)]
    return {(row, index): cells[index] for row, cells in rows for index in wanted[row] if index < len(cells)}


def _fix(finding: dict[str, Any]) -> Fix:
    row, index = place_of(finding["cell"])
    return Fix(
        sheet=finding["sheet"],
        row=row,
        column_index=index,
        cell=finding["cell"],
        column=finding["column"],
        old=finding["found"] or "",
        new=finding["proposal"],
        rule=finding["rule"],
    )
