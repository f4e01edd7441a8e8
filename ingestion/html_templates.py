"""Templates of pages, alike wherever a page is made: what is put in is escaped, and what is missing is an error."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment, Template


@cache
def page_template(path: Path) -> "Template":
    """Return the template in a file; it may include those beside it."""
    return templates_in(path.parent).get_template(path.name)


def templates_in(*folders: Path) -> "Environment":
    """Return the templates of some folders, the first of which has its way."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # an answer in text does without

    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
