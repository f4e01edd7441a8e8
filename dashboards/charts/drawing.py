"""What all charts are drawn with: scales, marks, lines, words. Every function returns text of SVG.

Colours and fonts stand in attributes, because some printers of PDF ignore style sheets in drawings; the white ground is
drawn, so that a chart can be read in forced colours and on dark slides.
"""

import math
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from markupsafe import Markup
from markupsafe import escape as escape_slowly

from dashboards.charts.palette import GREY, GRID, INK, SHAPES, SOFT, WHITE
from dashboards.drafting import drawn_later, longest
from dashboards.speech import say
from dashboards.words import tick

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
WIDTH = 720
NARROW = 464  # of what a phone shows whole: maps, with their legends below them
TICK_COUNT = 5
SMALLEST_SPAN = 1e-9  # of an axis: below this all values are one
LETTER = 0.53  # width of a letter, as a share of its size
SPACING = 6  # of the letters over a chart with invented figures
SMALLEST_SIZE = 7.0  # below this nobody reads
EASY_SIZE = 9.0  # rather a third line than smaller letters, where there is room for it
NOT_A_NUMBER_STYLE = f'fill="{SOFT}" font-style="italic"'


@lru_cache(maxsize=2**16)
def escape(words: str) -> str:
    """Return words as they stand in SVG; the same names and figures come again and again."""
    return str(escape_slowly(words))


class Drawing(NamedTuple):
    """A drawing without its frame; sizes in pixels of a screen."""

    width: int
    height: int
    content: str


@dataclass(frozen=True)
class Scale:
    """An axis: values from `low` to `high` lie between the places `start` and `end`."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...] = ()

    def at(self, value: float) -> float:
        """Return the place of a value; beyond the ends it stays at the end."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(self.start + min(1.0, max(0.0, share)) * (self.end - self.start), 1)


def scale_to(values: Iterable[float], start: float, end: float) -> Scale:
    """Return an axis with round ticks that holds all values and zero."""
    known = [0.0, *values]
    lowest, highest = min(known), max(known)
    if highest - lowest < SMALLEST_SPAN:
        highest = lowest + 1.0
    rough = (highest - lowest) / TICK_COUNT
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * (1 - 1e-9))
    first, last = math.floor(lowest / step + 1e-9), math.ceil(highest / step - 1e-9)
    ticks = tuple(step * place for place in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], start, end, ticks)


def vertical_grid(scale: Scale, top: float, bottom: float) -> str:
    """Return the lines of a horizontal axis, with its numbers above them."""
    places = [scale.at(each) for each in scale.ticks]
    lines = "".join(f"M{x},{top}V{bottom}" for x in places)
    return f'<path d="{lines}" stroke="{GRID}"/>' + "".join(
        text(x, top - 5, tick(each), size=11, colour=GREY, anchor="middle")
        for x, each in zip(places, scale.ticks, strict=True)
    )


def horizontal_grid(scale: Scale, left: float, right: float) -> str:
    """Return the lines of a vertical axis, with its numbers left of them."""
    places = [scale.at(each) for each in scale.ticks]
    lines = "".join(f"M{left},{y}H{right}" for y in places)
    return f'<path d="{lines}" stroke="{GRID}"/>' + "".join(
        text(left - 5, y + 4, tick(each), size=11, colour=GREY, anchor="end")
        for y, each in zip(places, scale.ticks, strict=True)
    )


def text(
    x: float, y: float, words: str, *, size: float = 12, colour: str = INK, anchor: str = "", more: str = ""
) -> str:
    """Return words at a place."""
    return _text(x, y, words, _size(size), colour, anchor, more)


def _text(x: float, y: float, words: str, height: str, colour: str, anchor: str, more: str) -> str:
    end = f' text-anchor="{anchor}"' if anchor else ""
    tint = "" if colour == INK else f' fill="{colour}"'
    return f'<text x="{x:g}" y="{y:g}"{height}{tint}{end}{" " + more if more else ""}>{escape(words)}</text>'


def fitted(
    x: float,
    y: float,
    words: str,
    *,
    room: float,
    size: float = 12,
    colour: str = INK,
    anchor: str = "",
    more: str = "",
) -> str:
    """Return words at a place, in smaller letters where they would be wider than their room."""
    return _text(x, y, words, drawn_later(_fitting_size, words, room, size), colour, anchor, more)


def titled(x: float, y: float, name: str, details: str, *, room: float) -> str:
    """Return the name of a row that ends at a place, with what it does not say itself in small letters below it."""
    above = fitted(x, y - 8 if details else y, name, room=room, size=11.5, anchor="end")
    letters = int(room / (EASY_SIZE * LETTER))
    below = wrapped(x, y + 5, details, letters=letters, size=EASY_SIZE) if details else ""
    return f'{above}<g fill="{SOFT}">{below}</g>' if below else above


def _size(size: float) -> str:
    return "" if size == 12 else f' font-size="{size:g}"'


def _fitting_size(words: str, room: float, size: float) -> str:
    return _size(_fitting(len(words), room, size))


def _fitting(letters: int, room: float, size: float) -> float:
    width = letters * size * LETTER
    return size if width <= room else max(SMALLEST_SIZE, math.floor(10 * size * room / width) / 10)


def wrapped(
    x: float, y: float, words: str, *, letters: int, size: float = 12, anchor: str = "end", most: int = 2
) -> str:
    """Return words in at most so many lines around the same middle; in smaller letters where they do not hold them."""
    return drawn_later(_wrapped, x, y, words, letters, size, anchor, most)


def _wrapped(x: float, y: float, words: str, letters: int, size: float, anchor: str, most: int) -> str:
    smaller, lines = _lines(words, letters, size, 2)
    if smaller < EASY_SIZE and most > 2:
        smaller, lines = _lines(words, round(letters * size / EASY_SIZE), EASY_SIZE, most)
    size = smaller
    start = y - (len(lines) - 1) * size * 0.55
    return "".join(
        text(x, round(start + place * size * 1.1, 1), line, size=size, anchor=anchor)
        for place, line in enumerate(lines)
    )


@lru_cache(maxsize=2**12)
def _lines(words: str, letters: int, size: float, most: int) -> tuple[float, Sequence[str]]:
    """Return at most so many lines, and the size at which they are no wider than `letters` of the wanted size."""
    wanted = letters
    while len(lines := textwrap.wrap(words, letters, break_long_words=False) or [""]) > most:
        letters += 1
    longest = max(map(len, lines))
    return (size if longest <= wanted else max(SMALLEST_SIZE, math.floor(10 * size * wanted / longest) / 10)), lines


def shape(
    name: str,
    colour: str,
    x: float,
    y: float,
    *,
    is_hollow: bool = False,
    data: str = "",
    scale: str = "",
    bar: str = "",
) -> str:
    """Return a mark; hollow for low reliability. The dark outline keeps light colours legible.

    `bar` is what of a path belongs to the mark, in its colour, seen from its middle.
    """
    value = f' data-v="{data}"' if data else ""
    moved = f' transform="translate({x:g},{y:g}){scale}"' if x or y or scale else ""
    paint = _paint(colour, is_hollow, outline=colour if bar else INK)
    return f'<path{moved} d="{SHAPES[name]}{bar}" {paint}{value}/>'


def shapes(name: str, colour: str, places: Iterable[tuple[float, float]], *, is_hollow: bool, data: str) -> str:
    """Return many marks of one kind as one path, for what nobody has to tell apart."""
    lines = "".join(_moved(RELATIVE[name], x, y) for x, y in places)
    return f'<path d="{lines}" {_paint(colour, is_hollow)} data-v="{data}"/>' if lines else ""


def _moved(line: str, x: float, y: float) -> str:
    return MOVE.sub(lambda at: f"M{x + float(at[1]):g},{y + float(at[2]):g}", line)


MOVE = re.compile(r"M(-?[\d.]+),(-?[\d.]+)")
RELATIVE = {"dot": "M-2.5,0a2.5,2.5 0 1 1 5,0a2.5,2.5 0 1 1 -5,0Z"}  # as in `SHAPES`, from where the mark begins


def _paint(colour: str, is_hollow: bool, outline: str = INK) -> str:
    fill, stroke, width = (WHITE, colour, 1.8) if is_hollow else (colour, outline, 0.7 if outline == INK else 1.8)
    return f'fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"'


def exact(value: float) -> str:
    """Return a value as it stands in data: every digit, nothing else."""
    return repr(float(value))


def row_of(code: str, content: str, *, tip: str = "", place: str = "", lineage: str = "") -> str:
    """Return the marks of one country as a group, so that the country can be brought out in all charts.

    `tip` is shown by a pointer that rests on the group; `place` moves it; `lineage` is the address that it leads to.
    The keyboard comes to the same address in the chart's table, past which it goes in one step while it is closed.
    """
    begins = f'class="c-{escape(code)}"' + (f' transform="translate({place})"' if place else "")
    if not lineage:
        return f"<g {begins}>{_title(tip)}{content}</g>"
    # Attributes, where a title would be one element more for each of hundreds of links.
    named = f' aria-label="{escape(tip)}" xlink:title="{escape(tip)}"' if tip else ""
    return f'<a {begins} href="{escape(lineage)}" tabindex="-1"{named}>{content}</a>'


LINK = re.compile(r'<a ([^>]*?) href="[^"]*" tabindex="-1"(?: aria-label="([^"]*)" xlink:title="[^"]*")?>(.*?)</a>')


def without_links(drawn: str) -> str:
    """Return a drawing as it is without the links of `row_of`, for a file that is read elsewhere."""
    return LINK.sub(lambda link: f"<g {link[1]}>{f'<title>{link[2]}</title>' if link[2] else ''}{link[3]}</g>", drawn)


def _title(tip: str) -> str:
    return f"<title>{escape(tip)}</title>" if tip else ""


def patterns(name: str) -> str:
    """Return the fills for what has no number: hatched is not reported, dotted is hidden. Ids are the chart's own."""
    return (
        f'<defs><pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{WHITE}"/>'
        f'<path d="M0,0V6" stroke="{GREY}" stroke-width="1.6"/></pattern>'
        f'<pattern id="{name}-dots" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="{WHITE}"/><circle cx="2" cy="2" r="1.3" fill="{INK}"/></pattern></defs>'
    )


def no_number_fill(name: str, status: str) -> str:
    """Return the fill of a place without a number."""
    return {"suppressed": f"url(#{name}-dots)", "not_reported": f"url(#{name}-hatch)"}.get(status, WHITE)


def legend_marks(entries: Sequence[tuple[str, str, bool, str]]) -> tuple[str, float]:
    """Return a legend of marks, (shape, colour, hollow, words) each, as `legend` does."""
    return legend([(partial(shape, name, colour, is_hollow=hollow), words) for name, colour, hollow, words in entries])


def legend(entries: Sequence[tuple[Callable[[float, float], str], str]]) -> tuple[str, float]:
    """Return a legend, (what draws a mark around a place, words) each, in as many lines as it needs, and its height."""
    parts = []
    x, y = 0.0, 15.0
    for mark, words in entries:
        length = 30 + 6.4 * longest(words)
        if x and x + length > WIDTH:
            x, y = 0.0, y + 18
        parts.append(mark(x + 6, y - 4))
        parts.append(text(x + 16, y, words, size=11.5))
        x += length
    return "".join(parts), y


def swatches(x: float, y: float, heading: str, entries: Iterable[tuple[str, str]], *, room: float) -> tuple[str, float]:
    """Return a legend of filled places, (words, fill) each, below its heading of two lines, and where it ends."""
    parts = []
    for place, line in enumerate(heading.split("\n")):
        parts.append(fitted(x, y, line, room=room, more='font-weight="600"' if place == 0 else ""))
        y += 16
    y += 6
    for words, fill in entries:
        parts.append(swatch(x, y, fill) + fitted(x + 28, y, words, room=room - 28))
        y += 19
    return "".join(parts), y


def swatch(x: float, y: float, fill: str) -> str:
    """Return a filled place beside the words on the same line."""
    return f'<rect x="{x}" y="{y - 11:g}" width="20" height="13" fill="{fill}" stroke="{INK}" stroke-width="0.8"/>'


def framed(drawing: Drawing, *, title: str, description: str, is_synthetic: bool) -> Markup:
    """Return a drawing as it stands in a page: its size, its name and description for screen readers, its ground."""
    width, height, content = drawing
    role = "group" if "<a " in content else "img"  # links within a picture could not be reached
    name = f'role="{role}" aria-label="{escape(f"{title}. {description}")}"'
    return Markup(
        f'<svg class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" {name} '
        f'font-family="{FONT}" font-size="12" fill="{INK}"><rect width="{width}" height="{height}" fill="{WHITE}"/>'
        f"{content}{drawn_later(_watermark, width, height, say('SYNTHETIC')) if is_synthetic else ''}</svg>"
    )


def _watermark(width: int, height: int, words: str) -> str:
    """Return the word that marks invented figures: over the chart, so that it goes where the picture goes."""
    places = [(width / 2, height * share) for share in ((0.5,) if height < 420 else (0.25, 0.72))]
    size = _fitting(len(words), width * 0.7 - SPACING * len(words), 58)
    return "".join(
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="700" text-anchor="middle" fill="#B45309" '
        f'fill-opacity="0.1" pointer-events="none" aria-hidden="true" transform="rotate(-14 {x:g} {y:g})" '
        f'letter-spacing="{SPACING}">{escape(words)}</text>'
        for x, y in places
    )
