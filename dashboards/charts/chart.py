"""A chart with all that belongs to it: what to see, the same in words, the same as a table, its data, its file."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from dashboards.charts.drawing import FONT, Drawing, framed, without_links, wrapped
from dashboards.charts.palette import INK, WHITE

HEAD_HEIGHT, FOOT_HEIGHT, MARGIN = 46, 34, 12


@dataclass(frozen=True)
class Chart:
    """`head` and `rows` are the table for readers, `records` gives the data, the same in every language.

    `name` is unique on its page; `title` says what to see, `description` the same at more length for who cannot see it.
    `table_of`: the chart beside it that has the table of both.
    `ranks`, one for each row: rows of the same rank stand in the order of their heads.
    """

    name: str
    title: str
    description: str
    drawing: Drawing
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    records: Callable[[], Sequence[dict[str, Any]]]
    is_synthetic: bool
    notes: Sequence[str] = field(default=())
    address: str = ""  # of its files, without the ending
    table_of: str = ""
    ranks: Sequence[Any] = ()

    @cached_property
    def svg(self) -> Markup:
        """The drawing as it stands in a page."""
        return self._framed(self.drawing)

    def _framed(self, drawing: Drawing) -> Markup:
        return framed(drawing, title=self.title, description=self.description, is_synthetic=self.is_synthetic)

    def file(self, source: str) -> str:
        """Return the drawing as a file that stands alone: with its title above and where it comes from below."""
        width, height, content = self.drawing
        total = height + HEAD_HEIGHT + FOOT_HEIGHT
        framed_alone = self._framed(Drawing(width, height, without_links(content)))
        inner = framed_alone.replace("<svg ", f'<svg y="{HEAD_HEIGHT}" ', 1)
        letters = int((width - 2 * MARGIN) / 7.2)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {total}" width="{width}" height="{total}" '
            f'font-family="{FONT}" fill="{INK}"><title>{escape(self.title)}</title><desc>{escape(self.description)}'
            f'</desc><rect width="{width}" height="{total}" fill="{WHITE}"/>'
            f'<g font-weight="700">{wrapped(MARGIN, 24, self.title, letters=letters, size=14, anchor="start")}</g>'
            f"{inner}{wrapped(MARGIN, total - 14, source, letters=int(letters * 1.25), size=10.5, anchor='start')}"
            "</svg>\n"
        )

    def csv(self, in_words: Callable[[str], str] = str) -> str:
        """Return the data of the chart, numbers with every digit; where there is none, the reason stands beside.

        `in_words` makes words of what a draft has in their place.
        """
        records, stream = self.records(), io.StringIO()
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerows([list(records[0])] if records else [])
        writer.writerows(
            [in_words(value) if isinstance(value, str) else value for value in record.values()] for record in records
        )
        return stream.getvalue()
