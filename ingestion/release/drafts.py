"""Two keys: under the policy `approval` a build that passed the gate is a draft until a named steward decides."""

from datetime import UTC, datetime
from typing import Any

from ingestion import ledger
from ingestion.errors import PcmError, UsageError
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from ingestion.store.published import release_ids
from ingestion.warehouse import verified_warehouse
from ingestion.warehouse.judged import BLOCKING, judged_builds
from ingestion.warehouse.manifest import set_aside_since

DONE = {"approve": "approved", "refuse": "refused"}
Draft = dict[str, Any]


def publish_or_draft(settings: Settings, build_id: str) -> str | None:
    """Publish a build that passed and return the release id; None when it waits for a steward."""
    from ingestion.release.publish import publish  # takes longer to import than a decision to take

    return None if settings.publishing == "approval" else publish(settings, build_id)


def drafts(settings: Settings) -> list[Draft]:
    """Return the builds that passed and could be the next release, with what was decided on each.

    `state`: waiting, approved (published when its embargo ends) or refused.
    """
    next_sequence = len(release_ids(settings)) + 1
    decided = {each["subject"]: each for each in ledger.decisions(settings, *DONE)}
    return [
        _draft(build.manifest, decided.get(build.build_id))
        for build in judged_builds(settings)
        if build.gate["verdict"] == "publish" and build.manifest["release_sequence"] == next_sequence
    ]


def approve(
    settings: Settings,
    build_id: str,
    *,
    by: str,
    reason: str,
    embargo: str | None = None,
    seen_sha256: str | None = None,
) -> None:
    """Approve a draft, as it is now: the decision holds the hash of its warehouse.

    `embargo` is a moment with its offset, `2026-12-01T09:00+01:00`; `seen_sha256` the hash of the warehouse that the
    steward looked at. Errors: `UsageError` when there is no such draft, when it is not the one that was looked at,
    when somebody has decided before, when another draft of the same release is approved, when a file of it was set
    aside, or when a waiver that it rests on ends before its hour; `PcmError` when the build has changed since it was
    made.
    """
    until = _moment(embargo) if embargo else None

    def require() -> None:
        verified_warehouse(Home(settings.home), build_id)
        _require_seen(settings, build_id, seen_sha256)
        _require_undecided(_find(settings, build_id))
        if wrong := _ground_lost(settings, build_id, _hour(until, datetime.now(UTC))):
            raise UsageError(wrong)
        for other in drafts(settings):
            if other["state"] == "approved":
                raise UsageError(
                    f"{other['release_id']} is to be {other['build_id']}, {_who(other)}. Refuse that first."
                )

    _find(settings, build_id)
    details = {"warehouse_sha256": _sha256_of(settings, build_id), "embargo_until": until}
    ledger.decide(settings, "approve", build_id, by=by, reason=reason, details=details, require=require)


def refuse(settings: Settings, build_id: str, *, by: str, reason: str, seen_sha256: str | None = None) -> None:
    """Refuse a draft for good, also one that was approved and waits for its hour.

    Errors: `UsageError` when there is no such draft, it is not the one that was looked at, or it was refused before.
    """

    def require() -> None:
        _require_seen(settings, build_id, seen_sha256)
        draft = _find(settings, build_id)
        if draft["state"] == "refused":
            _require_undecided(draft)

    ledger.decide(settings, "refuse", build_id, by=by, reason=reason, require=require)


def publish_approved(settings: Settings, *, now: datetime | None = None) -> str | None:
    """Publish the approved draft whose hour has come and return its release id; None when there is none.

    A draft that is no longer what was approved stays where it is; `changed_drafts` names it.
    """
    from ingestion.release.publish import publish

    build_id = publishable_draft(settings, now=now)
    return publish(settings, build_id) if build_id else None


def publishable_draft(settings: Settings, *, now: datetime | None = None) -> str | None:
    """Return the build of the approved draft whose hour has come, as long as it is what was approved; or None."""
    moment = now or datetime.now(UTC)
    is_open = [each["build_id"] for each in drafts(settings) if each["state"] == "approved" and _is_open(each, moment)]
    changed = changed_drafts(settings, now=moment) if is_open else {}
    return next((build_id for build_id in is_open if build_id not in changed), None)


def changed_drafts(settings: Settings, *, now: datetime | None = None) -> dict[str, str]:
    """Return {build id: what is wrong} of approved drafts that are not what was approved, or excused no longer."""
    moment = now or datetime.now(UTC)
    approved = [draft for draft in drafts(settings) if draft["state"] == "approved"]
    return {draft["build_id"]: wrong for draft in approved if (wrong := _what_is_wrong(settings, draft, moment))}


def _what_is_wrong(settings: Settings, draft: Draft, now: datetime) -> str | None:
    build_id = draft["build_id"]
    try:
        verified_warehouse(Home(settings.home), build_id)
    except PcmError as error:
        return str(error)
    if _sha256_of(settings, build_id) != draft["warehouse_sha256"]:
        return f"Build {build_id} has changed since it was {_who(draft)}."
    return _ground_lost(settings, build_id, _hour(draft["embargo_until"], now))


def _ground_lost(settings: Settings, build_id: str, hour: datetime) -> str | None:
    """Say what a build rests on that will not hold any more at the hour of publication."""
    return set_aside_since(settings, build_id) or _ended_waiver(settings, build_id, hour)


def _ended_waiver(settings: Settings, build_id: str, hour: datetime) -> str | None:
    """Say which waiver of what blocks ends before the hour of publication: it must not excuse any longer."""
    gate = read_json(Home(settings.home).builds / build_id / "gate.json")
    for result in (result for suite in gate["suites"] for result in suite["results"]):
        ends = [failure["waiver"]["until_on"] for failure in result["failures"] if failure.get("waiver")]
        if result["severity"] == BLOCKING and ends and min(ends) < hour.astimezone(UTC).date().isoformat():
            return (
                f"Build {build_id} rests on a waiver of {result['expectation']} that ends on {min(ends)}, before it "
                "would be published. Waive it for longer; the next build is judged by that."
            )
    return None


def _draft(manifest: dict[str, Any], decision: dict[str, Any] | None) -> Draft:
    details = decision["details"] if decision else {}
    return {
        "build_id": manifest["build_id"],
        "release_id": manifest["release_id"],
        "state": DONE[decision["action"]] if decision else "waiting",
        "decided_by": decision["decided_by"] if decision else None,
        "decided_at": decision["decided_at"] if decision else None,
        "reason": decision["reason"] if decision else None,
        "embargo_until": details.get("embargo_until"),
        "warehouse_sha256": details.get("warehouse_sha256"),
    }


def _find(settings: Settings, build_id: str) -> Draft:
    found = drafts(settings)
    for draft in found:
        if draft["build_id"] == build_id:
            return draft
    for earlier in ledger.decisions(settings, *DONE):
        if earlier["subject"] == build_id:
            raise UsageError(
                f"{build_id} was {_who({**earlier, 'state': DONE[earlier['action']]})}: {earlier['reason']}"
            )
    known = ", ".join(draft["build_id"] for draft in found) or "none"
    raise UsageError(f"{build_id} is not a draft. Drafts: {known}.")


def _require_undecided(draft: Draft) -> None:
    if draft["state"] != "waiting":
        raise UsageError(f"{draft['build_id']} was {_who(draft)}: {draft['reason']}")


def _require_seen(settings: Settings, build_id: str, seen_sha256: str | None) -> None:
    if seen_sha256 not in (None, _sha256_of(settings, _find(settings, build_id)["build_id"])):
        raise UsageError(f"{build_id} is not as it was when it was looked at. Look at it again.")


def _who(draft: Draft) -> str:
    return f"{draft['state']} by {draft['decided_by']} on {draft['decided_at'][:10]}"


def _is_open(draft: Draft, now: datetime) -> bool:
    return _hour(draft["embargo_until"], now) <= now


def _hour(embargo_until: str | None, now: datetime) -> datetime:
    """Return when a draft is published: now, or when its embargo ends if that is later."""
    return max(now, datetime.fromisoformat(embargo_until)) if embargo_until else now


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(f"--embargo is {text!r}; it must be a moment with its offset: 2026-12-01T09:00+01:00.")
    return moment.isoformat()


def _sha256_of(settings: Settings, build_id: str) -> str:
    return str(read_json(Home(settings.home).builds / build_id / "build.json")["warehouse_sha256"])
