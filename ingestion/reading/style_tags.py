"""The tags of `styles.xml` that say how cells are formatted, read as a stream.

As for the cells of a sheet, patterns over each chunk and no XML parser: none of them may try a text twice over.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

# A spreadsheet program has up to 65 490 formats of cells, and as many named styles.
MOST_TAGS = 200_000
LONGEST_TAG_BYTES = 1 << 16
# A value in quotes may hold a `>`, as a format does that asks whether a number is above another.
TAG = re.compile(rb"<(/?)(?:\w+:)?(numFmt|fonts|font|strike|cellXfs|xf)\b((?:[^<>\"']|\"[^<\"]*+\"|'[^<']*+')*+)>")


def style_tags(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield (slash of an end, name, attributes) of the tags, up to the end of the formats of cells."""
    for tag in islice(_all_tags(chunks), MOST_TAGS):
        yield tag
        if tag[:2] == (b"/", b"cellXfs"):
            return


def _all_tags(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    rest = b""
    for chunk in chunks:
        whole, mark, start = (rest + chunk).rpartition(b"<")
        yield from TAG.findall(whole)
        rest = (mark + start)[:LONGEST_TAG_BYTES]
    yield from TAG.findall(rest)
