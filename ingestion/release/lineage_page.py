"""The path of a figure as a page: what everybody may know of where it comes from."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from ingestion.release.explain_text import HIDDEN, ends_of, figure_facts, numbers_of, reasons_of, stood_in


def lineage_page(found: dict[str, Any]) -> str:
    """Return what `explain_figure(..., is_public=True)` found as one page of the release's site, without script."""
    figure = found["figure"]
    is_hidden = "suppressed" in (figure.get("publication_status"), figure.get("null_reason"))
    return _template().render(
        {
            **found,
            "facts": figure_facts(found),
            "reason": HIDDEN if is_hidden else reasons_of(figure),
            "files": sorted({(each["submission_id"], each["sha256"]) for each in found["sources"]}),
            "vintages": [
                {**each, "stood_in": stood_in(each), "numbers": numbers_of(each)} for each in found["vintages"]
            ],
            "changes": [dict(zip(("before", "after"), ends_of(each), strict=True)) | each for each in found["changes"]],
        }
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("lineage.html.j2")
