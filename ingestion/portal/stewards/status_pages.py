"""The state of the observatory, for stewards: a page for people, JSON for their programs.

It stands behind the sign-in, because it names submissions, late countries and faults.
"""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ingestion.catalogue import rows
from ingestion.portal.entrance import access
from ingestion.portal.programs.api import PROBLEMS, Caller
from ingestion.portal.stewards.steward_pages import Steward
from ingestion.portal.web.guard import reader_language
from ingestion.portal.web.rendering import render
from ingestion.status.overview import observatory_status

MEGABYTE = 1_000_000
router = APIRouter()
api_router = APIRouter(responses=PROBLEMS)


@router.get("/status")
def show_status(request: Request, steward: Steward) -> Response:
    """Show queues, the current release, the deadline, the disk and what failed."""
    language = reader_language(request)
    names = {row["country_code"]: language.word(row["country_name"]) for row in rows("countries")}
    found = observatory_status(access.settings_of(request))
    return render(request, "status.html.j2", steward, found=found, country_names=names, megabyte=MEGABYTE)


@api_router.get("/status")
def status(request: Request, caller: Caller) -> dict[str, Any]:
    """Return the state of the observatory, as `pcm status --json` does; for the programs of stewards."""
    if not caller.may("decide"):
        raise access.forbidden()
    return observatory_status(access.settings_of(request))
