"""Receipts: every finding is on the page, whatever the sender wrote into the file, and nothing else is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.checks.examination import examine_here, unreadable
from ingestion.checks.findings import Finding
from ingestion.receipts import as_text, render
from ingestion.receipts.summary import cell_ranges
from tests.files import as_lines, csv_text, figures, write

CELL = st.tuples(st.sampled_from(["A", "B", "AA"]), st.integers(1, 40)).map(lambda cell: f"{cell[0]}{cell[1]}")
DELAYED = {
    "status": "delayed",
    "verdict": None,
    "rows": {"read": 0, "accepted": 0, "held": 0, "refused": 0},
    "findings": [],
    "groups": [],
    "indicators": [],
    "rules_version": "",
    "note": "A fault on our side has delayed the answer.",
    "submission": {"country_code": "LU", "original_name": "figures.xlsx", "sha256": "0" * 64, "size_bytes": 1},
    "submission_id": "LU-0000000000000000",
    "received_at": "2026-12-15T23:50:00+00:00",
    "answered_at": "2026-12-15T23:50:02+00:00",
}


def examine(folder, rows):
    path = write(folder, "figures.csv", csv_text(as_lines(rows)))
    return examine_here(path, country_code="LU", work_folder=folder)


def spread(text: str) -> list[str]:
    """The cells that a text of ranges stands for."""
    cells = []
    for part in text.split(", "):
        first, _, last = part.partition("–")
        column, start = re.fullmatch(r"([A-Z]+)([0-9]+)", first).groups()
        end = re.sub(r"[A-Z]", "", last) or start
        cells += [f"{column}{row}" for row in range(int(start), int(end) + 1)]
    return cells


@given(st.lists(CELL, min_size=1, max_size=30))
def test_ranges_stand_for_exactly_their_cells(cells):
    assert spread(cell_ranges(cells)) == cells


def test_four_hundred_equal_slips_are_one_line(tmp_path):
    wrong = [{**figures()[0], "TIME_PERIOD": str(1990 + number % 30), "SEX": "W"} for number in range(400)]
    page = render(examine(tmp_path, wrong))
    assert "E2–E401" in page
    assert page.count("<q>W</q>") == 1


def test_every_finding_has_its_cell_its_value_and_its_advice_on_the_page(tmp_path):
    wrong = [{**row, "NUMERATOR": f"about {number}"} for number, row in enumerate(figures())]
    result = examine(tmp_path, wrong)
    page = render(result)
    for finding in result["findings"]:
        assert finding["cell"] in page
        assert f"<q>{finding['found']}</q>" in page
        assert finding["proposal"] in page


@pytest.mark.parametrize("verdict", ["accepted", "unreadable", "delayed"])
def test_the_page_needs_no_script_and_no_other_host(tmp_path, verdict):
    receipts = {
        "accepted": examine(tmp_path, figures()),
        "unreadable": unreadable(Finding("OLD_EXCEL")),
        "delayed": DELAYED,
    }
    page = render(receipts[verdict])
    assert "<script" not in page
    assert not re.search(r"https?:|//[a-z]|@import|url\(", page)


def test_what_a_sender_writes_is_shown_and_never_executed(tmp_path):
    page = render(examine(tmp_path, [{**figures()[0], "SEX": '<script>alert("1")</script>'}]))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_trial_says_that_nothing_was_sent_and_a_receipt_names_its_submission(tmp_path):
    result = examine(tmp_path, figures())
    assert "nothing was sent" in render(result)
    receipt = {**result, "submission_id": "LU-3fa94c0b2d11e7aa", "received_at": "2026-12-15T23:50:00+00:00"}
    assert "nothing was sent" not in render(receipt)
    assert "LU-3fa94c0b2d11e7aa" in render(receipt)
    assert "2026-12-15 23:50 UTC" in render(receipt)


def test_a_late_answer_says_that_the_file_is_safe():
    assert DELAYED["note"] in render(DELAYED)
    assert DELAYED["note"] in as_text(DELAYED).replace("\n", " ")


def test_braces_in_a_sender_s_text_are_only_text(tmp_path):
    assert "{found}{0}" in as_text(examine(tmp_path, [{**figures()[0], "SEX": "{found}{0}"}]))
