"""The pages about files: upload, answer, preview, send, history, receipt. Each works without JavaScript."""

from collections.abc import Collection
from typing import Annotated, Any
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from ingestion.catalogue import latest_round, rows
from ingestion.family import FAMILY
from ingestion.intake.answer import repetition_note, standing_note
from ingestion.languages import COMPLETE_LANGUAGES, language_for, phrase
from ingestion.pdf import is_possible
from ingestion.portal.correspondence.justify_pages import asked_of
from ingestion.portal.correspondence.proof import proof_of, proved_page, proved_receipt
from ingestion.portal.correspondence.statements import MOST_SIGNS
from ingestion.portal.correspondence.story import story_of, was_uploaded_again
from ingestion.portal.correspondence.thread_pages import thread_of, unanswered
from ingestion.portal.entrance import access
from ingestion.portal.entrance.accounts import names_of
from ingestion.portal.entrance.sign_in_pages import SEE_OTHER, Visitor
from ingestion.portal.roles import Account
from ingestion.portal.sending import drafts, in_turns
from ingestion.portal.sending.downloads import attachment, marked_workbook, template_of
from ingestion.portal.sending.draft_access import draft_for, draft_to_show, drafts_to_show
from ingestion.portal.sending.effect import Effect
from ingestion.portal.sending.four_eyes_pages import STATES, approval_values
from ingestion.portal.web.forms import SESSION_COOKIE, our_files, our_form, text_of
from ingestion.portal.web.guard import reader_language
from ingestion.portal.web.rendering import render
from ingestion.receipts import localise
from ingestion.receipts.page import page_values, words_css
from ingestion.receipts.templates import TEMPLATE_FOLDER as RECEIPT_FOLDER
from ingestion.settings import Settings

NO_FILE = phrase("Please choose a file first.")
# A page that waits looks again: soon when it is next, and not for nothing when many are before it.
LONGEST_WAIT_SECONDS = 10
router = APIRouter()


@router.get("/healthy")
async def healthy() -> Response:
    """Say that the portal answers."""
    return PlainTextResponse("healthy\n")


@router.get("/")
def home(request: Request, visitor: Visitor, uploaded: Annotated[tuple[str, ...], Query()] = ()) -> Response:
    """Show what can be done and what was done; `uploaded` are the files of which this is the answer."""
    return _home(request, visitor, uploaded=uploaded)


@router.post("/upload")
async def upload(request: Request, visitor: Visitor) -> Response:
    """Take files, have each examined, and lead to the answer to a single one."""
    form = await our_files(request)
    settings, country_code = access.settings_of(request), text_of(form, "country")
    access.require(visitor, "upload", country_code)
    files = [file for file in form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    if not files:
        return _home(request, visitor, problem=reader_language(request).say(NO_FILE), status_code=400)
    try:
        ids = [await _keep(request, file, country_code, visitor) for file in files]
    finally:
        await form.close()
    kept = [draft for upload_id in ids if (draft := drafts.find_draft(settings, upload_id))]
    for draft in kept:
        in_turns.ask_for_turn(request, draft)
    place = f"/uploads/{ids[0]}" if kept else f"/submissions/{ids[0]}"
    everything = f"/?{urlencode({'uploaded': ids}, doseq=True)}"
    return RedirectResponse(place if len(ids) == 1 else everything, status_code=SEE_OTHER)


@router.get("/uploads/{upload_id}")
async def show_upload(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Show the desk's answer to a draft and what it would change."""
    settings = access.settings_of(request)
    if drafts.find_draft(settings, upload_id) is None:
        access.submission_for(settings, visitor, "read", upload_id)
        return RedirectResponse(f"/submissions/{upload_id}", status_code=SEE_OTHER)
    draft = draft_to_show(settings, visitor, upload_id)
    answer = await in_turns.examine(request, draft)
    effect = await in_turns.effect(request, draft)
    # A large file has thousands of findings: to write them out must not keep others waiting.
    return await to_thread.run_sync(_draft_page, request, visitor, draft, answer, effect)


@router.get("/uploads/{upload_id}/figures")
async def show_figures(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Show what the country's own figures would be if a draft were sent."""
    draft = draft_to_show(access.settings_of(request), visitor, upload_id)
    await in_turns.examine(request, draft)
    preview = await in_turns.preview(request, draft)
    words: dict[str, Any] = {
        "names": {row["indicator_code"]: row["indicator_name"] for row in rows("indicators")},
        "units": {row["indicator_code"]: row["unit"] for row in rows("indicators")},
        "sites": {row["code"]: row["label"] for row in rows("codes_site")},
        "dimensions": {row["dimension_code"]: row["dimension_name"] for row in rows("dimensions")},
    }
    return render(request, "figures.html.j2", visitor, draft=draft, preview=preview, **words)


@router.post("/uploads/{upload_id}/send")
async def send(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Send a draft. Whoever sends what was sent already sees its receipt."""
    await our_form(request, SESSION_COOKIE)
    is_sent = await in_turns.send_by_id(request, visitor, upload_id)
    return RedirectResponse(f"/{'submissions' if is_sent else 'uploads'}/{upload_id}", status_code=SEE_OTHER)


@router.post("/uploads/{upload_id}/discard")
async def discard(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Forget a draft."""
    await our_form(request, SESSION_COOKIE)
    settings = access.settings_of(request)
    drafts.discard(settings, draft_for(settings, visitor, "upload", upload_id), visitor)
    return RedirectResponse("/", status_code=SEE_OTHER)


@router.get("/uploads/{upload_id}/marked.xlsx")
async def marked_upload(request: Request, visitor: Visitor, upload_id: str) -> Response:
    """Give the contact's own workbook back with its findings marked."""
    draft = draft_to_show(access.settings_of(request), visitor, upload_id)
    answer = await in_turns.examine(request, draft)
    if answer is None:
        raise access.not_found()
    return await to_thread.run_sync(marked_workbook, draft.original, answer, reader_language(request))


@router.get("/submissions/{submission_id}")
def show_submission(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Show what became of a submission: its receipt, its proof, and the releases that used it."""
    settings = access.settings_of(request)
    entry = access.entry_for(settings, visitor, submission_id)
    found = access.submission_for(settings, visitor, "read", submission_id)
    is_answered = entry["status"] == "answered"
    if not is_answered:
        in_turns.wait_for_answer(request, found)
    receipt = access.receipt_for(settings, visitor, submission_id) if is_answered else None
    proof = proof_of(settings, submission_id) if is_answered else None
    note = _note_of(settings, submission_id) if receipt else {}
    values = _answer_values(request, _with_sender(settings, visitor, receipt) | note if receipt else None)
    values["asked"] = asked_of(settings, visitor, submission_id, reader_language(request)) if receipt else []
    values |= {"story": story_of(settings, entry), "messages": thread_of(settings, visitor, submission_id)}
    values |= {"most_signs": MOST_SIGNS, "has_pdf": is_possible()}
    return render(request, "submission.html.j2", visitor, **values, entry=entry, proof=proof)


@router.get("/submissions/{submission_id}/receipt.html")
def receipt_page(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Give the receipt with its proof, as a page to keep."""
    settings = access.settings_of(request)
    access.receipt_for(settings, visitor, submission_id)
    data = proved_page(settings, submission_id)
    return Response(data, media_type="text/html", headers=attachment(f"{submission_id}.receipt.html"))


@router.get("/submissions/{submission_id}/receipt.pdf")
async def receipt_as_pdf(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Give the receipt with its proof, as a document to print or to file."""
    access.receipt_for(access.settings_of(request), visitor, submission_id)
    if not is_possible():
        raise access.not_found()
    data = await in_turns.pdf(request, submission_id, reader_language(request))
    return Response(data, media_type="application/pdf", headers=attachment(f"{submission_id}.receipt.pdf"))


@router.get("/submissions/{submission_id}/receipt.json")
def receipt_json(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Give the receipt with its proof, for programs."""
    settings = access.settings_of(request)
    access.receipt_for(settings, visitor, submission_id)
    return JSONResponse(proved_receipt(settings, submission_id), headers=attachment(f"{submission_id}.receipt.json"))


@router.get("/submissions/{submission_id}/original")
def original(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Give the file that was sent, byte for byte."""
    path, name = access.original_for(access.settings_of(request), visitor, submission_id)
    return FileResponse(path, headers=attachment(name), media_type="application/octet-stream")


@router.get("/submissions/{submission_id}/marked.xlsx")
def marked_submission(request: Request, visitor: Visitor, submission_id: str) -> Response:
    """Give the contact's own workbook back with its findings marked."""
    settings = access.settings_of(request)
    access.submission_for(settings, visitor, "fetch_original", submission_id)
    receipt = access.receipt_for(settings, visitor, submission_id)
    return marked_workbook(access.original_of(settings, submission_id), receipt, reader_language(request))


@router.get("/template.xlsx")
def template(request: Request, visitor: Visitor, country: str = "", theme: str = "") -> Response:
    """Give the workbook to fill in for the latest round."""
    access.require(visitor, "template", country)
    settings, round_id = access.settings_of(request), latest_round().round_id
    return template_of(settings, country, round_id, theme, reader_language(request).code)


@router.get("/words/{code}.css")
def words(code: str) -> Response:
    """Give the words that a phone shows before the cells of a table."""
    if code not in COMPLETE_LANGUAGES:
        raise access.not_found()
    return Response(words_css(language_for(code)), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


@router.get("/family.css")
def family_css() -> Response:
    """Give the style that the portal shares with the site."""
    return FileResponse(FAMILY, headers={"Cache-Control": "max-age=3600"})


@router.get("/receipt.css")
def receipt_css() -> Response:
    """Give the style of receipts, which is the same wherever they are shown."""
    return FileResponse(RECEIPT_FOLDER / "receipt.css", headers={"Cache-Control": "max-age=3600"})


async def waiting(request: Request, error: Exception) -> Response:
    """Say at which place a file waits, on a page that looks again by itself, also without a script."""
    assert isinstance(error, in_turns.Waits)
    answer = render(request, "waiting.html.j2", None, place=error.place, facts=error.facts)
    answer.headers["Refresh"] = str(min(1 + error.place, LONGEST_WAIT_SECONDS))
    return answer


def _draft_page(
    request: Request, account: Account, draft: drafts.Draft, answer: dict[str, Any] | None, effect: Effect
) -> Response:
    values = _answer_values(request, answer) | approval_values(access.settings_of(request), draft)
    return render(request, "upload.html.j2", account, **values, draft=draft, effect=effect)


async def _keep(request: Request, file: UploadFile, country_code: str, account: Account) -> str:
    settings, name = access.settings_of(request), file.filename or drafts.NO_NAME
    return await to_thread.run_sync(
        lambda: drafts.keep(settings, file.file, name=name, country_code=country_code, account=account)
    )


def _home(
    request: Request, account: Account, *, uploaded: Collection[str] = (), problem: str = "", status_code: int = 200
) -> Response:
    settings = access.settings_of(request)
    history = access.history(settings, account.countries)
    language = reader_language(request)
    names = {row["country_code"]: language.word(row["country_name"]) for row in rows("countries")}
    return render(
        request,
        "home.html.j2",
        account,
        problem=problem,
        status_code=status_code,
        drafts=drafts_to_show(settings, account),
        draft_states=STATES,
        unanswered=unanswered(settings, account),
        history=history,
        sent_before=[entry for entry in history if entry["submission_id"] in uploaded],
        country_names=names,
        themes=[(row["theme_code"], language.word(row["theme_name"])) for row in rows("themes")],
        most_mb=settings.max_file_mb,
        last_round=latest_round(),
    )


def _note_of(settings: Settings, submission_id: str) -> dict[str, Any]:
    """Return what is said of a submission since its answer: it is held, set aside, replaced, or was uploaded again."""
    is_again = was_uploaded_again(settings, submission_id)
    return repetition_note(settings, submission_id) if is_again else standing_note(settings, submission_id)


def _with_sender(settings: Settings, account: Account, receipt: dict[str, Any]) -> dict[str, Any]:
    """Return a receipt with the address of who sent it, for those who may write to each other."""
    if not account.may("write") or "sender" not in receipt:
        return receipt
    return receipt | {"sender": names_of(settings).get(receipt["sender"], receipt["sender"])}


def _answer_values(request: Request, answer: dict[str, Any] | None) -> dict[str, Any]:
    if answer is None:
        return {"answer": None}
    language = reader_language(request)
    return {"answer": answer, **page_values(localise(answer, language), language)}
