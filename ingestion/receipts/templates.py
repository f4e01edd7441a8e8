"""The templates of the pages that contacts read."""

from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.html_templates import page_template

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE_FOLDER = Path(__file__).resolve().parent


def template(name: str) -> "Template":
    """Return a template; whatever a sender wrote is escaped in it."""
    return page_template(TEMPLATE_FOLDER / name)
