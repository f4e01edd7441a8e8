"""The boxes of comments: a drawing in VML, which every spreadsheet program still wants for them."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingestion.markup.marks import Paragraph
from ingestion.markup.package import Package
from ingestion.markup.places import Place
from ingestion.markup.sheet import Sheet
from ingestion.markup.tones import LIGHT_FILLS, STRONG_FILLS
from ingestion.reading import cell_address

DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
NAMESPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
EMPTY_DRAWING = (
    "<xml " + " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items()) + ">"
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout></xml>'
)
SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;width:{width}pt;height:{height}pt;'
    'z-index:1;visibility:hidden" fillcolor="#{fill}" strokecolor="#{line}" o:insetmode="auto">'
    '<v:fill color2="#{fill}"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
SHAPE_NUMBER = re.compile(rb"_x0000_s(\d+)")
SHAPES_PER_BLOCK = 1024
WIDTH_PIXELS = 340
ROW_PIXELS = 20
LINE_PIXELS = 15
CHARACTERS_PER_LINE = 50
MOST_LINES = 30
POINTS_PER_PIXEL = 0.75
WIDEST_SEARCH = 60  # columns
# Left column, top row, right column and bottom row of a box, each followed by an offset in pixels.
ANCHOR_LENGTH = 8
SENDERS_SHAPE = re.compile(rb"<(?P<prefix>\w+:)shape\b.*?</(?P=prefix)shape>", re.DOTALL)
PLACE = re.compile(rb":Row>\s*(\d+)\s*</\w+:Row>\s*<\w+:Column>\s*(\d+)\s*<")
ANCHOR = re.compile(rb"(?<=:Anchor>)[\d\s,]+(?=<)")


@dataclass(frozen=True)
class Comment:
    """What is said of one cell, in the colour of its severity."""

    place: Place
    severity: str
    paragraphs: Sequence[Paragraph]

    @property
    def address(self) -> str:
        """The address of the cell."""
        return cell_address(*self.place)


def add_boxes(
    package: Package, part: str, sheet: Sheet, comments: Sequence[Comment], *, continued: Sequence[Comment]
) -> Sheet:
    """Draw a box for each new comment and make room in those that are continued; return the sheet that shows them."""
    related = sheet.related_drawing()
    found = next((relation.part for relation in package.relations(part) if relation.id == related), None)
    if found is None:
        package.declare_ending("vml", DRAWING_TYPE)
        found = package.add("xl/drawings/vmlDrawing{}.vml", _empty_drawing(len(comments)))
        sheet = sheet.with_drawing(package.relate(part, "vmlDrawing", found), namespace=package.office)
    drawing = _with_room(package.read(found), sheet, continued)
    package.write(found, _with_shapes(drawing, sheet, comments))
    return sheet


def _empty_drawing(count: int) -> bytes:
    blocks = range(1, math.ceil((count + 1) / SHAPES_PER_BLOCK) + 1)
    return EMPTY_DRAWING.format(blocks=",".join(map(str, blocks))).encode()


def _with_shapes(drawing: bytes, sheet: Sheet, comments: Sequence[Comment]) -> bytes:
    """Add boxes at the end of a drawing; Excel itself writes drawings that are no XML, so nothing in them is parsed."""
    first = max((int(number) for number in SHAPE_NUMBER.findall(drawing)), default=SHAPES_PER_BLOCK) + 1
    boxes = _Boxes(sheet)
    shapes = "".join(boxes.shape(comment, number) for number, comment in enumerate(comments, first))
    end = drawing.rindex(b"</xml")
    kind = b"" if b'id="_x0000_t202"' in drawing else SHAPE_TYPE.encode()
    return _with_namespaces(drawing[:end]) + kind + shapes.encode() + drawing[end:]


def _with_room(drawing: bytes, sheet: Sheet, comments: Iterable[Comment]) -> bytes:
    """Make the boxes of a sender's comments larger by what is written on in them."""
    by_place = {comment.place: comment for comment in comments}
    boxes = _Boxes(sheet)

    def enlarged(match: re.Match[bytes]) -> bytes:
        place = PLACE.search(match[0])
        comment = by_place.get((int(place[1]) + 1, int(place[2]))) if place else None
        return ANCHOR.sub(lambda anchor: boxes.enlarged(anchor[0], comment), match[0]) if comment else match[0]

    return SENDERS_SHAPE.sub(enlarged, drawing) if by_place else drawing


def _with_namespaces(drawing: bytes) -> bytes:
    start = drawing.index(b"<xml") + len(b"<xml")
    root = drawing[start : drawing.index(b">", start)]
    missing = [
        f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items() if f"xmlns:{prefix}=".encode() not in root
    ]
    return drawing[:start] + "".join(missing).encode() + drawing[start:]


@dataclass(frozen=True)
class _Boxes:
    """Draws the box of a comment beside its cell, large enough for its text."""

    sheet: Sheet

    def shape(self, comment: Comment, number: int) -> str:
        row, column = comment.place
        height = self._height(comment)
        return SHAPE.format(
            number=number,
            row=row - 1,
            column=column,
            width=WIDTH_PIXELS * POINTS_PER_PIXEL,
            height=height * POINTS_PER_PIXEL,
            fill=LIGHT_FILLS[comment.severity],
            line=STRONG_FILLS[comment.severity],
            anchor=self._anchor(row, column, height),
        )

    def _anchor(self, row: int, column: int, height: int) -> str:
        last, offset = self._right_edge(column + 1)
        top = max(row - 2, 0)
        bottom, rest = divmod(height, ROW_PIXELS)
        return ", ".join(map(str, (column + 1, 12, top, 6, last, offset, top + bottom, rest)))

    def _right_edge(self, column: int) -> tuple[int, int]:
        left = WIDTH_PIXELS + 12
        for index in range(column, column + WIDEST_SEARCH):
            width = round(self.sheet.width(index) * 7 + 5) if self.sheet.width(index) else 0
            if left < width:
                return index, left
            left -= width
        return column + WIDEST_SEARCH, 0

    def enlarged(self, anchor: bytes, comment: Comment) -> bytes:
        """Return an anchor that reaches further down, and as far to the right as our own boxes do."""
        numbers = [int(number) for number in anchor.split(b",")]
        if len(numbers) == ANCHOR_LENGTH:
            numbers[4:6] = max(numbers[4:6], list(self._right_edge(numbers[0])))
            numbers[6] += math.ceil(self._height(comment) / ROW_PIXELS)
        return ", ".join(map(str, numbers)).encode()

    @staticmethod
    def _height(comment: Comment) -> int:
        texts = [line for paragraph in comment.paragraphs for line in (paragraph.head, *paragraph.text.split("\n"), "")]
        lines = sum(max(1, math.ceil(len(line) / CHARACTERS_PER_LINE)) for line in texts)
        return (min(lines, MOST_LINES) + 1) * LINE_PIXELS
