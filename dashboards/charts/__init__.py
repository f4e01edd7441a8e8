"""Charts as pure functions: the same points, the same bytes. One module for each chart; each returns a `Drawing`."""

from dashboards.charts.chart import Chart
from dashboards.charts.choropleth import choropleth
from dashboards.charts.classes import Classes, classes_of, yes_or_no
from dashboards.charts.completeness_matrix import completeness_matrix
from dashboards.charts.drawing import Drawing
from dashboards.charts.equiplot import EquityRow, equiplot
from dashboards.charts.funnel import FunnelLimits, funnel
from dashboards.charts.points import Point
from dashboards.charts.ranked_dots import ranked_dots
from dashboards.charts.slope import SlopeLine, slope
from dashboards.charts.small_multiples import Line, Panel, Step, small_multiples
from dashboards.charts.spine import Reference, SpineRow, spine
from dashboards.charts.tile_grid import tile_grid

__all__ = [
    "Chart",
    "Classes",
    "Drawing",
    "EquityRow",
    "FunnelLimits",
    "Line",
    "Panel",
    "Point",
    "Reference",
    "SlopeLine",
    "SpineRow",
    "Step",
    "choropleth",
    "classes_of",
    "completeness_matrix",
    "equiplot",
    "funnel",
    "ranked_dots",
    "slope",
    "small_multiples",
    "spine",
    "tile_grid",
    "yes_or_no",
]
