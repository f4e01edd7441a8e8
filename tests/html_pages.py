"""Read HTML pages in tests: their elements, and their tables as text."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input"}


@dataclass
class Element:
    """One element with its attributes and its children, in order; text stands between them."""

    tag: str
    attributes: dict[str, str | None]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside, without that of drawings, with single spaces (narrow ones stay)."""
        parts = (
            child if isinstance(child, str) else "" if child.tag == "svg" else child.text for child in self.children
        )
        return re.sub(r"[ \t\r\n]+", " ", " ".join(parts)).strip()

    def all(self, *tags: str) -> list["Element"]:
        """Every element below this one with one of the tags (any tag without), in order."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    found.append(child)
                found.extend(child.all(*tags))
        return found

    def with_class(self, name: str) -> list["Element"]:
        """Every element below this one with a class."""
        return [each for each in self.all() if name in (each.attributes.get("class") or "").split()]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("document", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse(html: str) -> Element:
    """Return the document. Errors: `AssertionError` where elements are not closed in order."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert parser._open == [parser.root], "an element is not closed"
    return parser.root


def rows_of(page: Element, caption_id: str) -> dict[str, list[str]]:
    """Return the body of the table with this caption: {text of the row's head: text of its cells}.

    The mark of synthetic figures is no part of the head.
    """
    [table] = [
        each for each in page.all("table") if any(c.attributes.get("id") == caption_id for c in each.all("caption"))
    ]
    found = {}
    for row in (row for body in table.all("tbody") for row in body.all("tr")):
        heads = row.all("th")
        found[heads[0].text.replace("partly synthetic", "").replace("synthetic", "").strip()] = [
            cell.text for cell in row.all("td") if cell.attributes.get("aria-hidden") != "true"
        ]
    return found
