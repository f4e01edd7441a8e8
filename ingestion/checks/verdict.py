"""What becomes of each row, each indicator and the file, given the findings."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ingestion.checks.cells import TypedTable
from ingestion.checks.findings import Finding
from ingestion.checks.registry import checks

ACCEPTED = "accepted"
WITH_WARNINGS = "accepted_with_warnings"
HELD = "held"
REFUSED = "refused"
UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Fates:
    """What becomes of the rows: `read` is always the sum of the other three."""

    read: int = 0
    accepted: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    indicators: list[dict[str, Any]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return the four numbers of the receipt."""
        return {
            "read": self.read,
            "accepted": len(self.accepted),
            "held": len(self.held),
            "refused": len(self.refused),
        }


def refuse_all(source_rows: list[int]) -> Fates:
    """Return the fates of a file that is refused as a whole."""
    return Fates(read=len(source_rows), refused=source_rows)


def decide_fates(typed: TypedTable, findings: Iterable[Finding]) -> Fates:
    """Return what becomes of each row: an error refuses its row, and holds the rest of its indicator.

    An indicator counts when all its rows in the file are right: half a breakdown would mislead.
    """
    wrong_rows = {finding.row for finding in findings if finding.is_error}
    rows_of = list(zip(typed.source_rows, typed.columns["INDICATOR"], strict=True))
    wrong_indicators = {indicator for row, indicator in rows_of if row in wrong_rows}
    refused = [row for row, _ in rows_of if row in wrong_rows]
    held = [row for row, indicator in rows_of if row not in wrong_rows and indicator in wrong_indicators]
    accepted = [row for row, indicator in rows_of if indicator not in wrong_indicators]
    read_of = Counter(str(indicator) for _, indicator in rows_of if indicator)
    indicators = [
        {
            "indicator_code": indicator,
            "rows_read": count,
            "rows_accepted": 0 if indicator in wrong_indicators else count,
            "counts_already": indicator not in wrong_indicators,
        }
        for indicator, count in read_of.items()
    ]
    return Fates(len(rows_of), accepted, held, refused, indicators)


def decide_verdict(fates: Fates, findings: Iterable[Finding]) -> str:
    """Return the verdict on the file."""
    found = [checks()[finding.rule] for finding in findings]
    if any(check.stage == "open" for check in found):
        return UNREADABLE
    if not fates.accepted:
        return REFUSED
    if len(fates.accepted) < fates.read:
        return HELD
    return WITH_WARNINGS if any(check.severity == "warning" for check in found) else ACCEPTED
