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
        return said if not text or self.is_translated(text) else f"{BEGIN}{said}{END}"


def settled(page: str) -> str:
    """Return a page or drawing with `lang="en"` around what stands between marks, where markup can stand."""
    pieces, inside, svg_depth, mark_depth = [], "", 0, 0
    last = 0
    for found in TAG_OR_MARK.finditer(page):
        is_english = mark_depth > 0 and inside not in NO_MARKUP_INSIDE
        pieces.append(_run(page[last : found.start()], "tspan" if svg_depth else "span", is_english=is_english))
        last, mark = found.end(), found[0]
        if mark[0] == "<":
            name = mark.strip("</>").split()[0]
            svg_depth += (name == "svg") * (-1 if mark[1] == "/" else 1)
            inside = "" if mark[1] == "/" else name
            pieces.append(mark.replace(BEGIN, "").replace(END, ""))
        else:
            mark_depth += 1 if mark == BEGIN else -1
    return "".join([*pieces, page[last:]])


def _run(text: str, tag: str, *, is_english: bool) -> str:
    return f'<{tag} lang="en">{text}</{tag}>' if is_english and text.strip() else text
