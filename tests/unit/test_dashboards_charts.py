"""Drawings: places on the scale, colours that can be told apart, a map that leaves nobody out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import charts
from dashboards.site import FOLDER
from dashboards.tiles import CLASS_LIMITS, Tile, class_of, places, tile_map
from ingestion.catalogue import rows

WHITE = "#ffffff"


@given(st.floats(min_value=0, max_value=1e7, allow_nan=False))
def test_a_scale_starts_at_zero_holds_the_highest_and_has_few_round_ticks(highest):
    scale = charts.scale_to(highest)
    assert scale.ticks[0] == 0 and scale.maximum >= highest * (1 - 1e-9)
    assert 2 <= len(scale.ticks) <= charts.TICK_COUNT + 2
    assert scale.ticks[-1] == scale.maximum


@given(st.floats(min_value=-50, max_value=250), st.floats(min_value=1, max_value=200))
def test_marks_stay_inside_the_drawing(value, highest):
    place = float(charts.scale_to(highest).x(value).rstrip("%"))
    assert charts.MARGIN_PCT <= place <= 100 - charts.MARGIN_PCT


def test_places_are_in_proportion():
    scale = charts.scale_to(100)
    assert scale.ticks == (0, 25, 50, 75, 100)
    assert scale.x(50) == "50.00%"


def test_the_position_is_flipped_where_lower_is_better():
    places_of_countries = (10.0, 20.0, 30.0, 40.0, 50.0)

    def place_of_mark(is_flipped: bool) -> float:
        drawing = charts.position_row(
            places_of_countries, 12.0, is_flipped=is_flipped, standing="better", title="", is_low_reliability=False
        )
        [found] = re.findall(r'<use href="#up-[^"]+" x="([\d.]+)%"', drawing)
        return float(found)

    assert place_of_mark(is_flipped=False) < 50 < place_of_mark(is_flipped=True)


def test_a_line_over_time_has_holes_and_breaks():
    whole = charts.spark([1.0, 2.0, 3.0, 4.0], lowest=0, highest=4)
    with_hole = charts.spark([1.0, 2.0, None, 4.0], lowest=0, highest=4)
    broken = charts.spark([1.0, 2.0, 3.0, 4.0], lowest=0, highest=4, breaks=[False, False, True, False])
    assert [drawing.count("<polyline") for drawing in (whole, with_hole, broken)] == [1, 1, 2]
    assert [drawing.count("<circle") for drawing in (whole, with_hole, broken)] == [1, 2, 2]


@pytest.mark.parametrize("count", range(1, 6))
def test_groups_differ_in_shape_and_in_colour(count):
    marks = charts.group_marks(count)
    assert len({shape for shape, _ in marks}) == len({colour for _, colour in marks}) == count


def test_every_mark_that_charts_use_is_defined_once():
    defined = re.findall(r'<g id="([^"]+)"', charts.mark_definitions())
    assert len(defined) == len(set(defined))
    scale = charts.scale_to(100)
    marks = [*charts.STANDING_MARKS.values(), *(mark for count in range(1, 8) for mark in charts.group_marks(count))]
    for mark in marks:
        for is_hollow in (False, True):
            [name] = re.findall(r'href="#([^"]+)"', charts.Mark(5, *mark, is_hollow=is_hollow).draw(scale))
            assert name in defined


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 0), (0.49, 0), (0.5, 1), (0.7, 2), (0.85, 3), (0.95, 4), (1.0, 4)]
)
def test_classes_of_the_map(share, expected):
    assert class_of(share) == expected
    assert len(CLASS_LIMITS) == len(charts.RAMP) - 1


def test_every_country_of_the_roster_has_its_own_tile():
    roster = {row["country_code"] for row in rows("roster")}
    assert roster <= set(places())
    assert len(set(places().values())) == len(places())


def test_a_country_without_a_place_still_has_a_tile():
    tiles = [Tile(code, code, None, "–", f"country/{code}.html") for code in ("LU", "XX", "YY")]
    drawn = tile_map(tiles, title="t", description="d")
    assert drawn.count("<rect") == 3
    width, height = map(int, re.search(r'viewBox="-1 -1 (\d+) (\d+)"', drawn).groups())
    corners = [(int(x) + 46, int(y) + 46) for x, y in re.findall(r'<rect x="(\d+)" y="(\d+)"', drawn)]
    assert all(x <= width and y <= height for x, y in corners) and len(set(corners)) == 3


def _contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_can_be_read_on_its_background():
    css = (FOLDER / "assets" / "style.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", css))
    [banner] = re.findall(r"\.banner \{ background: (#[0-9a-f]{6})", css)
    [synthetic] = re.findall(r"\.synthetic \{.* color: (#[0-9a-f]{6})", css)
    for text in (colours["ink"], colours["soft"], colours["navy"], colours["brown"], synthetic):
        for background in (WHITE, banner, colours["faint"]):
            assert _contrast(text, background) >= 4.5, (text, background)
    for fill, ink in zip(charts.RAMP, charts.RAMP_INK, strict=True):
        assert _contrast(fill, ink) >= 4.5, fill


def test_marks_can_be_seen_on_white():
    colours = {colour for group in charts.GROUP_COLOURS.values() for colour in group} | {charts.INK, charts.GREY}
    outlined = {"#D08A4E"}  # below 3:1 by itself; its dark outline carries it
    assert all(_contrast(colour, WHITE) >= 3 for colour in colours - outlined)
