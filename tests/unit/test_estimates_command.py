"""`pcm estimates`: what it reads, what it refuses, and how it says so."""

import csv
import io

import pytest
from click.testing import CliRunner

from ingestion.cli.estimates import KIND_NAMES
from ingestion.cli.main import pcm
from ingestion.errors import UsageError
from ingestion.measures.kinds import KINDS

BANDS = "case_id,ageband,x,n,stdpop\nLU,0-39,8,30000,47000\nLU,40-64,40,21000,33500\nLU,65+,90,9000,19500\n"
QUINTILES = "quantile,population,value,lower_cl,upper_cl,value_type\n" + "".join(
    f"{number},1000,{40 + number},{38 + number},{42 + number},0\n" for number in range(1, 6)
)


def _ask(tmp_path, text, *options):
    path = tmp_path / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(pcm, ["estimates", str(path), *options])


def _rows(answer):
    assert answer.exception is None, answer.exception
    return list(csv.DictReader(io.StringIO(answer.stdout)))


def test_the_command_offers_every_kind():
    assert list(KINDS) == KIND_NAMES


def test_a_missing_count_gives_no_value_and_a_reason(tmp_path):
    found = _rows(_ask(tmp_path, "case_id,x,n\nA,NA,10\nB,,\nC,0,10\n", "--kind", "proportion"))
    assert [(row["value"], row["lower_ci"], row["method"], row["null_reason"]) for row in found] == [
        ("", "", "none", "missing_count"),
        ("", "", "none", "missing_count"),
        ("0.0", "0.0", "wilson", ""),
    ]


def test_columns_beside_stay_as_they_were(tmp_path):
    found = _rows(_ask(tmp_path, "region,n,weight,x,note\nLU00,10,0.50,5,a b\n", "--kind", "rate", "--scale", "10"))
    assert (found[0]["region"], found[0]["weight"], found[0]["note"], found[0]["value"]) == (
        "LU00",
        "0.50",
        "a b",
        "5.0",
    )


def test_the_result_goes_to_a_file(tmp_path):
    out = tmp_path / "estimates.csv"
    answer = _ask(tmp_path, BANDS, "--kind", "dsr", "--out", str(out))
    assert answer.stdout == ""
    assert out.read_text(encoding="utf-8").startswith("case_id,value,se,lower_ci,upper_ci,method,null_reason,")


def test_one_value_has_a_mean_and_no_interval(tmp_path):
    found = _rows(_ask(tmp_path, "case_id,value\nA,5\nB,NA\n", "--kind", "mean"))
    assert [(row["value"], row["se"], row["lower_ci"], row["null_reason"]) for row in found] == [
        ("5.0", "", "", ""),
        ("", "", "", "no_values"),
    ]


def test_ties_share_the_lowest_rank_and_few_values_have_no_quantiles(tmp_path):
    text = "case_id,area,value\n" + "".join(f"A,{n},{value}\n" for n, value in enumerate([1, 2, 2, 2, 9])) + "B,x,1\n"
    found = _rows(_ask(tmp_path, text, "--kind", "quantile"))
    assert [row["quantile"] for row in found] == ["1", "2", "2", "2", "5", ""]
    assert found[-1]["null_reason"] == "fewer_values_than_quantiles"


def test_a_funnel_without_an_event_has_no_upper_limit(tmp_path):
    found = _rows(_ask(tmp_path, "area,numerator,denominator\nA,0,10\nB,0,9\n", "--kind", "funnel", "--of", "rate"))
    assert {(row["value"], row["upper_95_limit"], row["significance"]) for row in found} == {
        ("0.0", "", "Not significant")
    }


def test_a_line_through_two_quantiles_is_none(tmp_path):
    [found] = _rows(_ask(tmp_path, "".join(QUINTILES.splitlines(True)[:3]), "--kind", "sii"))
    assert (found["value"], found["rii"], found["null_reason"]) == ("", "", "fewer_than_3_subgroups")


def test_a_reference_without_events_expects_none(tmp_path):
    [found] = _rows(_ask(tmp_path, "ageband,x,n,x_ref,n_ref\n0-39,8,100,0,100\n", "--kind", "isr"))
    assert (found["value"], found["upper_ci"], found["null_reason"]) == ("", "", "zero_expected")


REFUSED = [
    # kind, file, what is said
    ("proportion", "case_id,x\nA,1\n", "no column n"),
    ("proportion", "x,n\n-1,10\n", "row 2, column x: -1.0 is negative"),
    ("proportion", "x,n\n0.45,200\n", "row 2, column x: 0.45 is a share; expected is a count"),
    ("proportion", "x,n\n1,10\n11,10\n", "row 3, column x: 11.0 is more than n"),
    ("rate", "x,n\n1,0\n", "row 2, column n: nothing can be divided by zero"),
    ("rate", "x,n\n1,-5\n", "row 2, column n: -5.0 is negative"),
    ("rate", "x,n\n1,five\n", "row 2, column n: 'five' is not a number"),
    ("dsr", BANDS.replace("33500", "0"), "row 3, column stdpop: 0.0 is not above zero"),
    ("dsr", BANDS.replace("33500", ""), "row 3, column stdpop: the cell is empty"),
    ("dsr", BANDS.replace("40-64", "0-39"), "row 3, column ageband: 0-39 stands in the file twice for the same case"),
    (
        "dsr",
        "ageband,eventfreq,x,n,stdpop\n0-39,1,8,100,1\n0-39,2,8,101,1\n",
        "row 3, column n: 101.0 differs from another row of the same ageband",
    ),
    ("isr", "ageband,x,n,x_ref,n_ref\n0-39,8,100,5,0\n", "row 2, column n_ref: nothing can be divided by zero"),
    ("mean", "value\n1\nx\n", "row 3, column value: 'x' is not a number"),
    ("sii", QUINTILES.replace("3,1000", "3,0"), "row 4, column population: 0.0 is not above zero"),
    ("sii", QUINTILES.replace("5,1000", "4,1000"), "row 6, column quantile: 4.0 stands in the file twice"),
    ("sii", QUINTILES.replace("43,0", "43,2"), "row 2, column value: 41.0 does not fit value_type"),
    (
        "sii",
        QUINTILES.replace("43,0", "43,1"),
        "row 2, column value_type: 1.0 differs from another row of the same case",
    ),
    ("sii", QUINTILES.replace("43,0", "43,3"), "row 2, column value_type: 3.0 is none of 0, 1 and 2"),
    ("sii", QUINTILES.replace("41,39,43", "41,42,43"), "row 2, column lower_cl: 42.0 is above the value"),
    ("quantile", "value\n1\n", "no column area"),
    ("funnel", "area,numerator,denominator\nA,11,10\n", "row 2, column numerator: 11.0 is more than denominator"),
]


@pytest.mark.parametrize(("kind", "text", "sentence"), REFUSED)
def test_what_cannot_be_used_is_refused_by_row_and_column(tmp_path, kind, text, sentence):
    answer = _ask(tmp_path, text, "--kind", kind)
    assert isinstance(answer.exception, UsageError)
    assert sentence in str(answer.exception)
    assert answer.stdout == ""


@pytest.mark.parametrize(
    ("kind", "options", "option"),
    [
        ("mean", ["--scale", "10"], "--scale"),
        ("quantile", ["--confidence", "99.8"], "--confidence"),
        ("mean", ["--quantiles", "10"], "--quantiles"),
        ("mean", ["--invert"], "--invert"),
        ("mean", ["--transform"], "--transform"),
        ("mean", ["--of", "rate"], "--of"),
    ],
)
def test_a_choice_that_means_nothing_is_refused(tmp_path, kind, options, option):
    answer = _ask(tmp_path, "area,value\nA,1\n", "--kind", kind, *options)
    assert str(answer.exception) == f"{option} means nothing to the kind {kind}. Leave it out."


def test_values_that_have_no_scale_are_not_transformed(tmp_path):
    answer = _ask(tmp_path, QUINTILES, "--kind", "sii", "--transform")
    assert "row 2, column value_type: 0 has no scale to transform to" in str(answer.exception)


def test_a_refused_file_leaves_the_earlier_result(tmp_path):
    out = tmp_path / "estimates.csv"
    out.write_text("earlier")
    assert _ask(tmp_path, "x,n\n2,1\n", "--kind", "proportion", "--out", str(out)).exception
    assert out.read_text() == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["estimates.csv", "figures.csv"]
