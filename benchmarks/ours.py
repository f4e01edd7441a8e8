"""The desk's own work on a file, in this process: `python -m benchmarks.ours once|warm FILE COUNTRY FOLDER`."""

import gc
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import report
from benchmarks.planted import faults_file
from ingestion.checks.examination import examine_here, prepare, prepare_for_many

RESULT = "result.json"
WARM_REPEATS = 3


def examine(file: Path, country_code: str, folder: Path) -> dict[str, Any]:
    """Examine a file and write what the desk's child writes: accepted rows and result."""
    result = examine_here(file, country_code=country_code, work_folder=folder)
    (folder / RESULT).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    return {"verdict": result["verdict"], **result["rows"], "problems": len(result["findings"])}


def examine_warm(file: Path, country_code: str, folder: Path) -> dict[str, Any]:
    """Examine a file once unmeasured, then some times more, and say the median of these.

    The process has imported and parsed what one that forks has.
    """
    prepare_for_many()
    examine(file, country_code, folder)
    seconds = []
    for _ in range(WARM_REPEATS):
        start = time.perf_counter()
        examine(file, country_code, folder)
        seconds.append(time.perf_counter() - start)
    return {"warm_seconds": statistics.median(seconds)}


def compare_with_planted(file: Path, folder: Path) -> dict[str, Any]:
    """Say how many planted faults were not found in their row, and how many right rows were refused.

    A row that is the total of a spoilt part is rightly refused, too: its sum is wrong.
    """
    faults = json.loads(faults_file(file).read_text(encoding="utf-8"))
    findings = json.loads((folder / RESULT).read_text(encoding="utf-8"))["findings"]
    errors = {(each["row"], each["rule"]) for each in findings if each["severity"] == "error"}
    explained = {row for fault in faults for row in (fault["row"], *fault["spoilt_totals"])}
    return {
        "planted": len(faults),
        "missed": [fault for fault in faults if (fault["row"], fault["rule"]) not in errors],
        "false_alarms": sorted({row for row, _ in errors} - explained),
    }


def main() -> None:
    """Measure one examination."""
    # As the desk's child does: it is ready before it is asked.
    gc.disable()
    prepare()
    way, file, country_code, folder = sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
    if way == "warm":
        report(lambda: examine_warm(file, country_code, folder))
    else:
        report(lambda: examine(file, country_code, folder), then=lambda: compare_with_planted(file, folder))


if __name__ == "__main__":
    main()
