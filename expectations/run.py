"""Run one suite with Great Expectations on a pandas frame of what its query returns.

The frame has only the columns that are judged; all others wait in Arrow until a failing row is asked for.
"""

import hashlib
import logging
import os
from functools import cache
from pathlib import Path
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "False"  # before the import, which reads it: nothing here calls out

import duckdb
import great_expectations as gx
import pandas as pd
import pyarrow as pa
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import ProgressBarsConfig

from expectations.suites import PARAMETER, SCOPES, Suite, thresholds
from ingestion.warehouse.judged import BLOCKING

# They set their own level and tell of each step.
for chatty in ("great_expectations", "great_expectations.data_context.types.base"):
    logging.getLogger(chatty).setLevel(logging.WARNING)


# Whoever sends the same figures again changes nothing that a waiver excuses.
NOT_FIGURES = ["submission_id", "source_row"]


def run_suite(suite: Suite, warehouse: Path, *, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one result per expectation, in the order of the suite; `given` holds the build's own parameters.

    Values that were not expected are counted, by country or indicator where the scope says so, and never shown:
    they may be small numbers of people.
    """
    table = _ask(suite, warehouse, thresholds() | given)
    batch = _context().data_sources.pandas_default.read_dataframe(_judged(suite, table))
    outcome = batch.validate(_gx_suite(suite), result_format="COMPLETE")
    by_id = {_id_of(result): result for result in outcome.results}
    return [_result(suite, expectation, by_id[expectation["id"]], table) for expectation in suite.expectations]


@cache
def _context() -> EphemeralDataContext:
    """Return one context for all suites: it writes down its configuration whenever it is made or changed."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def _ask(suite: Suite, warehouse: Path, known: dict[str, Any]) -> pa.Table:
    parameters = {name: known[name] for name in PARAMETER.findall(suite.query)}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.sql(suite.query, params=parameters).to_arrow_table()


def _judged(suite: Suite, table: pa.Table) -> pd.DataFrame:
    """Return the columns that an expectation names."""
    kwargs = [each["kwargs"] for each in suite.expectations]
    named = {name for each in kwargs for name in (each.get("column"), *each.get("column_list", ()))}
    return table.select([name for name in table.column_names if name in named]).to_pandas()


def _gx_suite(suite: Suite) -> gx.ExpectationSuite:
    expectations = [
        {**{key: each[key] for key in ("type", "kwargs", "severity")}, "meta": {"id": each["id"]}}
        for each in suite.expectations
    ]
    return gx.ExpectationSuite(name=suite.name, expectations=expectations)


def _id_of(result: Any) -> str:
    return str(result.expectation_config.meta["id"])


def _result(suite: Suite, expectation: dict[str, Any], outcome: Any, table: pa.Table) -> dict[str, Any]:
    raised = _raised(outcome.exception_info)
    return {
        "expectation": expectation["id"],
        "severity": BLOCKING if raised else expectation["severity"],
        "scope": "release" if raised else expectation["scope"],
        "owner": suite.owner,
        "sentence": expectation["sentence"],
        "success": bool(outcome.success),
        "observed": _observed(outcome),
        "failures": [] if outcome.success or raised else _failures(expectation["scope"], outcome, table),
    }


def _failures(scope: str, outcome: Any, table: pa.Table) -> list[dict[str, Any]]:
    """Return, for each place that the scope tells apart, how many rows failed and a hash of what stood in them.

    Errors: `KeyError` when an expectation about rows is not what a scope beside the release needs; it blocks.
    """
    if scope == "release" and "unexpected_index_list" not in outcome.result:
        return [{"row_count": None, "cells_sha256": _sha256(str(outcome.result.get("observed_value")))}]
    # As objects: a whole number must not be written otherwise because another row has none.
    failed = table.take(outcome.result["unexpected_index_list"]).to_pandas(integer_object_nulls=True)
    cells = failed.drop(columns=NOT_FIGURES, errors="ignore")
    if scope == "release":
        return [{"row_count": len(failed), "cells_sha256": _hash_of(cells)}]
    by_place = cells.groupby(SCOPES[scope], sort=True)
    return [
        dict(zip(SCOPES[scope], place, strict=True)) | {"row_count": len(rows), "cells_sha256": _hash_of(rows)}
        for place, rows in by_place
    ]


def _hash_of(cells: pd.DataFrame) -> str:
    return _sha256("\n".join(sorted(cells.to_csv(index=False, header=False).splitlines())))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _observed(outcome: Any) -> str:
    if _raised(outcome.exception_info):
        return "the expectation could not be evaluated"
    result = outcome.result
    if "element_count" in result:
        return f"{result['unexpected_count']} of {result['element_count']} rows not as expected"
    observed = result.get("observed_value")
    return f"{len(observed)} values" if isinstance(observed, list) else str(observed)


def _raised(info: dict[str, Any]) -> bool:
    """Say whether an expectation raised; Great Expectations tells it flat or once per metric."""
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(each.get("raised_exception") for each in info.values())
