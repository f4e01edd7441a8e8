"""Comments as every spreadsheet program shows them: a part with the texts, and a drawing with their boxes."""

from collections.abc import Sequence
from itertools import takewhile

from ingestion.markup.drawings import Comment, add_boxes
from ingestion.markup.package import XML, Package
from ingestion.markup.sheet import Sheet
from ingestion.markup.tones import INK, STRONG_FILLS
from ingestion.markup.xml_bytes import Element, prefixed, replaced, root_of, shown

AUTHOR = "PCM Observatory"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
# Excel writes the author of the stand-in of a threaded comment so: the thread is what its readers see.
THREAD_AUTHOR = "tc="
DIVIDER = f"{AUTHOR}:"  # stands between what a sender wrote in a comment and what we write on
FONT_SIZE = 9
BOLD = f'<b/><sz val="{FONT_SIZE}"/><color rgb="FF{INK}"/>'


def add_comments(package: Package, part: str, sheet: Sheet, comments: Sequence[Comment]) -> Sheet:
    """Add comments to a sheet's part, behind what its sender wrote; return the sheet that refers to them.

    A cell with a conversation (threaded comments) keeps it as it is: its mark and the list of issues speak for it.
    """
    found = package.related(part, "comments")
    name = found.part if found else _add_part(package, part)
    old = _Texts(package.read(name))
    package.write(name, old.with_texts(comments))
    new = [comment for comment in comments if comment.address not in old.comments]
    continued = [comment for comment in comments if old.is_senders_alone(comment.address)]
    return add_boxes(package, part, sheet, new, continued=continued)


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

    def is_senders_alone(self, address: str) -> bool:
        """Say whether there is a comment in which nothing is written by us, and may be."""
        found = self.comments.get(address)
        if found is None or DIVIDER.encode() in found.inside:
            return False
        author = self._author_of(found)
        return author != AUTHOR and not author.startswith(THREAD_AUTHOR)

    def _continued(self, element: Element, text: Element, comment: Comment) -> bytes:
        author = self._author_of(element)
        if author.startswith(THREAD_AUTHOR):
            return text.text
        runs = _runs(comment) if author == AUTHOR else _run(f"\n\n{DIVIDER}\n", BOLD) + _runs(comment)
        before = b"" if author == AUTHOR else _as_runs(text)
        return text.with_inside(before + prefixed(runs, self.prefix).encode())

    def _author_of(self, element: Element) -> str:
        number = int(element.attributes.get("authorId", 0))
        return self.authors[number] if number < len(self.authors) else ""

    def _comment(self, comment: Comment) -> str:
        author = self.authors.index(AUTHOR) if AUTHOR in self.authors else len(self.authors)
        start = f'<comment ref="{comment.address}" authorId="{author}" shapeId="0">'
        return prefixed(f"{start}<text>{_runs(comment)}</text></comment>", self.prefix)


def _as_runs(text: Element) -> bytes:
    """Return what a sender wrote as runs, so that others may follow; what we said of an earlier file is out of date."""
    senders = takewhile(lambda child: DIVIDER.encode() not in child.inside, text.children())
    return b"".join(
        b"<%sr>%s</%sr>" % (text.prefix, child.text, text.prefix) if child.local_name == "t" else child.text
        for child in senders
    )


def _runs(comment: Comment) -> str:
    runs = []
    for index, paragraph in enumerate(comment.paragraphs):
        gap = "\n\n" if index else ""
        if paragraph.head:
            tone = STRONG_FILLS[paragraph.severity]
            runs.append(_run(gap + paragraph.head, f'<b/><sz val="{FONT_SIZE}"/><color rgb="FF{tone}"/>'))
            gap = "\n"
        runs.append(_run(f"{gap}{paragraph.text}", f'<sz val="{FONT_SIZE}"/><color rgb="FF{INK}"/>'))
    return "".join(runs)


def _run(text: str, look: str) -> str:
    return f'<r><rPr>{look}<rFont val="Tahoma"/><family val="2"/></rPr>{shown(text)}</r>'
