"""What a workbook may not bring along: programs, links to other files, other documents, a password."""

import re

from ingestion.reading.archive import Archive
from ingestion.reading.table import Unreadable

# Parts of OOXML (ECMA-376) and of OpenDocument 1.3 that hold more than a table.
MACROS = re.compile(
    r"(?:^|/)(?:vbaProject[^/]*\.bin|vbaData\.xml|macrosheets/.*|dialogsheets/.*)$|^(?:Basic|Scripts)/.", re.I
)
EMBEDDED = re.compile(r"(?:^|/)(?:embeddings|activeX|ctrlProps)/|oleObject|^Object[^/]*/|^ObjectReplacements/", re.I)
LINKED = re.compile(r"^xl/(?:externalLinks/|connections\.xml|queryTables/)", re.I)
MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX|intlmacrosheet|ms-excel\.macrosheet", re.I)
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.I)
# A link that a reader may click on does nothing by itself.
HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
CONTENT_TYPES = "[Content_Types].xml"
MANIFEST = "META-INF/manifest.xml"


def guard_contents(archive: Archive) -> None:
    """Refuse a workbook by what it brings along, told by the names of its parts and by how they are related.

    Errors: `Unreadable` with the rule that names it.
    """
    for name in archive.names:
        if MACROS.search(name):
            raise Unreadable("MACROS", found=name)
        if EMBEDDED.search(name):
            raise Unreadable("EMBEDDED_OBJECT", found=name)
        if LINKED.search(name):
            raise Unreadable("EXTERNAL_LINKS", found=name)
    if CONTENT_TYPES in archive.names and MACRO_TYPE.search(archive.read_small(CONTENT_TYPES)):
        raise Unreadable("MACROS", found=CONTENT_TYPES)
    if MANIFEST in archive.names and b"encryption-data" in archive.read_small(MANIFEST):
        raise Unreadable("PASSWORD")
    for name in archive.names:
        if name.endswith(".rels"):
            _guard_relations(archive.read_small(name), name)


def _guard_relations(data: bytes, name: str) -> None:
    for relation in RELATION.findall(data):
        if EXTERNAL.search(relation) and not HYPERLINK.search(relation):
            raise Unreadable("EXTERNAL_LINKS", found=name)
