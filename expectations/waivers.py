"""Waivers: failures that a steward excuses, for a reason and until a day, as long as their figures stay the same."""

import difflib
from typing import Any

from expectations.suites import Suite
from ingestion.errors import UsageError

# What hides people cannot be excused.
NEVER_WAIVED = ("disclosure", "disclosure_audit")
PLACE = ("country_code", "indicator_code")
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


def failures_to_waive(
    gate: dict[str, Any], suites: list[Suite], expectation: str, *, country_code: str | None
) -> list[dict[str, Any]]:
    """Return the failures of an expectation that a waiver is asked for, each with its place and hash.

    Errors: `UsageError` when the expectation does not exist, may not be waived, or did not fail there.
    """
    _require_waivable(suites, expectation)
    results = [result for suite in gate["suites"] for result in suite["results"]]
    [result] = [each for each in results if each["expectation"] == expectation] or [{"failures": []}]
    found = [each for each in result["failures"] if country_code in (None, each.get("country_code"))]
    if not found:
        where = f" for {country_code}" if country_code else ""
        raise UsageError(f"{expectation} did not fail{where} in {gate['build_id']}; there is nothing to excuse.")
    place = {"build_id": gate["build_id"], "expectation": expectation, "severity": result["severity"]}
    return [{**place, **{key: each.get(key) for key in (*PLACE, "cells_sha256")}} for each in found]


def _require_waivable(suites: list[Suite], expectation: str) -> None:
    known = {each["id"]: suite.name for suite in suites for each in suite.expectations}
    if expectation not in known:
        near = difflib.get_close_matches(expectation, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Expectations: {' '.join(known)}."
        raise UsageError(f"There is no expectation {expectation}. {hint}")
    if known[expectation] in NEVER_WAIVED:
        raise UsageError(f"{expectation} protects people; it cannot be waived.")


def _excuse(failure: dict[str, Any], waivers: list[dict[str, Any]]) -> None:
    same_place = [each for each in waivers if all(each[key] == failure.get(key) for key in PLACE)]
    for waiver in same_place:
        if waiver["cells_sha256"] == failure["cells_sha256"]:
            failure["waiver"] = {key: waiver[key] for key in ("waived_by", "reason", "until_on")}
            return
    if same_place:
        failure["note"] = CHANGED
