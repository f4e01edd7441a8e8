"""Every rule that is a query is pinned by its cases: whoever drops, loosens or tightens it in one place breaks one.

Two modules hold one half of the rules each, so that two processes can share the work.
"""

import csv
from functools import cache
from pathlib import Path

import duckdb
import pytest

from ingestion.checks.registry import STAGES, Query, queries
from ingestion.checks.rules import needs_met
from tests.mutation.cases import Case, are_as_told, cases
from tests.mutation.mutants import change_of, mutants
from tests.mutation.prepared import answers, prepared

EQUIVALENT_FILE = Path(__file__).with_name("equivalent.csv")
QUERIES = [pytest.param(stage, query, id=query.rule) for stage in STAGES for query in queries(stage)]
# Every second one, so that both halves take as long.
FIRST_HALF = pytest.mark.parametrize(("stage", "query"), QUERIES[::2])
SECOND_HALF = pytest.mark.parametrize(("stage", "query"), QUERIES[1::2])


def assert_pinned(stage: str, query: Query, folder: Path) -> None:
    """Hold a rule to its cases, and its cases to every mutant."""
    unseen = mutants(query.sql)
    for number, case in enumerate(cases(query.rule)):
        with prepared(case, stage=stage, folder=folder / str(number)) as connection:
            assert are_as_told(answers(connection, query.sql), case.found), case.title
            assert not case.found or needs_met(connection, set(query.needs)) == set(query.needs), case.title
            unseen = [mutant for mutant in unseen if not is_told(connection, case, mutant.sql)]
    assert {change_of(mutant) for mutant in unseen} == equivalent().get(query.rule, set())


def is_told(connection: duckdb.DuckDBPyConnection, case: Case, *statements: str) -> bool:
    """Say whether a case tells a mutant by what the last statement finds; what does not even run is told at once."""
    *before, query = statements
    try:
        for statement in before:
            connection.execute(statement)
        return not are_as_told(answers(connection, query), case.found)
    except duckdb.FatalException:
        raise
    except duckdb.Error:
        return True


@cache
def equivalent() -> dict[str, set[str]]:
    """{rule: the changes of it that no file can show}; the file says why."""
    found: dict[str, set[str]] = {}
    with EQUIVALENT_FILE.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            assert row["reason"], row
            found.setdefault(row["rule"], set()).add(row["change"])
    return found
