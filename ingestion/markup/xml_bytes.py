"""Change single elements of an XML part by their bytes, so that every other byte stays as its sender saved it.

The parts come from a file that the desk has read: they are well formed and declare no document type.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# What may stand between `<` and `>` but looks like no element. Possessive, so that no text makes them slow.
NO_ELEMENT = rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
ATTRIBUTES = rb"(?:[^<>\"'/]++|/(?!>)|\"[^\"]*+\"|'[^']*+')*+"
TAG = re.compile(NO_ELEMENT + rb"|<(?P<close>/?)(?P<name>[\w.:-]++)" + ATTRIBUTES + rb"(?P<empty>/?)>", re.DOTALL)
ATTRIBUTE = re.compile(rb"([\w.:-]++)\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)')")
SPACED_ATTRIBUTE = re.compile(rb"\s+" + ATTRIBUTE.pattern)
# https://www.w3.org/TR/xml/#charsets
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Spreadsheet programs read _x0041_ as the letter A: such a text of a sender has to say that it is meant as it stands.
ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|\w+);")
START_OF_TAG = re.compile(r"<(/?)(?=\w)")
DECLARED_ENCODING = re.compile(r"^(<\?xml[^>]*?)\s+encoding\s*=\s*(?:\"[^\"]*\"|'[^']*')")


@dataclass(slots=True)
class Element:
    """One element of a part: where it starts and ends, its start tag and, for an empty tag, nothing inside."""

    xml: bytes
    start: int
    inner_start: int
    inner_end: int
    end: int

    @property
    def tag(self) -> bytes:
        """The start tag as it stands."""
        return self.xml[self.start : self.inner_start]

    @property
    def name(self) -> bytes:
        """The name with its prefix."""
        return re.match(rb"<([\w.:-]+)", self.tag)[1]  # type: ignore[index]

    @property
    def local_name(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(b":")[2].decode()

    @property
    def prefix(self) -> bytes:
        """The prefix with its colon, or nothing."""
        before, colon, _ = self.name.rpartition(b":")
        return before + colon

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by their names as they stand."""
        return attributes_of(self.tag)

    def children(self) -> Iterator["Element"]:
        """Yield the elements directly inside."""
        return elements(self.xml, self.inner_start, self.inner_end)

    def child(self, name: str) -> "Element | None":
        """Return the first child of a local name."""
        return next((child for child in self.children() if child.local_name == name), None)

    @property
    def text(self) -> bytes:
        """The whole element as it stands."""
        return self.xml[self.start : self.end]

    @property
    def inside(self) -> bytes:
        """What stands between the tags."""
        return self.xml[self.inner_start : self.inner_end]

    def with_inside(self, inside: bytes, *, tag: bytes | None = None) -> bytes:
        """Return the element with other contents, and another start tag if one is given; an empty tag is opened."""
        tag = tag or self.tag
        end = self.xml[self.inner_end : self.end] or b"</" + self.name + b">"
        return (tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag) + inside + end

    def with_tag(self, tag: bytes) -> bytes:
        """Return the element with another start tag."""
        return tag + self.xml[self.inner_start : self.end]


def elements(xml: bytes, start: int, end: int) -> Iterator[Element]:
    """Yield the elements of one level between two places."""
    depth, first = 0, (0, 0)
    for match in TAG.finditer(xml, start, end):
        if match["name"] is None:
            continue
        if match["close"]:
            depth -= 1
            if depth == 0:
                yield Element(xml, *first, match.start(), match.end())
        elif match["empty"]:
            if depth == 0:
                yield Element(xml, match.start(), match.end(), match.end(), match.end())
        else:
            if depth == 0:
                first = match.start(), match.end()
            depth += 1


def root_of(xml: bytes) -> Element:
    """Return the root element of a part; a part without one is not XML."""
    return next(elements(xml, 0, len(xml)))


def replaced(element: Element, instead: bytes) -> bytes:
    """Return the whole part with one element replaced."""
    return element.xml[: element.start] + instead + element.xml[element.end :]


def appended(element: Element, new: bytes) -> bytes:
    """Return the whole part with something added at the end of an element."""
    return replaced(element, element.with_inside(element.inside + new))


def attributes_of(tag: bytes) -> dict[str, str]:
    """Return the attributes of a start tag."""
    inside = tag[re.match(rb"<[\w.:-]+", tag).end() :]  # type: ignore[union-attr]
    return {name.decode(): plain((double or single).decode()) for name, double, single in ATTRIBUTE.findall(inside)}


def with_attributes(tag: bytes, values: Mapping[str, str]) -> bytes:
    """Return a start tag with attributes set; the others stay as they stand."""
    name = re.match(rb"<[\w.:-]+", tag)[0]  # type: ignore[index]
    missing = dict(values)

    def renewed(match: re.Match[bytes]) -> bytes:
        value = missing.pop(match[1].decode(), None)
        return match[0] if value is None else match[1] + b'="' + escaped(value).encode() + b'"'

    rest = ATTRIBUTE.sub(renewed, tag[len(name) :])
    new = "".join(f' {key}="{escaped(value)}"' for key, value in missing.items())
    end = b"/>" if rest.endswith(b"/>") else b">"
    return name + rest[: -len(end)].rstrip() + new.encode() + end


def without_attribute(tag: bytes, name: str) -> bytes:
    """Return a start tag without an attribute."""
    return SPACED_ATTRIBUTE.sub(lambda match: b"" if match[1].decode() == name else match[0], tag)


def escaped(text: str) -> str:
    """Return a text for an attribute or an element, without characters that XML does not know."""
    text = FORBIDDEN.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def shown(text: str) -> str:
    """Return a text for a cell or a comment: spreadsheet programs read it back as exactly this text, no formula."""
    text = ESCAPE_LIKE.sub("_x005F_", text.replace("\r\n", "\n").replace("\r", "\n"))
    return f'<t xml:space="preserve">{escaped(text)}</t>'


def prefixed(xml: str, prefix: str) -> str:
    """Return new elements, written without a prefix, under the prefix of the part that they go into."""
    return START_OF_TAG.sub(rf"<\1{prefix}", xml) if prefix else xml


def plain(text: str) -> str:
    """Return a text with its references (`&amp;`, `&#228;`) resolved."""
    return REFERENCE.sub(_resolved, text) if "&" in text else text


def _resolved(match: re.Match[str]) -> str:
    decimal, hexadecimal = match.groups()
    if decimal or hexadecimal:
        return chr(int(decimal) if decimal else int(hexadecimal, 16))
    return ENTITIES.get(match[0], match[0])


def in_utf8(xml: bytes) -> bytes:
    """Return a part in UTF-8 without a mark; only parts in UTF-16, which no spreadsheet program writes, change."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        return DECLARED_ENCODING.sub(r"\1", xml.decode("utf-16")).encode()
    return xml
