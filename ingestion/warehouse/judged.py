"""Builds that the gate has judged, what holds one, and what of that may be excused.

What is due, a draft or left over is decided by these.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ingestion.errors import UsageError
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home

BLOCKING = "critical"
# What hides people cannot be excused.
NEVER_WAIVED = ("disclosure", "disclosure_audit")
# Where something failed, as far as it can be said.
PLACE = ("country_code", "indicator_code")


@dataclass(frozen=True)
class JudgedBuild:
    """A build that the gate has judged; its files are read when they are asked for."""

    folder: Path

    @property
    def build_id(self) -> str:
        """The id of the build."""
        return self.folder.name

    @cached_property
    def gate(self) -> dict[str, Any]:
        """What the gate said."""
        return dict(read_json(self.folder / "gate.json"))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the build is made of."""
        return dict(read_json(self.folder / "manifest.json"))


def judged_builds(settings: Settings) -> list[JudgedBuild]:
    """Return the builds that were judged, in the order of their ids."""
    return [JudgedBuild(path.parent) for path in sorted(Home(settings.home).builds.glob("b-*/gate.json"))]


def blocked_countries(gate: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return, for a gate result, each country that failed something critical, with the result that it failed."""
    return [(country, result) for result in blockers_of(gate["suites"]) for country in sorted(failed_countries(result))]


def blocking_sentences(gate: dict[str, Any]) -> list[str]:
    """Return, for a gate result, the sentence of each expectation that holds the build, with what was seen."""
    return [_sentence(result) for result in blockers_of(gate["suites"])]


def blockers_of(suites: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the results of a gate that hold the build."""
    for suite in suites:
        for result in suite["results"]:
            if not result["success"] and result["severity"] == BLOCKING and not result.get("is_waived"):
                yield result


def failed_countries(result: dict[str, Any]) -> set[str]:
    """Return the countries that failed and are not excused; `*`, which nobody can hold, when none can be named."""
    if result.get("scope") != "country":
        return {"*"}
    return {failure["country_code"] for failure in result["failures"] if not failure.get("waiver")} or {"*"}


def failures_to_waive(gate: dict[str, Any], expectation: str, *, country_code: str | None) -> list[dict[str, Any]]:
    """Return the failures of an expectation that a waiver is asked for, each with its place and hash.

    Errors: `UsageError` when the expectation does not exist, may not be waived, or did not fail there.
    """
    result = _waivable(gate, expectation)
    found = [each for each in result["failures"] if country_code in (None, each.get("country_code"))]
    if not found:
        where = f" for {country_code}" if country_code else ""
        raise UsageError(f"{expectation} did not fail{where} in {gate['build_id']}; there is nothing to excuse.")
    place = {"build_id": gate["build_id"], "expectation": expectation, "severity": result["severity"]}
    return [{**place, **{key: each.get(key) for key in (*PLACE, "cells_sha256")}} for each in found]


def _waivable(gate: dict[str, Any], expectation: str) -> dict[str, Any]:
    known = {
        result["expectation"]: {**result, "suite": suite["suite"]}
        for suite in gate["suites"]
        for result in suite["results"]
        if result["success"] or result["failures"]  # what raised failed nowhere
    }
    if expectation not in known:
        near = difflib.get_close_matches(expectation, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Expectations: {' '.join(known)}."
        raise UsageError(f"There is no expectation {expectation}. {hint}")
    if known[expectation]["suite"] in NEVER_WAIVED:
        raise UsageError(f"{expectation} protects people; it cannot be waived.")
    return known[expectation]


def _sentence(result: dict[str, Any]) -> str:
    countries = failed_countries(result) - {"*"}
    where = f" ({', '.join(sorted(countries))})" if countries else ""
    return f"{result['expectation']}: {result['sentence']} Seen: {result['observed']}{where}."
