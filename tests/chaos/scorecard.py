"""Write the scorecard from results: `python -m tests.chaos.scorecard [.chaos/results.jsonl]`.

New results join those in `docs/reliability/results.jsonl`. What is told of a harm and a step is the sum of all runs on
the newest code that it was done to; runs on older code are dropped then. From them come `dashboards/reliability.csv`,
which the page of the site reads, and `docs/reliability.md`.
"""

import csv
import io
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from dashboards import reliability
from dashboards.reliability import COLUMNS, FAILED, OLDER, PASSED, RESULTS, WRONGS, totals
from ingestion.settings import PROJECT_ROOT
from ingestion.store.atomic import write_bytes

FOLDER = PROJECT_ROOT / "docs" / "reliability"
LINES = FOLDER / "results.jsonl"
PAGE = PROJECT_ROOT / "docs" / "reliability.md"
STATES = {PASSED: "passed", OLDER: "passed, on older code", FAILED: "**RED: failed**"}

Line = dict[str, Any]


def main(new: list[Path]) -> None:
    """Join the new results with those that are kept, and write what is made of them."""
    lines = newest([line for path in (LINES, *new) for line in _read(path)])
    write_bytes(LINES, "".join(json.dumps(line) + "\n" for line in lines).encode())
    write_bytes(RESULTS, _csv(rows(lines)).encode())
    write_bytes(PAGE, page(reliability.results()).encode())


def newest(lines: list[Line]) -> list[Line]:
    """Return the lines of the newest code of each harm and step, each run once."""
    code = {(line["harm"], line["step"]): line["code"] for line in sorted(lines, key=lambda line: line["run_at"])}
    kept = [line for line in lines if line["code"] == code[line["harm"], line["step"]]]
    once = {(line["harm"], line["step"], line["code"], line["part"], line["seed"]): line for line in kept}
    return sorted(once.values(), key=lambda line: (line["harm"], line["step"], line["run_at"]))


def rows(lines: list[Line]) -> list[dict[str, Any]]:
    """Return the rows of the scorecard: one per (harm, step), its runs added up."""
    grouped = defaultdict(list)
    for line in lines:
        grouped[line["harm"], line["step"]].append(line)
    return [_row(harm, step, runs) for (harm, step), runs in sorted(grouped.items())]


def page(results: list[dict[str, Any]]) -> str:
    """Return `docs/reliability.md`."""
    head = [
        "harm",
        "step",
        "times",
        *(wrong.replace("_", " ") for wrong in WRONGS),
        "state",
        "last run",
        "code",
        "seeds",
    ]
    table = [head, ["---"] * len(head), *map(_cells, results)]
    sums = [
        f"- {harm}: {done} times (wanted: {wanted}), {wrong} wrong." for harm, done, wanted, wrong in totals(results)
    ]
    return "\n".join([OPENING, *sums, "", *("| " + " | ".join(cells) + " |" for cells in table), ""])


OPENING = """# Reliability

What was done to the program, how often, and what came of it. `python -m tests.chaos.scorecard` writes this page from
the results of the chaos tests (`make chaos`; see `tests/README.md`); nobody writes it by hand.

After each harm these must hold: no file that was sent is **lost**; no release is **half published**; the current
release is not **unreadable**; the harm does not go **unnoticed** (flipped bits); the work is not **stuck** but goes on
unaided; no **other result** comes out than that of an undisturbed run. The counts say how often one did not hold.
Wanted is how often the harm is to be done on one code, over all runs: fewer are fewer. The code is the hash of the
program's own (`dashboards.reliability.tested_code`); `passed` is of the code of the day on which this was written.
"""


def _row(harm: str, step: str, runs: list[Line]) -> dict[str, Any]:
    counted = {name: sum(run[name] for run in runs) for name in ("trials", *WRONGS)}
    days = sorted(run["run_at"][:10] for run in runs)
    commits = sorted({run["commit"] for run in runs})
    known = {"harm": harm, "step": step, "first_run_on": days[0], "last_run_on": days[-1], "code": runs[0]["code"]}
    seeds = sorted({str(run["seed"]) for run in runs})
    return {**known, **counted, "seeds": " ".join(seeds), "commits": " ".join(commits)}


def _cells(row: dict[str, Any]) -> list[str]:
    counts = [str(row[name]) for name in ("trials", *WRONGS)]
    return [row["harm"], row["step"], *counts, STATES[row["state"]], row["last_run_on"], row["code"], row["seeds"]]


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


if __name__ == "__main__":
    main([Path(word) for word in sys.argv[1:]])
