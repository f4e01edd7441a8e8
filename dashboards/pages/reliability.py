"""The page of reliability: what was done to the program, how often, and what came of it."""

from typing import Any

from dashboards.reliability import FAILED, OLDER, PASSED, WRONGS, results, totals
from dashboards.speech import say
from dashboards.words import day
from ingestion.languages import phrase

HARM_WORDS = {
    "kill": phrase("killed (kill -9)"),
    "bit flip": phrase("one bit flipped"),
    "full disk": phrase("disk full"),
    "clock set": phrase("clock set a day back or on"),
    "events": phrase("events lost, doubled and reordered"),
    "two schedulers": phrase("done by two at once"),
    "connection cut": phrase("connection to the ledger's server cut, or the server restarted"),
    "store fault": phrase("object storage refusing, cutting off or late"),
}
STEP_WORDS = {
    "intake": phrase("taking files in"),
    "desk": phrase("reading and checking"),
    "landing": phrase("keeping accepted rows"),
    "receipt": phrase("answering"),
    "build": phrase("making a build"),
    "dbt": phrase("computing (dbt)"),
    "gate": phrase("judging"),
    "publish": phrase("publishing"),
    "pointer": phrase("pointing readers at the release"),
    "packing": phrase("packing older releases"),
    "site": phrase("drawing the pages"),
    "between": phrase("between two steps"),
    "received": phrase("received files"),
    "release": phrase("files of a release"),
    "packed": phrase("packed releases"),
}
WRONG_WORDS = {
    "lost": phrase("Files lost"),
    "half_published": phrase("Half releases"),
    "unreadable": phrase("Release unreadable"),
    "unnoticed": phrase("Not noticed"),
    "stuck": phrase("Needed help"),
    "other_result": phrase("Another result"),
}
STATE_WORDS = {PASSED: phrase("passed"), OLDER: phrase("passed, on older code"), FAILED: phrase("failed")}


def context() -> dict[str, Any]:
    """Return what the page of reliability shows."""
    rows = results()
    return {
        "wrongs": [(name, say(WRONG_WORDS[name])) for name in WRONGS],
        "sums": [(say(HARM_WORDS[harm]), *counts) for harm, *counts in totals(rows)],
        "rows": [_in_words(row) for row in rows],
    }


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "harm": say(HARM_WORDS[row["harm"]]),
        "step": say(STEP_WORDS[row["step"]]),
        "state_words": say(STATE_WORDS[row["state"]]),
        "is_failed": row["state"] == FAILED,
        "last_run": day(row["last_run_on"]),
    }
