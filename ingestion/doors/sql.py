"""The SQL door: `/sql` answers one SELECT on a release, in a process of its own that can do little and ends soon."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from ingestion.doors.tokens import owner_of
from ingestion.errors import UsageError
from ingestion.release.query import warehouse_of
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.store.published import release_ids

CHILD = [sys.executable, "-m", "ingestion.doors.sql_child"]
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "arrow": "application/vnd.apache.arrow.stream",
}
LONGEST_QUERY_BYTES = 100_000
LARGEST_ANSWER_BYTES = 64 << 20
AT_ONCE = 2
PATIENCE_SECONDS = 2.0  # how long a query waits for another one to end
STARTING_SECONDS = 2.0  # Python's own start does not count as the query's time
NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
WHOLE_TABLES = "Whole tables are files: /releases/current/parquet/<table>.parquet"


@dataclass(eq=False)
class Problem(Exception):
    """Why a query is not answered. https://www.rfc-editor.org/rfc/rfc9457"""

    status: int
    title: str
    detail: str

    def response(self, request: Request) -> Response:
        """Return the problem as JSON, or as text for who asks for text."""
        headers = NO_STORE | {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}.get(self.status, {})
        if "text/plain" in request.headers.get("accept", ""):
            return PlainTextResponse(f"{self.title}. {self.detail}\n", self.status, headers)
        content = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        return JSONResponse(content, self.status, headers, media_type="application/problem+json")


class SqlDoor:
    """Answers `/sql` for one observatory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places = asyncio.Semaphore(AT_ONCE)

    async def answer(self, request: Request) -> Response:
        """Answer `GET /sql?query=` or `POST /sql` with the query as body or as JSON `{"query": ...}`."""
        try:
            self._require_token(request)
            asked = await _question(request)
            warehouse = _warehouse(self._settings, asked.get("release"))
            body = await self._ask(warehouse, asked)
        except Problem as problem:
            return problem.response(request)
        headers = NO_STORE | {"PCM-Release": warehouse.parent.name}
        return Response(body, media_type=MEDIA_TYPES[asked["format"]], headers=headers)

    def _require_token(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or owner_of(self._settings, token.strip()) is None:
            raise Problem(
                401,
                "This door needs a token",
                "Send `Authorization: Bearer TOKEN`. The observatory's steward makes one with `pcm token create NAME`.",
            )

    async def _ask(self, warehouse: Path, asked: dict[str, Any]) -> bytes:
        try:
            await asyncio.wait_for(self._places.acquire(), PATIENCE_SECONDS)
        except TimeoutError:
            raise Problem(503, "Others are asking just now", f"{AT_ONCE} queries run at once. Try again.") from None
        try:
            return await _ask_child(self._settings, warehouse, asked)
        finally:
            self._places.release()


async def _question(request: Request) -> dict[str, Any]:
    given = dict(request.query_params)
    if request.method == "POST":
        given |= _read_body(request, await _body(request))
    sql = given.get("query")
    if not isinstance(sql, str) or not sql.strip():
        raise Problem(400, "There is no query", 'Send it as `?query=`, as the body, or as JSON `{"query": ...}`.')
    if any("\ud800" <= letter <= "\udfff" for letter in sql):
        raise Problem(400, "The query is no text", "It holds half of a character.")
    if len(sql.encode()) > LONGEST_QUERY_BYTES:
        raise Problem(413, "The query is too long", f"At most {LONGEST_QUERY_BYTES} bytes are read.")
    chosen = given.get("format") or _accepted(request)
    if not isinstance(chosen, str) or chosen not in MEDIA_TYPES:
        raise Problem(406, "This format is not known", f"There are: {', '.join(MEDIA_TYPES)}.")
    return {"sql": sql, "format": chosen, "release": given.get("release")}


async def _body(request: Request) -> bytes:
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > 2 * LONGEST_QUERY_BYTES:
                raise Problem(413, "The query is too long", f"At most {LONGEST_QUERY_BYTES} bytes are read.")
    except ClientDisconnect:
        raise Problem(400, "The query did not arrive whole", "Send it again.") from None
    return body


def _read_body(request: Request, body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        text = body.decode("utf-8")
        if "json" not in request.headers.get("content-type", ""):
            return {"query": text}
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise Problem(400, "The body cannot be read", "It must be UTF-8, and JSON if it says so.") from None
    if not isinstance(given, dict):
        raise Problem(400, "The body cannot be read", 'As JSON it must be an object: {"query": "select ..."}.')
    return given


def _accepted(request: Request) -> str:
    accepted = request.headers.get("accept", "")
    return next((name for name, kind in MEDIA_TYPES.items() if kind.partition(";")[0] in accepted), "csv")


def _warehouse(settings: Settings, release_id: Any) -> Path:
    named = None if release_id in (None, "", "current") else str(release_id)
    known = release_ids(settings)
    if named and named not in known:
        raise Problem(404, "There is no such release", f"There are: {', '.join(known)}.")
    try:
        return warehouse_of(settings, named).resolve()
    except UsageError as error:
        raise Problem(503, "Nothing can be asked yet", str(error)) from None


async def _ask_child(settings: Settings, warehouse: Path, asked: dict[str, Any]) -> bytes:
    limits = {"memory_mb": settings.sql_memory_mb, "seconds": settings.sql_seconds, "max_rows": settings.sql_max_rows}
    question = {"sql": asked["sql"], "format": asked["format"], "warehouse": warehouse.name, **limits}
    child = await asyncio.create_subprocess_exec(
        *CHILD,
        cwd=warehouse.parent,
        # No secret of ours: only what Python needs to find this code.
        env={"PYTHONPATH": str(PROJECT_ROOT), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        return await asyncio.wait_for(
            _conversation(child, json.dumps(question).encode(), limits), settings.sql_seconds + STARTING_SECONDS
        )
    except TimeoutError:
        raise Problem(422, "The query takes too long", f"It may take {settings.sql_seconds:g} s.") from None
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def _conversation(child: asyncio.subprocess.Process, question: bytes, limits: dict[str, Any]) -> bytes:
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write(question)
    child.stdin.close()
    said = bytearray()
    while part := await child.stdout.read(1 << 16):
        said += part
        if len(said) > LARGEST_ANSWER_BYTES:
            raise Problem(
                422, "The answer is too large", f"It may have {LARGEST_ANSWER_BYTES >> 20} MB. {WHOLE_TABLES}"
            )
    head, _, body = bytes(said).partition(b"\n")
    if not head:  # it was killed: by a limit of the machine, or by something that DuckDB does not survive
        raise Problem(
            422, "The query needs too much", f"It may use {limits['memory_mb']} MB and {limits['seconds']:g} s."
        )
    found = json.loads(head)
    if found["kind"] == "answer":
        return body
    raise _problem(found, limits)


def _problem(found: dict[str, str], limits: dict[str, Any]) -> Problem:
    if found["kind"] == "memory":
        return Problem(422, "The query needs too much memory", f"It may use {limits['memory_mb']} MB.")
    if found["kind"] == "rows":
        return Problem(422, "The answer is too long", f"{found['detail']} Ask for fewer. {WHOLE_TABLES}")
    return Problem(400, "The query cannot be answered", found["detail"])
