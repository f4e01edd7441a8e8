"""`pcm measures`: what it refuses, and how it says so."""

import csv
import io

import pytest
from click.testing import CliRunner

from ingestion.cli.main import pcm
from ingestion.errors import UsageError

GOOD = """country,year,subgroup,subgroup_order,estimate,se,population,favourable_indicator,indicator_scale
LU,2025,low,1,40,1.5,1000,1,100
LU,2025,middle,2,50,1.5,1000,1,100
LU,2025,high,3,60,1.5,1000,1,100
MT,2025,low,1,0.5,,10,,
MT,2025,high,2,0.7,,10,,
"""


def _ask(tmp_path, text, *options):
    path = tmp_path / "groups.csv"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(pcm, ["measures", str(path), *options])


def test_rows_that_agree_in_the_other_columns_are_one_inequality(tmp_path):
    answer = _ask(tmp_path, GOOD)
    found = {(row["country"], row["measure"]): row for row in csv.DictReader(io.StringIO(answer.stdout))}
    assert float(found["LU", "d"]["estimate"]) == pytest.approx(20)
    assert (found["MT", "d"]["estimate"], found["MT", "d"]["se"]) == ("0.19999999999999996", "")
    assert found["MT", "sii"]["null_reason"] == "fewer_than_3_subgroups"
    assert {row["year"] for row in found.values()} == {"2025"}
    assert answer.stderr.endswith("Computing ...\n")


def test_the_result_goes_to_a_file(tmp_path):
    out = tmp_path / "measures.csv"
    assert _ask(tmp_path, GOOD, "--out", str(out)).stdout == ""
    assert out.read_text(encoding="utf-8").startswith("country,year,measure,estimate,se,lower_ci,upper_ci,null_reason,")


def test_an_order_may_be_ignored(tmp_path):
    text = GOOD.replace("subgroup,", "ordered_dimension,subgroup,", 1).replace("2025,", "2025,0,")
    assert ",sii," not in _ask(tmp_path, text).stdout


@pytest.mark.parametrize(
    ("before", "after", "row", "column", "words"),
    [
        ("40,1.5,1000", "40,1.5,", 2, "population", "the population is missing, and other groups"),
        ("40,1.5,1000", "40,1.5,-1", 2, "population", "a population cannot be below zero (-1.0)"),
        ("40,1.5,1000", "40,-1.5,1000", 2, "se", "a standard error cannot be below zero (-1.5)"),
        ("40,1.5,1000", "140,1.5,1000", 2, "estimate", "the estimate 140.0 is above the scale"),
        ("40,1.5,1000", "-40,1.5,1000", 2, "estimate", "a share or rate is not below zero (-40.0)"),
        ("40,1.5,1000", "40 %,1.5,1000", 2, "estimate", "'40 %' is not a number"),
        ("middle,2", "low,2", 3, "subgroup", "the group 'low' stands twice in one inequality"),
        ("middle,2", "middle,1", 3, "subgroup_order", "two groups have the place 1.0 in the order"),
        ("middle,2", "middle,", 3, "subgroup_order", "the group has no place in the order"),
        ("high,3,60,1.5,1000,1", "high,3,60,1.5,1000,0", 4, "favourable_indicator", "need the same value here"),
        ("high,3,60,1.5,1000,1", "high,3,60,1.5,1000,2", 4, "favourable_indicator", "write 1 (higher is better), 0"),
        ("1000,1,100\nLU,2025,m", "1000,1,0\nLU,2025,m", 2, "indicator_scale", "a scale is above zero"),
    ],
)
def test_what_cannot_be_used_is_named_by_row_and_column(tmp_path, before, after, row, column, words):
    answer = _ask(tmp_path, GOOD.replace(before, after, 1))
    assert isinstance(answer.exception, UsageError)
    assert f"  row {row}, column {column}: " in str(answer.exception)
    assert words in str(answer.exception)


def test_two_references_are_one_too_many(tmp_path):
    lines = GOOD.splitlines()
    text = "\n".join([f"{lines[0]},reference_subgroup", *(f"{line},1" for line in lines[1:])])
    assert "only one group of an inequality can be the reference" in str(_ask(tmp_path, text).exception)
