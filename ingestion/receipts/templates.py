"""The templates of the pages that contacts read."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE_FOLDER = Path(__file__).resolve().parent


@cache
def template(name: str) -> "Template":
    """Return a template; whatever a sender wrote is escaped in it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # an answer in text does without

    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.lstrip_blocks = True
    return environment.get_template(name)
