"""Cells of an XLSX sheet whose text is raised, lowered or struck, in part or as a whole.

A workbook without such marks costs one look at its bytes; of the others, only the texts that have marks are parsed.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from itertools import pairwise
from xml.parsers import expat

from ingestion.reading.sheet_xml import cells_of_columns, whole_pieces
from ingestion.reading.style_tags import style_tags
from ingestion.reading.text_marks import Marks

MARK_NAMES = ("vertAlign", "strike", "dstrike")
MARKS = (b"vertAlign", b"strike")  # as bytes, the third has the second in it
OVERLAP_BYTES = max(map(len, MARKS))
ITEM_ENDS = (b"</si>", b":si>")
ITEM = re.compile(rb"<(?:\w+:)?si[\s/>]")
INLINE = re.compile(rb"<(?:\w+:)?is[\s>]")
TEXT_END = re.compile(rb"</(?:\w+:)?(?:si|is)\s*>")
VALUE = re.compile(rb"<(?:\w+:)?v>\s*([0-9]{1,9})\s*<")
OFF = re.compile(rb"\bval=[\"'](?:0|false)[\"']")
FONT_NUMBER = re.compile(rb"\bfontId=[\"']([0-9]{1,6})[\"']")
NOT_STRUCK = ("0", "false")
Place = tuple[int, int]
Parts = Callable[[], Iterable[bytes]]


def have_marks(chunks: Iterable[bytes]) -> bool:
    """Say whether a part may have characters that are raised, lowered or struck."""
    rest = b""
    for chunk in chunks:
        seen = rest + chunk
        if _has_marks(seen):
            return True
        rest = seen[-OVERLAP_BYTES:]
    return False


def struck_formats(chunks: Iterable[bytes]) -> frozenset[int]:
    """Return the numbers of the cell formats of `styles.xml` whose font is struck through."""
    fonts, struck, formats = 0, set[int](), list[int]()
    inside = b""
    for end, name, attributes in style_tags(chunks):
        if name in (b"fonts", b"cellXfs"):
            inside = b"" if end else name
        elif end or not inside:
            continue
        elif name == b"font":
            fonts += 1
        elif name == b"strike" and not OFF.search(attributes):
            struck.add(fonts - 1)
        elif name == b"xf":
            number = FONT_NUMBER.search(attributes)
            formats.append(int(number[1]) if number else 0)
    return frozenset(index for index, font in enumerate(formats) if font in struck)


def marked_cells(sheet: Iterable[bytes], strings: Parts, columns: Collection[int]) -> dict[Place, str]:
    """Return {(row, column): text as it is shown} of the cells in some columns whose text has marks.

    `strings` gives the chunks of the shared texts.
    """
    reader = _RunReader()
    shared: dict[Place, int] = {}
    shown: dict[Place, str] = {}
    for place, kind, inside in cells_of_columns(sheet, columns):
        if kind == b"s" and (number := VALUE.search(inside)):
            shared[place] = int(number[1])
        elif (text := reader.shown_text(inside, INLINE)) is not None:
            shown[place] = text
    texts = _shared_texts(strings(), set(shared.values())) if shared else {}
    return shown | {place: texts[number] for place, number in shared.items() if number in texts}


def _shared_texts(chunks: Iterable[bytes], wanted: Collection[int]) -> dict[int, str]:
    """Return {number: text as it is shown} of those of the shared texts that are wanted and have marks."""
    texts, reader, first = {}, _RunReader(), 0
    for piece in whole_pieces(chunks, ITEM_ENDS):
        starts = [item.start() for item in ITEM.finditer(piece)]
        if _has_marks(piece):
            for number, (start, end) in enumerate(pairwise([*starts, len(piece)]), start=first):
                if number in wanted and (text := reader.shown_text(piece[start:end], ITEM)) is not None:
                    texts[number] = text
        first += len(starts)
    return texts


def _has_marks(xml: bytes) -> bool:
    return any(mark in xml for mark in MARKS)


class _RunReader:
    """Follows the runs of texts, each with its marks; what is only read aloud is not shown."""

    def __init__(self) -> None:
        # To begin a parser costs more than a text does: the texts are parts of one document.
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.open_names: list[str] = []
        self.marks = Marks()
        self.plain = self.shown = ""
        self.parser.Parse(b"<texts>", False)

    def shown_text(self, xml: bytes, element: re.Pattern[bytes]) -> str | None:
        """Return the text of the first such element as it is shown, or None if it shows no marks."""
        start = element.search(xml) if _has_marks(xml) else None
        end = TEXT_END.search(xml, start.start()) if start else None
        if not start or not end:
            return None
        self.plain = self.shown = ""
        self.parser.Parse(xml[start.start() : end.end()], False)
        return self.shown if self.shown != self.plain else None

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self.open_names.append(name)
        if name == "r":
            self.marks = Marks()
        elif name in MARK_NAMES:
            self.marks |= _marks_of(name, attributes.get("val", ""))

    def _end(self, _: str) -> None:
        if self.open_names.pop() == "r":
            self.marks = Marks()

    def _characters(self, text: str) -> None:
        if self.open_names[-1] == "t" and "rPh" not in self.open_names:
            self.plain += text
            self.shown += self.marks.shown(text)


@cache
def _marks_of(name: str, value: str) -> Marks:
    if name == "vertAlign":
        return Marks(is_raised=value == "superscript", is_lowered=value == "subscript")
    return Marks(is_struck=value not in NOT_STRUCK)
