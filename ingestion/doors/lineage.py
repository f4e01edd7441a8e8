"""Where a figure of a release comes from, as a page and as JSON."""

import json
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from ingestion.errors import UsageError
from ingestion.release.explain import explain_figure
from ingestion.release.lineage_page import lineage_page
from ingestion.release.notice import release_notice, with_styled_notice


def lineage_answer(headers: dict[str, str]) -> Any:
    """Return the endpoint of `/r/<release>/lineage/<figure>`, which answers with these headers."""

    async def answer(request: Request) -> Response:
        release_id, figure_id = request.path_params["release_id"], request.path_params["figure_id"]
        try:
            found = await run_in_threadpool(
                explain_figure, request.app.state.settings, figure_id, release_id=release_id, is_public=True
            )
        except UsageError as error:
            return PlainTextResponse(f"{error}\n", status_code=404, headers=headers)
        if request.query_params.get("format") == "json":
            text = json.dumps(found, ensure_ascii=False, default=str)
            return Response(text, media_type="application/json", headers=headers)
        notice = release_notice(
            request.app.state.settings, release_id, address_in=lambda other: f"/r/{other}/lineage/{quote(figure_id)}"
        )
        return HTMLResponse(with_styled_notice(lineage_page(found), notice), headers=headers)

    return answer
