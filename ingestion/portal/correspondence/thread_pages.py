"""Messages between the contacts of a country and its steward, a thread for each submission: text, shown as text."""

from typing import Any

from anyio import to_thread
from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingestion import ledger
from ingestion.languages import phrase
from ingestion.ledger.audit_log import record
from ingestion.ledger.messages import last_messages, thread, write_message
from ingestion.portal.correspondence import mail
from ingestion.portal.correspondence.statements import NotDone, sayable
from ingestion.portal.entrance import access
from ingestion.portal.entrance.accounts import names_of
from ingestion.portal.entrance.sign_in_pages import SEE_OTHER, Visitor
from ingestion.portal.roles import Account
from ingestion.portal.web.forms import SESSION_COOKIE, our_form, text_of
from ingestion.portal.web.guard import Rate
from ingestion.settings import Settings

# Of one account.
MESSAGES, MESSAGE_SECONDS = 60, 60 * 60
TOO_MANY_MESSAGES = phrase("These are too many messages for an hour. Please wait a little; this one was not sent.")
router = APIRouter()


def message_rate() -> Rate:
    """Return what counts the messages of each account."""
    return Rate(most=MESSAGES, seconds=MESSAGE_SECONDS)


def thread_of(settings: Settings, account: Account, submission_id: str) -> list[dict[str, Any]]:
    """Return the messages about a submission with the addresses of who wrote them; none to who may not write."""
    if not account.may("write"):
        return []
    people = names_of(settings)
    return [
        {**each, "who": people.get(each["account_id"], each["account_id"])} for each in thread(settings, submission_id)
    ]


def unanswered(settings: Settings, account: Account) -> list[dict[str, Any]]:
    """Return the last messages of the threads in which others wait for this account, each with its file's name."""
    if not account.may("write"):
        return []
    is_steward = account.may("decide")
    entries = {entry["submission_id"]: entry for entry in ledger.submissions(settings)}
    return [
        {**each, "original_name": entries[each["submission_id"]]["original_name"]}
        for each in last_messages(settings)
        if each["is_steward"] != is_steward and account.sees(entries[each["submission_id"]]["country_code"])
    ]


@router.post("/submissions/{submission_id}/messages")
async def write(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Add a message to the thread of a submission, and tell those whom it is for that there is something to read."""
    form = await our_form(request, SESSION_COOKIE)
    settings = access.settings_of(request)
    await to_thread.run_sync(say, request, visitor, submission_id, text_of(form, "text"))
    place = f"/submissions/{submission_id}#messages"
    return RedirectResponse(place, status_code=SEE_OTHER, background=BackgroundTask(mail.deliver, settings))


def say(request: Request, account: Account, submission_id: str, written: str) -> None:
    """Add what an account wrote to the thread of a submission. Errors: 404, 403; `NotDone`."""
    settings = access.settings_of(request)
    entry = access.submission_for(settings, account, "write", submission_id)
    text = sayable(written)
    if not request.app.state.messages.allows(account.account_id):
        raise NotDone(TOO_MANY_MESSAGES, status_code=429)
    _write(settings, account, entry, text)


def _write(settings: Settings, visitor: Account, entry: dict[str, Any], text: str) -> None:
    submission_id, is_steward = entry["submission_id"], visitor.may("decide")
    if write_message(settings, submission_id, visitor.account_id, text, is_steward=is_steward):
        record(settings, "message", account_id=visitor.account_id, subject=submission_id)
        mail.tell_of_news(settings, entry["country_code"], "send" if is_steward else "decide")
