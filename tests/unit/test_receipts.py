"""Receipts: every finding is on the page, whatever the sender wrote into the file, and nothing else is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.checks.examination import examine_here, unreadable
from ingestion.checks.findings import Finding
from ingestion.languages import language_for
from ingestion.languages.catalogues import translated_languages
from ingestion.receipts import localise
from ingestion.receipts.page import render as render_in
from ingestion.receipts.problems import MOST_CAUSES_APART, MOST_LINES_PER_TABLE, cell_ranges
from ingestion.receipts.text import as_text as text_in
from tests.files import as_lines, csv_text, figures, write
from tests.made_results import CODES, DIFFERENT_VALUES, EVERY_KIND, FACTS, finding, result

EN = language_for("en")
CELL = st.tuples(st.sampled_from(["A", "B", "AA"]), st.integers(1, 40)).map(lambda cell: f"{cell[0]}{cell[1]}")
DELAYED = {
    "status": "delayed",
    "verdict": None,
    "rows": {"read": 0, "accepted": 0, "held": 0, "refused": 0},
    "findings": [],
    "groups": [],
    "indicators": [],
    "rules_version": "",
    "note": {"text": "A fault on our side has delayed the {thing_name}.", "given": {"thing_name": "answer"}},
    "submission": {"country_code": "LU", "original_name": "figures.xlsx", "sha256": "0" * 64, "size_bytes": 1},
    "submission_id": "LU-0000000000000000",
    "received_at": "2026-12-15T23:50:00+00:00",
    "answered_at": "2026-12-15T23:50:02+00:00",
}


def render(made, code="en"):
    return render_in(localise(made, language_for(code)), language_for(code))


def as_text(made, code="en"):
    return text_in(localise(made, language_for(code)), language_for(code))


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
    answer = localise(examine(tmp_path, wrong), language_for("en"))
    page = render(answer)
    for each in answer["findings"]:
        assert each["cell"] in page
        assert f"<q>{each['found']}</q>" in page
        assert each["what_to_do"] in page


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
    trial = examine(tmp_path, figures())
    assert "nothing was sent" in render(trial)
    receipt = {**trial, "submission_id": "LU-3fa94c0b2d11e7aa", "received_at": "2026-12-15T23:50:00+00:00"}
    assert "nothing was sent" not in render(receipt)
    assert "LU-3fa94c0b2d11e7aa" in render(receipt)
    assert "15 Dec 2026, 23:50 UTC" in render(receipt)


def test_a_late_answer_says_that_the_file_is_safe():
    for answer in (render(DELAYED), as_text(DELAYED).replace("\n", " ")):
        assert "A fault on our side has delayed the answer." in answer


def test_braces_in_a_sender_s_text_are_only_text(tmp_path):
    assert "{found}{0}" in as_text(examine(tmp_path, [{**figures()[0], "SEX": "{found}{0}"}]))


def test_a_result_is_free_of_language_and_reads_the_same_after_any_other_language():
    french = localise(EVERY_KIND, language_for("fr"))
    assert localise(french, language_for("en")) == localise(EVERY_KIND, language_for("en"))
    assert french["findings"][0]["message"].startswith("SEX contient «")


def test_every_finding_says_what_is_wrong_what_is_expected_and_what_to_do():
    [each] = localise(result([finding("P01", "E4", "W", advice="Write {proposal}.", proposal="F", **CODES)]), EN)[
        "findings"
    ]
    assert each["message"] == "SEX is “W”, which is not one of T, F, M, UNK."
    assert each["expected"] == "one of T, F, M, UNK"
    assert each["what_to_do"] == "Write F."


def test_what_is_to_be_done_in_nearly_all_cells_is_said_once():
    usual = [finding("P02", f"A{row}", "RSM_02", group="P02", advice="Do this.", **CODES) for row in range(2, 5)]
    others = [finding("P02", f"A{row}", "RSM_02", group="P02", advice="Do that.", **CODES) for row in (6, 8)]
    for answer in (as_text(result([*usual, others[0]])), render(result([*usual, others[0]]))):
        assert (answer.count("Do this."), answer.count("Do that.")) == (1, 1)
    assert as_text(result([*usual, *others])).index("Do this.") < as_text(result([*usual, *others])).index("A6")


def test_to_write_nothing_is_a_proposal_in_words():
    empty = finding("P01", "G2", "Polska", column="NUTS2", proposal="", is_certain=True, **CODES)
    for answer in (as_text(result([empty])), render(result([empty]))):
        assert "an empty cell" in answer


def test_numbers_in_an_answer_are_the_reader_s_and_found_text_is_the_sender_s():
    [german, *_] = localise(result(DIFFERENT_VALUES), language_for("de"))["findings"]
    assert german["expected"] == "30.015"
    assert german["found"] == "3.0"


def test_a_value_that_an_older_result_does_not_hold_is_left_open():
    [each] = localise(result([finding("P01", "E4", "W", expected="one of {codes}")]), EN)["findings"]
    assert each["expected"] == "one of …"


def test_a_rule_that_the_registry_no_longer_has_is_still_shown():
    assert "GONE_RULE" in render(result([finding("GONE_RULE", "E4", "W")]))


@pytest.mark.parametrize(
    ("findings", "message"),
    [
        (
            [finding("P01", f"E{row}", "W", proposal="F", **CODES) for row in range(2, 1242)],
            "SEX is “W” in 1,240 cells: did you mean F?",
        ),
        ([finding("P01", f"E{row}", "W", **CODES) for row in (2, 3)], "SEX is “W”, which is not one of T, F, M, UNK."),
        (DIFFERENT_VALUES, "The value does not match its counts: 3 cells"),
    ],
)
def test_a_group_says_what_all_its_findings_have_in_common(findings, message):
    [group] = localise(result(findings), EN)["groups"]
    assert group["message"] == message


def test_more_causes_than_anyone_reads_one_by_one_are_lines_of_one_section():
    causes = [finding("NOT_A_NUMBER", f"L{row}", f"about {row}") for row in range(MOST_CAUSES_APART + 3)]
    page = render(result(causes))
    assert page.count('<section class="problem ') == 1
    assert all(f"<q>about {row}</q>" in page for row in range(MOST_CAUSES_APART + 3))
    assert render(result(causes[:MOST_CAUSES_APART])).count('<section class="problem ') == MOST_CAUSES_APART


def test_a_long_list_is_whole_and_in_tables_that_a_browser_can_lay_out():
    long = [finding("P10", f"L{row}", str(row), group="P10:RSM_02") for row in range(2 * MOST_LINES_PER_TABLE + 1)]
    page = render(result(long))
    assert page.count('<table class="places">') == 3
    assert all(f">L{row}</span>" in page for row in range(len(long)))


def test_a_certain_proposal_is_marked_and_an_uncertain_one_is_not():
    page, text = render(result(DIFFERENT_VALUES)), as_text(result(DIFFERENT_VALUES))
    assert page.count('<span class="certain">certain</span>') == 1
    assert "<q>31</q> <span" in page and "<q>30</q></td>" in page
    assert text.count("Proposed: ") == 3
    assert "Proposed: 31 (certain: pcm check --fix writes it)" in text


@pytest.mark.parametrize(
    ("compared", "sentences"),
    [
        ({"earlier_submissions": 1, "release_id": "2026.1"}, ["1 earlier file of your country", "release 2026.1"]),
        ({"earlier_submissions": 0, "release_id": None}, ["no earlier file", "no release of all countries"]),
    ],
)
def test_a_receipt_says_what_it_compared_with(compared, sentences):
    made = result([], compared_with=compared)
    for answer in (render(made), as_text(made).replace("\n", " ")):
        assert all(sentence in answer for sentence in sentences)
    assert "compared" not in render(result([]))


def test_the_rows_and_the_version_of_the_rules_stand_in_every_answer():
    for answer in (render(EVERY_KIND), as_text(EVERY_KIND)):
        assert all(text in answer for text in ("10,800", "200", "1,345", "12,345", "0123456789ab"))


@pytest.mark.parametrize("code", ["en", *translated_languages(), "fi"])
def test_a_page_names_its_language_and_says_when_it_is_not_the_reader_s(code):
    page = render({**EVERY_KIND, **FACTS}, code)
    assert f'<html lang="{"en" if code == "fi" else code}">' in page
    assert ("there is no translation into suomi yet" in page) == (code == "fi")
