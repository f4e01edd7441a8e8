"""The workbook of a template: what to do, the figures to fill in, what they mean, and the codes."""

import io
import re
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

from ingestion.languages import Language
from ingestion.templates.choices import add_choices
from ingestion.templates.code_sheet import add_code_sheet
from ingestion.templates.contents import Contents
from ingestion.templates.data_sheet import add_data_sheet
from ingestion.templates.fingerprint import PROPERTY_NAME, fingerprint_of
from ingestion.templates.grid import Asked, ExpectedFigure
from ingestion.templates.notes import add_indicator_notes, add_read_me
from ingestion.templates.styles import add_styles

LONGEST_SHEET_NAME = 31
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
MAKER = "PCM Observatory"


def template_bytes(
    asked: Asked,
    *,
    words: Language,
    references: Mapping[ExpectedFigure, Mapping[str, Any]] | None = None,
    portal: str = "",
) -> bytes:
    """Return the bytes of the workbook for what is asked, in the language of `words`.

    `references` holds the last accepted row of each figure, as `ingestion.templates.last_accepted` finds them; `portal`
    is where it can be sent.
    """
    contents = Contents(asked, words, references or {}, portal)
    say = contents.words.say
    book = Workbook()
    book.remove(book.active)
    add_styles(book)
    notes = _sheet_name(say("indicators"))
    add_read_me(book, contents, title=_sheet_name(say("read me")))
    sheet = add_data_sheet(book, contents, notes_title=notes)
    add_indicator_notes(book, contents, title=notes)
    add_choices(sheet, contents, add_code_sheet(book, contents, title=_sheet_name(say("codes"))))
    book.custom_doc_props.append(StringProperty(name=PROPERTY_NAME, value=fingerprint_of(asked)))
    book.properties.creator = MAKER
    book.properties.title = f"{asked.country_code} {asked.round_id} {asked.theme_code}".strip()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet_name(text: str) -> str:
    return NOT_IN_SHEET_NAMES.sub(" ", text)[:LONGEST_SHEET_NAME].strip()
