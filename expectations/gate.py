"""The gate: run every suite on a build and write the verdict beside it.

`publish` · `hold_countries`: new submissions of some countries must be left out first · `hold`: nothing is published.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from expectations.disclosure import AUDIT, audit_results
from expectations.suites import Suite, load_suites
from expectations.waivers import excuse
from ingestion import openlineage
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, write_json
from ingestion.store.home import Home
from ingestion.store.objects import RELEASE
from ingestion.store.packed import kept_file
from ingestion.store.sealed import sealed
from ingestion.warehouse import verified_warehouse
from ingestion.warehouse.judged import BLOCKING, blockers_of, failed_countries
from ingestion.warehouse.manifest import new_submissions

SUITES_FOLDER = Path(__file__).resolve().parent / "suites"
PUBLISH, HOLD_COUNTRIES, HOLD = "publish", "hold_countries", "hold"


def make_ready() -> None:
    """Import Great Expectations, which takes seconds: for whoever only waits while a build is made."""
    import expectations.run  # noqa: F401


def judge(settings: Settings, build_id: str, *, suites_folder: Path = SUITES_FOLDER) -> str:
    """Judge a build, write `gate.json` into its folder and return the verdict.

    A build that was judged keeps its verdict. Every critical failure that no waiver excuses holds; so does a suite
    that raises or that expects nothing.
    """
    home = Home(settings.home).require()
    warehouse = verified_warehouse(home, build_id)
    gate_path = home.builds / build_id / "gate.json"
    if not gate_path.exists():
        with openlineage.step(settings, "gate", build_id, inputs=[f"builds/{build_id}"]) as made:
            _judge(warehouse, build_id, gate_path, suites_folder, released_observations(home))
            made.append(f"builds/{build_id}/gate.json")
    return str(read_json(gate_path)["verdict"])


def released_observations(home: Home) -> Iterator[Path]:
    """Yield the observations of every release that was ever shown, withdrawn and packed ones too, as Parquet.

    Errors: `PcmError` when those of one are gone.
    """
    for folder in sorted({path.parent.resolve() for path in home.releases.glob(f"[!.]*/{RELEASE}")}):
        with kept_file(folder, "parquet/fct_observations.parquet") as path:
            yield path


def _judge(warehouse: Path, build_id: str, gate_path: Path, suites_folder: Path, released: Iterator[Path]) -> None:
    manifest = read_json(gate_path.parent / "manifest.json")
    given = {name: manifest[name] for name in ("current_release_id", "built_on")}
    suites = [_run(suite, warehouse, given) for suite in load_suites(suites_folder)]
    suites.append(_result_of(AUDIT, "data steward", lambda: audit_results(warehouse, released)))
    excuse(suites, manifest["waivers"])
    may_hold = set() if manifest["is_rebuild"] else set(new_submissions(manifest))
    warehouse_sha256 = read_json(gate_path.parent / "build.json")["warehouse_sha256"]
    gate = {"build_id": build_id, "warehouse_sha256": warehouse_sha256, "verdict": verdict_of(suites, may_hold)}
    write_json(gate_path, sealed({**gate, "suites": suites}))


def verdict_of(suites: list[dict[str, Any]], may_hold: set[str]) -> str:
    """Return the verdict; `may_hold` are the countries that have something new which can be left out."""
    blockers = list(blockers_of(suites))
    if not suites or any(not suite["results"] for suite in suites):
        return HOLD
    if not blockers:
        return PUBLISH
    return HOLD_COUNTRIES if all(failed_countries(each) <= may_hold for each in blockers) else HOLD


def _run(suite: Suite, warehouse: Path, given: dict[str, Any]) -> dict[str, Any]:
    def run() -> list[dict[str, Any]]:
        from expectations.run import run_suite

        return run_suite(suite, warehouse, given=given)

    return _result_of(suite.name, suite.owner, run)


def _result_of(name: str, owner: str, run: Callable[[], list[dict[str, Any]]]) -> dict[str, Any]:
    try:
        results = run()
    except Exception as error:  # whatever the reason: what could not be judged is not published
        results = [
            {
                "expectation": f"{name}:ran",
                "severity": BLOCKING,
                "scope": "release",
                "owner": owner,
                "sentence": "The suite must run to its end.",
                "success": False,
                "observed": f"{type(error).__name__}: {error}",
                "failures": [],
            }
        ]
    return {"suite": name, "results": results}
