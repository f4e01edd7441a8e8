"""Numbers that a workbook shows as what they are not by themselves: percentages, with a unit, as a text, or not at all.

A cell holds 0.031, its sender sees 3.1 %, and 3.1 is what is read. One that holds 12 and shows 12 Tsd., or holds 3 and
shows <5, is no number.
"""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from operator import eq, ge, gt, le, lt, ne

from ingestion.reading.cell import cell_text
from ingestion.reading.numbers import both_readings
from ingestion.reading.style_tags import style_tags
from ingestion.reading.unit_words import is_multiplier, other_unit

# ECMA-376 part 1, 18.8.30: 0% and 0.00%.
BUILT_IN = frozenset((b"9", b"10"))
FORMAT_NUMBER = re.compile(rb"\bnumFmtId=[\"']([0-9]{1,6})[\"']")
FORMAT_CODE = re.compile(rb"\bformatCode=(?:\"([^\"]*)\"|'([^']*)')")
# What a format shows as it stands, or leaves room for; a colour, a condition or a currency.
LITERAL = re.compile(r'"(?P<quoted>[^"]*)"?|\[(?P<bracketed>[^\]]*)\]?|\\(?P<escaped>.)|[_*].')
PART = re.compile(LITERAL.pattern + "|(?P<plain>.)")
NEXT_SECTION = ";"
CONDITION = re.compile(r"(?P<sign><=|>=|<>|<|>|=)\s*(?P<bound>-?[0-9]+(?:\.[0-9]+)?)")
COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
SHOWS_DIGITS = re.compile("[0#?]|general", re.IGNORECASE)
SCALED = re.compile(r"[0#?],+(?![0#?,])")  # a comma behind the last digit: shown in thousands
NUMBER_AND_UNIT = re.compile(r"(?P<number>[-−+]?[0-9][0-9.,'’\s]*?)\s*(?P<unit>[^\W\d_].*|‰)")
NO_NUMBER = re.compile(r"[<>≤≥].*|[^0-9]+")
DECIMALS = 10  # beyond these stands what is left of a fraction that computers hold in halves
MOST_SECTIONS = 3
ROUNDED = 100  # times what is shown: what is held is no rounding of it


@dataclass(frozen=True)
class NumberFormats:
    """The cell formats of a workbook that show a percentage, and {format: code} of those that may show no number."""

    percents: frozenset[int] = frozenset()
    codes: Mapping[int, str] = field(default_factory=dict)


@dataclass
class _Section:
    """A part of a format, for some numbers: what it writes, and the placeholders of digits."""

    condition: Callable[[float], bool] | None = None
    words: str = ""
    digits: str = ""

    @property
    def shows_digits(self) -> bool:
        return SHOWS_DIGITS.search(self.digits) is not None

    @property
    def unit(self) -> str | None:
        """The unit that is written beside a number that is not shown in thousands by the format itself."""
        words = self.words.strip()
        return words if _changes_numbers(words) and not SCALED.search(self.digits) else None


def as_shown(number: float) -> float:
    """Return what a cell shows that holds a number and is formatted as percent."""
    return round(number * 100, DECIMALS)


def shown_by(code: str, number: float) -> str | None:
    """Return what a format shows of a number, if that is no number any more; a zero may be shown as a dash."""
    section = _section_for(_sections(code), number)
    if section.shows_digits:
        return f"{cell_text(number)} {section.unit}" if section.unit else None
    return None if number == 0 else section.words.strip() or code


def no_number_in(text: str, number: float) -> str | None:
    """Return what a cell shows that holds a number, if the text that it shows is no number."""
    shown = text.strip()
    if NO_NUMBER.fullmatch(shown):
        return None if number == 0 else shown
    found = NUMBER_AND_UNIT.fullmatch(shown)
    if not found or not _changes_numbers(found["unit"]):
        return None
    # Held in full and shown in thousands, a number is right as it is held.
    is_scaled = all(abs(reading) * ROUNDED < abs(number) for reading in both_readings(found["number"]))
    return None if is_scaled else f"{cell_text(number)} {found['unit']}"


def number_formats(chunks: Iterable[bytes]) -> NumberFormats:
    """Return the cell formats of `styles.xml` that say more than how many digits are shown."""
    codes, formats, is_inside = dict[bytes, str](), list[bytes](), False
    for end, name, attributes in style_tags(chunks):
        number = FORMAT_NUMBER.search(attributes)
        if name == b"cellXfs":
            is_inside = True
        elif name == b"xf" and is_inside and not end:
            formats.append(number[1] if number else b"")
        elif name == b"numFmt" and number:
            codes[number[1]] = _code(attributes)
    percents = BUILT_IN | {number for number, code in codes.items() if "%" in LITERAL.sub("", code)}
    telling = {number: code for number, code in codes.items() if _may_show_no_number(code)}
    return NumberFormats(
        percents=frozenset(index for index, number in enumerate(formats) if number in percents),
        codes={index: telling[number] for index, number in enumerate(formats) if number in telling},
    )


def _code(attributes: bytes) -> str:
    code = FORMAT_CODE.search(attributes)
    return html.unescape((code[1] or code[2] or b"").decode("utf-8", "replace")) if code else ""


def _may_show_no_number(code: str) -> bool:
    return any(section.unit or not section.shows_digits for section in _sections(code))


@cache
def _sections(code: str) -> list[_Section]:
    """Return the parts of a format; a fourth one is for texts."""
    sections = [_Section()]
    for part in PART.finditer(code):
        if part["plain"] == NEXT_SECTION:
            sections.append(_Section())
        elif part["bracketed"] and (found := CONDITION.fullmatch(part["bracketed"])):
            sections[-1].condition = partial(_meets, COMPARE[found["sign"]], float(found["bound"]))
        else:
            sections[-1].words += part["quoted"] or part["escaped"] or ""
            sections[-1].digits += part["plain"] or ""
    return sections[:MOST_SECTIONS]


def _meets(compare: Callable[[float, float], bool], bound: float, number: float) -> bool:
    return compare(number, bound)


def _section_for(sections: Sequence[_Section], number: float) -> _Section:
    """Return the section that shows a number: by its conditions, else by its sign."""
    if any(section.condition for section in sections):
        return next((each for each in sections if each.condition is None or each.condition(number)), sections[-1])
    place = 1 if number < 0 else 2 if number == 0 else 0
    return sections[place] if place < len(sections) else sections[0]


def _changes_numbers(unit: str) -> bool:
    return is_multiplier(unit) or other_unit(unit) is not None
