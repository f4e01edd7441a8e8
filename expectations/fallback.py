"""One bad file must not block the others: leave out what failed, fall back to the last good figures, judge again."""

from pathlib import Path

from expectations.gate import HOLD_COUNTRIES, SUITES_FOLDER, judge
from ingestion.intake.hold import hold_submissions
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from ingestion.warehouse import build
from ingestion.warehouse.judged import blocked_countries


def judge_and_fall_back(settings: Settings, build_id: str, *, suites_folder: Path = SUITES_FOLDER) -> tuple[str, str]:
    """Judge a build and return (build id, verdict) of the one that stands in the end.

    When countries failed that sent something new, that is held, the build is made once more without it and judged
    for good. Whatever cuts this off, the ledger knows what is held, and the next run goes on from there.
    """
    verdict = judge(settings, build_id, suites_folder=suites_folder)
    if verdict == HOLD_COUNTRIES:
        gate = read_json(Home(settings.home).builds / build_id / "gate.json")
        hold_submissions(settings, build_id, blocked_countries(gate))
        rebuilt = build(settings)
        if rebuilt:
            return rebuilt, judge(settings, rebuilt, suites_folder=suites_folder)
    return build_id, verdict
