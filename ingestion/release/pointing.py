"""Withdraw a release, or point back at an earlier one: nothing is removed, and both are decisions with a reason."""

from datetime import UTC, datetime

from ingestion import ledger
from ingestion.errors import UsageError
from ingestion.release.notice import withdrawal_notice
from ingestion.settings import Settings
from ingestion.store.home import Home
from ingestion.store.locks import exclusively_everywhere
from ingestion.store.published import (
    current_release_id,
    point_at,
    record_withdrawal,
    release_ids,
    release_manifest,
    withdrawal,
)


def withdraw(settings: Settings, release_id: str, *, by: str, reason: str) -> str:
    """Withdraw a release and return the id of the one that is current then.

    It stays readable, with a notice. If it was current, readers are pointed at the newest release before it that
    stands, else at the newest one that stands; the only one stays current, with its notice.
    Errors: `UsageError` when it is not published, or withdrawn already.
    """
    Home(settings.home).require()
    with exclusively_everywhere(settings, "publish") as require_lock:
        _require_standing(settings, release_id)
        require_lock()
        ledger.decide(settings, "withdraw", release_id, by=by, reason=reason)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        notice = {"release_id": release_id, "withdrawn_at": now, "withdrawn_by": by, "reason": reason}
        record_withdrawal(settings, release_id, notice)
        if current_release_id(settings) == release_id:
            _point_elsewhere(settings, release_id)
        return str(current_release_id(settings))


def new_in_release(settings: Settings, release_id: str) -> list[str]:
    """Return the submissions that a release was the first to have and that may count again in the next one."""
    from ingestion.warehouse.manifest import new_submissions  # takes longer to import than a pointer to move

    manifest = release_manifest(settings, release_id)
    aside = ledger.set_aside_now(settings)
    found = [each for of_country in new_submissions(manifest).values() for each in of_country]
    return sorted(each for each in found if each not in aside)


def rollback(settings: Settings, release_id: str, *, by: str, reason: str) -> None:
    """Make an earlier release the current one again; what came after it stays published.

    Errors: `UsageError` when it is not published, withdrawn, or current already.
    """
    Home(settings.home).require()
    with exclusively_everywhere(settings, "publish") as require_lock:
        _require_standing(settings, release_id)
        if current_release_id(settings) == release_id:
            raise UsageError(f"{release_id} is the current release.")
        require_lock()
        ledger.decide(settings, "rollback", release_id, by=by, reason=reason)
        point_at(settings, release_id)


def _require_standing(settings: Settings, release_id: str) -> None:
    known = release_ids(settings)
    if release_id not in known:
        raise UsageError(f"There is no release {release_id}. Published: {', '.join(known) or 'none'}.")
    notice = withdrawal_notice(settings, release_id)
    if notice:
        raise UsageError(notice)


def _point_elsewhere(settings: Settings, release_id: str) -> None:
    known = release_ids(settings)
    place = known.index(release_id)
    before = [each for each in reversed(known[:place]) if not withdrawal(settings, each)]
    after = [each for each in reversed(known[place + 1 :]) if not withdrawal(settings, each)]
    for chosen in (before + after)[:1]:
        point_at(settings, chosen)
