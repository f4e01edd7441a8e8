"""The page of rules: every rule of the registry, readable before there is a file to fill its sentences."""

import csv
import io
import re

import pytest

from ingestion.catalogue import rows
from ingestion.languages import language_for
from ingestion.receipts.rules_page import STAGES, rules_as_csv, rules_as_page, rules_as_text

WRITERS = {"page": rules_as_page, "csv": rules_as_csv, "text": rules_as_text}
RULE = {
    "rule": "X01",
    "version": "2",
    "valid_from": "2026-09-01",
    "stage": "keys",
    "severity": "error",
    "title": "A code that is not in the list",
    "sentence": "{column} is {quoted}, which is not {expected}.",
    "what_to_do": "Write one of the {site_count} codes.",
    "good_example": "<F>",
    "bad_example": "",
    "source": "STRUVAL",
}


def written(kind, made, code="en"):
    return WRITERS[kind](made, rules_version="0123456789ab", language=language_for(code))


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_rule_stands_there_once_and_no_placeholder_does(kind, code):
    text = written(kind, rows("checks"), code)
    body = text.split("</style>")[-1]
    assert "{" not in body
    assert "0123456789ab" in text
    headings = {"page": r'<section class="rule tone-\w+" id="(\w+)"', "csv": r"^(\w+),(?!stage)", "text": r"^(\w+)  \S"}
    assert sorted(re.findall(headings[kind], text, re.M)) == sorted(row["rule"] for row in rows("checks"))


def test_a_sentence_is_readable_in_the_reader_s_language():
    assert "⟨colonne⟩ contient ⟨ce qui a été trouvé⟩\u202f; attendu\u00a0: ⟨ce qui est attendu⟩." in written(
        "page", [RULE], "fr"
    )
    assert "Write one of the ⟨…⟩ codes." in written("text", [RULE])


def test_a_page_says_since_when_and_escapes_what_it_shows():
    page = written("page", [RULE], "fr")
    assert "1 sept. 2026, version 2" in page
    assert "&lt;F&gt;" in page
    assert "STRUVAL" in page
    assert not re.search(r"<script|https?:|@import|url\(", page)


def test_csv_keeps_codes_and_days_as_programs_want_them():
    [row] = csv.DictReader(io.StringIO(written("csv", [RULE], "fr")))
    assert (row["rule"], row["stage"], row["valid_from"]) == ("X01", "keys", "2026-09-01")
    assert row["title"] == "Un code qui n’est pas dans la liste"


def test_rules_stand_in_the_order_in_which_a_file_meets_them():
    made = [{**RULE, "rule": f"X{stage}", "stage": stage} for stage in ("new", "table", "open")]
    assert re.findall(r"^X(\w+)  ", written("text", made), re.M) == ["open", "table", "new"]


def test_every_stage_of_the_registry_has_a_name():
    assert {row["stage"] for row in rows("checks")} <= set(STAGES)
