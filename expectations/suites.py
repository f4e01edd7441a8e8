"""Suites as stewards write them: YAML files, checked before use, with what the catalogue decides filled in from it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ingestion.catalogue import rows
from ingestion.errors import PcmError
from ingestion.warehouse.judged import BLOCKING

SEVERITIES = (BLOCKING, "warning", "info")
# What a failure is told apart by, and the columns that tell it. Only what is told apart by country can be held for one.
SCOPES: dict[str, list[str]] = {"release": [], "indicator": ["indicator_code"], "country": ["country_code"]}
# What a query may ask for beside the thresholds: the release that readers see, and the day of the build.
BUILD_PARAMETERS = ("current_release_id", "built_on")
PARAMETER = re.compile(r"\$([a-z_]+)")
SUITE_KEYS = {"suite", "owner", "about", "query", "expectations"}
EXPECTATION_KEYS = {"id", "severity", "scope", "sentence", "type", "kwargs"}


@dataclass(frozen=True)
class Suite:
    """One suite: the query whose result is judged, and what is expected of it."""

    name: str
    owner: str
    query: str
    expectations: tuple[dict[str, Any], ...]


def load_suites(folder: Path) -> list[Suite]:
    """Return the suites of a folder, in the order of their names.

    Errors: `PcmError` naming the file and the key when a suite is not written as it must be.
    """
    return [_load(path) for path in sorted(folder.glob("*.yml"))]


def _load(path: Path) -> Suite:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    _require_keys(path, "the suite", written, SUITE_KEYS)
    for expectation in written["expectations"]:
        _require_keys(path, f"expectation {expectation.get('id', '?')}", expectation, EXPECTATION_KEYS)
        for key, allowed in (("severity", SEVERITIES), ("scope", SCOPES)):
            if expectation[key] not in allowed:
                raise PcmError(f"{path.name}: {key} of {expectation['id']} must be one of {', '.join(allowed)}.")
    _require_known(path, [*PARAMETER.findall(written["query"]), *_thresholds_of(written["expectations"])])
    expectations = tuple({**each, "kwargs": _filled(each["kwargs"])} for each in written["expectations"])
    return Suite(name=written["suite"], owner=written["owner"], query=written["query"], expectations=expectations)


def _require_keys(path: Path, what: str, found: dict[str, Any], required: set[str]) -> None:
    if set(found) != required:
        wrong = ", ".join(sorted(set(found) ^ required))
        raise PcmError(f"{path.name}: {what} must have exactly these keys: {', '.join(sorted(required))}; see {wrong}.")


def _require_known(path: Path, parameters: list[str]) -> None:
    unknown = set(parameters) - set(thresholds()) - set(BUILD_PARAMETERS)
    if unknown:
        raise PcmError(f"{path.name}: thresholds.csv has no {', '.join(sorted(unknown))}.")


def _thresholds_of(expectations: list[dict[str, Any]]) -> list[str]:
    values = [value for each in expectations for value in each["kwargs"].values()]
    return [value["threshold"] for value in values if isinstance(value, dict) and "threshold" in value]


def thresholds() -> dict[str, float]:
    """Return the bounds of the gate by their id."""
    return {row["threshold_id"]: float(row["threshold_value"]) for row in rows("thresholds")}


def _filled(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Replace `{catalogue: table.column}` by the sorted values of that column, `{threshold: id}` by its value."""
    return {name: _resolved(value) for name, value in kwargs.items()}


def _resolved(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    [(kind, reference)] = value.items()
    return thresholds()[reference] if kind == "threshold" else _column_of(reference)


def _column_of(reference: str) -> list[str]:
    table, column = reference.split(".")
    return sorted({row[column] for row in rows(table) if row[column]})
