"""Forms: only ours are taken, and what they carry goes to the disk as it comes."""

from collections.abc import AsyncIterator

from fastapi import HTTPException
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from ingestion.languages import phrase
from ingestion.portal.web.guard import MEGABYTE, is_our_form

SESSION_COOKIE, FORM_COOKIE = "pcm_session", "pcm_form"
MOST_FILES, MOST_FIELDS = 50, 10
WRITE_BYTES = MEGABYTE // 4  # so much of a slow line is lost when the server is killed
IN_MEMORY_BYTES = 64 << 10  # of each file that is under way
OLD_FORM = phrase("This page was open for too long, or the form did not come from it. Please open it again and repeat.")
TOO_MANY_FILES = phrase("Please send at most 50 files at once; nothing of these was kept.")
BROKEN = phrase("The upload did not arrive whole, and nothing of it was kept. Please send it again.")


async def our_form(request: Request, cookie: str) -> FormData:
    """Return the form that was sent. Errors: 400 for one that is not ours."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    if not is_our_form(request.cookies.get(cookie, ""), form.get("token")):
        raise HTTPException(400, OLD_FORM)
    return form


async def our_files(request: Request) -> FormData:
    """Return a form with files, which go to the disk as they come. Errors: 400 for one that is broken or not ours."""
    parser = MultiPartParser(request.headers, in_pieces(request), max_files=MOST_FILES, max_fields=MOST_FIELDS)
    parser.spool_max_size = IN_MEMORY_BYTES
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        # Of its reasons, the one that a sender can do something about.
        is_too_many = str(getattr(error, "message", "")).startswith("Too many files")
        raise HTTPException(400, TOO_MANY_FILES if is_too_many else BROKEN) from None
    if not is_our_form(request.cookies.get(SESSION_COOKIE, ""), form.get("token")):
        await form.close()
        raise HTTPException(400, OLD_FORM)
    return form


async def in_pieces(request: Request) -> AsyncIterator[bytes]:
    """Yield the body in pieces that are worth writing; when the line breaks, what had come, and then the error."""
    held = bytearray()
    try:
        async for chunk in request.stream():
            held += chunk
            if len(held) >= WRITE_BYTES:
                yield bytes(held)
                held.clear()
    except ClientDisconnect:
        yield bytes(held)
        raise
    yield bytes(held)


def text_of(form: FormData, name: str) -> str:
    """Return a field of a form, without NUL, which nobody types; nothing for one that is missing or is a file."""
    value = form.get(name)
    return value.replace("\0", "") if isinstance(value, str) else ""


def set_cookie(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    """Set a cookie that no script reads, and that goes over https only where that is the portal's address."""
    is_https = request.app.state.is_https
    answer.set_cookie(name, value, max_age=seconds, httponly=True, secure=is_https, samesite="lax")
