"""The pages at the door: sign in, sign out, and the invitation by which a person comes in first."""

import secrets
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from anyio import to_thread
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingestion.languages import phrase
from ingestion.portal.entrance import access, accounts, passwords
from ingestion.portal.entrance.secret_keys import LIFETIME_SECONDS, SESSION, account_id_of, issue, use_up
from ingestion.portal.roles import Account
from ingestion.portal.web import refusals
from ingestion.portal.web.forms import FORM_COOKIE, SESSION_COOKIE, our_form, set_cookie, text_of
from ingestion.portal.web.guard import csrf_of, origin_of, reader_language
from ingestion.portal.web.rendering import refusal, render

SEE_OTHER = 303
WRONG = phrase(
    "This address and password do not belong together, or the account is locked for a quarter of an hour after too "
    "many attempts. If you have forgotten your password, ask your steward for a new invitation."
)
TOO_MANY = phrase("There were too many attempts from here. Please try again in a quarter of an hour.")
NO_INVITATION = phrase("This invitation has been used or is older than seven days. Ask your steward for a new one.")
DIFFERENT = phrase("The two passwords are not the same.")
# {what went wrong: (what is said, what fills its placeholders)}
PROBLEMS = {"wrong": (WRONG, {}), "different": (DIFFERENT, {}), **passwords.PROBLEMS}
# What a form is told when it is shown again: what went wrong, and the address that was given.
AGAIN_COOKIE, AGAIN_SECONDS = "pcm_again", 60
LONGEST_ADDRESS = 254
router = APIRouter()


class SignInFirst(Exception):
    """Nobody is signed in."""


async def sign_in_first(request: Request, _: Exception) -> Response:
    """Lead to the page to sign in."""
    if request.cookies.get(SESSION_COOKIE):  # forged, used up or too old
        await refusals.note(request, 401)
    return RedirectResponse("/sign-in", status_code=SEE_OTHER)


def visitor(request: Request) -> Account:
    """Return who is signed in. Errors: `SignInFirst`."""
    settings = access.settings_of(request)
    account_id = account_id_of(settings, SESSION, request.cookies.get(SESSION_COOKIE, ""))
    found = accounts.account(settings, account_id) if account_id else None
    if found is None:
        raise SignInFirst
    request.state.account_id = found.account_id
    return found


Visitor = Annotated[Account, Depends(visitor)]


@router.get("/sign-in")
def show_sign_in(request: Request) -> Response:
    """Show the page to sign in."""
    return _sign_in_form(request)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Begin a session, with a secret of its own."""
    form = await our_form(request, FORM_COOKIE)
    if not request.app.state.sign_ins.allows(origin_of(request)):
        await refusals.note(request, 429)
        return _sign_in_form(request, problem=reader_language(request).say(TOO_MANY), status_code=429)
    settings = access.settings_of(request)
    address, password = text_of(form, "email"), text_of(form, "password")
    found = await to_thread.run_sync(accounts.sign_in, settings, address, password)
    if found is None:
        return _again(request, "/sign-in", "wrong", address)
    return begin_session(request, found)


@router.post("/sign-out")
async def sign_out(request: Request, visitor: Visitor) -> Response:
    """End the session: its secret is worth nothing from now on."""
    await our_form(request, SESSION_COOKIE)
    use_up(access.settings_of(request), SESSION, request.cookies[SESSION_COOKIE])
    answer = RedirectResponse("/sign-in", status_code=SEE_OTHER)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.get("/invitation/{secret}")
async def show_invitation(request: Request, secret: str) -> Response:
    """Show the page where an invited person sets a password; to look at it uses nothing up."""
    found = await to_thread.run_sync(accounts.invited, access.settings_of(request), secret)
    if found is None:
        return await _worthless(request)
    return _invitation(request, found)


@router.post("/invitation/{secret}")
async def accept_invitation(request: Request, secret: str) -> Response:
    """Set the password and begin a session."""
    form = await our_form(request, FORM_COOKIE)
    settings, path = access.settings_of(request), f"/invitation/{secret}"
    found, password = accounts.invited(settings, secret), text_of(form, "password")
    if found is None:
        return await _worthless(request)
    if problem := passwords.problem_of(password, found.email):
        return _again(request, path, problem)
    if password != text_of(form, "again"):
        return _again(request, path, "different")
    if await to_thread.run_sync(accounts.accept, settings, secret, password) is None:
        return await _worthless(request)
    return begin_session(request, found)


def begin_session(request: Request, found: Account) -> Response:
    """Lead somebody whose account is known to the first page, with a session of its own."""
    answer = RedirectResponse("/", status_code=SEE_OTHER)
    secret = issue(access.settings_of(request), SESSION, found.account_id)
    set_cookie(request, answer, SESSION_COOKIE, secret, LIFETIME_SECONDS[SESSION])
    answer.delete_cookie(FORM_COOKIE)
    return answer


async def _worthless(request: Request) -> Response:
    await refusals.note(request, 404)
    return refusal(request, 404, reader_language(request).say(NO_INVITATION))


def _again(request: Request, path: str, problem: str, address: str = "") -> Response:
    """Lead back to a form that is told what went wrong: to a page that answers a POST, no browser goes back."""
    answer = RedirectResponse(path, status_code=SEE_OTHER)
    told = urlencode({"problem": problem, "address": address[:LONGEST_ADDRESS]})
    set_cookie(request, answer, AGAIN_COOKIE, told, AGAIN_SECONDS)
    return answer


def _sign_in_form(request: Request, *, problem: str = "", status_code: int = 200) -> Response:
    has_provider = bool(access.settings_of(request).oidc_issuer)
    return _public_form(request, "sign_in.html.j2", problem=problem, has_provider=has_provider, status_code=status_code)


def _public_form(
    request: Request, template: str, *, problem: str = "", status_code: int = 200, **values: Any
) -> Response:
    """Return a page with a form for somebody who is not signed in; a cookie ties the form to its reader."""
    secret = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe()
    told = dict(parse_qsl(request.cookies.get(AGAIN_COOKIE, "")))
    sentence, given = PROBLEMS.get(told.get("problem", ""), ("", {}))
    shown = {"address": told.get("address", ""), **values}
    shown["problem"] = problem or (reader_language(request).say(sentence, **given) if sentence else "")
    answer = render(request, template, None, token=csrf_of(secret), status_code=status_code, **shown)
    set_cookie(request, answer, FORM_COOKIE, secret, LIFETIME_SECONDS[SESSION])
    answer.delete_cookie(AGAIN_COOKIE)
    return answer


def _invitation(request: Request, found: Account) -> Response:
    lengths: dict[str, Any] = {"shortest": passwords.SHORTEST, "longest": passwords.LONGEST}
    return _public_form(request, "invitation.html.j2", email=found.email, **lengths)
