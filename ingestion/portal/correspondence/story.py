"""The story of a submission: what happened to it, in the order in which it did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingestion import ledger
from ingestion.languages import phrase
from ingestion.ledger.audit_log import audit_lines
from ingestion.settings import Settings
from ingestion.store.published import release_facts

ARRIVED, ANSWERED = phrase("Arrived"), phrase("Answered")
HELD, USED = phrase("Held by a check of the release"), phrase("Used in releases")
# What stewards decided on a submission, by action.
DECIDED = {
    "release_hold": phrase("No longer held"),
    "set_aside": phrase("Set aside by the steward"),
    "count_again": phrase("Counts again"),
}
# What the audit log says of a submission that belongs to its story, by action.
ACTIONS = {
    "upload": phrase("Uploaded"),
    "send": phrase("Sent"),
    "discard": phrase("Discarded"),
    "put forward": phrase("Sent for approval"),
    "approve upload": phrase("Approved by a second person"),
    "return upload": phrase("Returned"),
    "message": phrase("Message"),
    "justify": phrase("Explained"),
}


@dataclass(frozen=True)
class Event:
    """One thing that happened: what, and what is said of it (a sentence, a reason, a release)."""

    moment: datetime
    name: str
    said: str = ""


def story_of(settings: Settings, entry: dict[str, Any]) -> list[Event]:
    """Return what happened to a submission, oldest first; `entry` is its line in the history.

    Of what happened within a second, what people did comes first: a file is sent before it has an answer.
    """
    told = (_audited, _intake, _held, _decided, _used)
    found = [event for tell in told for event in tell(settings, entry)]
    return sorted(found, key=lambda event: event.moment)


def was_uploaded_again(settings: Settings, submission_id: str) -> bool:
    """Say whether the last that was done with a file that had arrived was to upload the same once more."""
    done = [line["action"] for line in audit_lines(settings, subject=submission_id)]
    return [action for action in done if action in ("upload", "send")][-1:] == ["upload"]


def _intake(settings: Settings, entry: dict[str, Any]) -> list[Event]:
    known = ledger.find(settings, entry["submission_id"]) or {}
    by_portal = known.get("arrived_via") == "portal"  # there it arrived when it was sent
    moments = ((ARRIVED, None if by_portal else known.get("received_at")), (ANSWERED, known.get("answered_at")))
    return [_event(moment, name) for name, moment in moments if moment]


def _audited(settings: Settings, entry: dict[str, Any]) -> list[Event]:
    lines = audit_lines(settings, subject=entry["submission_id"])
    return [_event(line["recorded_at"], ACTIONS[line["action"]]) for line in lines if line["action"] in ACTIONS]


def _held(settings: Settings, entry: dict[str, Any]) -> list[Event]:
    holds = ledger.holds_of(settings, entry["submission_id"])
    return [_event(hold["held_at"], HELD, hold["sentence"]) for hold in holds]


def _decided(settings: Settings, entry: dict[str, Any]) -> list[Event]:
    made = [each for each in ledger.decisions(settings, *DECIDED) if each["subject"] == entry["submission_id"]]
    return [_event(each["decided_at"], DECIDED[each["action"]], each["reason"]) for each in made]


def _used(settings: Settings, entry: dict[str, Any]) -> list[Event]:
    described = (release_facts(settings, release_id) for release_id in entry["releases"])
    return [_event(each["published_at"], USED, each["release_id"]) for each in described]


def _event(moment: str, name: str, said: str = "") -> Event:
    return Event(datetime.fromisoformat(moment), name, said)
