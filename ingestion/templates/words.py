"""What a template needs of a language, as `ingestion.languages.Language` has it; English until another one is given."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


class Words(Protocol):
    """A reader's language: sentences, words of the catalogue, numbers and days."""

    def say(self, text: str, /, **values: Any) -> str:
        """Return the translation of an English text, its placeholders filled."""
        ...

    def word(self, text: str) -> str:
        """Return a word of the catalogue: the label of a code, the name of an indicator or country."""
        ...

    def number(self, x: float) -> str:
        """Return a number as the reader writes it."""
        ...

    def day(self, day: date) -> str:
        """Return a day as the reader writes it."""
        ...


@dataclass(frozen=True)
class English:
    """The language that all texts are written in."""

    def say(self, text: str, /, **values: Any) -> str:
        """Return the text itself, its placeholders filled."""
        return text.format_map(values)

    def word(self, text: str) -> str:
        """Return the word itself."""
        return text

    def number(self, x: float) -> str:
        """Return a number such as 1,234.5."""
        return f"{x:,.15g}"

    def day(self, day: date) -> str:
        """Return a day such as 15 December 2026."""
        return f"{day.day} {day:%B %Y}"
