"""The elements of a small XML part, without a tree: a tree of a hostile part takes a hundred times its size."""

from dataclasses import dataclass
from xml.parsers import expat

from ingestion.languages import phrase
from ingestion.reading.table import Unreadable

MOST_DEPTH = 100
LONGEST_TEXT = 10_000  # characters


@dataclass
class Element:
    """One element: its name without the prefix, its attributes as they are written, and all text inside it."""

    name: str
    attributes: dict[str, str]
    text: str = ""


def elements_named(data: bytes, name: str) -> list[Element]:
    """Return the elements of a name, in the order of the document.

    Errors: `Unreadable` for elements nested beyond reason; `expat.ExpatError` for broken XML.
    """
    found: list[Element] = []
    open_elements: list[Element] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        open_elements.append(Element(tag.rpartition(":")[2], attributes))
        if len(open_elements) > MOST_DEPTH:
            raise Unreadable("UNSAFE_FILE", expected=phrase("elements nested without end"))
        if open_elements[-1].name == name:
            found.append(open_elements[-1])

    def characters(text: str) -> None:
        for element in open_elements:
            if element.name == name and len(element.text) < LONGEST_TEXT:
                element.text += text

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: open_elements.pop()
    parser.CharacterDataHandler = characters
    parser.Parse(data, True)
    return found
