"""Write fixes into a workbook: the fixed cells change, and what depends on their old contents is told."""

import re
from collections.abc import Container, Iterable, Sequence
from decimal import Decimal
from typing import Any

from ingestion.languages import phrase
from ingestion.markup.fixes import CHANGED, Fix, Fixed, NotApplied
from ingestion.markup.package import WORKBOOK, Package, sheet_part
from ingestion.markup.places import Place, range_of
from ingestion.markup.sheet import Cell, Sheet
from ingestion.markup.xml_bytes import (
    Element,
    escaped,
    prefixed,
    replaced,
    root_of,
    shown,
    with_attributes,
    without_attribute,
)
from ingestion.reading import RawTable, cell_text

NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
# Formulas of this kind stand for other cells too.
SHARED_FORMULAS = ("shared", "array", "dataTable")
SHARED = phrase("The cell holds a formula that other cells use.")
NAMED_ELSEWHERE = phrase("Formulas of the workbook use this name of the column.")


def fix_workbook(data: bytes, fixes: Sequence[Fix], *, sheet: str, table: RawTable) -> Fixed:
    """Return the workbook with each fix in its cell, as a number where a number stood and a number comes."""
    package = Package(data)
    part = sheet_part(package, sheet)
    writer = _Writer(fixes, _cells_at(table, [fix.place for fix in fixes]), table.percent_cells)
    found = Sheet(package.read(part))
    for fix in list(writer.wanted.values()):
        if fix.row == table.header.row and not _rename_column(package, part, fix):
            writer.leave_out(fix, NAMED_ELSEWHERE)
    if writer.wanted:
        package.write(part, found.with_cells(list(writer.wanted), writer.change).xml)
    if writer.has_replaced_formulas:
        _forget_order_of_formulas(package)
    left_out = {entry.fix for entry in writer.left_out}
    return Fixed(package.to_bytes(), ".xlsx", [fix for fix in fixes if fix not in left_out], writer.left_out)


class _Writer:
    """Gives the new XML of the cells, and keeps account of what could not be written."""

    def __init__(self, fixes: Sequence[Fix], held: dict[Place, Any], percents: Container[Place]) -> None:
        """Take the fixes whose cells hold what was found; what they held says whether a number may come there."""
        self.held = held
        self.percents = percents
        self.wanted = {fix.place: fix for fix in fixes}
        self.left_out: list[NotApplied] = []
        self.has_replaced_formulas = False
        for fix in fixes:
            if not fix.is_found_in(cell_text(held.get(fix.place, ""))):
                self.leave_out(fix, CHANGED)

    def leave_out(self, fix: Fix, reason: str) -> None:
        """Leave a fix out, for a reason."""
        self.left_out.append(NotApplied(fix, reason))
        self.wanted.pop(fix.place)

    def change(self, cell: Cell) -> bytes:
        """Return the XML of a cell with its fix."""
        fix = self.wanted[cell.place]
        if cell.element is None:
            tag = b'<%sc r="%s" s="%d"/>' % (cell.prefix, cell.address.encode(), cell.style)
            return self._filled(Element(tag, 0, len(tag), len(tag), len(tag)), fix)
        formula = cell.element.child("f")
        if formula is not None and formula.attributes.get("t") in SHARED_FORMULAS:
            self.left_out.append(NotApplied(fix, SHARED))
            return cell.element.text
        self.has_replaced_formulas |= formula is not None
        return self._filled(cell.element, fix)

    def _filled(self, element: Element, fix: Fix) -> bytes:
        tag = element.tag
        for name in ("t", "cm", "vm"):
            tag = without_attribute(tag, name)
        if not fix.new:
            return element.with_inside(b"", tag=tag)
        number = fix.new.replace(",", ".")  # a proposal has no sign for thousands
        if self._stays_number(fix.place) and NUMBER.fullmatch(number):
            inside = f"<v>{_hundredth(number) if fix.place in self.percents else number}</v>"
        else:
            tag = with_attributes(tag, {"t": "inlineStr"})
            inside = f"<is>{shown(fix.new)}</is>"
        return element.with_inside(prefixed(inside, element.prefix.decode()).encode(), tag=tag)

    def _stays_number(self, place: Place) -> bool:
        value = self.held.get(place)
        return isinstance(value, int | float) and not isinstance(value, bool)


def _hundredth(number: str) -> str:
    """Return what a cell holds that shows a number as percent."""
    return f"{Decimal(number).scaleb(-2):f}"


def _cells_at(table: RawTable, places: Iterable[Place]) -> dict[Place, Any]:
    """Return {place: value as it was read} for those of the places that lie in the table."""
    wanted: dict[int, list[int]] = {}
    for row, index in places:
        wanted.setdefault(row, []).append(index)
    header = [(table.header.row, table.header.texts)] if table.header.row in wanted else []
    rows: list[tuple[int, Any]] = [*header, *((row, cells) for row, cells in table.rows if row in wanted)]
    return {(row, index): cells[index] for row, cells in rows for index in wanted[row] if index < len(cells)}


def _rename_column(package: Package, part: str, fix: Fix) -> bool:
    """Rename the column of a table of Excel whose header is fixed; say no if formulas know it by its old name."""
    for relation in package.relations(part):
        if relation.kind == "table":
            root = root_of(package.read(relation.part))
            first_row, first_column, _, last_column = range_of(root.attributes["ref"])
            if fix.row == first_row and first_column <= fix.column_index <= last_column:
                return _rename_in(package, relation.part, root, fix.column_index - first_column, fix.new)
    return True


def _rename_in(package: Package, part: str, table: Element, index: int, name: str) -> bool:
    columns = table.child("tableColumns")
    column = list(columns.children())[index] if columns else None
    if column is None:
        return True
    used = f"[{column.attributes.get('name', '')}]"
    if not name or any(escaped(used).encode() in package.read(other) for other in _parts_with_formulas(package)):
        return False
    package.write(part, replaced(column, column.with_tag(with_attributes(column.tag, {"name": name}))))
    return True


def _parts_with_formulas(package: Package) -> Iterable[str]:
    return (part for part in package.names if part.startswith("xl/") and part.endswith(".xml"))


def _forget_order_of_formulas(package: Package) -> None:
    """Take the list of formulas away, which would name cells without one; Excel makes it anew."""
    chain = package.related(WORKBOOK, "calcChain")
    if chain is not None and chain.part in package:
        package.drop(chain.part, of=WORKBOOK)
