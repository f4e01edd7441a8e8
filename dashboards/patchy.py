"""A language whose translation is not complete: what is missing stands in English, and says so with `lang="en"`.

While a page is drawn, English stands between two characters for private use; when it is done they become markup.
"""

import re
from typing import Any

from ingestion.languages import Language

BEGIN, END = "\ue000", "\ue001"
TAG_OR_MARK = re.compile(f"<[^>]*>|{BEGIN}|{END}")
NO_MARKUP_INSIDE = ("title", "option", "desc")  # elements that hold text only


class PatchyLanguage(Language):
    """A language that marks what it says in English."""

    def say(self, text: str, /, **values: Any) -> str:
        """Return the translation, or the English text with its marks."""
        return self._marked(text, super().say(text, **values))

    def say_count(self, one: str, many: str, count: int, /, **values: Any) -> str:
        """Return the translation in the plural form of the count, or the English text with its marks."""
        return self._marked(one, super().say_count(one, many, count, **values))

    def word(self, text: str) -> str:
        """Return the translation of a word of the catalogue, or the word with its marks."""
        return self._marked(text, super().word(text))

    def _marked(self, text: str, said: str) -> str:
        return said if not text or self.is_translated(text) or BEGIN in said else f"{BEGIN}{said}{END}"


def settled(page: str) -> str:
    """Return a page or drawing with its marks turned into `lang="en"`; where no markup can stand they are left out."""
    pieces, inside, svg_depth = [], "", 0
    last = 0
    for found in TAG_OR_MARK.finditer(page):
        pieces.append(page[last : found.start()])
        last, mark = found.end(), found[0]
        if mark[0] == "<":
            name = mark.strip("</>").split()[0].split(">")[0]
            svg_depth += (name == "svg") * (-1 if mark[1] == "/" else 1)
            inside = "" if mark[1] == "/" else name
            pieces.append(mark.replace(BEGIN, "").replace(END, ""))
        elif inside not in NO_MARKUP_INSIDE:
            tag = "tspan" if svg_depth else "span"
            pieces.append(f'<{tag} lang="en">' if mark == BEGIN else f"</{tag}>")
    return "".join([*pieces, page[last:]])
