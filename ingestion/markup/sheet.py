"""One worksheet: its cells are changed where they stand, and made where they are missing."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingestion.markup.places import Place, Range, covering, index_of, range_of, range_text
from ingestion.markup.xml_bytes import (
    ATTRIBUTES,
    NO_ELEMENT,
    Element,
    elements,
    replaced,
    with_attributes,
    without_attribute,
)
from ingestion.reading import cell_address

# CT_Worksheet of ECMA-376 part 1: whatever of these a sheet has stands before `legacyDrawing`.
BEFORE_DRAWINGS_OF_COMMENTS = frozenset(
    """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios
    autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations
    hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches
    ignoredErrors smartTags drawing""".split()  # noqa: SIM905
)
# The row or the column that an element says it is; those that say nothing follow the one before.
NUMBER = re.compile(rb"\sr\s*=\s*[\"']([0-9]+)")
LETTERS = re.compile(rb"\sr\s*=\s*[\"']([A-Z]+)")
DEFAULT_WIDTH = 8.43  # characters


@dataclass(frozen=True)
class Cell:
    """A cell that is to change: its place, its style, and its element, or None if the sheet has no such cell."""

    place: Place
    style: int
    element: Element | None
    prefix: bytes

    @property
    def address(self) -> str:
        """The address of the cell."""
        return cell_address(*self.place)


Change = Callable[[Cell], bytes]


@dataclass(frozen=True)
class _Row:
    number: int
    element: Element

    @property
    def style(self) -> int | None:
        attributes = self.element.attributes
        is_own = attributes.get("customFormat", "0") in ("1", "true")
        return int(attributes["s"]) if is_own and "s" in attributes else None


@dataclass(frozen=True)
class Sheet:
    """The XML of a worksheet."""

    xml: bytes

    @cached_property
    def _parts(self) -> dict[str, Element]:
        """The elements of the sheet by their names; of those that repeat, the last."""
        return {element.local_name: element for element in self._elements}

    @cached_property
    def _elements(self) -> list[Element]:
        before, data, after = self._thirds
        return [*before, data, *after]

    @cached_property
    def _thirds(self) -> tuple[list[Element], Element, list[Element]]:
        """What stands before the cells, the cells, and what stands after them; no cell is looked at for it."""
        start, name, end_of_tag = _start_of_data(self.xml)
        root = _root_tag(self.xml)
        before = list(elements(self.xml, root, start))
        if self.xml[start:end_of_tag].endswith(b"/>"):
            data = Element(self.xml, start, end_of_tag, end_of_tag, end_of_tag)
        else:
            data = Element(self.xml, start, end_of_tag, *_end_of_data(self.xml, name, end_of_tag))
        after = list(_complete_elements(self.xml, data.end))
        return before, data, after

    @property
    def prefix(self) -> bytes:
        """The prefix that the sheet writes its elements with."""
        return self._thirds[1].prefix

    @cached_property
    def merged(self) -> list[Range]:
        """The ranges of merged cells."""
        found = self._parts.get("mergeCells")
        return [range_of(child.attributes["ref"]) for child in found.children()] if found else []

    @cached_property
    def _columns(self) -> list[tuple[int, int, dict[str, str]]]:
        found = self._parts.get("cols")
        listed = [child.attributes for child in found.children()] if found else []
        return [(int(row["min"]) - 1, int(row["max"]) - 1, row) for row in listed]

    def column(self, index: int) -> dict[str, str]:
        """Return what the sheet says of a column: its width, its style, whether it is hidden."""
        return next((facts for first, last, facts in self._columns if first <= index <= last), {})

    def width(self, index: int) -> float:
        """Return the width of a column in characters."""
        facts = self.column(index)
        return 0.0 if facts.get("hidden") in ("1", "true") else float(facts.get("width", DEFAULT_WIDTH))

    def related_drawing(self) -> str | None:
        """Return the id of the relation to the drawings of comments, if the sheet has any."""
        found = self._parts.get("legacyDrawing")
        return next((value for key, value in found.attributes.items() if key.endswith(":id")), None) if found else None

    def with_drawing(self, relation: str, *, namespace: str) -> "Sheet":
        """Return the sheet with a relation to the drawings of its comments, in its right place among the others."""
        last = [element for element in self._elements if element.local_name in BEFORE_DRAWINGS_OF_COMMENTS][-1]
        new = f'legacyDrawing xmlns:r="{namespace}" r:id="{relation}"/>'.encode()
        return Sheet(self.xml[: last.end] + b"<" + self.prefix + new + self.xml[last.end :])

    def with_cells(self, places: Iterable[Place], change: Change) -> "Sheet":
        """Return the sheet with cells changed; `change` gives the XML of a cell that is there or is to be made."""
        wanted: dict[int, list[int]] = {}
        for row, column in sorted(set(places)):
            wanted.setdefault(row, []).append(column)
        data = self._thirds[1]
        inside = b"".join(self._changed_rows(data, wanted, change))
        changed = replaced(data, data.with_inside(inside))
        area = [(row, column) for row, columns in wanted.items() for column in columns]
        return Sheet(changed)._with_dimension_over(area)

    def _changed_rows(self, data: Element, wanted: dict[int, list[int]], change: Change) -> Iterator[bytes]:
        position, waiting = data.inner_start, sorted(wanted)
        for row in _rows(data, row_name := self.prefix + b"row"):
            while waiting and waiting[0] < row.number:
                yield self.xml[position : row.element.start]
                position = row.element.start
                yield self._new_row(row_name, number := waiting.pop(0), wanted[number], change)
            if waiting and waiting[0] == row.number:
                yield self.xml[position : row.element.start]
                yield self._changed_row(row, wanted[waiting.pop(0)], change)
                position = row.element.end
            if not waiting:
                break
        yield self.xml[position : data.inner_end]
        yield from (self._new_row(row_name, number, wanted[number], change) for number in waiting)

    def _new_row(self, name: bytes, number: int, columns: Sequence[int], change: Change) -> bytes:
        cells = [change(self._missing(number, column, None)) for column in columns]
        return b'<%s r="%d">%s</%s>' % (name, number, b"".join(cells), name)

    def _changed_row(self, row: _Row, columns: list[int], change: Change) -> bytes:
        pieces, position, waiting = [], row.element.inner_start, list(columns)
        for column, cell in _cells(row.element, self.prefix + b"c"):
            pieces.append(self.xml[position : cell.start])
            position = cell.start
            while waiting and waiting[0] < column:
                pieces.append(change(self._missing(row.number, waiting.pop(0), row.style)))
            if waiting and waiting[0] == column:
                style = int(cell.attributes.get("s", 0))
                pieces.append(change(Cell((row.number, waiting.pop(0)), style, cell, self.prefix)))
                position = cell.end
        pieces.append(self.xml[position : row.element.inner_end])
        pieces += [change(self._missing(row.number, column, row.style)) for column in waiting]
        tag = without_attribute(row.element.tag, "spans")
        return row.element.with_inside(b"".join(pieces), tag=tag)

    def _missing(self, row: int, column: int, row_style: int | None) -> Cell:
        style = int(self.column(column).get("style", 0)) if row_style is None else row_style
        return Cell((row, column), style, None, self.prefix)

    def _with_dimension_over(self, places: Sequence[Place]) -> "Sheet":
        found = self._parts.get("dimension")
        if found is None or "ref" not in found.attributes:
            return self
        old = range_of(found.attributes["ref"])
        new = covering(old, places)
        if new is None or new == old:
            return self
        return Sheet(replaced(found, found.with_tag(with_attributes(found.tag, {"ref": range_text(new)}))))


def _root_tag(xml: bytes) -> int:
    """Return where the contents of the root begin."""
    found = re.compile(NO_ELEMENT + rb"|(?P<tag><[\w.:-]++" + ATTRIBUTES + rb">)", re.DOTALL).finditer(xml)
    return next(match.end() for match in found if match["tag"])


def _start_of_data(xml: bytes) -> tuple[int, bytes, int]:
    """Return where the start tag of `sheetData` begins, its name, and where it ends."""
    pattern = NO_ELEMENT + rb"|<(?P<name>(?:[\w.-]++:)?sheetData)(?=[\s/>])" + ATTRIBUTES + rb"/?>"
    match = next(match for match in re.compile(pattern, re.DOTALL).finditer(xml) if match["name"])
    return match.start(), match["name"], match.end()


def _end_of_data(xml: bytes, name: bytes, start: int) -> tuple[int, int]:
    """Return where the end tag of `sheetData` begins and ends."""
    closing = re.compile(NO_ELEMENT + rb"|(?P<close></" + re.escape(name) + rb"\s*>)", re.DOTALL)
    # Of a hundred megabytes of cells none is looked at, unless something could look like the end tag.
    is_plain = not any(mark in xml for mark in (b"<!--", b"<![CDATA["))
    start = xml.rindex(b"</" + name) if is_plain else start
    return next(match.span() for match in closing.finditer(xml, start) if match["close"])


def _complete_elements(xml: bytes, start: int) -> Iterator[Element]:
    """Yield the elements up to the end tag of the root, which closes what was not opened here."""
    return elements(xml, start, xml.rindex(b"</"))


def _rows(data: Element, name: bytes) -> Iterator[_Row]:
    number = 0
    for element in _alike(data, name):
        written = NUMBER.search(element.tag)
        number = int(written[1]) if written else number + 1
        yield _Row(number, element)


def _cells(row: Element, name: bytes) -> Iterator[tuple[int, Element]]:
    column = -1
    for element in _alike(row, name):
        written = LETTERS.search(element.tag)
        column = index_of(written[1]) if written else column + 1
        yield column, element


def _alike(parent: Element, name: bytes) -> Iterator[Element]:
    """Yield the elements of one name inside another; none of them holds one of the same name."""
    pattern = _pattern(name)
    start = None
    for match in pattern.finditer(parent.xml, parent.inner_start, parent.inner_end):
        if match["close"] and start is not None:
            yield Element(parent.xml, *start, match.start(), match.end())
            start = None
        elif match["open"] and match["empty"]:
            yield Element(parent.xml, match.start(), match.end(), match.end(), match.end())
        elif match["open"]:
            start = match.start(), match.end()


def _pattern(name: bytes) -> re.Pattern[bytes]:
    named = re.escape(name)
    start = rb"(?P<open><" + named + rb"(?=[\s/>])" + ATTRIBUTES + rb"(?P<empty>/?)>)"
    return re.compile(start + rb"|(?P<close></" + named + rb"\s*>)|" + NO_ELEMENT, re.DOTALL)
