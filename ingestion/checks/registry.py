"""The registry of checks: what each rule says to the sender, and how severe it is."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingestion.catalogue import CATALOGUE_FOLDER, rows

SQL_FOLDER = Path(__file__).resolve().parent / "sql"
VERSION_LENGTH = 12


@dataclass(frozen=True)
class Check:
    """One rule. `stage` is where it is looked for: open, header, cells, keys, duplicates or table."""

    rule: str
    stage: str
    severity: str
    scope: str
    group_by: str
    title: str
    sentence: str
    what_to_do: str


@cache
def checks() -> dict[str, Check]:
    """Return every check by its rule, in the order of the registry."""
    names = Check.__dataclass_fields__
    return {row["rule"]: Check(**{name: row[name] for name in names}) for row in rows("checks")}


@cache
def queries(stage: str) -> tuple[tuple[str, str], ...]:
    """Return (rule, its query) of every rule of a stage that is a SQL file, in the order of the registry."""
    found = {}
    for path in sorted(SQL_FOLDER.glob("*.sql")):
        rule = next(rule for rule in sorted(checks(), key=len, reverse=True) if path.stem.startswith(rule.lower()))
        found[rule] = path.read_text(encoding="utf-8")
    return tuple((rule, found[rule]) for rule in checks() if rule in found and checks()[rule].stage == stage)


@cache
def rules_version() -> str:
    """Return a short hash over the registry and the queries: two equal versions judge alike."""
    digest = hashlib.sha256((CATALOGUE_FOLDER / "checks.csv").read_bytes())
    for path in sorted(SQL_FOLDER.glob("*.sql")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:VERSION_LENGTH]


def fill_in(template: str, values: Mapping[str, str]) -> str:
    """Return a sentence of the registry with its {placeholders} filled; senders' braces stay as they are."""
    return template.format_map(values)
