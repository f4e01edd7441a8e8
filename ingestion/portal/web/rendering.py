"""Pages in the reader's language, made from templates that escape whatever a sender wrote."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ingestion.html_templates import templates_in
from ingestion.languages import COMPLETE_LANGUAGES, language_for, phrase
from ingestion.portal.roles import Account
from ingestion.portal.web.forms import SESSION_COOKIE, set_cookie
from ingestion.portal.web.guard import LANGUAGE_COOKIE, csrf_of, reader_language
from ingestion.receipts.templates import TEMPLATE_FOLDER as RECEIPT_FOLDER
from ingestion.receipts.wording import VERDICTS

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).resolve().parents[1] / "templates"
YEAR_SECONDS = 365 * 24 * 3600
REFUSALS = {
    400: phrase("This cannot be done as it was asked."),
    403: phrase("Your account may not do this. If it should, ask your steward."),
    404: phrase("There is no such page here."),
}
SOMETHING_WRONG = phrase("This did not work. Nothing is lost; please try again.")


def render(request: Request, name: str, account: Account | None, *, status_code: int = 200, **values: Any) -> Response:
    """Return a page in the reader's language; a language that was asked for is remembered."""
    language = reader_language(request)
    shown = {
        "language": language,
        "say": language.say,
        "say_count": language.say_count,
        "languages": [language_for(code) for code in COMPLETE_LANGUAGES],
        "account": account,
        "token": csrf_of(request.cookies.get(SESSION_COOKIE, "")),
        "path": quote(request.url.path),
        **values,
    }
    answer = HTMLResponse(_environment().get_template(name).render(shown), status_code=status_code)
    if request.query_params.get("lang") in COMPLETE_LANGUAGES:
        set_cookie(request, answer, LANGUAGE_COOKIE, language.code, YEAR_SECONDS)
    return answer


def refusal(request: Request, status_code: int, sentence: str = "", *, back: str = "") -> Response:
    """Return a page that says in a sentence why nothing was done, and leads back to the page where it was asked."""
    say = reader_language(request).say
    shown = sentence or say(REFUSALS.get(status_code, SOMETHING_WRONG))
    return render(request, "refusal.html.j2", None, sentence=shown, back=quote(back), status_code=status_code)


def _breakable(name: str) -> Markup:
    """Return the name of a file that goes on in a new line where its parts end, rather than within a word."""
    return Markup(re.sub("([_-]+)", r"\1<wbr>", str(escape(name))))


@cache
def _environment() -> "Environment":
    environment = templates_in(FOLDER, RECEIPT_FOLDER)
    environment.filters["as_moment"] = datetime.fromisoformat
    environment.filters["breakable"] = _breakable
    environment.globals["verdict_names"] = VERDICTS
    return environment
