"""One visit to each page of a site: it is opened once, and all that a browser can tell is told by that one opening."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Request

from tests.browser.looking import HEIGHT, NARROW, WIDE, barriers, picture
from tests.browser.printing import Printed, print_page

# Each place that the keyboard reaches, in the order of the document: is its ring seen, is it covered, where is it?
PLACES = """() => {
    const reached = [...document.querySelectorAll("a[href], summary, select, input, [tabindex]")];
    const shown = reached.filter(each => each.tabIndex >= 0 && each.checkVisibility({ visibilityProperty: true }));
    return shown.map(each => {
        each.focus({ focusVisible: true });
        const ringed = each.matches("input[type=radio]") ? each.nextElementSibling : each;
        const { outlineStyle, outlineWidth, opacity } = getComputedStyle(ringed);
        const box = ringed.getClientRects()[0];
        // The middle of what is in sight: a long table is taller than the window.
        const x = box.left + box.width / 2;
        const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
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
LINKS = "[...document.links].map(each => each.href.split('#')[0])"  # of drawings there are none that tables lack
WIDTH = "document.documentElement.scrollWidth"
# Captions, and maps with their legends: what must be seen without scrolling a table or a chart.
BESIDE_THE_PHONE = """() => [...document.querySelectorAll("caption, svg.chart[width='464']")].filter(
    each => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth
).map(each => each.outerHTML.slice(0, 200))"""
TO_WHOLE_PIXELS = "each => Object.assign(each.style, { position: 'fixed', top: 0, left: 0 })"
TO_ITS_PLACE = "each => each.removeAttribute('style')"
STATES = """() => Object.fromEntries([...document.querySelectorAll(".legend .cell")].map(
    each => [each.className, each.textContent.trim()]))"""


@dataclass(frozen=True)
class Visit:
    """What was found; `places`, `drawing` and `printed` in English only, `drawing` where there is one."""

    path: str
    asked: list[str]  # addresses that were asked for to show it
    links: list[str]
    places: list[dict[str, str | int | bool]]
    narrow_width: int  # in pixels, where the window has `NARROW`
    beside: list[str]  # what is not whole in that window
    drawing: tuple[bytes, bytes] | None  # the first one in its own and in forced colours
    states: dict[str, str]  # letters by the class of their place
    printed: Printed | None
    barriers: dict[int, list[str]]  # by the width of the window


def visit(page: Page, address: str, path: str, screenshots: Path) -> Visit:
    """Open a page and look at it; what changes the page comes last. Pictures are of English pages."""
    asked = _opened(page, f"{address}/{path}")
    is_english = path.startswith("en/")
    if is_english:
        picture(page, screenshots, path)
    links, states = page.evaluate(LINKS), page.evaluate(STATES)
    drawing = _drawing(page) if is_english else None
    places = page.evaluate(PLACES) if is_english else []
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    narrow_width, beside = page.evaluate(WIDTH), page.evaluate(BESIDE_THE_PHONE)
    printed = print_page(page, screenshots, path) if is_english else None
    found = barriers(page, with_contrast=is_english)
    return Visit(path, asked, links, places, narrow_width, beside, drawing, states, printed, found)


def _opened(page: Page, address: str) -> list[str]:
    """Open a page and return what was asked for to show it."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    page.on("request", note)
    page.goto(address)
    page.remove_listener("request", note)
    return asked


def _drawing(page: Page) -> tuple[bytes, bytes] | None:
    chart = page.locator("svg.chart:visible").first
    if not chart.count():
        return None
    chart.evaluate(TO_WHOLE_PIXELS)
    plain = chart.screenshot()
    page.emulate_media(forced_colors="active", color_scheme="dark")
    forced = chart.screenshot()
    page.emulate_media(forced_colors="none", color_scheme="light")
    chart.evaluate(TO_ITS_PLACE)
    return plain, forced
