"""Languages: every sentence that a person reads, in the person's own language and number format.

Message ids are the English texts, with `{name}` placeholders; a translation is one gettext file, `po/<language>.po`.
"""

from ingestion.languages.catalogues import translated_languages
from ingestion.languages.choosing import (
    COMPLETE_LANGUAGES,
    country_language,
    known_languages,
    language_for,
    terminal_language,
)
from ingestion.languages.language import Language
from ingestion.languages.texts import fill, phrase, phrase_count, placeholders

__all__ = [
    "COMPLETE_LANGUAGES",
    "Language",
    "country_language",
    "fill",
    "known_languages",
    "language_for",
    "phrase",
    "phrase_count",
    "placeholders",
    "terminal_language",
    "translated_languages",
]
