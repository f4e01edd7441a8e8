"""The gate: run every suite on a build and write the verdict, `publish` or `hold`, beside it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from expectations.disclosure import AUDIT, audit_results
from expectations.suites import Suite, load_suites
from ingestion import lineage
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, write_json
from ingestion.store.home import Home
from ingestion.warehouse import verified_warehouse

SUITES_FOLDER = Path(__file__).resolve().parent / "suites"
BLOCKING = "critical"


def judge(settings: Settings, build_id: str, *, suites_folder: Path = SUITES_FOLDER) -> str:
    """Judge a build, write `gate.json` into its folder and return the verdict, `publish` or `hold`.

    A build that was judged keeps its verdict. Every critical failure holds; so does a suite that raises
    or that expects nothing.
    """
    home = Home(settings.home).require()
    warehouse = verified_warehouse(home, build_id)
    gate_path = home.builds / build_id / "gate.json"
    if not gate_path.exists():
        with lineage.step(settings, "gate", build_id, inputs=[f"builds/{build_id}"]) as made:
            _judge(warehouse, build_id, gate_path, suites_folder)
            made.append(f"builds/{build_id}/gate.json")
    return str(read_json(gate_path)["verdict"])


def _judge(warehouse: Path, build_id: str, gate_path: Path, suites_folder: Path) -> None:
    results = [_run(suite, warehouse) for suite in load_suites(suites_folder)]
    results.append(_result_of(AUDIT, "data steward", lambda: audit_results(warehouse)))
    warehouse_sha256 = read_json(gate_path.parent / "build.json")["warehouse_sha256"]
    gate = {"build_id": build_id, "warehouse_sha256": warehouse_sha256, "verdict": verdict_of(results)}
    write_json(gate_path, {**gate, "suites": results})


def verdict_of(suites: list[dict[str, Any]]) -> str:
    """Return `publish` if every suite expects something and nothing critical failed, else `hold`."""
    expectations = [result for suite in suites for result in suite["results"]]
    blocked = any(not result["success"] and result["severity"] == BLOCKING for result in expectations)
    silent = not suites or any(not suite["results"] for suite in suites)
    return "hold" if blocked or silent else "publish"


def blocking_sentences(gate: dict[str, Any]) -> list[str]:
    """Return, for a gate result, the sentence of each expectation that holds the build, with what was seen."""
    return [
        f"{result['expectation']}: {result['sentence']} Seen: {result['observed']}."
        for suite in gate["suites"]
        for result in suite["results"]
        if not result["success"] and result["severity"] == BLOCKING
    ]


def _run(suite: Suite, warehouse: Path) -> dict[str, Any]:
    def run() -> list[dict[str, Any]]:
        from expectations.run import run_suite

        return run_suite(suite, warehouse)

    return _result_of(suite.name, suite.owner, run)


def _result_of(name: str, owner: str, run: Callable[[], list[dict[str, Any]]]) -> dict[str, Any]:
    try:
        results = run()
    except Exception as error:  # whatever the reason: what could not be judged is not published
        results = [
            {
                "expectation": f"{name}:ran",
                "severity": BLOCKING,
                "owner": owner,
                "sentence": "The suite must run to its end.",
                "success": False,
                "observed": f"{type(error).__name__}: {error}",
            }
        ]
    return {"suite": name, "results": results}
