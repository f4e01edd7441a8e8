"""The sources of a page: each named once, with a letter that its figures carry."""

import string


class Sources:
    """Collects references in the order in which they are met."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}

    def letter(self, reference: str | None) -> str:
        """Return the letter of a reference; nothing for no reference."""
        if not reference:
            return ""
        return self._letters.setdefault(reference, _letter(len(self._letters)))

    def listed(self) -> list[tuple[str, str]]:
        """Return (letter, reference) of all that were met."""
        return [(letter, reference) for reference, letter in self._letters.items()]


def _letter(place: int) -> str:
    """Return a, b, … z, aa, ab, …"""
    before, last = divmod(place, len(string.ascii_lowercase))
    return (_letter(before - 1) if before else "") + string.ascii_lowercase[last]
