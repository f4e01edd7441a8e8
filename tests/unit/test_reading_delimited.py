"""CSV: every encoding and separator of the countries, titles above, ends torn off; nothing is lost without a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.catalogue import rows
from ingestion.reading import Unreadable, cell_text
from ingestion.reading.delimited import read_delimited
from ingestion.reading.encoding import decode, guard_text
from tests.files import COLUMNS, as_lines, csv_text, figures, write

WIDTH = len(COLUMNS)
CELLS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]) | st.sampled_from('";,\n'), max_size=12)
ENCODINGS = sorted({row["legacy_encoding"] for row in rows("countries")})


def read(text: str, encoding: str = "utf-8"):
    return read_delimited(text.encode(encoding), legacy_encoding="cp1252")


@given(
    st.lists(st.lists(CELLS, min_size=WIDTH, max_size=WIDTH), max_size=6),
    st.sampled_from(";,\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
)
def test_what_a_program_writes_is_read_back_with_its_row_numbers(cells, delimiter, encoding):
    lines = [["Figures of Luxembourg"], COLUMNS, *cells]
    table = read(csv_text(lines, delimiter), encoding)
    filled = [(number, row) for number, row in enumerate(cells, start=3) if any(cell_text(cell) for cell in row)]
    assert table.delimiter == delimiter
    assert table.header.row == 2
    assert [(number, row) for number, row in table.rows] == filled
    assert not table.faults


@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_clear_refusal(data):
    try:
        read_delimited(data, legacy_encoding="cp1250")
    except Unreadable as refusal:
        assert refusal.rule in {"EMPTY_FILE", "NOT_A_TABLE", "NO_HEADER"}


@given(st.integers(0, 2000))
def test_a_file_cut_anywhere_never_passes_as_whole(cut):
    """The row is reported as cut, or the missing line end is pointed out; between two lines nobody can tell."""
    text = csv_text(as_lines(figures()))
    whole = text.encode()
    try:
        table = read_delimited(whole[:cut], legacy_encoding="cp1252")
    except Unreadable:
        return
    ends_a_line = cut >= len(whole) or whole[:cut].endswith((b"\r", b"\n"))
    assert ends_a_line or table.is_last_line_open


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_country_s_old_encoding_is_the_last_but_one_choice(encoding):
    letters = {"cp1250": "ł", "cp1251": "я", "cp1252": "é", "cp1253": "λ", "cp1257": "ģ"}[encoding]
    assert decode(letters.encode(encoding), legacy_encoding=encoding) == (letters, encoding)


def test_a_character_torn_in_half_does_not_change_the_encoding():
    text = csv_text([["Santé"], *as_lines(figures())]) + "RSM_02;LU;2025;é"
    table = read_delimited(text.encode()[:-1], legacy_encoding="cp1252")
    assert table.encoding == "utf-8"
    assert [fault.rule for fault in table.faults] == ["TRUNCATED_ROW"]


def test_a_quote_that_is_never_closed_costs_one_row():
    lines = csv_text(as_lines(figures())).splitlines(keepends=True)
    lines[2] = lines[2].replace("RSM_02", '"RSM_02')
    table = read("".join(lines))
    assert [(fault.rule, fault.row) for fault in table.faults] == [("UNCLOSED_QUOTE", 3)]
    assert [number for number, _ in table.rows] == [2, 3, 4, 5]


def test_separators_left_out_where_a_column_is_empty_throughout_are_no_fault():
    lines = csv_text(as_lines(figures()[:3])).splitlines()
    short = [lines[0], *[line.rstrip(";") for line in lines[1:]], ""]
    assert not read("\r\n".join(short)).faults


def test_a_row_that_stops_before_a_filled_column_is_a_fault():
    lines = csv_text(as_lines(figures())).splitlines(keepends=True)
    lines[1] = "RSM_02;LU;2025\r\n"
    assert [(fault.rule, fault.row) for fault in read("".join(lines)).faults] == [("TRUNCATED_ROW", 2)]


def test_one_separator_too_many_inside_a_row_is_a_fault_even_at_an_empty_end():
    lines = csv_text(as_lines(figures()), ",").splitlines(keepends=True)
    lines[1] = lines[1].replace("100", "100,5", 1)
    assert [(fault.rule, fault.row) for fault in read("".join(lines)).faults] == [("EXTRA_CELLS", 2)]


def test_a_separator_at_the_end_of_every_row_is_no_fault():
    lines = csv_text(as_lines(figures())).splitlines()
    assert not read("\r\n".join([lines[0], *[f"{line};" for line in lines[1:]], ""])).faults


def test_a_comma_in_a_number_of_every_row_is_a_fault_where_commas_separate():
    text = csv_text(as_lines([{**figure, "NUMERATOR": "1041"} for figure in figures()[:3]]), ",")
    faults = read(text.replace("1041", "1,041")).faults
    assert [(fault.rule, fault.row) for fault in faults] == [("EXTRA_CELLS", row) for row in (2, 3, 4)]


def test_a_column_without_a_name_at_the_end_is_a_column():
    lines = csv_text(as_lines(figures())).splitlines()
    table = read("\r\n".join([f"{lines[0]};", *[f"{line};checked" for line in lines[1:]], ""]))
    assert (table.faults, table.header.texts[-1], table.rows[0][1][-1]) == ([], "", "checked")


def test_a_lone_cell_behind_a_header_that_ends_in_a_separator_is_a_fault():
    lines = csv_text(as_lines(figures())).splitlines()
    table = read("\r\n".join([f"{lines[0]};", f"{lines[1]};stray", *[f"{line};" for line in lines[2:]], ""]))
    assert [(fault.rule, fault.row) for fault in table.faults] == [("EXTRA_CELLS", 2)]


@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("firsts", [["1", "2", "3"], ["", "", ""]])
def test_a_first_column_that_the_header_leaves_out_shifts_no_value(delimiter, firsts):
    """R writes the numbers of rows so."""
    header, *rows = csv_text(as_lines(figures()[:3]), delimiter).splitlines()
    lines = [f"{first}{delimiter}{row}" for first, row in zip(firsts, rows, strict=True)]
    table = read("\n".join([header, *lines, ""]))
    assert (table.faults, table.header.positions) == ([], {name: place for place, name in enumerate(COLUMNS, start=1)})
    other = read("\n".join([header, lines[0], lines[2], ""]))
    assert firsts[0] == "" or other.header.positions["INDICATOR"] == 0


def test_column_names_may_be_written_in_any_way_and_order():
    header = [name.lower().replace("_", " ") for name in reversed(COLUMNS)]
    lines = [header, *[list(reversed(line)) for line in as_lines(figures())[1:]]]
    table = read(csv_text(lines))
    assert table.header.positions == {name: WIDTH - 1 - index for index, name in enumerate(COLUMNS)}


def test_a_title_over_several_lines_moves_no_row():
    """Found by fuzzing: the title was cut into lines where rows were read, and not where the header was looked for."""
    table = read('"Figures\nof Luxembourg"\n' + csv_text(as_lines(figures())))
    assert (table.header.row, [number for number, _ in table.rows], table.faults) == (2, [3, 4, 5, 6], [])


def test_a_quote_opened_in_every_row_joins_no_two_rows():
    """Two such rows have as many cells together as one row has."""
    header, row, *_ = csv_text(as_lines(figures())).splitlines()
    table = read("\r\n".join([header, *[row.replace("RSM_02", '"RSM_02')] * 2, ""]))
    assert [(fault.rule, fault.row) for fault in table.faults] == [("UNCLOSED_QUOTE", 2), ("TRUNCATED_ROW", 3)]


def test_a_row_that_a_line_break_tears_in_two_says_so_and_one_that_is_cut_does_not():
    header, row, other, *_ = csv_text(as_lines(figures())).splitlines()
    pairs = [row[:9], row[9:]], [row[:9], other], ["RSM_02", other]
    torn, cut, lone = (read("\r\n".join([header, *lines, ""])).faults for lines in pairs)
    assert [(fault.row, "line break" in fault.expected) for fault in torn] == [(2, True)]
    for faults in (cut, lone):
        assert [(fault.row, "line break" in fault.expected) for fault in faults] == [(2, False)]


@pytest.mark.parametrize("told", ["sep=;\r\n", '"sep=;"\n', "SEP=;\r"])
def test_the_line_that_names_the_separator_is_not_counted(told):
    table = read(told + csv_text(as_lines(figures())))
    assert (table.delimiter, table.header.row, table.rows[0][0]) == (";", 1, 2)


def test_a_line_without_end_is_refused_before_it_is_read(tmp_path):
    path = write(tmp_path, "figures.csv", csv_text(as_lines(figures())).encode() + b"x" * 1_000_000)
    with pytest.raises(Unreadable) as refusal:
        guard_text(path)
    assert refusal.value.rule == "ENDLESS_LINE"


def test_a_file_cut_within_a_quoted_text_behind_its_line_end_is_torn():
    table = read_delimited(b'INDICATOR,REF_AREA,OBS_COMMENT\nRSM_02,LU,"two\n', legacy_encoding="cp1252")
    assert [fault.rule for fault in table.faults] == ["TRUNCATED_ROW"]
