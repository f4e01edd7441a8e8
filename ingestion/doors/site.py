"""The site server: the current release at a stable address, every release at its own, and the files to download."""

from pathlib import Path
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ingestion.doors import explore
from ingestion.doors.lineage import lineage_answer
from ingestion.doors.metrics import MetricsDoor
from ingestion.doors.missing import missing_page
from ingestion.doors.sql import SqlDoor
from ingestion.logs import set_up_logging
from ingestion.release.notice import STYLE, STYLE_ADDRESS, release_notice, with_styled_notice
from ingestion.settings import Settings, load_settings
from ingestion.store.home import Home
from ingestion.store.packed import restore
from ingestion.store.published import current_release_id, release_ids, withdrawal
from ingestion.store.sums import SUMS

FRONT_PAGE = "/latest/en/"
DOWNLOADS = (
    "warehouse.duckdb",
    "release.json",
    "gate.json",
    SUMS,
    "CHANGES.md",
    "changes.csv",
    "datacite.json",
    "datapackage.json",
    "dcat.jsonld",
    "dictionary.csv",
    "dictionary.html",
    "prov.json",
)
DOWNLOAD_FOLDERS = (("parquet",), ("csv",), ("sdmx",))
CURRENT = "current"
MEDIA_TYPES = {
    ".duckdb": "application/vnd.duckdb",
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".xml": "application/xml",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
# A page may get a notice at any time: a newer release, a withdrawal; what leads to the current release changes with it.
ASK_AGAIN = {"Cache-Control": "no-cache"}
NOT_YET = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nothing is published yet</title></head>
<body><h1>Nothing is published yet</h1>
<p>The dashboards appear here with the first release. Please come back in a few minutes.</p></body></html>
"""


def make_site(settings: Settings) -> Starlette:
    """Return the application that serves the releases of one observatory; it only reads."""
    app = Starlette(
        routes=[
            Route("/", _front),
            Route("/healthy", _healthy),
            Route("/metrics", MetricsDoor(settings).answer),
            Route(STYLE_ADDRESS, _notice_style),
            Route("/latest/{path:path}", _latest),
            Route("/r/{release_id}/lineage/{figure_id:path}", lineage_answer({**HEADERS, **ASK_AGAIN})),
            Route("/r/{release_id}/{path:path}", _page),
            Route("/data/{release_id}/{path:path}", _download),
            Route("/releases", _releases),
            Route("/releases/{release_id}/{path:path}", _download),
            *explore.ROUTES,
            Route("/sql", SqlDoor(settings).answer, methods=["GET", "POST"]),
        ],
        exception_handlers={404: _missing},
    )
    app.state.settings = settings
    return app


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("healthy\n")


async def _missing(request: Request, _: Exception) -> Response:
    """Show people a way on; programs get one line."""
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(missing_page(request.url.path), status_code=404, headers=HEADERS)
    return PlainTextResponse("Not found\n", status_code=404, headers=HEADERS)


async def _notice_style(_: Request) -> Response:
    return _file(STYLE, caching=ASK_AGAIN)


async def _front(_: Request) -> Response:
    return RedirectResponse(FRONT_PAGE, status_code=302)


async def _latest(request: Request) -> Response:
    """Lead to the current release, so that all links of a page stay within one release."""
    current = current_release_id(request.app.state.settings)
    if current is None:
        return HTMLResponse(NOT_YET, status_code=503, headers={**HEADERS, "Retry-After": "30"})
    return RedirectResponse(f"/r/{current}/{request.path_params['path']}", status_code=302)


async def _page(request: Request) -> Response:
    folder, path = _release_folder(request), request.path_params["path"]
    found = await _read_back(folder, "site", path) if folder else None
    if found is not None and found.is_dir():
        if path and not path.endswith("/"):
            return RedirectResponse(f"{request.url.path}/", status_code=302)
        found = found / "index.html"
    if found is None or found.suffix != ".html":
        return _file(found)
    notice = _notice(request)
    return _with_notice(found, notice) if notice else _file(found, caching=ASK_AGAIN)


def _notice(request: Request) -> str:
    """Return what stands on top of the page that is asked for, in its language."""
    settings, path = request.app.state.settings, request.path_params["path"]
    language_code = path.partition("/")[0]

    def address_in(release_id: str) -> str:
        same = _inside(Home(settings.home).releases / release_id / "site", path)
        kept = path if same is not None and same.exists() else f"{language_code}/"
        return f"/r/{release_id}/{quote(kept)}"

    return release_notice(settings, request.path_params["release_id"], language_code, address_in)


async def _releases(request: Request) -> Response:
    settings = request.app.state.settings
    current = current_release_id(settings)
    listed = [
        {"release_id": each, "is_current": each == current, "is_withdrawn": withdrawal(settings, each) is not None}
        for each in release_ids(settings)
    ]
    return JSONResponse(listed, headers=HEADERS)


async def _download(request: Request) -> Response:
    """Send a file of a release, or lead from `current` to the release that it is now."""
    if request.path_params["release_id"] == CURRENT:
        return _lead_to_current(request)
    folder, path = _release_folder(request), request.path_params["path"]
    *parents, name = path.split("/")
    is_offered = name in DOWNLOADS if not parents else tuple(parents) in DOWNLOAD_FOLDERS and name != ".."
    found = await _read_back(folder, "", path) if folder and is_offered else None
    return _file(found, etag=_etag(folder, path) if found and folder else None, request=request)


def _lead_to_current(request: Request) -> Response:
    current = current_release_id(request.app.state.settings)
    if current is None:
        return PlainTextResponse("Nothing is published yet\n", 503, {**HEADERS, "Retry-After": "30"})
    path = quote(request.path_params["path"])
    return RedirectResponse(f"/releases/{current}/{path}", status_code=302, headers=ASK_AGAIN)


def _etag(folder: Path, path: str) -> str | None:
    """Return the file's SHA-256 as its tag: the same bytes have the same tag on every server."""
    sums = folder / SUMS
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.exists() else []
    return next((f'"{line[:64]}"' for line in lines if line[66:] == path), None)


def _release_folder(request: Request) -> Path | None:
    settings, release_id = request.app.state.settings, request.path_params["release_id"]
    return Home(settings.home).releases / release_id if release_id in release_ids(settings) else None


def _with_notice(path: Path, notice: str) -> Response:
    """Serve a page of a release, whose file never changes, with the notice on top."""
    if not path.is_file():
        return _file(None)
    page = with_styled_notice(path.read_text(encoding="utf-8"), notice)
    return HTMLResponse(page, headers={**HEADERS, **ASK_AGAIN})


async def _read_back(folder: Path, part: str, path: str) -> Path | None:
    """Return what has this path in a part of a release, brought back when the release is packed."""
    found = _inside(folder / part, path)
    if found is not None and not found.exists():
        # The pages of a site belong together: whoever reads one soon reads its style and its charts.
        await run_in_threadpool(restore, folder, part or path)
        found = _inside(folder / part, path)
    return found


def _inside(folder: Path, path: str) -> Path | None:
    """Return what has this path in a folder; None when nothing has, or when it leads out of the folder."""
    if "\0" in path:
        return None
    found = (folder / path).resolve()
    return found if found.is_relative_to(folder.resolve()) else None


def _file(
    path: Path | None,
    *,
    etag: str | None = None,
    request: Request | None = None,
    caching: dict[str, str] = FOREVER,
) -> Response:
    if path is None or not path.is_file():
        raise HTTPException(404)
    headers = {**HEADERS, **caching, **({"ETag": etag} if etag else {})}
    if etag and request and etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, headers=headers, media_type=MEDIA_TYPES.get(path.suffix))


def main() -> None:
    """Serve until stopped."""
    settings = load_settings()
    set_up_logging(settings)
    uvicorn.run(
        make_site(settings),
        host=settings.site_host,
        port=settings.site_port,
        log_level="warning",
        log_config=None,
        server_header=False,
    )


if __name__ == "__main__":
    main()
