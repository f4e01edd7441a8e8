"""The page that asks a release with SQL in the reader's browser, and its query engine, where that is installed."""

import re
from functools import cache

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ingestion.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "explore"
ENGINE = "built/engine.wasm"
FILES = ("explore.css", "built/explore.js", "built/worker.js", ENGINE)
MEDIA_TYPES = {".wasm": "application/wasm", ".js": "text/javascript", ".css": "text/css"}
# A compiler of WebAssembly is what sets this policy apart from that of the other pages.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
    "connect-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
QUESTIONS = PROJECT_ROOT / "docs" / "for_analysts.md"
QUESTION = re.compile(r"### \d+\. ([^\n]+)\n.*?```sql\n(.*?)```", re.DOTALL)
TABLES = {
    "title": "Tables: what is there?",
    "sql": "select schema_name, table_name, estimated_size as rows, comment\nfrom duckdb_tables()\n"
    "where not internal and database_name = 'release'\norder by schema_name, table_name\n",
}


async def page(_: Request) -> Response:
    """Show the page, or what to do where its engine is not installed."""
    is_installed = (FOLDER / f"{ENGINE}.gz").is_file()
    return FileResponse(FOLDER / ("index.html" if is_installed else "missing.html"), headers=HEADERS)


async def file(request: Request) -> Response:
    """Send a file of the page; the engine as it lies there, compressed."""
    name = request.path_params["name"]
    path = FOLDER / (f"{name}.gz" if name == ENGINE else name)
    if name not in FILES or not path.is_file():
        return PlainTextResponse("Not found\n", status_code=404, headers=HEADERS)
    packed = {"Content-Encoding": "gzip"} if name == ENGINE else {}
    return FileResponse(path, headers={**HEADERS, **packed}, media_type=MEDIA_TYPES[f".{name.rpartition('.')[2]}"])


async def questions(_: Request) -> Response:
    """Send the examples."""
    return JSONResponse(example_questions(), headers=HEADERS)


@cache
def example_questions() -> list[dict[str, str]]:
    """Return title and SQL of the examples: those of the analysts' page that need nothing but a release."""
    found = QUESTION.findall(QUESTIONS.read_text(encoding="utf-8"))
    return [TABLES, *({"title": title, "sql": sql} for title, sql in found if "read_csv(" not in sql)]


ROUTES = [
    Route("/explore/", page),
    Route("/explore/questions.json", questions),
    Route("/explore/{name:path}", file),
]
