"""The audit: what an attacker can learn of each hidden count. It shares no code with the choice of what is hidden.

The attacker knows every published count, every equation, and that counts are not negative. Two linear programs for each
hidden count, solved by HiGHS, give the least and the greatest value that fit all of this.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from time import monotonic

import numpy as np
from scipy import sparse
from scipy.optimize import OptimizeResult, linprog

from ingestion.disclosure.errors import AuditUnfinishedError, WrongTotalsError

# Counts that differ by less are the same. What chooses what is hidden has a tolerance of its own.
TOLERANCE = 1e-6
MIXTURES = 6
SECONDS = 120.0


@dataclass(frozen=True)
class Published:
    """What everybody can see.

    `matrix @ counts == 0` for the true counts (equations x counts); `counts`: NaN where hidden; `name`: what the
    equation of this number says.
    """

    matrix: sparse.csr_matrix
    counts: np.ndarray
    name: Callable[[int], str]


def attacker_bounds(published: Published, *, seconds: float = SECONDS) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest possible value of each count; of a published one, itself.

    Errors: `WrongTotalsError` when nothing fits what is published; `AuditUnfinishedError` when the solver does not end.
    """
    counts = _with_what_follows(published)
    lower, upper = counts.copy(), counts.copy()
    puzzle = _puzzle(published, counts, monotonic() + seconds)
    for group in range(max(puzzle.groups, default=-1) + 1):
        part = puzzle.part(np.flatnonzero(puzzle.groups == group))
        lower[part.places], upper[part.places] = part.bounds()
    return lower, upper


def exposed(
    published: Published,
    truth: np.ndarray,
    lower_levels: np.ndarray,
    upper_levels: np.ndarray,
    *,
    protected: np.ndarray,
    seconds: float = SECONDS,
) -> np.ndarray:
    """Return the positions of protected counts whose interval does not contain [truth - lower, truth + upper].

    A protected count that is published, or follows from a single equation, is exposed. Errors: as for
    `attacker_bounds`.
    """
    counts = _with_what_follows(published)
    found = protected & ~np.isnan(counts)
    puzzle = _puzzle(published, counts, monotonic() + seconds)
    places = puzzle.places
    low, high = truth - lower_levels, truth + upper_levels
    found[places] = puzzle.misses(truth[places], low[places], high[places], protected[places])
    return np.flatnonzero(found)


def _with_what_follows(published: Published) -> np.ndarray:
    """Return the counts with all that follow, one after the other, from an equation in which nothing else is hidden.

    Errors: `WrongTotalsError` when published counts, or those that follow, contradict each other.
    """
    counts, matrix = published.counts.copy(), published.matrix
    occurs = abs(matrix).sign()
    while True:
        is_hidden = np.isnan(counts)
        hidden_number = occurs @ is_hidden
        sums = -(matrix @ np.where(is_hidden, 0.0, counts))
        wrong = np.flatnonzero((hidden_number == 0) & (np.abs(sums) > TOLERANCE))
        alone = np.flatnonzero(hidden_number == 1)
        terms = matrix[alone].tocoo()
        is_new = is_hidden[terms.col]
        places, found = terms.col[is_new], sums[alone][terms.row[is_new]] / terms.data[is_new]
        wrong = np.append(wrong, alone[terms.row[is_new]][found < -TOLERANCE])
        if len(wrong):
            raise WrongTotalsError(f"The published counts contradict each other: {published.name(int(wrong[0]))}.")
        if not len(places):
            return counts
        counts[places] = np.maximum(found, 0.0)


class _Puzzle:
    """Hidden counts, and what the equations leave for them: `matrix @ hidden == sums`."""

    def __init__(
        self, published: Published, equations: np.ndarray, places: np.ndarray, sums: np.ndarray, end: float
    ) -> None:
        self.published, self.equations, self.places, self.sums, self.end = published, equations, places, sums, end
        self.matrix = matrix = published.matrix[equations][:, places]
        # The least and the greatest seen in any answer: both are possible.
        self.least = np.full(len(places), np.inf)
        self.greatest = np.full(len(places), -np.inf)
        self.groups = sparse.csgraph.connected_components(matrix.T @ matrix, directed=False)[1]

    def part(self, members: np.ndarray) -> "_Puzzle":
        """Return whole groups of counts, those that know nothing of the others, with what was seen of them."""
        rows = np.flatnonzero(np.diff(self.matrix[:, members].indptr))
        part = _Puzzle(self.published, self.equations[rows], self.places[members], self.sums[rows], self.end)
        part.least, part.greatest = self.least[members], self.greatest[members]
        return part

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the least and the greatest value of each count; infinite where nothing ends it."""
        self.require_consistent()
        size = len(self.places)
        for place in range(size):
            if self.least[place] > TOLERANCE:  # it was seen at zero, which nothing goes below
                self._look(_only(place, size))
            self._look(-_only(place, size))
        return np.maximum(self.least, 0.0), self.greatest

    def misses(self, truth: np.ndarray, low: np.ndarray, high: np.ndarray, protected: np.ndarray) -> np.ndarray:
        """Say of each count whether it is protected and cannot be both as low and as high as it must."""
        if (np.abs(self.matrix @ truth - self.sums) < TOLERANCE).all():
            self._saw(truth)
        else:  # what is published is not what is true
            self.require_consistent()
        cannot = np.zeros((2, len(self.places)), dtype=bool)
        for turn in count():
            unseen = self._unseen(low, high, protected) & ~cannot
            if not unseen.any():
                break
            members = np.flatnonzero(np.isin(self.groups, self.groups[unseen.any(axis=0)]))
            part, alone = self.part(members), turn >= MIXTURES
            wanted = _first_of_each(part.groups, unseen[:, members]) if alone else _mixed(unseen[:, members], turn)
            part._look_as_far_as(low[members], high[members], wanted)
            self.least[members], self.greatest[members] = part.least, part.greatest
            if alone:  # whoever was looked for alone and is unseen still cannot be seen
                cannot[:, members] |= wanted & self._unseen(low, high, protected)[:, members]
        return np.asarray(cannot.any(axis=0))

    def _look_as_far_as(self, low: np.ndarray, high: np.ndarray, wanted: np.ndarray) -> None:
        """Look for counts that are wanted low and for others that are wanted high, no further than they must be."""
        least = np.where(wanted[0], np.clip(low, 0.0, self.least), 0.0)
        greatest = np.where(wanted[1], np.maximum(high, self.greatest), np.inf)
        self._remember(self._solve(wanted[0] * 1.0 - wanted[1], np.column_stack([least, greatest])))

    def _unseen(self, low: np.ndarray, high: np.ndarray, protected: np.ndarray) -> np.ndarray:
        """Return which protected counts were not seen as low (row 0), and which not as high (row 1), as they must."""
        return protected & np.array([self.least > low + TOLERANCE, self.greatest < high - TOLERANCE])

    def require_consistent(self) -> None:
        """Find any answer. Errors: `WrongTotalsError` when there is none."""
        answer = self._solve(np.zeros(len(self.places)), [(0, None)] * len(self.places))
        if answer.status == 2:
            raise WrongTotalsError(f"The published counts contradict each other: {'; '.join(self._culprits())}.")
        self._remember(answer)

    def _culprits(self) -> list[str]:
        """Return the equations that would have to bend, and as little as possible, for anything to fit."""
        rows, size = self.matrix.shape
        bend = sparse.hstack([self.matrix, sparse.eye(rows), -sparse.eye(rows)]).tocsr()
        answer = linprog(np.repeat([0.0, 1.0], [size, 2 * rows]), A_eq=bend, b_eq=self.sums, method="highs")
        bent = answer.x[size : size + rows] + answer.x[size + rows :]
        return [self.published.name(int(row)) for row in self.equations[bent > TOLERANCE]]

    def _look(self, costs: np.ndarray) -> None:
        """Find the values that fit and cost least, and remember them."""
        answer = self._solve(costs, [(0, None)] * len(costs))
        if answer.status in (3, 4):
            self._remember_endless(costs)
        else:
            self._remember(answer)

    def _solve(self, costs: np.ndarray, bounds: object) -> OptimizeResult:
        left = self.end - monotonic()
        if left <= 0:
            raise AuditUnfinishedError("The audit ran out of time; what was not audited is not published.")
        answer = linprog(
            costs, A_eq=self.matrix, b_eq=self.sums, bounds=bounds, method="highs", options={"time_limit": left}
        )
        if answer.status == 1:
            raise AuditUnfinishedError(f"The audit did not end: {answer.message}")
        return answer

    def _remember(self, answer: OptimizeResult) -> None:
        if answer.status != 0:
            raise AuditUnfinishedError(f"The solver failed in the audit: {answer.message}")
        self._saw(answer.x)

    def _saw(self, counts: np.ndarray) -> None:
        self.least = np.minimum(self.least, counts)
        self.greatest = np.maximum(self.greatest, counts)

    def _remember_endless(self, costs: np.ndarray) -> None:
        if np.count_nonzero(costs) != 1 or costs.min() == 0:
            raise AuditUnfinishedError("The solver failed in the audit: a count without end where there is none.")
        self.greatest[np.argmin(costs)] = np.inf


def _puzzle(published: Published, counts: np.ndarray, end: float) -> _Puzzle:
    """Return what stays hidden when everything that follows from single equations is known."""
    is_hidden = np.isnan(counts)
    hidden = np.flatnonzero(is_hidden)
    equations = np.flatnonzero(np.diff(published.matrix[:, hidden].indptr))
    sums = -(published.matrix[equations] @ np.where(is_hidden, 0.0, counts))
    return _Puzzle(published, equations, hidden, sums, end)


def _mixed(unseen: np.ndarray, turn: int) -> np.ndarray:
    """Return who is wanted low and who high, all at once: one answer often serves many."""
    too_high, too_low = unseen
    places = np.arange(unseen.shape[1])
    is_low = too_high & (((places >> (turn // 2)) % 2 == turn % 2) | ~too_low)
    return np.array([is_low, too_low & ~is_low])


def _first_of_each(groups: np.ndarray, unseen: np.ndarray) -> np.ndarray:
    """Return who is wanted low or high: one count of each group, which disturbs no other group's."""
    wanted = np.zeros_like(unseen)
    sides, places = np.nonzero(unseen)
    first = np.unique(groups[places], return_index=True)[1]
    wanted[sides[first], places[first]] = True
    return wanted


def _only(place: int, size: int) -> np.ndarray:
    costs = np.zeros(size)
    costs[place] = 1.0
    return costs
