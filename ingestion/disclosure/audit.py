"""The audit: what an attacker can learn of each hidden count. It shares no code with the choice of what is hidden.

The attacker knows every published count, every equation, and that counts are not negative. Two linear programs for each
hidden count, solved by HiGHS, give the least and the greatest value that fit all of this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic

import numpy as np
from scipy import sparse
from scipy.optimize import OptimizeResult, linprog

from ingestion.disclosure.errors import AuditUnfinishedError, WrongTotalsError

TOLERANCE = 1e-6
MIXTURES = 6
SECONDS = 120.0


@dataclass(frozen=True)
class Published:
    """What everybody can see.

    `matrix @ counts == 0` for the true counts (equations x counts); `counts`: NaN where hidden. `equations` names them.
    """

    matrix: sparse.csr_matrix
    counts: np.ndarray
    equations: Sequence[str]


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
            raise WrongTotalsError(f"The published counts contradict each other: {published.equations[int(wrong[0])]}.")
        if not len(places):
            return counts
        counts[places] = np.maximum(found, 0.0)


class _Puzzle:
    """Hidden counts, and what the equations leave for them: `matrix @ hidden == sums`."""

    def __init__(
        self, places: np.ndarray, matrix: sparse.csr_matrix, sums: np.ndarray, names: Sequence[str], end: float
    ) -> None:
        self.places, self.matrix, self.sums, self.names, self.end = places, matrix, sums, names, end
        # The least and the greatest seen in any answer: both are possible.
        self.least = np.full(len(places), np.inf)
        self.greatest = np.full(len(places), -np.inf)
        self.groups = sparse.csgraph.connected_components(matrix.T @ matrix, directed=False)[1]

    def part(self, members: np.ndarray) -> "_Puzzle":
        """Return whole groups of counts, those that know nothing of the others, with what was seen of them."""
        matrix = self.matrix[:, members]
        rows = np.flatnonzero(np.diff(matrix.indptr))
        names = [self.names[int(row)] for row in rows]
        part = _Puzzle(self.places[members], matrix[rows], self.sums[rows], names, self.end)
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
        for look in (*(partial(_Puzzle._look_mixed, mixture=number) for number in range(MIXTURES)), _Puzzle._look_alone):
            open_groups = self.groups[np.logical_or(*self._unseen(low, high, protected))]
            members = np.flatnonzero(np.isin(self.groups, open_groups))
            if len(members):
                part = self.part(members)
                look(part, low[members], high[members], protected[members])
                self.least[members], self.greatest[members] = part.least, part.greatest
        return np.logical_or(*self._unseen(low, high, protected))

    def _look_mixed(self, low: np.ndarray, high: np.ndarray, protected: np.ndarray, *, mixture: int) -> None:
        """Look for many counts at once, some of them low and some high: one answer often serves all of them."""
        too_high, too_low = self._unseen(low, high, protected)
        prefers_low = too_high & (_striped(len(low), mixture) | ~too_low)
        self._look(np.where(prefers_low, 1.0, np.where(too_low, -1.0, 0.0)), low, high)

    def _look_alone(self, low: np.ndarray, high: np.ndarray, protected: np.ndarray) -> None:
        """Look for each count by itself, where it was not seen as low and as high as it must."""
        for group in range(max(self.groups, default=-1) + 1):
            members = np.flatnonzero(self.groups == group)
            part, wanted = self.part(members), (low[members], high[members], protected[members])
            for place in np.flatnonzero(protected[members]):
                for side, sign in enumerate((1.0, -1.0)):
                    if part._unseen(*wanted)[side][place]:
                        part._look(sign * _only(int(place), len(members)), *wanted[:2])
            self.least[members], self.greatest[members] = part.least, part.greatest

    def _unseen(self, low: np.ndarray, high: np.ndarray, protected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return which protected counts were not seen as low, and which not as high, as they must."""
        return protected & (self.least > low + TOLERANCE), protected & (self.greatest < high - TOLERANCE)

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
        return [self.names[int(row)] for row in np.flatnonzero(bent > TOLERANCE)]

    def _look(self, costs: np.ndarray, low: np.ndarray | None = None, high: np.ndarray | None = None) -> None:
        """Find the values that fit and cost least, looking no further than asked for, and remember them."""
        lower = np.zeros(len(costs)) if low is None else np.where(costs > 0, np.maximum(low, 0.0), 0.0)
        upper = np.full(len(costs), np.inf) if high is None else np.where(costs < 0, high, np.inf)
        answer = self._solve(costs, np.column_stack([lower, upper]))
        if answer.status == 2 and low is not None:
            # Not all of them at once, or not even one as far as asked for: ask for the furthest instead.
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
    matrix = published.matrix[:, hidden]
    rows = np.flatnonzero(np.diff(matrix.indptr))
    sums = -(published.matrix[rows] @ np.where(is_hidden, 0.0, counts))
    return _Puzzle(hidden, matrix[rows], sums, [published.equations[int(row)] for row in rows], end)


def _striped(size: int, mixture: int) -> np.ndarray:
    return np.asarray((np.arange(size) >> (mixture // 2)) % 2 == mixture % 2)


def _only(place: int, size: int) -> np.ndarray:
    costs = np.zeros(size)
    costs[place] = 1.0
    return costs
