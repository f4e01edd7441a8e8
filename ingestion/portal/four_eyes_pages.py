"""The pages of the second person: what waits for approval, and approving or returning it."""

from typing import Any

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingestion.errors import PcmError
from ingestion.languages import phrase
from ingestion.ledger.four_eyes import asks_second_person
from ingestion.portal import doors, drafts, four_eyes, mail
from ingestion.portal.door_pages import SEE_OTHER, Visitor
from ingestion.portal.forms import SESSION_COOKIE, our_form
from ingestion.portal.roles import Account
from ingestion.portal.statements import CHANGED_MEANWHILE, MOST_SIGNS, NotDone, statement
from ingestion.settings import Settings

STATES = {
    "": phrase("not sent yet"),
    four_eyes.WAITING: phrase("waits for approval"),
    four_eyes.RETURNED: phrase("returned"),
}
router = APIRouter()


def drafts_to_show(settings: Settings, account: Account) -> list[drafts.Draft]:
    """Return the drafts of an account's countries: all of them to who uploads, those that wait to who approves."""
    if not (account.may("upload") or account.may("approve")):
        return []
    found = [draft for code in account.countries for draft in drafts.drafts_of(settings, code)]
    return found if account.may("upload") else [draft for draft in found if four_eyes.does_wait(draft)]


def draft_to_show(settings: Settings, account: Account, upload_id: str) -> drafts.Draft:
    """Return a draft that this account may look at. Errors: 404, 403."""
    if not account.may("approve"):
        return doors.draft_for(settings, account, "upload", upload_id)
    draft = doors.draft_for(settings, account, "approve", upload_id)
    if not four_eyes.does_wait(draft):
        raise doors.not_found()
    return draft


def approval_values(settings: Settings, draft: drafts.Draft) -> dict[str, Any]:
    """Return what a draft's page says of the second person."""
    is_asked = asks_second_person(settings, draft.country_code)
    return {
        "approval": draft.approval if is_asked else None,
        "is_approval_asked": is_asked,
        "draft_days": drafts.DRAFT_DAYS,
        "most_signs": MOST_SIGNS,
    }


@router.post("/uploads/{upload_id}/approve")
async def approve(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Send a draft that another person put forward."""
    await our_form(request, SESSION_COOKIE)
    settings = doors.settings_of(request)
    draft = doors.draft_for(settings, visitor, "approve", upload_id)
    first = four_eyes.approve(settings, draft, visitor)
    try:
        await doors.send(request, draft, first)
    except (PcmError, drafts.DraftGone):  # discarded in this moment
        raise NotDone(CHANGED_MEANWHILE, status_code=409) from None
    return RedirectResponse(f"/submissions/{upload_id}", status_code=SEE_OTHER)


@router.post("/uploads/{upload_id}/return")
async def send_back(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Return a draft to who put it forward, with a reason."""
    form = await our_form(request, SESSION_COOKIE)
    settings = doors.settings_of(request)
    draft = doors.draft_for(settings, visitor, "approve", upload_id)
    four_eyes.send_back(settings, draft, visitor, statement(form, "reason"))
    return RedirectResponse("/", status_code=SEE_OTHER, background=BackgroundTask(mail.deliver, settings))
