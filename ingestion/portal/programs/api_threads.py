"""What people say of a submission, for machines: answers to warnings, and messages to and from the steward."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.background import BackgroundTasks
from starlette.requests import Request

from ingestion.languages import country_language, known_languages, language_for
from ingestion.portal.correspondence import mail
from ingestion.portal.correspondence.justify_pages import asked_of, explain
from ingestion.portal.correspondence.thread_pages import say, thread_of
from ingestion.portal.entrance import access
from ingestion.portal.programs.api import PROBLEMS, Caller, Problem


class Justification(BaseModel):
    """What a contact says of figures that look unusual; readers of a release see it where `is_public`."""

    text: str
    is_public: bool = False


class Answer(Justification):
    """A justification of the warnings of one root cause: `rule` and `group` of a question."""

    rule: str
    group: str


class Question(BaseModel):
    """The warnings of one root cause. `is_open`: nothing was said of these values; `answer` is then of earlier ones."""

    rule: str
    title: str
    group: str
    indicator: str | None
    cell_count: int
    is_open: bool
    answer: Justification | None


class NewMessage(BaseModel):
    """What to write to the others of a submission."""

    text: str


class Message(NewMessage):
    """What somebody wrote about a submission, and when (UTC)."""

    who: str
    is_steward: bool
    written_at: str


NOT_DONE: dict[int | str, dict[str, Any]] = {400: {"model": Problem, "description": "No text, or one that may not be"}}
CHANGED: dict[int | str, dict[str, Any]] = {409: {"model": Problem, "description": "It has no such warnings"}}
TOO_MANY: dict[int | str, dict[str, Any]] = {429: {"model": Problem, "description": "Too many messages for an hour"}}
router = APIRouter(responses=PROBLEMS)


@router.get("/submissions/{submission_id}/questions")
def questions(request: Request, caller: Caller, submission_id: str, lang: str = "") -> list[Question]:
    """Return what the warnings of a submission ask, with the answers; titles in `lang` or the country's language."""
    settings = access.settings_of(request)
    access.receipt_for(settings, caller, submission_id)
    language = language_for(lang if lang in known_languages() else country_language(submission_id[:2]))
    return [Question(**each) for each in asked_of(settings, caller, submission_id, language)]


@router.post("/submissions/{submission_id}/justifications", status_code=201, responses=NOT_DONE | CHANGED)
def justify(request: Request, caller: Caller, submission_id: str, said: Answer) -> list[Question]:
    """Answer the warnings of one root cause, and return what is asked now."""
    explain(access.settings_of(request), caller, submission_id, **said.model_dump())
    return questions(request, caller, submission_id)


@router.get("/submissions/{submission_id}/messages")
def messages(request: Request, caller: Caller, submission_id: str) -> list[Message]:
    """Return the messages about a submission, oldest first."""
    settings = access.settings_of(request)
    access.submission_for(settings, caller, "write", submission_id)
    return [Message(**each) for each in thread_of(settings, caller, submission_id)]


@router.post("/submissions/{submission_id}/messages", status_code=201, responses=NOT_DONE | TOO_MANY)
def write(
    request: Request, caller: Caller, submission_id: str, said: NewMessage, afterwards: BackgroundTasks
) -> list[Message]:
    """Write a message, and return the thread; who it is for gets a mail that there is something to read."""
    say(request, caller, submission_id, said.text)
    afterwards.add_task(mail.deliver, access.settings_of(request))
    return messages(request, caller, submission_id)
