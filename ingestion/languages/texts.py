"""Texts with `{name}` placeholders: marking them for translation, and filling them."""

import re
from collections.abc import Mapping

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
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)
