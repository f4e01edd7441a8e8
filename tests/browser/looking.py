"""What a browser can tell about the page that it shows."""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDE, PHONE = 1280, 390
NARROW = 320  # WCAG 2.2, 1.4.10: 1280 px at a zoom of 400 %
HEIGHT = 900
# WCAG 2.2 AA holds all that came before it; best practice is what axe's makers add.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = """() => {
    for (const each of document.querySelectorAll("details")) each.open = true;
    for (const each of document.querySelectorAll(".tabs > section")) each.style.display = "block";
}"""
# Of rows that differ in their words and numbers only, two are enough; axe needs milliseconds for every cell.
LEAVE_TWO_OF_A_KIND = """() => {
    const kinds = new Map();
    const rows = "tr, li, section, option, dt, dd, span, svg a, svg g, svg text, svg path";
    // What is inside comes first: it makes alike what it is in.
    for (const each of [...document.querySelectorAll(rows)].reverse()) {
        const look = each.outerHTML.replace(/>[^<]+/g, ">").replace(/ (?!class)[\\w-]+="[^"]*"/g, "");
        const alike = kinds.get(each.parentElement) ?? new Map();
        kinds.set(each.parentElement, alike.set(look, (alike.get(look) ?? 0) + 1));
        if (alike.get(look) > 2) each.remove();
    }
}"""
RUN_AXE = """async options => {
    const found = await axe.run(document, { resultTypes: ["violations"], preload: false, ...options });
    return found.violations.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 200)}`));
}"""


def barriers(page: Page, *, with_contrast: bool = True) -> dict[int, list[str]]:
    """Return what axe finds wrong with the page, by the width of the window, with all that can be opened open.

    Contrast takes three quarters of the time, and colours depend neither on the language nor on the width.
    """
    page.evaluate(OPEN_ALL)
    page.evaluate(LEAVE_TWO_OF_A_KIND)
    page.evaluate(f"{AXE_SCRIPT}; 0")  # scripts that a test brings are not held up by the page's policy
    found = {}
    for width in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        rules = {} if with_contrast and width == WIDE else {"color-contrast": {"enabled": False}}
        found[width] = page.evaluate(RUN_AXE, {"runOnly": RULES, "rules": rules})
    return {width: each for width, each in found.items() if each}


def picture(page: Page, folder: Path, path: str) -> None:
    """Keep a picture of the whole page."""
    name = path.removesuffix(".html").strip("/").replace("/", "-")
    page.screenshot(path=folder / f"{name}.jpg", full_page=True, type="jpeg", quality=60)
