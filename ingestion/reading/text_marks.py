"""Characters that are raised, lowered or struck: without their marks, 3.1 with a raised 2 would read as 3.12.

A text is given as its sender sees it, in characters that no number has.
"""

from dataclasses import dataclass

PLAIN = "0123456789+-=()"
RAISED = str.maketrans(PLAIN, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
LOWERED = str.maketrans(PLAIN, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
STRIKE = "\u0336"


@dataclass(frozen=True)
class Marks:
    """How some characters of a text are shown."""

    is_raised: bool = False
    is_lowered: bool = False
    is_struck: bool = False

    def __or__(self, other: "Marks") -> "Marks":
        """Return the marks of either."""
        return Marks(
            self.is_raised or other.is_raised,
            self.is_lowered or other.is_lowered,
            self.is_struck or other.is_struck,
        )

    def shown(self, text: str) -> str:
        """Return a text with these marks; blanks show none."""
        if self.is_raised:
            text = _in_small_characters(text, RAISED, "^")
        elif self.is_lowered:
            text = _in_small_characters(text, LOWERED, "_")
        return struck(text) if self.is_struck else text


def struck(text: str) -> str:
    """Return a text whose characters are struck through."""
    return "".join(character if character.isspace() else character + STRIKE for character in text)


def _in_small_characters(text: str, characters: dict[int, int], sign: str) -> str:
    has_all = all(ord(character) in characters or character.isspace() for character in text)
    return text.translate(characters) if has_all else f"{sign}({text})"
