"""A page as it comes out of a printer: how full each sheet is, and whether what must stay whole is whole."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page

SQUARE_MM = 5
MM_PER_POINT = 25.4 / 72
DOTS_PER_POINT = 0.5
# Words at the first and last corner of each drawing, and in the last head of each table, as small as can be read.
MARK = """() => {
    const word = (kind, number) => `<${kind}${number}>`;
    const put = (drawing, text, x, y) => {
        const made = document.createElementNS("http://www.w3.org/2000/svg", "text");
        for (const [name, value] of Object.entries({ x, y, "font-size": 1 })) made.setAttribute(name, value);
        made.textContent = text;
        made.classList.add("mark-of-test");
        drawing.append(made);
    };
    const mark = (place, text, isBefore) => {
        const made = document.createElement("span");
        made.style.fontSize = "1px";
        made.className = "mark-of-test";
        made.textContent = text;
        place.insertAdjacentElement(isBefore ? "afterbegin" : "beforeend", made);
    };
    const named = new Map();
    let number = 0;
    for (const drawing of document.querySelectorAll("svg.chart")) {
        if (!drawing.checkVisibility()) continue;
        const { width, height } = drawing.viewBox.baseVal;
        named.set(drawing, word("a", number));
        put(drawing, word("a", number), 1, 2);
        put(drawing, word("b", number++), width - 6, height - 1);
    }
    for (const table of document.querySelectorAll("table")) {
        if (!table.checkVisibility()) continue;
        mark([...table.querySelectorAll("tr:first-child > :last-child")].at(0), word("c", number++));
    }
    // Each heading, and what it is about: the drawing, the first row or the text that comes next.
    const texts = [...document.querySelectorAll("svg.chart, tbody th, main p:not(.subject), main li, main dt")];
    const shown = texts.filter(each => each.checkVisibility());
    const whole = number, pairs = [];
    for (const each of document.querySelectorAll("main :is(h2, h3):not(.unseen)")) {
        const next = shown.find(text => each.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING);
        if (!each.checkVisibility() || !next) continue;
        if (!named.has(next)) {
            named.set(next, word("i", number));
            mark(next, word("i", number), true);
        }
        pairs.push([each.innerText, word("h", number), named.get(next)]);
        mark(each, word("h", number++));
    }
    return [whole, pairs];
}"""
UNMARK = "() => document.querySelectorAll('.mark-of-test').forEach(each => each.remove())"


@dataclass(frozen=True)
class Sheet:
    """One printed page: its size in millimetres, and the share of its printable squares that hold ink."""

    width_mm: int
    height_mm: int
    ink_share: float


@dataclass(frozen=True)
class Printed:
    """`cut`: the numbers of drawings that lie on two sheets or leave theirs, and of tables whose last column does.

    `alone`: the headings that stand on another sheet than what they are about.
    """

    byte_count: int
    sheets: list[Sheet]
    cut: list[int]
    alone: list[str]


def print_page(page: Page, folder: Path, path: str) -> Printed:
    """Print the page as a browser does by itself, without backgrounds, and keep the PDF."""
    target = folder / f"{path.removesuffix('.html').replace('/', '-')}.pdf"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 696, "height": 1000})  # A4 without its margins
    marked, headings = page.evaluate(MARK)
    page.pdf(path=target, prefer_css_page_size=True, format="A4")
    page.evaluate(UNMARK)
    page.emulate_media(media="screen")
    with pypdfium2.PdfDocument(target) as document:
        places = _places(document)
        cut = [number for number in range(marked) if not _is_whole(places, number)]
        alone = [words for words, *marks in headings if not _is_together(places, *marks)]
        return Printed(target.stat().st_size, [_sheet(sheet) for sheet in document], cut, alone)


def _places(document: pypdfium2.PdfDocument) -> dict[str, list[int]]:
    """Return on which sheets each mark stands."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, sheet in enumerate(document):
        for mark in re.findall(r"<([abchi]\d+)>", sheet.get_textpage().get_text_bounded()):
            found[mark].append(number)
    return found


def _is_whole(places: dict[str, list[int]], number: int) -> bool:
    first, last = places[f"a{number}"], places[f"b{number}"]
    return bool(places[f"c{number}"]) or (bool(first) and first == last)


def _is_together(places: dict[str, list[int]], heading: str, about: str) -> bool:
    return bool(places[heading[1:-1]]) and places[heading[1:-1]] == places[about[1:-1]]


def _sheet(sheet: pypdfium2.PdfPage) -> Sheet:
    dots = sheet.render(scale=DOTS_PER_POINT, grayscale=True).to_numpy() < 230
    side = round(SQUARE_MM / MM_PER_POINT * DOTS_PER_POINT)
    rows, columns = dots.shape[0] // side, dots.shape[1] // side
    squares = dots[: rows * side, : columns * side].reshape(rows, side, columns, side).any(axis=(1, 3))
    width, height = (round(points * MM_PER_POINT) for points in sheet.get_size())
    return Sheet(width, height, float(squares[2:-2, 2:-2].mean()))
