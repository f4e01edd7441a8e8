"""Findings: one problem each, with its cell, what was found, what was expected and what to write; free of language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingestion.checks.registry import checks

LONGEST_FOUND = 120  # characters of a sender's text that are shown again
Given = Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem. `row` and `cell` are those of the sender's file; a finding about the whole file has none.

    `expected` and `advice` are message ids whose placeholders `given` fills; without advice the rule's own
    "what to do" holds. `proposal` is the value to write instead; a certain one may be written by a program. `comment`
    is what the sender wrote of the row, if it may answer the question.
    """

    rule: str
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    found: str = ""
    expected: str = ""
    given: Given = field(default_factory=dict)
    proposal: str | None = None
    is_certain: bool = False
    advice: str = ""
    indicator: str = ""
    period: str = ""
    comment: str = ""

    @property
    def is_error(self) -> bool:
        """Say whether this finding refuses its row, or the file if it has no row."""
        return checks()[self.rule].severity == "error"

    @property
    def refuses_file(self) -> bool:
        """Say whether this finding alone refuses the whole file."""
        return self.is_error and checks()[self.rule].scope == "file"


def finding_as_dict(finding: Finding, *, sheet: str | None) -> dict[str, Any]:
    """Return a finding as it stands in a result, before it is put into a language."""
    return {
        "rule": finding.rule,
        "severity": checks()[finding.rule].severity,
        "sheet": sheet if finding.row is not None else None,
        "row": finding.row,
        "column": finding.column,
        "cell": finding.cell,
        "found": _shortened(finding.found),
        "proposal": finding.proposal,
        "is_certain": finding.is_certain,
        "indicator": finding.indicator,
        "period": finding.period,
        "group": _group_of(finding),
        "words": {
            "expected": finding.expected,
            "advice": finding.advice,
            "given": finding.given,
            **({"comment": _shortened(finding.comment)} if finding.comment else {}),
        },
    }


def group_findings(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one entry per root cause, in the order of its first finding."""
    groups: dict[str, dict[str, Any]] = {}
    for finding in findings:
        entry = groups.get(finding["group"])
        if entry is None:
            same = {key: finding[key] for key in ("group", "rule", "severity")}
            entry = groups[finding["group"]] = {**same, "count": 0, "first_cell": finding["cell"]}
        entry["count"] += 1
    return list(groups.values())


def _group_of(finding: Finding) -> str:
    parts: list[str | None] = [finding.rule]
    match checks()[finding.rule].group_by:
        case "column":
            parts.append(finding.column)
        case "value":
            parts += [finding.column, _shortened(finding.found)]
        case "indicator":
            parts.append(finding.indicator)
    return ":".join(part for part in parts if part)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_FOUND else text[: LONGEST_FOUND - 1] + "…"
