"""Drawings: places on the scale, colours that can be told apart, states never lost, a map that leaves nobody out."""

import itertools
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import charts
from dashboards.charts import palette
from dashboards.charts.choropleth import shapes
from dashboards.charts.drawing import NARROW, scale_to, without_links
from dashboards.charts.tile_grid import places
from dashboards.maps.build_shapes import project
from dashboards.site import FOLDER
from ingestion.catalogue import rows
from ingestion.family import FAMILY
from tests.made_points import HIDDEN, MARKED, POINTS, equity_rows, every_chart

WHITE = "#FFFFFF"
NUMBER = r"-?\d+(?:\.\d+)?"


@given(st.lists(st.floats(min_value=-1e6, max_value=1e7, allow_nan=False), min_size=1))
def test_a_scale_holds_zero_and_all_values_and_has_few_round_ticks(values):
    scale = scale_to(values, 0, 100)
    unseen = 1e-8 * (scale.high - scale.low)
    assert scale.low <= min(0, *values, 0) + unseen and scale.high >= max(0, *values, 0) - unseen
    assert 2 <= len(scale.ticks) <= 8 and any(abs(tick) < 1e-9 for tick in scale.ticks)
    assert all(0 <= scale.at(value) <= 100 for value in values)


def test_places_are_in_proportion():
    scale = scale_to([100.0], 10, 110)
    assert scale.ticks == (0, 20, 40, 60, 80, 100)
    assert scale.at(50) == 60


# States


@pytest.mark.parametrize("name", sorted(every_chart(POINTS)))
def test_a_chart_draws_every_value_that_may_be_shown_and_no_other(name):
    drawn = re.findall(r'data-v="([^"]+)"', every_chart(POINTS)[name].content)
    values = {float(value) for each in drawn for value in each.split()}
    expected = {point.value for point in POINTS if point.value is not None}
    if name == "slope":
        expected |= {value - 5 for value in expected}
    if name == "funnel":
        expected = {point.value for point in POINTS if point.value is not None and point.denominator}
    assert values == expected


@pytest.mark.parametrize("name", ["ranked_dots", "choropleth", "tile_grid", "equiplot", "small_multiples", "spine"])
def test_every_state_is_there_and_looks_different(name):
    """Each point is changed to each state: no two drawings are the same, so none is dropped or taken for another."""
    others = [point for point in POINTS if point.code != "LU"]
    states = [*HIDDEN.values(), MARKED["published"], MARKED["low_reliability"], MARKED["provisional"]]
    drawings = {every_chart(sorted([*others, state], key=lambda each: each.code))[name].content for state in states}
    ways = {"choropleth": 1, "tile_grid": 1, "small_multiples": 2, "equiplot": 1}  # what is drawn by value alone
    assert len(drawings) >= len(states) - ways.get(name, 0)
    assert all("c-LU" in drawing for drawing in drawings) or name == "spine"


@pytest.mark.parametrize("status", ["suppressed", "not_reported", "not_applicable"])
def test_what_has_no_number_has_no_place_on_the_scale(status):
    hidden = HIDDEN[status]
    alone = every_chart([POINTS[0]])
    for name, drawing in every_chart([POINTS[0], hidden]).items():
        assert drawing.content.count("data-v") == alone[name].content.count("data-v"), name


def test_a_break_and_a_hole_are_never_joined():
    def lines_of(*steps: charts.Step) -> int:
        panel = charts.Panel("LU", "Luxembourg", [charts.Line(steps)])
        drawn = charts.small_multiples([panel], list("abcd"), ["all"], [("circle", palette.NAVY)], name="trend")
        return drawn.content.count("<polyline")

    one, two, three, four = (charts.Step(value) for value in (1.0, 2.0, 3.0, 4.0))
    assert lines_of(one, two, three, four) == 1
    assert lines_of(one, two, charts.Step(3.0, is_break=True), four) == 2
    assert lines_of(one, charts.Step(None, "s"), three, four) == 1  # and a point


def test_lower_is_better_flips_the_ramp_and_the_spine():
    values = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0]
    up, down, neutral = (charts.classes_of(values, decimals=0, is_higher_better=way) for way in (True, False, None))
    assert up.fills == down.fills[::-1] == palette.RAMP
    assert up.fill(60.0) == down.fill(10.0) == palette.RAMP[-1]
    assert not set(neutral.fills) & set(palette.RAMP)

    def place(way: bool | None) -> float:
        point = charts.Point("LU", "x", 12.0, "12", "published")
        row = charts.SpineRow(point, (10.0, 20.0, 40.0, 50.0), way)
        [x] = re.findall(rf"translate\(({NUMBER}),", charts.spine([row]).content)
        return float(x)

    assert place(True) == place(None) < place(False)


@pytest.mark.parametrize(("value", "is_higher_better"), [(20.5, False), (20.5, True), (99.0, True)])
def test_a_country_lies_on_the_side_of_the_line_that_its_word_says(value, is_higher_better):
    """The line is what the word compares with, even where it lies outside of all countries."""
    point = charts.Point("LU", "x", value, "", "published")
    row = charts.SpineRow(
        point, (10.0, 14.0, 22.0, 30.0), is_higher_better, reference=charts.Reference(40.0, "40", True)
    )
    drawn = charts.spine([row]).content.split("</text>", 3)[-1]
    [at] = re.findall(rf"translate\(({NUMBER}),", drawn)
    line = re.findall(rf"M({NUMBER}),{NUMBER}v", drawn)[-1]
    is_better = value > 40 if is_higher_better else value < 40
    assert (float(at) > float(line)) == is_better


@given(st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=40))
def test_every_value_has_a_class_and_its_words_hold_it(values):
    classes = charts.classes_of(values, decimals=1, is_higher_better=True)
    assert len(classes.words) == len(classes.fills) == len(classes.limits) + 1 <= 5
    edges = (-math.inf, *classes.limits, math.inf)
    for value in values:
        place = classes.fills.index(classes.fill(value))
        assert edges[place] <= value < edges[place + 1]


def test_patterns_of_two_charts_on_a_page_have_ids_of_their_own():
    ids = [
        set(re.findall(r'id="([^"]+)"', drawing.content))
        for drawing in (
            charts.choropleth(POINTS, None, name="map", heading=""),
            charts.tile_grid(POINTS, None, name="tiles", heading=""),
        )
    ]
    assert ids[0] and not ids[0] & ids[1]


def test_text_in_drawings_is_escaped():
    point = charts.Point("LU", "<b>&", None, "<i>", "not_reported")
    for name, drawing in every_chart([POINTS[0], point]).items():
        assert "<b>" not in drawing.content and "<i>" not in drawing.content, name


def test_codes_in_the_funnel_cover_no_mark_and_no_other_code():
    crowd = [
        charts.Point(code, code, 50.0 + place / 10, "", "published", denominator=1000 + place)
        for place, code in enumerate(("AT", "BE", "BG", "CY", "CZ"))
    ]
    limits = [charts.FunnelLimits(point.denominator, 40, 60, 35, 65) for point in crowd]
    drawing = charts.funnel(crowd, limits, middle=50, middle_words="", size_words="")
    labels = re.findall(rf'<text x="({NUMBER})" y="({NUMBER})" font-size="11">(..)</text>', drawing.content)
    assert len(labels) == 5
    for (x1, y1, _), (x2, y2, _) in itertools.combinations(labels, 2):
        assert abs(float(x1) - float(x2)) >= 12 or abs(float(y1) - float(y2)) >= 10


def test_equiplots_of_a_dimension_without_any_figure_and_of_many_regions_can_be_drawn():
    assert charts.equiplot([], []).height > 0
    many = [str(number) for number in range(12)]
    assert charts.equiplot(equity_rows(POINTS), many).content.count("data-v") > 0


# Links


@pytest.mark.parametrize("name", sorted(every_chart(POINTS)))
def test_a_chart_leads_from_every_mark_to_its_lineage_and_its_file_does_not(name):
    linked = every_chart([point._replace(lineage=f"../lineage/{point.code}/x") for point in POINTS])[name].content
    led_to = re.findall(r'<a class="c-(..)"[^>]* href="../lineage/(..)/x" tabindex="-1"[^>]*>(.*?)</a>', linked)
    assert led_to and all(first == second for first, second, _ in led_to)
    assert "data-v" not in re.sub("<a .*?</a>", "", linked)
    assert without_links(linked) == every_chart(POINTS)[name].content


# The map


def test_the_projection_agrees_with_the_example_of_the_guidance_note():
    """IOGP Geomatics Guidance Note 7-2, Lambert azimuthal equal area: 5° E, 50° N in EPSG:3035."""
    easting, northing = project(5, 50)
    assert easting == pytest.approx(3962799.45, abs=0.01) and northing == pytest.approx(2999718.85, abs=0.01)


def test_every_country_lies_inside_the_view_and_none_is_a_scrap():
    drawn = shapes()
    assert {row["country_code"] for row in rows("roster")} <= set(drawn["countries"])
    for code, shape in drawn["countries"].items():
        left, top, right, bottom = shape["box"]
        assert 0 <= left < right <= drawn["width"] and 0 <= top < bottom <= drawn["height"], code
        assert shape["area"] > 3, code
        for start in re.findall(r"M(\d+) (\d+)", shape["path"]):
            assert left <= int(start[0]) <= right and top <= int(start[1]) <= bottom, code


def test_cyprus_is_whole():
    """Joined along the border that both parts have: one closed line, half again as large as the part in the south."""
    cyprus = shapes()["countries"]["CY"]
    assert cyprus["path"].count("M") == cyprus["path"].count("z") == 1
    assert cyprus["area"] > 500


def test_the_derived_shapes_are_small():
    assert (FOLDER / "maps" / "europe.json").stat().st_size < 200_000


def test_countries_that_cannot_be_seen_stand_below_the_map():
    points = [charts.Point(code, code, 1.0, f"one-{code}", "published") for code in ("LU", "MT", "CY", "DE")]
    drawing = charts.choropleth(
        points, charts.classes_of([1.0], decimals=0, is_higher_better=True), name="m", heading=""
    )
    below = re.findall(r">(\w\w): one-", drawing.content.replace("<title>", "<title >").replace("<title >", "!"))
    assert set(below) == {"LU", "MT", "CY"} and drawing.width == NARROW


def test_every_country_of_the_roster_has_its_own_tile():
    roster = {row["country_code"] for row in rows("roster")}
    assert roster <= set(places())
    assert len(set(places().values())) == len(places())


def test_a_country_without_a_place_still_has_a_tile():
    points = [charts.Point(code, code, None, "–", "not_reported") for code in ("LU", "XX", "YY")]
    drawing = charts.tile_grid(points, None, name="t", heading="")
    corners = re.findall(r'<g class="c-\w\w"><title>[^<]*</title><rect x="(\d+)" y="(\d+)"', drawing.content)
    assert len(set(corners)) == 3 and all(int(y) < drawing.height for _, y in corners)


# Colours


def _linear(colour: str) -> list[float]:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]


def _contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2 defines it."""
    light, dark = sorted(
        (
            sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), _linear(colour), strict=True))
            for colour in (first, second)
        ),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


# Severe colour vision deficiency in linear RGB: Machado, Oliveira and Fernandes 2009, https://doi.org/10.1109/TVCG.2009.113
SIGHT = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def _oklab(colour: str, sight: str) -> list[float]:
    """Return a colour as it is seen, in OKLab: https://bottosson.github.io/posts/oklab/"""
    red, green, blue = (sum(w * c for w, c in zip(row, _linear(colour), strict=True)) for row in SIGHT[sight])
    cones = (
        0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue,
        0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue,
        0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue,
    )
    l, m, s = (max(0.0, cone) ** (1 / 3) for cone in cones)  # noqa: E741 -- the names of the paper
    return [
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    ]


def _distance(first: str, second: str, sight: str) -> float:
    pairs = zip(_oklab(first, sight), _oklab(second, sight), strict=True)
    return 100 * sum((a - b) ** 2 for a, b in pairs) ** 0.5


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("ramp", [palette.RAMP, palette.NEUTRAL_RAMP], ids=["ramp", "neutral"])
def test_neighbouring_classes_of_a_map_differ_for_all_eyes(ramp, sight):
    assert min(_distance(a, b, sight) for a, b in itertools.pairwise(ramp)) > 9
    lightness = [_oklab(colour, sight)[0] for colour in ramp]
    assert min(a - b for a, b in itertools.pairwise(lightness)) > 0.07  # also in grey


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("count", [2, 3, 4])
def test_groups_differ_for_all_eyes(count, sight):
    colours = palette.GROUP_COLOURS[count]
    assert min(_distance(a, b, sight) for a, b in itertools.combinations(colours, 2)) > 12


@pytest.mark.parametrize("count", range(1, 6))
def test_groups_differ_in_shape_and_in_colour(count):
    marks = palette.group_marks(count)
    assert len({shape for shape, _ in marks}) == len({colour for _, colour in marks}) == count


def test_better_and_worse_differ_in_shape():
    shapes_of = {word: shape for word, (shape, _) in palette.STANDING_MARKS.items()}
    assert len({shapes_of["better"], shapes_of["worse"], shapes_of["similar"]}) == 3


def test_text_can_be_read_on_its_background():
    css = "".join(path.read_text(encoding="utf-8") for path in (FAMILY, FOLDER / "assets" / "style.css"))
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", css))
    [banner] = re.findall(r"\.banner \{ background: (#[0-9a-f]{6})", css)
    [synthetic] = re.findall(r"\.synthetic \{.* color: (#[0-9a-f]{6})", css)
    for text in (colours["ink"], colours["soft"], colours["navy"], colours["brown"], synthetic):
        for background in (WHITE, banner, colours["faint"]):
            assert _contrast(text, background) >= 4.5, (text, background)
    for fill in (*palette.RAMP, *palette.NEUTRAL_RAMP):
        assert _contrast(fill, palette.ink_on(fill)) >= 4.5, fill
    for text in (palette.INK, palette.SOFT, palette.GREY):
        assert _contrast(text, WHITE) >= 4.5


def test_marks_can_be_seen_on_white():
    colours = {colour for group in palette.GROUP_COLOURS.values() for colour in group} | {palette.INK, palette.GREY}
    outlined = {"#D08A4E"}  # below 3:1 by itself; its dark outline carries it
    assert all(_contrast(colour, WHITE) >= 3 for colour in colours - outlined)
