"""A workbook as an archive of parts: those that are not written anew keep their bytes."""

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from functools import cached_property

from ingestion.markup.xml_bytes import Element, appended, escaped, in_utf8, replaced, root_of

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
# ECMA-376: the transitional variant, which everybody writes, and the strict one, which Excel offers.
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"


@dataclass(frozen=True)
class Relation:
    """What one part says of another: its id there, the last word of its kind, and the other part."""

    id: str
    kind: str
    part: str


@dataclass
class Package:
    """The parts of one workbook, and what is to become of them."""

    data: bytes
    written: dict[str, bytes] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self.data))

    @cached_property
    def _names(self) -> set[str]:
        return set(self._archive.namelist())

    @property
    def names(self) -> list[str]:
        """The parts that came with the workbook and are still there."""
        return [name for name in self._archive.namelist() if name not in self.dropped]

    @cached_property
    def is_strict(self) -> bool:
        """Say whether the workbook is of the strict variant, whose namespaces are others."""
        return STRICT_MAIN.encode() in root_of(self.read(WORKBOOK)).tag

    @property
    def main(self) -> str:
        """The namespace of sheets, styles and comments."""
        return STRICT_MAIN if self.is_strict else MAIN

    @property
    def office(self) -> str:
        """The namespace of relationships, and the start of every kind of relationship."""
        return STRICT_OFFICE if self.is_strict else OFFICE

    def __contains__(self, part: str) -> bool:
        """Say whether there is such a part."""
        return part in self.written or (part in self._names and part not in self.dropped)

    def read(self, part: str) -> bytes:
        """Return a part as it is by now."""
        return self.written[part] if part in self.written else in_utf8(self._archive.read(part))

    def write(self, part: str, data: bytes) -> None:
        """Set what a part holds."""
        self.written[part] = data

    def add(self, pattern: str, data: bytes, content_type: str = "") -> str:
        """Add a part under the first free number of a name such as `xl/comments{}.xml`; return its name.

        Without a content type the part's ending says what it is.
        """
        number = 1
        while pattern.format(number) in self:
            number += 1
        part = pattern.format(number)
        self.write(part, data)
        if content_type:
            self._declare(f'<{{prefix}}Override PartName="/{escaped(part)}" ContentType="{content_type}"/>')
        return part

    def declare_ending(self, ending: str, content_type: str) -> None:
        """Say of what type parts with an ending are."""
        types = root_of(self.read(CONTENT_TYPES))
        endings = {child.attributes.get("Extension", "").lower() for child in types.children()}
        if ending not in endings:
            self._declare(f'<{{prefix}}Default Extension="{ending}" ContentType="{content_type}"/>')

    def drop(self, part: str, *, of: str) -> None:
        """Take a part away, with its declaration and the relation from the part that it belongs to."""
        self.dropped.add(part)
        self._remove_children(CONTENT_TYPES, "PartName", "/" + part)
        found = next(relation for relation in self.relations(of) if relation.part == part)
        self._remove_children(_relations_part(of), "Id", found.id)

    def relations(self, part: str) -> list[Relation]:
        """Return the relations of a part to others inside the workbook."""
        name = _relations_part(part)
        if name not in self:
            return []
        found = [child.attributes for child in root_of(self.read(name)).children()]
        return [
            Relation(row["Id"], row["Type"].rpartition("/")[2], _resolved(part, row["Target"]))
            for row in found
            if row.get("TargetMode") != "External"
        ]

    def related(self, part: str, kind: str) -> Relation | None:
        """Return the first relation of a kind."""
        return next((relation for relation in self.relations(part) if relation.kind == kind), None)

    def relate(self, part: str, kind: str, other: str) -> str:
        """Relate a part to another and return the id of the relation."""
        name = _relations_part(part)
        if name not in self:
            self.write(name, XML + f'<Relationships xmlns="{RELATIONSHIPS}"/>'.encode())
        root = root_of(self.read(name))
        taken = {child.attributes.get("Id") for child in root.children()}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        target = posixpath.relpath(other, posixpath.dirname(part))
        new = f'Relationship Id="rId{number}" Type="{self.office}/{kind}" Target="{escaped(target)}"/>'
        self.write(name, appended(root, b"<" + root.prefix + new.encode()))
        return f"rId{number}"

    def to_bytes(self) -> bytes:
        """Return the archive: the old parts in their order, then the new ones."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
            for old in self._archive.infolist():
                if old.filename not in self.dropped:
                    data = self.written.get(old.filename)
                    target.writestr(_entry(old), self._archive.read(old) if data is None else data)
            of_workbook = self._archive.getinfo(WORKBOOK)
            for part in self.written:
                if part not in self._names:
                    target.writestr(_entry(of_workbook, part), self.written[part])
        return stream.getvalue()

    def _declare(self, new: str) -> None:
        root = root_of(self.read(CONTENT_TYPES))
        self.write(CONTENT_TYPES, appended(root, new.format(prefix=root.prefix.decode()).encode()))

    def _remove_children(self, part: str, attribute: str, value: str) -> None:
        root = root_of(self.read(part))
        found = [child for child in root.children() if child.attributes.get(attribute) == value]
        for child in reversed(found):
            self.write(part, replaced(child, b""))


def sheet_part(package: Package, sheet: str) -> str:
    """Return the part that holds a sheet."""
    targets = {relation.id: relation.part for relation in package.relations(WORKBOOK)}
    for element in sheets_of(package):
        if element.attributes.get("name") == sheet:
            return targets[next(value for key, value in element.attributes.items() if key.endswith(":id"))]
    raise KeyError(sheet)


def sheets_of(package: Package) -> list[Element]:
    """Return the entries of the workbook's sheets, in the order of their tabs."""
    return list(sheet_list(package).children())


def sheet_list(package: Package) -> Element:
    """Return the element that lists the sheets."""
    found = root_of(package.read(WORKBOOK)).child("sheets")
    if found is None:
        raise KeyError("sheets")
    return found


def _relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(part: str, target: str) -> str:
    if target.startswith("/"):
        return target.removeprefix("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _entry(old: zipfile.ZipInfo, name: str | None = None) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name or old.filename, date_time=old.date_time)
    entry.compress_type, entry.create_system = old.compress_type, old.create_system
    entry.external_attr = old.external_attr
    return entry
