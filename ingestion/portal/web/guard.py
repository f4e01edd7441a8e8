"""What surrounds every answer of the portal: headers that browsers obey, a limit on what is sent, one language."""

import hashlib
import hmac
from collections import deque
from collections.abc import Iterator
from threading import Lock
from time import monotonic

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingestion.languages import COMPLETE_LANGUAGES, Language, language_for, phrase

MEGABYTE = 1 << 20
FORM_BYTES = 64 << 10
PIECE_BYTES = 64 << 10
# What a form adds to the file that it carries.
ENVELOPE_BYTES = MEGABYTE
UPLOAD_PATHS = ("/upload", "/api/v1/uploads")
RESUMABLE_PATHS = "/api/v1/resumable/"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
TOO_MUCH = phrase("That is more than the {most_mb} MB that one upload may have. Please send the files one by one.")
LANGUAGE_COOKIE = "pcm_language"


class BodyTooLarge(Exception):
    """More was sent than may be."""


class Guard:
    """Adds the headers to every answer, and ends a request whose body is larger than its path allows."""

    def __init__(self, app: ASGIApp, *, most_mb: int, is_https: bool) -> None:
        self.app = app
        self.upload_bytes = most_mb * MEGABYTE + ENVELOPE_BYTES
        self.headers = HEADERS | (HTTPS_ONLY if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_upload = scope["path"] in UPLOAD_PATHS or scope["path"].startswith(RESUMABLE_PATHS)
        most = self.upload_bytes if is_upload else FORM_BYTES
        taken = 0

        async def receive_some() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise BodyTooLarge
            return message

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            for piece in _in_pieces(message):
                await send(piece)

        await self.app(scope, receive_some, send_with_headers)


def _in_pieces(message: Message) -> Iterator[Message]:
    """Yield a message, or the pieces of a large body: who takes them slowly has the server hold the next one only."""
    body = message.get("body", b"")
    for start in range(0, len(body) - PIECE_BYTES, PIECE_BYTES):
        yield {"type": message["type"], "body": body[start : start + PIECE_BYTES], "more_body": True}
    rest = len(body) and (len(body) - 1) // PIECE_BYTES * PIECE_BYTES
    yield {**message, "body": body[rest:]} if rest else message


class Rate:
    """Counts attempts by their origin, and says when there were too many in a while."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._attempts: dict[str, deque[float]] = {}
        self._alone = Lock()  # it is asked by many threads

    def allows(self, origin: str) -> bool:
        """Count an attempt and say whether it may be made."""
        with self._alone:
            now = monotonic()
            for known in [known for known, times in self._attempts.items() if times[-1] < now - self.seconds]:
                del self._attempts[known]
            times = self._attempts.setdefault(origin, deque(maxlen=self.most + 1))
            times.append(now)
            return len(times) <= self.most or times[0] < now - self.seconds


def origin_of(request: Request) -> str:
    """Return from where a request comes."""
    return request.client.host if request.client else ""


def csrf_of(secret: str) -> str:
    """Return what a form must bring along to show that it is ours: only who knows the cookie can know it."""
    return hashlib.sha256(f"form {secret}".encode("utf-8", "replace")).hexdigest()


def is_our_form(secret: str, token: object) -> bool:
    """Say whether a form brought along what belongs to the cookie of its sender."""
    return bool(secret) and isinstance(token, str) and hmac.compare_digest(csrf_of(secret).encode(), token.encode())


def reader_language(request: Request) -> Language:
    """Return the language that the reader chose, or else that of the browser; English where we have neither."""
    accepted = (part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(","))
    asked = [request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), *accepted]
    codes = [code.replace("_", "-").split("-")[0].lower() for code in asked if code]
    return language_for(next((code for code in codes if code in COMPLETE_LANGUAGES), None))
