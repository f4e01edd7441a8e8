"""A language whose translation is not complete: what is missing stands in English, and says so with `lang="en"`.

While a page is drawn, English stands between two characters for private use; when it is done they become markup.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingestion.languages import Language

BEGIN, END = "\ue000", "\ue001"
TAG_OR_MARK = re.compile(f"<[^>]*>|{BEGIN}|{END}")
NO_MARKUP_INSIDE = ("title", "option", "desc")  # elements that hold text only
TEXT_ONLY = re.compile(rf"(?:{'|'.join(NO_MARKUP_INSIDE)})\b")


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


def settled(page: str, around: str = "span") -> str:
    """Return a page, drawing or piece of one with `lang="en"` around what stands between marks.

    `around`: the element that may stand around it where the piece begins, none where there is no room for markup.
    """
    if BEGIN not in page:
        return page
    if not around:
        return page.replace(BEGIN, "").replace(END, "")
    pieces, inside, svg_depth, mark_depth = [], "", int(around == "tspan"), 0
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


def elements_around(pieces: Sequence[str]) -> Iterator[str]:
    """Yield for the end of each piece of a page, but the last, which element may stand around words there.

    None does within a tag and in elements that hold text only; in drawings it is another one than in the page.
    """
    tag, is_in_tag, svg_depth = "", False, 0
    for piece in pieces[:-1]:
        begins, ends = piece.rfind("<"), piece.rfind(">")
        if begins >= 0 or ends >= 0:
            is_in_tag = begins > ends
        if begins >= 0:
            tag = piece[begins + 1 :]
            svg_depth += piece.count("<svg") - piece.count("</svg")
        yield "" if is_in_tag or TEXT_ONLY.match(tag) else "tspan" if svg_depth else "span"
