"""Observations as additive tables: what else of a country's figures must be hidden, block by block.

A block is one (country, indicator, period). Its figures are numerators and denominators by site and stratum; all that
add up are one problem: breakdowns that share their total, crossed breakdowns, sites and all sites together.
Earlier versions of a block stay published, so they belong to the problem too: what was shown stays known, what was
hidden stays hidden, and a figure that did not change is the same figure.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy import sparse

from ingestion.disclosure.additive import TOLERANCE, TOTAL, AdditiveTable, Breakdown, Cell, additive_table
from ingestion.disclosure.errors import UnprotectableError
from ingestion.disclosure.primary import beyond_threshold, is_small
from ingestion.disclosure.protection import Problem, protect

REST = "~"  # begins the name of a part that nobody sent
OLDEST = 200
AGE_CLASS = re.compile(r"Y_LT(?P<below>\d+)|Y_GE(?P<least>\d+)|Y(?P<first>\d+)-(?P<last>\d+)")
# A headline is hidden only where so many figures of its size would have to be hidden instead.
HEADLINE_WEIGHT = 20

Key = tuple[str, int]  # submission_id, source_row


@dataclass(frozen=True)
class Figure:
    """One observation. `cell`: its code in each dimension; counts are NaN where there is none.

    `threshold` is NaN where no person is counted. `is_hidden`: it is hidden for its own sake. `is_headline`: it is the
    total of a site, which everybody reads first.
    """

    key: Key
    cell: Cell
    numerator: float
    denominator: float
    has_complement: bool
    threshold: float
    hides_zero: bool
    is_hidden: bool
    is_headline: bool


@dataclass(frozen=True)
class Codes:
    """The dimensions of observations, and the parent of each of their codes, `Total` at the top."""

    dimensions: tuple[str, ...]
    parents: Mapping[str, Mapping[str, str]]

    def breakdowns(self, number: int, codes: frozenset[str]) -> Iterable[Breakdown]:
        """Return the breakdowns among the codes that stand beside each other, each with a rest that nobody sent."""
        dimension = self.dimensions[number]
        return age_breakdowns(codes) if dimension == "AGE" else _tree(codes, self.parents[dimension])


def age_breakdowns(codes: frozenset[str]) -> list[Breakdown]:
    """Return every age class, and the total, as the sum of the smallest spans that the classes cut each other into.

    What no class spans is part of the total's rest.
    """
    spans = {code: span for code in sorted(codes) if (span := _span(code))}
    cuts = sorted({bound for span in spans.values() for bound in span})
    names = {span: code for code, span in spans.items()}
    atoms = [(names.get(atom, f"{REST}{atom[0]}-{atom[1]}"), atom) for atom in pairwise(cuts)]
    found = []
    for code, (start, end) in spans.items():
        parts = tuple(name for name, (first, last) in atoms if start <= first and last <= end)
        if parts != (code,):
            found.append((code, parts))
    if TOTAL in codes:
        spanned = [name for name, atom in atoms if any(start <= atom[0] < end for start, end in spans.values())]
        found.append((TOTAL, (*spanned, *sorted(codes - {TOTAL, *spans}), REST)))
    return found


def hidden_figures(blocks: Sequence[Sequence[Sequence[Figure]]], codes: Codes) -> set[Key]:
    """Return the keys of all figures that are hidden. `blocks`: the figures of each block's versions, the oldest first.

    All blocks are one problem, because starting the solver takes longer than solving a small one.
    """
    hidden: set[Key] = set()
    for number in range(1, max(map(len, blocks), default=0) + 1):
        hidden |= _choose([versions[:number] for versions in blocks if len(versions) >= number], codes, hidden)
    return hidden


@dataclass
class _Gathered:
    """The counts of blocks in all their versions, and the equations between them, as they are gathered."""

    figures: list[Figure]
    counts: list[float] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    rows: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    # The count of each kind of each figure.
    places: dict[tuple[str, int], int] = field(default_factory=dict)

    def add_count(self, kind: str, owner: int, count: float) -> int:
        """Add a count of a figure, or of nobody's (-1), and return its place."""
        self.counts.append(count)
        self.owners.append(owner)
        if owner >= 0:
            self.places[kind, owner] = len(self.counts) - 1
        return len(self.counts) - 1

    def add_equation(self, places: Sequence[int], signs: Sequence[float]) -> None:
        """Add that these counts, with their signs, add up to nothing."""
        self.rows.append((np.array(places), np.array(signs)))

    def add_tables(self, members: Sequence[int], codes: Codes) -> None:
        """Add one version: the tables of numerators and of denominators, and what ties the two together."""
        tables: dict[tuple[Cell, ...], AdditiveTable] = {}  # mostly the same one for both
        for kind in ("numerator", "denominator"):
            counted = [member for member in members if not np.isnan(getattr(self.figures[member], kind))]
            cells = tuple(self.figures[member].cell for member in counted)
            if cells not in tables:
                tables[cells] = additive_table(codes.dimensions, cells, codes.breakdowns)
            table = tables[cells]
            places = [self.add_count(kind, member, getattr(self.figures[member], kind)) for member in counted]
            places += [self.add_count(kind, -1, np.nan) for _ in table.cells[len(cells) :]]
            for start, end in zip(table.matrix.indptr, table.matrix.indptr[1:], strict=False):
                self.add_equation(
                    [places[column] for column in table.matrix.indices[start:end]], table.matrix.data[start:end]
                )
        for member in members:
            figure = self.figures[member]
            if figure.has_complement and not np.isnan(figure.numerator + figure.denominator):
                complement = self.add_count("complement", member, figure.denominator - figure.numerator)
                whole, part = self.places["denominator", member], self.places["numerator", member]
                self.add_equation([whole, part, complement], [-1.0, 1.0, 1.0])

    def add_versions(self, versions: Sequence[Sequence[Figure]], codes: Codes, same: dict[int, int]) -> range:
        """Add a block and return the places of the figures of its last version.

        `same` receives, for each figure that has the counts of the version before, the place of that one.
        """
        earlier: dict[Cell, int] = {}
        for version in versions:
            places = range(len(self.figures), len(self.figures) + len(version))
            self.figures += version
            self.add_tables(places, codes)
            for place, figure in zip(places, version, strict=True):
                before = earlier.get(figure.cell)
                if before is not None and _counts(self.figures[before]) == _counts(figure):
                    same[place] = before
                    self.tie(before, place)
            earlier = {figure.cell: place for place, figure in zip(places, version, strict=True)}
        return places

    def tie(self, earlier: int, later: int) -> None:
        """Add that a figure is the same in two versions."""
        for kind in ("numerator", "denominator"):
            if (kind, earlier) in self.places and (kind, later) in self.places:
                self.add_equation([self.places[kind, earlier], self.places[kind, later]], [-1.0, 1.0])


def _choose(blocks: Sequence[Sequence[Sequence[Figure]]], codes: Codes, hidden_before: set[Key]) -> set[Key]:
    """Return what is hidden of the last version of each block, when it is known what was hidden of the earlier ones."""
    problem = _Gathered([])
    last: list[int] = []
    same: dict[int, int] = {}
    for versions in blocks:
        last += problem.add_versions(versions, codes, same)
    if not last:
        return set()
    figures = problem.figures
    must_hide = np.array([figure.is_hidden or figure.key in hidden_before for figure in figures])
    must_show = np.ones(len(figures), dtype=bool)
    for number in last:
        was_hidden = number in same and figures[same[number]].key in hidden_before
        must_hide[number] |= was_hidden
        must_show[number] = number in same and not was_hidden
    hidden = _protect(problem, must_hide, must_show & ~must_hide)
    return {figures[number].key for number in last if hidden[number]}


def _protect(block: _Gathered, must_hide: np.ndarray, must_show: np.ndarray) -> np.ndarray:
    problem = _problem(block, must_hide, must_show)
    try:
        return protect(problem)
    except UnprotectableError:
        # What an earlier release shows cannot be taken back; the audit says whether it gives anything away.
        return np.asarray(~must_show)


def _counts(figure: Figure) -> tuple[str, str]:
    return str(figure.numerator), str(figure.denominator)  # text, because NaN is not itself


def _problem(block: _Gathered, must_hide: np.ndarray, must_show: np.ndarray) -> Problem:
    owners = np.array(block.owners)
    counts, rows = _with_rests(np.array(block.counts), block.rows)
    # A breakdown that is complete is known to be: its rest is nobody, and hides nothing.
    is_nobody = (owners < 0) & (counts < TOLERANCE)
    rows = [(places[~is_nobody[places]], signs[~is_nobody[places]]) for places, signs in rows]
    thresholds = np.array([figure.threshold for figure in block.figures])
    threshold = np.where(owners >= 0, thresholds[owners], np.nanmax(thresholds, initial=0.0))
    hides_zero = np.array([figure.hides_zero for figure in block.figures])[owners] & (owners >= 0)
    small = np.where(hides_zero, is_small(counts, threshold, hides_zero=True), is_small(counts, threshold))
    # A mark of the sender protects whatever it stands on.
    marked = np.array([figure.is_hidden for figure in block.figures])
    has_small = np.zeros(len(marked), dtype=bool)
    has_small[owners[small & (owners >= 0)]] = True
    protected = small | ((owners >= 0) & (marked & ~has_small)[owners])
    weight = np.ones(len(block.figures))
    np.maximum.at(weight, owners[owners >= 0], counts[owners >= 0] + 1)
    weight[[figure.is_headline for figure in block.figures]] *= HEADLINE_WEIGHT
    return Problem(
        matrix=_matrix(rows, len(counts)),
        counts=counts,
        figure=owners,
        is_protected=protected,
        levels=beyond_threshold(counts, np.nan_to_num(threshold)),
        weight=weight,
        must_hide=must_hide,
        must_show=must_show,
    )


def _with_rests(
    counts: np.ndarray, rows: list[tuple[np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """Return the counts with the rests that follow from them, and the equations without rests of nobody.

    An equation whose parts are more than their whole says nothing that holds, nor does one whose rest stays unknown.
    """
    counts = counts.copy()
    kept: list[tuple[np.ndarray, np.ndarray]] = []
    waiting = list(rows)
    while waiting:
        left: list[tuple[np.ndarray, np.ndarray]] = []
        for places, signs in waiting:
            unknown = np.isnan(counts[places])
            if unknown.sum() == 1:
                counts[places[unknown]] = -(counts[places[~unknown]] @ signs[~unknown]) / signs[unknown]
            (left if unknown.sum() > 1 else kept).append((places, signs))
        if len(left) == len(waiting):
            break
        waiting = left
    holding = [(places, signs) for places, signs in kept if (counts[places] > -TOLERANCE).all()]
    counts = np.where(np.isnan(counts), 0.0, np.maximum(counts, 0.0))
    return counts, [(places, signs) for places, signs in holding if abs(counts[places] @ signs) < TOLERANCE]


def _matrix(rows: list[tuple[np.ndarray, np.ndarray]], size: int) -> sparse.csr_matrix:
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([places for places, _ in rows]) if rows else np.zeros(0, dtype=int)
    signs = np.concatenate([signs for _, signs in rows]) if rows else np.zeros(0)
    return sparse.csr_matrix((signs, places, ends), shape=(len(rows), size))


def _span(code: str) -> tuple[int, int] | None:
    found = AGE_CLASS.fullmatch(code)
    if found is None:
        return None
    if found["below"]:
        return 0, int(found["below"])
    return (int(found["least"]), OLDEST) if found["least"] else (int(found["first"]), int(found["last"]) + 1)


def _tree(codes: frozenset[str], parents: Mapping[str, str]) -> list[Breakdown]:
    parts: dict[str, list[str]] = defaultdict(list)
    for code in sorted(codes - {TOTAL}):
        parent = parents.get(code, TOTAL)
        while parent not in codes and parent != TOTAL:
            parent = parents.get(parent, TOTAL)
        parts[parent].append(code)
    return [(whole, (*parts[whole], f"{REST}{whole}")) for whole in sorted(parts) if whole in codes]
