"""The worked example of docs/methods/inequality.md says what `pcm measures` says."""

import re

import duckdb
import pytest

from ingestion.measures.inequality import measure_inequalities
from ingestion.settings import PROJECT_ROOT

DOCUMENT = (PROJECT_ROOT / "docs" / "methods" / "inequality.md").read_text(encoding="utf-8")
# | `measure` | ... | computation = value | lower to upper | ...
LINE = re.compile(r"^\| `(\w+)` \|.*\|(?:[^|]*=)? *([\d.]+) \| ([\d.]+) to ([\d.]+) \|", re.MULTILINE)


def test_the_worked_example_of_inequality(tmp_path):
    path = tmp_path / "example.csv"
    path.write_text(DOCUMENT.split("```csv\n")[1].split("```")[0])
    with duckdb.connect() as connection:
        measure_inequalities(connection, path)
        found = connection.execute("select measure, estimate, lower_ci, upper_ci from measures").fetchall()
    printed = {measure: [float(number) for number in numbers] for measure, *numbers in LINE.findall(DOCUMENT)}
    assert printed == {measure: pytest.approx(numbers, abs=0.5e-4) for measure, *numbers in found}
