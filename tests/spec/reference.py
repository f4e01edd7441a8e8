"""The reference cases: tables of inputs and of values computed elsewhere (`cases/README.md`)."""

import csv
from pathlib import Path

CASES = Path(__file__).parent / "cases"


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def reference_cases(name: str, **where: str) -> list[dict[str, str]]:
    """Return the rows of a table of cases, or those of them that have these values."""
    rows = read_rows(CASES / f"{name}.csv")
    return [row for row in rows if all(row[column] == value for column, value in where.items())]
