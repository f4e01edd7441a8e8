"""Additive tables: the figures of tables that share cells, and the equations that hold between their counts."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

TOTAL = "Total"
# Counts that differ by less are the same; the audit has a tolerance of its own.
TOLERANCE = 1e-6

# One code for each dimension of the table.
Cell = tuple[str, ...]
# A whole and the parts that add up to it.
Breakdown = tuple[str, tuple[str, ...]]
# The breakdowns among the codes of one dimension that stand beside each other, all else equal.
Breakdowns = Callable[[int, frozenset[str]], Iterable[Breakdown]]


@dataclass(frozen=True)
class AdditiveTable:
    """Cells and the equations between them: `matrix @ counts` is zero for the true counts.

    `cells` are the given ones, then those that only the breakdowns name (a rest that nobody sent).
    `matrix`: one row per equation (its whole -1, its parts 1), one column per cell. `equations` names them for people.
    """

    cells: tuple[Cell, ...]
    matrix: sparse.csr_matrix
    equations: tuple[str, ...]


def additive_table(dimensions: Sequence[str], cells: Sequence[Cell], breakdowns: Breakdowns) -> AdditiveTable:
    """Return the table of the given cells with every equation that the breakdowns of its dimensions make.

    Cells in several tables (SEX x REGION and AGE x REGION) are one cell: what they share ties the tables together.
    """
    positions = {cell: position for position, cell in enumerate(cells)}
    equations: list[tuple[Cell, tuple[Cell, ...]]] = []
    for number in range(len(dimensions)):
        for context, codes in _contexts(cells, number):
            for whole, parts in breakdowns(number, frozenset(codes)):
                placed = [(*context[:number], code, *context[number:]) for code in (whole, *parts)]
                for cell in placed:
                    positions.setdefault(cell, len(positions))
                equations.append((placed[0], tuple(placed[1:])))
    names = tuple(_name(dimensions, whole, parts) for whole, parts in equations)
    return AdditiveTable(tuple(positions), _matrix(equations, positions), names)


def nested_codes(codes: Iterable[str]) -> list[Breakdown]:
    """Return the breakdowns of codes that nest by their beginnings.

    The parent of a code is its longest proper prefix among the codes, else `Total`.
    """
    known = sorted(set(codes) - {TOTAL})
    parts = defaultdict(list)
    for code in known:
        prefixes = [other for other in known if other != code and code.startswith(other)]
        parts[max(prefixes, key=len, default=TOTAL)].append(code)
    return [(whole, tuple(parts[whole])) for whole in sorted(parts)]


def wrong_equations(table: AdditiveTable, counts: np.ndarray) -> list[str]:
    """Return, for each equation that the counts do not meet, its name and both of its sides."""
    sides = table.matrix.multiply(counts).tocsr()
    off = np.asarray(sides.sum(axis=1)).ravel()
    wrong = np.flatnonzero(np.abs(off) > TOLERANCE)
    wholes = -np.asarray(sides.minimum(0).sum(axis=1)).ravel()
    return [f"{table.equations[row]}: {wholes[row]:g} is not {wholes[row] + off[row]:g}" for row in wrong]


def _contexts(cells: Sequence[Cell], number: int) -> list[tuple[Cell, list[str]]]:
    """Return, for one dimension, the codes that stand beside each other while all other dimensions stay the same.

    A code that stands alone is no breakdown.
    """
    found: dict[Cell, list[str]] = defaultdict(list)
    for cell in cells:
        found[cell[:number] + cell[number + 1 :]].append(cell[number])
    return sorted((context, codes) for context, codes in found.items() if len(codes) > 1)


def _matrix(equations: Sequence[tuple[Cell, tuple[Cell, ...]]], positions: dict[Cell, int]) -> sparse.csr_matrix:
    places, values, ends = [], [], [0]
    for whole, parts in equations:
        places += [positions[whole], *(positions[part] for part in parts)]
        values += [-1.0, *([1.0] * len(parts))]
        ends.append(len(places))
    return sparse.csr_matrix((values, places, ends), shape=(len(equations), len(positions)))


def _name(dimensions: Sequence[str], whole: Cell, parts: Sequence[Cell]) -> str:
    """Say an equation: the dimension that adds up, and where (what the other dimensions are)."""
    number = next(place for place, code in enumerate(whole) if code != parts[0][place])
    others = zip(dimensions, whole, strict=True)
    where = ", ".join(f"{name} {code}" for place, (name, code) in enumerate(others) if place != number)
    added = " + ".join(part[number] for part in parts)
    return f"{dimensions[number]}: {whole[number]} = {added}" + (f" (at {where})" if where else "")
