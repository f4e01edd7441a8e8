"""The scorecard adds up runs of one code, forgets older code, and shows red as red."""

import json

from dashboards import reliability
from dashboards.reliability import FAILED, OLDER, PASSED, WRONGS
from tests.chaos.scorecard import LINES, _csv, newest, page, rows


def _line(seed=1, run_at="2026-11-26T08:00+00:00", **given):
    counts = dict.fromkeys(WRONGS, 0)
    known = {"harm": "kill", "step": "desk", "part": "desk", "trials": 10, "code": "new", "commit": "c"}
    return {**known, **counts, "seed": seed, "run_at": run_at, **given}


def _state(**given):
    [row] = rows([_line(**given)])
    return reliability._state(row["code"], row)


def test_runs_of_one_code_add_up_and_the_same_run_counts_once():
    lines = newest([_line(1), _line(1), _line(2, lost=1)])
    [row] = rows(lines)
    assert (row["trials"], row["lost"], row["seeds"]) == (20, 1, "1 2")


def test_runs_of_older_code_are_dropped_where_the_newest_was_harmed():
    older = _line(1, run_at="2026-11-25T08:00+00:00", code="old", lost=3)
    other_step = {**older, "step": "site"}
    assert newest([older, other_step, _line(2)]) == [_line(2), other_step]


def test_what_went_wrong_is_red_on_any_code():
    assert _state(code=reliability.tested_code()) == PASSED
    assert _state(code="old") == OLDER
    assert _state(code="old", stuck=1) == FAILED
    assert _state(code=reliability.tested_code(), trials=0) == FAILED
    [row] = rows([_line(other_result=2)])
    assert "**RED: failed**" in page([{**row, "state": FAILED}])


def test_the_site_is_told_what_the_runs_said():
    lines = [json.loads(line) for line in LINES.read_text().splitlines()]
    assert _csv(rows(lines)) == reliability.RESULTS.read_text()
