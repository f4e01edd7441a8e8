"""Findings: one problem each, with its cell, what was found and expected, and what to do; grouped by root cause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingestion.checks.registry import checks, fill_in

EMPTY = "empty"
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
    given: Mapping[str, str | float] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Say whether this finding refuses its row, or the file if it has no row."""
        return checks()[self.rule].severity == "error"


def finding_as_dict(finding: Finding, *, sheet: str | None) -> dict[str, Any]:
    """Return a finding as it stands in a result, with its sentence and its proposal written out."""
    check = checks()[finding.rule]
    given = {name: _shown(value) for name, value in finding.given.items()}
    values = given | {
        "found": _shortened(finding.found) or EMPTY,
        "quoted": f"“{_shortened(finding.found)}”" if finding.found else EMPTY,
        "expected": fill_in(finding.expected, given) if given else finding.expected,
        "column": finding.column or "",
        "row": str(finding.row or ""),
        "indicator": finding.indicator or "the indicator",
    }
    return {
        "rule": finding.rule,
        "severity": check.severity,
        "sheet": sheet if finding.row is not None else None,
        "row": finding.row,
        "column": finding.column,
        "cell": finding.cell,
        "found": _shortened(finding.found),
        "expected": values["expected"],
        "message": fill_in(check.sentence, values),
        "proposal": finding.proposal or fill_in(check.what_to_do, values),
        "group": _group_of(finding),
    }


def group_findings(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one entry per root cause, in the order of its first finding.

    The message is the finding's own where all of them say the same, else the title of the rule.
    """
    groups: dict[str, dict[str, Any]] = {}
    for finding in findings:
        entry = groups.setdefault(
            finding["group"],
            {
                "group": finding["group"],
                "rule": finding["rule"],
                "severity": finding["severity"],
                "message": finding["message"],
                "count": 0,
                "first_cell": finding["cell"],
            },
        )
        entry["count"] += 1
        if entry["message"] != finding["message"]:
            entry["message"] = f"{checks()[finding['rule']].title}."
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


def _shown(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}" if value < 1e6 else f"{value:.0f}"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_FOUND else text[: LONGEST_FOUND - 1] + "…"
