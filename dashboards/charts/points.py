"""What charts are drawn from: one place of one country (or indicator), as much of it as may be shown."""

from typing import NamedTuple

from dashboards.speech import say
from dashboards.words import STANDING_WORDS


class Point(NamedTuple):
    """One figure. `value` and its interval are None unless they may be shown; `status` then says why.

    `text` is what stands in the place of the number: the figure with its letters, or a word. `lineage` is the address
    that says where the figure comes from.
    """

    code: str
    name: str
    value: float | None
    text: str
    status: str
    lower: float | None = None
    upper: float | None = None
    standing: str = ""
    denominator: float | None = None
    lineage: str = ""

    @property
    def is_hollow(self) -> bool:
        """Low reliability."""
        return self.status == "low_reliability"

    @property
    def standing_words(self) -> str:
        """The word for where the point stands, or nothing."""
        return say(STANDING_WORDS[self.standing])

    @property
    def tip(self) -> str:
        """The point in words."""
        return ": ".join((self.name, f"{self.text} {self.standing_words}".strip()))
