"""`pcm protect` and `pcm audit`: what comes out, and what is refused with its row and column."""

import csv

import pytest
from click.testing import CliRunner

from ingestion.cli.disclosure import audit, protect

TABLE = """region,sex,freq
Total,Total,140
Total,F,70
Total,M,70
A,Total,50
A,F,4
A,M,46
B,Total,90
B,F,66
B,M,24
"""


@pytest.fixture
def file(tmp_path):
    def writing(content, name="table.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return writing


def run(command, *words):
    return CliRunner().invoke(command, [str(word) for word in words])


def rows_of(text):
    return list(csv.DictReader(text.splitlines()))


def test_the_rows_come_back_with_their_status_and_the_audit_accepts_them(file, tmp_path):
    out, given_away = tmp_path / "protected.csv", tmp_path / "published.csv"
    answered = run(protect, file(TABLE), "--threshold", 11, "--out", out, "--published", given_away)
    assert answered.exit_code == 0
    assert "9 cells: 1 small, 3 more hidden to protect them" in answered.stderr
    rows = rows_of(out.read_text())
    assert [list(row.values())[:3] for row in rows] == [line.split(",") for line in TABLE.split()[1:]]
    hidden = [(row["region"], row["sex"]) for row in rows if row["status"] == "hidden"]
    assert set(hidden) == {("A", "F"), ("A", "M"), ("B", "F"), ("B", "M")}
    assert [row["freq"] for row in rows_of(given_away.read_text()) if row["status"] == "hidden"] == [""] * 4

    audited = run(audit, out, "--threshold", 11)
    assert audited.exit_code == 0
    assert {row["attacker_lo"] for row in rows_of(audited.stdout)} == {"0", "20"}
    assert [(row["region"], row["sex"]) for row in rows_of(run(audit, given_away).stdout)] == hidden


def test_the_audit_fails_when_one_of_the_hidden_cells_is_shown(file):
    shown = TABLE.replace("freq", "freq,status").replace("\n", ",published\n").replace("status,published", "status")
    answered = run(audit, file(shown.replace("A,F,4,published", "A,F,,hidden")))
    assert answered.exit_code == 1
    assert "1 can be computed exactly" in answered.stderr
    assert rows_of(answered.stdout) == [{"region": "A", "sex": "F", "attacker_lo": "4", "attacker_hi": "4"}]


def test_tables_of_one_file_are_told_apart_and_other_columns_stay(file):
    content = "case_id,region,note,freq\nx,Total,a,40\nx,A,b,5\nx,B,c,35\ny,Total,d,90\ny,A,e,50\ny,B,f,40\n"
    answered = run(protect, file(content), "--threshold", 11)
    assert answered.exit_code == 0
    assert [row["status"] for row in rows_of(answered.stdout)][3:] == ["published"] * 3
    assert [row["note"] for row in rows_of(answered.stdout)] == list("abcdef")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("A,F,4", "A,F,-4", "row 6, column freq: -4.0 is negative"),
        ("A,F,4", "A,F,4.5", "row 6, column freq: 4.5 is not a whole number"),
        ("A,F,4", "A,F,four", "row 6, column freq: 'four' is not a number"),
        ("A,F,4", "A,F,", "row 6, column freq: the cell is empty"),
        ("Total,F,70\n", "", "row 5, column region: A is part of Total, which has no row at F"),
        ("A,Total,50\n", "", "row 5, column sex: F is part of Total, which has no row at A"),
        ("A,F,4", "A,M,4", "row 7, column region, sex: A / M stands in row 6 too"),
        ("freq", "count", "has no column freq"),
        ("Total", "all", "has no dimension"),
    ],
    ids=["negative", "fraction", "text", "empty", "total", "other total", "doubled", "column", "dimension"],
)
def test_what_cannot_be_used_is_refused_with_its_row_and_column(file, old, new, said):
    answered = run(protect, file(TABLE.replace(old, new)), "--threshold", 11)
    assert said in str(answered.exception)
    assert answered.exception.exit_code == 2


def test_a_column_without_totals_is_named(file):
    content = "year,region,freq\n" + "".join(f"{year},{code},20\n" for year in (2024, 2025) for code in ("Total", "A"))
    answered = run(protect, file(content), "--threshold", 11)
    assert "No row of year says Total" in str(answered.exception)


def test_wrong_totals_are_named_with_both_sides(file):
    answered = run(protect, file(TABLE.replace("Total,F,70", "Total,F,71")), "--threshold", 11)
    assert answered.exception.exit_code == 1
    assert "region: Total = A + B (at sex F): 71 is not 70" in str(answered.exception)
