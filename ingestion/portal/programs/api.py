"""The interface for machines: upload, see the answer and what it would change, send, receipt, findings, template."""

from tempfile import TemporaryFile
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from ingestion.languages import country_language, known_languages, language_for
from ingestion.portal.correspondence.proof import proved_receipt
from ingestion.portal.entrance import access
from ingestion.portal.entrance.accounts import account as find_account
from ingestion.portal.entrance.secret_keys import TOKEN, account_id_of
from ingestion.portal.roles import Account
from ingestion.portal.sending import drafts, in_turns
from ingestion.portal.sending.downloads import XLSX, attachment, template_of
from ingestion.portal.sending.draft_access import draft_for
from ingestion.portal.sending.effect import CHANGE_KINDS
from ingestion.portal.web.forms import in_pieces
from ingestion.receipts import localise


class Problem(BaseModel):
    """Why nothing was done."""

    detail: str


class Effect(BaseModel):
    """Rows that sending would add, change or remove among those in force, and those that stay the same.

    `remarked`: the figure stays the same, its comment or reference does not.
    """

    new: int
    changed: int
    remarked: int
    deleted: int
    same: int


class Upload(BaseModel):
    """A file that was uploaded and examined. It does not count until it is sent; `verdict` null: ask again later."""

    upload_id: str
    country_code: str
    original_name: str
    sha256: str
    size_bytes: int
    verdict: str | None
    rows: dict[str, int] | None
    counting_indicators: list[str]
    waiting_indicators: list[str]
    effect: Effect
    is_sent: bool


class Submission(BaseModel):
    """A file that was sent, what became of it, and the releases that have figures of it."""

    submission_id: str
    country_code: str
    original_name: str
    received_at: str
    arrived_via: str
    status: str
    verdict: str | None
    rows_accepted: int | None
    rows_held: int | None
    rows_refused: int | None
    releases: list[str]


PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "No token, or one that is not valid (any more)"},
    403: {"model": Problem, "description": "The role of the account does not allow it"},
    404: {"model": Problem, "description": "Not there, or not of a country of the account"},
}
TOO_LARGE: dict[int | str, dict[str, Any]] = {413: {"model": Problem, "description": "More than one upload may have"}}
FORWARDED: dict[int | str, dict[str, Any]] = {
    202: {"model": Problem, "description": "The country asks for a second person, who must approve it first"}
}
ANY_BYTES = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}
PATIENCE_SECONDS = 60.0  # longer than a reader's: a program has no page that looks again
router = APIRouter(responses=PROBLEMS)
bearer = HTTPBearer(auto_error=False)


def caller(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Account:
    """Return whose token it is. Errors: 401."""
    settings = access.settings_of(request)
    account_id = account_id_of(settings, TOKEN, credentials.credentials) if credentials else None
    found = find_account(settings, account_id) if account_id else None
    if found is None:
        raise HTTPException(401, "Bring a valid token: Authorization: Bearer ...", {"WWW-Authenticate": "Bearer"})
    request.state.account_id = found.account_id
    return found


Caller = Annotated[Account, Depends(caller)]


@router.post("/uploads", status_code=201, responses=TOO_LARGE, openapi_extra=ANY_BYTES)
async def upload(request: Request, caller: Caller, country: str, name: str = drafts.NO_NAME) -> Upload:
    """Upload a file, the body of the request, and get the answer. Nothing counts until it is sent."""
    access.require(caller, "upload", country)
    settings = access.settings_of(request)
    with TemporaryFile() as file:
        async for piece in in_pieces(request):
            await to_thread.run_sync(file.write, piece)
        file.seek(0)
        upload_id = await to_thread.run_sync(
            lambda: drafts.keep(settings, file, name=name, country_code=country, account=caller)
        )
    return await _upload(request, caller, upload_id)


@router.get("/uploads/{upload_id}")
async def get_upload(request: Request, caller: Caller, upload_id: str) -> Upload:
    """Return a draft with its answer and what it would change now."""
    return await _upload(request, caller, upload_id)


@router.post("/uploads/{upload_id}/send", response_model=Submission, responses=FORWARDED)
async def send(request: Request, caller: Caller, upload_id: str) -> Submission | JSONResponse:
    """Send a draft: from now on it is a submission of the same id. Sending again changes nothing."""
    if not await in_turns.send_by_id(request, caller, upload_id):
        return JSONResponse({"detail": "Another person of the country must approve it first."}, status_code=202)
    return _submission(request, caller, upload_id)


@router.delete("/uploads/{upload_id}", status_code=204)
def discard(request: Request, caller: Caller, upload_id: str) -> None:
    """Forget a draft."""
    settings = access.settings_of(request)
    drafts.discard(settings, draft_for(settings, caller, "upload", upload_id), caller)


@router.get("/submissions")
def submissions(request: Request, caller: Caller) -> list[Submission]:
    """Return the submissions of the account's countries, the latest first."""
    if not caller.may("read"):
        raise access.forbidden()
    return [Submission(**entry) for entry in access.history(access.settings_of(request), caller.countries)]


@router.get("/submissions/{submission_id}")
def status(request: Request, caller: Caller, submission_id: str) -> Submission:
    """Return what became of a submission."""
    return _submission(request, caller, submission_id)


@router.get("/submissions/{submission_id}/receipt")
def receipt(request: Request, caller: Caller, submission_id: str) -> dict[str, Any]:
    """Return the receipt with its proof, which `pcm verify-receipt` checks offline."""
    settings = access.settings_of(request)
    access.receipt_for(settings, caller, submission_id)
    return proved_receipt(settings, submission_id)


@router.get("/submissions/{submission_id}/findings")
def findings(request: Request, caller: Caller, submission_id: str, lang: str = "") -> list[dict[str, Any]]:
    """Return every finding with its sentences, in the language of `lang` or else of the country."""
    answered = access.receipt_for(access.settings_of(request), caller, submission_id)
    language = language_for(lang if lang in known_languages() else country_language(submission_id[:2]))
    return list(localise(answered, language)["findings"])


@router.get("/submissions/{submission_id}/original", response_class=FileResponse, responses=FILE)
def original(request: Request, caller: Caller, submission_id: str) -> Response:
    """Return the file that was sent, byte for byte."""
    path, name = access.original_for(access.settings_of(request), caller, submission_id)
    return FileResponse(path, headers=attachment(name), media_type="application/octet-stream")


@router.get("/template", response_class=Response, responses=WORKBOOK | {400: {"model": Problem}})
def template(
    request: Request,
    caller: Caller,
    country: str,
    round_id: Annotated[str, Query(alias="round")],
    theme: str = "",
) -> Response:
    """Return the workbook to fill in."""
    access.require(caller, "template", country)
    return template_of(access.settings_of(request), country, round_id, theme, country_language(country))


async def _upload(request: Request, caller: Account, upload_id: str) -> Upload:
    settings = access.settings_of(request)
    if drafts.find_draft(settings, upload_id) is None:
        return _sent(request, caller, upload_id)
    draft = draft_for(settings, caller, "upload", upload_id)
    try:
        answer = await in_turns.examine(request, draft, seconds=PATIENCE_SECONDS)
    except in_turns.Waits:
        answer = None
    effect = await in_turns.effect(request, draft)
    facts = {name: draft.facts[name] for name in ("original_name", "sha256", "size_bytes")}
    return _described(upload_id, draft.country_code, facts, answer, effect.totals, is_sent=False)


def _sent(request: Request, caller: Account, upload_id: str) -> Upload:
    settings = access.settings_of(request)
    entry = access.submission_for(settings, caller, "upload", upload_id)
    answer = access.receipt_for(settings, caller, upload_id) if entry["status"] == "answered" else None
    facts = {name: entry[name] for name in ("original_name", "sha256", "size_bytes")}
    nothing = dict.fromkeys(CHANGE_KINDS, 0)
    return _described(upload_id, entry["country_code"], facts, answer, nothing, is_sent=True)


def _described(
    upload_id: str,
    country_code: str,
    facts: dict[str, Any],
    answer: dict[str, Any] | None,
    effect: dict[str, int],
    *,
    is_sent: bool,
) -> Upload:
    indicators = answer["indicators"] if answer else []
    return Upload(
        upload_id=upload_id,
        country_code=country_code,
        **facts,
        verdict=answer["verdict"] if answer else None,
        rows=answer["rows"] if answer else None,
        counting_indicators=[each["indicator_code"] for each in indicators if each["counts_already"]],
        waiting_indicators=[each["indicator_code"] for each in indicators if not each["counts_already"]],
        effect=Effect(**effect),
        is_sent=is_sent,
    )


def _submission(request: Request, caller: Account, submission_id: str) -> Submission:
    return Submission(**access.entry_for(access.settings_of(request), caller, submission_id))
