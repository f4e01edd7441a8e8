"""What a template needs of a language; English until another one is given."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Words(Protocol):
    """A language: says a text in it, with its placeholders filled, and writes numbers and days in its habit."""

    def say(self, text: str, **values: object) -> str:
        """Return a text, which is its own message id, in this language."""
        ...

    def number(self, value: float) -> str:
        """Return a number as readers of this language write it."""
        ...

    def day(self, value: date) -> str:
        """Return a day as readers of this language write it."""
        ...


@dataclass(frozen=True)
class English:
    """The language that all texts are written in."""

    def say(self, text: str, **values: object) -> str:
        """Return the text itself."""
        return text.format_map(values)

    def number(self, value: float) -> str:
        """Return a number such as 1,234.5."""
        return f"{value:,.15g}"

    def day(self, value: date) -> str:
        """Return a day such as 15 December 2026."""
        return f"{value.day} {value:%B %Y}"
