"""What rows are to each other is pinned, too: a table changed in one place breaks a case of a rule that asks it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from ingestion.checks import parsed, tables
from ingestion.checks.registry import Query
from tests.mutation.cases import Case, cases
from tests.mutation.mutants import change_of, mutants
from tests.mutation.pinned import QUERIES, equivalent, is_told
from tests.mutation.prepared import prepared

pytestmark = pytest.mark.mutation

CREATED = re.compile(r"(?:--.*\n)*create (?P<kind>table|view) (?P<name>\w+) as\s(?P<sql>.*)", re.DOTALL)
STAGES_OF_TABLES = ("table", "series", "peers")
TABLES = ("unclear", "part", "change_of_row", "change", "total", "unknown", "breakdown", "sent_part")


@dataclass(frozen=True)
class Made:
    """A table or view that was made of a case, and the query that it was made by."""

    kind: str
    name: str
    sql: str

    def again(self, sql: str | None = None) -> str:
        """Return the statement that makes it anew, by its query or another."""
        return f"create or replace {self.kind} {self.name} as {sql or self.sql}"


@pytest.mark.parametrize("name", TABLES)
def test_cases_pin_the_table(tmp_path, name):
    possible, seen = set(), set()
    for connection, (table, *others), query, case in looking_into(name, tmp_path):
        after = [*(other.again() for other in others), query.sql]
        for mutant in mutants(table.sql):
            change = change_of(mutant)
            possible.add(change)
            if change not in seen and is_told(connection, case, table.again(mutant.sql), *after):
                seen.add(change)
    assert possible - seen == equivalent().get(name, set())


def looking_into(name: str, folder: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Made], Query, Case]]:
    """Yield the cases of each rule that looks into a table, laid out, with the table and those made of it."""
    for stage, query in (param.values for param in QUERIES if param.values[0] in STAGES_OF_TABLES):
        for number, case in enumerate(cases(query.rule)):
            with (
                noted_tables() as noted,
                prepared(case, stage=stage, folder=folder / f"{query.rule}-{number}") as connection,
            ):
                made = from_table(noted, name)
                if not looks_into(query.sql, made):
                    break
                yield connection, made, query, case


@contextmanager
def noted_tables() -> Iterator[dict[str, Made]]:
    """Note the tables and views that are made meanwhile: {name: how}, in their order."""
    made: dict[str, Made] = {}
    run = parsed.run

    def noted(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> duckdb.DuckDBPyConnection:
        for found in filter(None, map(CREATED.fullmatch, map(str.strip, sql.split(";")))):
            made.pop(found["name"], None)  # of figures that were sent before
            made[found["name"]] = Made(**found.groupdict())
        return run(connection, sql, *values)

    with pytest.MonkeyPatch.context() as patch:
        for asking in (tables, parsed):
            patch.setattr(asking, "run", noted)
        yield made


def from_table(made: dict[str, Made], name: str) -> list[Made]:
    """Return a table, and those made after it that look into it, or into one that does."""
    found = [made[name]]
    names = list(made)
    for each in list(made.values())[names.index(name) + 1 :]:
        if looks_into(each.sql, found):
            found.append(each)
    return found


def looks_into(sql: str, made: list[Made]) -> bool:
    return not {each.name for each in made}.isdisjoint(re.findall(r"\w+", sql))
