"""What people write with a decision or to each other: taken as text, with a length, and refused in a clear sentence."""

from datetime import date
from typing import Any

from starlette.datastructures import FormData

from ingestion.languages import phrase
from ingestion.portal.web.forms import text_of

MOST_SIGNS = 2000
NO_TEXT = phrase("Please write a sentence: nothing was done without one.")
TOO_MANY_SIGNS = phrase("Please use at most {count} characters; nothing was done.")
NO_DAY = phrase("Please give the day as 2026-12-31; nothing was done.")
CHANGED_MEANWHILE = phrase("This has changed since you opened the page, and nothing was done. Please look at it again.")


class NotDone(Exception):
    """What was asked was not done. `sentence` says why, `given` fills its placeholders."""

    def __init__(self, sentence: str, *, status_code: int = 400, **given: Any) -> None:
        super().__init__(sentence)
        self.sentence, self.status_code, self.given = sentence, status_code, given


def statement(form: FormData, name: str) -> str:
    """Return what somebody wrote in a field of a form. Errors: `NotDone`, as `sayable`."""
    return sayable(text_of(form, name))


def sayable(written: str) -> str:
    """Return what somebody wrote. Errors: `NotDone` when it is nothing, or too much."""
    # A browser counts and sends the end of a line as two signs.
    text = written.replace("\r\n", "\n").strip()
    if not text:
        raise NotDone(NO_TEXT)
    if len(text) > MOST_SIGNS:
        raise NotDone(TOO_MANY_SIGNS, count=MOST_SIGNS)
    return text


def day_of(form: FormData, name: str) -> date:
    """Return a day that somebody gave. Errors: `NotDone` when it is none."""
    try:
        return date.fromisoformat(text_of(form, name))
    except ValueError:
        raise NotDone(NO_DAY) from None


def require_seen(form: FormData, now: str) -> None:
    """Errors: `NotDone` when what is decided on is no longer what the page showed."""
    if text_of(form, "seen") != now:
        raise NotDone(CHANGED_MEANWHILE, status_code=409)
