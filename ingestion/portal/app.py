"""The application: pages for people, an interface for machines, one guard around both."""

from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from ingestion.portal.correspondence import justify_pages, statements, thread_pages
from ingestion.portal.entrance import access, oidc, oidc_pages, sign_in_pages
from ingestion.portal.programs import api, api_threads, resumable
from ingestion.portal.sending import file_pages, four_eyes_pages, guide_pages, in_turns
from ingestion.portal.sending.turns import Turns
from ingestion.portal.stewards import status_pages, steward_pages
from ingestion.portal.web import refusals
from ingestion.portal.web.addresses import portal_url
from ingestion.portal.web.forms import BROKEN, OLD_FORM, TOO_MANY_FILES
from ingestion.portal.web.guard import HEADERS, TOO_MUCH, BodyTooLarge, Guard, Rate, reader_language
from ingestion.portal.web.rendering import SOMETHING_WRONG, refusal
from ingestion.settings import Settings

API = "/api/v1"
PAGES = (
    sign_in_pages,
    file_pages,
    guide_pages,
    four_eyes_pages,
    justify_pages,
    thread_pages,
    steward_pages,
    status_pages,
)
ASSETS = Path(__file__).resolve().parent / "assets"
# Of one origin, whatever account is tried; an account is locked much sooner.
SIGN_INS, SIGN_IN_SECONDS = 30, 15 * 60
# Between here and the provider: state, nonce and PKCE's verifier, signed, for this browser only.
SIGN_IN_COOKIE, SIGN_IN_UNDER_WAY_SECONDS = "pcm_sign_in", 10 * 60
# A reader waits so long for an answer before the page says that the file waits.
PATIENCE_SECONDS = 2.0
DESCRIPTION = (
    "Send the figures of your country, read the answer and the receipt. Every call needs the token that your steward "
    "gives you (`Authorization: Bearer ...`). What belongs to another country is not found (404)."
)


def make_portal(settings: Settings) -> FastAPI:
    """Return the application of one observatory's portal."""
    app = FastAPI(
        title="PCM Observatory portal",
        version="1",
        description=DESCRIPTION,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # its pages load scripts from other hosts
        redoc_url=None,
        exception_handlers={
            HTTPException: _refused,
            BodyTooLarge: _too_large,
            ClientDisconnect: _gone,
            sign_in_pages.SignInFirst: sign_in_pages.sign_in_first,
            statements.NotDone: _not_done,
            in_turns.Waits: file_pages.waiting,
            Exception: _failed,
        },
    )
    app.state.settings = settings
    app.state.is_https = portal_url(settings).startswith("https://")
    app.state.sign_ins = Rate(most=SIGN_INS, seconds=SIGN_IN_SECONDS)
    app.state.refusals, app.state.messages = refusals.refusal_rate(), thread_pages.message_rate()
    # Files take turns at the desk, readers at what is computed for them: neither waits for the other.
    app.state.patience_seconds = PATIENCE_SECONDS
    app.state.turns, app.state.views = Turns(), Turns()
    for router in (api.router, api_threads.router, resumable.router, status_pages.api_router):
        app.include_router(router, prefix=API)
    for pages in PAGES:
        app.include_router(pages.router, include_in_schema=False)
    if oidc.is_configured(settings):
        _offer_provider(app, settings)
    app.mount("/assets", StaticFiles(directory=ASSETS), name="assets")
    app.add_middleware(Guard, most_mb=settings.max_file_mb, is_https=app.state.is_https)
    return app


def _offer_provider(app: FastAPI, settings: Settings) -> None:
    app.include_router(oidc_pages.router, include_in_schema=False)
    app.add_middleware(
        SessionMiddleware,
        secret_key=oidc.cookie_key(settings),
        session_cookie=SIGN_IN_COOKIE,
        max_age=SIGN_IN_UNDER_WAY_SECONDS,
        path=oidc_pages.START,
        https_only=app.state.is_https,
    )


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if _is_attempt(request, error):
        await refusals.note(request, error.status_code)
    if request.url.path.startswith(API):
        return JSONResponse({"detail": error.detail}, status_code=error.status_code, headers=error.headers)
    # Only what is written for readers is shown: our sentences, which can be translated.
    is_ours = error.detail in (OLD_FORM, BROKEN, TOO_MANY_FILES)
    sentence = reader_language(request).say(error.detail) if is_ours else ""
    return refusal(request, error.status_code, sentence)


def _is_attempt(request: Request, error: HTTPException) -> bool:
    """Say whether somebody tried what is not theirs, with a worthless token, or by a form that is not ours."""
    has_token = error.status_code == 401 and "authorization" in request.headers
    return isinstance(error, access.NotTheirs) or error.status_code == 403 or error.detail == OLD_FORM or has_token


async def _too_large(request: Request, _: Exception) -> Response:
    await refusals.note(request, 413)
    sentence = reader_language(request).say(TOO_MUCH, most_mb=request.app.state.settings.max_file_mb)
    if request.url.path.startswith(API):
        return JSONResponse({"detail": sentence}, status_code=413)
    return refusal(request, 413, sentence)


async def _not_done(request: Request, error: Exception) -> Response:
    assert isinstance(error, statements.NotDone)
    sentence = reader_language(request).say(error.sentence, **error.given)
    if request.url.path.startswith(API):
        return JSONResponse({"detail": sentence}, status_code=error.status_code)
    # What was not done is always asked for on the page of the thing above it.
    return refusal(request, error.status_code, sentence, back=request.url.path.rpartition("/")[0])


async def _failed(request: Request, _: Exception) -> Response:
    """A fault of ours: uvicorn logs it, and the reader learns that nothing is lost."""
    if request.url.path.startswith(API):
        return JSONResponse({"detail": SOMETHING_WRONG}, status_code=500, headers=HEADERS)
    answer = refusal(request, 500)
    answer.headers.update(HEADERS)  # this answer does not pass the guard
    return answer


async def _gone(_: Request, __: Exception) -> Response:
    return PlainTextResponse("", status_code=400)  # nobody is there to read it
