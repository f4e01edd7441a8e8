"""What becomes of each row, each indicator and the file, given the findings."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import duckdb

from ingestion.checks.findings import Finding
from ingestion.checks.registry import checks

ACCEPTED = "accepted"
WITH_WARNINGS = "accepted_with_warnings"
HELD = "held"
REFUSED = "refused"
UNREADABLE = "unreadable"
WAITING = """
create table waiting as
select indicator from submission semi join wrong using (source_row) where indicator is not null
union
select indicator from nameless
"""
INDICATORS = """
select
    indicator, count(*) as rows_read, indicator is null or indicator in (from waiting) as is_waiting,
    count(*) filter (source_row in (from wrong)) as rows_refused
from submission
group by indicator
order by min(source_row)
"""


@dataclass(frozen=True)
class Fates:
    """What becomes of the rows: `read` is always the sum of the other three."""

    read: int = 0
    accepted: int = 0
    held: int = 0
    refused: int = 0
    indicators: list[dict[str, Any]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return the four numbers of the receipt."""
        return {"read": self.read, "accepted": self.accepted, "held": self.held, "refused": self.refused}


def refuse_all(connection: duckdb.DuckDBPyConnection) -> Fates:
    """Return the fates of a file that is refused as a whole."""
    [count] = connection.execute("select count(*) from submission").fetchone() or (0,)
    return Fates(read=count, refused=count)


def decide_fates(connection: duckdb.DuckDBPyConnection, wrong: Collection[int]) -> Fates:
    """Return what becomes of each row, given the wrong ones, and create `accepted`: the rows that count.

    An error refuses its row, and holds the rest of its indicator. An indicator counts when all its rows in the file
    are right, and none without an indicator stands under them: half a breakdown would mislead.
    """
    connection.execute("create table wrong as select unnest(?::integer[]) as source_row", [sorted(wrong)])
    connection.execute(WAITING)
    found = connection.execute(INDICATORS).fetchall()
    connection.execute(
        "create view accepted as from submission where indicator is not null and indicator not in (from waiting)"
    )
    indicators = [
        {
            "indicator_code": indicator,
            "rows_read": read,
            "rows_accepted": 0 if is_waiting else read,
            "counts_already": not is_waiting,
        }
        for indicator, read, is_waiting, _ in found
        if indicator
    ]
    return Fates(
        read=sum(read for _, read, _, _ in found),
        accepted=sum(read for _, read, is_waiting, _ in found if not is_waiting),
        held=sum(read - refused for _, read, is_waiting, refused in found if is_waiting),
        refused=len(wrong),
        indicators=indicators,
    )


def decide_verdict(fates: Fates, findings: Iterable[Finding]) -> str:
    """Return the verdict on the file."""
    found = [checks()[rule] for rule in {finding.rule for finding in findings}]
    if any(check.stage == "open" and check.severity == "error" for check in found):
        return UNREADABLE
    if not fates.accepted:
        return REFUSED
    if fates.accepted < fates.read:
        return HELD
    return WITH_WARNINGS if any(check.severity == "warning" for check in found) else ACCEPTED
