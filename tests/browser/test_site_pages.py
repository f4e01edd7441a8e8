"""The site in a real browser: no barrier, no sideways scroll, the keyboard's way, forced colours, no dead link."""

import pytest

from tests.browser.looking import PHONE, WIDE, barriers, picture

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
# The number of the place that has the focus, in the order of the document; after the last one it is the body's.
FOCUSED = "() => [...document.body.querySelectorAll('*')].indexOf(document.activeElement)"
TO_WHOLE_PIXELS = "each => Object.assign(each.style, { position: 'fixed', top: 0, left: 0 })"
STATES = """() => Object.fromEntries([...document.querySelectorAll(".legend .cell")].map(
    each => [each.className, each.textContent.trim()]))"""


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_axe_finds_no_barrier_on_any_page(page, site, screenshots, width):
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for path in (*site.pages, *site.translated_pages):
        page.goto(f"{site.address}/{path}")
        if width == WIDE:
            picture(page, screenshots, path)
        found[path] = barriers(page, with_contrast=width == WIDE and path in site.pages)
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


def test_the_keyboard_goes_through_a_page_in_the_order_of_its_text(page, site):
    path = next(each for each in site.pages if "/indicator/" in each)
    page.goto(f"{site.address}/{path}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"
    order = []
    while not order or order[-1] >= 0:
        page.keyboard.press("Tab")
        order.append(page.evaluate(FOCUSED))
    assert len(order) > 30 and order[:-1] == sorted(set(order[:-1]))


def test_the_keyboard_changes_a_view_and_opens_a_table(page, site):
    path = next(each for each in site.pages if "/indicator/" in each)
    page.goto(f"{site.address}/{path}")
    views = page.locator(".tabs").first.locator("section")
    page.locator(".tabs input").first.focus()
    assert views.nth(0).is_visible() and not views.nth(1).is_visible()
    page.keyboard.press("ArrowRight")
    assert views.nth(1).is_visible() and not views.nth(0).is_visible()
    page.keyboard.press("ArrowLeft")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details table").first.is_visible()


def test_charts_keep_their_colours_and_states_their_letters_in_forced_colours(page, site):
    drawn = 0
    for path in site.pages:
        page.goto(f"{site.address}/{path}")
        chart = page.locator("svg.chart:visible").first
        if chart.count():
            chart.evaluate(TO_WHOLE_PIXELS)
            page.emulate_media(forced_colors="none", color_scheme="light")
            plain = chart.screenshot()
            page.emulate_media(forced_colors="active", color_scheme="dark")
            assert chart.screenshot() == plain, path
            drawn += 1
        states = page.evaluate(STATES)
        assert len(set(states.values())) == len(states), path
    assert drawn >= 4


def test_what_a_page_leads_to_is_served(page, site):
    found = set()
    for path in (*site.pages, *site.translated_pages):
        page.goto(f"{site.address}/{path}")
        found.update(page.evaluate("[...document.links].map(each => each.href.split('#')[0])"))
    inside = sorted(url for url in found if url.startswith(site.address.partition("/r/")[0]))
    assert len(inside) > 100
    assert not [url for url in inside if page.request.head(url).status != 200]
