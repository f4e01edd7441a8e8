"""Four eyes: where a country asks for it, one person puts a draft forward, and another one sends it or returns it.

What is decided on is the draft's content: its id is made of it, so that no other file can take its place.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion.catalogue import require_on_roster
from ingestion.errors import UsageError
from ingestion.languages import phrase
from ingestion.ledger import four_eyes
from ingestion.ledger.audit_log import record
from ingestion.portal.correspondence.mail import tell_of_news
from ingestion.portal.correspondence.statements import CHANGED_MEANWHILE, NotDone
from ingestion.portal.entrance.accounts import OPERATOR, accounts
from ingestion.portal.roles import ROLES, Account
from ingestion.portal.sending.drafts import Draft, DraftGone, find_draft, keep, note_approval, sent_before
from ingestion.settings import Settings
from ingestion.store.home import Home

WAITING, RETURNED = "waiting", "returned"
FOLDER = Account("inbox", "", "contact", ())  # who puts a file into the shared folder has no account
OWN_FILE = phrase("You sent this for approval yourself; another person must approve it.")


def set_four_eyes(settings: Settings, country_code: str, *, is_asked: bool) -> None:
    """Let a second person approve what a country sends, or no more.

    Errors: `UsageError` for a country that is not on the roster, or that has nobody who could approve.
    """
    Home(settings.home).require()
    require_on_roster(country_code)
    if is_asked and not _approvers(settings, country_code):
        raise UsageError(
            f"{country_code} has nobody who could approve. Invite somebody first: "
            f"pcm contact invite {country_code} EMAIL --role approver"
        )
    four_eyes.ask_second_person(settings, country_code, is_asked=is_asked)
    record(settings, "four eyes", account_id=OPERATOR, subject=country_code, is_asked=is_asked)


def put_forward(settings: Settings, draft: Draft, account: Account) -> None:
    """Let a draft wait for a second person; whoever put it forward last is the first one."""
    _write(settings, draft, {"state": WAITING, "account_id": account.account_id})
    record(settings, "put forward", account_id=account.account_id, subject=draft.upload_id)
    tell_of_news(settings, draft.country_code, "approve")


def put_file_forward(settings: Settings, path: Path, *, country_code: str) -> dict[str, Any] | None:
    """Make a file of the inbox a draft that waits for a second person; return what the ledger knows of one that was
    sent already, and is not kept twice.
    """
    with path.open("rb") as stream:
        upload_id = keep(settings, stream, name=path.name, country_code=country_code, account=FOLDER)
    if draft := find_draft(settings, upload_id):
        put_forward(settings, draft, FOLDER)
    return sent_before(settings, upload_id)


def approve(settings: Settings, draft: Draft, account: Account) -> Account:
    """Record that a second person approves a draft, and return the first one, in whose name it is sent now.

    Errors: `NotDone` when it does not wait, or both are the same person.
    """
    first = _require_waiting(draft)["account_id"]
    if first == account.account_id:
        raise NotDone(OWN_FILE, status_code=409)
    record(settings, "approve upload", account_id=account.account_id, subject=draft.upload_id)
    return replace(account, account_id=first)


def send_back(settings: Settings, draft: Draft, account: Account, reason: str) -> None:
    """Return a draft to who put it forward, with a reason. Errors: `NotDone` when it does not wait."""
    waiting = _require_waiting(draft)
    _write(settings, draft, {**waiting, "state": RETURNED, "returned_by": account.account_id, "reason": reason})
    record(settings, "return upload", account_id=account.account_id, subject=draft.upload_id)
    tell_of_news(settings, draft.country_code, "send")


def does_wait(draft: Draft) -> bool:
    """Say whether a draft waits for a second person."""
    approval = draft.approval
    return approval is not None and approval["state"] == WAITING


def _approvers(settings: Settings, country_code: str) -> list[dict[str, Any]]:
    able = [role for role, verbs in ROLES.items() if "approve" in verbs]
    found = [each for each in accounts(settings) if each["role"] in able and each["state"] != "disabled"]
    return [each for each in found if country_code in each["countries"].split()]


def _require_waiting(draft: Draft) -> dict[str, Any]:
    approval = draft.approval
    if approval is None or approval["state"] != WAITING:
        raise NotDone(CHANGED_MEANWHILE, status_code=409)
    return approval


def _write(settings: Settings, draft: Draft, approval: dict[str, Any]) -> None:
    """Errors: `NotDone` when the draft was sent or discarded in this moment."""
    try:
        note_approval(settings, draft, {**approval, "at": datetime.now(UTC).isoformat(timespec="seconds")})
    except DraftGone:
        raise NotDone(CHANGED_MEANWHILE, status_code=409) from None
