"""Resumable uploads by the tus protocol 1.0.0, for scripts of our pages and for programs.

Core, creation, checksum, termination and expiration (https://tus.io/protocols/resumable-upload). `Upload-Metadata`
names `country` and, if it likes, `filename`. When the last byte has come the file is a draft as any other; then, and
as often as one asks, `Upload-Draft` names it and `Upload-Sha256` tells what arrived.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Coroutine
from email.utils import formatdate
from tempfile import TemporaryFile
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, HTTPException
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials
from starlette.requests import Request
from starlette.responses import Response

from ingestion.portal.entrance import access
from ingestion.portal.entrance.sign_in_pages import SignInFirst, visitor
from ingestion.portal.programs.api import PROBLEMS, Problem, bearer, caller
from ingestion.portal.roles import Account
from ingestion.portal.sending import arriving, drafts
from ingestion.portal.web.forms import OLD_FORM, SESSION_COOKIE, WRITE_BYTES, in_pieces
from ingestion.portal.web.guard import MEGABYTE, is_our_form

VERSION = "1.0.0"
PATH = "/resumable"
ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
EXTENSIONS = "creation,checksum,termination,expiration"
PIECE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460  # the protocol's own
FORM_HEADER = "x-form-token"
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "A header is missing or says what cannot be"},
    412: {"model": Problem, "description": "Tus-Resumable is missing or names another version"},
}


class TusRoute(APIRoute):
    """A route that speaks one version of the protocol and says so in every answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of FastAPI within the rules of the protocol."""
        handle = super().get_route_handler()

        async def speak(request: Request) -> Response:
            try:
                if request.method != "OPTIONS" and request.headers.get("tus-resumable") != VERSION:
                    raise HTTPException(412, f"Tus-Resumable must be {VERSION}.", {"Tus-Version": VERSION})
                answer = await handle(request)
            except HTTPException as error:
                error.headers = {**(error.headers or {}), "Tus-Resumable": VERSION}
                raise
            answer.headers["Tus-Resumable"] = VERSION
            return answer

        return speak


def sender(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Account:
    """Return whose token it is, or who is signed in and asks from one of our pages. Errors: 401, 400."""
    if credentials:
        return caller(request, credentials)
    try:
        found = visitor(request)
    except SignInFirst:
        return caller(request, None)
    if not is_our_form(request.cookies.get(SESSION_COOKIE, ""), request.headers.get(FORM_HEADER)):
        raise HTTPException(400, OLD_FORM)
    return found


def arriving_of(request: Request, arriving_id: str, account: Annotated[Account, Depends(sender)]) -> arriving.Arriving:
    """Return an upload of the sender, who may still send for its country. Errors: 404, 403."""
    found = arriving.find(access.settings_of(request), account, arriving_id)
    if found is None:
        raise access.not_found()
    access.require(account, "upload", found.about["country_code"])
    return found


Sender = Annotated[Account, Depends(sender)]
Own = Annotated[arriving.Arriving, Depends(arriving_of)]
router = APIRouter(route_class=TusRoute, responses=PROBLEMS | REFUSALS)


@router.options(PATH, status_code=204, dependencies=[Depends(bearer)])
def options(request: Request) -> Response:
    """Tell what of the protocol can be used."""
    told = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(_most_bytes(request)),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(status_code=204, headers=told)


@router.post(
    PATH, status_code=201, responses={413: {"model": Problem}, 429: {"model": Problem, "description": "Too many begun"}}
)
def create(request: Request, sender: Sender) -> Response:
    """Begin an upload; `Location` is where its pieces go."""
    said = _metadata(request.headers.get("upload-metadata", ""))
    country_code, size_bytes = said.get("country", ""), _number(request, "upload-length")
    access.require(sender, "upload", country_code)
    if size_bytes > _most_bytes(request):
        raise HTTPException(413, f"One upload may have {_most_bytes(request)} bytes.")
    settings, name = access.settings_of(request), said.get("filename", drafts.NO_NAME)
    try:
        begun = arriving.begin(settings, account=sender, country_code=country_code, name=name, size_bytes=size_bytes)
    except arriving.TooMany:
        raise HTTPException(429, "End or delete an upload before you begin another.") from None
    place = {"Location": f"{request.url.path}/{begun.arriving_id}"}
    return Response(status_code=201, headers=place | _state(request, begun, sender))


@router.head(PATH + "/{arriving_id}")
def how_far(request: Request, sender: Sender, own: Own) -> Response:
    """Tell how many bytes have come."""
    return Response(headers={"Upload-Length": str(own.about["size_bytes"])} | _state(request, own, sender))


@router.patch(
    PATH + "/{arriving_id}",
    status_code=204,
    responses={
        409: {"model": Problem, "description": "The file does not end at Upload-Offset"},
        413: {"model": Problem},
        415: {"model": Problem, "description": f"The body is not {PIECE}"},
        CHECKSUM_MISMATCH: {"model": Problem, "description": "The piece has another checksum; nothing of it is kept"},
    },
    openapi_extra={"requestBody": {"content": {PIECE: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def take(request: Request, sender: Sender, own: Own) -> Response:
    """Take a piece. What has come stays when the line breaks, unless a checksum was to be looked at."""
    if request.headers.get("content-type") != PIECE:
        raise HTTPException(415, f"The body must be {PIECE}.")
    offset, pieces = _number(request, "upload-offset"), in_pieces(request)
    if "upload-checksum" in request.headers:
        pieces = _proved(request, pieces)
    try:
        async for piece in pieces:
            offset = await to_thread.run_sync(arriving.append, own, offset, piece)
    except (arriving.Elsewhere, FileNotFoundError):
        raise HTTPException(409, "The file does not end there. Ask by HEAD where it does.") from None
    except arriving.TooLong:
        raise HTTPException(413, "That is more than Upload-Length said.") from None
    return Response(status_code=204, headers=await to_thread.run_sync(_state, request, own, sender))


@router.delete(PATH + "/{arriving_id}", status_code=204)
def give_up(request: Request, sender: Sender, own: Own) -> Response:
    """Forget what has come."""
    arriving.forget(access.settings_of(request), own, sender)
    return Response(status_code=204)


@router.post(PATH + "/{arriving_id}", include_in_schema=False)
async def overridden(request: Request, sender: Sender, own: Own) -> Response:
    """Do what `X-HTTP-Method-Override` says, for those whose proxy lets nothing but GET and POST through."""
    verb = request.headers.get("x-http-method-override", "").upper()
    if verb == "PATCH":
        return await take(request, sender, own)
    if verb == "DELETE":
        return await to_thread.run_sync(give_up, request, sender, own)
    raise HTTPException(405, "POST is for X-HTTP-Method-Override: PATCH or DELETE.")


def _state(request: Request, own: arriving.Arriving, account: Account) -> dict[str, str]:
    """Return the headers that tell where an upload is; one whose last byte has come becomes a draft. Errors: 404."""
    try:
        done = arriving.settle(access.settings_of(request), own, account)
        told = {"Upload-Offset": str(own.offset), "Upload-Expires": formatdate(own.expires_at_unix, usegmt=True)}
    except FileNotFoundError:  # its sender gave it up in this moment
        raise access.not_found() from None
    return told | ({"Upload-Draft": done["upload_id"], "Upload-Sha256": done["sha256"]} if done else {})


async def _proved(request: Request, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the body once all of it has come and has the checksum that it should have. Errors: 400, 460."""
    name, _, text = request.headers["upload-checksum"].partition(" ")
    expected = _base64(text)
    if name not in ALGORITHMS:
        raise HTTPException(400, f"Upload-Checksum may use {', '.join(ALGORITHMS)}.")
    digest = ALGORITHMS[name]()
    with TemporaryFile() as whole:
        async for piece in pieces:
            digest.update(piece)
            await to_thread.run_sync(whole.write, piece)
        if not hmac.compare_digest(digest.digest(), expected):
            raise HTTPException(CHECKSUM_MISMATCH, "The piece does not have its checksum. Send it again.")
        whole.seek(0)
        while piece := await to_thread.run_sync(whole.read, WRITE_BYTES):
            yield piece


def _metadata(header: str) -> dict[str, str]:
    """Return {name: value} of `Upload-Metadata`: pairs behind commas, values in Base64. Errors: 400."""
    pairs = (pair.strip().partition(" ") for pair in header.split(",") if pair.strip())
    return {name: _base64(value).decode("utf-8", "replace") for name, _, value in pairs}


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise HTTPException(400, "A value that must be Base64 is not.") from None


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise HTTPException(400, f"{header.title()} must be a number of bytes.")
    return int(text)


def _most_bytes(request: Request) -> int:
    return access.settings_of(request).max_file_mb * MEGABYTE
