"""The language that a page is drawn in: chosen once around all that is drawn, asked wherever something is said."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from markupsafe import Markup, escape

from ingestion.languages import Language, fill, language_for

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


def say_in_page(text: str, /, **values: Any) -> Markup:
    """Return a translation as text of a page; a value that is markup stays markup (a link that is opened and closed)."""
    return _in_page(say(text, **_kept(values)), values)


def say_count_in_page(one: str, many: str, count: int, /, **values: Any) -> Markup:
    """Return a translation in the plural form of a count as text of a page."""
    values = {"count": count} | values
    return _in_page(say_count(one, many, count, **_kept(values)), values)


def _kept(values: dict[str, Any]) -> dict[str, str]:
    return {name: f"{{{name}}}" for name in values}


def _in_page(text: str, values: dict[str, Any]) -> Markup:
    shown = {name: value if isinstance(value, str) else spoken().number(value) for name, value in values.items()}
    return Markup(fill(str(escape(text)), {name: str(escape(value)) for name, value in shown.items()}))
