"""Words that are two fifths longer than English still have room: on pages and in drawings, on a phone and on a desk."""

import pytest

from dashboards import render_site
from tests.browser.looking import HEIGHT, OPEN_ALL, PHONE, WIDE, picture
from tests.browser.site_pages import heaviest_pages
from tests.invented_release import write_release
from tests.pseudo_language import LongerLanguage

pytestmark = pytest.mark.browser
# Words of a drawing that leave it, with how far; a pixel is the rounding of places.
OUTSIDE = """() => [...document.querySelectorAll("svg.chart text")].flatMap(each => {
    const words = each.getBoundingClientRect(), frame = each.closest("svg.chart").getBoundingClientRect();
    const far = Math.max(frame.left - words.left, words.right - frame.right);
    return far > 1 ? [`${each.closest("figure").id}: ${each.textContent} (${far.toFixed(0)} px)`] : [];
})"""
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("longer")
    render_site(write_release(folder / "release"), folder / "site", languages=[LongerLanguage("mt")])
    return folder / "site"


def test_longer_words_have_room_on_pages_and_in_drawings(page, site, screenshots):
    wrong = {}
    for path in heaviest_pages(site, ["mt"]):
        page.goto((site / path).as_uri())
        page.evaluate(OPEN_ALL)
        for width in (WIDE, PHONE):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            found = page.evaluate(OUTSIDE) if width == WIDE else []
            found += [f"{page.evaluate(WIDTH)} px wide"] if page.evaluate(WIDTH) > width else []
            if found:
                wrong[path, width] = found
        picture(page, screenshots, path)
    assert not wrong
