"""Which drafts an account may see and work on."""

from ingestion.portal.entrance.access import not_found, require
from ingestion.portal.roles import Account
from ingestion.portal.sending import drafts, four_eyes
from ingestion.settings import Settings


def draft_for(settings: Settings, account: Account, verb: str, upload_id: str) -> drafts.Draft:
    """Return a draft of the account's own countries. Errors: 404, 403."""
    found = drafts.find_draft(settings, upload_id)
    if found is None:
        raise not_found()
    require(account, verb, found.country_code)
    return found


def drafts_to_show(settings: Settings, account: Account) -> list[drafts.Draft]:
    """Return the drafts of an account's countries: all of them to who uploads, those that wait to who approves."""
    if not (account.may("upload") or account.may("approve")):
        return []
    found = [draft for code in account.countries for draft in drafts.drafts_of(settings, code)]
    return found if account.may("upload") else [draft for draft in found if four_eyes.does_wait(draft)]


def draft_to_show(settings: Settings, account: Account, upload_id: str) -> drafts.Draft:
    """Return a draft that this account may look at. Errors: 404, 403."""
    if not account.may("approve"):
        return draft_for(settings, account, "upload", upload_id)
    draft = draft_for(settings, account, "approve", upload_id)
    if not four_eyes.does_wait(draft):
        raise not_found()
    return draft
