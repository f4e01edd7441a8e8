"""The registry of checks: what each rule says to the sender, how severe it is, and since when it holds."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingestion.catalogue import CATALOGUE_FOLDER, rows

SQL_FOLDER = Path(__file__).resolve().parent / "sql"
VERSION_LENGTH = 12
# What decides a verdict beside the queries: the registry, its numbers and the words and codes that it compares with.
REGISTRY_TABLES = ("checks", "check_parameters", "check_exceptions")


@dataclass(frozen=True)
class Check:
    """One rule. `stage` is where it is looked for: see `STAGES`."""

    rule: str
    version: str
    valid_from: str
    stage: str
    severity: str
    scope: str
    group_by: str
    title: str
    sentence: str
    what_to_do: str


# In the order in which they are looked for. The first three are Python, the others queries.
STAGES = ("open", "header", "cells", "keys", "duplicates", "table", "series", "peers")


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
    digest = hashlib.sha256()
    tables = [CATALOGUE_FOLDER / f"{table}.csv" for table in REGISTRY_TABLES]
    for path in [*tables, *sorted(SQL_FOLDER.glob("*.sql"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:VERSION_LENGTH]
