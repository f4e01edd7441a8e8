"""Every rule that is a query is pinned by its cases: whoever drops, loosens or tightens it in one place breaks one."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest

from ingestion.checks.examination import MOST_THREADS, prepare
from ingestion.checks.registry import STAGES, Query, queries
from tests.mutation.cases import FOLDER, Case, cases
from tests.mutation.mutants import Mutant, change_of, mutants
from tests.mutation.prepared import answers, prepared

EQUIVALENT_FILE = Path(__file__).with_name("equivalent.csv")
QUERIES = [pytest.param(stage, query, id=query.rule) for stage in STAGES for query in queries(stage)]

pytestmark = pytest.mark.mutation


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """With more threads DuckDB 2.0 gives up the whole database over some mutants (like its issue 24807)."""
    prepare().execute("set threads = 1")
    yield
    prepare().execute(f"set threads = {MOST_THREADS}")


@cache
def equivalent() -> dict[tuple[str, str], str]:
    """{(rule, change): why no file can tell the changed rule from the right one}."""
    with EQUIVALENT_FILE.open(newline="", encoding="utf-8") as stream:
        return {(row["rule"], row["change"]): row["reason"] for row in csv.DictReader(stream)}


def is_seen(connection: duckdb.DuckDBPyConnection, mutant: Mutant, case: Case) -> bool:
    """Say whether a case tells a mutant from the rule; one that does not even run is told at once."""
    try:
        return answers(connection, mutant.sql) != case.found
    except duckdb.Error:
        return True


def test_every_rule_has_its_cases_and_no_other_has() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == {query.rule for stage in STAGES for query in queries(stage)}


@pytest.mark.parametrize(("stage", "query"), QUERIES)
def test_cases_pin_the_rule(stage: str, query: Query, tmp_path: Path) -> None:
    unseen = mutants(query.sql)
    for number, case in enumerate(cases(query.rule)):
        with prepared(case, stage=stage, folder=tmp_path / str(number)) as connection:
            assert answers(connection, query.sql) == case.found, case.title
            unseen = [mutant for mutant in unseen if not is_seen(connection, mutant, case)]
    known = {change for rule, change in equivalent() if rule == query.rule}
    assert {change_of(mutant) for mutant in unseen} == known
