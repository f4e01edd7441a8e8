"""Numbers that a workbook shows as percent: a cell holds 0.031, its sender sees 3.1 %, and 3.1 is what is read."""

import html
import re
from collections.abc import Iterable

from ingestion.reading.style_tags import style_tags

# ECMA-376 part 1, 18.8.30: 0% and 0.00%.
BUILT_IN = frozenset((b"9", b"10"))
FORMAT_NUMBER = re.compile(rb"\bnumFmtId=[\"']([0-9]{1,6})[\"']")
FORMAT_CODE = re.compile(rb"\bformatCode=(?:\"([^\"]*)\"|'([^']*)')")
# What a format shows as it stands, or leaves room for; a colour, a condition or a currency.
LITERAL = re.compile(r'"[^"]*"?|\[[^\]]*\]?|[\\_*].')
DECIMALS = 10  # beyond these stands what is left of a fraction that computers hold in halves


def as_shown(number: float) -> float:
    """Return what a cell shows that holds a number and is formatted as percent."""
    return round(number * 100, DECIMALS)


def percent_formats(chunks: Iterable[bytes]) -> frozenset[int]:
    """Return the numbers of the cell formats of `styles.xml` that show a percentage."""
    percents, formats, is_inside = set(BUILT_IN), list[bytes](), False
    for end, name, attributes in style_tags(chunks):
        number = FORMAT_NUMBER.search(attributes)
        if name == b"cellXfs":
            is_inside = True
        elif name == b"xf" and is_inside and not end:
            formats.append(number[1] if number else b"")
        elif name == b"numFmt" and number and _shows_percent(attributes):
            percents.add(number[1])
    return frozenset(index for index, number in enumerate(formats) if number in percents)


def _shows_percent(attributes: bytes) -> bool:
    code = FORMAT_CODE.search(attributes)
    text = html.unescape((code[1] or code[2] or b"").decode("utf-8", "replace")) if code else ""
    return "%" in LITERAL.sub("", text)
