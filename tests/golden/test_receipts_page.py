"""The page that a national contact opens at 23:50: one for each kind of verdict, and one of every kind of problem."""

from pathlib import Path

import pytest

from ingestion.checks.examination import examine_here
from ingestion.languages import language_for
from ingestion.receipts import as_text, localise, render
from tests.files import as_lines, csv_text, figures, write
from tests.made_results import EVERY_KIND

FOLDER = Path(__file__).parent / "receipts"
FACTS = {
    "submission_id": "LU-3fa94c0b2d11e7aa",
    "received_at": "2026-12-15T23:50:11+00:00",
    "answered_at": "2026-12-15T23:50:12+00:00",
    "status": "answered",
    "in_force": True,
    "rules_version": "0123456789ab",
}
WRONG_SEX = [{**figures()[0], "SEX": "W"}, {**figures()[1], "NUMERATOR": "<5"}]
UNUSUAL = [{**figures()[0], "NUMERATOR": "390"}]
FILES = {
    "accepted": csv_text(as_lines(figures())),
    "accepted_with_warnings": csv_text(as_lines(UNUSUAL)),
    "held": csv_text(as_lines([*figures(), *WRONG_SEX])),
    "refused": csv_text(as_lines(WRONG_SEX)),
    "unreadable": "%PDF-1.7",
}


@pytest.fixture
def compare(request):
    def same_as_golden(name: str, text: str) -> None:
        golden = FOLDER / name
        if request.config.getoption("--update-golden"):
            golden.write_text(text, encoding="utf-8")
        assert text == golden.read_text(encoding="utf-8")

    return same_as_golden


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("verdict", FILES)
def test_the_page_for_a_verdict(verdict, code, tmp_path, compare):
    path = write(tmp_path, "figures.csv", FILES[verdict])
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert result["verdict"] == verdict
    facts = {"country_code": "LU", "original_name": "figures.csv", "sha256": "3fa94c0b2d11e7aa" * 4}
    language = language_for(code)
    receipt = localise({**result, **FACTS, "submission": facts | result["submission"]}, language)
    compare(f"{verdict}.{code}.html", render(receipt, language))


@pytest.mark.parametrize("code", ["en", "fr", "fi"])
def test_the_answer_to_every_kind_of_problem(code, compare):
    language = language_for(code)
    receipt = localise(EVERY_KIND, language)
    compare(f"every_kind.{code}.html", render(receipt, language))
    compare(f"every_kind.{code}.txt", as_text(receipt, language) + "\n")
