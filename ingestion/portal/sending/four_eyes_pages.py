"""The pages of the second person: what waits for approval, and approving or returning it."""

from typing import Any

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingestion.errors import PcmError
from ingestion.languages import phrase
from ingestion.ledger.four_eyes import asks_second_person
from ingestion.portal.correspondence import mail
from ingestion.portal.correspondence.statements import CHANGED_MEANWHILE, MOST_SIGNS, NotDone, statement
from ingestion.portal.entrance import access
from ingestion.portal.entrance.sign_in_pages import SEE_OTHER, Visitor
from ingestion.portal.sending import drafts, four_eyes, in_turns
from ingestion.portal.sending.draft_access import draft_for
from ingestion.portal.web.forms import SESSION_COOKIE, our_form
from ingestion.settings import Settings

STATES = {
    "": phrase("not sent yet"),
    four_eyes.WAITING: phrase("waits for approval"),
    four_eyes.RETURNED: phrase("returned"),
}
router = APIRouter()


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
    settings = access.settings_of(request)
    draft = draft_for(settings, visitor, "approve", upload_id)
    first = four_eyes.approve(settings, draft, visitor)
    try:
        await in_turns.send(request, draft, first)
    except (PcmError, drafts.DraftGone):  # discarded in this moment
        raise NotDone(CHANGED_MEANWHILE, status_code=409) from None
    return RedirectResponse(f"/submissions/{upload_id}", status_code=SEE_OTHER)


@router.post("/uploads/{upload_id}/return")
async def send_back(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Return a draft to who put it forward, with a reason."""
    form = await our_form(request, SESSION_COOKIE)
    settings = access.settings_of(request)
    draft = draft_for(settings, visitor, "approve", upload_id)
    four_eyes.send_back(settings, draft, visitor, statement(form, "reason"))
    return RedirectResponse("/", status_code=SEE_OTHER, background=BackgroundTask(mail.deliver, settings))
