"""What pages and programs ask of the portal alike: is this yours, may you do it, and the work itself, off the loop."""

from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import HTTPException
from starlette.requests import Request

from ingestion import ledger
from ingestion.errors import PcmError
from ingestion.ledger.four_eyes import asks_second_person
from ingestion.portal import drafts, four_eyes
from ingestion.portal.roles import Account
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from ingestion.store.published import release_ids

# Each examination is a process of its own, with a core of its own.
EXAMINATIONS_AT_ONCE = 2


def not_found() -> HTTPException:
    """Return the error for what is not there, or not the account's."""
    return HTTPException(404, "There is no such thing here.")


def forbidden() -> HTTPException:
    """Return the error for what the role of an account does not allow."""
    return HTTPException(403, "Your account may not do this.")


def settings_of(request: Request) -> Settings:
    """Return the settings of the observatory that this portal belongs to."""
    settings: Settings = request.app.state.settings
    return settings


def require(account: Account, verb: str, country_code: str) -> None:
    """Errors: 404 for a country that is not the account's, 403 for what its role may not do."""
    if not account.sees(country_code):
        raise not_found()
    if not account.may(verb):
        raise forbidden()


def draft_for(settings: Settings, account: Account, verb: str, upload_id: str) -> drafts.Draft:
    """Return a draft of the account's own countries. Errors: 404, 403."""
    found = drafts.find_draft(settings, upload_id)
    if found is None:
        raise not_found()
    require(account, verb, found.country_code)
    return found


def submission_for(settings: Settings, account: Account, verb: str, submission_id: str) -> dict[str, Any]:
    """Return what the ledger knows of a submission of the account's own countries. Errors: 404, 403."""
    found = ledger.find(settings, submission_id)
    if found is None:
        raise not_found()
    require(account, verb, found["country_code"])
    return found


def receipt_for(settings: Settings, account: Account, submission_id: str) -> dict[str, Any]:
    """Return the receipt of a submission that was answered. Errors: 404, 403."""
    found = submission_for(settings, account, "read", submission_id)
    path = Home(settings.home).received / found["submission_id"] / "receipt.json"
    if not path.exists():
        raise not_found()
    return dict(read_json(path))


def history(settings: Settings, countries: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the submissions of some countries, the latest first, each with the releases that used it."""
    used: dict[str, list[str]] = {}
    for release_id in release_ids(settings):
        manifest = read_json(Home(settings.home).releases / release_id / "manifest.json")
        for submission_id in manifest["releases"][-1]["submissions"]:
            used.setdefault(submission_id, []).append(release_id)
    names = ("submission_id", "country_code", "original_name", "received_at", "arrived_via", "status", "verdict")
    counts = ("rows_accepted", "rows_held", "rows_refused")
    return [
        {**{name: entry[name] for name in (*names, *counts)}, "releases": used.get(entry["submission_id"], [])}
        for entry in reversed(ledger.submissions(settings))
        if entry["country_code"] in countries
    ]


def entry_for(settings: Settings, account: Account, submission_id: str) -> dict[str, Any]:
    """Return the line of the history for one submission. Errors: 404, 403."""
    found = submission_for(settings, account, "read", submission_id)
    entries = history(settings, (found["country_code"],))
    return next(each for each in entries if each["submission_id"] == found["submission_id"])


def original_of(settings: Settings, submission_id: str) -> Path:
    """Return the path of the file that was sent."""
    [path] = (Home(settings.home).received / submission_id).glob("original*")
    return path


def original_for(settings: Settings, account: Account, submission_id: str) -> tuple[Path, str]:
    """Return the path of the file that was sent, and the name that it had. Errors: 404, 403."""
    found = submission_for(settings, account, "fetch_original", submission_id)
    return original_of(settings, submission_id), found["original_name"]


async def examine(request: Request, draft: drafts.Draft) -> dict[str, Any] | None:
    """Return the desk's answer to a draft; None when a fault of ours delays it."""
    try:
        return await to_thread.run_sync(drafts.answer_of, settings_of(request), draft, limiter=limiter_of(request))
    except drafts.DraftGone:
        raise not_found() from None
    except PcmError:
        return None


async def send(request: Request, draft: drafts.Draft, account: Account) -> None:
    """Send a draft. A fault of ours delays its answer, which the sender sees on the submission's page."""
    try:
        await to_thread.run_sync(drafts.send, settings_of(request), draft, account, limiter=limiter_of(request))
    except PcmError:
        if ledger.find(settings_of(request), draft.upload_id) is None:
            raise


async def send_by_id(request: Request, account: Account, upload_id: str) -> bool:
    """Send a draft, or put it forward where a second person is asked, and say whether it is sent now.

    Whoever sends what was sent already changes nothing. Errors: 404, 403.
    """
    settings = settings_of(request)
    if drafts.find_draft(settings, upload_id):
        draft = draft_for(settings, account, "send", upload_id)
        if asks_second_person(settings, draft.country_code):
            four_eyes.put_forward(settings, draft, account)
            return False
        await send(request, draft, account)
    submission_for(settings, account, "send", upload_id)
    return True


def limiter_of(request: Request) -> CapacityLimiter:
    """Return what keeps examinations from crowding the machine; made by the loop that uses it."""
    if not hasattr(request.app.state, "limiter"):
        request.app.state.limiter = CapacityLimiter(EXAMINATIONS_AT_ONCE)
    limiter: CapacityLimiter = request.app.state.limiter
    return limiter
