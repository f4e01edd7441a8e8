"""The exact text of every drawing: a change of a chart is seen, and wanted."""

from pathlib import Path

import pytest

from dashboards.charts import Chart, completeness_matrix
from tests.made_points import POINTS, every_chart

FOLDER = Path(__file__).resolve().parent / "charts"
STATUSES = ["complete", "partial", "suppressed", "not_reported", "not_applicable"]
DRAWINGS = every_chart(POINTS) | {
    "completeness_matrix": completeness_matrix(
        ["Austria", "Cyprus", "Greece", "Malta", "Sweden"], [("Time to report", STATUSES)]
    )
}


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_a_chart_is_drawn_as_it_was(name, request):
    chart = Chart(
        name=name,
        title="12 countries do better than the EU value, 9 worse",
        description="For two there is no clear difference.",
        drawing=DRAWINGS[name],
        head=["Country"],
        rows=[],
        records=[],
        is_synthetic=True,
    )
    drawn = chart.file("PCM Observatory, release 2026.2.").replace("><", ">\n<")
    golden = FOLDER / f"{name}.svg"
    if request.config.getoption("--update-golden"):
        golden.write_text(drawn, encoding="utf-8")
    assert drawn == golden.read_text(encoding="utf-8")
