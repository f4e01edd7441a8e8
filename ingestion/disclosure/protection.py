"""Choose what else must be hidden so that nobody can compute what is hidden: complementary suppression.

The choice is a whole-number program: hide the figures of the least weight, so that every protected count could as well
be smaller and larger by its protection levels. It is solved by cuts (Fischetti and Salazar-González, Management Science
47 (2001) 1008-1027, https://doi.org/10.1287/mnsc.47.7.1008.10265): begin with what single equations demand, choose,
let an attacker try each protected count, forbid the choice with the attacker's own proof, choose again.
Deterministic: the order of the figures decides between equals, HiGHS runs on one thread and under no time limit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from ingestion.disclosure.additive import TOLERANCE
from ingestion.disclosure.errors import UnprotectableError
from ingestion.disclosure.primary import Levels
from ingestion.errors import PcmError

# Where at most so many figures hang together the choice is the best one; beyond, it is at most so much heavier.
EXACT_FIGURES = 400
LARGE_GAP = 0.03
# So often everything is chosen anew; then what is hidden stays, more is added, and the needless is shown again.
FREE_CHOICES = 6
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
    cuts.add(*_demands_of_single_equations(problem))
    cuts.add_companions()
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
        cuts.add(*_as_columns(found))
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


# Terms of cuts: the number of each term's cut, its count and its coefficient; and the demand of each cut.
Cuts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass
class _Cuts:
    """Inequalities that every protecting choice meets: sum of coefficient x hidden >= demand."""

    problem: Problem
    matrices: list[sparse.csr_matrix] = field(default_factory=list)
    demands: list[np.ndarray] = field(default_factory=list)

    def add(self, numbers: np.ndarray, counts: np.ndarray, coefficients: np.ndarray, demands: np.ndarray) -> None:
        """Add cuts over counts: those of one figure are one, those never shown always help."""
        figures = self.problem.figure[counts]
        is_never_shown = figures < 0
        left = demands - np.bincount(numbers[is_never_shown], coefficients[is_never_shown], len(demands))
        terms = coefficients[~is_never_shown], (numbers[~is_never_shown], figures[~is_never_shown])
        is_open = left > TOLERANCE
        matrix = sparse.coo_matrix(terms, shape=(len(demands), len(self.problem.weight))).tocsr()[is_open]
        matrix.data = np.minimum(matrix.data, np.repeat(left[is_open], np.diff(matrix.indptr)))
        self.matrices.append(matrix)
        self.demands.append(left[is_open])

    def add_companions(self) -> None:
        """Add that a figure is hidden only with another one of its equation: alone it would be computed, thus in vain.

        Only where figures are single counts; one count of several may well be computed while the others are not.
        """
        problem, size = self.problem, len(self.problem.weight)
        if np.array_equal(problem.figure, np.arange(size)):
            own = np.flatnonzero(~problem.must_hide[problem.matrix.indices])
            which, term = _beside(problem.matrix, own)
            signs, places = np.where(term == own[which], -1.0, 1.0), problem.matrix.indices[term]
            self.matrices.append(sparse.coo_matrix((signs, (which, places)), shape=(len(own), size)).tocsr())
            self.demands.append(np.zeros(len(own)))

    def constraint(self) -> LinearConstraint:
        """Return the cuts as SciPy wants them."""
        return LinearConstraint(sparse.vstack(self.matrices), np.concatenate(self.demands), np.inf)


def _demands_of_single_equations(problem: Problem) -> Cuts:
    """Return what each equation alone demands of the others when a protected count in it moves up or down."""
    matrix = problem.matrix
    own = np.flatnonzero(problem.is_protected[matrix.indices])
    which, term = _beside(matrix, own)
    is_other = term != own[which]
    which, term = which[is_other], term[is_other]
    others, same_sign = matrix.indices[term], matrix.data[term] * matrix.data[own[which]] > 0
    numbers, counts, coefficients, demands = [], [], [], []
    for side, levels in enumerate((problem.levels.upper, problem.levels.lower)):
        level = levels[matrix.indices[own]]
        rises = same_sign == bool(side)
        numbers.append(2 * which + side)
        counts.append(others)
        coefficients.append(np.where(rises, level[which], np.minimum(level[which], problem.counts[others])))
        demands.append(level)
    terms = np.concatenate(numbers), np.concatenate(counts), np.concatenate(coefficients)
    return *terms, np.column_stack(demands).ravel()


def _beside(matrix: sparse.csr_matrix, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for some terms of a matrix, all terms of the same equation: the number of the former, the latter."""
    sizes = np.diff(matrix.indptr)
    row = np.repeat(np.arange(len(sizes)), sizes)[own]
    which = np.repeat(np.arange(len(own)), sizes[row])
    first = np.cumsum(sizes[row]) - sizes[row]
    return which, np.arange(len(which)) - first[which] + matrix.indptr[row][which]


def _as_columns(proofs: Sequence[tuple[np.ndarray, np.ndarray, float]]) -> Cuts:
    counts, coefficients, demands = zip(*proofs, strict=True)
    numbers = np.repeat(np.arange(len(proofs)), [len(places) for places in counts])
    return numbers, np.concatenate(counts), np.concatenate(coefficients), np.array(demands)


def _lightest(problem: Problem, cuts: _Cuts, *, kept: np.ndarray, gap: float) -> np.ndarray:
    """Return the lightest choice that hides what is kept hidden and meets all cuts."""
    if not sum(map(len, cuts.demands)):
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
