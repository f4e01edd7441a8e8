"""The language that a page is drawn in: chosen once around all that is drawn, asked wherever something is said."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ingestion.languages import Language, language_for

ENGLISH = language_for("en")
_SPOKEN: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Say everything inside in one language."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken() -> Language:
    """Return the language that is spoken here; English where none was chosen."""
    return _SPOKEN.get()


def say(text: str, /, **values: Any) -> str:
    """Return the translation of a text with `{name}` placeholders, as `Language.say` does."""
    return _SPOKEN.get().say(text, **values)


def say_count(one: str, many: str, count: int, /, **values: Any) -> str:
    """Return the translation of a sentence about `{count}` things, in the language's own plural form."""
    return _SPOKEN.get().say_count(one, many, count, **values)


def word(text: str) -> str:
    """Return a word of the catalogue in the language: the label of a code, the name of an indicator or country."""
    return _SPOKEN.get().word(text)
