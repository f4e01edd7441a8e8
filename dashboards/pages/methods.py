"""The page of methods: each measure with what it says, how it is computed, and when it is not."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from dashboards.figures import Release

MEASURES_FILE = Path(__file__).resolve().parent.parent / "measures.csv"
FAMILIES = {
    "estimates": "Figures and their intervals",
    "inequality": "Measures of inequality within a country",
    "comparisons": "Comparisons between countries, convergence and trends",
}


@cache
def measures() -> list[dict[str, str]]:
    """Return the measures, in the order of their file."""
    with MEASURES_FILE.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def context(release: Release) -> dict[str, Any]:
    """Return what the page of methods shows."""
    return {
        "families": [
            (code, name, [row for row in measures() if row["family"] == code]) for code, name in FAMILIES.items()
        ]
    }
