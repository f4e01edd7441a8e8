"""A contact's answer to a warning: why the figures are right as they are.

An answer holds for the very cells that it was given for. A later file with the same cells is answered already; when
one of their values is another, the question is open again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from ingestion import ledger
from ingestion.errors import UsageError
from ingestion.ledger.chain import canonical_sha256
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home

# What an answer is bound to. Older receipts name no period: the hashes of their cells stay what they were.
PLACE = ("sheet", "row", "column", "cell", "found", "period")
NUMBER = re.compile(r"\d[\d\s.,]*")
YEAR = re.compile(r"(19|20)\d\d")
Finding = dict[str, Any]
Cause = tuple[str, str]  # a rule and the root cause of its findings
Causes = dict[Cause, list[Finding]]


@dataclass(frozen=True)
class Question:
    """The warnings of one root cause in a submission, and the answer to them.

    `is_open`: nothing was said of these values; `answer` is then what was said of others, if anything was.
    """

    rule: str
    group: str
    indicator: str | None
    cell_count: int
    is_open: bool
    answer: dict[str, Any] | None


def justify(
    settings: Settings, submission_id: str, rule: str, *, text: str, is_public: bool, group: str | None = None
) -> int:
    """Record the answer to the warnings of a rule in a submission and return how many cells it explains.

    `group`: only those of one root cause. It is bound to a hash of their cells; the same answer again changes nothing.
    Errors: `UsageError` when there is no such warning, when the text is empty, or when a public text holds a number
    that is not a year: it could be a count that the release hides.
    """
    receipt_path = Home(settings.home).require().received / submission_id / "receipt.json"
    if not receipt_path.exists():
        raise UsageError(f"There is no answered submission {submission_id}; see `pcm status`.")
    warnings = _warnings(read_json(receipt_path))
    asked = [each for each in warnings if each["rule"] == rule and (group is None or each["group"] == group)]
    if not asked:
        known = ", ".join(sorted({each["rule"] for each in warnings})) or "none"
        raise UsageError(f"{submission_id} has no warning {rule}. Its warnings: {known}.")
    _require_sayable(text, is_public=is_public)
    answer = {
        "submission_id": submission_id,
        "rule": rule,
        "text": text.strip(),
        "is_public": is_public,
        "cells_sha256": _cells_sha256(asked),
    }
    known_answers = [{key: each[key] for key in answer} for each in ledger.justifications_in_force(settings)]
    if answer not in known_answers:
        ledger.record_justification(settings, answer)
    return len(asked)


def questions(settings: Settings, submission_id: str) -> list[Question]:
    """Return what a submission's warnings ask, in the order of its receipt, each with its answer if there is one."""

    @cache  # answers of one file are often many
    def causes_of(asked_id: str) -> Causes:
        return _causes(_warnings(read_json(Home(settings.home).received / asked_id / "receipt.json")))

    country_code = submission_id.partition("-")[0]
    latest_first = reversed(ledger.justifications_in_force(settings))
    said = [each for each in latest_first if each["submission_id"].startswith(f"{country_code}-")]
    asked = causes_of(submission_id)
    return [_question(cause, asked, said, causes_of) for cause in asked]


def count_in(text: str) -> str | None:
    """Return the first number in a text that is not a year, because it could be a count; None when there is none."""
    numbers = (found.strip(" .,") for found in NUMBER.findall(text))
    return next((number for number in numbers if not YEAR.fullmatch(number)), None)


def _question(cause: Cause, asked: Causes, said: list[dict[str, Any]], causes_of: Callable[[str], Causes]) -> Question:
    rule, group = cause
    cells = asked[cause]
    whole_rule = [each for (other, _), findings in asked.items() if other == rule for each in findings]
    hashes = {_cells_sha256(cells), _cells_sha256(whole_rule)}
    of_rule = [each for each in said if each["rule"] == rule]
    # Cells of another indicator may stand in the same place and hold the same.
    answers = [each for each in of_rule if each["cells_sha256"] in hashes and cause in causes_of(each["submission_id"])]
    # What was said of the same cause in another file, of other values.
    earlier = (
        each
        for each in of_rule
        if each["cells_sha256"] == _cells_sha256(causes_of(each["submission_id"]).get(cause, []))
    )
    return Question(
        rule=rule,
        group=group,
        indicator=cells[0].get("indicator"),
        cell_count=len(cells),
        is_open=not answers,
        answer=next(chain(answers, earlier), None),
    )


def _warnings(receipt: dict[str, Any]) -> list[Finding]:
    return [each for each in receipt["findings"] if each["severity"] == "warning"]


def _causes(findings: list[Finding]) -> Causes:
    found: Causes = {}
    for each in findings:
        found.setdefault((each["rule"], each["group"]), []).append(each)
    return found


def _cells_sha256(findings: list[Finding]) -> str:
    return canonical_sha256([[each[key] for key in PLACE if key in each] for each in findings])


def _require_sayable(text: str, *, is_public: bool) -> None:
    if not text.strip():
        raise UsageError("A justification needs a text (--text).")
    if is_public and (number := count_in(text)):
        raise UsageError(
            f"A public justification must hold no number but years, because it could be a small count: {number}. "
            "Say it without, or leave out --public."
        )
