"""Choose what else must be hidden so that nobody can compute what is hidden: complementary suppression.

The choice is a whole-number program: hide the figures of the least weight, so that every protected count could as well
be smaller and larger by its protection levels. It is solved by cuts (Fischetti and Salazar-González, Management Science
47 (2001) 1008-1027, https://doi.org/10.1287/mnsc.47.7.1008.10265): begin with what single equations demand, choose,
let an attacker try each protected count, forbid the choice with the attacker's own proof, choose again.
Deterministic: the order of the figures decides between equals, HiGHS runs on one thread and under no time limit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from ingestion.disclosure.errors import UnprotectableError
from ingestion.disclosure.primary import Levels
from ingestion.errors import PcmError

# Where at most so many figures hang together the choice is the best one; beyond, it is at most so much heavier.
EXACT_FIGURES = 400
LARGE_GAP = 0.03
# So often everything is chosen anew; then what is hidden stays, more is added, and the needless is shown again.
FREE_CHOICES = 6
TOLERANCE = 1e-6
BATCHES = 8
OPTIMAL, INFEASIBLE = 0, 2


@dataclass(frozen=True)
class Problem:
    """What is to be protected.

    `matrix`: equations x counts. `counts`: the true ones. `figure`: for each count the figure that it belongs to, which
    is hidden or shown as one; -1 for a count that is never shown. `is_protected`, `levels`: one per count.
    `weight`, `must_hide`, `must_show`: one per figure.
    """

    matrix: sparse.csr_matrix
    counts: np.ndarray
    figure: np.ndarray
    is_protected: np.ndarray
    levels: Levels
    weight: np.ndarray
    must_hide: np.ndarray
    must_show: np.ndarray


def protect(problem: Problem) -> np.ndarray:
    """Return for each figure whether it is hidden: what must be, and the least that protects it.

    Errors: `UnprotectableError` when the figures that must be shown make protection impossible.
    """
    cuts = _Cuts(problem)
    for demand in _demands_of_single_equations(problem):
        cuts.add(*demand)
    for figure, companions in _companions(problem):
        cuts.add_companion(figure, companions)
    gap = 0.0 if _largest_table(problem) <= EXACT_FIGURES else LARGE_GAP
    hidden = problem.must_hide
    for choice in count(1):
        earlier, kept = hidden, problem.must_hide if choice <= FREE_CHOICES else hidden
        hidden = _lightest(problem, cuts, kept=kept, gap=gap)
        found = list(_Attack(problem, hidden).proofs())
        if not found:
            break
        if choice > 1 and np.array_equal(hidden, earlier):
            raise PcmError("The choice of what to hide does not get better: the counts are too large for the solver.")
        for proof in found:
            cuts.add(*proof)
    return hidden if choice <= FREE_CHOICES else _without_the_needless(problem, hidden)


def _without_the_needless(problem: Problem, hidden: np.ndarray) -> np.ndarray:
    """Show again, the heaviest first, what is not needed. Large tables are left as they are: it would take too long."""
    needed = hidden.copy()
    if _largest_table(problem) <= EXACT_FIGURES:
        chosen = np.flatnonzero(hidden & ~problem.must_hide)
        for figure in chosen[np.argsort(-problem.weight[chosen], kind="stable")]:
            needed[figure] = False
            needed[figure] = any(True for _ in _Attack(problem, needed).proofs())
    return needed


@dataclass
class _Cuts:
    """Inequalities that every protecting choice meets: sum of coefficient x hidden >= demand."""

    problem: Problem
    places: list[np.ndarray] = field(default_factory=list)
    values: list[np.ndarray] = field(default_factory=list)
    demands: list[float] = field(default_factory=list)

    def add(self, counts: np.ndarray, coefficients: np.ndarray, demand: float) -> None:
        """Add a cut over counts: those of one figure are one, those never shown always help."""
        figures = self.problem.figure[counts]
        left = demand - coefficients[figures < 0].sum()
        if left <= TOLERANCE:
            return
        places, inverse = np.unique(figures[figures >= 0], return_inverse=True)
        self.places.append(places)
        self.values.append(np.minimum(np.bincount(inverse, coefficients[figures >= 0], len(places)), left))
        self.demands.append(left)

    def add_companion(self, figure: int, companions: np.ndarray) -> None:
        """Add that a figure is hidden only together with one of its companions: alone it would be computed."""
        self.places.append(np.append(companions, figure))
        self.values.append(np.append(np.ones(len(companions)), -1.0))
        self.demands.append(0.0)

    def constraint(self) -> LinearConstraint:
        """Return the cuts as SciPy wants them."""
        ends = np.cumsum([0, *map(len, self.places)])
        parts = (np.concatenate(self.values), np.concatenate(self.places), ends)
        matrix = sparse.csr_matrix(parts, shape=(len(self.demands), len(self.problem.weight)))
        return LinearConstraint(matrix, np.array(self.demands), np.inf)


def _demands_of_single_equations(problem: Problem) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    """Yield what each equation alone demands of the others when a protected count in it moves up or down."""
    matrix = problem.matrix
    for start, end in zip(matrix.indptr, matrix.indptr[1:], strict=False):
        places, signs = matrix.indices[start:end], matrix.data[start:end]
        for number in np.flatnonzero(problem.is_protected[places]):
            count = places[number]
            others = np.delete(places, number)
            for direction, level in ((1, problem.levels.upper[count]), (-1, problem.levels.lower[count])):
                rises = np.delete(signs, number) * signs[number] * direction < 0
                yield others, np.where(rises, level, np.minimum(level, problem.counts[others])), level


def _companions(problem: Problem) -> Iterator[tuple[int, np.ndarray]]:
    """Yield who must be hidden with a figure in each equation: hidden alone it would be computed, thus in vain.

    Only where figures are single counts; one count of several may well be computed while the others are not.
    """
    if np.array_equal(problem.figure, np.arange(len(problem.weight))):
        for start, end in zip(problem.matrix.indptr, problem.matrix.indptr[1:], strict=False):
            places = problem.matrix.indices[start:end]
            for number in np.flatnonzero(~problem.must_hide[places]):
                yield int(places[number]), np.delete(places, number)


def _lightest(problem: Problem, cuts: _Cuts, *, kept: np.ndarray, gap: float) -> np.ndarray:
    """Return the lightest choice that hides what is kept hidden and meets all cuts."""
    if not cuts.demands:
        return kept.copy()
    figures = len(problem.weight)
    chosen = milp(
        problem.weight,
        constraints=cuts.constraint(),
        integrality=np.ones(figures),
        bounds=Bounds(kept.astype(float), np.where(problem.must_show & ~kept, 0.0, 1.0)),
        options={"mip_rel_gap": gap},
    )
    if chosen.status == INFEASIBLE:
        raise UnprotectableError("Nothing that may still be hidden protects what must be hidden.")
    if chosen.status != OPTIMAL:
        raise PcmError(f"The choice of what to hide was not found: {chosen.message}")
    return np.asarray(chosen.x > 0.5)


class _Attack:
    """An attacker who sees what a choice shows; moves of the hidden counts away from the true ones that fit it."""

    def __init__(self, problem: Problem, hidden: np.ndarray) -> None:
        self.problem = problem
        is_hidden = np.where(problem.figure >= 0, hidden[problem.figure], True)
        self.counts = np.flatnonzero(is_hidden)
        touched = problem.matrix[:, self.counts]
        self.equations = np.flatnonzero(np.diff(touched.indptr))
        self.matrix = touched[self.equations]
        self.groups = _groups(self.matrix)
        self.protected = np.flatnonzero(problem.is_protected[self.counts])
        # Still to be shown: that the count could be larger (column 0), smaller (column 1).
        levels = (problem.levels.upper[self.counts], problem.levels.lower[self.counts])
        self.open = np.column_stack([level > TOLERANCE for level in levels])
        self.open[~problem.is_protected[self.counts]] = False
        self.levels = np.column_stack(levels)

    def proofs(self) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
        """Yield for each count that is not protected a cut that this choice does not meet and every good one does."""
        self._try_together()
        while self.open.any():
            yield from self._try_one_of_each_group()

    def _try_together(self) -> None:
        """Move many counts at once, half of them up and half down: one answer often serves all of them."""
        for batch in range(BATCHES):
            left = int(self.open.sum())
            if not left:
                return
            members = self._members_of_open_groups()
            moves = self._moves(self._directions(batch), members)
            if moves.status == OPTIMAL:
                self._tick_off(moves.x, members)
            if batch > 1 and int(self.open.sum()) == left:
                return

    def _members_of_open_groups(self) -> np.ndarray:
        return np.flatnonzero(np.isin(self.groups, self.groups[self.open.any(axis=1)]))

    def _directions(self, batch: int) -> np.ndarray:
        """Return +1 for counts to raise, -1 for those to lower, 0 for the rest; another mixture for each batch."""
        order = np.cumsum(self.open.any(axis=1)) + batch
        wish = np.where((order >> (batch // 2)) % 2 == 0, 1, -1)
        only_one = np.where(self.open[:, 0], 1, -1)
        return np.where(self.open.all(axis=1), wish, only_one) * self.open.any(axis=1)

    def _try_one_of_each_group(self) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
        """Move one count of each group, by itself for all it knows: what it cannot do then it cannot do at all."""
        places, sides = np.nonzero(self.open)
        first = np.unique(self.groups[places], return_index=True)[1]
        directions = np.zeros(len(self.counts), dtype=int)
        directions[places[first]] = np.where(sides[first] == 0, 1, -1)
        members = self._members_of_open_groups()
        moves = self._moves(directions, members)
        if moves.status != OPTIMAL:
            raise PcmError(f"The attack on a hidden count did not end: {moves.message}")
        self._tick_off(moves.x, members)
        prices = np.zeros(len(self.equations))
        prices[self._equations_of(members)] = moves.eqlin.marginals
        for place, side in zip(places[first], sides[first], strict=True):
            if self.open[place, side]:
                self.open[place, side] = False
                yield self._cut(place, directions[place], self.levels[place, side], prices)

    def _equations_of(self, members: np.ndarray) -> np.ndarray:
        return np.flatnonzero(np.diff(self.matrix[:, members].indptr))

    def _moves(self, directions: np.ndarray, group: np.ndarray) -> OptimizeResult:
        """Return the moves within a group of counts that go furthest in the given directions, up to the levels."""
        lower = -self.problem.counts[self.counts[group]]
        upper = np.full(len(group), np.inf)
        wanted = directions[group]
        upper[wanted > 0] = self.levels[group, 0][wanted > 0]
        lower[wanted < 0] = -self.levels[group, 1][wanted < 0]
        matrix = self.matrix[self._equations_of(group)][:, group]
        return linprog(
            -wanted, A_eq=matrix, b_eq=np.zeros(matrix.shape[0]), bounds=np.column_stack([lower, upper]), method="highs"
        )

    def _tick_off(self, moves: np.ndarray, group: np.ndarray) -> None:
        self.open[group, 0] &= moves < self.levels[group, 0] - TOLERANCE
        self.open[group, 1] &= -moves < self.levels[group, 1] - TOLERANCE

    def _cut(
        self, place: int, direction: int, level: float, prices: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, float]:
        """Return the attacker's proof as a cut: by weak duality it holds for every choice, whatever the prices."""
        problem = self.problem
        equations = self._equations_of(np.flatnonzero(self.groups == self.groups[place]))
        reduced = -(problem.matrix[self.equations[equations]].T @ prices[equations])
        own = self.counts[place]
        reduced[own] -= direction
        falls = np.minimum(level, problem.counts * np.maximum(reduced, 0.0))
        coefficients = np.where(reduced < -TOLERANCE, level, np.where(reduced > TOLERANCE, falls, 0.0))
        coefficients[own] = 0.0
        places = np.flatnonzero(coefficients)
        return places, coefficients[places], float(level)


def _largest_table(problem: Problem) -> int:
    """Return how many figures hang together at most, by equations or as counts of one figure."""
    shown = np.flatnonzero(problem.figure >= 0)
    belongs = sparse.csr_matrix(
        (np.ones(len(shown)), (problem.figure[shown], shown)), shape=(len(problem.weight), len(problem.counts))
    )
    groups = _groups(sparse.vstack([problem.matrix, belongs]).tocsr())
    first_count = np.unique(problem.figure[shown], return_index=True)[1]
    return int(np.bincount(groups[shown][first_count]).max(initial=0))


def _groups(matrix: sparse.csr_matrix) -> np.ndarray:
    """Number the counts so that two have the same number when equations tie them together."""
    return np.asarray(sparse.csgraph.connected_components(matrix.T @ matrix, directed=False)[1])
