"""Suites as stewards write them: YAML files, checked before use, with what the catalogue decides filled in from it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ingestion.catalogue import rows
from ingestion.errors import PcmError

SEVERITIES = ("critical", "warning", "info")
SUITE_KEYS = {"suite", "owner", "about", "query", "expectations"}
EXPECTATION_KEYS = {"id", "severity", "sentence", "type", "kwargs"}


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
        if expectation["severity"] not in SEVERITIES:
            raise PcmError(f"{path.name}: severity of {expectation['id']} must be one of {', '.join(SEVERITIES)}.")
    expectations = tuple({**each, "kwargs": _filled(each["kwargs"])} for each in written["expectations"])
    return Suite(name=written["suite"], owner=written["owner"], query=written["query"], expectations=expectations)


def _require_keys(path: Path, what: str, found: dict[str, Any], required: set[str]) -> None:
    if set(found) != required:
        wrong = ", ".join(sorted(set(found) ^ required))
        raise PcmError(f"{path.name}: {what} must have exactly these keys: {', '.join(sorted(required))}; see {wrong}.")


def _filled(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Replace each `{catalogue: table.column}` by the sorted values of that column."""
    return {name: _column_of(value["catalogue"]) if _is_reference(value) else value for name, value in kwargs.items()}


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"catalogue"}


def _column_of(reference: str) -> list[str]:
    table, column = reference.split(".")
    return sorted({row[column] for row in rows(table) if row[column]})
