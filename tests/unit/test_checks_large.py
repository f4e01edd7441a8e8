"""A large text has ways of its own through the desk (NumPy, Arrow, two threads): the answer is that of any file."""

import gc

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.checks import coded, numbered, raw, tables
from ingestion.checks.earlier import NOTHING_EARLIER
from ingestion.checks.examination import examine_here
from ingestion.reading import delimited
from ingestion.reading.plain import PlainBody
from tests.earlier_figures import sent_before
from tests.files import COLUMNS, PROPORTION, as_lines, csv_text, write
from tests.golden.corpus import FOLDER, sender_of

YEARS = ("2021", "2022", "2023", "2024", "2025")
GROUPS = st.fixed_dictionaries(
    {
        "INDICATOR": st.sampled_from(["RSM_02", "RSM_02", "LBX_01", "NO_01"]),
        "TIME_PERIOD": st.sampled_from([*YEARS, "25"]),
        "SEX": st.sampled_from(["", "T", "F", "M", "UNK", "x"]),
        "AGE": st.sampled_from(["", "", "Y65-74"]),
        "NUTS2": st.sampled_from(["", "", "LU00", "BE10"]),
        "REF_AREA": st.sampled_from(["LU", "LU", "LU", "BE"]),
        "NUMERATOR": st.sampled_from(["0", "5", "20", "40", "1,5", "", "many"]),
        "DENOMINATOR": st.sampled_from(["20", "40", "400", ""]),
        "OBS_STATUS": st.sampled_from(["", "", "", "M", "B", "Q"]),
        "OBS_COMMENT": st.sampled_from(["", "before; after", 'a "break"']),
    }
)
FILES = st.lists(GROUPS, min_size=1, max_size=30).map(lambda rows: [{**PROPORTION, **row} for row in rows])


def answer_to(path, *, country_code="LU", earlier=NOTHING_EARLIER):
    """The result for a file, and the rows that were accepted."""
    accepted = path.parent / "accepted.parquet"
    accepted.unlink(missing_ok=True)
    result = examine_here(path, country_code=country_code, work_folder=path.parent, earlier=earlier)
    return result, duckdb.sql(f"from '{accepted}'").fetchall() if accepted.exists() else None


def answer_as_to_a_large_file(path, **compared_with):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "LEAST_CHARACTERS", 0)
        patch.setattr(raw, "MOST_ROWS_OF_SMALL", 0)
        patch.setattr(tables, "MOST_ROWS_IN_A_TABLE", 0)
        # A few lines already come in several parts, and a few texts have too many combinations to tabulate.
        patch.setattr(coded, "BLOCK_BYTES", 400)
        patch.setattr(coded, "MOST_TO_TABULATE", 4)
        return answer_to(path, **compared_with)


def test_a_large_file_goes_the_way_of_large_files_and_its_text_is_let_go(tmp_path, monkeypatch):
    held = []

    def noted(*asked, **how):
        held.append([each for each in gc.get_objects() if isinstance(each, PlainBody) and each.data])
        return made(*asked, **how)

    made = numbered.with_numbers
    monkeypatch.setattr(numbered, "with_numbers", noted)
    answer_as_to_a_large_file(write(tmp_path, "figures.csv", csv_text(as_lines([PROPORTION] * 3))))
    assert held == [[]]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_the_golden_files_have_one_answer(tmp_path, path):
    file, country_code = write(tmp_path, "figures.csv", path.read_bytes()), sender_of(path.stem)
    assert answer_as_to_a_large_file(file, country_code=country_code) == answer_to(file, country_code=country_code)


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """Figures of three years that are in force already."""
    sexes = {"": ("40", "400"), "F": ("20", "200"), "M": ("20", "200")}
    figures = [
        {**PROPORTION, "TIME_PERIOD": year, "SEX": sex, "NUMERATOR": numerator, "DENOMINATOR": denominator}
        for year in YEARS[:3]
        for sex, (numerator, denominator) in sexes.items()
    ]
    return sent_before(tmp_path_factory.mktemp("sent") / "before", figures)


@pytest.mark.parametrize("greatest", [numbered.GREATEST, 0], ids=["one key", "two keys"])
@settings(max_examples=20, deadline=None)
@given(rows=FILES, is_compared=st.booleans())
def test_any_file_has_one_answer(tmp_path_factory, before, greatest, rows, is_compared):
    file = write(tmp_path_factory.getbasetemp(), "any.csv", csv_text(as_lines(rows)))
    earlier = before if is_compared else NOTHING_EARLIER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbered, "GREATEST", greatest)
        large = answer_as_to_a_large_file(file, earlier=earlier)
    assert large == answer_to(file, earlier=earlier)


def test_a_text_that_is_not_plain_in_the_end_is_read_row_by_row(tmp_path):
    lines = [
        *as_lines([{**PROPORTION, "NUMERATOR": "1", "DENOMINATOR": "40"}] * 3),
        ["RSM_02", "LU", "2025", "too short"],
    ]
    file = write(tmp_path, "slip.csv", csv_text(lines))
    large, ordinary = answer_as_to_a_large_file(file), answer_to(file)
    assert large == ordinary
    assert "TRUNCATED_ROW" in {finding["rule"] for finding in large[0]["findings"]}


def test_a_column_without_a_name_is_told_of_by_its_first_cell_that_says_something(tmp_path):
    lines = as_lines([PROPORTION] * 4, ["", *COLUMNS])
    for line, blank in zip(lines[1:], ["\u2007", "\u200b", "note", "more"], strict=True):
        line[0] = blank
    file = write(tmp_path, "figures.csv", csv_text(lines))
    large, ordinary = answer_as_to_a_large_file(file), answer_to(file)
    assert large == ordinary
    found = [finding for finding in large[0]["findings"] if finding["rule"] == "UNNAMED_COLUMN"]
    assert [(finding["cell"], finding["found"]) for finding in found] == [("A4", "note")]
