"""A corrected copy differs from the original in the fixed cells, and in nothing else."""

import codecs
import io
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from ingestion.errors import UsageError
from ingestion.markup import Fix, fix_file, fixes_of
from ingestion.markup.fix_delimited import field_text, fields_of, records
from ingestion.markup.places import place_of
from ingestion.reading import cell_address, cell_text, read_table
from tests.files import COLUMNS, SHEET_PART, as_lines, csv_text, figures, with_sheet, workbook_bytes, write
from tests.hostile.corpus import ods
from tests.rich_workbook import (
    parts,
    prefixed,
    rich_workbook,
    sheet_xml,
    strict,
    with_parts,
    with_relation,
    with_shared_texts,
)

FIGURES = [{**row, "OBS_COMMENT": 'a "b"; c'} for row in figures()]
CSV = csv_text(as_lines(FIGURES))
HEADER = ";".join(COLUMNS)


def fix(cell, old, new, **facts):
    row, index = place_of(cell)
    usual = {"sheet": None, "row": row, "column_index": index, "cell": cell, "column": "SEX", "rule": "P01"}
    return Fix(**usual | {"old": old, "new": new} | facts)


def texts_of(path):
    table = read_table(path, country_code="LU")
    rows = [(table.header.row, table.header.texts), *table.rows]
    return {cell_address(row, index): cell_text(value) for row, cells in rows for index, value in enumerate(cells)}


def fixed(tmp_path, content, *fixes):
    """The result of fixing, and {cell: (text before, text after)} of the cells that differ."""
    path = write(tmp_path, "before", content)
    result = fix_file(path, list(fixes), country_code="LU")
    before, after = texts_of(path), texts_of(write(tmp_path, "after", result.content))
    differing = {cell for cell in before.keys() | after.keys() if before.get(cell, "") != after.get(cell, "")}
    return result, {cell: (before.get(cell, ""), after.get(cell, "")) for cell in differing}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_in_a_text_file_only_the_bytes_of_the_cell_change(tmp_path, encoding, delimiter, line_end):
    rows = [{**row, "OBS_COMMENT": "é; «x»"} for row in figures()]
    text = csv_text([["Titre é"], *as_lines(rows)], delimiter).replace("\r\n", line_end)
    result, differing = fixed(tmp_path, text.encode(encoding), fix("E4", "F", "T"), fix("L5", "40", "400"))
    assert differing == {"E4": ("F", "T"), "L5": ("40", "400")}
    expected = text.replace(f"{delimiter}F{delimiter}", f"{delimiter}T{delimiter}")
    expected = expected.replace(f"{delimiter}40{delimiter}", f"{delimiter}400{delimiter}")
    assert result.content == expected.encode(encoding)
    assert (result.ending, len(result.applied), result.not_applied) == (".csv", 2, [])


def test_quotes_stay_and_come_where_they_are_needed(tmp_path):
    content = f'{HEADER}\n"RSM_02";LU;2025;;"F";;;;;;;1;2;;;;;;"a ""b""\nc";\nRSM_02;LU;2025;;M;;;;;;;3;4;;;;;;;\n'
    result, differing = fixed(tmp_path, content, fix("E2", "F", "T"), fix("S3", "", 'x;"y"'))
    assert differing == {"E2": ("F", "T"), "S3": ("", 'x;"y"')}
    assert b'"T"' in result.content and b'"x;""y"""' in result.content


def test_a_fix_may_empty_a_cell_and_a_header_can_be_fixed(tmp_path):
    content = CSV.replace("OBS_COMMENT", "OBS_COMENT")
    result, differing = fixed(tmp_path, content, fix("S1", "OBS_COMENT", "OBS_COMMENT"), fix("L2", "100", ""))
    assert differing == {"S1": ("OBS_COMENT", "OBS_COMMENT"), "L2": ("100", "")}
    assert result.content.decode() == CSV.replace("100", "", 1)


def test_what_the_cell_no_longer_holds_is_left_alone(tmp_path):
    wanted = [fix("E3", "M", "T"), fix("E90", "", "T"), fix("L2", "100", "1"), fix("L2", "100", "2")]
    result, differing = fixed(tmp_path, CSV, *wanted)
    assert (differing, result.applied, len(result.not_applied)) == ({}, [], 4)
    assert result.content == CSV.encode()
    assert {entry.reason for entry in result.not_applied} == {
        "The cell does not hold what was found in it.",
        "The rules propose different values for this cell.",
    }


def test_a_value_that_the_encoding_cannot_write_is_left_out(tmp_path):
    content = CSV.replace("a ", "é ").encode("cp1252")
    result, differing = fixed(tmp_path, content, fix("E3", "F", "Ж"), fix("E4", "M", "T"))
    assert (list(differing), [entry.fix.cell for entry in result.not_applied]) == (["E4"], ["E3"])


def test_after_a_quote_that_is_not_closed_the_other_rows_can_be_fixed(tmp_path):
    content = CSV.replace("C_SOLID_ADV;F", '"C_SOLID_ADV;F')
    result, differing = fixed(tmp_path, content, fix("L2", "100", "1"), fix("E4", "M", "T"), fix("L3", "60", "61"))
    assert (set(differing), [entry.fix.cell for entry in result.not_applied]) == ({"L2", "E4"}, ["L3"])


def test_a_line_that_names_the_separator_stays_and_is_not_counted(tmp_path):
    result, differing = fixed(tmp_path, "sep=;\r\n" + CSV, fix("E3", "F", "T"))
    assert differing == {"E3": ("F", "T")}
    assert result.content.decode() == "sep=;\r\n" + CSV.replace(";F;", ";T;")


def test_a_file_of_another_kind_is_given_back_as_a_workbook(tmp_path):
    result, differing = fixed(tmp_path, ods(), fix("E3", "F", "T"), fix("L2", "100", "1"))
    assert differing == {"E3": ("F", "T"), "L2": ("100", "1")}
    assert (result.ending, result.is_converted) == (".xlsx", True)


def test_a_last_line_without_end_and_half_a_letter_stay(tmp_path):
    content = CSV.replace("a ", "é ").encode().rstrip() + "é".encode()[:1]
    result, differing = fixed(tmp_path, content, fix("E3", "F", "T"))
    assert list(differing) == ["E3"]
    assert result.content == content.replace(b";F;", b";T;")


FIELD = st.text(alphabet='ab;"\n é', max_size=6)


@hypothesis_settings(max_examples=300, deadline=None)
@given(rows=st.lists(st.lists(FIELD, min_size=3, max_size=3), min_size=1, max_size=6))
def test_rows_and_cells_are_found_where_the_writer_put_them(rows):
    text = csv_text(rows)
    found = list(records(text, ";", 3))
    assert [[field_text(text[slice(*span)]) for span in fields_of(text, row, ";")] for row in found] == rows


WORKBOOKS = {
    "rich": rich_workbook(),
    "prefixed": prefixed(rich_workbook()),
    "strict": strict(rich_workbook()),
    "shared texts": with_shared_texts(rich_workbook()),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_in_a_workbook_only_the_cells_change(tmp_path, name):
    before = WORKBOOKS[name]
    wanted = [fix("E5", "F", "T"), fix("F6", "42", "402"), fix("G7", "200.5", ""), fix("F8", "44", "44-S1")]
    result, differing = fixed(tmp_path, before, *wanted)
    changes = {"E5": ("F", "T"), "F6": ("42", "402"), "G7": ("200.5", ""), "F8": ("44", "44-S1")}
    assert (differing, result.applied, result.not_applied) == (changes, wanted, [])
    old, new = parts(before), parts(result.content)
    assert list(old) == list(new)
    assert [part for part in old if old[part] != new[part]] == [SHEET_PART]
    if name == "rich":
        sheet = load_workbook(io.BytesIO(result.content)).worksheets[0]
        assert (sheet["F6"].value, sheet["F6"].data_type, sheet["F6"].number_format) == (402, "n", "@")
        assert re.sub(rb"<c r=\"(E5|F6|G7|F8)\".*?</c>", b"", sheet_xml(before)) == re.sub(
            rb"<c r=\"(E5|F6|F8)\".*?</c>|<c r=\"G7\"[^>]*?></c>", b"", new[SHEET_PART]
        )


def test_a_number_stays_a_number_though_its_proposal_has_a_decimal_comma(tmp_path):
    content = workbook_bytes(as_lines([{**FIGURES[0], "OBS_VALUE": 0.4701}]))
    result, _ = fixed(tmp_path, content, fix("N2", "0.4701", "47,01"))
    cell = load_workbook(io.BytesIO(result.content)).worksheets[0]["N2"]
    assert (cell.value, cell.data_type) == (47.01, "n")


def test_a_date_does_not_become_a_number(tmp_path):
    content = workbook_bytes(as_lines([{**FIGURES[0], "TIME_PERIOD": date(2025, 1, 1)}]))
    _, differing = fixed(tmp_path, content, fix("C2", "2025-01-01", "2025"))
    assert differing == {"C2": ("2025-01-01", "2025")}


def _with_formula(kind: bytes) -> bytes:
    workbook = with_sheet(
        workbook_bytes(as_lines(FIGURES)),
        lambda xml: xml.replace(
            b'<c r="E3" t="inlineStr"><is><t>F</t></is></c>',
            b'<c r="E3" t="str"><f' + kind + b">LOWER(A1)</f><v>f</v></c>",
        ),
    )
    workbook = with_relation(workbook, "calcChain")
    return with_parts(workbook, {"xl/calcChain.xml": b"<calcChain><c r='E3' i='1'/></calcChain>"})


def test_a_formula_is_replaced_and_no_list_of_formulas_names_its_cell(tmp_path):
    result, differing = fixed(tmp_path, _with_formula(b""), fix("E3", "f", "F"))
    assert differing == {"E3": ("f", "F")}
    after = parts(result.content)
    assert "xl/calcChain.xml" not in after
    assert b"calcChain" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]


def test_a_formula_that_other_cells_use_stays(tmp_path):
    result, differing = fixed(tmp_path, _with_formula(b' t="shared" ref="E3:E9" si="0"'), fix("E3", "f", "F"))
    assert (differing, [entry.fix.cell for entry in result.not_applied]) == ({}, ["E3"])


def test_the_header_of_a_table_is_renamed_with_its_column(tmp_path):
    workbook = with_sheet(rich_workbook(), lambda xml: xml.replace(b"NUMERATOR", b"NUMERATER"))
    table = "xl/tables/table1.xml"
    workbook = with_sheet(workbook, lambda xml: xml.replace(b"NUMERATOR", b"NUMERATER"), part=table)
    result, differing = fixed(tmp_path, workbook, fix("F3", "NUMERATER", "NUMERATOR"))
    assert differing == {"F3": ("NUMERATER", "NUMERATOR")}
    assert b'name="NUMERATOR"' in parts(result.content)[table]
    used = with_sheet(workbook, lambda xml: xml.replace(b"SUM(F4:F11)", b"SUM(Figures[NUMERATER])"))
    result, differing = fixed(tmp_path, used, fix("F3", "NUMERATER", "NUMERATOR"))
    assert (differing, len(result.not_applied)) == ({}, 1)


def test_certain_proposals_for_cells_are_fixes_and_no_others():
    finding = {"sheet": None, "cell": "E4", "column": "SEX", "found": "f", "rule": "P01"}
    findings = [
        {**finding, "is_certain": True, "proposal": "F"},
        {**finding, "is_certain": True, "proposal": ""},
        {**finding, "is_certain": False, "proposal": "F"},
        {**finding, "is_certain": True, "proposal": None},
        {**finding, "is_certain": True, "proposal": "", "cell": None},
    ]
    certain = fix("E4", "f", "F")
    assert fixes_of({"findings": findings}) == [certain, replace(certain, new="")]


def test_a_file_that_cannot_be_read_has_nothing_to_fix(tmp_path):
    with pytest.raises(UsageError, match="nothing to fix"):
        fix_file(write(tmp_path, "figures.pdf", b"%PDF-1.7"), [], country_code="LU")


def test_a_mark_at_the_start_of_the_file_stays(tmp_path):
    result, _ = fixed(tmp_path, codecs.BOM_UTF8 + CSV.encode(), fix("A2", "RSM_02", "RSM_01"))
    assert result.content.startswith(codecs.BOM_UTF8 + b"INDICATOR")
