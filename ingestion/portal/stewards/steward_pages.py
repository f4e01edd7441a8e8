"""The steward's screen: what needs a decision, and the decisions, by the functions that the commands call."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingestion import ledger
from ingestion.catalogue import latest_round, rows
from ingestion.errors import PcmError
from ingestion.intake.hold import release_hold
from ingestion.intake.hold import waive as waive_failures
from ingestion.intake.set_aside import count_again, set_aside
from ingestion.languages import Language, phrase
from ingestion.languages.alphabet import sort_key
from ingestion.ledger.audit_log import record
from ingestion.portal.correspondence.statements import MOST_SIGNS, NotDone, day_of, require_seen, statement
from ingestion.portal.correspondence.thread_pages import unanswered
from ingestion.portal.entrance import access
from ingestion.portal.entrance.accounts import names_of
from ingestion.portal.entrance.sign_in_pages import SEE_OTHER, Visitor
from ingestion.portal.roles import Account
from ingestion.portal.stewards import steward_view
from ingestion.portal.web.forms import SESSION_COOKIE, our_form, text_of
from ingestion.portal.web.guard import reader_language
from ingestion.portal.web.rendering import render
from ingestion.release import drafts, pointing
from ingestion.settings import Settings
from ingestion.status.overview import observatory_status
from ingestion.status.reporting import Reporting, reporting

DECIDED = phrase("{who} has decided on this already, on {moment}: {reason}")
NOT_DONE = phrase("Nothing was done: {said}")
STATES = {
    "waiting": phrase("waits for a decision"),
    "approved": phrase("approved, and published when its hour has come"),
    "refused": phrase("refused"),
}
router = APIRouter(prefix="/steward")


def steward(visitor: Visitor) -> Account:
    """Return who is signed in and may decide. Errors: 403."""
    if not visitor.may("decide"):
        raise access.forbidden()
    return visitor


Steward = Annotated[Account, Depends(steward)]


@router.get("")
def show_screen(request: Request, steward: Steward) -> Response:
    """Show what needs a decision, and how complete each country is."""
    settings = access.settings_of(request)
    last = latest_round()
    return _page(
        request,
        "steward.html.j2",
        steward,
        drafts=drafts.drafts(settings) if settings.publishing == "approval" else [],
        held_builds=steward_view.held_builds(settings),
        holds=steward_view.holds_of_now(settings),
        aside=steward_view.set_aside_now(settings),
        answers=steward_view.ANSWERS,
        left_out=steward_view.left_out_now(settings),
        unanswered=unanswered(settings, steward),
        waivers=steward_view.expiring_waivers(settings),
        problems=observatory_status(settings)["problems"],
        last_round=last,
        countries=sorted(reporting(settings, is_measured=True), key=_alphabet(reader_language(request))),
        releases=steward_view.releases_of(settings),
        explained=steward_view.latest_justifications(settings),
        decisions=steward_view.latest_decisions(settings),
    )


@router.get("/builds/{build_id}")
def show_build(request: Request, steward: Steward, build_id: str) -> Response:
    """Show a build: what the gate says, what it would change, and the decisions that can be made."""
    settings = access.settings_of(request)
    build = _build(settings, build_id)
    return _page(
        request,
        "steward_build.html.j2",
        steward,
        build=build,
        waiver_seen=steward_view.waiver_seen(settings, build),
        changes=steward_view.changes_of(settings, build_id) if build.draft else None,
    )


@router.post("/builds/{build_id}/approve")
async def approve(request: Request, steward: Steward, build_id: str) -> Response:
    """Approve the draft that the steward saw; it is published by the next sweep, or when its embargo ends."""
    form = await our_form(request, SESSION_COOKIE)
    settings, reason, seen = access.settings_of(request), statement(form, "reason"), text_of(form, "seen")
    embargo = f"{text_of(form, 'embargo')}+00:00" if text_of(form, "embargo") else None
    _build(settings, build_id)
    act = partial(drafts.approve, settings, build_id, embargo=embargo, seen_sha256=seen)
    return await _decide(request, steward, "approve", build_id, act, reason)


@router.post("/builds/{build_id}/refuse")
async def refuse(request: Request, steward: Steward, build_id: str) -> Response:
    """Refuse the draft that the steward saw."""
    form = await our_form(request, SESSION_COOKIE)
    settings, reason, seen = access.settings_of(request), statement(form, "reason"), text_of(form, "seen")
    _build(settings, build_id)
    act = partial(drafts.refuse, settings, build_id, seen_sha256=seen)
    return await _decide(request, steward, "refuse", build_id, act, reason)


@router.post("/builds/{build_id}/waive")
async def waive(request: Request, steward: Steward, build_id: str) -> Response:
    """Excuse what failed an expectation, in one country or wherever it failed."""
    form = await our_form(request, SESSION_COOKIE)
    settings, reason, until = access.settings_of(request), statement(form, "reason"), day_of(form, "until")
    expectation, country_code = text_of(form, "expectation"), text_of(form, "country") or None
    require_seen(form, steward_view.waiver_seen(settings, _build(settings, build_id)))
    act = partial(waive_failures, settings, build_id, expectation, country_code=country_code, until=until)
    # Many waivers have the same subject: that there is one already does not say why this one was not given.
    return await _decide(request, steward, "waive", expectation, act, reason, is_once=False)


@router.get("/holds/{submission_id}")
def show_hold(request: Request, steward: Steward, submission_id: str) -> Response:
    """Show why a submission is held, and how that can end."""
    settings = access.settings_of(request)
    holds = _holds(settings, submission_id)
    return _page(request, "steward_hold.html.j2", steward, holds=holds, seen=steward_view.hold_seen(holds))


@router.post("/holds/{submission_id}/release")
async def end_hold(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Let a held submission be judged again with the next build."""
    form = await our_form(request, SESSION_COOKIE)
    settings = access.settings_of(request)
    access.submission_for(settings, visitor, "decide", submission_id)
    reason = statement(form, "reason")
    require_seen(form, steward_view.hold_seen(_holds(settings, submission_id)))
    act = partial(release_hold, settings, submission_id)
    return await _decide(request, visitor, "release_hold", submission_id, act, reason)


@router.get("/submissions/{submission_id}")
def show_file(request: Request, steward: Steward, submission_id: str) -> Response:
    """Show whether a submission may count, and the decision that can be made on it."""
    settings = access.settings_of(request)
    entry = access.submission_for(settings, steward, "decide", submission_id)
    return _page(
        request,
        "steward_file.html.j2",
        steward,
        entry=entry,
        aside=ledger.set_aside_now(settings).get(submission_id),
        seen=steward_view.decided_seen(settings, submission_id),
    )


@router.post("/submissions/{submission_id}/{action}")
async def decide_on_file(request: Request, visitor: Visitor, submission_id: str, action: str) -> Response:
    """Set a submission aside, or let it count again."""
    form = await our_form(request, SESSION_COOKIE)
    acts: dict[str, Callable[..., object]] = {"set_aside": set_aside, "count_again": count_again}
    if action not in acts:
        raise access.not_found()
    settings = access.settings_of(request)
    access.submission_for(settings, visitor, "decide", submission_id)
    reason = statement(form, "reason")
    require_seen(form, steward_view.decided_seen(settings, submission_id))
    act = partial(acts[action], settings, submission_id)
    return await _decide(request, visitor, action, submission_id, act, reason)


@router.get("/releases/{release_id}")
def show_release(request: Request, steward: Steward, release_id: str) -> Response:
    """Show a release with the decisions that can be made on it."""
    settings = access.settings_of(request)
    releases = steward_view.releases_of(settings)
    release = next((each for each in releases if each["release_id"] == release_id), None)
    if release is None:
        raise access.not_found()
    seen = steward_view.releases_seen(releases)
    new = steward_view.new_files_of(settings, release_id)
    return _page(request, "steward_release.html.j2", steward, release=release, new=new, seen=seen)


@router.post("/releases/{release_id}/{action}")
async def point(request: Request, steward: Steward, release_id: str, action: str) -> Response:
    """Withdraw a release, or make it the current one again."""
    form = await our_form(request, SESSION_COOKIE)
    acts: dict[str, Callable[..., object]] = {"withdraw": pointing.withdraw, "rollback": pointing.rollback}
    if action not in acts:
        raise access.not_found()
    settings, reason = access.settings_of(request), statement(form, "reason")
    require_seen(form, steward_view.releases_seen(steward_view.releases_of(settings)))
    act = partial(acts[action], settings, release_id)
    return await _decide(request, steward, action, release_id, act, reason)


async def _decide(
    request: Request,
    steward: Account,
    action: str,
    subject: str,
    act: Callable[..., object],
    reason: str,
    *,
    is_once: bool = True,
) -> Response:
    """Make a decision in the steward's name. Errors: `NotDone`, with who was quicker if somebody was."""
    settings = access.settings_of(request)
    try:
        await to_thread.run_sync(partial(act, by=steward.account_id, reason=reason))
    except PcmError as error:
        made = [each for each in ledger.decisions(settings) if each["subject"] == subject]
        if made and is_once:
            raise NotDone(DECIDED, status_code=409, **_shown_decision(settings, made[-1])) from None
        raise NotDone(NOT_DONE, status_code=409, said=str(error)) from None
    record(settings, "decide", account_id=steward.account_id, subject=subject, decision=action)
    return RedirectResponse("/steward", status_code=SEE_OTHER)


def _shown_decision(settings: Settings, decision: dict[str, Any]) -> dict[str, Any]:
    who = names_of(settings).get(decision["decided_by"], decision["decided_by"])
    moment = datetime.fromisoformat(decision["decided_at"])
    return {"who": who, "moment": moment, "reason": decision["reason"]}


def _build(settings: Settings, build_id: str) -> steward_view.Build:
    found = steward_view.build_of(settings, build_id)
    if found is None:
        raise access.not_found()
    return found


def _holds(settings: Settings, submission_id: str) -> list[dict[str, Any]]:
    found = [hold for hold in steward_view.holds_of_now(settings) if hold["submission_id"] == submission_id]
    if found:
        return found
    ended = [
        each for each in ledger.decisions(settings, "release_hold", "set_aside") if each["subject"] == submission_id
    ]
    if ended:
        raise NotDone(DECIDED, status_code=409, **_shown_decision(settings, ended[-1]))
    raise access.not_found()


def _alphabet(language: Language) -> Callable[[Reporting], str]:
    """Return by what countries are sorted in a language."""
    names = _country_names(language)
    return lambda each: sort_key(names[each.country_code], language.text_code)


def _country_names(language: Language) -> dict[str, str]:
    return {row["country_code"]: language.word(row["country_name"]) for row in rows("countries")}


def _page(request: Request, template: str, steward: Account, **values: Any) -> Response:
    return render(
        request,
        template,
        steward,
        country_names=_country_names(reader_language(request)),
        people=names_of(access.settings_of(request)),
        states=STATES,
        most_signs=MOST_SIGNS,
        **values,
    )
