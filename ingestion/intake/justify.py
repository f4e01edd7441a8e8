"""A contact's answer to a warning: why the figures are right as they are."""

import re

from ingestion import ledger
from ingestion.errors import UsageError
from ingestion.ledger.chain import json_sha256
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home

PLACE = ("sheet", "row", "column", "cell", "found")
NUMBER = re.compile(r"\d[\d\s.,]*")
YEAR = re.compile(r"(19|20)\d\d")


def justify(settings: Settings, submission_id: str, rule: str, *, text: str, is_public: bool) -> int:
    """Record the answer to all warnings of a rule in a submission and return how many it explains.

    It is bound to a hash of their cells. Errors: `UsageError` when there is no such warning, when the text is empty,
    or when a public text holds a number that is not a year: it could be a count that the release hides.
    """
    receipt_path = Home(settings.home).require().received / submission_id / "receipt.json"
    if not receipt_path.exists():
        raise UsageError(f"There is no answered submission {submission_id}; see `pcm status`.")
    warnings = [each for each in read_json(receipt_path)["findings"] if each["severity"] == "warning"]
    cells = [[each[key] for key in PLACE] for each in warnings if each["rule"] == rule]
    if not cells:
        known = ", ".join(sorted({each["rule"] for each in warnings})) or "none"
        raise UsageError(f"{submission_id} has no warning {rule}. Its warnings: {known}.")
    _require_sayable(text, is_public=is_public)
    ledger.record_justification(
        settings,
        {
            "submission_id": submission_id,
            "rule": rule,
            "text": text.strip(),
            "is_public": is_public,
            "cells_sha256": json_sha256(cells),
        },
    )
    return len(cells)


def _require_sayable(text: str, *, is_public: bool) -> None:
    if not text.strip():
        raise UsageError("A justification needs a text (--text).")
    numbers = [found.strip(" .,") for found in NUMBER.findall(text)]
    counts = [number for number in numbers if not YEAR.fullmatch(number)]
    if is_public and counts:
        raise UsageError(
            f"A public justification must hold no number but years, because it could be a small count: {counts[0]}. "
            "Say it without, or leave out --public."
        )
