"""What an account may know and do: the same for who is signed in and for a program with a token.

What belongs to another country is answered as what is not there.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from fastapi import HTTPException
from starlette.requests import Request

from ingestion import ledger
from ingestion.errors import PcmError
from ingestion.portal.roles import Account
from ingestion.release.used import submissions_in
from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from ingestion.store.objects import fetch
from ingestion.store.published import release_ids


def settings_of(request: Request) -> Settings:
    """Return the settings of the observatory that this portal belongs to."""
    settings: Settings = request.app.state.settings
    return settings


class NotTheirs(HTTPException):
    """What an account must not know of: said in the words of what is not there."""

    def __init__(self) -> None:
        missing = not_found()
        super().__init__(missing.status_code, missing.detail)


def not_found() -> HTTPException:
    """Return the error for what is not there, or not the account's."""
    return HTTPException(404, "There is no such thing here.")


def forbidden() -> HTTPException:
    """Return the error for what the role of an account does not allow."""
    return HTTPException(403, "Your account may not do this.")


def require(account: Account, verb: str, country_code: str) -> None:
    """Errors: 404 for a country that is not the account's, 403 for what its role may not do."""
    if not account.sees(country_code):
        raise NotTheirs
    if not account.may(verb):
        raise forbidden()


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
        fetch(settings, path.parent)  # another machine may have answered
    if not path.exists():
        raise not_found()
    return dict(read_json(path))


def history(settings: Settings, countries: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the submissions of some countries, the latest first, each with the releases that have figures of it."""
    used: dict[str, list[str]] = {}
    for release_id in release_ids(settings):
        with suppress(PcmError):  # a damaged release is for `pcm doctor`; it keeps nobody from this page
            for submission_id in submissions_in(settings, release_id):
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
