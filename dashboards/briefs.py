"""Briefs: the first sheet of countries' pages as a tagged PDF (PDF/UA-1), for the table of a meeting."""

import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.site import render_release
from ingestion.errors import UsageError
from ingestion.pdf import VARIANT, is_possible
from ingestion.release.contents import SITE
from ingestion.release.notice import STYLE, release_notice, with_notice
from ingestion.release.query import release_folder
from ingestion.settings import Settings

if TYPE_CHECKING:
    from weasyprint import Document
    from weasyprint.text.fonts import FontConfiguration

STYLES = (STYLE, Path(__file__).resolve().parent / "assets" / "brief.css")
NO_PANGO = "This machine cannot draw PDFs: the library Pango is missing. On Debian: apt-get install libpangoft2-1.0-0"


def write_brief(
    settings: Settings, target: Path, *, release_id: str | None, language_code: str, country_codes: Sequence[str] = ()
) -> int:
    """Write one PDF with the sheet of each of these countries, of all by default, and return how many sheets it has.

    The sheets are those of the release's site, which is drawn if it is not there. Errors: `UsageError` when there is no
    such release or country, no site in this language, or no library that draws PDFs.
    """
    if not is_possible():
        raise UsageError(NO_PANGO)
    # It tells of each rule of the style sheet that is for screens.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    from weasyprint.text.fonts import FontConfiguration

    release = release_folder(settings, release_id, wanted=SITE)
    folder = render_release(settings, release.name) / language_code
    known = sorted(path.stem for path in (folder / "country").glob("*.html"))
    if not known:
        raise UsageError(f"The pages of release {release.name} do not exist in the language {language_code}.")
    unknown = [code for code in country_codes if code not in known]
    if unknown:
        raise UsageError(f"Release {release.name} has no country {', '.join(unknown)}. It has {', '.join(known)}.")
    notice, fonts = release_notice(settings, release.name, language_code), FontConfiguration()
    drawn = [_sheet(folder, code, notice, fonts) for code in country_codes or known]
    pages = [page for document in drawn for page in document.pages]
    drawn[0].copy(pages).write_pdf(target, pdf_variant=VARIANT)
    return len(pages)


def _sheet(folder: Path, country_code: str, notice: str, fonts: "FontConfiguration") -> "Document":
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    path = folder / "country" / f"{country_code}.html"
    page = brief_page(path.read_text(encoding="utf-8"), notice)
    document = HTML(string=page, base_url=path.as_uri(), url_fetcher=URLFetcher(allowed_protocols=["file", "data"]))
    return document.render(font_config=fonts, pdf_variant=VARIANT)


def brief_page(page: str, notice: str = "") -> str:
    """Return the first sheet of a country's page without links, with the notice of its release on top."""
    first = re.sub(r"<section\b.*?</section>|<nav\b.*?</nav>|<details\b.*?</details>", "", page, flags=re.S)
    # Links would lead into the folders of the machine that drew the sheet.
    unlinked = re.sub(r'(<a\b[^>]*?) href="[^"]*"', r"\1", first)
    style = "".join(path.read_text(encoding="utf-8") for path in STYLES)
    styled = unlinked.replace("</head>", f"<style>{style}</style></head>", 1)
    return with_notice(re.sub(r'<body class="([^"]*)">', r'<body class="\1 brief">', styled, count=1), notice)
