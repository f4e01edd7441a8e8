"""Comments as every spreadsheet program shows them: a part with the texts, and a drawing with their boxes."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.markup.marks import Paragraph
from ingestion.markup.package import XML, Package
from ingestion.markup.places import Place
from ingestion.markup.sheet import Sheet
from ingestion.markup.tones import INK, LIGHT_FILLS, STRONG_FILLS
from ingestion.markup.xml_bytes import Element, prefixed, replaced, root_of, shown
from ingestion.reading import cell_address

AUTHOR = "PCM Observatory"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# Excel writes the author of the stand-in of a threaded comment so: the thread is what its readers see.
THREAD_AUTHOR = "tc="
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
FONT_SIZE = 9
WIDTH_PIXELS = 340
ROW_PIXELS = 20
LINE_PIXELS = 15
CHARACTERS_PER_LINE = 50
MOST_LINES = 30
POINTS_PER_PIXEL = 0.75
WIDEST_SEARCH = 60  # columns


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


def add_comments(package: Package, part: str, sheet: Sheet, comments: Sequence[Comment]) -> Sheet:
    """Add comments to a sheet's part, behind what its sender wrote; return the sheet that refers to them.

    A cell with a conversation (threaded comments) keeps it as it is: its mark and the list of issues speak for it.
    """
    new = _add_texts(package, part, comments)
    return _add_shapes(package, part, sheet, new) if new else sheet


def _add_texts(package: Package, part: str, comments: Sequence[Comment]) -> list[Comment]:
    """Write the texts and return the comments that have no box yet."""
    found = package.related(part, "comments")
    name = found.part if found else _add_part(package, part)
    old = _Texts(package.read(name))
    package.write(name, old.with_texts(comments))
    return [comment for comment in comments if comment.address not in old.comments]


def _add_part(package: Package, part: str) -> str:
    empty = f'<comments xmlns="{package.main}"><authors/><commentList/></comments>'
    name = package.add("xl/comments{}.xml", XML + empty.encode(), COMMENTS_TYPE)
    package.relate(part, "comments", name)
    return name


class _Texts:
    """The part of a workbook with the texts of a sheet's comments."""

    def __init__(self, xml: bytes) -> None:
        """Read who wrote what about which cell."""
        root = root_of(xml)
        self.xml = xml
        self.prefix = root.prefix.decode()
        lists = {child.local_name: child for child in root.children()}
        self.author_list, self.list = lists["authors"], lists["commentList"]
        self.authors = [child.inside.decode() for child in self.author_list.children()]
        self.comments = {child.attributes.get("ref", ""): child for child in self.list.children()}

    def with_texts(self, comments: Sequence[Comment]) -> bytes:
        """Return the part with what is said of each cell: new, or behind what its sender says of it."""
        by_address = {comment.address: comment for comment in comments}
        pieces, position = [], self.list.inner_start
        for address, element in self.comments.items():
            text = element.child("text")
            if address in by_address and text is not None:
                pieces += [self.xml[position : text.start], self._continued(element, text, by_address[address])]
                position = text.end
        pieces.append(self.xml[position : self.list.inner_end])
        pieces += [self._comment(comment).encode() for comment in comments if comment.address not in self.comments]
        xml = replaced(self.list, self.list.with_inside(b"".join(pieces)))
        if AUTHOR in self.authors:
            return xml
        author = prefixed(f"<author>{AUTHOR}</author>", self.prefix).encode()
        authors = self.author_list.with_inside(self.author_list.inside + author)
        return xml[: self.author_list.start] + authors + xml[self.author_list.end :]

    def _continued(self, element: Element, text: Element, comment: Comment) -> bytes:
        author = self._author_of(element)
        if author.startswith(THREAD_AUTHOR):
            return text.text
        # What we said of an earlier version of the file is out of date.
        before = b"" if author == AUTHOR else _as_runs(text) + prefixed(_run("\n\n", ""), self.prefix).encode()
        return text.with_inside(before + prefixed(_runs(comment), self.prefix).encode())

    def _author_of(self, element: Element) -> str:
        number = int(element.attributes.get("authorId", 0))
        return self.authors[number] if number < len(self.authors) else ""

    def _comment(self, comment: Comment) -> str:
        author = self.authors.index(AUTHOR) if AUTHOR in self.authors else len(self.authors)
        start = f'<comment ref="{comment.address}" authorId="{author}" shapeId="0">'
        return prefixed(f"{start}<text>{_runs(comment)}</text></comment>", self.prefix)


def _as_runs(text: Element) -> bytes:
    """Return the contents of a text as runs, so that others may follow."""
    return b"".join(
        b"<%sr>%s</%sr>" % (text.prefix, child.text, text.prefix) if child.local_name == "t" else child.text
        for child in text.children()
    )


def _runs(comment: Comment) -> str:
    runs = []
    for index, paragraph in enumerate(comment.paragraphs):
        gap = "\n\n" if index else ""
        if paragraph.head:
            tone = STRONG_FILLS[paragraph.severity]
            runs.append(_run(f"{gap}{paragraph.head}\n", f'<b/><sz val="{FONT_SIZE}"/><color rgb="FF{tone}"/>'))
            gap = ""
        runs.append(_run(f"{gap}{paragraph.text}", f'<sz val="{FONT_SIZE}"/><color rgb="FF{INK}"/>'))
    return "".join(runs)


def _run(text: str, look: str) -> str:
    return f'<r><rPr>{look}<rFont val="Tahoma"/><family val="2"/></rPr>{shown(text)}</r>'


def _add_shapes(package: Package, part: str, sheet: Sheet, comments: Sequence[Comment]) -> Sheet:
    related = sheet.related_drawing()
    found = next((relation.part for relation in package.relations(part) if relation.id == related), None)
    if found is None:
        package.declare_ending("vml", DRAWING_TYPE)
        found = package.add("xl/drawings/vmlDrawing{}.vml", _empty_drawing(len(comments)))
        sheet = sheet.with_drawing(package.relate(part, "vmlDrawing", found), namespace=package.office)
    package.write(found, _with_shapes(package.read(found), sheet, comments))
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
        height = self._lines(comment) * LINE_PIXELS + LINE_PIXELS
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
        """Return left column, its offset, top row, its offset, right column, its offset, bottom row, its offset."""
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

    @staticmethod
    def _lines(comment: Comment) -> int:
        texts = [line for paragraph in comment.paragraphs for line in (paragraph.head, *paragraph.text.split("\n"), "")]
        return min(sum(max(1, math.ceil(len(line) / CHARACTERS_PER_LINE)) for line in texts), MOST_LINES)
