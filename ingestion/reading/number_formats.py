"""Numbers that a workbook shows as what they are not by themselves: percentages, and numbers with a unit behind them.

A cell holds 0.031, its sender sees 3.1 %, and 3.1 is what is read; one that holds 12 and shows 12 Tsd. is no number.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ingestion.reading.numbers import both_readings
from ingestion.reading.style_tags import style_tags
from ingestion.reading.unit_words import is_multiplier, other_unit

# ECMA-376 part 1, 18.8.30: 0% and 0.00%.
BUILT_IN = frozenset((b"9", b"10"))
FORMAT_NUMBER = re.compile(rb"\bnumFmtId=[\"']([0-9]{1,6})[\"']")
FORMAT_CODE = re.compile(rb"\bformatCode=(?:\"([^\"]*)\"|'([^']*)')")
# What a format shows as it stands, or leaves room for; a colour, a condition or a currency.
LITERAL = re.compile(r'"(?P<quoted>[^"]*)"?|\[[^\]]*\]?|\\(?P<escaped>.)|[_*].')
PART = re.compile(LITERAL.pattern + "|(?P<plain>.)")
NEXT_SECTION = ";"  # what is above zero is shown by the first one
SCALED = re.compile(r"[0#?],+(?![0#?,])")  # a comma behind the last digit: shown in thousands
NUMBER_AND_UNIT = re.compile(r"(?P<number>[-−+]?[0-9][0-9.,'’\s]*?)\s*(?P<unit>[^\W\d_].*|‰)")
DECIMALS = 10  # beyond these stands what is left of a fraction that computers hold in halves
ROUNDED = 100  # times what is shown: what is held is no rounding of it


@dataclass(frozen=True)
class NumberFormats:
    """The cell formats of a workbook that show a percentage, and those that write a unit: its words by format."""

    percents: frozenset[int] = frozenset()
    units: Mapping[int, str] = field(default_factory=dict)


def as_shown(number: float) -> float:
    """Return what a cell shows that holds a number and is formatted as percent."""
    return round(number * 100, DECIMALS)


def unit_shown(text: str, number: float) -> str | None:
    """Return the unit that is shown behind a number, if it is one that changes what is held into something else."""
    found = NUMBER_AND_UNIT.fullmatch(text.strip())
    if not found or not _changes_numbers(found["unit"]):
        return None
    # Held in full and shown in thousands, a number is right as it is held.
    is_scaled = all(abs(reading) * ROUNDED < abs(number) for reading in both_readings(found["number"]))
    return None if is_scaled else found["unit"]


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
    units = {number: unit for number, code in codes.items() if (unit := _unit_in(code))}
    return NumberFormats(
        percents=frozenset(index for index, number in enumerate(formats) if number in percents),
        units={index: units[number] for index, number in enumerate(formats) if number in units},
    )


def _code(attributes: bytes) -> str:
    code = FORMAT_CODE.search(attributes)
    return html.unescape((code[1] or code[2] or b"").decode("utf-8", "replace")) if code else ""


def _unit_in(code: str) -> str | None:
    """Return the unit that a format writes beside a positive number, if it does not show it in thousands itself."""
    words = digits = ""
    for part in PART.finditer(code):
        if part["plain"] == NEXT_SECTION:
            break
        words += part["quoted"] or part["escaped"] or ""
        digits += part["plain"] or ""
    return words.strip() if _changes_numbers(words.strip()) and not SCALED.search(digits) else None


def _changes_numbers(unit: str) -> bool:
    return is_multiplier(unit) or other_unit(unit) is not None
