"""Work that pages and programs ask for alike, each piece when its turn has come: examine, compare, preview, send."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any, cast

from anyio import to_thread
from starlette.requests import Request

from ingestion.checks.desk import NATIONAL_BYTES
from ingestion.errors import PcmError
from ingestion.intake import process_submission
from ingestion.languages import Language
from ingestion.ledger.four_eyes import asks_second_person
from ingestion.portal.correspondence.pdf import receipt_pdf
from ingestion.portal.entrance.access import not_found, require, settings_of, submission_for
from ingestion.portal.roles import Account
from ingestion.portal.sending import drafts, four_eyes
from ingestion.portal.sending.effect import Effect, effect_of
from ingestion.portal.sending.preview import Preview, preview_of
from ingestion.portal.sending.turns import Turns


class Waits(Exception):
    """A file waits for its turn, at a place of the queue: 1 is the next, 0 is being examined.

    `facts`: what arrived, with `original_name`, `size_bytes` and `sha256`.
    """

    def __init__(self, place: int, facts: dict[str, Any]) -> None:
        super().__init__(place)
        self.place, self.facts = place, facts


async def examine(request: Request, draft: drafts.Draft, *, seconds: float | None = None) -> dict[str, Any] | None:
    """Return the desk's answer to a draft; None when a fault of ours delays it. Errors: 404; `Waits`.

    Waits for so many seconds, or else as long as a reader does.
    """
    try:
        facts = draft.facts
        if draft.is_examined:
            return await to_thread.run_sync(drafts.answer_of, settings_of(request), draft)
        patience = _patience_of(request, facts) if seconds is None else seconds
        answer = await _patiently(ask_for_turn(request, draft), patience)
    except drafts.DraftGone:
        raise not_found() from None
    except PcmError:
        return None
    if answer is None:
        raise Waits(_turns_of(request).place(draft.upload_id) or 0, facts)
    return dict(answer)


def _patience_of(request: Request, facts: dict[str, Any]) -> float:
    """Return for how many seconds a reader waits before the page says that the file waits.

    Whoever sends a large file is told at once that it arrived.
    """
    seconds: float = request.app.state.patience_seconds
    return seconds if facts["size_bytes"] <= NATIONAL_BYTES else 0


def ask_for_turn(request: Request, draft: drafts.Draft) -> Future[dict[str, Any]]:
    """Have a draft examined when it is its country's turn, whether somebody waits for it or not.

    Of a country of which more files wait, each gives way to those of others.
    """
    turns, settings = _turns_of(request), settings_of(request)

    def work() -> dict[str, Any]:
        return drafts.answer_of(settings, draft, gives_way=turns.does_wait(draft.country_code))

    return turns.ask(draft.upload_id, draft.country_code, work)


async def effect(request: Request, draft: drafts.Draft) -> Effect:
    """Return what sending a draft that was examined would do; readers take turns, as files do."""
    work = partial(effect_of, settings_of(request), draft.accepted, country_code=draft.country_code)
    return cast(Effect, await _view(request, draft.upload_id, "effect", work))


async def preview(request: Request, draft: drafts.Draft) -> Preview:
    """Return what the country's figures would be if a draft that was examined were sent."""
    work = partial(preview_of, settings_of(request), draft.accepted, country_code=draft.country_code)
    return cast(Preview, await _view(request, draft.upload_id, "preview", work))


async def pdf(request: Request, submission_id: str, language: Language) -> bytes:
    """Return the receipt of a submission as a PDF in a language. Errors: `PcmError` when it cannot be made."""
    work = partial(receipt_pdf, settings_of(request), submission_id, language)
    return cast(bytes, await _view(request, submission_id, f"pdf {language.code}", work))


async def _view(request: Request, submission_id: str, name: str, work: Callable[[], Any]) -> Any:
    views: Turns = request.app.state.views
    asked = asyncio.wrap_future(views.ask(f"{name} {submission_id}", submission_id[:2], work))
    return await asyncio.shield(asked)  # others may wait for the same


async def send(request: Request, draft: drafts.Draft, account: Account) -> None:
    """Send a draft: it has arrived when this returns. A late answer is seen on the submission's page.

    Errors: `DraftGone`.
    """
    settings, submission_id = settings_of(request), draft.upload_id
    patience = _patience_of(request, draft.facts)
    await to_thread.run_sync(drafts.submit, settings, draft, account)
    work = partial(process_submission, settings, submission_id)
    try:
        answer = _turns_of(request).ask(_sent(submission_id), draft.country_code, work)
        await _patiently(answer, patience)
    except PcmError:
        return  # recorded, and told in the receipt; the sweep tries again


def wait_for_answer(request: Request, found: dict[str, Any]) -> None:
    """Errors: `Waits` while a submission, as the ledger knows it, waits for its answer here."""
    place = _turns_of(request).place(_sent(found["submission_id"]))
    if place is not None:
        raise Waits(place, found)


async def send_by_id(request: Request, account: Account, upload_id: str) -> bool:
    """Send a draft, or put it forward where a second person is asked, and say whether it is sent now.

    Whoever sends what was sent already changes nothing. Errors: 404, 403.
    """
    settings = settings_of(request)
    if draft := drafts.find_draft(settings, upload_id):
        require(account, "send", draft.country_code)
        if asks_second_person(settings, draft.country_code):
            four_eyes.put_forward(settings, draft, account)
            return False
        with suppress(drafts.DraftGone):  # somebody else was faster
            await send(request, draft, account)
    submission_for(settings, account, "send", upload_id)
    return True


async def _patiently(result: Future[Any], seconds: float) -> Any:
    """Return a result, or None when it takes longer; it goes on then."""
    waited = asyncio.wrap_future(result)
    await asyncio.wait([waited], timeout=seconds)
    return waited.result() if waited.done() else None


def _sent(submission_id: str) -> str:
    return f"sent {submission_id}"


def _turns_of(request: Request) -> Turns:
    turns: Turns = request.app.state.turns
    return turns
