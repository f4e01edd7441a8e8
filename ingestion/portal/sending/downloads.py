"""Files that the portal gives: the template, the marked workbook, and the headers that make a browser save them."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import HTTPException
from starlette.responses import Response

from ingestion.errors import UsageError
from ingestion.languages import Language, language_for
from ingestion.portal.web.addresses import portal_url
from ingestion.receipts import localise
from ingestion.settings import Settings

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(name: str) -> dict[str, str]:
    """Return the header by which a file is saved under a name and never shown, whatever stands in it (RFC 6266)."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def template_of(settings: Settings, country_code: str, round_id: str, theme: str, language_code: str) -> Response:
    """Return the workbook to fill in. Errors: 400 for a round or theme that does not exist."""
    from ingestion.templates import Asked, expected_figures, require_asked
    from ingestion.templates.last_accepted import last_accepted, references
    from ingestion.templates.workbook import template_bytes

    try:
        asked = require_asked(Asked(country_code, round_id, theme))
    except UsageError as error:
        raise HTTPException(400, str(error)) from None
    known = references(last_accepted(settings, country_code), expected_figures(asked))
    data = template_bytes(asked, references=known, words=language_for(language_code), portal=portal_url(settings))
    name = "-".join(filter(None, ("template", country_code, round_id, theme)))
    return Response(data, media_type=XLSX, headers=attachment(f"{name}.xlsx"))


def marked_workbook(original: Path, result: dict[str, Any], language: Language) -> Response:
    """Return the sender's workbook with its findings marked. Errors: 400 for a file that cannot be marked."""
    from ingestion.markup import mark_up

    try:
        data = mark_up(original, localise(result, language), say=language.say)
    except UsageError as error:
        raise HTTPException(400, str(error)) from None
    stem = Path(result["submission"]["original_name"]).stem
    return Response(data, media_type=XLSX, headers=attachment(f"{stem}.marked.xlsx"))
