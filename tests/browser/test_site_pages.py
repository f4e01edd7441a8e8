"""The site in a real browser: no barrier, no sideways scroll, a keyboard's way, all charts in forced colours."""


import pytest

from tests.browser.looking import barriers, picture

pytestmark = pytest.mark.browser
MOST_REQUESTS = 5
NARROW = 320  # WCAG 2.2, 1.4.10: 1280 px at a zoom of 400 %

# Each place that the keyboard reaches, in the order of the document: is its ring seen, is it covered, where is it?
PLACES = """() => {
    const reached = [...document.querySelectorAll("a[href], summary, select, input, [tabindex]")];
    const shown = reached.filter(each => each.tabIndex >= 0 && each.checkVisibility({ visibilityProperty: true }));
    return shown.map(each => {
        each.focus({ focusVisible: true });
        const ringed = each.matches("input[type=radio]") ? each.nextElementSibling : each;
        const { outlineStyle, outlineWidth, opacity } = getComputedStyle(ringed);
        const box = ringed.getClientRects()[0];
        const x = box.left + box.width / 2, y = box.top + Math.min(box.height / 2, 300);
        const top = document.elementFromPoint(x, y);
        return {
            words: (each.innerText || each.id || each.className).slice(0, 60),
            isReached: document.activeElement === each,
            hasRing: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && opacity !== "0",
            isCovered: !top || !(ringed.contains(top) || top.contains(ringed)),
            tabindex: each.tabIndex,
        };
    });
}"""
LOOKS = """() => {
    const found = [...document.querySelectorAll("svg.chart")].filter(each => each.checkVisibility());
    return found.map(each => getComputedStyle(each).backgroundColor);
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_barrier_on_any_page(page, site, screenshots, width):
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for path in (*site.pages, *site.translated_pages):
        page.goto(f"{site.address}/{path}")
        picture(page, screenshots, path, f"{width}px")
        found[path] = barriers(page, with_contrast=path in site.pages)  # colours speak no language
    assert not {path: each for path, each in found.items() if each}


def test_no_page_scrolls_sideways_on_the_smallest_phone(page, site):
    page.set_viewport_size({"width": NARROW, "height": 640})
    widths = {}
    for path in (*site.pages, *site.translated_pages):
        page.goto(f"{site.address}/{path}")
        widths[path] = page.evaluate("document.documentElement.scrollWidth")
    assert set(widths.values()) == {NARROW}, widths


def test_a_page_asks_its_own_server_only_and_a_few_times(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in site.pages:
        asked.clear()
        page.goto(f"{site.address}/{path}")
        assert 1 <= len(asked) <= MOST_REQUESTS and all(
            url.startswith(f"{site.address}/") or url.startswith("data:") for url in asked
        ), (path, asked)


def test_every_place_that_the_keyboard_reaches_is_seen(page, site):
    lost = []
    for path in site.pages:
        page.goto(f"{site.address}/{path}")
        places = page.evaluate(PLACES)
        assert len(places) > 10 or "rules" in path, path
        lost += [
            (path, place)
            for place in places
            if not place["isReached"] or not place["hasRing"] or place["isCovered"] or place["tabindex"] > 0
        ]
    assert not lost, "\n".join(map(str, lost))
