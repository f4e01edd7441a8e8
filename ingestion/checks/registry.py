"""The registry of checks: what each rule says to the sender, how severe it is, and since when it holds."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingestion.catalogue import CATALOGUE_FOLDER, rows

CHECKS_FOLDER = Path(__file__).resolve().parent
SQL_FOLDER, TABLE_SQL_FOLDER = CHECKS_FOLDER / "sql", CHECKS_FOLDER / "table_sql"
VERSION_LENGTH = 12
# `parameter('P18', 'most_change_pct')` stands in a query for a number of `check_parameters.csv`.
PARAMETER = re.compile(r"\bparameter\('(\w+)', '(\w+)'\)")
# `-- needs block where period_year > 2000`, above a query: without such a row in that table the rule finds nothing.
NEED = re.compile(r"^-- needs (\w+)(?: where (.+(?:\n--   .+)*))?\n", re.MULTILINE)
# A query that asks of each row of one table by itself: it needs a row that meets its own condition.
ROW_RULE = re.compile(r"(?:--.*\n)*select\n(?:    .*\n)+from (\w+)\nwhere\b(.*(?:\n    .*)*)\n")
CATALOGUE_TABLE = re.compile(r"\bcatalogue\.(\w+)")
# What decides a verdict: the registry and all that it compares with, how a file is read, and the rules.
JUDGING_FILES = (
    (CATALOGUE_FOLDER, "*.csv"),
    (CHECKS_FOLDER.with_name("reading"), "*.py"),
    (CHECKS_FOLDER, "*.py"),
    (SQL_FOLDER, "*.sql"),
    (TABLE_SQL_FOLDER, "*.sql"),
)


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


@dataclass(frozen=True)
class Need:
    """A table, and a condition that some row of it must meet."""

    table: str
    condition: str


@dataclass(frozen=True)
class Query:
    """The SQL of one rule, its parameters filled in; it finds nothing where one of its needs is not met.

    A rule about single rows needs one that meets its condition; of any other its file says what it needs.
    """

    rule: str
    sql: str
    needs: tuple[Need, ...]


@cache
def queries(stage: str) -> tuple[Query, ...]:
    """Return the query of every rule of a stage that is a SQL file, in the order of the registry."""
    found = _texts_of_queries()
    return tuple(
        Query(rule, found[rule], tuple(_needs(found[rule])))
        for rule in checks()
        if rule in found and checks()[rule].stage == stage
    )


@cache
def _texts_of_queries() -> dict[str, str]:
    rules = sorted(checks(), key=len, reverse=True)
    found = {}
    for path in sorted(SQL_FOLDER.glob("*.sql")):
        name = path.stem
        rule = next(rule for rule in rules if name.startswith(rule.lower()))
        found[rule] = with_parameters(path.read_text(encoding="utf-8"))
    return found


def _needs(sql: str) -> Iterator[Need]:
    for table, condition in NEED.findall(sql):
        yield Need(table, condition.replace("\n--", "") or "true")
    if not NEED.search(sql) and (row_rule := ROW_RULE.fullmatch(sql)):
        yield Need(*row_rule.groups())


@cache
def catalogue_tables() -> tuple[str, ...]:
    """Return the tables of the catalogue that some query looks into."""
    paths = [*SQL_FOLDER.glob("*.sql"), *TABLE_SQL_FOLDER.glob("*.sql")]
    return tuple(sorted({name for path in paths for name in CATALOGUE_TABLE.findall(path.read_text("utf-8"))}))


@cache
def parameters() -> dict[tuple[str, str], str]:
    """Return {(rule, name): number} of the numbers that the rules use."""
    return {(row["rule"], row["parameter_name"]): row["parameter_value"] for row in rows("check_parameters")}


def with_parameters(sql: str) -> str:
    """Return a text of SQL with the numbers that it names."""
    return PARAMETER.sub(lambda match: parameters()[match[1], match[2]], sql)


@cache
def rules_version() -> str:
    """Return a short hash over all that decides a verdict: two equal versions judge alike."""
    digest = hashlib.sha256()
    for path in judging_files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:VERSION_LENGTH]


def judging_files() -> list[Path]:
    """Return the catalogue's tables, the code that reads a file, and the rules."""
    return [path for folder, pattern in JUDGING_FILES for path in sorted(folder.glob(pattern))]
