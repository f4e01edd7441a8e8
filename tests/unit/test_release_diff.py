"""What changed from one release to another, and why."""

import csv

import pytest

from ingestion.release.changes import changes_page, write_changes
from ingestion.release.diff import diff
from tests.html_pages import parse
from tests.small_releases import figure, write_release

HIDDEN = {"numerator": None, "denominator": None, "is_suppressed": True, "obs_status": "Q"}
FIRST = {"LU-1": "a"}
SECOND = {"LU-1": "a", "LU-2": "b"}


def _causes(earlier, later) -> dict[tuple[str, str], str]:
    with diff(earlier, later) as connection:
        found = connection.execute("select kind, figure_id, cause from changes").fetchall()
    return {(kind, figure_id): cause for kind, figure_id, cause in found}


def _pair(tmp_path, before, after, *, submissions=(FIRST, FIRST), **later):
    earlier = write_release(tmp_path / "2026.1", before, submissions=submissions[0])
    return earlier, write_release(tmp_path / "2026.2", after, submissions=submissions[1], **later)


CASES = {
    "nothing": ([figure(numerator=100.0)], [figure(numerator=100.0)], {}, None),
    "last digits": ([figure(numerator=100.0)], [figure(numerator=100.0000000001)], {}, None),
    "new_data": ([], [figure(numerator=100.0)], {"submissions": ({}, FIRST)}, "new_data"),
    "correction": (
        [figure(numerator=100.0)],
        [figure(numerator=101.0, submission_id="LU-2")],
        {"submissions": (FIRST, SECOND)},
        "correction",
    ),
    "taken back": (
        [figure(numerator=100.0), figure(stratum="SEX:F", numerator=50.0)],
        [figure(numerator=100.0, submission_id="LU-2")],
        {"submissions": (FIRST, SECOND)},
        "removed",
    ),
    "taken back while it was hidden": (
        [figure(numerator=100.0), figure(stratum="SEX:F", **HIDDEN)],
        [figure(numerator=100.0, submission_id="LU-2")],
        {"submissions": (FIRST, SECOND)},
        "removed",
    ),
    "hidden by a correction": (
        [figure(numerator=100.0)],
        [figure(submission_id="LU-2", **HIDDEN)],
        {"submissions": (FIRST, SECOND)},
        "suppression",
    ),
    "shown again": ([figure(**HIDDEN)], [figure(numerator=100.0)], {}, "suppression"),
    "hold lifted": (
        [figure(numerator=100.0)],
        [figure(numerator=101.0, submission_id="LU-2")],
        {"submissions": (SECOND, SECOND)},
        "rule",
    ),
    "held": ([figure(numerator=100.0)], [], {}, "rule"),
    "landed anew": (
        [figure(numerator=100.0)],
        [figure(numerator=90.0)],
        {"submissions": (FIRST, {"LU-1": "z"})},
        "rule",
    ),
    "code": ([figure(numerator=100.0)], [figure(numerator=90.0)], {"code_version": "newer"}, "code"),
    "catalogue": ([figure(numerator=100.0)], [figure(numerator=90.0)], {"catalogue_hash": "newer"}, "catalogue"),
    "both": (
        [figure(numerator=100.0)],
        [figure(numerator=90.0)],
        {"code_version": "newer", "catalogue_hash": "newer"},
        "code_or_catalogue",
    ),
}


@pytest.mark.parametrize(("before", "after", "given", "expected"), CASES.values(), ids=CASES)
def test_a_changed_observation_and_its_estimate_have_the_cause(tmp_path, before, after, given, expected):
    causes = _causes(*_pair(tmp_path, before, after, **given))
    assert {kind for kind, _ in causes} == ({"observation", "estimate"} if expected else set())
    assert set(causes.values()) == ({expected} if expected else set())


def _gap(country_code="LU", **columns) -> dict:
    return figure(country_code, numerator=1.0) | {
        "dimension_code": "SEX",
        "measure": "d",
        "null_reason": None,
        **columns,
    }


def _others(**tables) -> dict:
    kept = {"fct_inequalities": ("dimension_code", "measure", "estimate"), "fct_country_comparisons": ("value", "rank")}
    keys = ("country_code", "indicator_code", "period", "site_code", "null_reason")
    return {
        table: [{name: each[name] for name in (*keys, *kept[table])} for each in lines]
        for table, lines in tables.items()
    }


def test_a_rank_that_moved_with_others_is_told_from_a_correction(tmp_path):
    """Luxembourg sends the block again and keeps its value; its rank falls. Its gap is corrected."""
    before = _others(fct_country_comparisons=[_gap(value=50.0, rank=1)], fct_inequalities=[_gap(estimate=4.0)])
    after = _others(fct_country_comparisons=[_gap(value=50.0, rank=2)], fct_inequalities=[_gap(estimate=5.0)])
    earlier = write_release(tmp_path / "1", [figure(numerator=100.0)], submissions=FIRST, others=before)
    again = [figure(numerator=100.0, submission_id="LU-2")]
    later = write_release(tmp_path / "2", again, submissions=SECOND, others=after)
    assert _causes(earlier, later) == {
        ("comparison", "LU/MTB_01/2025/C50"): "other_figures",
        ("inequality", "LU/MTB_01/2025/C50/SEX/d"): "correction",
    }


@pytest.mark.parametrize(("numerator", "cause"), [(100.0, "code"), (101.0, "other_figures")])
def test_a_rank_that_moved_with_others_is_told_from_other_code(tmp_path, numerator, cause):
    """The program was replaced in between: if a figure of the series is another, the ranks moved with it."""
    known = {**FIRST, "MT-1": "m"}
    before, after = (_others(fct_country_comparisons=[_gap("MT", value=50.0, rank=rank)]) for rank in (1, 2))
    earlier = write_release(tmp_path / "1", [figure(numerator=100.0)], submissions=known, others=before)
    sent = figure(numerator=numerator, submission_id="LU-2")
    later = write_release(
        tmp_path / "2", [sent], submissions={**known, "LU-2": "b"}, others=after, code_version="newer"
    )
    assert _causes(earlier, later)["comparison", "MT/MTB_01/2025/C50"] == cause


def test_what_either_release_hides_has_no_value(tmp_path):
    before = [figure(numerator=177.0), figure(stratum="SEX:F", **HIDDEN)]
    after = [figure(**HIDDEN), figure(stratum="SEX:F", numerator=177.0)]
    earlier, later = _pair(tmp_path, before, after)
    write_changes(later, earlier=earlier)
    lines = list(csv.DictReader((later / "changes.csv").open()))
    assert len(lines) == 4
    assert {line["earlier_value"] + line["later_value"] for line in lines} == {""}
    with diff(earlier, later) as connection:
        page = changes_page(connection, "2026.1", "2026.2")
    cells = [cell.text for cell in parse(page).all("td")]
    assert "177" not in page and cells.count("s") == 4 and cells.count("shown") == 4


def test_changes_are_told_and_counted(tmp_path):
    before = [figure(numerator=100.0), figure("MT", numerator=10.0)]
    after = [figure(numerator=101.0, submission_id="LU-2"), figure("MT", numerator=10.0), figure("SI", numerator=5.0)]
    known = {**FIRST, "MT-1": "m"}
    earlier, later = _pair(tmp_path, before, after, submissions=(known, {**known, "LU-2": "b", "SI-1": "s"}))
    write_changes(later, earlier=earlier)
    text = (later / "CHANGES.md").read_text()
    assert text.startswith("# Changes from release 2026.1 to 2026.2\n")
    assert "Synthetic figures" in text
    assert "| new_data | 1 | 1 | 0 | 0 | reported now, and not in the earlier release |" in text
    assert "| LU | 0 | 2 |\n| SI | 2 | 0 |\n" in text
    again = (later / "changes.csv").read_bytes()
    write_changes(later, earlier=earlier)
    assert (later / "changes.csv").read_bytes() == again


def test_the_first_release_says_so(tmp_path):
    folder = write_release(tmp_path / "2026.1", [figure(numerator=100.0)], submissions=FIRST)
    write_changes(folder, earlier=None)
    assert "first release" in (folder / "CHANGES.md").read_text()
    assert not (folder / "changes.csv").exists()
