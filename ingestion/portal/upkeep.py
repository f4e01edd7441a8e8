"""What the portal does by the clock: ends old drafts, reminds before the deadline, tells of holds, of files that
were set aside and of a release that does not come, sends mail.

Safe to repeat at any time: each thing is done once, however often this is called.
"""

from datetime import UTC, datetime, timedelta

from ingestion import ledger
from ingestion.catalogue import latest_round, roster_countries
from ingestion.portal.correspondence import mail
from ingestion.portal.roles import Account
from ingestion.portal.sending import drafts
from ingestion.settings import Settings
from ingestion.status.looks import unreleased_seconds
from ingestion.status.reporting import silent_countries

# So many days before the deadline contacts of countries that have not reported are reminded.
REMINDER_DAYS = (14, 7, 1)
# A file that was accepted so long ago should stand in a build by now: stewards are told.
OVERDUE = timedelta(hours=6)
# So long before its end a draft's country is told that there is something to read.
NOTICE = timedelta(days=7)
CLOCK = Account("upkeep", "", "contact", ())


def sweep(settings: Settings, *, now: datetime | None = None) -> None:
    """Do whatever is due."""
    moment = now or datetime.now(UTC)
    end_old_drafts(settings, now=moment)
    remind(settings, now=moment)
    for hold in ledger.holds_in_force(settings):
        mail.tell(settings, hold["country_code"], "send", mail.NEWS, f"hold {hold['hold_id']} {hold['held_at']}")
    for submission_id, decision in ledger.set_aside_now(settings).items():
        mail.tell(settings, submission_id[:2], "send", mail.NEWS, f"set aside {decision['decision_id']}")
    if unreleased_seconds(settings) > OVERDUE.total_seconds():
        mail.tell_stewards(settings, f"no release {mail.today()}")
    mail.deliver(settings)


def remind(settings: Settings, *, now: datetime | None = None) -> int:
    """Queue a reminder to the contacts of each country that has not reported, once for each day of `REMINDER_DAYS`.

    Returns how many mails are new. A day that was missed is made up for, unless the next one has come.
    """
    last = latest_round()
    days_left = (last.closes_on - (now or datetime.now(UTC)).date()).days
    reached = [days for days in REMINDER_DAYS if 0 <= days_left <= days]
    if not reached:
        return 0
    occasion = f"{last.round_id} {min(reached)}"
    return sum(mail.tell(settings, each, "send", mail.REMINDER, occasion) for each in silent_countries(settings))


def end_old_drafts(settings: Settings, *, now: datetime) -> None:
    """Discard the drafts with which nothing was done for `drafts.DRAFT_DAYS`.

    The contacts of its country are told so long before as `NOTICE` says.
    """
    oldest = now - timedelta(days=drafts.DRAFT_DAYS)
    everywhere = roster_countries()
    every = [draft for code in everywhere for draft in drafts.drafts_of(settings, code)]
    old = [draft for draft in every if _touched(draft) < oldest]
    for draft in old:
        drafts.discard(settings, draft, CLOCK)
    for draft in every:
        if draft not in old and _touched(draft) < oldest + NOTICE:
            mail.tell(settings, draft.country_code, "send", mail.NEWS, f"draft {draft.upload_id} ends")


def _touched(draft: drafts.Draft) -> datetime:
    approval = draft.approval
    return datetime.fromisoformat(approval["at"] if approval else draft.facts["uploaded_at"])
