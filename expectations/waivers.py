"""Waivers: failures that a steward excuses, for a reason and until a day, as long as their figures stay the same."""

from typing import Any

from ingestion.warehouse.judged import NEVER_WAIVED, PLACE

CHANGED = "The figures have changed since this was waived; the question is open again."


def excuse(suites: list[dict[str, Any]], waivers: list[dict[str, Any]]) -> None:
    """Mark in the results what the waivers of the manifest excuse: each failure, and the result if all of it is.

    A waiver excuses the failure that has its expectation, its place and the very figures that it was given for.
    """
    for suite in suites:
        for result in suite["results"] if suite["suite"] not in NEVER_WAIVED else []:
            for failure in result.get("failures", []):
                _excuse(failure, [each for each in waivers if each["expectation"] == result["expectation"]])
            failures = result.get("failures", [])
            result["is_waived"] = bool(failures) and all(failure.get("waiver") for failure in failures)


def _excuse(failure: dict[str, Any], waivers: list[dict[str, Any]]) -> None:
    same_place = [each for each in waivers if all(each[key] == failure.get(key) for key in PLACE)]
    for waiver in same_place:
        if waiver["cells_sha256"] == failure["cells_sha256"]:
            failure["waiver"] = {key: waiver[key] for key in ("waived_by", "reason", "until_on")}
            return
    if same_place:
        failure["note"] = CHANGED
