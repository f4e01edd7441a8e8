"""The worked example of docs/catalogue_changes.md: the next version of the catalogue, in a copy of the code.

A region of Austria gets another code, one is split; EDU_01 is retired from 2025 on; MTB_01 is redefined from 2025 on.
"""

import csv
import json
import os
import shutil
import subprocess
import sys

import pytest

from ingestion.settings import PROJECT_ROOT
from tests.files import as_lines, csv_text, write

pytestmark = pytest.mark.integration

REGIONS = {"AT11": ("AT1A",), "AT13": ("AT1B", "AT1C")}
NUTS2_CHANGES = [
    {"old_code": "AT11", "label": "recoded", "new_codes": "AT1A", "nuts_version": "2027", "is_same_area": "true"},
    {"old_code": "AT13", "label": "split", "new_codes": "AT1B|AT1C", "nuts_version": "2027", "is_same_area": "false"},
]
INDICATOR_CHANGES = [
    {
        "indicator_code": "EDU_01",
        "change": "retired",
        "first_period": "2025",
        "new_indicator_code": "EDU_02",
        "explanation": "",
    },
    {
        "indicator_code": "MTB_01",
        "change": "redefined",
        "first_period": "2025",
        "new_indicator_code": "",
        "explanation": "Also boards by video count.",
    },
]
SHARE = {"INDICATOR": "MTB_01", "REF_AREA": "AT", "SITE": "C50", "NUMERATOR": "20", "DENOMINATOR": "100"}
OLD_FILE = [
    {**SHARE, "TIME_PERIOD": "2025"},
    {**SHARE, "TIME_PERIOD": "2025", "NUTS2": "AT11"},
    {**SHARE, "TIME_PERIOD": "2025", "NUTS2": "AT13"},
    {"INDICATOR": "EDU_01", "REF_AREA": "AT", "TIME_PERIOD": "2024", "NUMERATOR": "30"},
    {"INDICATOR": "EDU_01", "REF_AREA": "AT", "TIME_PERIOD": "2025", "NUMERATOR": "30"},
]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What the next version makes of an old file and of old rows; the copy has no other difference."""
    tree = tmp_path_factory.mktemp("next")
    for folder in ("ingestion", "dbt_project"):
        ignored = shutil.ignore_patterns("__pycache__", "po", "target")
        shutil.copytree(PROJECT_ROOT / folder, tree / folder, ignore=ignored)
    change_catalogue(tree / "ingestion" / "catalogue")
    path = write(tree, "old.csv", csv_text(as_lines(OLD_FILE)))
    answered = subprocess.run(
        [sys.executable, PROJECT_ROOT / "tests" / "next_catalogue.py", path],
        env={**os.environ, "PYTHONPATH": str(tree)},
        cwd=tree,
        capture_output=True,
        text=True,
    )
    assert answered.returncode == 0, answered.stderr
    return json.loads(answered.stdout)


def change_catalogue(folder):
    """Write the next version over a copy of the catalogue."""

    def new_regions(table):
        for row in table:
            codes = REGIONS.get(row["code"], (row["code"],))
            yield from ({**row, "code": code} for code in codes)

    rewrite(folder / "codes_nuts2.csv", new_regions)
    rewrite(folder / "nuts2_changes.csv", lambda table: [*table, *NUTS2_CHANGES])
    rewrite(folder / "indicator_changes.csv", lambda table: [*table, *INDICATOR_CHANGES])


def rewrite(path, change):
    with path.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        table = list(change(list(reader)))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, reader.fieldnames)
        writer.writeheader()
        writer.writerows(table)


def test_an_old_file_is_told_the_new_codes(seen):
    told = {each["row"]: (each["message"], each["proposal"]) for each in seen["answers"]}
    assert told[3] == ("NUTS2 is “AT11”, a code of an older version; write a code of NUTS 2027: AT1A.", "AT1A")
    assert told[4] == ("NUTS2 is “AT13”, a code of an older version; write a code of NUTS 2027: AT1B, AT1C.", None)


def test_a_retired_indicator_is_taken_for_earlier_periods_and_not_asked_for_later_ones(seen):
    [(sentence, advice)] = [(each["message"], each["what_to_do"]) for each in seen["answers"] if each["row"] == 6]
    assert "EDU_01 is not asked for from 2025 on" in sentence
    assert advice == "Send EDU_02 instead; earlier periods stay as they are."
    assert 5 not in {each["row"] for each in seen["answers"]}
    assert seen["asked"] == [period for [period] in seen["expected"]] == ["2022", "2023", "2024"]


def test_what_landed_before_is_shown_under_the_new_codes_where_the_place_is_the_same(seen):
    regions = {stratum: value for _, _, stratum, value, _ in seen["estimates"] if stratum.startswith("NUTS2")}
    assert regions == {"NUTS2:AT12": 15, "NUTS2:AT1A": 20}


def test_figures_of_retired_and_redefined_indicators_stay_and_the_series_breaks(seen):
    headlines = [row for row in seen["estimates"] if row[2] == "TOTAL"]
    assert headlines.pop(0)[:3] == ["EDU_01", "2024", "TOTAL"]
    assert headlines == [
        ["MTB_01", "2023", "TOTAL", 40, False],
        ["MTB_01", "2024", "TOTAL", 50, False],
        ["MTB_01", "2025", "TOTAL", 70, True],
    ]
    changes = {(period, baseline): (change, reason) for period, baseline, change, reason in seen["trends"]}
    assert changes["2024", "previous"] == (10, None)
    assert changes["2025", "previous"] == changes["2025", "first"] == (None, "break_in_series")
