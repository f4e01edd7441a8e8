"""Findings: one problem each, with its cell, what was found and expected, and what to do; grouped by root cause."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ingestion.checks.registry import checks

LONGEST_FOUND = 120  # characters of a sender's text that are shown again


@dataclass(frozen=True)
class Finding:
    """One problem. `row` and `cell` are those of the sender's file; a finding about the whole file has none."""

    rule: str
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    found: str = ""
    expected: str = ""
    proposal: str | None = None
    indicator: str = ""

    @property
    def is_error(self) -> bool:
        """Say whether this finding refuses its row, or the file if it has no row."""
        return checks()[self.rule].severity == "error"


def finding_as_dict(finding: Finding, *, sheet: str | None) -> dict[str, Any]:
    """Return a finding as it stands in a result, free of language."""
    return {
        "rule": finding.rule,
        "severity": checks()[finding.rule].severity,
        "sheet": sheet if finding.row is not None else None,
        "row": finding.row,
        "column": finding.column,
        "cell": finding.cell,
        "found": _shortened(finding.found),
        "proposal": None,
        "is_certain": False,
        "group": _group_of(finding),
        "indicator": finding.indicator,
        "words": {
            "expected": "{expected_text}",
            "advice": "{advice_text}" if finding.proposal else "",
            "given": {"expected_text": finding.expected, "advice_text": finding.proposal},
        },
    }


def group_findings(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one entry per root cause, in the order of its first finding."""
    groups: dict[str, dict[str, Any]] = {}
    for finding in findings:
        entry = groups.setdefault(
            finding["group"],
            {
                "group": finding["group"],
                "rule": finding["rule"],
                "severity": finding["severity"],
                "count": 0,
                "first_cell": finding["cell"],
            },
        )
        entry["count"] += 1
    return list(groups.values())


def _group_of(finding: Finding) -> str:
    causes = {
        "file": (),
        "column": (finding.column,),
        "value": (finding.column, _shortened(finding.found)),
        "indicator": (finding.indicator,),
    }
    parts = causes[checks()[finding.rule].group_by]
    return ":".join([finding.rule, *(part for part in parts if part)])


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_FOUND else text[: LONGEST_FOUND - 1] + "…"
