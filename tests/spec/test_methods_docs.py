"""The worked examples of docs/methods say what `pcm measures` and `pcm estimates` say."""

import csv
import io
import re

import duckdb
import pytest

from ingestion.measures.estimates import Choices, estimate
from ingestion.measures.inequality import measure_inequalities
from ingestion.measures.kinds import KINDS
from ingestion.measures.tidy import write_tidy
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


ESTIMATES = (PROJECT_ROOT / "docs" / "methods" / "estimates.md").read_text(encoding="utf-8")
# ## Title (`kind`) ... ```csv the file ``` ```csv the answer ```
EXAMPLE = re.compile(r"^## [^\n]*\(`(\w+)`\)\n.*?```csv\n(.*?)```\n```csv\n(.*?)```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("kind", "file", "answer"), EXAMPLE.findall(ESTIMATES), ids=lambda text: text.split()[0])
def test_a_worked_example_of_an_estimate(tmp_path, kind, file, answer):
    path, out = tmp_path / "example.csv", tmp_path / "answer.csv"
    path.write_text(file)
    with duckdb.connect() as connection:
        estimate(connection, path, kind, Choices())
        write_tidy(connection, "estimates", out)
    printed, found = (list(csv.reader(io.StringIO(text))) for text in (answer, out.read_text()))
    assert printed[0] == found[0]
    for line, row in zip(printed, found, strict=True):
        assert [_shown(cell) for cell in line] == [_shown(cell) for cell in row]


def _shown(cell: str) -> str:
    """Return a number with four decimals, anything else as it is."""
    return f"{float(cell) + 0:.4f}" if re.fullmatch(r"-?[\d.]+", cell) else cell


def test_every_kind_of_estimate_has_a_worked_example():
    assert [kind for kind, _, _ in EXAMPLE.findall(ESTIMATES)] == list(KINDS)
