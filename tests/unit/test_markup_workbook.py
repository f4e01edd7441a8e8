"""A workbook comes back with marks, comments and a sheet of issues; nothing else in it is another than before."""

import io
import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from ingestion.errors import UsageError
from ingestion.languages import language_for
from ingestion.markup import mark_up
from ingestion.markup.mark_up import mark_workbook
from ingestion.markup.styles import luminance
from ingestion.markup.tones import INK, LIGHT_FILLS, PAPER, SEVERITIES, STRONG_FILLS
from ingestion.reading import cell_address, read_table
from tests.files import SHEET_PART, as_lines, csv_text, figures, with_sheet, workbook_bytes, write
from tests.hostile.corpus import ods
from tests.rich_workbook import (
    bare,
    parts,
    prefixed,
    rich_workbook,
    sheet_xml,
    strict,
    with_shared_texts,
    without_styles,
)

SHEET = "Données"
SAY = language_for("en").say
TOUCHED = {
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    SHEET_PART,
    "xl/worksheets/_rels/sheet1.xml.rels",
}
VARIANTS = {
    "rich": rich_workbook(),
    "comments": rich_workbook(with_comments=True),
    "protected": rich_workbook(is_protected=True),
    "prefixed": prefixed(rich_workbook()),
    "strict": strict(rich_workbook()),
    "shared": with_shared_texts(rich_workbook()),
    "unstyled": without_styles(workbook_bytes(as_lines(figures()), sheet=SHEET)),
    "inline": workbook_bytes(as_lines(figures()), sheet=SHEET),
}


def finding(cell=None, severity="error", **facts):
    row = int(re.sub(r"\D", "", cell)) if cell else None
    usual = {
        "rule": "P01",
        "sheet": SHEET if cell else None,
        "row": row,
        "column": "SEX",
        "found": "woman",
        "expected": "T, F, M",
        "message": f"{cell} is wrong.",
        "what_to_do": "Use a code of the list.",
        "proposal": "F",
        "is_certain": True,
        "group": "P01:SEX",
    }
    return usual | {"cell": cell, "severity": severity} | facts


def marked(workbook, *findings, sheet=SHEET):
    return mark_workbook(workbook, findings, sheet=sheet, say=SAY)


def opened(workbook, sheet=SHEET):
    return load_workbook(io.BytesIO(workbook))[sheet]


def with_anchor(workbook):
    """The same workbook with the size of its comments written as Excel does."""
    part = next(part for part in parts(workbook) if part.endswith(".vml"))
    anchor = rb"<\1:Anchor>5, 15, 3, 10, 7, 15, 7, 4</\1:Anchor><\1:Row>"
    return with_sheet(workbook, lambda xml: re.sub(rb"<(\w+):Row>", anchor, xml), part=part)


def values(workbook, sheet=SHEET):
    found = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_name(sheet)
    rows = found.to_python(skip_empty_area=False)
    return {(row, index): value for row, cells in enumerate(rows) for index, value in enumerate(cells) if value != ""}


def without_marks(xml: bytes) -> bytes:
    """A sheet without what marking may change: styles of cells, cells that hold nothing, the link to the comments."""
    xml = re.sub(rb"<[\w:]*legacyDrawing[^>]*/>|<[\w:]*dimension[^>]*/>| spans=\"[^\"]*\"", b"", xml)
    xml = re.sub(rb"(<(?:\w+:)?c\b[^>]*?)\ss=\"\d+\"", rb"\1", xml)
    xml = re.sub(rb"<(?:\w+:)?c(?: r=\"\w+\")?\s*(?:/>|></(?:\w+:)?c>)", b"", xml)
    return re.sub(rb"<(?:\w+:)?row r=\"\d+\"\s*(?:/>|></(?:\w+:)?row>)", b"", xml)


@pytest.mark.parametrize("name", VARIANTS)
def test_all_other_parts_and_all_values_stay_as_they_were(name):
    before = VARIANTS[name]
    after = marked(before, finding("E4"), finding("F6", "warning"), finding("B12", "note"), finding("Z40"))
    old, new = parts(before), parts(after)
    assert {part for part in old if old[part] != new[part]} <= TOUCHED | {p for p in old if "omment" in p}
    assert without_marks(old[SHEET_PART]) == without_marks(new[SHEET_PART])
    assert values(before) == values(after)
    if name != "strict":  # openpyxl does not read the strict variant
        cells = {cell.coordinate: cell.value for row in opened(before).iter_rows() for cell in row if cell.value}
        assert cells == {cell.coordinate: cell.value for row in opened(after).iter_rows() for cell in row if cell.value}


@pytest.mark.parametrize("name", [name for name in VARIANTS if name not in ("strict", "unstyled")])
def test_a_marked_cell_has_another_fill_and_a_comment_and_nothing_else_new(name):
    before, after = opened(VARIANTS[name]), opened(marked(VARIANTS[name], finding("E4"), finding("F6", "warning")))
    for cell, severity in (("E4", "error"), ("F6", "warning")):
        assert after[cell].fill.fgColor.rgb == f"FF{LIGHT_FILLS[severity]}"
        for look in ("font", "border", "number_format", "alignment", "protection"):
            assert repr(getattr(after[cell], look)) == repr(getattr(before[cell], look))
        assert f"{cell} is wrong." in after[cell].comment.text
    assert after["E7"].fill.fgColor.rgb == before["E7"].fill.fgColor.rgb


def test_light_letters_get_a_dark_fill():
    assert opened(marked(rich_workbook(), finding("B3")))["B3"].fill.fgColor.rgb == f"FF{STRONG_FILLS['error']}"


@pytest.mark.parametrize("severity", SEVERITIES)
def test_every_mark_can_be_read(severity):
    """Contrast of at least 4.5 to 1: https://www.w3.org/TR/WCAG21/#contrast-minimum"""

    def contrast(one: str, other: str) -> float:
        darker, lighter = sorted((luminance(one), luminance(other)))
        return (lighter + 0.05) / (darker + 0.05)

    letters = ("000000", INK, STRONG_FILLS[severity])
    assert min(contrast(letter, LIGHT_FILLS[severity]) for letter in letters) >= 4.5
    assert contrast(PAPER, STRONG_FILLS[severity]) >= 4.5


def test_a_cell_with_several_findings_is_marked_once_by_the_worst_and_says_them_all():
    after = opened(marked(rich_workbook(), finding("E4", "note", message="Small."), finding("E4", message="Wrong.")))
    assert after["E4"].fill.fgColor.rgb == f"FF{LIGHT_FILLS['error']}"
    text = after["E4"].comment.text
    assert text.index("Wrong.") < text.index("Small.")


def test_a_senders_comment_stays_and_ours_follows_it():
    after = opened(marked(rich_workbook(with_comments=True), finding("E5"), finding("E4")))
    assert after["E5"].comment.text.startswith("ask the registry")
    assert "E5 is wrong." in after["E5"].comment.text
    assert after["H6"].comment.text == "provisional"
    assert after["E4"].comment.text.startswith("Error")


def test_a_conversation_in_a_cell_is_left_alone():
    threaded = rich_workbook(with_comments=True)
    part = next(name for name in parts(threaded) if re.fullmatch(r"xl/comments.*\.xml", name))
    threaded = with_sheet(threaded, lambda xml: xml.replace(b">Anna<", b">tc={0A1B}<"), part=part)
    after = opened(marked(threaded, finding("E5")))
    assert after["E5"].comment.text == "ask the registry"
    assert after["E5"].fill.fgColor.rgb == f"FF{LIGHT_FILLS['error']}"


@pytest.mark.parametrize("with_comments", [False, True])
def test_what_we_said_last_time_is_replaced(with_comments):
    workbook = rich_workbook(with_comments=with_comments)
    first = marked(workbook, finding("E5", message="Old answer."))
    again = marked(first, finding("E5", message="New answer."))
    comment = opened(again)["E5"].comment.text
    assert "New answer." in comment and "Old answer." not in comment
    assert comment.startswith("ask the registry" if with_comments else "Error")
    boxes = [next(data for part, data in parts(book).items() if part.endswith(".vml")) for book in (first, again)]
    assert boxes[0] == boxes[1]


def test_the_box_of_a_senders_comment_grows_with_what_is_written_on():
    def bottom(workbook):
        drawing = next(data for part, data in parts(workbook).items() if part.endswith(".vml"))
        shape = next(shape for shape in drawing.split(b":shape ") if b":Row>4</" in shape)
        return int(re.search(rb":Anchor>([^<]*)<", shape)[1].split(b",")[6])

    before = with_anchor(rich_workbook(with_comments=True))
    assert bottom(marked(before, finding("E5"))) > bottom(before)


def test_a_finding_under_merged_cells_is_shown_where_people_see_it():
    after = opened(marked(rich_workbook(), finding("C1")))
    assert "Error, C1" in after["A1"].comment.text
    assert not after["C1"].comment


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (b"", b'<row r="2"><c r="B2" s="1"/></row>'),
        (b'<row r="2"/>', b'<row r="2"><c r="B2" s="1"/></row>'),
        (b'<row r="2" s="0" customFormat="1"></row>', b'<row r="2" s="0" customFormat="1"><c r="B2" s="1"/></row>'),
        (b'<row r="1"/><row r="3"/>', b'<row r="1"/><row r="2"><c r="B2" s="1"/></row><row r="3"/>'),
        (b"<row/><row><c/><c><v>1</v></c></row>", b'<row/><row><c/><c s="1"><v>1</v></c></row>'),
        (b"<row r='2'><c r='A2'/><c r='C2'/></row>", b"<row r='2'><c r='A2'/><c r=\"B2\" s=\"1\"/><c r='C2'/></row>"),
        (b'<row r="2"><c r="B2" s="0"><v>1</v></c></row>', b'<row r="2"><c r="B2" s="1"><v>1</v></c></row>'),
        (b'<row r="2"><!--<c r="B2"/>--></row>', b'<row r="2"><!--<c r="B2"/>--><c r="B2" s="1"/></row>'),
    ],
)
def test_cells_and_rows_are_made_where_they_belong(rows, expected):
    after = marked(bare(rows), finding("B2"), sheet="Sheet")
    assert b"<sheetData>" + expected + b"</sheetData>" in sheet_xml(after)
    assert opened(after, "Sheet")["B2"].comment


def test_a_style_sheet_without_lists_gets_them_and_other_cells_look_as_before():
    workbook = bare(b'<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>')
    empty = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    after = marked(with_sheet(workbook, lambda _: empty, part="xl/styles.xml"), finding("B2"), sheet="Sheet")
    sheet = opened(after, "Sheet")
    assert (sheet["A2"].fill.fill_type, sheet["B2"].fill.fgColor.rgb) == (None, f"FF{LIGHT_FILLS['error']}")


def test_an_empty_sheet_data_is_opened():
    after = marked(bare(b"", data=b"<sheetData/>"), finding("B2"), sheet="Sheet")
    assert b'<sheetData><row r="2"><c r="B2" s="1"/></row></sheetData>' in sheet_xml(after)


def test_a_cell_that_was_not_there_looks_like_its_column():
    cols = b'<cols><col min="2" max="2" width="9" style="0"/></cols>'
    after = marked(bare(b"", before=b'<dimension ref="A1"/>' + cols), finding("B2"), sheet="Sheet")
    assert b'<dimension ref="A1:B2"/>' in sheet_xml(after)


def test_the_link_to_the_comments_stands_where_the_format_wants_it():
    after = b'<pageMargins left="1" right="1" top="1" bottom="1" header="1" footer="1"/><extLst/>'
    xml = sheet_xml(marked(bare(b"", after=after), finding("B2"), sheet="Sheet"))
    assert re.search(rb"footer=\"1\"/><legacyDrawing [^>]*/><extLst/></worksheet>$", xml)


def test_the_sheet_of_issues_lists_everything_errors_first_with_a_link_to_each_cell():
    findings = [
        finding("E4", "note", message="Small."),
        finding("F6", column="=cmd|' /C calc'!A0", found='=HYPERLINK("http://evil")', proposal=None),
        finding(severity="error", message="The file itself."),
    ]
    after = marked(rich_workbook(), *findings)
    book = load_workbook(io.BytesIO(after))
    assert book.sheetnames == [SHEET, "Notes", "Issues"]
    issues = book["Issues"]
    rows = list(issues.iter_rows(min_row=2, values_only=True))
    assert [row[5] for row in rows] == ["The file itself.", "F6 is wrong.", "Small."]
    assert [row[1] for row in rows] == ["the file", "F6", "E4"]
    assert issues["B3"].hyperlink.location == f"'{SHEET}'!F6"
    assert (issues["D3"].value, issues["D3"].data_type) == ('=HYPERLINK("http://evil")', "s")
    assert b"<f>" not in parts(after)["xl/worksheets/sheet3.xml"]
    assert (issues.freeze_panes, issues.auto_filter.ref) == ("A2", "A1:I4")
    assert issues.print_title_rows == "$1:$1"
    assert book.defined_names["Total"].attr_text == "'Données'!$K$3"


def test_the_name_of_the_sheet_of_issues_is_not_taken():
    book = load_workbook(io.BytesIO(rich_workbook()))
    book["Notes"].title = "ISSUES"
    stream = io.BytesIO()
    book.save(stream)
    after = marked(stream.getvalue(), finding("E4"))
    assert load_workbook(io.BytesIO(after)).sheetnames == [SHEET, "ISSUES", "Issues (2)"]


def test_signs_that_xml_does_not_know_are_left_out():
    after = marked(rich_workbook(), finding("E4", found="a\x00b\x0b\ud800c", message="_x0041_ & <b>"))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(after)).get_sheet_by_name("Issues").to_python()
    assert (sheet[1][3], sheet[1][5]) == ("abc", "_x0041_ & <b>")


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    places=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 30)), min_size=1, max_size=40),
    severities=st.lists(st.sampled_from(SEVERITIES), min_size=40, max_size=40),
    name=st.sampled_from(sorted(VARIANTS)),
)
def test_wherever_the_marks_are_the_values_stay(places, severities, name):
    findings = [finding(cell_address(*place), severity) for place, severity in zip(places, severities, strict=False)]
    after = marked(VARIANTS[name], *findings)
    assert values(after) == values(VARIANTS[name])
    assert without_marks(sheet_xml(after)) == without_marks(sheet_xml(VARIANTS[name]))
    if name != "strict":
        sheet = opened(after)
        hidden = {(1, index) for index in range(1, 8)} if name not in ("unstyled", "inline") else set()
        for row, index in set(places) - hidden:
            assert sheet.cell(row, index + 1).comment


def result_of(path, *findings, file_format):
    facts = {"file_format": file_format, "sheet": None, "country_code": "LU"}
    return {"verdict": "refused", "submission": facts, "findings": list(findings)}


def test_a_file_of_another_program_comes_back_as_a_workbook(tmp_path):
    path = write(tmp_path, "figures.ods", ods())
    result = result_of(path, finding("E4", sheet="data"), file_format="ods")
    copy = write(tmp_path, "marked.xlsx", mark_up(path, result, say=SAY))
    before, after = read_table(path, country_code="LU"), read_table(copy, country_code="LU")
    assert (after.header, after.rows) == (before.header, before.rows)


@pytest.mark.parametrize("more", [("RSM_02" + ";" * 19 + "\r\n") * 110_000, "RSM_02" + ";x" * 20_000])
def test_a_table_too_large_for_a_workbook_is_said_to_be(tmp_path, more):
    path = write(tmp_path, "figures.csv", csv_text(as_lines(figures()[:1])) + more)
    with pytest.raises(UsageError, match="too large"):
        mark_up(path, result_of(path, file_format="csv"), say=SAY)


def test_a_text_file_comes_back_as_a_workbook_with_its_cells_at_their_addresses(tmp_path):
    lines = [["Title"], *as_lines([*figures(), {"INDICATOR": "=1+1", "OBS_COMMENT": "007"}])]
    path = write(tmp_path, "figures.csv", csv_text(lines))
    result = result_of(path, finding("E4", sheet=None), file_format="csv")
    copy = write(tmp_path, "marked.xlsx", mark_up(path, result, say=SAY))
    before, after = read_table(path, country_code="LU"), read_table(copy, country_code="LU")
    assert (after.header, after.rows) == (before.header, before.rows)
    sheet = opened(copy.read_bytes(), "data")
    assert (sheet["E4"].comment is not None, sheet["A7"].value, sheet["A7"].data_type) == (True, "=1+1", "s")


def test_a_marked_workbook_can_be_corrected_and_sent_again(tmp_path):
    before = write(tmp_path, "before.xlsx", rich_workbook())
    after = write(tmp_path, "after.xlsx", marked(rich_workbook(), finding("E4"), finding("Z90")))
    old, new = read_table(before, country_code="LU"), read_table(after, country_code="LU")
    assert (new.sheet, new.header, len(new.rows)) == (old.sheet, old.header, len(old.rows))


def test_of_a_file_that_could_not_be_read_there_is_nothing_to_mark(tmp_path):
    path = write(tmp_path, "figures.pdf", b"%PDF-1.7")
    with pytest.raises(UsageError, match="nothing to mark"):
        mark_up(path, {"verdict": "unreadable", "submission": {}, "findings": []}, say=SAY)


def test_the_same_answer_has_the_same_bytes():
    workbook = rich_workbook()
    assert marked(workbook, finding("E4")) == marked(workbook, finding("E4"))
