"""The pages that people see. Each works without JavaScript; every form shows that it is ours."""

import secrets
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Depends, HTTPException
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from ingestion.catalogue import rows
from ingestion.languages import COMPLETE_LANGUAGES, language_for, phrase
from ingestion.portal import accounts, doors, drafts
from ingestion.portal.downloads import attachment, marked_workbook, template_of
from ingestion.portal.effect import effect_of
from ingestion.portal.guard import LANGUAGE_COOKIE, csrf_of, is_our_form, reader_language
from ingestion.portal.proof import proof_of, proved_page, proved_receipt
from ingestion.portal.roles import Account
from ingestion.portal.secret_keys import LIFETIME_SECONDS, SESSION, account_id_of, issue, use_up
from ingestion.receipts import localise
from ingestion.receipts.page import page_values, words_css
from ingestion.receipts.templates import TEMPLATE_FOLDER as RECEIPT_FOLDER
from ingestion.receipts.wording import VERDICTS

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).resolve().parent / "templates"
SESSION_COOKIE, FORM_COOKIE = "pcm_session", "pcm_form"
MOST_FILES, MOST_FIELDS = 50, 10
YEAR_SECONDS = 365 * 24 * 3600
SEE_OTHER = 303
WRONG = phrase(
    "This address and password do not belong together, or the account is locked for a quarter of an hour after too "
    "many attempts. If you have forgotten your password, ask your steward for a new invitation."
)
TOO_MANY = phrase("There were too many attempts from here. Please try again in a quarter of an hour.")
NO_INVITATION = phrase("This invitation has been used or is older than seven days. Ask your steward for a new one.")
DIFFERENT = phrase("The two passwords are not the same.")
NO_FILE = phrase("Please choose a file first.")
OLD_FORM = phrase("This page was open for too long, or the form did not come from it. Please open it again and repeat.")
BROKEN = phrase("The upload did not arrive whole, and nothing of it was kept. Please send it again.")
REFUSALS = {
    400: phrase("This cannot be done as it was asked."),
    403: phrase("Your account may not do this. If it should, ask your steward."),
    404: phrase("There is no such page here."),
}
SOMETHING_WRONG = phrase("This did not work. Nothing is lost; please try again.")
router = APIRouter()


class SignInFirst(Exception):
    """Nobody is signed in."""


async def sign_in_first(request: Request, _: Exception) -> Response:
    """Lead to the page to sign in."""
    return RedirectResponse("/sign-in", status_code=SEE_OTHER)


def visitor(request: Request) -> Account:
    """Return who is signed in. Errors: `SignInFirst`."""
    settings = doors.settings_of(request)
    account_id = account_id_of(settings, SESSION, request.cookies.get(SESSION_COOKIE, ""))
    found = accounts.account(settings, account_id) if account_id else None
    if found is None:
        raise SignInFirst
    return found


Visitor = Annotated[Account, Depends(visitor)]


@router.get("/healthy")
async def healthy() -> Response:
    """Say that the portal answers."""
    return PlainTextResponse("healthy\n")


@router.get("/sign-in")
def show_sign_in(request: Request) -> Response:
    """Show the page to sign in."""
    return _public_form(request, "sign_in.html.j2", problem="")


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Begin a session, with a secret of its own."""
    form = await _our_form(request, FORM_COOKIE)
    say = reader_language(request).say
    if not request.app.state.sign_ins.allows(request.client.host if request.client else ""):
        return _public_form(request, "sign_in.html.j2", problem=say(TOO_MANY), status_code=429)
    settings = doors.settings_of(request)
    address, password = _text(form, "email"), _text(form, "password")
    found = await to_thread.run_sync(accounts.sign_in, settings, address, password)
    if found is None:
        return _public_form(request, "sign_in.html.j2", problem=say(WRONG), status_code=401)
    return _begin_session(request, found)


@router.post("/sign-out")
async def sign_out(request: Request, visitor: Visitor) -> Response:
    """End the session: its secret is worth nothing from now on."""
    await _our_form(request, SESSION_COOKIE)
    use_up(doors.settings_of(request), SESSION, request.cookies[SESSION_COOKIE])
    answer = RedirectResponse("/sign-in", status_code=SEE_OTHER)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.get("/invitation/{secret}")
def show_invitation(request: Request, secret: str) -> Response:
    """Show the page where an invited person sets a password; to look at it uses nothing up."""
    found = accounts.invited(doors.settings_of(request), secret)
    if found is None:
        return refusal(request, 404, reader_language(request).say(NO_INVITATION))
    return _invitation(request, found)


@router.post("/invitation/{secret}")
async def accept_invitation(request: Request, secret: str) -> Response:
    """Set the password and begin a session."""
    form = await _our_form(request, FORM_COOKIE)
    settings, language = doors.settings_of(request), reader_language(request)
    found, password = accounts.invited(settings, secret), _text(form, "password")
    if found is None:
        return refusal(request, 404, language.say(NO_INVITATION))
    if problem := accounts.password_problem(password):
        return _invitation(request, found, problem=language.say(problem[0], count=problem[1]), status_code=400)
    if password != _text(form, "again"):
        return _invitation(request, found, problem=language.say(DIFFERENT), status_code=400)
    if await to_thread.run_sync(accounts.accept, settings, secret, password) is None:
        return refusal(request, 404, language.say(NO_INVITATION))
    return _begin_session(request, found)


@router.get("/")
def home(request: Request, visitor: Visitor) -> Response:
    """Show what can be done and what was done."""
    return _home(request, visitor)


@router.post("/upload")
async def upload(request: Request, visitor: Visitor) -> Response:
    """Take files, examine each, and show the answer to a single one."""
    form = await _our_files(request)
    settings, country_code = doors.settings_of(request), _text(form, "country")
    doors.require(visitor, "upload", country_code)
    files = [file for file in form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    if not files:
        return _home(request, visitor, problem=reader_language(request).say(NO_FILE), status_code=400)
    try:
        ids = [await _keep_and_examine(request, file, country_code, visitor) for file in files]
    finally:
        await form.close()
    draft = drafts.find_draft(settings, ids[0])
    place = f"/uploads/{ids[0]}" if draft else f"/submissions/{ids[0]}"
    return RedirectResponse(place if len(ids) == 1 else "/", status_code=SEE_OTHER)


@router.get("/uploads/{upload_id}")
async def show_upload(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Show the desk's answer to a draft and what it would change."""
    settings = doors.settings_of(request)
    if drafts.find_draft(settings, upload_id) is None:
        doors.submission_for(settings, visitor, "read", upload_id)
        return RedirectResponse(f"/submissions/{upload_id}", status_code=SEE_OTHER)
    draft = doors.draft_for(settings, visitor, "read", upload_id)
    answer = await doors.examine(request, draft)
    effect = await to_thread.run_sync(lambda: effect_of(settings, draft.accepted, country_code=draft.country_code))
    return _page(request, "upload.html.j2", visitor, **_answer_values(request, answer), draft=draft, effect=effect)


@router.post("/uploads/{upload_id}/send")
async def send(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Send a draft. Whoever sends what was sent already sees its receipt."""
    await _our_form(request, SESSION_COOKIE)
    settings = doors.settings_of(request)
    if drafts.find_draft(settings, upload_id):
        await doors.send(request, doors.draft_for(settings, visitor, "send", upload_id), visitor)
    doors.submission_for(settings, visitor, "send", upload_id)
    return RedirectResponse(f"/submissions/{upload_id}", status_code=SEE_OTHER)


@router.post("/uploads/{upload_id}/discard")
async def discard(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Forget a draft."""
    await _our_form(request, SESSION_COOKIE)
    settings = doors.settings_of(request)
    drafts.discard(settings, doors.draft_for(settings, visitor, "upload", upload_id), visitor)
    return RedirectResponse("/", status_code=SEE_OTHER)


@router.get("/uploads/{upload_id}/marked.xlsx")
async def marked_upload(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Give the contact's own workbook back with its findings marked."""
    draft = doors.draft_for(doors.settings_of(request), visitor, "upload", upload_id)
    answer = await doors.examine(request, draft)
    if answer is None:
        raise doors.not_found()
    return await to_thread.run_sync(marked_workbook, draft.original, answer, reader_language(request))


@router.get("/submissions/{submission_id}")
def show_submission(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Show what became of a submission: its receipt, its proof, and the releases that used it."""
    settings = doors.settings_of(request)
    found = doors.submission_for(settings, visitor, "read", submission_id)
    entries = doors.history(settings, (found["country_code"],))
    [entry] = [each for each in entries if each["submission_id"] == submission_id]
    is_answered = found["status"] == "answered"
    receipt = doors.receipt_for(settings, visitor, submission_id) if is_answered else None
    proof = proof_of(settings, submission_id) if is_answered else None
    values = _answer_values(request, receipt)
    return _page(request, "submission.html.j2", visitor, **values, entry=entry, proof=proof)


@router.get("/submissions/{submission_id}/receipt.html")
def receipt_page(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Give the receipt with its proof, as a page to keep."""
    settings = doors.settings_of(request)
    doors.receipt_for(settings, visitor, submission_id)
    data = proved_page(settings, submission_id)
    return Response(data, media_type="text/html", headers=attachment(f"{submission_id}.receipt.html"))


@router.get("/submissions/{submission_id}/receipt.json")
def receipt_json(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Give the receipt with its proof, for programs."""
    settings = doors.settings_of(request)
    doors.receipt_for(settings, visitor, submission_id)
    return JSONResponse(proved_receipt(settings, submission_id), headers=attachment(f"{submission_id}.receipt.json"))


@router.get("/submissions/{submission_id}/original")
def original(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Give the file that was sent, byte for byte."""
    settings = doors.settings_of(request)
    found = doors.submission_for(settings, visitor, "fetch_original", submission_id)
    path = doors.original_of(settings, submission_id)
    return FileResponse(path, headers=attachment(found["original_name"]), media_type="application/octet-stream")


@router.get("/submissions/{submission_id}/marked.xlsx")
def marked_submission(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Give the contact's own workbook back with its findings marked."""
    settings = doors.settings_of(request)
    doors.submission_for(settings, visitor, "fetch_original", submission_id)
    receipt = doors.receipt_for(settings, visitor, submission_id)
    return marked_workbook(doors.original_of(settings, submission_id), receipt, reader_language(request))


@router.get("/template.xlsx")
def template(request: Request, visitor: Visitor, country: str = "", theme: str = "") -> Response:
    """Give the workbook to fill in for the latest round."""
    doors.require(visitor, "template", country)
    round_id = rows("rounds")[-1]["round_id"]
    return template_of(doors.settings_of(request), country, round_id, theme, reader_language(request).code)


@router.get("/words/{code}.css")
def words(code: str) -> Response:
    """Give the words that a phone shows before the cells of a table."""
    if code not in COMPLETE_LANGUAGES:
        raise doors.not_found()
    return Response(words_css(language_for(code)), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


@router.get("/receipt.css")
def receipt_css() -> Response:
    """Give the style of receipts, which is the same wherever they are shown."""
    return FileResponse(RECEIPT_FOLDER / "receipt.css", headers={"Cache-Control": "max-age=3600"})


def refusal(request: Request, status_code: int, sentence: str = "") -> Response:
    """Return a page that says in a sentence why nothing was done."""
    say = reader_language(request).say
    shown = sentence or say(REFUSALS.get(status_code, SOMETHING_WRONG))
    return _page(request, "refusal.html.j2", None, sentence=shown, status_code=status_code)


async def _keep_and_examine(request: Request, file: UploadFile, country_code: str, account: Account) -> str:
    settings = doors.settings_of(request)
    name = file.filename or drafts.NO_NAME
    upload_id = await to_thread.run_sync(
        lambda: drafts.keep(settings, file.file, name=name, country_code=country_code, account=account)
    )
    if draft := drafts.find_draft(settings, upload_id):
        await doors.examine(request, draft)
    return upload_id


async def _our_form(request: Request, cookie: str) -> FormData:
    """Return the form that was sent. Errors: 400 for one that is not ours."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    if not is_our_form(request.cookies.get(cookie, ""), form.get("token")):
        raise HTTPException(400, OLD_FORM)
    return form


async def _our_files(request: Request) -> FormData:
    """Return a form with files, which go to the disk as they come. Errors: 400 for one that is broken or not ours."""
    parser = MultiPartParser(request.headers, request.stream(), max_files=MOST_FILES, max_fields=MOST_FIELDS)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise HTTPException(400, BROKEN) from None
    if not is_our_form(request.cookies.get(SESSION_COOKIE, ""), form.get("token")):
        await form.close()
        raise HTTPException(400, OLD_FORM)
    return form


def _text(form: FormData, name: str) -> str:
    """Return a field of a form; nothing for one that is missing or is a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _begin_session(request: Request, found: Account) -> Response:
    answer = RedirectResponse("/", status_code=SEE_OTHER)
    secret = issue(doors.settings_of(request), SESSION, found.account_id)
    _set_cookie(request, answer, SESSION_COOKIE, secret, LIFETIME_SECONDS[SESSION])
    answer.delete_cookie(FORM_COOKIE)
    return answer


def _set_cookie(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    is_https = request.app.state.is_https
    answer.set_cookie(name, value, max_age=seconds, httponly=True, secure=is_https, samesite="lax")


def _public_form(request: Request, template: str, *, status_code: int = 200, **values: Any) -> Response:
    """Return a page with a form for somebody who is not signed in; a cookie ties the form to its reader."""
    secret = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe()
    answer = _page(request, template, None, token=csrf_of(secret), status_code=status_code, **values)
    _set_cookie(request, answer, FORM_COOKIE, secret, LIFETIME_SECONDS[SESSION])
    return answer


def _invitation(request: Request, found: Account, *, problem: str = "", status_code: int = 200) -> Response:
    shown = {"email": found.email, "shortest": accounts.SHORTEST_PASSWORD}
    return _public_form(request, "invitation.html.j2", problem=problem, status_code=status_code, **shown)


def _home(request: Request, account: Account, *, problem: str = "", status_code: int = 200) -> Response:
    settings = doors.settings_of(request)
    language = reader_language(request)
    waiting = [draft for code in account.countries for draft in drafts.drafts_of(settings, code)]
    names = {row["country_code"]: language.word(row["country_name"]) for row in rows("countries")}
    return _page(
        request,
        "home.html.j2",
        account,
        problem=problem,
        status_code=status_code,
        drafts=waiting if account.may("upload") else [],
        history=doors.history(settings, account.countries),
        country_names=names,
        themes=[(row["theme_code"], language.word(row["theme_name"])) for row in rows("themes")],
        most_mb=settings.max_file_mb,
    )


def _answer_values(request: Request, answer: dict[str, Any] | None) -> dict[str, Any]:
    if answer is None:
        return {"answer": None}
    language = reader_language(request)
    return {"answer": answer, **page_values(localise(answer, language), language)}


def _page(request: Request, name: str, account: Account | None, *, status_code: int = 200, **values: Any) -> Response:
    """Return a page in the reader's language; a language that was asked for is remembered."""
    language = reader_language(request)
    shown = {
        "language": language,
        "say": language.say,
        "say_count": language.say_count,
        "languages": [language_for(code) for code in COMPLETE_LANGUAGES],
        "account": account,
        "token": csrf_of(request.cookies.get(SESSION_COOKIE, "")),
        "path": quote(request.url.path),
        **values,
    }
    answer = HTMLResponse(_environment().get_template(name).render(shown), status_code=status_code)
    if request.query_params.get("lang") in COMPLETE_LANGUAGES:
        _set_cookie(request, answer, LANGUAGE_COOKIE, language.code, YEAR_SECONDS)
    return answer


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([FOLDER, RECEIPT_FOLDER]), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.lstrip_blocks = True
    environment.filters["as_moment"] = datetime.fromisoformat
    environment.globals["verdict_names"] = VERDICTS
    return environment
