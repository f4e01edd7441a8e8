"""The certain fixes of a result, and what became of them."""

from dataclasses import dataclass
from typing import Any

from ingestion.checks.findings import LONGEST_FOUND
from ingestion.languages import phrase
from ingestion.markup.places import Place, place_of

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

    def is_found_in(self, text: str) -> bool:
        """Say whether a cell of this text still holds what was found; of a long text a finding shows a part."""
        is_part = len(self.old) == LONGEST_FOUND and self.old.endswith("…")
        return text == self.old or (is_part and text.startswith(self.old[:-1]))


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
