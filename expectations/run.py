"""Run one suite with Great Expectations on a pandas frame of its query."""

import logging
import os
from pathlib import Path
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "False"  # before the import, which reads it: nothing here calls out

import duckdb
import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

from expectations.suites import Suite

# They set their own level and tell of each step.
for chatty in ("great_expectations", "great_expectations.data_context.types.base"):
    logging.getLogger(chatty).setLevel(logging.WARNING)


def run_suite(suite: Suite, warehouse: Path) -> list[dict[str, Any]]:
    """Return one result per expectation, in the order of the suite.

    Values that were not expected are counted, never shown: they may be small numbers of people.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        frame = connection.execute(suite.query).df()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas(suite.name).add_dataframe_asset(suite.name)
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    outcome = batch.validate(_gx_suite(suite), result_format="SUMMARY")
    by_id = {_id_of(result): result for result in outcome.results}
    return [_result(suite, expectation, by_id[expectation["id"]]) for expectation in suite.expectations]


def _gx_suite(suite: Suite) -> gx.ExpectationSuite:
    expectations = [
        {
            "type": each["type"],
            "kwargs": each["kwargs"],
            "severity": each["severity"],
            "meta": {"id": each["id"]},
        }
        for each in suite.expectations
    ]
    return gx.ExpectationSuite(name=suite.name, expectations=expectations)


def _id_of(result: Any) -> str:
    return str(result.expectation_config.meta["id"])


def _result(suite: Suite, expectation: dict[str, Any], outcome: Any) -> dict[str, Any]:
    return {
        "expectation": expectation["id"],
        "severity": "critical" if _raised(outcome.exception_info) else expectation["severity"],
        "owner": suite.owner,
        "sentence": expectation["sentence"],
        "success": bool(outcome.success),
        "observed": _observed(outcome),
    }


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
