"""The sums that cells of a table make, as the audit sees them; it shares no code with the choice of what is hidden."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from ingestion.catalogue import rows

ALL = "*"
CENTURIES = 999
AGE_BOUNDS = re.compile(r"Y_(LT|GE)(\d+)$|Y(\d+)-(\d+)$")

# One code of each dimension; or the codes of one dimension.
Line = tuple[str, ...]


@dataclass(frozen=True)
class Sums:
    """Sums along one dimension, all else equal: places of cells. `parts` of the number-th whole begin at `starts`."""

    dimensions: np.ndarray
    wholes: np.ndarray
    starts: np.ndarray
    parts: np.ndarray


@cache
def sums_of(cells: tuple[Line, ...]) -> Sums:
    """Return every sum that cells make."""
    dimensions: list[str] = []
    wholes: list[int] = []
    starts: list[int] = []
    parts: list[int] = []
    for axis, dimension in enumerate(dimensions_in_order()):
        for line in _lines(cells, axis):
            for whole, smallest in _wholes(dimension, tuple(line)):
                dimensions.append(dimension)
                wholes.append(line[whole])
                starts.append(len(parts))
                parts += [line[part] for part in smallest]
    return Sums(np.array(dimensions), *(np.array(places, dtype=int) for places in (wholes, starts, parts)))


def _lines(cells: Sequence[Line], axis: int) -> Iterator[dict[str, int]]:
    """Yield the cells that differ in one dimension only: their codes in it and their places."""
    lines: dict[Line, dict[str, int]] = defaultdict(dict)
    if any(cell[axis] != cells[0][axis] for cell in cells):
        for place, cell in enumerate(cells):
            lines[cell[:axis] + cell[axis + 1 :]][cell[axis]] = place
    yield from (line for line in lines.values() if len(line) > 1)


@cache
def _wholes(dimension: str, codes: Line) -> list[tuple[str, list[str]]]:
    """Return the wholes among the codes of a dimension, each with the smallest parts of it that do not overlap."""
    beneath = _is_in_age if dimension == "AGE" else lambda part, whole: whole in _ancestors(dimension)[part]
    parts = [code for code in codes if code != ALL]
    smallest = [code for code in parts if not any(beneath(other, code) for other in parts if other != code)]
    if dimension == "AGE":
        smallest = _apart(smallest)
    wholes = [code for code in codes if code not in smallest]
    found = [(whole, [part for part in smallest if whole == ALL or beneath(part, whole)]) for whole in wholes]
    return [(whole, inside) for whole, inside in found if inside]


def _apart(codes: list[str]) -> list[str]:
    kept: list[str] = []
    end = 0
    for code in sorted(codes, key=_age_bounds):
        start, stop = _age_bounds(code)
        if start >= end or start < 0:
            kept.append(code)
            end = max(end, stop)
    return kept


def _is_in_age(part: str, whole: str) -> bool:
    (start, end), (first, last) = _age_bounds(part), _age_bounds(whole)
    return start >= 0 and first <= start and end <= last


def _age_bounds(code: str) -> tuple[int, int]:
    """Return the first year of a class and the one after its last; (-1, 0) for the class of unknown age."""
    found = AGE_BOUNDS.match(code)
    if found is None:
        return -1, 0
    side, bound, first, last = found.groups()
    if side:
        return (0, int(bound)) if side == "LT" else (int(bound), CENTURIES)
    return int(first), int(last) + 1


@cache
def dimensions_in_order() -> tuple[str, ...]:
    """Return the dimensions of the catalogue; a cell is one code of each, `ALL` where it is not divided."""
    return tuple(row["dimension_code"] for row in rows("dimensions"))


@cache
def _ancestors(dimension: str) -> Mapping[str, set[str]]:
    [code_list] = [row["code_list"] for row in rows("dimensions") if row["dimension_code"] == dimension]
    parents = {row["code"]: row["parent_code"] for row in rows(code_list)}

    def above(code: str) -> set[str]:
        parent = parents.get(code)
        return {parent, *above(parent)} if parent else set()

    return {code: above(code) for code in parents}
