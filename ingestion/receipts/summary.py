"""What a receipt says, before anyone decides how it looks: one view for the page and for the terminal."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ingestion.catalogue import rows
from ingestion.checks.registry import checks
from ingestion.receipts.wording import grouped_digits, headline, is_trial, lead, steps

SEVERITIES = ("error", "warning", "note")
DELIMITER_NAMES = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "vertical bars"}
SECTION_TITLES = {
    "error": "To be corrected",
    "warning": "Please look at this",
    "note": "For your information",
}
ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass(frozen=True)
class Place:
    """Cells with the same problem: found the same, expected the same, to be treated the same."""

    cells: str
    count: int
    column: str
    found: str
    expected: str
    message: str
    proposal: str


@dataclass(frozen=True)
class Problem:
    """All findings of one root cause. `advice` is empty where each place has its own."""

    rule: str
    title: str
    subject: str
    count: int
    advice: str
    places: list[Place]


@dataclass(frozen=True)
class Summary:
    """A receipt, ready to be shown."""

    headline: str
    lead: str
    steps: list[str]
    facts: list[tuple[str, str]]
    row_counts: list[tuple[str, str, str]]
    sections: list[tuple[str, str, list[Problem]]]
    indicators: list[tuple[str, str, str, str, str]]


def summarise(receipt: dict[str, Any]) -> Summary:
    """Return the view of a receipt, or of a bare result of the desk."""
    findings = receipt["findings"]
    return Summary(
        headline=headline(receipt),
        lead=receipt.get("note") or lead(receipt),
        steps=steps(receipt),
        facts=_facts(receipt),
        row_counts=_row_counts(receipt) if receipt["rows"]["read"] else [],
        sections=[
            (severity, SECTION_TITLES[severity], problems)
            for severity in SEVERITIES
            if (problems := _problems(finding for finding in findings if finding["severity"] == severity))
        ],
        indicators=[_indicator_line(entry) for entry in receipt["indicators"]],
    )


def cell_ranges(cells: Iterable[str]) -> str:
    """Return cell addresses in short: B7, B8 and B9 become B7–B9."""
    runs: list[list[tuple[str, int]]] = []
    for cell in cells:
        if match := ADDRESS.fullmatch(cell):
            column, row = match[1], int(match[2])
            if runs and runs[-1][-1] == (column, row - 1):
                runs[-1].append((column, row))
            else:
                runs.append([(column, row)])
    texts = ["–".join(f"{column}{row}" for column, row in dict.fromkeys([run[0], run[-1]])) for run in runs]
    return ", ".join(texts)


def _facts(receipt: dict[str, Any]) -> list[tuple[str, str]]:
    submission = receipt["submission"]
    facts = [
        ("File", submission.get("original_name")),
        ("Country", _country_name(submission.get("country_code"))),
        ("Read as", _format_text(submission)),
        ("Submission", receipt.get("submission_id")),
        ("Arrived", _moment(receipt.get("received_at"))),
        ("Answered", _moment(receipt.get("answered_at"))),
        ("Fingerprint (SHA-256)", submission.get("sha256")),
        ("Rules", receipt.get("rules_version")),
    ]
    return [(name, text) for name, text in facts if text]


def _country_name(country_code: str | None) -> str | None:
    names = {row["country_code"]: row["country_name"] for row in rows("countries")}
    return f"{names[country_code]} ({country_code})" if country_code in names else country_code


def _format_text(submission: dict[str, Any]) -> str | None:
    if submission.get("file_format") == "xlsx":
        return f"Excel workbook, sheet “{submission['sheet']}”"
    if submission.get("file_format") == "csv":
        return f"CSV with {DELIMITER_NAMES[submission['delimiter']]}, {submission['encoding'].upper()}"
    return None


def _moment(text: str | None) -> str | None:
    return f"{text[:16].replace('T', ' ')} UTC" if text else None


def _row_counts(receipt: dict[str, Any]) -> list[tuple[str, str, str]]:
    counts = receipt["rows"]
    return [
        ("Accepted", grouped_digits(counts["accepted"]), "would count" if is_trial(receipt) else "count from now on"),
        ("Held", grouped_digits(counts["held"]), "right, but wait for another row of their indicator"),
        ("Refused", grouped_digits(counts["refused"]), "need a correction"),
        ("Read", grouped_digits(counts["read"]), "the sum of the three"),
    ]


def _indicator_line(entry: dict[str, Any]) -> tuple[str, str, str, str, str]:
    names = {row["indicator_code"]: row["indicator_name"] for row in rows("indicators")}
    code = entry["indicator_code"]
    fate = "counts" if entry["counts_already"] else "waits"
    return (
        code,
        names.get(code, "not in the catalogue"),
        grouped_digits(entry["rows_read"]),
        grouped_digits(entry["rows_accepted"]),
        fate,
    )


def _problems(findings: Iterable[dict[str, Any]]) -> list[Problem]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        groups.setdefault(finding["group"], []).append(finding)
    return [_problem(group) for group in groups.values()]


def _problem(findings: list[dict[str, Any]]) -> Problem:
    rule = findings[0]["rule"]
    check = checks().get(rule)
    proposals = {finding["proposal"] for finding in findings}
    indicator = findings[0]["group"].removeprefix(f"{rule}:") if check and check.group_by == "indicator" else ""
    names = {row["indicator_code"]: f"{row['indicator_code']} {row['indicator_name']}" for row in rows("indicators")}
    return Problem(
        rule=rule,
        title=check.title if check else findings[0]["message"],
        subject=names.get(indicator, ""),
        count=len(findings),
        advice=proposals.pop() if len(proposals) == 1 else "",
        places=_places(findings),
    )


def _places(findings: list[dict[str, Any]]) -> list[Place]:
    """Put cells together that say the same, so that four hundred equal slips are one line."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for finding in findings:
        keys = ("column", "found", "expected", "message", "proposal")
        key = tuple(finding[name] or "" for name in keys)
        alike.setdefault(key, []).append(finding["cell"] or _row_text(finding["row"]))
    return [
        Place(_where(cells), len(cells), column, found, expected, message, proposal)
        for (column, found, expected, message, proposal), cells in alike.items()
    ]


def _row_text(row: int | None) -> str:
    return f"row {row}" if row else "the file"


def _where(cells: list[str]) -> str:
    return cell_ranges(cells) or ", ".join(dict.fromkeys(cells))
