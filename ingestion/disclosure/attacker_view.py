"""What an attacker reads out of a table of nested codes: every total is the sum of the smallest parts beneath it.

Written apart from the tables that protection works on, so that an error there is found and not repeated.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from ingestion.disclosure.audit import Published

ALL = "Total"


def view_of_nested(dimensions: Sequence[str], cells: Sequence[tuple[str, ...]], counts: np.ndarray) -> Published:
    """Return what is known of published cells: `counts` are NaN where hidden; a code lies under each of its prefixes.

    Within each dimension, all else equal, a code that others lie under is the sum of those that none lies under.
    """
    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    names: list[str] = []
    for axis, dimension in enumerate(dimensions):
        for rest, members in sorted(_lines(cells, axis).items()):
            for code, smallest in _sums(list(members)):
                columns += [members[code], *(members[part] for part in smallest)]
                signs += [1.0, *([-1.0] * len(smallest))]
                rows += [len(names)] * (1 + len(smallest))
                names.append(_sentence(dimension, code, smallest, rest))
    matrix = sparse.coo_matrix((signs, (rows, columns)), shape=(len(names), len(cells))).tocsr()
    return Published(matrix, np.asarray(counts, dtype=float), names.__getitem__)


def _lines(cells: Sequence[tuple[str, ...]], axis: int) -> dict[tuple[str, ...], dict[str, int]]:
    """Return {all other codes: {code: position}}: the cells that differ in one dimension only."""
    lines: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for position, cell in enumerate(cells):
        lines[tuple(code for place, code in enumerate(cell) if place != axis)][cell[axis]] = position
    return lines


def _sums(codes: list[str]) -> list[tuple[str, list[str]]]:
    def beneath(code: str) -> list[str]:
        return [other for other in codes if other not in (code, ALL) and (code == ALL or other.startswith(code))]

    smallest = {code for code in codes if code != ALL and not beneath(code)}
    return [(code, [part for part in beneath(code) if part in smallest]) for code in codes if beneath(code)]


def _sentence(dimension: str, code: str, parts: Sequence[str], rest: Sequence[str]) -> str:
    where = [each for each in rest if each != ALL]
    return f"{dimension}: {code} = {' + '.join(parts)}" + (f" (at {', '.join(where)})" if where else "")
