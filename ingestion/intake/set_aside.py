"""Set a submission aside, or let it count again: the ledger decides, and its sender is told."""

from ingestion import ledger
from ingestion.intake.answer import answer_as_it_stands
from ingestion.settings import Settings
from ingestion.store.home import Home


def set_aside(settings: Settings, submission_id: str, *, by: str, reason: str) -> None:
    """Let no row of a submission count from the next build on, and tell its sender why.

    Errors: `UsageError` when no row of it was accepted, or when it is set aside already.
    """
    Home(settings.home).require()
    ledger.set_aside(settings, submission_id, by=by, reason=reason)
    answer_as_it_stands(settings, submission_id)


def count_again(settings: Settings, submission_id: str, *, by: str, reason: str) -> None:
    """Let a submission that was set aside count again, and give its sender the answer back that it had before.

    Errors: `UsageError` when it is not set aside.
    """
    Home(settings.home).require()
    ledger.count_again(settings, submission_id, by=by, reason=reason)
    answer_as_it_stands(settings, submission_id)
