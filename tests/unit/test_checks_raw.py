"""A plain text is the same table whether DuckDB reads it or Arrow does: texts as they stand, one row for each line."""

import csv
import io

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingestion.checks import raw
from ingestion.reading.plain import plain_body
from ingestion.reading.table import Header, RawTable

FIRST_ROW = 3
POSITIONS = {"INDICATOR": 0, "NUMERATOR": 1}
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from(";\"'\\ ,"), max_size=9)
LINES = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8)


def loaded(text, folder):
    """The rows of `raw`, and how many of them are left without the first one."""
    body = plain_body(text.encode(), first_row=FIRST_ROW, delimiter=";", width=3)
    table = RawTable("csv", Header(1, ("INDICATOR", "NUMERATOR", "NOTE"), POSITIONS), [], delimiter=";", plain=body)
    with duckdb.connect(config={"threads": 2}) as connection:
        raw.load_raw(connection, table, folder)
        rows = connection.execute("from raw order by source_row").fetchall()
        connection.execute(f"create table first_row as select {FIRST_ROW} as source_row")
        raw.take_out(connection, "first_row")
        return rows, connection.execute("from raw order by source_row").fetchall()


@pytest.mark.parametrize(
    ("is_arrow_here", "most_of_small"),
    [(True, raw.MOST_ROWS_OF_SMALL), (False, raw.MOST_ROWS_OF_SMALL), (True, 0)],
    ids=["Arrow", "DuckDB", "Arrow in halves"],
)
@settings(max_examples=20, deadline=None)
@given(lines=LINES, end=st.sampled_from(["\n", "\r\n"]), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
@example(lines=[["\ufeff", "", ""]], end="\n", quoting=csv.QUOTE_MINIMAL)
@example(lines=[["\ufeffa", "", ""]], end="\n", quoting=csv.QUOTE_ALL)
@example(lines=[["a", "", ""], ["\ufeffa", "", ""]], end="\n", quoting=csv.QUOTE_MINIMAL)
def test_a_plain_text_is_loaded_as_it_stands(tmp_path_factory, is_arrow_here, most_of_small, lines, end, quoting):
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator=end, quoting=quoting).writerows(lines)
    expected = [(number, *cells) for number, cells in enumerate(lines, FIRST_ROW)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw, "is_arrow_here", lambda: is_arrow_here)
        patch.setattr(raw, "MOST_ROWS_OF_SMALL", most_of_small)
        found = loaded(stream.getvalue(), tmp_path_factory.getbasetemp())
    assert found == (expected, expected[1:])
