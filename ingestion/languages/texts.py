"""Texts with `{name}` placeholders: marking them for translation, and filling them."""

import re
from collections.abc import Mapping
from functools import lru_cache

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def phrase(text: str) -> str:
    """Return the text as it is; the mark tells `make messages` to collect a text that is translated elsewhere."""
    return text


def phrase_count(one: str, many: str) -> tuple[str, str]:
    """Return both texts as they are: the mark for a text with a plural that is translated elsewhere."""
    return one, many


def placeholders(text: str) -> list[str]:
    """Return the names of a text's placeholders, sorted, as often as they stand there."""
    return sorted(PLACEHOLDER.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its placeholders filled; braces inside a value are a sender's and stay as they are.

    Errors: `KeyError` for a placeholder without a value.
    """
    literals_and_names = _split(text)
    if len(literals_and_names) == 1:
        return text
    return "".join(values[part] if at % 2 else part for at, part in enumerate(literals_and_names))


@lru_cache(maxsize=10_000)
def _split(text: str) -> list[str]:
    """Return literals and names in turns; a large file says a few texts a hundred thousand times."""
    return PLACEHOLDER.split(text)
