"""An analyst's tidy CSV: what is read, and what is refused with its row and column."""

import duckdb
import pytest

from ingestion.errors import UsageError
from ingestion.measures.tidy import Column, Demand, read_tidy, refuse

COLUMNS = [Column("x"), Column("n", may_be_blank=True), Column("note", "text", is_required=False, may_be_blank=True)]


@pytest.fixture
def read(tmp_path):
    def reading(content: str | bytes, **options):
        path = tmp_path / "figures.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with duckdb.connect() as connection:
            keys = read_tidy(connection, path, COLUMNS, table="figures", **options)
            return keys, connection.execute("from figures").fetchall()

    return reading


def test_other_columns_are_keys_and_numbers_are_numbers(read):
    keys, rows = read("case_id,x,region,n\nA,1,LU00,2.5\nB,-1e3,,NA\n")
    assert keys == ["case_id", "region"]
    assert rows == [(2, "A", "LU00", 1.0, 2.5, None), (3, "B", "", -1000.0, None, None)]


@pytest.mark.parametrize(
    "content",
    [
        "case,x,n,note\né,1,2,a\n".encode(),
        "case,x,n,note\né,1,2,a\n".encode("utf-8-sig"),
        "case;X;N;Note\r\né;1;2;a\r\n".encode("cp1252"),
        "case\tx\tn\tnote\né\t1\t2\ta\n".encode("utf-16"),
        '"case","x","n","note"\n"é","1","2","a"'.encode(),
    ],
)
def test_encodings_separators_and_capitals_do_not_matter(read, content):
    assert read(content) == (["case"], [(2, "é", 1.0, 2.0, "a")])


def test_a_row_number_counts_blank_lines(read):
    assert read("x,n\n1,2\n\n,\n3,4\n\n")[1] == [(2, 1.0, 2.0, None), (5, 3.0, 4.0, None)]


def test_columns_that_the_result_has_too_are_left_out_and_named(read):
    said = []
    keys, _ = read("case_id,x,n,value\nA,1,2,50\n", reserved=["value", "x"], report=said.append)
    assert keys == ["case_id"]
    assert "value" in said[-1]


REFUSED = [
    ("", "is empty"),
    ("\0\0\0\0\0", "not a text file"),
    ("x,n\n", "no rows"),
    ("x,case_id\n1,A\n", "no column n. Its columns are: x, case_id."),
    ("x,n,X\n1,2,3\n", "more than one column of the name"),
    (",x,n\n1,2,3\n", "Column 1 .* has no name"),
    ("x,n\n,2\n", "row 2, column x: the cell is empty"),
    ("x,n\n1,2\nNA,2\n", "row 3, column x: the cell is empty"),
    ('x,n\n1,2\n"0,5",2\n', "row 3, column x: '0,5' is not a number"),
    ("x,n\n1,1e999\n", "row 2, column n: '1e999' is not a number"),
    ("x,n\n1,nan\n", "row 2, column n: 'nan' is not a number"),
    ("x,n\n1,2,3\n4\n", "row 2, column n: the row has 3 of 2 cells\n  row 3, column n: the row has 1 of 2 cells"),
    ('x,n\n1,2\n3,"4\n5,6\n', "row 3, column n: a quote is opened and not closed"),
]


@pytest.mark.parametrize(("content", "sentence"), REFUSED)
def test_what_cannot_be_used_is_refused_by_row_and_column(read, content, sentence):
    with pytest.raises(UsageError, match=sentence):
        read(content)


def test_many_problems_are_counted(read):
    with pytest.raises(UsageError, match="and 10 more"):
        read("x,n\n" + "?,1\n" * 30)


def test_a_demand_shows_what_was_found(tmp_path):
    with duckdb.connect() as connection:
        connection.execute("create table figures as select 2 as row_number, 5.0 as x union all select 3, -1.5")
        with pytest.raises(UsageError, match=r"row 3, column x: -1\.5 is negative"):
            refuse(connection, "figures", tmp_path / "f.csv", [Demand("x < 0", "x", "{found} is negative")])
