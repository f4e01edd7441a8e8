"""Points in every state, and every chart drawn from them: for tests of drawings."""

from collections.abc import Sequence

from dashboards import charts
from dashboards.charts import Drawing, Point
from dashboards.charts.palette import NAVY

MARKED = {
    "published": Point("LU", "Luxembourg", 64.25, "64.3", "published", 50.0, 76.5, "better", 240.0),
    "low_reliability": Point("LU", "Luxembourg", 64.25, "64.3 u", "low_reliability", 50.0, 76.5, "", 24.0),
    "provisional": Point("LU", "Luxembourg", 64.25, "64.3 p", "published", 50.0, 76.5, "better", 240.0),
}
HIDDEN = {
    "suppressed": Point("LU", "Luxembourg", None, "s", "suppressed"),
    "not_reported": Point("LU", "Luxembourg", None, "not reported", "not_reported"),
    "not_applicable": Point("LU", "Luxembourg", None, "not applicable", "not_applicable"),
}
POINTS = [
    Point("AT", "Austria", 71.5, "71.5", "published", 66.0, 76.0, "better", 900.0),
    Point("DE", "Germany", 52.125, "52.1 p", "published", 51.0, 53.0, "similar", 21000.0),
    Point("EL", "Greece", 30.0, "30.0", "published", 25.0, 35.0, "worse", 700.0),
    Point("FR", "France", None, "not reported", "not_reported"),
    Point("IS", "Iceland", None, "not applicable", "not_applicable"),
    Point("LU", "Luxembourg", 64.25, "64.3 u", "low_reliability", 50.0, 76.5, "", 24.0),
    Point("MT", "Malta", None, "s", "suppressed"),
    Point("SE", "Sweden", 0.0, "0.0", "published", 0.0, 2.5, "worse", 150.0),
]
LETTERS = {"suppressed": "s", "not_reported": "N", "not_applicable": "–"}


def every_chart(points: Sequence[Point]) -> dict[str, Drawing]:
    """Return each chart of these points, by the name of its module."""
    values = [point.value for point in points if point.value is not None]
    classes = charts.classes_of(values, decimals=1, is_higher_better=True)
    heading = "Percent\ndarker is better (higher)"
    return {
        "ranked_dots": charts.ranked_dots(points, reference=54.5, reference_words="EU value 54.5 %"),
        "choropleth": charts.choropleth(
            points, classes, name="map", heading=heading, reference_words="EU value 54.5 %"
        ),
        "tile_grid": charts.tile_grid(points, classes, name="tiles", heading=heading),
        "equiplot": charts.equiplot(equity_rows(points), ["Low"]),
        "small_multiples": charts.small_multiples(
            panels(points), ["2024", "2025"], ["all people"], [("circle", NAVY)], name="trend"
        ),
        "funnel": _funnel(points),
        "spine": charts.spine(
            [
                charts.SpineRow(
                    point,
                    (0.0, 30.0, 60.0, 80.0),
                    True,
                    details="2025",
                    reference=charts.Reference(54.5, "54.5 %", is_eu=place > 0),
                )
                for place, point in enumerate(points)
            ]
        ),
        "slope": charts.slope(
            [
                charts.SlopeLine(
                    point.code, point.name, point.value - 5, point.value, "then", point.text, "improving", point.lineage
                )
                for point in points
                if point.value is not None
            ],
            before_words="2022",
            after_words="2025",
        ),
    }


def equity_rows(points: Sequence[Point]) -> list[charts.EquityRow]:
    """Return one row for each point, with one group; a word where it has no number."""
    return [
        charts.EquityRow(
            point.code,
            point.name,
            [point],
            "s",
            without="" if point.value is not None else point.text,
            lineage=point.lineage,
        )
        for point in points
    ]


def panels(points: Sequence[Point]) -> list[charts.Panel]:
    """Return one panel for each point, with two periods."""
    return [
        charts.Panel(
            point.code,
            point.name,
            [charts.Line([charts.Step(point.value, LETTERS.get(point.status, ""))] * 2)],
            figure=point.text,
            without="" if point.value is not None else point.text,
            lineage=point.lineage,
        )
        for point in points
    ]


def _funnel(points: Sequence[Point]) -> Drawing:
    drawn = [point for point in points if point.value is not None and point.denominator]
    limits = [charts.FunnelLimits(point.denominator or 1.0, 45.0, 64.0, 40.0, 69.0) for point in drawn]
    return charts.funnel(points, limits, middle=54.5, middle_words="EU value 54.5 %", size_words="people (logarithmic)")
