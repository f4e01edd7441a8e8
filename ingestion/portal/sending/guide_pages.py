"""What a contact can read up: the rules of the checks, and the help, which is `docs/for_contacts.md`."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from ingestion.catalogue import rows
from ingestion.checks.registry import rules_version
from ingestion.languages import Language
from ingestion.languages.sources import HELP_FILE
from ingestion.portal.entrance.sign_in_pages import Visitor
from ingestion.portal.web.guard import reader_language
from ingestion.portal.web.rendering import render
from ingestion.receipts.rules_page import rules_to_show
from ingestion.receipts.templates import TEMPLATE_FOLDER as RECEIPT_FOLDER

router = APIRouter()


@router.get("/rules")
def show_rules(request: Request, visitor: Visitor) -> Response:
    """Show every rule by which the desk checks now."""
    shown = rules_to_show(rows("checks"), rules_version=rules_version(), language=reader_language(request))
    return render(request, "all_rules.html.j2", visitor, **shown)


@router.get("/rules.css")
def rules_css() -> Response:
    """Return the style of the page of rules."""
    return FileResponse(RECEIPT_FOLDER / "rules.css", headers={"Cache-Control": "max-age=3600"})


@router.get("/help")
def show_help(request: Request, visitor: Visitor) -> Response:
    """Show the help for contacts."""
    return render(request, "help.html.j2", visitor, help_html=help_as_html(reader_language(request)))


def help_as_html(language: Language) -> str:
    """Return the help in a language; what no translation is made of, such as commands, stays as it is."""
    from markdown_it import MarkdownIt

    lines = HELP_FILE.read_text(encoding="utf-8").splitlines()
    return str(MarkdownIt("js-default").render("\n".join(map(language.word, lines))))
