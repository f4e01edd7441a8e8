"""The page of methods: each measure with what it says, how it is computed, and when it is not."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from dashboards.speech import say, word
from ingestion.languages import phrase

MEASURES_FILE = Path(__file__).resolve().parent.parent / "measures.csv"
FAMILIES = {
    "estimates": phrase("Figures and their intervals"),
    "inequality": phrase("Measures of inequality within a country"),
    "comparisons": phrase("Comparisons between countries, convergence and trends"),
}


@cache
def measures() -> list[dict[str, str]]:
    """Return the measures, in the order of their file."""
    with MEASURES_FILE.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def context() -> dict[str, Any]:
    """Return what the page of methods shows."""
    return {
        "families": [
            (code, say(name), [_in_words(row) for row in measures() if row["family"] == code])
            for code, name in FAMILIES.items()
        ]
    }


def _in_words(row: dict[str, str]) -> dict[str, str]:
    return row | {column: word(row[column]) for column in ("measure_name", "meaning", "undefined_when")}
