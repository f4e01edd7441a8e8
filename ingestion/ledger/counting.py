"""Which submissions may count: those of which rows were accepted, but for those that a steward set aside.

A submission is set aside by the latest decision on it, so that there is nothing to keep beside the decisions.
"""

from typing import Any

from ingestion.errors import UsageError
from ingestion.ledger.decisions import Decision, decide, decisions
from ingestion.ledger.submissions import find, submissions
from ingestion.settings import Settings

SET_ASIDE, COUNT_AGAIN = "set_aside", "count_again"


def landed_submissions(settings: Settings, country_code: str) -> list[dict[str, Any]]:
    """Return the submissions of a country of which rows were accepted and may count, in the order of arrival."""
    aside = set_aside_now(settings)
    landed = [row for row in submissions(settings) if row["country_code"] == country_code and row["landing_sha256"]]
    return [row for row in landed if row["submission_id"] not in aside]


def set_aside_now(settings: Settings) -> dict[str, Decision]:
    """Return {submission: the decision} of those that are set aside."""
    latest = {each["subject"]: each for each in decisions(settings, SET_ASIDE, COUNT_AGAIN)}
    return {subject: each for subject, each in latest.items() if each["action"] == SET_ASIDE}


def set_aside(settings: Settings, submission_id: str, *, by: str, reason: str) -> None:
    """Let no row of a submission count from the next build on; those of its country's earlier ones count instead.

    Errors: `UsageError` when no row of it was accepted, or when it is set aside already.
    """

    def require() -> None:
        known = find(settings, submission_id)
        if not known:
            raise UsageError(f"There is no submission {submission_id}. `pcm status` lists those that arrived.")
        if not known["landing_sha256"]:
            raise UsageError(f"No row of {submission_id} was accepted: there is nothing to set aside.")
        if earlier := set_aside_now(settings).get(submission_id):
            raise UsageError(f"{earlier['decided_by']} has set {submission_id} aside already: {earlier['reason']}")

    decide(settings, SET_ASIDE, submission_id, by=by, reason=reason, require=require)


def count_again(settings: Settings, submission_id: str, *, by: str, reason: str) -> None:
    """Let a submission that was set aside count again from the next build on, in the order of its arrival.

    Errors: `UsageError` when it is not set aside.
    """

    def require() -> None:
        if submission_id not in set_aside_now(settings):
            raise UsageError(f"{submission_id} is not set aside; `pcm status` lists what is.")

    decide(settings, COUNT_AGAIN, submission_id, by=by, reason=reason, require=require)
