"""Warnings answered in place: why figures that look unusual are right, for the steward or for readers too."""

from dataclasses import asdict
from typing import Any

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingestion.errors import UsageError
from ingestion.intake.justify import count_in, questions
from ingestion.intake.justify import justify as record_answer
from ingestion.languages import Language, phrase
from ingestion.ledger.audit_log import record
from ingestion.portal.correspondence.statements import CHANGED_MEANWHILE, NotDone, sayable
from ingestion.portal.entrance import access
from ingestion.portal.entrance.sign_in_pages import SEE_OTHER, Visitor
from ingestion.portal.roles import Account
from ingestion.portal.web.forms import SESSION_COOKIE, our_form, text_of
from ingestion.receipts.localise import title_of
from ingestion.settings import Settings

COUNT_FOR_READERS = phrase(
    "What readers see must hold no number but years, because it could be a small count: {number}. Say it without that "
    "number, or to the steward only; nothing was done."
)
router = APIRouter()


def asked_of(settings: Settings, account: Account, submission_id: str, language: Language) -> list[dict[str, Any]]:
    """Return what the warnings of an answered submission ask, each with the title of its rule.

    Who only reads sees the answers that readers of a release see.
    """
    asked = [{**asdict(each), "title": title_of(each.rule, language)} for each in questions(settings, submission_id)]
    return asked if account.may("write") else [each for each in asked if each["answer"] and each["answer"]["is_public"]]


@router.post("/submissions/{submission_id}/justify")
async def justify(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Record a contact's answer to the warnings of one root cause."""
    form = await our_form(request, SESSION_COOKIE)
    settings = access.settings_of(request)
    said = {name: text_of(form, name) for name in ("text", "rule", "group")}
    is_public = text_of(form, "public") == "yes"
    await to_thread.run_sync(lambda: explain(settings, visitor, submission_id, **said, is_public=is_public))
    return RedirectResponse(f"/submissions/{submission_id}#explain", status_code=SEE_OTHER)


def explain(
    settings: Settings, account: Account, submission_id: str, *, rule: str, group: str, text: str, is_public: bool
) -> None:
    """Record what an account says of the warnings of one root cause. Errors: 404, 403; `NotDone`."""
    access.submission_for(settings, account, "justify", submission_id)
    text = sayable(text)
    if is_public and (number := count_in(text)):
        raise NotDone(COUNT_FOR_READERS, number=number)
    try:
        record_answer(settings, submission_id, rule, text=text, is_public=is_public, group=group)
    except UsageError:  # no such warning: the form is not one that we show
        raise NotDone(CHANGED_MEANWHILE, status_code=409) from None
    record(settings, "justify", account_id=account.account_id, subject=submission_id, rule=rule, is_public=is_public)
