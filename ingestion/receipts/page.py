"""The receipt as a page: one file without script or outside host, fit for a phone, a printer and a screen reader."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from ingestion.receipts.summary import summarise
from ingestion.receipts.wording import counted, is_trial

TEMPLATE_FOLDER = Path(__file__).resolve().parent


def render(receipt: dict[str, Any]) -> str:
    """Return the page of a receipt; a bare result of the desk is shown as a trial that sent nothing."""
    summary = summarise(receipt)
    return _template().render(summary=summary, verdict=receipt["verdict"] or "delayed", is_trial=is_trial(receipt))


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.lstrip_blocks = True
    environment.filters["counted"] = counted
    return environment.get_template("receipt.html.j2")
