"""One bad file for each check, and the exact answer that its sender reads, in two languages.

`checks/<RULE>.txt` is the answer in English, `checks/<RULE>.fr.txt` the same in French.
"""

import pytest

from ingestion.checks.examination import examine_here, unreadable
from ingestion.checks.findings import Finding
from ingestion.checks.registry import checks
from ingestion.intake.misdirected import refuse_misdirected
from ingestion.languages import language_for
from ingestion.receipts import as_text, localise
from tests.golden.corpus import FOLDER, compared_with, sender_of, write_bad_file

# Answers about files that no test should have to make; how they come about is in tests/unit/test_checks_desk.py.
MADE_FINDINGS = {
    "TOO_LARGE": Finding("TOO_LARGE", given={"size_mb": 912.4, "most_mb": 200}),
    "TOOK_TOO_LONG": Finding("TOOK_TOO_LONG", given={"seconds": 120}),
    "OUT_OF_MEMORY": Finding("OUT_OF_MEMORY", given={"memory_mb": 4096}),
    "READER_DIED": Finding("READER_DIED", given={"signal": "SIGSEGV"}),
}
ARRIVAL = {"country_code": "ZZ", "original_name": "figures.xlsx", "sha256": "0" * 64, "size_bytes": 5120}


def result_for(rule, folder):
    if rule == "NO_COUNTRY":
        return refuse_misdirected(ARRIVAL)
    if rule in MADE_FINDINGS:
        return unreadable(MADE_FINDINGS[rule])
    path, earlier = write_bad_file(rule, folder), compared_with(rule, folder)
    return examine_here(path, country_code=sender_of(rule), work_folder=folder, earlier=earlier)


@pytest.mark.parametrize("rule", checks())
def test_the_answer_to_a_bad_file(rule, tmp_path, request):
    result = result_for(rule, tmp_path)
    assert rule in {finding["rule"] for finding in result["findings"]}
    # Every rule that changes makes a new version: it must not change every answer.
    result["rules_version"] = "0123456789ab"
    for code, ending in (("en", "txt"), ("fr", "fr.txt")):
        golden = FOLDER / f"{rule}.{ending}"
        language = language_for(code)
        answer = as_text(localise(result, language), language) + "\n"
        if request.config.getoption("--update-golden"):
            golden.write_text(answer, encoding="utf-8")
        assert answer == golden.read_text(encoding="utf-8")


def test_no_bad_file_is_left_without_a_check():
    known = set(checks())
    assert {path.name.split(".")[0] for path in FOLDER.iterdir()} <= known
