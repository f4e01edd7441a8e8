"""Which pages of a drawn site are looked at: for each template the heaviest page, in each language."""

import re
from collections.abc import Iterable
from pathlib import Path

TEMPLATE = re.compile(rb'<body class="([a-z]+)')


def languages(site_folder: Path) -> list[str]:
    """Return the languages of the site: the folders that have a front page."""
    return sorted(front.parent.name for front in site_folder.glob("*/index.html"))


def longest_language(site_folder: Path) -> str:
    """Return the language whose front page takes the most letters: its words are the most likely not to fit."""
    return max(languages(site_folder), key=lambda code: len((site_folder / code / "index.html").read_text("utf-8")))


def heaviest_pages(site_folder: Path, codes: Iterable[str]) -> list[str]:
    """Return the path of the largest page of each template in each of the languages."""
    found: dict[tuple[str, str], Path] = {}
    for code in codes:
        for page in sorted((site_folder / code).rglob("*.html")):
            named = TEMPLATE.search(page.read_bytes())
            key = (code, named[1].decode() if named else page.stem)
            if key not in found or page.stat().st_size > found[key].stat().st_size:
                found[key] = page
    return [page.relative_to(site_folder).as_posix() for page in found.values()]
