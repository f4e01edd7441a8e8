"""`make messages`: collect all texts into `po/messages.pot` and bring every translation up to date with them.

A text that was changed keeps its old translation, marked as doubtful (fuzzy), until a translator has looked at it.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.languages.catalogues import PO_FOLDER
from ingestion.languages.sources import texts

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

TEMPLATE = "messages.pot"
WIDTH = 110
# Lines that change with the day or with Babel's version, and tell a translator nothing.
NOISE = re.compile(
    rb'^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Generated-By'
    rb"|Last-Translator|Language-Team):.*\n",
    re.M,
)
HEADER = "Translations of PCM Observatory. Written by `make messages`; the texts themselves stand in the files named."


def fresh_files() -> dict[str, bytes]:
    """Return {name: content} of the template and of every translation as `make messages` would write them."""
    template = collect()
    return {TEMPLATE: _as_bytes(template)} | {path.name: _updated(path, template) for path in _translations()}


def collect() -> "Catalog":
    """Return the catalogue of all texts, without translations."""
    from babel.messages.catalog import Catalog

    template = Catalog(header_comment=f"# {HEADER}", fuzzy=False)
    for name, text in texts():
        template.add(text, locations=[(name, 1)])
    return template


def write_files() -> None:
    """Write the template and every translation anew; an empty file `po/xx.po` is how a language begins."""
    for name, content in fresh_files().items():
        (PO_FOLDER / name).write_bytes(content)


def _translations() -> list[Path]:
    return sorted(PO_FOLDER.glob("*.po"))


def _updated(path: Path, template: "Catalog") -> bytes:
    from babel.messages.pofile import read_po

    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=path.stem)
    catalogue.update(template, update_header_comment=True)
    catalogue.fuzzy = False
    return _as_bytes(catalogue)


def _as_bytes(catalogue: "Catalog") -> bytes:
    from babel.messages.pofile import write_po

    stream = BytesIO()
    write_po(stream, catalogue, width=WIDTH, include_lineno=False, ignore_obsolete=True)
    return NOISE.sub(b"", stream.getvalue())


if __name__ == "__main__":
    write_files()
