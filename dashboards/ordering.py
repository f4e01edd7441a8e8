"""Names in the order of the reader's alphabet.

A page is drawn once for all languages, so what is sorted stands between marks until its words are known.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from markupsafe import Markup

from dashboards.drafting import Draft
from dashboards.speech import spoken
from ingestion.languages.alphabet import sort_key

# For private use, like the marks of `patchy` and `drafting`: each piece is a name, what is sorted by it, a slot.
BEGIN, NAMED, SLOT, NEXT, END = "\ue004", "\ue005", "\ue006", "\ue007", "\ue008"
SORTED = re.compile(f"{BEGIN}([^{END}]*){END}")
HERE = "\ue009"  # in what is sorted: where its slot says where it stands
NOT_OF_THE_NAME = re.compile("<[^>]*>|[\ue000\ue001]")

Item = TypeVar("Item")


def in_order(named: Iterable[tuple[str, str]], slots: Sequence[str] = (), ranks: Sequence[Any] = ()) -> str:
    """Return pieces of markup, (name, piece) each, one after the other in the order of their names.

    In each piece `HERE` becomes the slot of its place in the order. With `ranks`, one for each, the pieces keep their
    order, and only neighbours of the same rank stand in the order of their names.
    """
    held = list(named)
    placed = zip(held, slots or [""] * len(held), ranks or [None] * len(held), strict=True)
    tied = (list(group) for _, group in groupby(placed, key=itemgetter(2)))
    marked = "".join(_marked([(*each, slot) for each, slot, _ in group]) for group in tied)
    return marked if isinstance(spoken(), Draft) else sorted_in(marked, spoken().text_code)


def _marked(pieces: Sequence[tuple[str, str, str]]) -> str:
    """Return (name, piece, slot) each between marks; a single one has nothing to be sorted with."""
    if len(pieces) == 1:
        [(_, piece, slot)] = pieces
        return piece.replace(HERE, slot)
    return f"{BEGIN}{NEXT.join(f'{name}{NAMED}{piece}{SLOT}{slot}' for name, piece, slot in pieces)}{END}"


def each_in_order(named: Iterable[tuple[str, Item]], caller: Callable[[Item], str]) -> Markup:
    """Return what a block of a template makes of each item, (name, item) each, in the order of their names."""
    return Markup(in_order((name, caller(item)) for name, item in named))


def sorted_in(page: str, language_code: str) -> str:
    """Return a page that has its words with what stands between marks sorted as the language sorts."""
    return SORTED.sub(lambda found: _sorted(found[1], language_code), page) if BEGIN in page else page


def _sorted(text: str, language_code: str) -> str:
    if not text:
        return ""
    named, slots = [], []
    for each in text.split(NEXT):
        piece, _, slot = each.partition(SLOT)
        named.append(piece.partition(NAMED)[::2])
        slots.append(slot)
    ordered = sorted(named, key=lambda piece: sort_key(NOT_OF_THE_NAME.sub("", piece[0]), language_code))
    return "".join(piece.replace(HERE, slot) for (_, piece), slot in zip(ordered, slots, strict=True))
