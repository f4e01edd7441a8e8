"""The sheet that lists every finding of a file, each with a link to its cell."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.markup.marks import Finding, Say, in_order, severity_word
from ingestion.markup.package import WORKBOOK, XML, Package, sheet_list, sheets_of
from ingestion.markup.styles import Styles
from ingestion.markup.tones import INK, LIGHT_FILLS, LINE, PAPER, SEVERITIES, SOFT, STRONG_FILLS
from ingestion.markup.xml_bytes import appended, escaped, prefixed, root_of, shown
from ingestion.reading import cell_address

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
LONGEST_NAME = 31
NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
# What a sheet of an XLSX workbook holds: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
MOST_LINKS = 65_000
MOST_ROWS = 1_048_575
# CT_Workbook of ECMA-376 part 1: what stands there before the names.
BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
TAB_COLOUR = STRONG_FILLS["error"]
WIDTHS = (15, 9, 15, 18, 24, 44, 44, 14, 17)  # characters of the usual size
SMALLER = 1.1  # so many more characters of the size that is used here
LINE_POINTS = 13.5
MOST_LINES = 20
FONT = "Calibri"
TEXT_FORMAT = 49  # "@": what was found or is proposed stays a text, also when its cell is edited


@dataclass(frozen=True)
class _Looks:
    """The numbers of the styles that the sheet uses."""

    header: int
    text: int
    value: int
    link: int
    rule: int
    severities: dict[str, int]


def issues_name(package: Package, say: Say) -> str:
    """Return a name for the sheet that no other sheet has."""
    taken = {entry.attributes.get("name", "").casefold() for entry in sheets_of(package)}
    wanted = name = say("Issues").translate(NOT_IN_NAMES).strip("' ")[:LONGEST_NAME]
    number = 1
    while name.casefold() in taken:
        number += 1
        ending = f" ({number})"
        name = wanted[: LONGEST_NAME - len(ending)] + ending
    return name


def add_issues(
    package: Package, styles: Styles, findings: Sequence[Finding], *, name: str, checked_sheet: str, say: Say
) -> None:
    """Add the sheet behind all others; links lead to `checked_sheet`."""
    xml = _sheet_xml(in_order(findings)[:MOST_ROWS], _looks(styles), main=package.main, sheet=checked_sheet, say=say)
    part = package.add("xl/worksheets/sheet{}.xml", XML + xml.encode(), SHEET_TYPE)
    relation = package.relate(WORKBOOK, "worksheet", part)
    ids = [int(entry.attributes.get("sheetId", 0)) for entry in sheets_of(package)]
    listed = sheet_list(package)
    entry = f'<sheet xmlns:r="{package.office}" name="{escaped(name)}" sheetId="{max(ids) + 1}" r:id="{relation}"/>'
    package.write(WORKBOOK, appended(listed, prefixed(entry, listed.prefix.decode()).encode()))
    _repeat_header(package, name, number=len(ids))


def _repeat_header(package: Package, name: str, *, number: int) -> None:
    """Say that the header stands at the top of every printed page; `number` counts the sheets from 0."""
    root = root_of(package.read(WORKBOOK))
    start = f'<definedName name="_xlnm.Print_Titles" localSheetId="{number}">'
    entry = prefixed(f"{start}{_quoted(name)}!$1:$1</definedName>", root.prefix.decode()).encode()
    names = root.child("definedNames")
    if names is not None:
        package.write(WORKBOOK, appended(names, entry))
        return
    last = [child for child in root.children() if child.local_name in BEFORE_NAMES][-1]
    whole = b"<%sdefinedNames>%s</%sdefinedNames>" % (root.prefix, entry, root.prefix)
    package.write(WORKBOOK, root.xml[: last.end] + whole + root.xml[last.end :])


def _quoted(sheet: str) -> str:
    return escaped("'" + sheet.replace("'", "''") + "'")


def _sheet_xml(findings: Sequence[Finding], looks: _Looks, *, main: str, sheet: str, say: Say) -> str:
    titles = [say("Severity"), say("Where"), say("Column"), say("Found"), say("Expected")]
    titles += [say("What is wrong"), say("What to do"), say("Proposed"), say("Rule")]
    header = "".join(_cell(1, index, title, looks.header) for index, title in enumerate(titles))
    rows = "".join(_row(number, finding, looks, say) for number, finding in enumerate(findings, 2))
    last = cell_address(len(findings) + 1, len(titles) - 1)
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(WIDTHS, 1)
    )
    return (
        f'<worksheet xmlns="{main}"><sheetPr><tabColor rgb="FF{TAB_COLOUR}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{last}"/><sheetViews><sheetView showGridLines="0" workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
        f'<sheetData><row r="1" ht="24" customHeight="1">{header}</row>{rows}</sheetData>'
        f'<autoFilter ref="A1:{last}"/>{_links(findings, sheet)}'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _row(number: int, finding: Finding, looks: _Looks, say: Say) -> str:
    cells = (
        (severity_word(finding["severity"], say), looks.severities[finding["severity"]]),
        (_where(finding, say), looks.link if _target(finding) else looks.text),
        (finding["column"] or "", looks.value),
        (finding["found"] or "", looks.value),
        (finding["expected"] or "", looks.text),
        (finding["message"], looks.text),
        (finding["what_to_do"], looks.text),
        (finding["proposal"] or "", looks.value),
        (finding["rule"], looks.rule),
    )
    written = "".join(_cell(number, index, text, look) for index, (text, look) in enumerate(cells))
    # Not every program fits the height of a row to wrapped texts when it opens a file.
    lines = max(_line_count(text, width) for (text, _), width in zip(cells, WIDTHS, strict=True))
    height = min(lines, MOST_LINES) * LINE_POINTS + LINE_POINTS / 2
    return f'<row r="{number}" ht="{height}" customHeight="1">{written}</row>'


def _line_count(text: str, width: int) -> int:
    return sum(max(1, math.ceil(len(line) / (width * SMALLER))) for line in text.split("\n"))


def _cell(row: int, index: int, text: str, style: int) -> str:
    start = f'<c r="{cell_address(row, index)}" s="{style}"'
    return f'{start} t="inlineStr"><is>{shown(text)}</is></c>' if text else f"{start}/>"


def _where(finding: Finding, say: Say) -> str:
    if finding["cell"]:
        return str(finding["cell"])
    return say("row {row}", row=str(finding["row"])) if finding["row"] else say("the file")


def _target(finding: Finding) -> str | None:
    return finding["cell"] or (f"A{finding['row']}" if finding["row"] else None)


def _links(findings: Sequence[Finding], sheet: str) -> str:
    quoted = _quoted(sheet)
    places = [(number, target) for number, finding in enumerate(findings, 2) if (target := _target(finding))]
    links = [f'<hyperlink ref="B{number}" location="{quoted}!{target}"/>' for number, target in places[:MOST_LINKS]]
    return f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""


def _looks(styles: Styles) -> _Looks:
    line = styles.add(
        "borders",
        f'<border><left/><right/><top/><bottom style="thin"><color rgb="FF{LINE}"/></bottom><diagonal/></border>',
    )

    def font(colour: str, look: str = "") -> int:
        colours = f'<color rgb="FF{colour}"/>'
        return styles.add("fonts", f'<font>{look}<sz val="10"/>{colours}<name val="{FONT}"/><family val="2"/></font>')

    def look(font: int, *, fill: int = 0, number_format: int = 0, middle: bool = False) -> int:
        place = "center" if middle else "top"
        return styles.add(
            "cellXfs",
            f'<xf numFmtId="{number_format}" fontId="{font}" fillId="{fill}" borderId="{line}" xfId="0" '
            'quotePrefix="1" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
            f'<alignment horizontal="left" vertical="{place}" wrapText="1" indent="1"/></xf>',
        )

    return _Looks(
        header=look(font(PAPER, "<b/>"), fill=styles.add_fill(INK), middle=True),
        text=look(font(INK)),
        value=look(font(INK), number_format=TEXT_FORMAT),
        link=look(font(STRONG_FILLS["note"], "<u/>")),
        rule=look(font(SOFT)),
        severities={
            severity: look(font(STRONG_FILLS[severity], "<b/>"), fill=styles.add_fill(LIGHT_FILLS[severity]))
            for severity in SEVERITIES
        },
    )
